"""Languages: which one a question is about, and how well the candidate states to speak it."""

from __future__ import annotations

import re
from functools import cache

from workers.hands.text import fold
from workers.hands.vocabulary import table


@cache
def _whole_words(name: str) -> re.Pattern[str]:
    return re.compile(rf"\b(?:{'|'.join(table('_languages')[name])})\b")


def languages_in(text: str) -> set[str]:
    """Return the languages that the text names, by their English names."""
    folded = fold(text)
    return {
        name
        for name, *ways in table("_languages")["names"]
        if re.search(rf"\b(?:{'|'.join(ways)})\b", folded)
    }


def asks_of_speaking(text: str) -> bool:
    """Tell whether the text asks how well somebody speaks a language that it names."""
    folded = fold(text)
    named = languages_in(text) and not _whole_words("particulars").search(folded)
    return bool(named and (_whole_words("asking").search(folded) or " " not in folded))


def level_stated(key: str, value: str, language: str) -> str:
    """Return how well a stored answer says the language is spoken, or nothing when it does not say.

    Guarantees: of “English (native), German (B2)”, each language only gets its own part.
    """
    if languages_in(value):
        pieces = [p for p in re.split(r"[,;/\n]|\band\b", value) if languages_in(p) == {language}]
        own = pieces[0] if len(pieces) == 1 else ""
        names = next(ways for name, *ways in table("_languages")["names"] if name == language)
        return re.sub(rf"\b(?:{'|'.join(names)})\b", "", fold(own)).strip()
    return value if languages_in(key) == {language} else ""


def fluent(level: str) -> bool:
    """Tell whether a level is that of somebody who speaks without effort."""
    return bool(_whole_words("fluent").search(fold(level)))


def speaks(level: str) -> bool:
    """Tell whether a level is enough to hold a conversation."""
    return fluent(level) or bool(_whole_words("speaking").search(fold(level)))
