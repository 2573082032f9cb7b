"""Which of several things somebody works with: a stated list, where the page asks for just that in other words."""

from __future__ import annotations

import re
from functools import cache

from workers.hands.candidate import Answer
from workers.hands.questions import Question
from workers.hands.stated import Known, Stored, fit
from workers.hands.vocabulary import table

SEVERAL = re.compile(r"[|,]")


def used(known: Known, question: Question) -> Answer | None:
    """Choose the things that were listed, each by its name, where one list was stated of the same use of them."""
    asked = _use(question) if question.options and not question.binary else None
    if asked is None or asked[1]:
        return None
    lists = [s for s in known.stored if _listed(s) and (use := _use(s.question)) and use[0] == asked[0]]
    if len(lists) != 1:
        return None
    found = fit(question, lists[0].value, 0.85, f"stated in “{lists[0].key}”")
    return found if found and "|" in found.text else None


def _listed(stored: Stored) -> bool:
    return len([part for part in SEVERAL.split(stored.value) if part.strip()]) > 1


def _use(question: Question) -> tuple[tuple[bool, ...], frozenset[str]] | None:
    """Return how things are used (before, often, for pay) and of what kind they are, or None if that is not asked.

    What is left of the words is a kind of thing (“GIS tools”), or makes the question another one.
    """
    said, how = question.folded, []
    if not _words("which") & set(said.split()):
        return None
    for name in ("often", "paid"):
        bare = re.sub("|".join(table("_subjects")["used"][name]), " ", said)
        how.append(bare != said)
        said = bare
    words = set(said.split())
    now, before = bool(words & _words("now")), bool(words & _words("before"))
    rest = words - _words("which") - _words("asking") - _words("now") - _words("before")
    return ((before, *how), frozenset(rest)) if now or before else None


@cache
def _words(name: str) -> frozenset[str]:
    return frozenset(table("_subjects")["used"][name].split())
