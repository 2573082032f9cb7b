"""Dates as people state them and as fields want them."""

from __future__ import annotations

import re
from dataclasses import dataclass

from workers.hands.controls import Control
from workers.hands.text import fold
from workers.hands.vocabulary import table

MONTHS = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)
# Two letters tell most months of the six languages apart; the rest is told by the first three.
MONTH_STARTS = (
    ("jan", "ene", "gen"), ("feb", "fev", "fev"), ("mar", "maa", "mrz"), ("apr", "avr", "abr"),
    ("may", "mai", "mei", "mag"), ("jun", "jui", "giu"), ("jul", "lug", "juil"), ("aug", "aou", "ago"),
    ("sep", "set"), ("oct", "okt", "out", "ott"), ("nov",), ("dec", "dez", "dic"),
)  # fmt: skip


YEAR = re.compile(r"\b(?:19|20)\d{2}\b")


@dataclass(frozen=True, slots=True)
class Day:
    """A date of which only the year is certain; nothing is added that was not stated."""

    year: int
    month: int | None = None
    day: int | None = None

    @property
    def month_name(self) -> str:
        """Return the English name of the month, or nothing."""
        return MONTHS[self.month - 1] if self.month else ""


def parse(text: str) -> Day | None:
    """Return the date that the text states: ISO, `May 2024`, `05/2024`, `05/20/2024`, `20.05.2024`, `2024`."""
    plain = text.strip()
    if match := re.fullmatch(r"(\d{4})-(\d{1,2})(?:-(\d{1,2}))?(?:T.*)?", plain):
        return _valid(int(match[1]), int(match[2]), int(match[3]) if match[3] else None)
    if match := re.fullmatch(r"(19|20)\d{2}", plain):
        return Day(int(plain))
    if match := re.fullmatch(r"(\d{1,2})[/-](\d{4})", plain):
        return _valid(int(match[2]), int(match[1]), None)
    if match := re.fullmatch(r"(\d{1,2})([/.-])(\d{1,2})\2(\d{4})", plain):
        first, second = int(match[1]), int(match[3])
        month, day = (second, first) if match[2] == "." or first > 12 else (first, second)
        return _valid(int(match[4]), month, day)
    return _worded(plain)


def parse_span(text: str) -> tuple[str, str] | None:
    """Return the two dates that the text states a span by (`June 2019 - March 2023`), as they stand in it."""
    ends = re.split(
        rf"\s+(?:-|{'|'.join(table('_measures')['between'])})\s+|\s*[\u2013\u2014]\s*", text.strip()
    )
    return (ends[0], ends[1]) if len(ends) == 2 and all(map(parse, ends)) else None


def _worded(text: str) -> Day | None:
    if len(YEAR.findall(text)) > 1:
        return None
    year = YEAR.search(text)
    month = next((m for w in fold(text).split() if (m := month_number(w))), None)
    if not year or not month:
        return None
    rest = YEAR.sub(" ", text)
    day = re.search(r"\b(\d{1,2})(st|nd|rd|th|\.)?\b", rest)
    return _valid(int(year[0]), month, int(day[1]) if day else None)


def _valid(year: int, month: int, day: int | None) -> Day | None:
    ok = 1900 <= year <= 2100 and 1 <= month <= 12 and (day is None or 1 <= day <= 31)
    return Day(year, month, day) if ok else None


def rewritten(stated: str, painted: str) -> bool:
    """Tell whether the page has written the stated date anew, with its month in words."""
    day = parse(stated)
    return bool(day and any(month_number(w) for w in fold(painted).split()) and parse(painted) == day)


def month_number(word: str) -> int | None:
    """Return 1-12 for a month's name in one of the known languages."""
    folded = fold(word)
    if len(folded) < 3 or not folded.isalpha():
        return None
    if folded.startswith("juil"):
        return 7
    return next((i for i, starts in enumerate(MONTH_STARTS, 1) if folded.startswith(starts)), None)


def spell(day: Day, control: Control) -> list[str]:
    """Return how the control may want the date written, likeliest first; empty when a needed part is unknown."""
    if control.type in {"date", "month", "week"}:
        return _native(day, control.type)
    part = part_asked(control)
    if part:
        return _part(day, part)
    wanted = format_asked(control)
    if wanted:
        text = _formatted(day, wanted)
        return [text] if text else []
    return _free(day)


def _native(day: Day, kind: str) -> list[str]:
    if kind == "month":
        return [f"{day.year:04}-{day.month:02}"] if day.month else []
    return [f"{day.year:04}-{day.month:02}-{day.day:02}"] if day.month and day.day and kind == "date" else []


