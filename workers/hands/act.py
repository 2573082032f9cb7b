"""Enter values with a person's own means: trusted clicks and keys, one strategy per widget family.

Each strategy returns what should now be painted; whether it is, `verify` decides.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

from playwright.async_api import ElementHandle
from playwright.async_api import Error as PlaywrightError

from workers.hands.calendars import calendar_open, close_calendar, enter_segments, pick_date
from workers.hands.controls import Control, Option, Ref
from workers.hands.dates import format_asked, parse, part_asked, rewritten
from workers.hands.duals import move_over
from workers.hands.lists import ARRIVAL_S, open_menu
from workers.hands.menus import looks_up, pick_from_menu, take_suggestion, unnamed
from workers.hands.observe import Eyes
from workers.hands.options import choose, real_options, says
from workers.hands.phones import begun_with, keeps_number, same_country, same_digits
from workers.hands.plan import Action
from workers.hands.render import option_texts, renderings, same_text
from workers.hands.sliders import slide, slide_beside
from workers.hands.tags import NoEntriesError, enter_tags, parts, several
from workers.hands.text import fold
from workers.hands.uploads import hand_over
from workers.hands.verify import MIXED, CannotEnter, split_values

PATIENCE_MS = 4000
COVERED_MS = 1500
# A field that often looks something up while one types shows what it found within this.
LIST_S = 0.4
TICKED = "true"
# A field throws away what it does not keep within this once it is left.
LEFT_S = 0.3
FADES = 12
FADING_S = 0.05
ARRIVALS = 12
ARRIVING_S = 0.05
TAKES_KEY = (
    "e => { if (!e.matches('input')) return false; e.focus(); return e.getRootNode().activeElement === e; }"
)
HOLDS_WORDS = r"e => /[\p{L}\p{N}]/u.test(e.value ?? e.textContent)"


async def perform(eyes: Eyes, action: Action) -> str:
    """Enter the action's answer and return what the control should now show.

    Raises `CannotEnter` with the reason when no strategy succeeds.
    """
    strategy = STRATEGIES.get(action.control.kind)
    if strategy is None:
        raise CannotEnter(f"no way to fill a control of kind {action.control.kind}")
    try:
        await _reveal(eyes, action.control)
        return await strategy(eyes, action)
    except PlaywrightError as error:
        raise CannotEnter(str(error).splitlines()[0][:200]) from error


async def node(eyes: Eyes, ref: Ref) -> ElementHandle:
    """Return the node behind a handle; raises `CannotEnter` when the page drew it anew."""
    found = await eyes.handle(ref)
    if found is None:
        raise CannotEnter("the page drew the control anew")
    return found


async def _reveal(eyes: Eyes, control: Control) -> None:
    now = await eyes.again(control.ref) if control.hidden else None
    if now and now.hidden and control.panel and control.kind != "file":
        # The answer before may have opened it; pressed once more, an accordion would close again.
        await (await node(eyes, control.panel)).click(timeout=PATIENCE_MS)
    await eyes.ask(control.ref, "centre")
    if control.kind != "file" and not control.dialog and await eyes.ask(control.ref, "covered"):
        # A list or calendar of the field before may have stayed open, or is fading.
        await eyes.page.keyboard.press("Escape")
        await _uncovered(eyes, control)


async def _uncovered(eyes: Eyes, control: Control) -> None:
    """Return once nothing lies over the control any more, or after a moment all the same."""
    for _ in range(FADES):
        await asyncio.sleep(FADING_S)
        if not await eyes.ask(control.ref, "covered"):
            return


async def _type_text(eyes: Eyes, action: Action) -> str:
    """Try each spelling, at once and key by key, until the field shows one of them."""
    control = action.control
    values = several(action)
    if values and control.kind == "text":
        with suppress(NoEntriesError):
            return await enter_tags(eyes, control, await node(eyes, control.ref), values)
    if "|" in action.answer.text:
        action = replace(action, answer=replace(action.answer, text=", ".join(values)))
    texts = renderings(action.label, action.answer, control)
    if not texts:
        raise CannotEnter("the stated value does not fit the field")
    if control.invalid:
        # The site refused what stands there: another spelling of the same comes first.
        texts = sorted(texts, key=lambda text: text == control.value)
    if _stands(texts, control):
        return control.value
    if control.readonly:
        return await _choose_for(eyes, action)
    if await _unsure_of_format(eyes, action):
        with suppress(CannotEnter):
            return await pick_date(eyes, action)
    return await _enter_one(eyes, action, texts)


async def _choose_for(eyes: Eyes, action: Action) -> str:
    """Choose what nobody can type: by a slider beside the field, from the calendar that it opens, or from its list."""
    if moved := await slide_beside(eyes, action):
        return moved
    if not parse(action.answer.text):
        return await pick_from_menu(eyes, action)
    await open_menu(eyes, action.control)
    return await pick_date(eyes, action)


async def _unsure_of_format(eyes: Eyes, action: Action) -> bool:
    """Tell whether the field opens a calendar without saying how it wants dates written: 3/4 is two days."""
    control, day = action.control, parse(action.answer.text)
    if not (day and day.month) or control.kind != "text" or control.type not in {"", "text"}:
        return False
    if part_asked(control) or format_asked(control) or not await eyes.listened_to():
        return False
    await open_menu(eyes, control)
    return await calendar_open(eyes, control, 0.15)


async def _enter_one(eyes: Eyes, action: Action, texts: list[str]) -> str:
    """Enter the first spelling that the field keeps, or the suggestion that it brings up."""
    control = action.control
    handle = await node(eyes, control.ref)
    dated = bool(parse(action.answer.text))
    patience = _patience(action)
    for text in texts:
        for enter in (_press, _fill) if dated else (_fill, _press):
            await enter(handle, text)
            if dated:
                await close_calendar(eyes, control)
            if suggested := await _leave(eyes, action, handle, patience):
                return suggested
            painted = str(await eyes.ask(control.ref, "read") or "")
            if await _kept(eyes, action, text, painted):
                return text if same_text(text, painted) else painted
            if not (dated or painted):
                # A field that throws away what nobody took from its list may be slow to show one.
                patience = ARRIVAL_S
    values = parts(action.answer.text)
    if len(values) > 1 and await eyes.ask(control.ref, "entries"):
        return await enter_tags(eyes, control, handle, values)
    await _take_back(handle, control.value)
    raise CannotEnter("the field does not keep the value")


def _patience(action: Action) -> float:
    """Return how long to wait for a list: what a field threw away when it was left was to be taken from one."""
    if not looks_up(action):
        return 0.0
    return ARRIVAL_S if action.lost else LIST_S


async def _leave(eyes: Eyes, action: Action, handle: ElementHandle, patience: float) -> str:
    """Leave the field; return what says the value in the list that typing has brought up, if one did, once taken."""
    if not patience and await eyes.ask(action.control.ref, "leave"):
        return ""
    suggested = await take_suggestion(eyes, action, patience)
    if suggested:
        # A list may paint what was taken from it beside the field, and empty the field.
        await eyes.ask(action.control.ref, "entries")
    else:
        await handle.evaluate("e => e.blur()")
        await asyncio.sleep(LEFT_S if action.lost else 0.0)
    return suggested


async def _take_back(handle: ElementHandle, before: str) -> None:
    """Leave the field as it was: half a value, or one that the field made another of, is worse than none."""
    with suppress(PlaywrightError):
        await _fill(handle, before)
        await handle.evaluate("e => e.blur()")
        if not before and await handle.input_value(timeout=PATIENCE_MS):
            # Some masks only hear keys.
            await _press(handle, "")
            await handle.evaluate("e => e.blur()")


def _is_phone(action: Action) -> bool:
    return action.label == "phone" or action.control.type == "tel"


async def _kept(eyes: Eyes, action: Action, text: str, painted: str) -> bool:
    """Tell whether the field shows what was entered; a telephone number also as it is read beside its country."""
    if not _is_phone(action):
        return same_text(text, painted) or rewritten(action.answer.text, painted)
    begun = begun_with(action.control.value, text)
    if not any(way(text, painted) for way in (same_text, same_digits, keeps_number)) and not (
        begun and same_digits(begun, painted)
    ):
        return False
    beside = str(await eyes.ask(action.control.ref, "dialBeside"))
    return same_country(action.answer.text, text, painted, beside)


def _stands(texts: list[str], control: Control) -> bool:
    """Tell whether the value stands in the field already, and there is no other spelling of it to try."""
    refused = bool(control.invalid) and len(texts) > 1
    return not refused and any(same_text(text, control.value) for text in texts)


async def _fill(handle: ElementHandle, text: str) -> None:
    await handle.fill(text, timeout=PATIENCE_MS)


async def _press(handle: ElementHandle, text: str) -> None:
    await handle.click(timeout=PATIENCE_MS)
    for _ in range(2):
        await handle.press("ControlOrMeta+a")
        await handle.press("Delete")
        # Some masks place the caret a moment after they were entered, and undo the selection by it.
        if not await handle.evaluate(HOLDS_WORDS):
            break
    await handle.type(text, delay=5)


async def _rich_text(eyes: Eyes, action: Action) -> str:
    handle = await node(eyes, action.control.ref)
    await _press(handle, action.answer.text)
    await handle.evaluate("e => e.blur()")
    return action.answer.text


async def _select(eyes: Eyes, action: Action) -> str:
    control = await _with_options(eyes, action.control)
    chosen = [
        chosen_option(action, control.options, value) for value in split_values(action, control.options)
    ]
    _one_only(chosen, several=control.kind == "multiselect")
    if chosen and set(chosen) == {o for o in control.options if o.selected}:
        # Choosing the same again would make some pages draw the fields that depend on it anew.
        return " | ".join(o.text for o in chosen)
    handle = await node(eyes, control.ref)
    indexes = [next(i for i, o in enumerate(control.options) if o.ref == option.ref) for option in chosen]
    await handle.select_option(index=indexes, timeout=PATIENCE_MS, force=bool(control.hidden))
    return " | ".join(o.text for o in chosen)


async def _with_options(eyes: Eyes, control: Control) -> Control:
    """Return the list as it is now; one that is empty may get its options once it is entered."""
    now = await fresh(eyes, control)
    if real_options(now.options) or now.disabled or not await eyes.listened_to():
        return now
    await (await node(eyes, control.ref)).focus()
    for _ in range(ARRIVALS):
        await asyncio.sleep(ARRIVING_S)
        now = await fresh(eyes, control)
        if real_options(now.options):
            break
    return now


async def fresh(eyes: Eyes, control: Control) -> Control:
    """Return the control as it is now: options may have arrived since it was observed."""
    return await eyes.again(control.ref) or control


def chosen_option(action: Action, options: tuple[Option, ...], value: str) -> Option:
    """Return the option that says the value; raises `CannotEnter` when none safely does."""
    answer = action.answer if value == action.answer.text else type(action.answer)(value)
    option = choose(options, option_texts(action.label, answer, action.control)) or unnamed(action, options)
    if option is None:
        raise CannotEnter("no option says the stated value")
    return option


async def _click_options(eyes: Eyes, action: Action) -> str:
    """Choose by clicking: radios, groups of boxes, pills and open lists."""
    control = action.control
    wanted = [
        chosen_option(action, control.options, value) for value in split_values(action, control.options)
    ]
    many = control.kind in {"checkboxes", "listbox"}
    _one_only(wanted, several=many or control.kind == "pills")
    now = control
    for option in (*wanted, *(o for o in control.options if many and o not in wanted)):
        # Choosing one may have changed others: "none of these" goes when one of them is chosen.
        if (option in wanted) != next(
            (o.selected for o in now.options if o.ref == option.ref), option.selected
        ):
            await _toggle(eyes, now, option.ref)
            now = await fresh(eyes, control)
    return " | ".join(o.text for o in wanted)


def _one_only(chosen: list[Option], *, several: bool) -> None:
    if len(chosen) > 1 and not several:
        raise CannotEnter("several values are stated where the form takes one")


async def _toggle(eyes: Eyes, control: Control, ref: Ref) -> None:
    """Click the option; one that is hidden behind its label is clicked through what is painted for it."""
    handle = await node(eyes, ref)
    await eyes.ask(ref, "centre")
    face = await eyes.ask(ref, "faceFor")
    target = await node(eyes, Ref(ref.frame, face)) if face else handle
    for timeout in (COVERED_MS, PATIENCE_MS):
        try:
            await target.click(timeout=timeout)
            return
        except PlaywrightError as error:
            if _state(await fresh(eyes, control)) != _state(control):
                # It took the click, and was slow to say so: one more would take it back.
                return
            covered = error
            # A list that came late may lie over it; such lists close when their field is left.
            await handle.evaluate("() => document.activeElement && document.activeElement.blur()")
    # What lies over it stays, or the page has no time to paint itself: the box takes the key as well.
    if not await handle.evaluate(TAKES_KEY):
        raise covered
    await handle.press("Space", timeout=PATIENCE_MS)


def _state(control: Control) -> tuple[object, ...]:
    return (control.value, *(option.selected for option in control.options))


async def _tick(eyes: Eyes, action: Action) -> str:
    wanted, now = ticked(action), await fresh(eyes, action.control)
    mixed = now.value == MIXED
    if mixed or wanted != (now.value == "true"):
        await _toggle(eyes, now, now.ref)
    if mixed:
        # Of three states, either may come first.
        await eyes.rest(now.ref)
        now = await fresh(eyes, now)
        if wanted != (now.value == "true"):
            await _toggle(eyes, now, now.ref)
    return TICKED if wanted else ""


def ticked(action: Action) -> bool:
    """Tell whether the box is to be ticked; raises `CannotEnter` when the answer is neither yes nor no."""
    text = action.answer.text.strip()
    if (
        says(text, "yes")
        or text.lower() in {"on", "checked", "1"}
        or fold(text) == fold(action.control.label)
    ):
        return True
    if says(text, "no") or text.lower() in {"false", "off", "unchecked", "0"}:
        return False
    raise CannotEnter("the answer is neither yes nor no")


async def _upload(eyes: Eyes, action: Action) -> str:
    handle = await node(eyes, action.control.ref)
    field = action.control.tag == "input"
    named = await hand_over(eyes, action.control, handle, Path(action.answer.text))
    if field and (sender := await eyes.ask(action.control.ref, "fileSender")):
        await (await node(eyes, Ref(action.control.ref.frame, sender))).click(timeout=PATIENCE_MS)
    return named


STRATEGIES: Mapping[str, Callable[[Eyes, Action], Awaitable[str]]] = {
    "text": _type_text,
    "textarea": _type_text,
    "richtext": _rich_text,
    "select": _select,
    "multiselect": _select,
    "radio": _click_options,
    "checkboxes": _click_options,
    "pills": _click_options,
    "listbox": _click_options,
    "checkbox": _tick,
    "file": _upload,
    "range": slide,
    "segments": enter_segments,
    "combobox": pick_from_menu,
    "listbutton": pick_from_menu,
    "duallist": move_over,
}
