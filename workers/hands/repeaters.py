"""Rows that a form adds on demand: one for each job and each school."""

from __future__ import annotations

from collections import Counter

from workers.hands.context import guesses
from workers.hands.controls import Button, PageView
from workers.hands.plan import Source
from workers.hands.scope import outside
from workers.hands.text import fold
from workers.hands.vocabulary import said, word_set

# What every row asks for, so that counting it counts the rows.
ANCHORS = {"work": ("job_title", "company"), "study": ("school", "degree")}


def next_row(view: PageView, source: Source, given_up: set[str]) -> tuple[str, Button] | None:
    """Return the button that adds a row for which something is stated, and what kind of row that is."""
    for kind in ANCHORS.keys() - given_up:
        button = _adding(view, kind)
        if button and count_rows(view, kind) < source.rows(kind):
            return kind, button
    return None


def count_rows(view: PageView, kind: str) -> int:
    """Return how many rows of that kind the page shows."""
    excluded = outside(view)
    seen = Counter(g.label for ref, g in guesses(view).items() if ref not in excluded)
    return max(seen[label] for label in ANCHORS[kind])


def adds(button: Button) -> bool:
    """Tell whether the button adds something to the form, and cannot send it."""
    named = said("buttons", "adds").search(fold(button.text))
    return bool(named) and not button.disabled and not (button.type == "submit" and button.form)


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
