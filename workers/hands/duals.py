"""Dual lists: entries are moved from one list into the other beside it, by the button between them or by a click."""

from __future__ import annotations

import asyncio

from workers.hands.controls import Control, Option, Ref
from workers.hands.observe import Eyes
from workers.hands.options import choose
from workers.hands.plan import Action
from workers.hands.render import option_texts
from workers.hands.verify import CannotEnter, split_values

CLICK_MS = 3000
GLANCE_S = 0.05
GLANCES = 12


async def move_over(eyes: Eyes, action: Action) -> str:
    """Move each stated value into the second list; return what that list should then hold."""
    moved = []
    for value in split_values(action, action.control.options):
        option = await _find(eyes, action, value)
        if not option.selected:
            await _move(eyes, action.control, option)
        moved.append(option.text)
    return " | ".join(moved)


async def _find(eyes: Eyes, action: Action, value: str) -> Option:
    now = await eyes.again(action.control.ref) or action.control
    answer = action.answer if value == action.answer.text else type(action.answer)(value)
    option = choose(now.options, option_texts(action.label, answer, action.control))
    if option is None:
        raise CannotEnter("no option says the stated value")
    return option


async def _move(eyes: Eyes, control: Control, option: Option) -> None:
    """Choose the entry and press the button between the lists; where there is none, it takes one click or two."""
    handle = await eyes.handle(option.ref)
    if handle is None:
        raise CannotEnter("the page drew the list anew")
    native = (await handle.evaluate_handle("x => x.closest('select')")).as_element()
    if native:
        await native.select_option(element=handle, timeout=CLICK_MS)
    else:
        await handle.click(timeout=CLICK_MS)
    await asyncio.sleep(GLANCE_S)
    if await _is_over(eyes, control, option):
        return
    mover = await eyes.ask(control.ref, "dualMover")
    button = await eyes.handle(Ref(control.ref.frame, mover)) if mover else None
    if button:
        await button.click(timeout=CLICK_MS)
    else:
        await handle.dblclick(timeout=CLICK_MS)
    for _ in range(GLANCES):
        if await _is_over(eyes, control, option):
            return
        await asyncio.sleep(GLANCE_S)
    raise CannotEnter("the entry stays where it is")


async def _is_over(eyes: Eyes, control: Control, option: Option) -> bool:
    """Tell whether the entry stands in the second list."""
    now = await eyes.again(control.ref)
    return now is not None and any(o.selected and o.text == option.text for o in now.options)
