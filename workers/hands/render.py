"""A stated value, written the way one control wants it."""

from __future__ import annotations

import re

from workers.hands.candidate import Answer
from workers.hands.controls import Control
from workers.hands.dates import format_asked, option_names, parse, spell
from workers.hands.measures import amounts
from workers.hands.options import spellings, usual_name
from workers.hands.phones import lost_sign, written
from workers.hands.text import fold
from workers.hands.times import native
from workers.hands.vocabulary import labels

DATE_LABELS = labels("date")
MONEY = re.compile(r"^[^\d-]{0,4}(\d[\d,. ]*?)\s*([kK])?\s*(?:[^\d]*)$")
# Pay that is counted in thousands: “K€”, “in thousands”.
THOUSANDS = re.compile(
    r"\bk ?(?:€|\$|£|eur\b|usd\b|gbp\b|chf\b)|[€$£] ?k\b"
    r"|\b(?:in|en|em) (?:thousands?|tausend|milliers|miles|milhares|duizenden|migliaia)\b",
    re.IGNORECASE,
)
SCHEME = re.compile(r"^(https?://)?(www\.)?", re.IGNORECASE)
# The beginning of a web address, as it is painted before a field that takes the rest.
ADDRESS = re.compile(r"[\w-]+(\.[\w-]+)+/([\w-]+/)*@?")
NUMBER = re.compile(r"[^\w\s]?\s?\d[\d,]*(\.\d+)?\s?[k%]?", re.IGNORECASE)


def renderings(label: str, answer: Answer, control: Control) -> list[str]:
    """Return the texts to try in a text field, likeliest first; empty when the value does not fit the field."""
    text = answer.text.strip()
    if control.type in {"time", "datetime-local"}:
        return native(text, control.type)
    if control.type in {"date", "month", "week"} or label in DATE_LABELS or format_asked(control):
        day = parse(text)
        if day:
            return spell(day, control)
        if control.type in {"date", "month", "week"}:
            return []
    if control.type == "tel" or label == "phone":
        return written(text, control)
    if (
        control.type == "number"
        or control.inputmode in {"numeric", "decimal"}
        or label == "salary_expectation"
    ):
        return _numbers(text, control)
    years = plain_number(text) if label in {"years_of_experience", "skill_years"} else ""
    rest = _after_address(text, control)
    return _fitting([*([rest] if rest else []), text, *answer.also, *([years] if years else [])], control)


def _after_address(text: str, control: Control) -> str:
    """Return what of a web address follows the beginning of it that is painted before the field, or nothing."""
    for painted in (control.near, control.help):
        begin = SCHEME.sub("", painted.strip().lower())
        rest = SCHEME.sub("", text)
        if ADDRESS.fullmatch(begin) and rest.lower().startswith(begin):
            return rest[len(begin) :].strip("/")
    return ""


def plain_number(text: str) -> str:
    """Return the digits that a text such as `$120k per year` or `15 %` states, or nothing when it states two."""
    # A single digit with three decimals, and nothing else, is a mark: nobody earns 3.125.
    found = [float(text)] if re.fullmatch(r"\d\.\d{3}", text.strip()) else amounts(text)
    if len(found) != 1:
        return ""
    value = found[0]
    if value == int(value):
        return str(int(value))
    # Cents are written as they were stated.
    return text.strip() if re.fullmatch(r"\d+\.\d\d", text.strip()) else str(value)


def _numbers(text: str, control: Control) -> list[str]:
    number = plain_number(text)
    if number and THOUSANDS.search(
        f"{control.question} {control.help} {control.placeholder} {control.invalid}"
    ):
        return [f"{float(number) / 1000:g}" if float(number) >= 1000 else number]
    if control.type == "number" or control.inputmode in {"numeric", "decimal"}:
        return [number] if number else []
    return _fitting(
        [number, text] if number and not re.search(r"[a-z]{3,}", text, re.I) else [text, number], control
    )


def _fitting(texts: list[str], control: Control) -> list[str]:
    return [t for t in dict.fromkeys(texts) if t and (not control.maxlength or len(t) <= control.maxlength)]


def option_texts(label: str, answer: Answer, control: Control) -> list[str]:
    """Return the texts an option may carry for the value, likeliest first."""
    texts = [answer.text.strip(), *answer.also]
    day = parse(answer.text)
    if day and (
        label in DATE_LABELS
        or "date" in fold(control.question).split()
        or re.match(r"\d{4}-\d\d", answer.text)
    ):
        texts += option_names(day, control)
    if control.kind == "text":
        return texts
    number = (
        plain_number(answer.text)
        if label in {"salary_expectation", "years_of_experience", "skill_years"}
        else ""
    )
    return [*texts, *([number] if number else [])]


def search_terms(texts: list[str]) -> list[str]:
    """Return what to type into a search box to make the wanted option appear: in full first, then shorter."""
    terms: list[str] = []
    for text in texts:
        names = spellings(text) - {fold(text)}
        usual = [usual_name(text)] if fold(usual_name(text)) in names else []
        # What begins a longer name finds that one as well.
        short = [n for n in names if not any(n.startswith(f"{m} ") for m in names if len(m) > 4)]
        short = [n for n in short if n not in map(fold, usual)]
        others = [*usual, *sorted(short, key=len, reverse=True)][:4]
        terms += [text, text.split(",")[0], *others]
    head = texts[0].split(",")[0] if texts else ""
    terms += [head.split()[0] if len(head.split()) > 1 else "", head[:4] if len(head) > 5 else ""]
    return [t for t in dict.fromkeys(t.strip() for t in terms) if len(t) > 1]


def same_text(wanted: str, painted: str) -> bool:
    """Tell whether what is painted says the wanted text, however the field's mask wrote it."""
    if lost_sign(wanted, painted):
        return False
    if fold(wanted) == fold(painted):
        return bool(painted.strip())
    number = plain_number(wanted) if NUMBER.fullmatch(wanted.strip()) else ""
    if number:
        return float(number) in _amounts(painted)
    left, right = (re.sub(r"\W", "", fold(text)) for text in (wanted, painted))
    return bool(left) and left == right


def _amounts(painted: str) -> set[float]:
    """Return the only number painted, without its currency and grouping, as either side of the Channel reads it."""
    continental = re.search(r"(?<![\d.,])\d{1,3}(?:[. ]\d{3})+(?:,\d{1,2})?(?![\d.,])", painted)
    other = continental and continental[0].replace(".", "").replace(" ", "").replace(",", ".")
    return {n for n in (_amount(painted), float(other) if other else None) if n is not None}


def _amount(painted: str) -> float | None:
    plain = re.sub(r"(?<=\d)[,\s()-](?=\d)", "", painted)
    found = re.findall(r"\d+(?:\.\d+)?", re.sub(r"\D*\)\s*", "", plain) if "(" in painted else plain)
    return float(found[0]) if len(found) == 1 else None
