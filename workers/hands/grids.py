"""Questions that a heading begins and each control below it ends, as in the rows of a grid."""

from __future__ import annotations

from dataclasses import replace

from workers.hands.controls import CHOICE_KINDS, Control, Option
from workers.hands.questions import Question
from workers.hands.subjects import subjects
from workers.hands.text import fold
from workers.hands.vocabulary import said, word_set


def in_section(control: Control) -> tuple[str, ...]:
    """Return what the control asks where its section says of whom or what: “Next of kin: Telephone”.

    Where its own words only tell to choose, the section alone asks.
    """
    bare = said("fields", "prompt").fullmatch(fold(control.question))
    return tuple(s if bare else f"{s}: {control.question}" for s in control.sections)


def as_whole(control: Control) -> Control | None:
    """Return the one field that a row of boxes stands for, as its heading asks for it, unless of somebody else."""
    others = set(fold(" ".join(control.sections)).split()) & word_set("other_people")
    if others or not (control.room and control.sections):
        return None
    heading, *around = control.sections
    return Control(control.ref, "text", label=heading, form=control.form, sections=tuple(around))


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
