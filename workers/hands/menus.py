"""Menus that open: comboboxes, buttons with a list, and calendars."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

from playwright.async_api import ElementHandle
from playwright.async_api import Error as PlaywrightError

from workers.hands.controls import Control, Option, Ref, option_from
from workers.hands.dates import Day, parse
from workers.hands.listeners import listens
from workers.hands.observe import Eyes, ask
from workers.hands.options import BUSY, choose, other
from workers.hands.plan import Action
from workers.hands.render import option_texts, same_text, search_terms
from workers.hands.text import fold
from workers.hands.verify import CannotEnter, split_values

CLICK_MS = 3000
GLANCE_S = 0.06
# Asynchronous lists answer within this; a list that never comes costs it once per search.
ARRIVAL_S = 1.5
# However many words there are to search with, a list that has none of them takes no longer than this.
SEARCH_S = 8.0
MONTHS_TURNED = 400
# Plain text fields of these often look something up while one types.
TYPEAHEADS = frozenset({"school", "location", "city"})
# Where a list may honestly be answered with “Other”, the answer itself following in words.
NAMED_OTHERWISE = frozenset({"referral_source", "school", "degree", "field_of_study"})


async def pick_from_menu(eyes: Eyes, action: Action) -> str:
    """Open the control's menu and click the option that says the value, once per value."""
    await _until_enabled(eyes, action.control)
    if fold(action.control.value) == fold(action.answer.text) and not action.control.invalid:
        return action.control.value
    await _open(eyes, action.control)
    offered = await _options(eyes, action.control, _patience(action.control))
    values = split_values(action, offered)
    shown = [await _pick_one(eyes, action, values[0], offered)]
    for value in values[1:]:
        if not await eyes.ask(action.control.ref, "menuOptions"):
            await _open(eyes, action.control)
        offered = await _options(eyes, action.control, _patience(action.control))
        shown.append(await _pick_one(eyes, action, value, offered))
    if len(values) > 1:
        await eyes.page.keyboard.press("Escape")
    return " | ".join(shown)


async def take_suggestion(eyes: Eyes, action: Action) -> str:
    """Click the suggestion that says the value when typing has brought up a list; return its text, or nothing."""
    control = action.control
    if control.kind != "text" or control.type not in {"", "text", "search"}:
        return ""
    raw = await eyes.ask(control.ref, "menuOptions") or []
    offered = [option_from(control.ref.frame, x) for x in raw]
    if not offered and action.label in TYPEAHEADS and await listens(eyes.page):
        offered = await _options(eyes, control, 0.4)
    wanted = option_texts(action.label, action.answer, control)
    option = choose(offered, wanted)
    if option is None:
        return ""
    await _click(eyes, option)
    await asyncio.sleep(GLANCE_S)
    return option.text


def unnamed(action: Action, options: Sequence[Option]) -> Option | None:
    """Return “Other” for a source that the list does not name; what it is, is said in the field that then appears."""
    return other(options) if action.label in NAMED_OTHERWISE else None


async def read_menu(eyes: Eyes, control: Control) -> tuple[Option, ...]:
    """Return the options that the menu offers when it is opened, and close it again."""
    try:
        await eyes.ask(control.ref, "centre")
        await _open(eyes, control)
        options = await _options(eyes, control)
        await _shut(eyes, control)
    except PlaywrightError:
        return ()
    return tuple(options)


async def _shut(eyes: Eyes, control: Control) -> None:
    """Close the control's menu: by the key for it, or else by the button that opened it."""
    await eyes.page.keyboard.press("Escape")
    await asyncio.sleep(GLANCE_S)
    handle = await eyes.handle(control.ref) if control.kind == "listbutton" else None
    if handle and await eyes.ask(control.ref, "menuOptions"):
        await handle.click(timeout=CLICK_MS)


async def _pick_one(eyes: Eyes, action: Action, value: str, offered: Sequence[Option]) -> str:
    control = action.control
    answer = action.answer if value == action.answer.text else type(action.answer)(value)
    wanted = option_texts(action.label, answer, control)
    option = choose(offered, wanted) or await _find(eyes, control, wanted)
    option = option or unnamed(action, await _options(eyes, control, 0.2))
    if option is None:
        return await _keep_typed(eyes, control, value)
    await _click(eyes, option)
    await asyncio.sleep(GLANCE_S)
    return option.text


def _typeable(control: Control) -> bool:
    return control.kind == "combobox" and control.tag == "input" and not control.readonly


def _patience(control: Control) -> float:
    """Return how long to wait for a menu: one that can be searched often stays empty until something is typed."""
    return ARRIVAL_S / 4 if _typeable(control) else ARRIVAL_S


