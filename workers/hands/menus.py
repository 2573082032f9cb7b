"""Menus that open, comboboxes and buttons with a list: what to choose there, and what to do where no option says it."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import replace

from playwright.async_api import ElementHandle
from playwright.async_api import Error as PlaywrightError

from workers.hands.calendars import calendar_open, pick_date, reads_as
from workers.hands.controls import Control, Option, Ref, option_from
from workers.hands.dates import Day, format_asked, parse, spell
from workers.hands.lists import (
    ARRIVAL_S,
    CLICK_MS,
    GLANCE_S,
    click_option,
    open_menu,
    options_after_opening,
    settled_options,
    typeable,
)
from workers.hands.observe import Eyes
from workers.hands.options import choose, exactly, other, says_less
from workers.hands.plan import Action
from workers.hands.render import option_texts, same_text
from workers.hands.search import confirm, creates, find_option, has_entry, has_more
from workers.hands.tags import several
from workers.hands.text import fold
from workers.hands.verify import CannotEnter, split_values

# How people write the way to an entry through lists that hang on each other.
WAY = re.compile(r"\s+[/>\u203a\u00bb]\s+|\s+->\s+")
# What stands behind an entry that only opens another list.
BRANCH = re.compile(r"\s[>\u203a\u00bb\u25b8\u25b6\u276f\u2192]$")
# Plain text fields of these often look something up while one types.
TYPEAHEADS = frozenset({"school", "location", "city"})
# A field for a street that wants nothing from the browser may look streets up itself.
UNAIDED = frozenset({"off", "nope", "new-password"})
# Where a list may honestly be answered with “Other”, the answer itself following in words.
NAMED_OTHERWISE = frozenset({"referral_source", "school", "degree", "field_of_study", "pronouns"})


async def pick_from_menu(eyes: Eyes, action: Action) -> str:
    """Open the control's menu and click the option that says the value, once per value."""
    await _until_enabled(eyes, action.control)
    if fold(action.control.value) == fold(action.answer.text) and not action.control.invalid:
        return action.control.value
    if parse(action.answer.text) and format_asked(action.control) and typeable(action.control):
        return await _write_date(eyes, action.control, action.answer.text)
    await open_menu(eyes, action.control)
    offered = await options_after_opening(eyes, action.control)
    action = await _as_opened(eyes, action)
    values = (split_values(action, offered) if offered else several(action)) or [action.answer.text]
    shown = [await _pick_one(eyes, action, values[0], offered)]
    for value in values[1:]:
        await eyes.rest(action.control.ref)
        shown.append(await _pick_next(eyes, action, value))
    if not await _confirmed(eyes, action.control) and len(values) > 1:
        await eyes.page.keyboard.press("Escape")
    return " | ".join(shown)


async def _as_opened(eyes: Eyes, action: Action) -> Action:
    """Return the action with what its list tells once it is open: whether several may be chosen."""
    if "," not in action.answer.text or action.control.several:
        return action
    now = await eyes.again(action.control.ref)
    return replace(action, control=replace(action.control, several=now.several)) if now else action


async def _pick_next(eyes: Eyes, action: Action, value: str) -> str:
    """Choose one more value; a menu that only now closes behind the one before is opened again."""
    for attempt in (1, 2):
        if not await eyes.ask(action.control.ref, "menuOptions"):
            await open_menu(eyes, action.control)
        try:
            return await _pick_one(eyes, action, value, await options_after_opening(eyes, action.control))
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


async def take_suggestion(eyes: Eyes, action: Action, patience: float = 0.0) -> str:
    """Click the suggestion that says the value when typing has brought up a list, or brings one up within the patience;
    return its text, or nothing."""
    control = action.control
    if control.kind != "text" or control.type not in {"", "text", "search"}:
        return ""
    raw = await eyes.ask(control.ref, "menuOptions") or []
    offered = [option_from(control.ref.frame, x) for x in raw]
    if not offered and patience and await eyes.listened_to():
        offered = await settled_options(eyes, control, patience)
    wanted = option_texts(action.label, action.answer, control)
    option = choose(offered, wanted)
    if option is None:
        return ""
    await click_option(eyes, control, option)
    await eyes.rest(control.ref)
    return option.text


