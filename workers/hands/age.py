"""How old somebody is, as far as it was stated: at least so old, and younger than no age up to that."""

from __future__ import annotations

from workers.hands.candidate import Answer
from workers.hands.measures import ages, says_of
from workers.hands.options import real_options
from workers.hands.questions import Question
from workers.hands.stated import Known, yes_no


def of_age(known: Known, question: Question) -> Answer | None:
    """Answer about an age up to the one stated; “are you under 18” turns it round."""
    if question.options and not question.binary:
        return age_group(known, question)
    if question.says("minors"):
        return None
    asked = ages(question.text) or [18]
    for stored in known.about("over_18"):
        if stored.yes is None or not question.binary or max(asked) > max(ages(stored.key) or [18]):
            continue
        under = says_of("younger", question.text)
        if under and max(asked) != max(ages(stored.key) or [18]):
            continue
        return (
            None
            if question.negated
            else yes_no(question, stored.yes != under, 0.9, f"stated in “{stored.key}”")
        )
    return None


def age_group(known: Known, question: Question) -> Answer | None:
    """Choose “18 or older” where no option draws a line above the age that was stated."""
    offered = real_options(question.options)
    older = [o for o in offered if says_of("above", o.text)]
    for stored in known.about("over_18"):
        lines = {age for option in offered for age in ages(option.text)}
        if stored.yes and len(older) == 1 and lines and max(lines) <= max(ages(stored.key) or [18]):
            return Answer(older[0].text, stored.source, 0.85, f"stated in “{stored.key}”")
    return None
