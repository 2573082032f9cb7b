"""The list that a menu shows: opening it, and its options once they have come."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Mapping
from typing import Any

from playwright.async_api import Error as PlaywrightError

from workers.hands.controls import Control, Option, Ref, option_from
from workers.hands.observe import Eyes
from workers.hands.options import exactly
from workers.hands.text import fold
from workers.hands.verify import CannotEnter
from workers.hands.vocabulary import said

CLICK_MS = 3000
GLANCE_S = 0.06
# Asynchronous lists answer within this; a list that never comes costs it once per search.
ARRIVAL_S = 1.5
REDRAWN = 3


async def open_menu(eyes: Eyes, control: Control) -> None:
    """Remember what is on the screen, then click the control unless its menu is open already."""
    await eyes.ask(control.ref, "mark")
    aim = await eyes.ask(control.ref, "aimFor")
    target = Ref(control.ref.frame, aim["node"]) if aim else None
    handle = await eyes.handle(target) if target and aim["through"] else None
    if handle:
        await handle.click(timeout=CLICK_MS, force=True)
    elif target is None or not await eyes.click(target, timeout_ms=CLICK_MS):
        raise CannotEnter("the page drew the control anew")


async def read_menu(eyes: Eyes, control: Control) -> tuple[Option, ...]:
    """Return the options that the menu offers when it is opened, and close it again."""
    try:
        await eyes.ask(control.ref, "centre")
        await open_menu(eyes, control)
        options = await settled_options(eyes, control)
        await _shut(eyes, control)
    except (CannotEnter, PlaywrightError):
        return ()
    return tuple(options)


async def _shut(eyes: Eyes, control: Control) -> None:
    """Close the control's menu: by the key for it, or else by the button that opened it."""
    await eyes.page.keyboard.press("Escape")
    await asyncio.sleep(GLANCE_S)
    handle = await eyes.handle(control.ref) if control.kind == "listbutton" else None
    if handle and await eyes.ask(control.ref, "menuOptions"):
        await handle.click(timeout=CLICK_MS)


async def options_after_opening(eyes: Eyes, control: Control) -> list[Option]:
    """Return the options of a menu that was just opened, at once when nothing more can be expected."""
    found = _ready(control, await eyes.settled_menu(control.ref))
    return found or await settled_options(eyes, control, _patience(control))


def _ready(control: Control, raw: Iterable[Mapping[str, Any]]) -> list[Option]:
    """Return the options that are there to be chosen."""
    now = [option_from(control.ref.frame, x) for x in raw]
    return [o for o in now if not said("options", "busy").match(fold(o.text))]


async def settled_options(eyes: Eyes, control: Control, patience: float = ARRIVAL_S) -> list[Option]:
    """Return the menu's options once they have arrived and stopped changing."""
    before: list[Option] = []
    for _ in range(int(patience / GLANCE_S)):
        await asyncio.sleep(GLANCE_S)
        ready = _ready(control, await eyes.ask(control.ref, "menuOptions") or [])
        if ready and ready == before:
            return ready
        before = ready
    return before


def typeable(control: Control) -> bool:
    """Tell whether one can type into the control that has the list."""
    return control.kind == "combobox" and not control.readonly


def _patience(control: Control) -> float:
    """Return how long to wait for a menu: one that can be searched often stays empty until something is typed."""
    return ARRIVAL_S / 4 if typeable(control) else ARRIVAL_S


async def click_option(eyes: Eyes, control: Control, option: Option) -> None:
    """Click the option; one that its list draws anew meanwhile is found again by its name."""
    found: Option | None = option
    for _ in range(REDRAWN):
        try:
            if found and await _click_at_rest(eyes, found.ref):
                return
        except PlaywrightError as error:
            if "not attached" not in str(error):
                raise
        found = exactly(await settled_options(eyes, control, 0.5), option.text)
    raise CannotEnter("the option went away")


async def _click_at_rest(eyes: Eyes, ref: Ref) -> bool:
    """Click the node once it does not move any more; False when the page has thrown it away."""
    if await eyes.ask(ref, "pressable"):
        return await eyes.click(ref, timeout_ms=CLICK_MS)
    handle = await eyes.handle(ref)
    if handle:
        await handle.click(timeout=CLICK_MS)
    return handle is not None