def looks_up(action: Action) -> bool:
    """Tell whether the field is one that often looks something up while one types."""
    street = action.label == "address_line1" and action.control.autocomplete in UNAIDED
    return street or action.label in TYPEAHEADS


def unnamed(action: Action, options: Sequence[Option]) -> Option | None:
    """Return “Other” for a source that the list does not name; what it is, is said in the field that then appears."""
    return other(options) if action.label in NAMED_OTHERWISE else None


async def _pick_one(eyes: Eyes, action: Action, value: str, offered: Sequence[Option]) -> str:
    control = action.control
    answer = action.answer if value == action.answer.text else type(action.answer)(value)
    wanted = option_texts(action.label, answer, control)
    if reached := await _by_steps(eyes, control, value, offered):
        return reached
    option = choose(offered, wanted)
    inward = [part.strip() for part in reversed(value.split(","))]
    if option is None and len(inward) > 1 and exactly(offered, inward[0]):
        # A place is said from the inside, and found from the outside.
        return await _walk(eyes, control, inward)
    unsure = option is None or (typeable(control) and says_less(option, value))
    if unsure or (has_more(offered) and not exactly(offered, value)):
        option = await find_option(eyes, control, wanted, offered) or option
    if option is None:
        late = await settled_options(eyes, control, 0.2)
        option = choose(late, wanted) or unnamed(action, late)
    if option is None:
        return await _otherwise(eyes, action, value)
    if _says_too_little(control, option, value):
        if await _in_own_words(eyes, control, value):
            return value
        option = await find_option(eyes, control, wanted, ()) or option
    return await _take(eyes, control, option, value, searched=unsure)


def _says_too_little(control: Control, option: Option, value: str) -> bool:
    """Tell whether a field of entries may have one made that says more than the option."""
    return control.several and typeable(control) and says_less(option, value)


async def _take(eyes: Eyes, control: Control, option: Option, value: str, *, searched: bool) -> str:
    """Click the option, and what it opens where it is a branch; return what should be shown then."""
    await click_option(eyes, control, option)
    if BRANCH.search(option.text):
        option = await _within(eyes, control, option, value)
    elif searched and typeable(control):
        await _leave_search(eyes, control)
    return value if creates(option, value) else option.text


async def _leave_search(eyes: Eyes, control: Control) -> None:
    """Leave a list that stays open behind what was searched for: words that only searched it are no answer."""
    handle = await eyes.handle(control.ref) if await eyes.ask(control.ref, "menuOptions") else None
    if handle:
        await handle.evaluate("e => e.blur()")


async def _within(eyes: Eyes, control: Control, branch: Option, value: str) -> Option:
    """Choose the entry of that name in the list that another entry of the same name has opened."""
    for _ in range(int(ARRIVAL_S / GLANCE_S)):
        await asyncio.sleep(GLANCE_S)
        found = exactly(await settled_options(eyes, control, 0.3), value)
        if found and found.ref != branch.ref:
            await click_option(eyes, control, found)
            return found
    return branch


async def _by_steps(eyes: Eyes, control: Control, value: str, offered: Sequence[Option]) -> str:
    """Go the way through several lists that the value writes out, if it does and the list begins it."""
    steps = [part.strip() for part in WAY.split(value) if part.strip()]
    return await _walk(eyes, control, steps) if len(steps) > 1 and not exactly(offered, value) else ""


async def _in_own_words(eyes: Eyes, control: Control, value: str) -> bool:
    """Tell whether the field, which takes several, has made an entry of words that no option says in full."""
    try:
        return bool(await _keep_typed(eyes, control, value))
    except CannotEnter:
        await open_menu(eyes, control)
        return False


