"""Rows that a form adds on demand: one for each job and each school."""

from __future__ import annotations

from collections import Counter

from workers.hands.context import guesses
from workers.hands.controls import Button, PageView
from workers.hands.pages import fillable
from workers.hands.plan import Source
from workers.hands.rows import ANCHORS
from workers.hands.text import fold
from workers.hands.vocabulary import said, word_set


def next_row(view: PageView, source: Source, given_up: set[str]) -> tuple[str, Button] | None:
    """Return the button that adds a row for which something is stated, and what kind of row that is."""
    for kind in ANCHORS.keys() - given_up:
        button = _adding(view, kind)
        if button and count_rows(view, kind) < source.rows(kind):
            return kind, button
    return None


def count_rows(view: PageView, kind: str) -> int:
    """Return how many rows of that kind the page shows."""
    shown = {c.ref for c in fillable(view)}
    seen = Counter(g.label for ref, g in guesses(view).items() if ref in shown)
    return max(seen[label] for label in ANCHORS[kind])


def adds(button: Button) -> bool:
    """Tell whether the button adds something to the form, and cannot send it."""
    named = said("buttons", "adds").search(fold(button.text))
    return bool(named) and not button.disabled and not (button.type == "submit" and button.form)


def keeps(view: PageView, before: PageView) -> Button | None:
    """Return the button that came with a row and keeps it, as some forms take their rows one by one; never one that
    could send the form."""
    return _come(view, before, "keeps")


def gives_up(view: PageView, before: PageView) -> Button | None:
    """Return the button that came with a row and takes it back."""
    return _come(view, before, "no")


def _come(view: PageView, before: PageView, words: str) -> Button | None:
    known, now = {b.ref for b in before.buttons}, {b.ref for b in view.buttons}
    # What went away and is there again was only drawn anew.
    old = {fold(b.text) for b in before.buttons if b.ref not in now}
    forms = {c.form for c in before.controls if c.form}
    found = [
        b
        for b in view.buttons
        if said("buttons", words).search(fold(b.text))
        and b.ref not in known
        and fold(b.text) not in old
        and b.dialog is None
        and not (b.type == "submit" and (b.form in forms or b.form is None))
    ]
    return found[0] if len(found) == 1 else None


def _adding(view: PageView, kind: str) -> Button | None:
    """Return the button that adds a row of that kind; never one that could send the form."""
    for button in view.buttons:
        if not adds(button):
            continue
        about = set(fold(button.text).split()) & (word_set("work") | word_set("study"))
        words = about or {w for s in button.sections[:1] for w in fold(s).split()}
        other = "study" if kind == "work" else "work"
        if words & word_set(kind) and not words & word_set(other):
            return button
    return None
