"""Menus that open: comboboxes and buttons with a list."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from typing import Any

from playwright.async_api import ElementHandle
from playwright.async_api import Error as PlaywrightError

from workers.hands.calendars import calendar_open, pick_date, reads_as
from workers.hands.controls import Control, Option, Ref, option_from
from workers.hands.dates import Day, format_asked, parse, spell
from workers.hands.observe import Eyes, ask
from workers.hands.options import BUSY, choose, exactly, other
from workers.hands.plan import Action
from workers.hands.render import option_texts, same_text, search_terms
from workers.hands.text import fold
from workers.hands.verify import CannotEnter, split_values

CLICK_MS = 3000
# How people write the way to an entry through lists that hang on each other.
WAY = re.compile(r"\s+[/>\u203a\u00bb]\s+|\s+->\s+")
CREATES = re.compile(
    r"^(create|add|use|new|ajouter|creer|crear|anadir|agregar|criar|adicionar|aggiungi|crea|maak)\b"
    r"|\b(erstellen|hinzufugen|anlegen|toevoegen)$"
)
GLANCE_S = 0.06
# Asynchronous lists answer within this; a list that never comes costs it once per search.
ARRIVAL_S = 1.5
# However many words there are to search with, a list that has none of them takes no longer than this.
SEARCH_S = 3.0
# What an asynchronous list shows before this may still be the list of the search before.
STALE_S = 0.7
# A list that is longer than this many screens is not walked through.
SCREENS = 40
LEAPS = 16
REDRAWN = 3
# Plain text fields of these often look something up while one types.
TYPEAHEADS = frozenset({"school", "location", "city"})
# Where a list may honestly be answered with “Other”, the answer itself following in words.
NAMED_OTHERWISE = frozenset({"referral_source", "school", "degree", "field_of_study"})


async def pick_from_menu(eyes: Eyes, action: Action) -> str:
    """Open the control's menu and click the option that says the value, once per value."""
    await _until_enabled(eyes, action.control)
    if fold(action.control.value) == fold(action.answer.text) and not action.control.invalid:
        return action.control.value
    if parse(action.answer.text) and format_asked(action.control) and _typeable(action.control):
        return await _write_date(eyes, action.control, action.answer.text)
    await open_menu(eyes, action.control)
    offered = await _offered(eyes, action.control)
    values = split_values(action, offered)
    shown = [await _pick_one(eyes, action, values[0], offered)]
    for value in values[1:]:
        await eyes.rest(action.control.ref)
        shown.append(await _pick_next(eyes, action, value))
    if not await _confirmed(eyes, action.control) and len(values) > 1:
        await eyes.page.keyboard.press("Escape")
    return " | ".join(shown)


async def _pick_next(eyes: Eyes, action: Action, value: str) -> str:
    """Choose one more value; a menu that only now closes behind the one before is opened again."""
    for attempt in (1, 2):
        if not await eyes.ask(action.control.ref, "menuOptions"):
            await open_menu(eyes, action.control)
        try:
            return await _pick_one(eyes, action, value, await _offered(eyes, action.control))
        except (CannotEnter, PlaywrightError):
            if attempt == 2 or await eyes.ask(action.control.ref, "menuOptions"):
                raise
    raise AssertionError("unreachable")


async def _confirmed(eyes: Eyes, control: Control) -> bool:
    """Press the button that the choice waits for, if the menu has one, and tell whether it had."""
    found = await eyes.ask(control.ref, "confirmer")
    button = await eyes.handle(Ref(control.ref.frame, found)) if found else None
    if button is None:
        return False
    await button.click(timeout=CLICK_MS)
    await eyes.rest(control.ref)
    return True


async def take_suggestion(eyes: Eyes, action: Action) -> str:
    """Click the suggestion that says the value when typing has brought up a list; return its text, or nothing."""
    control = action.control
    if control.kind != "text" or control.type not in {"", "text", "search"}:
        return ""
    raw = await eyes.ask(control.ref, "menuOptions") or []
    offered = [option_from(control.ref.frame, x) for x in raw]
    if not offered and action.label in TYPEAHEADS and await eyes.listened_to():
        offered = await _options(eyes, control, 0.4)
    wanted = option_texts(action.label, action.answer, control)
    option = choose(offered, wanted)
    if option is None:
        return ""
    await _click(eyes, control, option)
    await eyes.rest(control.ref)
    return option.text


