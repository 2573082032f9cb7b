"""The way to an option in a list that shows only some: by scrolling, and by typing what narrows it."""

from __future__ import annotations

import asyncio
import re

from playwright.async_api import ElementHandle

from workers.hands.controls import Control, Option, Ref
from workers.hands.lists import ARRIVAL_S, CLICK_MS, settled_options, typeable
from workers.hands.observe import Eyes, ask
from workers.hands.options import choose, exactly, says_less
from workers.hands.render import search_terms
from workers.hands.text import fold
from workers.hands.vocabulary import said

# However many words there are to search with, a list that has none of them takes no longer than this.
SEARCH_S = 3.0
# What an asynchronous list shows before this may still be the list of the search before.
STALE_S = 0.7
# A list that is longer than this many screens is not walked through.
SCREENS = 40
# One that is no longer than this is walked through from its beginning.
FEW = 6
LEAPS = 16


async def find_option(eyes: Eyes, control: Control, wanted: list[str]) -> Option | None:
    """Return the option that says one of the texts, the likeliest text first, wherever in the list it is."""
    option = await _scroll(eyes, control, wanted)
    if option:
        return option
    handle = await _search_field(eyes, control)
    if handle is None:
        return None
    deadline = asyncio.get_running_loop().time() + SEARCH_S
    for term in search_terms(wanted):
        option = await _search(eyes, control, handle, term, wanted)
        if option or not await _typed(handle) or asyncio.get_running_loop().time() > deadline:
            return option
    return None


async def _search_field(eyes: Eyes, control: Control) -> ElementHandle | None:
    """Return where to type to narrow the list: the control itself, or the text box that its menu has."""
    if typeable(control):
        return await eyes.handle(control.ref)
    found = await eyes.ask(control.ref, "searchBox")
    return await eyes.handle(Ref(control.ref.frame, found)) if found else None


async def _search(
    eyes: Eyes, control: Control, handle: ElementHandle, term: str, wanted: list[str]
) -> Option | None:
    if await _typed(handle):
        # In an empty box the key that clears it would take away the entry before it.
        await handle.fill("", timeout=CLICK_MS)
    await handle.type(term, delay=8)
    clock = asyncio.get_running_loop().time
    began, asked = clock(), False
    while clock() < began + ARRIVAL_S:
        offered = await settled_options(eyes, control, 0.3)
        option = choose([o for o in offered if not _makes_another(o, term, wanted[0])], wanted)
        fresh = clock() >= began + STALE_S
        if option and (fresh or not says_less(option, term)):
            return option
        if not fresh:
            continue
        if asked or not _is_prompt(control):
            if offered:
                return None
        else:
            # Such a list is only searched when the key says so.
            asked = True
            await confirm(eyes, control, handle)
    return None


def _makes_another(option: Option, term: str, value: str) -> bool:
    """Tell whether the option offers to make an entry of what was typed, and that is another name of the value."""
    text = fold(option.text)
    offers = text != fold(term) and fold(term) in text and said("options", "creates").search(text)
    return bool(offers) and fold(value) not in text


def _is_prompt(control: Control) -> bool:
    """Tell whether the field only searches, so that the key to confirm chooses nothing by mistake."""
    return control.kind == "combobox" and not control.role and bool(control.placeholder)


async def _scroll(eyes: Eyes, control: Control, wanted: list[str]) -> Option | None:
    """Walk through a list that draws only what is in view."""
    screens = await eyes.ask(control.ref, "menuScreens")
    if screens > FEW:
        option = await _leap(eyes, control, wanted)
        if option or screens > SCREENS:
            return option
        await ask(eyes.frame(control.ref.frame), "scrollMenuTo", {"id": control.ref.node, "share": 0})
    for _ in range(SCREENS):
        if not await eyes.ask(control.ref, "scrollMenu"):
            return None
        option = choose(await settled_options(eyes, control), wanted)
        if option:
            return option
    return None


async def _leap(eyes: Eyes, control: Control, wanted: list[str]) -> Option | None:
    """Come to the option in a long list in order by halves, as one does in a dictionary."""
    frame, low, high = eyes.frame(control.ref.frame), 0.0, 1.0
    for _ in range(LEAPS):
        share = (low + high) / 2
        await ask(frame, "scrollMenuTo", {"id": control.ref.node, "share": share})
        offered = await settled_options(eyes, control, 0.5)
        found = next((o for want in wanted if (o := exactly(offered, want))), None)
        if found:
            return found
        places = [_place(o.text) for o in offered]
        if not places or places != sorted(places) or places[0] <= _place(wanted[0]) <= places[-1]:
            return None
        low, high = (low, share) if _place(wanted[0]) < places[0] else (share, high)
    return None


def _place(text: str) -> list[tuple[int, str]]:
    """Return where a text stands in a list in order, its numbers by their size."""
    return [(int(w), "") if w.isdigit() else (0, w) for w in re.findall(r"\d+|[^\W\d]+", fold(text))]


async def _typed(handle: ElementHandle) -> str:
    """Return what stands in the box; a field that makes entries takes it away by the key that confirms."""
    return str(await handle.evaluate("e => e.value ?? e.textContent"))


async def has_entry(eyes: Eyes, control: Control, value: str) -> bool:
    """Tell whether the field has made an entry of the value."""
    shown = [fold(entry) for entry in str(await eyes.ask(control.ref, "entries") or "").split(" | ")]
    if fold(value) in shown:
        return True
    # Entries that are not told apart are one text; what was there before may be something longer.
    new = f" {fold(value)} " not in f" {fold(control.value)} "
    return new and len(shown) == 1 and f" {fold(value)} " in f" {shown[0]} "


async def confirm(eyes: Eyes, control: Control, handle: ElementHandle) -> None:
    """Confirm what was typed by the key that makes an entry of it; the form is not sent by it."""
    frame = eyes.frame(control.ref.frame)
    await ask(frame, "holdForm", argument=True)
    await handle.press("Enter", no_wait_after=True)
    await ask(frame, "holdForm", argument=False)