async def _otherwise(eyes: Eyes, action: Action, value: str) -> str:
    """Enter what no single option says: a date, a way through several lists, or words of one's own."""
    if parse(value) and await calendar_open(eyes, action.control, 0.0):
        return await pick_date(eyes, action)
    if parse(value) and typeable(action.control):
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
    stem = ""
    for step in steps:
        option = await _arrived(eyes, control, step, stem)
        if option is None and step == steps[0]:
            return ""
        if option is None:
            raise CannotEnter("the way through the lists ends before the value")
        branch = await eyes.ask(option.ref, "branchOf") if step != steps[-1] else None
        stem = step if branch is not None else ""
        if branch is None:
            await click_option(eyes, control, option)
        elif branch:
            # In a tree a branch can often be chosen as well.
            await eyes.click(Ref(option.ref.frame, branch), timeout_ms=CLICK_MS)
    await eyes.rest(control.ref)
    shown = str(await eyes.ask(control.ref, "read") or "")
    if fold(shown) not in {fold(steps[-1]), fold(" ".join(steps))}:
        raise CannotEnter("the page does not show the value")
    return shown


async def _arrived(eyes: Eyes, control: Control, step: str, stem: str) -> Option | None:
    """Return the option of that name, of that branch where there is one, once the list that has it is there: the one
    before may stay for a moment."""
    clock = asyncio.get_running_loop().time
    deadline = clock() + ARRIVAL_S
    while clock() < deadline:
        offered = await settled_options(eyes, control, 0.3)
        option = exactly([o for o in offered if not stem or fold(o.group) == fold(stem)], step)
        if option:
            return option
    return None


async def _until_enabled(eyes: Eyes, control: Control) -> None:
    for _ in range(int(ARRIVAL_S / GLANCE_S)):
        now = await eyes.again(control.ref)
        if now is None or not now.disabled:
            return
        await asyncio.sleep(GLANCE_S)
    raise CannotEnter("it stays switched off")


async def _keep_typed(eyes: Eyes, control: Control, value: str, day: Day | None = None) -> str:
    """Leave the words themselves where the list has no such entry and the field keeps free text."""
    if await has_entry(eyes, control, value):
        return value
    handle = await eyes.handle(control.ref) if typeable(control) else None
    if handle is None:
        await eyes.page.keyboard.press("Escape")
        raise CannotEnter("no option says the stated value")
    await _offer_words(eyes, control, handle, value, dated=bool(day))
    await handle.evaluate("e => e.blur()")
    await asyncio.sleep(0.3)
    now = await eyes.again(control.ref)
    if now and now.invalid and not control.invalid:
        raise CannotEnter("the page refuses the value")
    painted = str(await eyes.ask(control.ref, "read") or "")
    if day and reads_as(painted, day):
        return painted
    if same_text(value, painted) or await has_entry(eyes, control, value):
        return value
    raise CannotEnter("no option says the stated value, and the field keeps no other")


async def _offer_words(
    eyes: Eyes, control: Control, handle: ElementHandle, value: str, *, dated: bool
) -> None:
    """Type the words, and confirm them by what the list has for that, or by the key."""
    await handle.fill(value, timeout=CLICK_MS)
    offered = [] if dated else await settled_options(eyes, control, 0.2)
    own = [o for o in offered if creates(o, value)]
    if own:
        await click_option(eyes, control, own[0])
    elif not offered:
        # Nothing is offered that the key could choose by mistake.
        await confirm(eyes, control, handle)
    elif not await eyes.ask(control.ref, "keepsWords"):
        # Such a list may take the first of what it has found when it is left.
        await handle.fill("", timeout=CLICK_MS)
        await eyes.page.keyboard.press("Escape")
        raise CannotEnter("no option says the stated value")
