"""Values that a form splits over several controls: extensions, units of an address, rates of pay, parts of a date."""

from __future__ import annotations

import re

from workers.hands.candidate import Answer
from workers.hands.controls import Control
from workers.hands.dates import parse, part_asked
from workers.hands.options import real_options
from workers.hands.phones import dial_code, extension
from workers.hands.text import fold

UNIT = re.compile(
    r",?\s*\b((?:apt|apartment|suite|ste|unit|flat|floor|fl|room|rm|whg|bldg|#)\b\.?\s*[\w-]+.*|#\s*\w+)$",
    re.I,
)
RATE = re.compile(
    r"\b(?:per|an?|each|/)\s*(hour|day|week|month|year|annum)\b|\b(hourly|daily|weekly|monthly|yearly|annually|annual)\b",
    re.I,
)
RATES = {"hourly": "hour", "daily": "day", "weekly": "week", "monthly": "month", "annum": "year"}


def street_and_unit(address: str) -> tuple[str, str]:
    """Return the street and the flat, suite or unit of an address written in one line."""
    found = UNIT.search(address)
    return (address[: found.start()].strip(" ,"), found[1].strip()) if found else (address, "")


def rate_of(text: str) -> str:
    """Return hour, day, week, month or year when the text states a rate, else nothing."""
    found = RATE.search(text)
    word = (found[1] or found[2]).lower() if found else ""
    return RATES.get(word, "year" if word.startswith(("year", "annual")) else word)


def asks_rate(control: Control) -> bool:
    """Tell whether the control's options are rates of pay."""
    offered = real_options(control.options)
    return len(offered) >= 2 and all(
        rate_of(o.text) or fold(o.text) in {"hour", "day", "week", "month", "year"} for o in offered
    )


def part_for(control: Control, label: str, whole: Answer, whole_label: str) -> Answer | None:
    """Return the part of a value that the control asks for when another control takes the rest, or None."""
    text = ""
    if (whole_label, label) == ("phone", "phone_extension"):
        text = extension(whole.text)
    elif (whole_label, label) == ("phone", "phone_country_code"):
        text = dial_code(whole.text)
    elif (whole_label, label) == ("address_line1", "address_line2"):
        text = street_and_unit(whole.text)[1]
    elif whole_label == "salary_expectation" and asks_rate(control):
        text = f"per {rate}" if (rate := rate_of(whole.text)) else ""
    elif part_asked(control) and parse(whole.text):
        text = whole.text
    return Answer(text, whole.source, whole.confidence, f"part of {whole_label}") if text else None
