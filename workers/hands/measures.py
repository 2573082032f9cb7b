"""Numbers that stand in questions and answers: spans of time, pay, shares, ages, years asked for."""

from __future__ import annotations

import re
from functools import cache

from workers.hands.text import fold
from workers.hands.vocabulary import table

RANGE = re.compile(r"(\d+)\s*(?:-|\u2013|to|bis|a|à|tot)\s*(\d+)\s*(\w+)")
# “In less than a month”
ONE = re.compile(r"\ban? (?=(?:day|week|month)\b)")
NUMBER = r"(\d+(?:[.,]\d+)?)"
AMOUNT = re.compile(
    r"(\d{1,3}(?:[.,'\u00a0\u202f ]\d{3})+(?![\d])(?:[.,]\d{1,2})?|\d+(?:[.,]\d+)?)\s*(k\b|t€|tsd\b)?"
)


@cache
def _any_of(part: str, name: str) -> re.Pattern[str]:
    return re.compile(rf"\b(?:{'|'.join(table('_measures')[part][name])})(?=\W|$)")


def says_of(name: str, text: str) -> bool:
    """Tell whether the text says something of the named list (`other_pay`, `at_once`, `minimum`)."""
    return bool(_any_of("said", name).search(fold(text)))


def begins_with(name: str, text: str) -> bool:
    """Tell whether the text begins with something of the named list."""
    return bool(_any_of("said", name).match(fold(text)))


def unit_of(text: str) -> str:
    """Return hour, day, week, month or year: the shortest unit of time that the text names, or nothing."""
    return next(
        (unit for unit in table("_measures")["units"] if _any_of("units", unit).search(fold(text))), ""
    )


def currency_of(text: str) -> str:
    """Return the currency that the text names, such as `eur`, or nothing when it names none or several."""
    low = text.lower()
    found = [
        c for c, ways in table("_measures")["currencies"].items() if any(re.search(w, low) for w in ways)
    ]
    # A dollar sign with a letter before it is also a plain dollar sign.
    named = [c for c in found if c != "usd"] or found
    return named[0] if len(named) == 1 else ""


def currency_at_home(country: str) -> str:
    """Return the currency of a country, or nothing."""
    return next((c for c, where in table("_measures")["at_home"].items() if country in where), "")


def span(text: str) -> tuple[float, str] | None:
    """Return a single span of time, such as (2, "week"); nothing at all is (0, "day")."""
    folded = ONE.sub("1 ", fold(text))
    words = table("_measures")["numbers"]
    found = re.findall(rf"\b(?:{NUMBER}|({'|'.join(words)})) (\w+)", folded)
    spans = [(float((n or str(words.get(w))).replace(",", ".")), unit_of(u)) for n, w, u in found]
    named = {s for s in spans if s[1]}
    if not named and says_of("at_once", folded):
        return (0.0, "day")
    return named.pop() if len(named) == 1 else None


def in_figures(text: str) -> str:
    """Return the text, folded, with the numbers that it says in words as figures, and units in the singular."""
    figures = table("_measures")["numbers"]
    return " ".join(unit_of(w) or str(figures.get(w, w)) for w in fold(text).split())


def same_span(one: tuple[float, str], other: tuple[float, str]) -> bool:
    """Tell whether two spans are equally long; months are not counted in days."""
    return one == other or (one[0] == other[0] == 0) or _in_days(one) == _in_days(other) != None  # noqa: E711


def no_longer(one: tuple[float, str], other: tuple[float, str]) -> bool:
    """Tell whether a span certainly lasts no longer than another, however long their months are."""
    longest, shortest = {"day": 1, "week": 7, "month": 31}, {"day": 1, "week": 7, "month": 28}
    if one[1] not in longest or other[1] not in shortest:
        return False
    return one[0] * longest[one[1]] <= other[0] * shortest[other[1]]


def span_holds(text: str, length: tuple[float, str]) -> bool:
    """Tell whether a range of time such as “16-30 days” or “1 to 2 weeks” holds the span, counted in its own unit."""
    found = RANGE.search(text.lower())
    if not found:
        return False
    lasts = converted(length, unit_of(found[3]))
    return bool(lasts) and int(found[1]) <= int(lasts) <= int(found[2])


def longest(text: str) -> tuple[float, str] | None:
    """Return the span that an option says something lasts at most (“within 2 weeks”, “15 days or less”), or None."""
    told = any(says_of(name, text) for name in ("within", "up_to", "below"))
    return span(text) if told and not RANGE.search(text.lower()) else None


