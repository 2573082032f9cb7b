"""Fields that stay switched off until the box before them is ticked."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

from workers.hands.candidate import Answer
from workers.hands.plan import Action, Left, Source
from workers.hands.text import fold
from workers.hands.vocabulary import said


def opened(left: Sequence[Left], source: Source) -> tuple[Action, ...]:
    """Return what is to be ticked so that a field can take what is known to belong into it."""
    return tuple(
        Action(gate.control, gate.label, Answer("Yes", "rule", 0.6, f"opens “{field.control.question}”"))
        for gate, field in pairwise(left)
        if _opens(gate, field) and answered(field, source)
    )


def _opens(gate: Left, field: Left) -> bool:
    box, control = gate.control, field.control
    beside = (
        box.form == control.form and box.sections == control.sections and box.landmark == control.landmark
    )
    return (
        control.disabled
        and box.kind == "checkbox"
        and box.value != "true"
        and not (box.disabled or box.required)
        and beside
        and gate.label not in {"consent", "marketing_optin"}
        and bool(said("fields", "opens").search(fold(box.question)))
        and not said("fields", "agrees").search(fold(box.question))
    )


def answered(field: Left, source: Source) -> bool:
    """Tell whether there is something to enter into the field, once it is switched on."""
    control = replace(field.control, disabled=False)
    return isinstance(source.resolve(control, field.label, 0), Answer)