def unnamed(action: Action, options: Sequence[Option]) -> Option | None:
    """Return “Other” for a source that the list does not name; what it is, is said in the field that then appears."""
    return other(options) if action.label in NAMED_OTHERWISE else None


async def read_menu(eyes: Eyes, control: Control) -> tuple[Option, ...]:
    """Return the options that the menu offers when it is opened, and close it again."""
    try:
        await eyes.ask(control.ref, "centre")
        await open_menu(eyes, control)
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
    steps = [part.strip() for part in WAY.split(value) if part.strip()]
    if len(steps) > 1 and not exactly(offered, value):
        reached = await _walk(eyes, control, steps)
        if reached:
            return reached
    option = choose(offered, wanted) or await _find(eyes, control, wanted)
    if option is None:
        late = await _options(eyes, control, 0.2)
        option = choose(late, wanted) or unnamed(action, late)
    if option is None:
        return await _otherwise(eyes, action, value)
    await _click(eyes, control, option)
    return value if _creates(option, value) else option.text


async def _otherwise(eyes: Eyes, action: Action, value: str) -> str:
    """Enter what no single option says: a date, a way through several lists, or words of one's own."""
    if parse(value) and await calendar_open(eyes, action.control, 0.0):
        return await pick_date(eyes, action)
    if parse(value) and _typeable(action.control):
        return await _write_date(eyes, action.control, value)
    return await _keep_typed(eyes, action.control, value)


async def _write_date(eyes: Eyes, control: Control, value: str) -> str:
    """Write the date in the first way that the field takes and the page does not refuse."""
    day = parse(value)
    for text in spell(day, control) if day else []:
        with suppress(CannotEnter):
            return await _keep_typed(eyes, control, text, day)
    raise CannotEnter("the field does not take the date")


async def _walk(eyes: Eyes, control: Control, steps: Sequence[str]) -> str:
    """Click one option after another, each of which opens the list for the next; return what is shown then.

    Returns nothing, and clicks nothing, where the list does not begin the way.
    """
    for step in steps:
        option = await _arrived(eyes, control, step)
        if option is None and step == steps[0]:
            return ""
        if option is None:
            raise CannotEnter("the way through the lists ends before the value")
        await _click(eyes, control, option)
    await eyes.rest(control.ref)
    shown = str(await eyes.ask(control.ref, "read") or "")
    if fold(shown) not in {fold(steps[-1]), fold(" ".join(steps))}:
        raise CannotEnter("the page does not show the value")
    return shown


async def _arrived(eyes: Eyes, control: Control, step: str) -> Option | None:
    """Return the option of that name once the list that has it is there: the one before may stay for a moment."""
    clock = asyncio.get_running_loop().time
    deadline = clock() + ARRIVAL_S
    while clock() < deadline:
        option = exactly(await _options(eyes, control, 0.3), step)
        if option:
            return option
    return None


def _creates(option: Option, value: str) -> bool:
    """Tell whether the option is the list's offer to take the words as they are."""
    return fold(value) in fold(option.text) and bool(CREATES.search(fold(option.text)))


def _typeable(control: Control) -> bool:
    return control.kind == "combobox" and not control.readonly


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


async def _offered(eyes: Eyes, control: Control) -> list[Option]:
    """Return the options of a menu that was just opened, at once when nothing more can be expected."""
    found = _ready(control, await eyes.settled_menu(control.ref))
    return found or await _options(eyes, control, _patience(control))


def _ready(control: Control, raw: Iterable[Mapping[str, Any]]) -> list[Option]:
    """Return the options that are there to be chosen."""
    now = [option_from(control.ref.frame, x) for x in raw]
    return [o for o in now if not BUSY.match(fold(o.text))]


async def _options(eyes: Eyes, control: Control, patience: float = ARRIVAL_S) -> list[Option]:
    """Return the menu's options once they have arrived and stopped changing."""
    before: list[Option] = []
    for _ in range(int(patience / GLANCE_S)):
        await asyncio.sleep(GLANCE_S)
        ready = _ready(control, await eyes.ask(control.ref, "menuOptions") or [])
        if ready and ready == before:
            return ready
        before = ready
    return before


async def _find(eyes: Eyes, control: Control, wanted: list[str]) -> Option | None:
    option = await _scroll(eyes, control, wanted)
    if option:
        return option
    handle = await _search_field(eyes, control)
    deadline = asyncio.get_running_loop().time() + SEARCH_S
    for term in search_terms(wanted) if handle else []:
        option = await _search(eyes, control, handle, term, wanted)
        if option or asyncio.get_running_loop().time() > deadline:
            return option
    return None