def shorter(text: str) -> bool:
    """Tell whether the option says that it is less than the span that it names."""
    return says_of("below", text) and not says_of("up_to", text)


def about_days(length: tuple[float, str]) -> float:
    """Return about how many days a span lasts, to compare it with others of its kind."""
    return length[0] * {"day": 1, "week": 7, "month": 30, "year": 365}.get(length[1], 0)


def _in_days(length: tuple[float, str]) -> float | None:
    days = {"day": 1, "week": 7}.get(length[1])
    return length[0] * days if days else None


def counted_in(text: str) -> str:
    """Return the unit in which a question wants a bare number (“in days”, “(weeks)”, “how many months”)."""
    found = re.search(
        r"\((?:in )?(\w+)\)"
        r"|\b(?:in|number of|many|anzahl|viele|(?:combien|nombre) de|[cq]uantos|quanti|hoeveel) (\w+)\b",
        " ".join(text.lower().split()),
    )
    return unit_of(found[1] or found[2]) if found else ""


def converted(length: tuple[float, str], unit: str) -> str:
    """Return how many of the unit the span lasts, as a whole number, or nothing when that is not exact."""
    if length[1] == unit or not length[0]:
        value: float | None = length[0]
    else:
        days, each = _in_days(length), {"day": 1, "week": 7}.get(unit)
        value = days / each if days is not None and each else None
    return str(int(value)) if value is not None and value == int(value) else ""


def amounts(text: str) -> list[float]:
    """Return the numbers that the text names, however its thousands are grouped: 65.000, 48 000, 9,500.50, 45-55k."""
    found = [(_plain(n), bool(k)) for n, k in AMOUNT.findall(text.lower())]
    thousands = bool(found) and found[-1][1]
    return [n * 1000 if k or (thousands and n < 1000) else n for n, k in found]


def _plain(number: str) -> float:
    grouped = re.fullmatch(r"(\d{1,3}(?:([.,'\s])\d{3})(?:\2\d{3})*)(?:[.,](\d{1,2}))?", number)
    if grouped:
        return float(re.sub(r"\D", "", grouped[1]) + "." + (grouped[3] or "0"))
    return float(number.replace(",", "."))


def names_sum(text: str) -> bool:
    """Tell whether the text names a sum of money: $55/hr, 110k, 60.000 EUR."""
    return bool(re.search(r"\d\s*k\b|\d\s*/\s*(h|hr|hour)\b|[$€£₹]\s*\d|\d\s*[$€£₹]", text.lower())) or (
        bool(currency_of(text)) and bool(amounts(text))
    )


def share_of(text: str) -> int | None:
    """Return the largest percentage that the text names, or None."""
    found = [int(n) for n in re.findall(r"(\d{1,3}) ?(?:%|percent|prozent)", text.lower())]
    return max(found, default=None)


def years_at_least(text: str) -> tuple[float, bool] | None:
    """Return how many years a question wants, and whether more than that; None when it names no single number."""
    numbers = {float(n) for n in re.findall(r"\d+(?:\.\d+)?", text)}
    if len(numbers) != 1 or not re.search(r"\b(year|yr|jahr|an|annee|ano|anno|anni|jaar)", fold(text)):
        return None
    return numbers.pop(), bool(
        re.search(r"\b(more than|over|mehr als|plus de|mas de|mais de|meer dan|piu di)\b", fold(text))
    )


def ages(text: str) -> list[int]:
    """Return the ages that a question names."""
    return [int(n) for n in re.findall(r"\b(1[4-9]|2[0-9])\b", text)]


def holds(text: str, value: float) -> bool:
    """Tell whether an option such as “3-5 years”, “10+” or “less than 1” holds the number."""
    low, numbers = fold(text), amounts(text)
    if not numbers or len(numbers) > 2:
        return False
    if len(numbers) == 2:
        return numbers[0] <= value <= numbers[1]
    if "<" in text or says_of("below", low):
        return value < numbers[0] or (says_of("up_to", low) and value == numbers[0])
    if ">" in text or "+" in text or says_of("above", low):
        return value > numbers[0] or (value == numbers[0] and not (">" in text or says_of("beyond", low)))
    return value == numbers[0]


def short_of(text: str, want: str) -> bool:
    """Tell whether an option names the wanted number as one that it does not reach: “Less than 1 month”."""
    numbers = amounts(want)
    if len(numbers) != 1 or len(amounts(text)) != 1 or _bounded(want):
        return False
    return _bounded(text) and not holds(text, numbers[0])


def _bounded(text: str) -> bool:
    return any(says_of(side, text) for side in ("below", "above"))
