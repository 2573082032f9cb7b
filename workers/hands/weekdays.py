"""Days of the week in a stated answer: listed, or from one to another."""

from __future__ import annotations

import re
from functools import cache

from workers.hands.options import spellings
from workers.hands.text import fold
from workers.hands.vocabulary import table

DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
DASH = re.compile(r"\s*[-\u2013](?!feira)\s*")


def weekdays(text: str) -> list[str]:
    """Return the days that the text lists, in English, or none where it says anything more: “except”, “mornings”."""
    said = table("_measures")["weekdays"]
    words = _named().sub(
        lambda found: f"#{_numbers()[found[0]]}", fold(DASH.sub(f" {said['through'][0]} ", text))
    )
    words = re.sub(rf"#(\d) (?:{'|'.join(said['through'])}) #(\d)", _between, words)
    rest = [w for w in words.split() if w not in said["beside"]]
    return [DAYS[int(w[1])] for w in rest] if all(re.fullmatch(r"#\d", w) for w in rest) else []


def _between(found: re.Match[str]) -> str:
    first, last = int(found[1]), int(found[2])
    return " ".join(f"#{day}" for day in range(first, last + 1)) or found[0]


@cache
def _numbers() -> dict[str, int]:
    return {name: number for number, day in enumerate(DAYS) for name in spellings(day)}


@cache
def _named() -> re.Pattern[str]:
    names = sorted(_numbers(), key=len, reverse=True)
    return re.compile(rf"\b(?:{'|'.join(map(re.escape, names))})\b")
