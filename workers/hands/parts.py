"""Values that a form splits over several controls: extensions, units of an address, parts of a date."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping
from functools import partial

from workers.hands.candidate import Answer
from workers.hands.controls import Control
from workers.hands.dates import parse, parse_span, part_asked
from workers.hands.measures import amounts, begins_with, unit_of
from workers.hands.options import is_country
from workers.hands.pay import pay_part
from workers.hands.phones import dial_code, extension
from workers.hands.text import fold
from workers.hands.times import time_part
from workers.hands.vocabulary import ongoing, said

UNIT = re.compile(
    r",?\s*\b((?:apt|apartment|suite|ste|unit|flat|floor|fl|room|rm|whg|bldg|#)\b\.?\s*[\w-]+.*|#\s*\w+)$",
    re.I,
)


def street_and_unit(address: str) -> tuple[str, str]:
    """Return the street and the flat, suite or unit of an address written in one line."""
    found = UNIT.search(address)
    return (address[: found.start()].strip(" ,"), found[1].strip()) if found else (address, "")


UNITS = frozenset(
    {
        "years",
        "months",
        "weeks",
        "days",
        "jahre",
        "monate",
        "ans",
        "mois",
        "anos",
        "meses",
        "jaren",
        "maanden",
        "anni",
        "mesi",
    }
)
SPAN = re.compile(r"(\d+)\s*([^\W\d]+)")


def surname(control: Control, names: str) -> str:
    """Return which of somebody's two surnames the control asks for; all of them where it asks for no single one."""
    asked = fold(control.label or control.near)
    first, *rest = names.split()
    if said("fields", "second_surname").search(asked):
        return rest[-1] if rest else ""
    if said("fields", "first_surname").search(asked) and rest:
        return " ".join([first, *rest[:-1]])
    return names


def _own(control: Control) -> str:
    return fold(control.label or control.placeholder or control.near)


def asks_end(control: Control) -> bool:
    """Tell whether the control asks for one end of a span, by a few words that say no more than which."""
    own = _own(control)
    return len(own.split()) <= 3 and (begins_with("lowest", own) or begins_with("highest", own))


def stated_part(control: Control, text: str) -> str:
    """Return what of a value the control takes that stands in the value's group: a bound, a currency, a time's part."""
    own = _own(control)
    return (
        _bound(control, parse_span(text) or _amounts_between(text))
        or pay_part(control, text)
        or time_part(control, text)
        or next((n for n, word in SPAN.findall(text) if own in UNITS and unit_of(word) == unit_of(own)), "")
    )


def _bound(control: Control, ends: tuple[str, str] | None) -> str:
    if not ends or not asks_end(control):
        return ""
    return ends[0] if begins_with("lowest", _own(control)) else ends[1]


def _amounts_between(text: str) -> tuple[str, str] | None:
    numbers = amounts(text)
    if len(numbers) != 2 or numbers[0] > numbers[1]:
        return None
    return f"{numbers[0]:.10g}", f"{numbers[1]:.10g}"


# Which ends of a period the box that says “until now” is about.
ENDS = {
    "work_current": {"work_end_date", "to_date"},
    "edu_current": {"edu_end_date", "to_date"},
}


def place_part(label: str, place: str) -> str:
    """Return the city, state or country of a place that is written from the inside out, where it says that."""
    inner, *outer = [part.strip() for part in place.split(",") if part.strip()] or [""]
    land = outer.pop() if outer and (len(outer) > 1 or is_country(outer[-1])) else ""
    said_so = {
        "city": inner if outer or land else "",
        "state": outer[0] if len(outer) == 1 else "",
        "country": land,
    }
    return said_so[label]


def share(control: Control, text: str) -> str:
    """Return the characters of a value that belong in this box of a row, where the value falls into just such parts."""
    if not control.room or part_asked(control) or parse(text):
        return ""
    code = dial_code(text)
    parts: list[str] = re.findall(r"[^\W_]+", text.strip().removeprefix(code))
    if len(parts) == 1 and len(parts[0]) == sum(control.room):
        start = sum(control.room[: control.place])
        return parts[0][start : start + control.room[control.place]]
    fits = [len(part) for part in parts] == list(control.room)
    return parts[control.place] if fits else ""


def name_part(label: str, name: str, asked: Collection[str]) -> str:
    """Return the first, middle or last of somebody's names, or nothing where it cannot be told which they are."""
    first, *rest = name.split()
    # “van der Berg” is one surname, however many words it has.
    begin = next((i for i, word in enumerate(rest) if word[0].islower()), len(rest) - 1)
    middle, last = " ".join(rest[:begin]), " ".join(rest[begin:])
    if not last or re.search(r"[.,]", first) or "," in name or (middle and "middle_name" not in asked):
        return ""
    return {"first_name": first, "middle_name": middle, "last_name": last}[label]


NAMES = frozenset({"first_name", "middle_name", "last_name"})
# What a control of the second label takes of a value of the first.
SPLITS: Mapping[tuple[str, str], Callable[[str], str]] = {
    ("phone", "phone_extension"): extension,
    ("phone", "phone_country_code"): dial_code,
    ("address_line1", "address_line2"): lambda address: street_and_unit(address)[1],
    **{("location", label): partial(place_part, label) for label in ("city", "state", "country")},
}


def part_for(
    control: Control, label: str, whole: Answer, whole_label: str, asked: Collection[str] = ()
) -> Answer | None:
    """Return the part of a value that the control asks for when another control takes the rest, or None.

    `asked` are the labels of all that the page asks for.
    """
    if split := SPLITS.get((whole_label, label)):
        text = split(whole.text)
    elif whole_label == "full_name" and label in NAMES:
        text = name_part(label, whole.text, asked)
    else:
        text = _part_by_words(control, label, whole.text, whole_label)
    return Answer(text, whole.source, whole.confidence, f"part of {whole_label}") if text else None


def _part_by_words(control: Control, label: str, whole: str, whole_label: str) -> str:
    """Return the part that the control's own words ask for."""
    if part_asked(control) and parse(whole):
        return whole
    if label in ENDS and ongoing(whole):
        return "Yes" if whole_label in ENDS[label] else ""
    return "" if whole_label in {"phone", "address_line1"} else stated_part(control, whole)
