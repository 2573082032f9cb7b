"""Answer screening questions from what was stated, and from nothing else; silence when unsure.

A stored answer is found by what it is about, not by its wording. Years, salary and legal questions have no default.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property

from workers.hands.candidate import Answer, Candidate
from workers.hands.controls import Option
from workers.hands.options import choose, decline, says
from workers.hands.questions import EEO, Question, countries_in, level_of, matches_any, states_in
from workers.hands.text import fold
from workers.hands.vocabulary import labels, table


@dataclass(frozen=True)
class Stored:
    """One answer that the caller gave, with what it is about."""

    key: str
    value: str
    source: str = "qa"

    @cached_property
    def question(self) -> Question:
        """Return the stored key, read like a question."""
        return Question(self.key)

    @cached_property
    def yes(self) -> bool | None:
        """Return True for yes, False for no, None when the value says neither."""
        if says(self.value, "yes"):
            return True
        return False if says(self.value, "no") else None


class Answers:
    """Everything that was stated about one candidate, ready to be asked."""

    def __init__(self, who: Candidate) -> None:
        self.who = who
        self.stored = [Stored(k, v) for k, v in who.answers.items()] + list(_from_profile(who))

    def find(self, text: str, options: Iterable[Option] = (), label: str = "") -> Answer | None:
        """Return the answer to a question, one of the options when there are any, or None when unsure."""
        question = Question(text, tuple(options))
        return self._same_question(question) or self._by_meaning(question, label)

    def _same_question(self, question: Question) -> Answer | None:
        for stored in self.stored:
            if stored.question.folded == question.folded or _alike(stored.question, question):
                return fit(question, stored.value, 0.97, f"answered as “{stored.key}”")
        return None

    def _by_meaning(self, question: Question, label: str) -> Answer | None:
        if question.trap:
            return None
        if {"located_in", "relocate"} <= set(question.intents):
            return self._here_or_willing(question)
        for intent in self._order(question, label):
            rule = RULES.get(intent)
            found = rule(self, question) if rule else None
            if found or intent in DECISIVE:
                return found
        return None

    def _order(self, question: Question, label: str) -> list[str]:
        intents = [*question.intents, *([label] if label not in question.intents else [])]
        if "citizenship" in intents and question.asks_status and not question.binary:
            intents.sort(key=lambda intent: intent != "citizenship")
        return intents

    def _here_or_willing(self, question: Question) -> Answer | None:
        """Answer “do you live there, or would you move”: willingness decides, unless the person lives there."""
        moves = RULES["relocate"](self, question)
        return moves if moves and says(moves.text, "yes") else None

    def about(self, intent: str) -> Iterable[Stored]:
        """Yield the stored answers whose own question is mainly about the intent."""
        return (s for s in self.stored if s.question.intents[:1] == (intent,) or s.key == intent)


# What was asked is then settled: a question about years never falls through to a weaker reading.
DECISIVE = labels("decisive")


def _from_profile(who: Candidate) -> Iterable[Stored]:
    for key in ("work_authorization", "salary_expectation", "notice_period", "start_date", *sorted(EEO)):
        if text := who.text(key):
            yield Stored(
                key.replace("_", " ") if key != "work_authorization" else "work_authorization",
                text,
                "profile",
            )


def _alike(stored: Question, asked: Question) -> bool:
    """Tell whether two wordings ask the same: nearly all words in common and the same way round."""
    a, b = set(stored.folded.split()), set(asked.folded.split())
    return (
        len(a & b) >= 0.8 * len(a | b) and stored.negated == asked.negated and stored.subject == asked.subject
    )


def fit(question: Question, value: str, confidence: float, reason: str, source: str = "qa") -> Answer | None:
    """Return the value as an answer: the option that says it, or the value itself where there are no options."""
    if not question.options:
        return Answer(value, source, confidence, reason)
    option = choose(question.options, [value])
    if option is None and matches_any_decline(value):
        option = decline(question.options)
    return Answer(option.text, source, confidence, reason, also=(value,)) if option else None


def matches_any_decline(value: str) -> bool:
    """Tell whether the value asks to decline."""
    return says(value, "decline")


def _yes_no(question: Question, yes: bool, confidence: float, reason: str) -> Answer | None:
    return fit(question, "Yes" if yes else "No", confidence, reason)


def _agreeable(intent: str) -> Callable[[Answers, Question], Answer | None]:
    def rule(answers: Answers, question: Question) -> Answer | None:
        for stored in answers.about(intent):
            if stored.yes is None or not question.binary:
                return fit(question, stored.value, 0.8, f"stated in “{stored.key}”")
            turned = question.negated != stored.question.negated and intent not in {"c2c", "w2"}
            return None if turned else _yes_no(question, stored.yes, 0.9, f"stated in “{stored.key}”")
        return None

    return rule


def _stated(intent: str) -> Callable[[Answers, Question], Answer | None]:
    def rule(answers: Answers, question: Question) -> Answer | None:
        if question.binary:
            return None
        found = next(iter(answers.about(intent)), None)
        return fit(question, found.value, 0.85, f"stated in “{found.key}”") if found else None

    return rule


def _salary(answers: Answers, question: Question) -> Answer | None:
    """State the expectation; never for the present salary, for another unit of time or as a yes to a range."""
    found = next(iter(answers.about("salary_expectation")), None)
    if (
        found is None
        or question.binary
        or re.search(r"\b(bonus|current|present|last|previous)\b", question.folded)
    ):
        return None
    asked, given = _unit(question.folded), _unit(f"{found.question.folded} {fold(found.value)}")
    if asked and asked != (given or "year"):
        return None
    return fit(question, found.value, 0.85, f"stated in “{found.key}”")


def _unit(folded: str) -> str:
    for unit, pattern in (("hour", r"\bhour\w*|\bhr\b"), ("day", r"\bda(y|ily)\b"), ("month", r"\bmonth\w*")):
        if re.search(pattern, folded):
            return unit
    return "year" if re.search(r"\byear\w*|\bannual\w*|\bannum\b", folded) else ""


def _authorization(answers: Answers, question: Question) -> Answer | None:
    yes, country, reason = answers_authorized(answers)
    asked = countries_in(question.text)
    if yes is None or (asked and country and country not in asked) or not question.binary:
        return None
    if re.search(r"\bwithout\b", question.folded):
        needs = needs_sponsorship(answers)
        if needs is None:
            return None
        yes = yes and not needs
    elif question.negated:
        return None
    return _yes_no(question, yes, 0.92, reason)


def answers_authorized(answers: Answers) -> tuple[bool | None, str, str]:
    """Return whether the candidate may work, in which country, and where that is stated."""
    for stored in answers.about("work_authorization"):
        country = next(iter(countries_in(f"{stored.key} {stored.value}")), answers.who.text("country"))
        if stored.yes is not None and not stored.question.negated:
            return stored.yes, country, f"stated in “{stored.key}”"
        if _is_resident(stored.value) or re.search(r"^(fully )?authori[sz]ed\b", fold(stored.value)):
            return True, country, f"stated in “{stored.key}”"
    return None, "", ""


def needs_sponsorship(answers: Answers) -> bool | None:
    """Return whether the candidate needs a visa sponsor, as far as it is stated."""
    for stored in answers.about("sponsorship"):
        if stored.yes is not None and not stored.question.negated:
            return stored.yes
    for stored in answers.stored:
        if (
            set(stored.question.intents[:2]) & {"work_authorization", "citizenship"}
            or stored.key == "work_authorization"
        ):
            if _is_resident(stored.value) or re.search(r"(without|no|not).{0,20}sponsor", fold(stored.value)):
                return False
            if re.search(r"(require|need)s? .{0,15}sponsor", fold(stored.value)):
                return True
    return None


def _is_resident(value: str) -> bool:
    return bool(re.search(r"\bcitizen\b|permanent resident|green card", fold(value))) and not says(
        value, "no"
    )


def _sponsorship(answers: Answers, question: Question) -> Answer | None:
    needs, country = needs_sponsorship(answers), answers_authorized(answers)[1]
    asked = countries_in(question.text)
    if needs is None or question.negated or (asked and country and country not in asked):
        return None
    if question.options and not question.binary:
        return None
    return _yes_no(question, needs, 0.9, "stated about sponsorship")


def _citizenship(answers: Answers, question: Question) -> Answer | None:
    mine = next((s for s in answers.stored if Question(s.value).named("statuses")), None)
    asked = question.named("statuses")
    if mine is None or question.negated:
        return None
    if question.binary:
        own = Question(mine.value).named("statuses")
        return _yes_no(question, bool(own & asked), 0.9, f"stated in “{mine.key}”") if asked else None
    if not question.asks_status:
        return None
    return fit(question, mine.value, 0.85, f"stated in “{mine.key}”")


def _located(answers: Answers, question: Question) -> Answer | None:
    """Compare the place asked about with where the candidate lives; unknown towns in the own state stay unsaid."""
    home_state, home_country = answers.who.text("state"), answers.who.text("country")
    zones = [z for z in table("_places")["time_zones"] if f"{z.lower()} time" in question.folded]
    if question.negated or not question.binary or not (home_state and home_country):
        return None
    mine = next(iter(states_in(f"{home_state}, {home_state}")), home_state)
    if zones:
        return _yes_no(question, mine in table("_places")["time_zones"][zones[0]], 0.85, "profile: state")
    states = states_in(question.text)
    if states and mine not in states:
        return _yes_no(question, False, 0.85, "profile: state")
    countries = countries_in(question.text)
    if states or not countries:
        return None
    return _yes_no(question, bool(countries & countries_in(home_country + " ")), 0.9, "profile: country")


def _work_mode(answers: Answers, question: Question) -> Answer | None:
    for stored in answers.about("work_mode"):
        if stored.yes is None:
            return fit(question, stored.value, 0.8, f"stated in “{stored.key}”")
        asked, covered = question.named("modes"), stored.question.named("modes")
        if stored.yes and question.binary and asked <= covered and not question.negated:
            return _yes_no(question, True, 0.85, f"stated in “{stored.key}”")
    return None


def _education(answers: Answers, question: Question) -> Answer | None:
    found = next(iter(answers.about("education_level")), None)
    degree = (
        found.value
        if found
        else next((a.text for r in range(10) if (a := answers.who.value("degree", r))), "")
    )
    mine = level_of(degree) if degree else None
    if not degree or question.negated:
        return None
    if not question.binary:
        return fit(question, degree, 0.85, "the highest degree stated")
    if mine is None or question.level is None:
        return None
    return _yes_no(question, mine >= question.level, 0.85, "the highest degree stated")


def _subject(intent: str) -> Callable[[Answers, Question], Answer | None]:
    """Answer about a skill or certificate only what was stated about exactly that."""

    def rule(answers: Answers, question: Question) -> Answer | None:
        for stored in answers.about(intent):
            if stored.question.subject == question.subject and stored.question.negated == question.negated:
                return fit(question, stored.value, 0.9, f"stated in “{stored.key}”")
        return None

    return rule


def _language(answers: Answers, question: Question) -> Answer | None:
    asked = {x for x in table("_screening")["languages"] if x in question.folded.split()}
    for stored in answers.about("language"):
        if asked and not asked <= set(fold(f"{stored.key} {stored.value}").split()):
            continue
        if not question.binary:
            return fit(question, stored.value, 0.8, f"stated in “{stored.key}”")
        if asked and (matches_any("fluent", stored.value) or stored.yes):
            return _yes_no(question, True, 0.8, f"stated in “{stored.key}”")
    return None


def _equal_opportunity(intent: str) -> Callable[[Answers, Question], Answer | None]:
    """Give what was given; decline where the page offers it and nothing was."""

    def rule(answers: Answers, question: Question) -> Answer | None:
        for stored in answers.about(intent):
            return fit(question, stored.value, 0.9, f"stated in “{stored.key}”", stored.source)
        option = decline(question.options)
        return Answer(option.text, "rule", 0.8, "nothing given: declined") if option else None

    return rule


def _consent(answers: Answers, question: Question) -> Answer | None:
    for stored in answers.about("consent"):
        return fit(question, stored.value, 0.85, f"stated in “{stored.key}”")
    return None


def _start(answers: Answers, question: Question) -> Answer | None:
    return _stated("start_date")(answers, question) or _stated("notice_period")(answers, question)


RULES: Mapping[str, Callable[[Answers, Question], Answer | None]] = {
    **{intent: _agreeable(intent) for intent in labels("agreeable")},
    **{intent: _stated(intent) for intent in labels("stated")},
    **{
        intent: _subject(intent)
        for intent in ("skill_years", "skill_has", "certification", "years_of_experience")
    },
    **{intent: _equal_opportunity(intent) for intent in EEO},
    "salary_expectation": _salary,
    "start_date": _start,
    "work_authorization": _authorization,
    "sponsorship": _sponsorship,
    "citizenship": _citizenship,
    "located_in": _located,
    "work_mode": _work_mode,
    "education_level": _education,
    "language": _language,
    "consent": _consent,
}
