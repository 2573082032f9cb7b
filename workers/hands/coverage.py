"""How far a stated yes or no reaches: not to the past, to what one is or has, abroad, or to anything wider."""

from __future__ import annotations

import re

from workers.hands.measures import says_of, share_of
from workers.hands.questions import Question
from workers.hands.residence import abroad, at_home
from workers.hands.stated import Known, Stored
from workers.hands.text import fold
from workers.hands.vocabulary import labels, spoken_for, table

# A plain yes to travelling is none to being away most of the time.
PLAIN_SHARE = 50
WILLING, HAVING = labels("willing"), labels("having")
TOWN = re.compile(
    r"\b(?:to|in|at|near|nach|à|a|en|em|te|naar|da|di)\s+(?:(?:the|our|unser\w*|notre|nuestra|nossa|onze|ons)\s+)?"
    r"([A-Z][\w.-]+(?: [A-Z][\w.-]+)*)"
)
BEFORE_STATE = re.compile(r"([A-Z][\w.-]+(?: [A-Z][\w.-]+)*), [A-Z]{2}\b")
GOAL = re.compile(
    r"\b(?:commut\w*|get|getting|come|go) to (?!(?:the|our|this|that|work|your|a|an|any|and|it|us)\b)(\w+)",
    re.I,
)
# Stated of now and what comes: it says nothing of what was.
PRESENT = labels("agreeable") - {
    "felony",
    "previously_employed",
    "relatives_here",
    "applied_before",
    "non_compete",
}


def covers(known: Known, intent: str, stored: Stored, question: Question) -> bool:
    """Tell whether the stored answer reaches as far as the question."""
    return (
        _same_mood(intent, stored, question)
        and _within_share(stored, question)
        and _same_place(known, intent, stored, question)
        and _in_scope(intent, stored, question)
    )


def _same_mood(intent: str, stored: Stored, question: Question) -> bool:
    """Tell whether both ask for what is, what was, what somebody would do, or what they insist on."""
    moods = [mood for mood, of in (("past", PRESENT), ("of_being", WILLING)) if intent in of]
    if intent == "commute" and question.says("interview"):
        return False
    if stored.yes and question.binary and question.says("insisting"):
        return False
    if intent in HAVING and question.binary and not (_of_having(question) or _is_bare(intent, question)):
        return False
    return all(stored.question.says(mood) for mood in moods if question.says(mood))


def _of_having(question: Question) -> bool:
    """Tell whether the question, or else each of its options, speaks of having or being under something."""
    options = [Question(option.text) for option in question.options]
    return question.says("of_having") or (bool(options) and all(o.says("of_having") for o in options))


def _is_bare(intent: str, question: Question) -> bool:
    """Tell whether the question is the mere name of the thing, as “Driving licence B”."""
    named = spoken_for(question.folded).get(intent)
    said = named.pattern.match(question.folded) if named else None
    return said is not None and len(question.folded) - said.end() <= len(" b1")


def _within_share(stored: Stored, question: Question) -> bool:
    asked, had = share_of(question.text), share_of(f"{stored.key} {stored.value}")
    return asked is None or asked + says_of("beyond", question.text) <= (PLAIN_SHARE if had is None else had)


def _same_place(known: Known, intent: str, stored: Stored, question: Question) -> bool:
    if intent in {"relocate", "travel"} and abroad(known, question):
        return False
    if intent == "commute" and _towns(stored.key) and _towns(question.text).isdisjoint(_towns(stored.key)):
        return not _towns(question.text)
    return not (intent == "relocate" and stored.yes is False and at_home(known, question))


def _towns(text: str) -> set[str]:
    """Return what is written like a name where a way leads to, stands before a state, or is all that one gets to."""
    return {fold(name) for name in (*TOWN.findall(text), *BEFORE_STATE.findall(text), *GOAL.findall(text))}


def _in_scope(intent: str, stored: Stored, question: Question) -> bool:
    """Tell whether the question names no wider offence, clearance or licence than was stated."""
    scope = table("_screening")["scopes"].get(intent)
    if scope is None:
        return True
    wider = {w for w in scope["words"] if re.search(rf"\b{w}\b", question.asked.folded)}
    own = {w for w in scope["words"] if re.search(rf"\b{w}\b", fold(f"{stored.key} {stored.value}"))}
    asked, said = question.folded.split(), stored.question.folded.split()
    if any(w in said and w not in asked for w in scope["narrow"]):
        return False
    return wider <= own or (stored.yes is False and scope["no_reaches_all"] and not own)
