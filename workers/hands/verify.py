"""Compare what is painted with what was to be entered. Nothing counts as filled before."""

from __future__ import annotations

import re
from collections.abc import Sequence

from workers.hands.controls import Control, Option
from workers.hands.options import choose, exactly, is_place, says_all, spellings
from workers.hands.plan import Action
from workers.hands.render import same_text
from workers.hands.text import fold
from workers.hands.vocabulary import said

SEVERAL = frozenset({"multiselect", "checkboxes", "listbox", "duallist"})


# What a box shows that is neither ticked nor not.
MIXED = "mixed"
DIAL_CODE = re.compile(r"\+\s?\d{1,3}\b")


class CannotEnter(Exception):
    """The value could not be entered; the message says why."""


def split_values(action: Action, options: Sequence[Option] = ()) -> list[str]:
    """Return the single values of an answer: several where it says so, or where each part is an option by itself."""
    text = action.answer.text
    if "|" in text:
        return [p.strip() for p in text.split("|") if p.strip()]
    if exactly(options, text):
        return [text]
    listed = [p.strip() for p in said("options", "joins").split(text) if p.strip()]
    named = {exactly(options, part) for part in listed} if _takes_several(action.control) else {None}
    if None not in named and len(named) == len(listed):
        return listed
    parts = [p.strip() for p in text.split(",") if p.strip()]
    return parts if len(parts) > 1 and _each_named(action.control, options, parts) else [text]


def _takes_several(control: Control) -> bool:
    return control.several or control.kind in SEVERAL


def _each_named(control: Control, options: Sequence[Option], parts: Sequence[str]) -> bool:
    """Tell whether each part is an option, where several can be chosen also one that says it in more words."""
    if control.several and control.kind not in SEVERAL and not is_place(parts):
        # What its list does not hold, it may make an entry of; but one entry may say it all, as places do.
        whole = choose(options, [", ".join(parts)])
        return whole is None or not says_all(whole, ", ".join(parts))
    if control.kind not in SEVERAL:
        return all(exactly(options, part) for part in parts)
    found = {choose(options, [part]) for part in parts}
    return None not in found and len(found) == len(parts)


def shows(control: Control, expected: str) -> bool:
    """Tell whether the control now shows the expected text."""
    painted = control.value
    if control.kind in {"checkbox"}:
        return painted != MIXED and (painted == "true") == (expected == "true")
    if control.kind == "file":
        return expected in painted.split(" | ")
    if control.kind in {"combobox", "listbutton"} | SEVERAL | {"select", "radio", "pills"}:
        return _same_choices(expected, painted)
    return same_text(expected, painted)


def _same_choices(expected: str, painted: str) -> bool:
    # Of a sign alone, as “€” is, nothing would be left.
    wanted = {fold(x) or x.strip() for x in expected.split(" | ")}
    shown = {fold(x) or x.strip() for x in painted.split(" | ")}
    if wanted == shown:
        return True
    if len(wanted) > 1 and painted:
        return made_of(wanted, fold(painted))
    if not painted:
        return False
    code = DIAL_CODE.search(painted)
    if code and DIAL_CODE.findall(expected) == [code[0]]:
        return True
    want, show = next(iter(wanted)), fold(painted)
    return (
        show in spellings(want)
        or bool(re.match(rf"{re.escape(want)}\b", show))
        or bool(show and re.match(rf"{re.escape(show)}\b", want) and len(show) > 2)
    )


def made_of(wanted: set[str], painted: str) -> bool:
    """Tell whether the painted text names all that is wanted, in any order, and nothing else."""
    rest = f" {painted} "
    for text in sorted(wanted, key=len, reverse=True):
        if f" {text} " not in rest:
            return False
        rest = rest.replace(f" {text} ", "  ", 1)
    return set(rest.split()) <= {"x", "remove", "and"}
