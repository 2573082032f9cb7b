"""The terms somebody would start on: pay, notice, the first day. Stated ones only, in the unit that is asked for."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from workers.hands.candidate import Answer
from workers.hands.controls import Option
from workers.hands.measures import (
    about_days,
    amounts,
    converted,
    counted_in,
    currency_at_home,
    currency_of,
    longest,
    no_longer,
    same_span,
    says_of,
    shorter,
    span,
    span_holds,
    unit_of,
)
from workers.hands.options import exactly, real_options
from workers.hands.questions import Question, countries_in
from workers.hands.stated import Known, fit, yes_no


def salary(known: Known, question: Question) -> Answer | None:
    """State the expectation; never for other pay, another unit of time or currency."""
    if says_of("other_pay", question.text):
        return None
    for found in known.about("salary_expectation"):
        said = f"{found.key} {found.value}"
        asked, given = unit_of(question.text), unit_of(said)
        money = currency_of(question.text)
        own = currency_of(said) or currency_at_home(
            next(iter(countries_in(known.who.text("country") + " ")), "")
        )
        if not (asked and asked != (given or "year")) and not (money and money != own):
            reason = f"stated in “{found.key}”"
            return (
                _in_range(question, found.value, reason)
                if question.binary
                else fit(question, found.value, 0.85, reason)
            )
    return None


def _in_range(question: Question, expected: str, reason: str) -> Answer | None:
    """Say yes to a range of pay that holds what is expected; what lies outside of it is for people to talk about."""
    offered, wanted = amounts(question.text), amounts(expected)
    if (
        len(offered) != 2
        or len(wanted) != 1
        or question.asked.negated
        or not says_of("in_range", question.text)
    ):
        return None
    return yes_no(question, True, 0.8, reason) if offered[0] <= wanted[0] <= offered[1] else None


def lasting(intent: str) -> Callable[[Known, Question], Answer | None]:
    """State a span of time, as the option that lasts as long or the number of days or weeks asked for."""

    def rule(known: Known, question: Question) -> Answer | None:
        found = next(iter(known.about(intent)), None)
        if found is None or question.binary:
            return None
        reason, length, unit = f"stated in “{found.key}”", span(found.value), counted_in(question.text)
        if not question.options:
            text = found.value if not unit else converted(length, unit) if length else ""
            return Answer(text, "qa", 0.85, reason) if text else None
        offered = [o for o in real_options(question.options) if not (length and _just_misses(o.text, length))]
        counted = exactly(offered, converted(length, unit)) if length and unit else None
        same = [counted] if counted else []
        same = same or [o for o in offered if length and (s := span(o.text)) and same_span(s, length)]
        same = same or [o for o in offered if length and span_holds(o.text, length)]
        same = same or _soonest(offered, length)
        if len(same) == 1:
            return Answer(same[0].text, "qa", 0.85, reason, also=(found.value,))
        return fit(Question(question.text, tuple(offered)), found.value, 0.85, reason) if offered else None

    return rule


def _just_misses(text: str, length: tuple[float, str]) -> bool:
    """Tell whether an option says less or more than the very span: “less than 2 weeks” is not two weeks."""
    named = span(text)
    return bool(named) and (shorter(text) or says_of("beyond", text)) and same_span(named or length, length)


def _soonest(offered: Iterable[Option], length: tuple[float, str] | None) -> list[Option]:
    """Return the option with the shortest time that is long enough: of “within 15 days” and “within 30 days”."""
    within = [(most, o) for o in offered if (most := longest(o.text))]
    enough = [(about_days(most), o) for most, o in within if length and no_longer(length, most)]
    return [o for _, o in sorted(enough, key=lambda found: found[0])[:1]]


def start(known: Known, question: Question) -> Answer | None:
    """State when somebody could start, or else how long their notice is."""
    if question.binary:
        return _soon_enough(known, question)
    return lasting("start_date")(known, question) or lasting("notice_period")(known, question)


def _soon_enough(known: Known, question: Question) -> Answer | None:
    """Answer whether the time that somebody needs is within the one asked about, or longer, where that is certain."""
    asked = span(question.asked.text)
    stated = next(
        (s for intent in ("start_date", "notice_period") for s in known.about(intent) if span(s.value)), None
    )
    mine = span(stated.value) if stated else None
    if not (asked and mine and stated) or question.asked.negated or not no_longer(mine, asked):
        return None
    longer, within = says_of("beyond", question.asked.text), says_of("within", question.asked.text)
    return yes_no(question, within, 0.85, f"stated in “{stated.key}”") if longer != within else None
