"""The terms somebody would start on: pay, notice, the first day. Stated ones only, in the unit that is asked for."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from workers.hands.candidate import Answer
from workers.hands.controls import Option
from workers.hands.measures import (
    converted,
    counted_in,
    currency_at_home,
    currency_of,
    same_span,
    says_of,
    span,
    span_holds,
    unit_of,
    within_days,
)
from workers.hands.options import real_options
from workers.hands.questions import Question, countries_in
from workers.hands.stated import Known, fit


def salary(known: Known, question: Question) -> Answer | None:
    """State the expectation; never for other pay, another unit of time or currency, or as a yes to a range."""
    if question.binary or says_of("other_pay", question.text):
        return None
    for found in known.about("salary_expectation"):
        said = f"{found.key} {found.value}"
        asked, given = unit_of(question.text), unit_of(said)
        money = currency_of(question.text)
        own = currency_of(said) or currency_at_home(
            next(iter(countries_in(known.who.text("country") + " ")), "")
        )
        if not (asked and asked != (given or "year")) and not (money and money != own):
            return fit(question, found.value, 0.85, f"stated in “{found.key}”")
    return None


def lasting(intent: str) -> Callable[[Known, Question], Answer | None]:
    """State a span of time, as the option that lasts as long or the number of days or weeks asked for."""

    def rule(known: Known, question: Question) -> Answer | None:
        found = next(iter(known.about(intent)), None)
        if found is None or question.binary:
            return None
        reason, length = f"stated in “{found.key}”", span(found.value)
        if not question.options:
            unit = counted_in(question.text)
            text = found.value if not unit else converted(length, unit) if length else ""
            return Answer(text, "qa", 0.85, reason) if text else None
        offered = real_options(question.options)
        same = [o for o in offered if length and (s := span(o.text)) and same_span(s, length)]
        same = same or [o for o in offered if length and span_holds(o.text, length)]
        same = same or _soonest(offered, length)
        if len(same) == 1:
            return Answer(same[0].text, "qa", 0.85, reason, also=(found.value,))
        return fit(question, found.value, 0.85, reason)

    return rule


def _soonest(offered: Iterable[Option], length: tuple[float, str] | None) -> list[Option]:
    """Return the option with the shortest time that is long enough: of “within 15 days” and “within 30 days”."""
    within = [(float(within_days(o.text)), o) for o in offered if within_days(o.text)]
    days = converted(length, "day") if length else ""
    enough = sorted((n for n in within if days and n[0] >= float(days)), key=lambda n: n[0])
    return [o for _, o in enough[:1]]


def start(known: Known, question: Question) -> Answer | None:
    """State when somebody could start, or else how long their notice is."""
    return lasting("start_date")(known, question) or lasting("notice_period")(known, question)
