"""Second look at a page's controls: what the neighbours, the section and the order say about each."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from workers.hands.classify import Guess, classify
from workers.hands.controls import Control, PageView, Ref
from workers.hands.text import fold, split_identifier
from workers.hands.vocabulary import labels, speaks_of, word_set

WORK, STUDY = labels("work"), labels("study")
IN_WORK = {
    "from_date": "work_start_date",
    "to_date": "work_end_date",
    "location": "work_location",
    "city": "work_location",
}
IN_STUDY = {"from_date": "edu_start_date", "to_date": "edu_end_date"}


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
    return _logins(view, _date_pairs(view.controls, found))


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
    return guess


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


def _logins(view: PageView, found: dict[Ref, Guess]) -> dict[Ref, Guess]:
    """The name in a log-in form is no contact detail."""
    groups: dict[Ref | None, list[Control]] = {}
    for control in view.controls:
        if control.kind in {"text", "combobox", "select"} and control.type != "search" and not control.hidden:
            groups.setdefault(control.form, []).append(control)
    for form, members in groups.items():
        if _is_login(view, form, members, alone=len(groups) == 1):
            for control in members:
                if found[control.ref].label in {"email", "phone", "full_name", "first_name"}:
                    found[control.ref] = Guess("none", 0.85, "the name in a log-in form")
    return found


def _is_login(view: PageView, form: Ref | None, members: Sequence[Control], *, alone: bool) -> bool:
    passwords = [
        c for c in members if c.type == "password" or "password" in fold(f"{c.label} {c.placeholder}").split()
    ]
    if any(c.autocomplete.endswith("current-password") for c in passwords):
        return True
    if len(passwords) > 1 or len(members) - len(passwords) > 2:
        return False
    said = " ".join(b.text for b in view.buttons if b.form == form and b.tag != "a")
    marker = next((f.marker + " " + f.action for f in view.forms if f.ref == form), "")
    text = f"{fold(said)} {split_identifier(marker)}"
    around = fold(f"{view.title} {' '.join(view.headings[:3])}") if alone else ""
    wants_login = speaks_of(text, "login") or (speaks_of(around, "login") and not speaks_of(around, "signup"))
    if any(c.autocomplete == "new-password" for c in passwords) and not wants_login:
        return False
    asked = fold(" ".join(f"{c.question} {c.placeholder}" for c in passwords))
    if (
        speaks_of(asked, "new_password")
        or speaks_of(text, "signup")
        or (speaks_of(around, "signup") and not wants_login)
    ):
        return False
    return bool(passwords) or wants_login
