"""The way to an option in a list that shows only some: by scrolling, and by typing what narrows it."""

from __future__ import annotations

import asyncio
import math
import re
from collections.abc import Iterable, Sequence

from playwright.async_api import ElementHandle

from workers.hands.controls import Control, Option, Ref
from workers.hands.lists import ARRIVAL_S, CLICK_MS, GLANCE_S, click_option, settled_options, typeable
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
BRANCHES = 40


async def find_option(
    eyes: Eyes, control: Control, wanted: list[str], offered: Sequence[Option]
) -> Option | None:
    """Return the option that says one of the texts, the likeliest text first, wherever in the list it is.

    `offered` is what the list shows of itself so far.
    """
    option = await _show_more(eyes, control, wanted, offered) or await _scroll(eyes, control, wanted)
    if option:
        return option
    handle = await _search_field(eyes, control)
    if handle is None:
        return await _branch_out(eyes, control, wanted)
    deadline = asyncio.get_running_loop().time() + SEARCH_S
    for term in search_terms(wanted):
        option = await _search(eyes, control, handle, term, wanted)
        if option or not await _typed(handle) or asyncio.get_running_loop().time() > deadline:
            return option
    return None


async def _branch_out(eyes: Eyes, control: Control, wanted: list[str]) -> Option | None:
    """Open one closed branch of a tree after another, until a text itself is shown."""
    offered: list[Option] = []
    for _ in range(BRANCHES):
        toggle = await eyes.ask(control.ref, "closedBranch")
        if not (toggle and await eyes.click(Ref(control.ref.frame, toggle), timeout_ms=CLICK_MS)):
            break
        offered = await _grown(eyes, control, len(offered))
        found = next((o for want in wanted if (o := exactly(offered, want))), None)
        if found:
            return found
    return choose(offered, wanted)


def has_more(offered: Iterable[Option]) -> Option | None:
    """Return the row that shows more of the list, if it has one."""
    return next((o for o in offered if said("options", "more").match(fold(o.text))), None)


async def _show_more(
    eyes: Eyes, control: Control, wanted: list[str], offered: Sequence[Option]
) -> Option | None:
    """Press the row that shows more until a text itself is shown, or there is no more; choose among all that is."""
    if not has_more(offered):
        return None
    for _ in range(SCREENS):
        found = next((o for want in wanted if (o := exactly(offered, want))), None)
        row = has_more(offered)
        if found or row is None:
            break
        await click_option(eyes, control, row)
        offered = await _grown(eyes, control, len(offered))
    return found or choose(offered, wanted)


async def _grown(eyes: Eyes, control: Control, before: int) -> list[Option]:
    """Return what the list shows once it has more than before, or after a while all the same."""
    clock = asyncio.get_running_loop().time
    deadline = clock() + ARRIVAL_S
    while True:
        offered = await settled_options(eyes, control, 0.3)
        if len(offered) > before or clock() > deadline:
            return offered


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
                return await _scroll(eyes, control, wanted, until=clock() + ARRIVAL_S)
        else:
            # Such a list is only searched when the key says so.
            asked = True
            await confirm(eyes, control, handle)
            began = clock()
    return None


def _makes_another(option: Option, term: str, value: str) -> bool:
    """Tell whether the option offers to make an entry of what was typed, and that is another name of the value."""
    return creates(option, term) and fold(value) not in fold(option.text)


def creates(option: Option, words: str) -> bool:
    """Tell whether the option is the list's offer to take the words as they are: what else it says, says so."""
    before, found, after = fold(option.text).partition(fold(words))
    rest = f"{before.strip()} {after.strip()}".strip()
    return bool(found and rest) and bool(said("options", "creates").search(rest))


def _is_prompt(control: Control) -> bool:
    """Tell whether the field only searches, so that the key to confirm chooses nothing by mistake."""
    return control.kind == "combobox" and not control.role and bool(control.placeholder)


async def _scroll(eyes: Eyes, control: Control, wanted: list[str], until: float = math.inf) -> Option | None:
    """Walk through a list that draws only what is in view, or loads more at its end."""
    screens = await eyes.ask(control.ref, "menuScreens")
    if screens > FEW:
        option = await _leap(eyes, control, wanted)
        if option or screens > SCREENS:
            return option
        await ask(eyes.frame(control.ref.frame), "scrollMenuTo", {"id": control.ref.node, "share": 0})
    for step in range(SCREENS):
        if asyncio.get_running_loop().time() > until or not await _onward(eyes, control, late=step > 0):
            return None
        option = choose(await settled_options(eyes, control), wanted)
        if option:
            return option
    return None


async def _onward(eyes: Eyes, control: Control, *, late: bool) -> bool:
    """Scroll on, and tell whether there was anything left; at its end, some lists load more, a moment later."""
    for wait in (0.0, *([GLANCE_S] * int(STALE_S / GLANCE_S) if late else ())):
        await asyncio.sleep(wait)
        if await eyes.ask(control.ref, "scrollMenu"):
            return True
    return False


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
