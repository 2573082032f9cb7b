"""Answer screening questions from what was stated, and from nothing else; silence when unsure.

A stored answer is found by what it is about, not by its wording. Years, salary and legal questions have no default.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from functools import partial

from workers.hands.age import age_group, of_age
from workers.hands.candidate import Answer
from workers.hands.classify import BRACKETS
from workers.hands.controls import Option
from workers.hands.coverage import covers
from workers.hands.measures import names_sum, share_of
from workers.hands.options import decline, exactly, negated, real_options, says
from workers.hands.permits import authorization, citizenship, sponsorship
from workers.hands.questions import CLAUSE, EEO, Question, level_of
from workers.hands.residence import abroad, at_home, located
from workers.hands.skills import language, of_subject, skill_level
from workers.hands.stated import Known, Stored, fit, restated, yes_no
from workers.hands.subjects import same_thing
from workers.hands.terms import lasting, salary, start
from workers.hands.text import fold
from workers.hands.used import used
from workers.hands.vocabulary import labels
from workers.hands.weekdays import weekdays

Rule = Callable[[Known, Question], Answer | None]


class Answers(Known):
    """Everything that was stated about one candidate, ready to be asked."""

    def find(self, text: str, options: Iterable[Option] = (), label: str = "") -> Answer | None:
        """Return the answer to a question, one of the options when there are any, or None when unsure."""
        question = Question(text, tuple(options))
        return (
            self._same_question(question)
            or self._personal(question)
            or self._by_meaning(question, label)
            or self._same_thing(question)
            or used(self, question)
        )

    def by_name(self, text: str, options: Iterable[Option] = ()) -> Answer | None:
        """Return the answer that was given to a question of exactly these words."""
        question = Question(text, tuple(options))
        stored = next((s for s in self.stored if fold(s.key) == fold(text)), None)
        return fit(question, stored.value, 0.97, f"answered as “{stored.key}”") if stored else None

    def _same_question(self, question: Question) -> Answer | None:
        for stored in self.stored:
            if stored.question.trap != question.trap or _numbered(question.text) - _numbered(stored.key):
                continue
            if stored.question.folded == question.folded or _alike(stored.question, question):
                return fit(question, stored.value, 0.97, f"answered as “{stored.key}”")
        return None

    def _same_thing(self, question: Question) -> Answer | None:
        """Answer whether somebody has what was asked before in other words, where those name no known matter."""
        if not question.binary or question.negated or question.trap or set(question.intents) - UNKNOWN:
            return None
        for stored in self.stored:
            asked = stored.question
            if stored.yes is None or asked.negated or asked.trap or set(asked.intents) - UNKNOWN:
                continue
            if same_thing(asked, question, yes=stored.yes):
                return yes_no(question, stored.yes, 0.85, f"answered as “{stored.key}”")
        return None

    def _personal(self, question: Question) -> Answer | None:
        """Answer first, whatever else is said, what it is about a person that may be left unsaid."""
        about = next((intent for intent in question.intents if intent in EEO), None)
        return RULES[about](self, question) if about and decline(question.options) else None

    def _by_meaning(self, question: Question, label: str) -> Answer | None:
        if "over_18" in question.intents and question.trap:
            return age_group(self, question)
        sums = question.binary and names_sum(question.text) and "salary_expectation" not in question.intents
        if question.trap or sums:
            return None
        if self._of_a_place(question):
            return self._here_or_willing(question)
        if parts := question.parts:
            return self._all_parts(parts)
        if question.offers_statuses:
            return citizenship(self, question) or authorization(self, question)
        for intent in self._order(question, label):
            rule = RULES.get(intent)
            found = rule(self, question) if rule else None
            if found or intent in DECISIVE:
                return found
        return None

    def _all_parts(self, parts: Iterable[Question]) -> Answer | None:
        """Answer several questions in one only when each is answered, and all alike."""
        found = [self._by_meaning(part, "") for part in parts]
        given = {answer.text for answer in found if answer}
        return found[0] if len(given) == 1 and all(found) else None

    def _order(self, question: Question, label: str) -> list[str]:
        about = question.asked.intents
        if set(about) <= {"consent"}:
            # “We check everybody's background. Do you agree?” is about what was told before.
            about = question.intents
        intents = [*about, *([label] if label not in about else [])]
        if question.options and len(intents) > 1 and "motivation" in intents:
            # “How would you describe your …” asks for no text where it offers choices.
            intents.remove("motivation")
        if "citizenship" in intents and question.asks_status and not question.binary:
            intents.sort(key=lambda intent: intent != "citizenship")
        return intents

    def _of_a_place(self, question: Question) -> bool:
        """Tell whether the question is whether somebody is near, or would move."""
        about = set(question.intents)
        near = "located_in" in about or ("commute" in about and at_home(self, question))
        return "relocate" in about and near

    def _here_or_willing(self, question: Question) -> Answer | None:
        """Answer “are you near, or would you move”: willingness decides, unless the person lives there."""
        moves = RULES["relocate"](self, question)
        if moves and says(moves.text, "yes"):
            return moves
        gets = next((s for s in self.about("commute") if s.yes), None)
        near = gets and "commute" in question.intents and at_home(self, question)
        joined = question.binary and not question.negated and question.says("alternatives")
        return yes_no(question, True, 0.85, f"stated in “{gets.key}”") if gets and near and joined else None


DECLINED = "Decline"
TOLD_MORE = re.compile(r"\b(cis|trans)")
FIELD = re.compile(
    r"\b(?:degree|diploma|science|arts|engineering|bachelors?(?: s)?|masters?(?: s)?|ph ?d"
    r"|doctorate|studium|abschluss|grado|laurea|licence)"
    r" (?:in|en|im|em) (?:the field of |a |an )?(.+)"
)
# What draws somebody to a company, which is written like a name.
NAMED_COMPANY = re.compile(
    r"\b(?:interest(?:ed)? in|attract(?:s|ed) you to|draws you to|drew you to|interests you (?:most )?about"
    r"|excites you (?:most )?about) [A-Z][\w&.-]+(?: [A-Z][\w&.-]+)?\W*$"
)
# What was asked is then settled: a question about years never falls through to a weaker reading.
DECISIVE = labels("decisive")
# What tells nothing of which thing is meant.
UNKNOWN = frozenset({"certification", "skill_has"})


def _numbered(text: str) -> set[str]:
    """Return what brackets say with a number, a class or a standard: which of several things is meant."""
    return {w for said in BRACKETS.findall(text) for w in fold(said).split() if re.search(r"\d", w)}


def _alike(stored: Question, asked: Question) -> bool:
    """Tell whether two wordings ask the same: nearly all words in common and the same way round."""
    a, b = set(stored.folded.split()), set(asked.folded.split())
    return (
        len(a & b) >= 0.8 * len(a | b) and stored.negated == asked.negated and stored.subject == asked.subject
    )


def _agreeable(intent: str) -> Rule:
    def rule(known: Known, question: Question) -> Answer | None:
        for stored in known.about(intent):
            if not covers(known, intent, stored, question):
                continue
            if len(fold(stored.value).split()) > 2 and (own := exactly(question.options, stored.value)):
                # A whole sentence that is one of the options says by itself what it says.
                return Answer(own.text, stored.source, 0.9, f"stated in “{stored.key}”")
            if question.binary and (limit := share_of(stored.value)) is not None and share_of(question.text):
                return yes_no(question, True, 0.85, f"up to {limit} % stated in “{stored.key}”")
            if stored.yes is None or not question.binary:
                chosen = _in_its_words(stored, question)
                return chosen or _contract(known, question) or _ready_to_move(known, stored, question)
            # Bound by nothing, so by nothing that prevents.
            plain = not question.asked.denied and not question.asked.says("opposing")
            bound = intent == "non_compete" and stored.yes is False and plain
            turned = question.asked.negated != stored.question.negated and intent not in {"c2c", "w2"}
            if turned and question.inverted:
                return yes_no(question, not stored.yes, 0.85, f"stated in “{stored.key}”")
            return (
                None
                if turned and not bound
                else yes_no(question, stored.yes, 0.9, f"stated in “{stored.key}”")
            )
        return None

    return rule


def _in_its_words(stored: Stored, question: Question) -> Answer | None:
    """Return the stated value itself, where it says the same to this question."""
    plain = stored.yes is None or question.options or not question.says("particulars")
    found = fit(question, stored.value, 0.8, f"stated in “{stored.key}”") if plain else None
    bare = found and (says(found.text, "yes") or says(found.text, "no"))
    # “Confirm that you have none”: who does not confirm says nothing of having one.
    return None if bare and stored.yes is not None and question.asked.negated else found


def _contract(known: Known, question: Question) -> Answer | None:
    """Choose the one kind of contract that was agreed to, where the options name several."""
    agreed = [
        (option, stored)
        for option in real_options(question.options)
        for intent in labels("contracts") & set(Question(option.text).intents[:1])
        for stored in known.about(intent)
        if stored.yes
    ]
    if len(agreed) != 1:
        return None
    option, stored = agreed[0]
    return Answer(option.text, stored.source, 0.85, f"stated in “{stored.key}”")


def _ready_to_move(known: Known, stored: Stored, question: Question) -> Answer | None:
    """Choose the one option that says that somebody would move, where it names a place they do not live in."""
    if stored.question.intents[:1] != ("relocate",) or not stored.yes or at_home(known, question):
        return None
    moving = [
        option
        for option in real_options(question.options)
        for clause in CLAUSE.split(option.text)
        if "relocate" in Question(clause).intents
        and not negated(clause)
        and covers(known, "relocate", stored, Question(option.text))
    ]
    if len(moving) != 1:
        return None
    return Answer(moving[0].text, stored.source, 0.85, f"stated in “{stored.key}”")


def _work_days(known: Known, question: Question) -> Answer | None:
    """State on which days somebody can work, where no other days are meant."""
    found = next(iter(known.about("work_days")), None)
    if found is None or question.binary or question.says("other_days") or found.question.says("other_days"):
        return None
    reason = f"stated in “{found.key}”"
    if not question.options:
        return Answer(found.value, found.source, 0.85, reason)
    chosen = [exactly(question.options, day) for day in weekdays(found.value) or [found.value]]
    texts = [option.text for option in chosen if option]
    return Answer(" | ".join(texts), found.source, 0.85, reason) if len(texts) == len(chosen) else None


def _motivation(known: Known, question: Question) -> Answer | None:
    """Say why somebody wants the job; any other story that is asked for is one of its own."""
    if question.binary or not _why_here(question):
        return None
    found = next((s for s in known.about("motivation") if _why_here(s.question)), None)
    return fit(question, found.value, 0.85, f"stated in “{found.key}”") if found else None


def _why_here(question: Question) -> bool:
    here = question.says("why_here") or bool(NAMED_COMPANY.search(question.text))
    return here and not question.says("why_else")


def _work_mode(known: Known, question: Question) -> Answer | None:
    elsewhere = question.binary and (not question.says("being_there") or abroad(known, question))
    if elsewhere or question.says("interview"):
        return None
    for stored in known.about("work_mode"):
        if stored.yes is None:
            return fit(question, stored.value, 0.8, f"stated in “{stored.key}”")
        asked, covered = question.named("modes"), stored.question.named("modes")
        if stored.yes and not question.binary:
            return _any_mode(stored, question)
        if stored.yes and question.says("only_that") and asked < covered and not question.asked.negated:
            return yes_no(question, not asked, 0.85, f"stated in “{stored.key}”") if asked else None
        other = ("insisting", "of_being", "past", "hours_of_work")
        if any(question.says(x) and not stored.question.says(x) for x in other):
            return None
        turned = question.asked.negated
        if stored.yes and question.binary and asked <= covered and (question.inverted or not turned):
            return yes_no(question, not turned, 0.85, f"stated in “{stored.key}”")
    return None


def _any_mode(stored: Stored, question: Question) -> Answer | None:
    """Choose the one option that takes every way of working, where each of several was said to be fine."""
    covered = stored.question.named("modes")
    every = [
        option
        for option in real_options(question.options)
        for said in [Question(option.text)]
        if said.says("any_mode") or covered <= said.named("modes")
    ]
    if len(covered) < 2 or len(every) != 1:
        return None
    return Answer(every[0].text, stored.source, 0.85, f"stated in “{stored.key}”")


def _education(known: Known, question: Question) -> Answer | None:
    found = next(iter(known.about("education_level")), None)
    degree = (
        found.value if found else next((a.text for r in range(10) if (a := known.who.value("degree", r))), "")
    )
    mine = level_of(degree) if degree else None
    beside = question.binary and question.says("credentials")
    if not degree or question.negated or question.says("unfinished") or beside:
        return None
    if not question.binary:
        return fit(question, degree, 0.85, "the highest degree stated")
    if (
        mine is None
        or question.level is None
        or (mine >= question.level and not _in_that_field(known, question))
    ):
        return None
    wanted = question.level + question.says("higher")
    return yes_no(question, mine >= wanted, 0.85, "the highest degree stated")


def _in_that_field(known: Known, question: Question) -> bool:
    """Tell whether a degree “in” something is the one stated; related fields are for their holder to judge."""
    field = FIELD.search(question.folded)
    if not field or re.search(r"\b(related|relevant|similar|equivalent|any)\b", field[1]):
        return True
    mine = [a.text for row in range(10) if (a := known.who.value("field_of_study", row))]
    return any(fold(name) in field[1] for name in mine)


def _equal_opportunity(intent: str) -> Rule:
    """Give what was given; decline where the page offers it and nothing was."""

    def rule(known: Known, question: Question) -> Answer | None:
        if question.says("insisting"):
            return None
        for stored in known.about(intent):
            other = question.says("at_birth") and not stored.question.says("at_birth")
            if other and not says(stored.value, "decline"):
                break
            found = fit(question, stored.value, 0.9, f"stated in “{stored.key}”", stored.source)
            more = found and TOLD_MORE.search(fold(found.text)) and not TOLD_MORE.search(fold(stored.value))
            return None if more else found
        option = decline(question.options)
        return Answer(option.text, "rule", 0.8, "nothing given: declined", (DECLINED,)) if option else None

    return rule


def _consent(known: Known, question: Question) -> Answer | None:
    if not question.says("of_terms") or question.says("refusing"):
        return None
    for stored in known.about("consent"):
        return fit(question, stored.value, 0.85, f"stated in “{stored.key}”")
    return None


RULES: Mapping[str, Rule] = {
    **{intent: _agreeable(intent) for intent in labels("agreeable")},
    **{intent: partial(restated, intent=intent) for intent in labels("stated")},
    **{intent: of_subject(intent) for intent in labels("of_a_subject")},
    **{intent: _equal_opportunity(intent) for intent in EEO},
    "over_18": of_age,
    "salary_expectation": salary,
    "notice_period": lasting("notice_period"),
    "start_date": start,
    "work_authorization": authorization,
    "sponsorship": sponsorship,
    "citizenship": citizenship,
    "located_in": located,
    "work_mode": _work_mode,
    "work_days": _work_days,
    "motivation": _motivation,
    "skill_level": skill_level,
    "education_level": _education,
    "language": language,
    "consent": _consent,
}
