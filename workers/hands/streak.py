"""Plain fields in a row: each is entered with one trusted input, and read back as the next is made ready.

What is not plain, or does not show its value at once, is left to `act`, which has more patience and other means.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from playwright.async_api import Error as PlaywrightError

from workers.hands.act import chosen_option, ticked
from workers.hands.controls import control_from
from workers.hands.dates import parse, part_asked
from workers.hands.menus import looks_up
from workers.hands.observe import Eyes
from workers.hands.plan import Action
from workers.hands.render import renderings
from workers.hands.report import Filled
from workers.hands.tags import several
from workers.hands.text import fold
from workers.hands.verify import CannotEnter, shows, split_values

TYPED = frozenset({"", "text", "email", "tel", "url", "number", "search", "password"})
SET = frozenset({"date", "month", "week", "time", "datetime-local"})


@dataclass(frozen=True, slots=True)
class Step:
    """One input. `means`: type, set, choose or click; `node` is what is worked, a radio's own for example."""

    action: Action
    means: str
    node: int
    expected: str
    option: int = 0

    def told(self) -> dict[str, Any]:
        """Return what the page has to know."""
        return {
            "control": self.action.control.ref.node,
            "node": self.node,
            "means": self.means,
            "text": self.expected,
            "option": self.option,
        }


def plain_step(action: Action, *, quiet: bool) -> Step | None:
    """Return the one input that enters the action's answer, or None when it takes more than one.

    `quiet` says that nothing on the page listens, so that no list can come up while one types.
    """
    control = action.control
    if control.hidden and control.kind not in {"radio", "checkbox"}:
        return None
    if control.disabled or control.readonly or control.invalid:
        return None
    try:
        return _step(action, quiet=quiet)
    except CannotEnter:
        return None


def _step(action: Action, *, quiet: bool) -> Step | None:
    kind = action.control.kind
    if kind in {"text", "textarea"}:
        return _typing(action, quiet=quiet)
    if kind in {"select", "radio", "pills"}:
        return _choice(action)
    return _tick(action) if kind == "checkbox" else None


def _typing(action: Action, *, quiet: bool) -> Step | None:
    control = action.control
    text = next(iter(renderings(action.label, action.answer, control)), "")
    if not text or control.value or control.dial or several(action):
        return None
    if looks_up(action) and not quiet:
        return None
    if control.tag == "input" and control.type in SET:
        return Step(action, "set", control.ref.node, text)
    if not quiet and _is_date(action):
        return None
    plain = control.tag == "textarea" or (control.tag == "input" and control.type in TYPED)
    return Step(action, "type", control.ref.node, text) if plain else None


def _is_date(action: Action) -> bool:
    """Tell whether the answer is a whole date: the field may have a calendar, and many calendars hear keys alone."""
    day = parse(action.answer.text)
    return bool(day and day.month) and not part_asked(action.control)


def _choice(action: Action) -> Step | None:
    control = action.control
    values = split_values(action, control.options)
    if len(values) != 1:
        return None
    option = chosen_option(action, control.options, values[0])
    if option.selected or option.disabled:
        return None
    if control.kind == "select":
        return Step(action, "choose", control.ref.node, option.text, option.ref.node)
    return Step(action, "click", option.ref.node, option.text)


def _tick(action: Action) -> Step | None:
    if not ticked(action) or action.control.value == "true":
        return None
    return Step(action, "click", action.control.ref.node, "true")


async def enter_in_a_row(eyes: Eyes, steps: Sequence[Step]) -> list[Filled]:
    """Enter the steps one by one; return those that the page was seen to show, up to the first that it does not."""
    filled: list[Filled] = []
    last: Step | None = None
    # A page that goes away, or draws a field anew, ends the row; what was not seen does not count.
    with suppress(PlaywrightError):
        for step in (*steps, None):
            answer = await eyes.turn(last.told() if last else None, step.told() if step else None)
            if last and not _holds(last, answer["control"]):
                break
            if last:
                filled.append(Filled(last.action, last.expected, True))
            if step is None or answer["point"] is None:
                break
            await _input(eyes, step, answer["point"])
            last = step
    if len(filled) < len(steps):
        with suppress(PlaywrightError):
            await eyes.turn(None, None)
    return filled


def _holds(step: Step, raw: Mapping[str, Any] | None) -> bool:
    if raw is None:
        return False
    control = control_from(step.action.control.ref.frame, raw)
    if step.means == "click" and control.kind != "checkbox":
        # One of several is meant here, not a longer name that begins alike.
        return fold(control.value) == fold(step.expected)
    return shows(control, step.expected)


async def _input(eyes: Eyes, step: Step, point: Mapping[str, float]) -> None:
    if step.means == "type":
        await eyes.page.keyboard.insert_text(step.expected)
    elif step.means == "click":
        await eyes.page.mouse.click(point["x"], point["y"])