async def _search_field(eyes: Eyes, control: Control) -> ElementHandle | None:
    """Return where to type to narrow the list: the control itself, or the text box that its menu has."""
    if _typeable(control):
        return await eyes.handle(control.ref)
    found = await eyes.ask(control.ref, "searchBox")
    return await eyes.handle(Ref(control.ref.frame, found)) if found else None


async def _search(
    eyes: Eyes, control: Control, handle: ElementHandle | None, term: str, wanted: list[str]
) -> Option | None:
    if handle is None:
        return None
    if await handle.evaluate("e => e.value ?? e.textContent"):
        # In an empty box the key that clears it would take away the entry before it.
        await handle.fill("", timeout=CLICK_MS)
    await handle.type(term, delay=8)
    clock = asyncio.get_running_loop().time
    began, asked = clock(), False
    while clock() < began + ARRIVAL_S:
        offered = await _options(eyes, control, 0.3)
        option = choose(offered, wanted)
        if option:
            return option
        if clock() < began + STALE_S:
            continue
        if asked or not _is_prompt(control):
            if offered:
                return None
        else:
            # Such a list is only searched when the key says so.
            asked = True
            await confirm(eyes, control, handle)
    return None


def _is_prompt(control: Control) -> bool:
    """Tell whether the field only searches, so that the key to confirm chooses nothing by mistake."""
    return control.kind == "combobox" and not control.role and bool(control.placeholder)


async def _scroll(eyes: Eyes, control: Control, wanted: list[str]) -> Option | None:
    """Walk through a list that draws only what is in view."""
    if await eyes.ask(control.ref, "menuScreens") > SCREENS:
        return await _leap(eyes, control, wanted)
    for _ in range(SCREENS):
        if not await eyes.ask(control.ref, "scrollMenu"):
            return None
        option = choose(await _options(eyes, control), wanted)
        if option:
            return option
    return None


async def _leap(eyes: Eyes, control: Control, wanted: list[str]) -> Option | None:
    """Come to the option in a long list in order by halves, as one does in a dictionary."""
    frame, low, high = eyes.frame(control.ref.frame), 0.0, 1.0
    for _ in range(LEAPS):
        share = (low + high) / 2
        await ask(frame, "scrollMenuTo", {"id": control.ref.node, "share": share})
        offered = await _options(eyes, control, 0.5)
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


async def _click(eyes: Eyes, control: Control, option: Option) -> None:
    """Click the option; one that its list draws anew meanwhile is found again by its name."""
    found: Option | None = option
    for _ in range(REDRAWN):
        handle = await eyes.handle(found.ref) if found else None
        if handle:
            try:
                await handle.click(timeout=CLICK_MS)
                return
            except PlaywrightError as error:
                if "not attached" not in str(error):
                    raise
        found = exactly(await _options(eyes, control, 0.5), option.text)
    raise CannotEnter("the option went away")


async def _keep_typed(eyes: Eyes, control: Control, value: str, day: Day | None = None) -> str:
    """Leave the words themselves where the list has no such entry and the field keeps free text."""
    handle = await eyes.handle(control.ref) if _typeable(control) else None
    if handle is None:
        await eyes.page.keyboard.press("Escape")
        raise CannotEnter("no option says the stated value")
    await handle.fill(value, timeout=CLICK_MS)
    if day or not await _options(eyes, control, 0.2):
        # Nothing is offered that the key could choose by mistake.
        await confirm(eyes, control, handle)
    await handle.evaluate("e => e.blur()")
    await asyncio.sleep(0.3)
    now = await eyes.again(control.ref)
    if now and now.invalid and not control.invalid:
        raise CannotEnter("the page refuses the value")
    painted = str(await eyes.ask(control.ref, "read") or "")
    if day and reads_as(painted, day):
        return painted
    if same_text(value, painted) or fold(value) in {fold(x) for x in painted.split(" | ")}:
        return value
    raise CannotEnter("no option says the stated value, and the field keeps no other")


async def confirm(eyes: Eyes, control: Control, handle: ElementHandle) -> None:
    """Confirm what was typed by the key that makes an entry of it; the form is not sent by it."""
    frame = eyes.frame(control.ref.frame)
    await ask(frame, "holdForm", argument=True)
    await handle.press("Enter", no_wait_after=True)
    await ask(frame, "holdForm", argument=False)
