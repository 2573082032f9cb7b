"""Sliders and the like, which are moved step by step until they show the number."""

from __future__ import annotations

import asyncio

from playwright.async_api import ElementHandle

from workers.hands.controls import Control, Ref
from workers.hands.observe import Eyes
from workers.hands.plan import Action
from workers.hands.render import plain_number, same_text
from workers.hands.verify import CannotEnter

TAKES_MS = 4000
SLIDES = 200
MOVES = 10
MOVING_S = 0.02


async def slide(eyes: Eyes, action: Action) -> str:
    """Move the slider to the stated number and return what it shows; raises `CannotEnter` when no step leads there."""
    number = plain_number(action.answer.text) or action.answer.text
    handle = await eyes.handle(action.control.ref)
    if handle is None:
        raise CannotEnter("the page drew the control anew")
    if action.control.tag == "input":
        return await _set(handle, action.control, number)
    return await _move(eyes, action.control, handle, number)


async def slide_beside(eyes: Eyes, action: Action) -> str:
    """Move the slider beside a field that only shows its number; return nothing where there is no such thing."""
    number = plain_number(action.answer.text)
    found = await eyes.ask(action.control.ref, "sliderBeside") if number else 0
    handle = await eyes.handle(Ref(action.control.ref.frame, found)) if found else None
    return await _move(eyes, action.control, handle, number) if handle else ""


async def _set(handle: ElementHandle, control: Control, number: str) -> str:
    await handle.fill(number, timeout=TAKES_MS)
    painted = await handle.input_value()
    if not same_text(number, painted):
        # The browser takes the nearest value that there is.
        await handle.fill(control.value, timeout=TAKES_MS)
        raise CannotEnter("the slider does not reach the value")
    return painted


async def _move(eyes: Eyes, control: Control, handle: ElementHandle, number: str) -> str:
    """Move it by its keys to the number; where it does not get there, back to where it stood."""
    await handle.focus()
    painted = await _slid(eyes, control, handle, number)
    if not same_text(number, painted):
        # Wherever it stopped, nobody has said that.
        if control.value:
            await _slid(eyes, control, handle, control.value)
        else:
            await handle.press("Home")
        raise CannotEnter("the slider does not reach the value")
    return painted


async def _slid(eyes: Eyes, control: Control, handle: ElementHandle, number: str) -> str:
    """Move the slider from its lowest value up to the number, or as far as it goes, and return what it shows then."""
    onward = "ArrowUp" if control.role == "spinbutton" else "ArrowRight"
    await handle.press("Home")
    painted, before = await _moved(eyes, control, ""), ""
    for _ in range(SLIDES):
        if same_text(number, painted) or painted == before:
            break
        await handle.press(onward)
        painted, before = await _moved(eyes, control, painted), painted
    return painted


async def _moved(eyes: Eyes, control: Control, before: str) -> str:
    """Return what the slider shows once it shows something new: some paint a moment after the key."""
    painted = ""
    for _ in range(MOVES):
        painted = str(await eyes.ask(control.ref, "read"))
        if painted != before:
            break
        await asyncio.sleep(MOVING_S)
    return painted
