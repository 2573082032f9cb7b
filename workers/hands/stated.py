"""What was stated about a candidate, and how a stated value becomes an answer."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property

from workers.hands.candidate import Answer, Candidate
from workers.hands.controls import Option
from workers.hands.options import choose, decline, exactly, says
from workers.hands.questions import EEO, Question
from workers.hands.text import fold

AND = re.compile(r"[|,]| (?:and|und|et|y|e|en|&) ")
Find = Callable[[Iterable[Option], str], Option | None]


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


class Known:
    """Everything that was stated about one candidate."""

    def __init__(self, who: Candidate) -> None:
        self.who = who
        self.stored = [Stored(k, v) for k, v in who.answers.items()] + list(_from_profile(who))

    def about(self, intent: str) -> Iterable[Stored]:
        """Yield the stored answers whose own question is mainly about the intent."""
        return (s for s in self.stored if s.question.intents[:1] == (intent,) or s.key == intent)


def _from_profile(who: Candidate) -> Iterable[Stored]:
    for key in ("work_authorization", "salary_expectation", "notice_period", "start_date", *sorted(EEO)):
        if text := who.text(key):
            name = key if key == "work_authorization" else key.replace("_", " ")
            yield Stored(name, text, "profile")


def fit(question: Question, value: str, confidence: float, reason: str, source: str = "qa") -> Answer | None:
    """Return the value as an answer: the option that says it, or the value itself where there are no options."""
    if not question.options:
        return Answer(value, source, confidence, reason)
    if several := _several(question, re.split(r"[|,]", value), exactly, value):
        return Answer(" | ".join(several), source, confidence, reason)
    option = choose(question.options, [value]) or choose(question.options, _beyond(question, value))
    if option is None and (several := _several(question, AND.split(value), _chosen, value)):
        return Answer(" | ".join(several), source, confidence, reason)
    if option is None and says(value, "decline"):
        option = decline(question.options)
    return Answer(option.text, source, confidence, reason, also=(value,)) if option else None


def _beyond(question: Question, value: str) -> list[str]:
    """Return the value without the words that the question says already: “Late” of “Late shift”, asked for a shift."""
    asked, words = set(question.folded.split()), value.split()
    more = [word for word in words if fold(word) not in asked]
    return [" ".join(more)] if 0 < len(more) < len(words) else []


def _several(question: Question, parts: Sequence[str], find: Find, value: str) -> list[str]:
    """Return the options that the value lists, when it lists more than one and each part is one."""
    if exactly(question.options, value):
        return []
    found = [find(question.options, part) for part in parts if part.strip()]
    texts = [option.text for option in found if option]
    return texts if len(texts) == len(found) == len(set(texts)) > 1 else []


def _chosen(options: Iterable[Option], part: str) -> Option | None:
    return choose(options, [part.strip()])


def restated(known: Known, question: Question, intent: str) -> Answer | None:
    """Return what was stated about the intent first, where more than yes or no is asked for."""
    same = (s for s in known.about(intent) if s.question.negated == question.negated)
    found = None if question.binary else next(same, None)
    return fit(question, found.value, 0.85, f"stated in “{found.key}”") if found else None


def yes_no(question: Question, yes: bool, confidence: float, reason: str) -> Answer | None:
    """Return yes or no as an answer, in the words of the option that says so."""
    return fit(question, "Yes" if yes else "No", confidence, reason)
