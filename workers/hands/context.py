"""Second look at a page's controls: what the neighbours, the section and the order say about each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

from workers.hands.accounts import settle_accounts
from workers.hands.classify import Guess, classify
from workers.hands.controls import Control, PageView, Ref
from workers.hands.text import fold
from workers.hands.vocabulary import labels, word_set

WORK, STUDY = labels("work"), labels("study")
IN_WORK = {
    "from_date": "work_start_date",
    "to_date": "work_end_date",
    "location": "work_location",
    "city": "work_location",
}
IN_STUDY = {"topic": "field_of_study", "from_date": "edu_start_date", "to_date": "edu_end_date"}


def guesses(view: PageView) -> dict[Ref, Guess]:
    """Return what every control of the page asks for."""
    found: dict[Ref, Guess] = {}
    history = ""
    beside: tuple[str, ...] = ()
    for control in view.controls:
        guess = classify(control)
        history = _history(control, guess, history if control.sections == beside else "")
        beside = control.sections
        found[control.ref] = _in_context(control, guess, history)
    return settle_accounts(view, _date_pairs(view.controls, found))


def _history(control: Control, guess: Guess, before: str) -> str:
    """Return work or study when the control stands in such a section, else nothing."""
    if guess.label in WORK:
        return "work"
    if guess.label in STUDY:
        return "study"
    said = set(fold(" ".join(control.sections[:2])).split())
    if said & word_set("study") and not said & word_set("work"):
        return "study"
    if said & word_set("work") and not said & word_set("study"):
        return "work"
    return before if guess.label in {"from_date", "to_date", "none"} else ""


def _in_context(control: Control, guess: Guess, history: str) -> Guess:
    section = fold(" ".join(control.sections))
    if set(section.split()) & word_set("other_people") and guess.label in labels("personal"):
        return Guess("none", 0.8, f"another person's: “{control.sections[0]}”")
    table = {"work": IN_WORK, "study": IN_STUDY}.get(history, {})
    label = table.get(guess.label)
    if label and not (guess.label in {"location", "city"} and not section):
        return Guess(label, guess.confidence, f"{guess.reason}, in a {history} section")
    if guess.label in {"from_date", "to_date"}:
        label = "start_date" if guess.label == "from_date" else "none"
        return Guess(label, guess.confidence * 0.8, guess.reason)
    return replace(guess, label="none") if guess.label == "topic" else guess


def _date_pairs(controls: Sequence[Control], found: dict[Ref, Guess]) -> dict[Ref, Guess]:
    """A lone year or month box belongs to the date before it."""
    for before, control in pairwise(controls):
        guess = found[before.ref]
        own = fold(control.label or control.near)
        if (
            found[control.ref].label == "none"
            and own in {"year", "month", "yyyy", "mm"}
            and guess.label.endswith("_date")
        ):
            found[control.ref] = Guess(guess.label, guess.confidence * 0.9, "the rest of the date before it")
    return found
