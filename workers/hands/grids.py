"""Rows of a grid: one heading asks, each row says of what, and the columns are its options."""

from __future__ import annotations

from dataclasses import replace

from workers.hands.controls import CHOICE_KINDS, Control, Option
from workers.hands.questions import Question
from workers.hands.subjects import subjects
from workers.hands.text import fold


def as_asked(control: Control) -> tuple[str, dict[Option, Option]] | None:
    """Return the question of a grid's row with its columns, each with the option it stands for, or None.

    Guarantees: the heading asks for ratings, and of nothing else than of the rows.
    """
    if control.kind not in CHOICE_KINDS:
        return None
    for heading in control.sections:
        asked = Question(heading)
        if fold(heading) == fold(control.question) or "skill_level" not in asked.intents[:1]:
            continue
        if not subjects(asked, rated=True):
            tail = _tail(control)
            columns = {replace(o, text=o.text.removesuffix(tail)): o for o in control.options}
            return f"{heading.rstrip(' *:?')}: {control.question}", columns
    return None


def _tail(control: Control) -> str:
    """Return what all options end with and what names the row: “, response for QGIS”."""
    first, *others = [o.text for o in control.options] or [""]
    tail = first[first.find(",") :] if "," in first else ""
    return tail if fold(control.question) in fold(tail) and all(o.endswith(tail) for o in others) else ""
