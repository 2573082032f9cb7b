"""The marks by which forms tell what they require, as “Name *” or “Telefon (Pflichtfeld)”."""

from __future__ import annotations

import re
from functools import cache

from workers.hands.vocabulary import table

STAR = "[*\u2731\uff0a]"


def marked(text: str) -> bool:
    """Tell whether a control's own words mark it as required."""
    return bool(_required(STAR).search(text))


def marked_at_end(text: str) -> bool:
    """Tell whether words end in a mark or hold one in brackets; stars further in them may mean anything."""
    return bool(_required(f"{STAR}$").search(text.rstrip()))


def unmarked(text: str) -> str:
    """Return the words without what marks them as required or optional."""
    return _marks().sub(" ", text)


@cache
def _required(star: str) -> re.Pattern[str]:
    return re.compile(f"{star}|{_bracketed('required')}", re.IGNORECASE)


@cache
def _marks() -> re.Pattern[str]:
    return re.compile(f"{STAR}|{_bracketed('required', 'optional')}", re.IGNORECASE)


def _bracketed(*marks: str) -> str:
    said = (word for mark in marks for word in table("_pages")["marks"][mark])
    return rf"\((?:{'|'.join(said)})\)"