async def _until_enabled(eyes: Eyes, control: Control) -> None:
    for _ in range(int(ARRIVAL_S / GLANCE_S)):
        now = await eyes.again(control.ref)
        if now is None or not now.disabled:
            return
        await asyncio.sleep(GLANCE_S)
    raise CannotEnter("it stays switched off")


async def _open(eyes: Eyes, control: Control) -> None:
    """Remember what is on the screen, then click the control unless its menu is open already."""
    await eyes.ask(control.ref, "mark")
    target = await eyes.ask(control.ref, "handleFor")
    handle = await eyes.handle(Ref(control.ref.frame, target)) if target else None
    if handle is None:
        raise CannotEnter("the page drew the control anew")
    await handle.click(timeout=CLICK_MS)


async def _options(eyes: Eyes, control: Control, patience: float = ARRIVAL_S) -> list[Option]:
    """Return the menu's options once they have arrived and stopped changing."""
    before: list[Option] = []
    for _ in range(int(patience / GLANCE_S)):
        await asyncio.sleep(GLANCE_S)
        raw = await eyes.ask(control.ref, "menuOptions") or []
        now = [option_from(control.ref.frame, x) for x in raw]
        ready = [o for o in now if not BUSY.match(fold(o.text))]
        if ready and ready == before:
            return ready
        before = ready
    return before


async def _find(eyes: Eyes, control: Control, wanted: list[str]) -> Option | None:
    option = await _scroll(eyes, control, wanted)
    if option or not _typeable(control):
        return option
    handle = await eyes.handle(control.ref)
    deadline = asyncio.get_running_loop().time() + SEARCH_S
    for term in search_terms(wanted) if handle else []:
        option = await _search(eyes, control, handle, term, wanted)
        if option or asyncio.get_running_loop().time() > deadline:
            return option
    return None


async def _search(
    eyes: Eyes, control: Control, handle: ElementHandle | None, term: str, wanted: list[str]
) -> Option | None:
    if handle is None:
        return None
    await handle.fill("")
    await handle.type(term, delay=8)
    for _ in range(int(ARRIVAL_S / 0.25)):
        option = choose(await _options(eyes, control), wanted)
        if option:
            return option
        await asyncio.sleep(0.05)
        if await eyes.ask(control.ref, "menuOptions"):
            return None
    return None


async def _scroll(eyes: Eyes, control: Control, wanted: list[str]) -> Option | None:
    """Walk through a list that draws only what is in view."""
    for _ in range(40):
        if not await eyes.ask(control.ref, "scrollMenu"):
            return None
        option = choose(await _options(eyes, control), wanted)
        if option:
            return option
    return None


async def _click(eyes: Eyes, option: Option) -> None:
    handle = await eyes.handle(option.ref)
    if handle is None:
        raise CannotEnter("the option went away")
    await handle.scroll_into_view_if_needed(timeout=CLICK_MS)
    await handle.click(timeout=CLICK_MS)


async def _keep_typed(eyes: Eyes, control: Control, value: str) -> str:
    """Leave the words themselves where the list has no such entry and the field keeps free text."""
    handle = await eyes.handle(control.ref)
    if control.kind != "combobox" or handle is None or control.tag != "input":
        await eyes.page.keyboard.press("Escape")
        raise CannotEnter("no option says the stated value")
    await handle.fill(value)
    await handle.evaluate("e => e.blur()")
    await asyncio.sleep(0.3)
    painted = str(await eyes.ask(control.ref, "read") or "")
    if same_text(value, painted):
        return value
    raise CannotEnter("no option says the stated value, and the field keeps no other")


async def pick_date(eyes: Eyes, action: Action) -> str:
    """Choose a day in the calendar that a read-only date field opens, turning its pages month by month."""
    day = parse(action.answer.text)
    if day is None or not (day.month and day.day):
        raise CannotEnter("the field is read-only")
    await _open(eyes, action.control)
    for _ in range(MONTHS_TURNED):
        await asyncio.sleep(0.03)
        step = await ask(eyes.frame(action.control.ref.frame), "turnCalendar", [day.year, day.month, day.day])
        handle = await eyes.handle(Ref(action.control.ref.frame, step["click"])) if step else None
        if handle is None:
            break
        await handle.click(timeout=CLICK_MS)
        if step["day"]:
            await asyncio.sleep(GLANCE_S)
            return _same_day(day, str(await eyes.ask(action.control.ref, "read") or ""))
    raise CannotEnter("the calendar does not reach the day")


def _same_day(day: Day, painted: str) -> str:
    if parse(painted) == day:
        return painted
    raise CannotEnter("the calendar shows another day")
