"""Times of day as people state them, whole and in parts."""

from __future__ import annotations

import re
from dataclasses import dataclass

from workers.hands.controls import Control
from workers.hands.dates import parse
from workers.hands.options import real_options
from workers.hands.text import fold

CLOCK = re.compile(r"\b(\d{1,2})[:.h](\d{2})(?::\d{2})?\s*(?:([ap])\.?m\b\.?)?", re.IGNORECASE)
HOURS = frozenset({"hour", "hours", "hh", "h", "stunde", "heure", "heures", "hora", "uur", "ora"})
MINUTES = frozenset(
    {"minute", "minutes", "min", "mm", "m", "minuten", "minuto", "minutos", "minuut", "minuti"}
)


@dataclass(frozen=True, slots=True)
class Time:
    """A time of day, the hours counted from midnight."""

    hour: int
    minute: int

    def __str__(self) -> str:
        return f"{self.hour:02}:{self.minute:02}"


def time_of(text: str) -> Time | None:
    """Return the time of day that the text names: `14:30`, `2:30 PM`, `2027-02-03T14:30`."""
    found = CLOCK.search(text.replace("T", " "))
    if not found:
        return None
    hour, minute = int(found[1]), int(found[2])
    if found[3]:
        hour = hour % 12 + (12 if found[3].lower() == "p" else 0)
    return Time(hour, minute) if hour < 24 and minute < 60 else None


def native(text: str, kind: str) -> list[str]:
    """Return the time, or day and time, as browsers' own fields of the kind keep it; empty when a part is missing."""
    time = time_of(text)
    if time is None or kind == "time":
        return [str(time)] if time else []
    day = parse(CLOCK.sub("", text.replace("T", " ")).strip(" ,"))
    return [f"{day.year:04}-{day.month:02}-{day.day:02}T{time}"] if day and day.month and day.day else []


def time_part(control: Control, text: str) -> str:
    """Return the hour, the minutes or the half of the day, where the control takes only that part of a time."""
    time, names = time_of(text), [fold(o.text) for o in real_options(control.options)]
    own = fold(control.label or control.placeholder or control.title or control.near)
    if time is None:
        return ""
    if set(names) == {"am", "pm"}:
        return "PM" if time.hour >= 12 else "AM"
    if own in MINUTES:
        return f"{time.minute:02}"
    if own not in HOURS:
        return ""
    by_halves = bool(names) and not {"0", "00", "13"} & set(names)
    return str((time.hour - 1) % 12 + 1 if by_halves else time.hour)