MONTH = frozenset({"month", "monat", "mois", "mes", "maand", "mese"})
# “End date month” is the month of a date; “pay per month” is none.
NAMES_DATE = re.compile(
    r"\b(date|start|end|from|to|until|birth|graduation|datum|fecha|data|debut|fin|fim|inicio|inizio|fine)\b"
)


def part_asked(control: Control) -> str:
    """Return year, month or day when the control takes only that part of a date, else nothing."""
    named = fold(
        f"{control.label or control.near} {control.placeholder} {control.html_id} {control.name} {control.help}"
    )
    if _all_months(control):
        return "month"
    if _all_years(control):
        return "year"
    if _all_days(control):
        return "day"
    own = fold(control.placeholder) or fold(control.label) or fold(control.title)
    if own in {"mm", *MONTH} or (own.split()[-1:] and own.split()[-1] in MONTH and NAMES_DATE.search(own)):
        return "month"
    if own in {"yyyy", "yy", "year", "jahr", "annee", "ano", "jaar", "anno", "jjjj", "aaaa"}:
        return "year"
    if own in {"dd", "day", "tag", "jour", "dia", "dag", "giorno"}:
        return "day"
    both = {"month", "year"} <= set(named.split())
    return "year" if re.search(r"\byear\b", named) and not both and "mm" not in named.split() else ""


def _all_months(control: Control) -> bool:
    named = [o for o in control.options if month_number(o.text)]
    return len(named) >= 12 and len(control.options) <= 14


def _all_years(control: Control) -> bool:
    years = [o for o in control.options if re.fullmatch(r"(19|20)\d\d", o.text.strip())]
    return len(years) >= 3 and len(years) >= len(control.options) - 2


def _all_days(control: Control) -> bool:
    days = [int(o.text) for o in control.options if re.fullmatch(r"\d\d?", o.text.strip())]
    return days[-31:] == list(range(1, 32)) and len(control.options) <= 33


def _part(day: Day, part: str) -> list[str]:
    if part == "year":
        return [str(day.year)]
    if part == "day":
        return [f"{day.day:02}", str(day.day)] if day.day else []
    return [f"{day.month:02}", str(day.month), day.month_name] if day.month else []


def format_asked(control: Control) -> str:
    """Return how the control says it wants dates written, or nothing."""
    for text in (control.placeholder, control.label, control.near, control.help, control.title):
        found = re.search(
            r"((?:d{1,2}|m{1,4}|month|mon|y{2,4}|j{4}|jj|a{4}|tt|gg)\s?[-/. ,]+\s?)+"
            r"(?:d{1,2}|m{1,4}|y{2,4}|j{4}|a{4})",
            text,
            re.I,
        )
        if found:
            return found[0]
    return ""


def _formatted(day: Day, wanted: str) -> str:
    missing = False

    def put(match: re.Match[str]) -> str:
        nonlocal missing
        part = match[0].lower()
        if part in {"month", "mmmm"}:
            value = day.month_name
        elif part == "mon":
            value = day.month_name[:3]
        elif part[0] == "m":
            value = (
                f"{day.month:02}"
                if day.month and len(part) == 2
                else (day.month_name[:3] if len(part) == 3 else str(day.month or ""))
            )
        elif part[0] in "dtg" or part == "jj":
            value = f"{day.day:02}" if day.day and len(part) == 2 else str(day.day or "")
        else:
            value = str(day.year)[-2:] if part == "yy" else str(day.year)
        missing = missing or not value
        return value

    text = re.sub(r"\bmonth\b|\bmon\b|d{1,2}|m{1,4}|y{2,4}|j{1,4}|a{4}|tt|gg", put, wanted, flags=re.I)
    return "" if missing else text


def _free(day: Day) -> list[str]:
    if day.month and day.day:
        return [f"{day.month:02}/{day.day:02}/{day.year}", f"{day.year}-{day.month:02}-{day.day:02}"]
    return [f"{day.month_name} {day.year}", f"{day.month:02}/{day.year}"] if day.month else [str(day.year)]


def option_names(day: Day, control: Control) -> list[str]:
    """Return how an option of the control may name the date or the part of it that is asked for."""
    names = _part(day, part_asked(control)) if part_asked(control) else _free(day)
    if part_asked(control) == "month":
        names = [day.month_name, *names]
    if day.month:
        names += [
            f"Q{(day.month + 2) // 3} {day.year}",
            f"{day.month_name} {day.year}",
            f"{day.month_name[:3]} {day.year}",
        ]
    return [*names, str(day.year)]
