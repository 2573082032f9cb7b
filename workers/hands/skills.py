"""What somebody knows and how well: years of it, certificates, languages, ratings of a skill."""

from __future__ import annotations

import re
from collections.abc import Callable

from workers.hands.candidate import Answer
from workers.hands.languages import fluent, languages_in, level_stated, speaks
from workers.hands.measures import says_of, years_at_least
from workers.hands.questions import Question
from workers.hands.stated import Known, Stored, fit, restated, yes_no
from workers.hands.subjects import certificates, same_scale, subjects, topics


def of_subject(intent: str) -> Callable[[Known, Question], Answer | None]:
    """Answer about a skill or certificate only what was stated about exactly that."""

    def rule(known: Known, question: Question) -> Answer | None:
        for stored in _of_subjects(known, intent):
            same = stored.question.subject == question.subject or (
                _compared(stored.question, intent) & _compared(question, intent)
            )
            if same and stored.question.negated == question.negated:
                return fit(question, stored.value, 0.9, f"stated in “{stored.key}”")
        return _enough_years(known, question, intent)

    return rule


def _compared(question: Question, intent: str) -> set[frozenset[str]]:
    """Return the subjects; of a certificate without the words that only say that somebody holds one."""
    found = subjects(question)
    return certificates(found) if intent == "certification" else found


def _of_subjects(known: Known, intent: str) -> list[Stored]:
    """Return what was stated of that kind; years of something are also those that are called years of experience."""
    stated = list(known.about(intent))
    if intent == "skill_years":
        stated += [s for s in known.about("years_of_experience") if subjects(s.question)]
    return stated


def _enough_years(known: Known, question: Question, intent: str) -> Answer | None:
    """Answer whether the years that were stated for the same subject are as many as the question wants."""
    if question.negated or intent == "certification" or not (question.binary or question.options):
        return None
    wanted = years_at_least(question.text) or (None if intent != "skill_has" else (0.0, True))
    kind = "years_of_experience" if intent == "years_of_experience" else "skill_years"
    for stored in _of_subjects(known, kind):
        same = stored.question.subject == question.topic or topics(question) & subjects(stored.question)
        years = re.fullmatch(r"(\d+(?:\.\d+)?)\s*(\+|years?|yrs?)?", stored.value.strip().lower())
        if years and not question.binary and same:
            return fit(question, stored.value, 0.85, f"years stated in “{stored.key}”")
        if wanted and years and same:
            enough = float(years[1]) > wanted[0] or (float(years[1]) == wanted[0] and not wanted[1])
            return yes_no(question, enough, 0.85, f"years stated in “{stored.key}”")
    return None


def language(known: Known, question: Question) -> Answer | None:
    """Tell how well the one language asked about is spoken, or whether that is well enough."""
    asked = languages_in(question.text)
    lesser = question.binary and says_of("below", question.text)
    if len(asked) > 1 or question.negated or lesser:
        return None
    if not asked:
        return restated(known, question, "language")
    language = asked.pop()
    for stored in known.about("language"):
        level = level_stated(stored.key, stored.value, language)
        if not level:
            continue
        reason = f"stated in “{stored.key}”"
        if not question.binary:
            return fit(question, level if question.options else stored.value, 0.8, reason)
        enough = fluent(level) if fluent(question.text) else speaks(level) or level.casefold() == "yes"
        return yes_no(question, True, 0.8, reason) if enough else None
    return None


def skill_level(known: Known, question: Question) -> Answer | None:
    """Tell how well somebody knows what was rated by itself before, on the same scale where numbers make it."""
    if question.binary or question.negated:
        return None
    asked = subjects(question, rated=True)
    for stored in known.about("skill_level"):
        if asked & subjects(stored.question, rated=True) and same_scale(stored, question):
            return fit(question, stored.value, 0.85, f"stated in “{stored.key}”")
    return None
