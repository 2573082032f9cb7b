"""Text fields that make an entry of each value: one at a time, each confirmed by a key."""

from __future__ import annotations

from playwright.async_api import ElementHandle

from workers.hands.controls import Control
from workers.hands.observe import Eyes
from workers.hands.options import is_place
from workers.hands.plan import Action
from workers.hands.search import confirm, has_entry
from workers.hands.text import fold
from workers.hands.verify import CannotEnter, made_of
from workers.hands.vocabulary import said

TYPE_MS = 4000


class NoEntriesError(CannotEnter):
    """The field is for words: it made no entry of the first value, and holds nothing now."""


def several(action: Action) -> list[str]:
    """Return the single values where the answer says that it is several, or the field makes entries of them."""
    text, control = action.answer.text, action.control
    if "|" in text:
        return [part.strip() for part in text.split("|") if part.strip()]
    if control.several and control.kind == "combobox" and not is_place(parts(text)):
        return parts(text)
    hints = fold(f"{control.placeholder} {control.help} {control.title} {control.label} {control.near}")
    return parts(text) if said("fields", "by_key").search(hints) else []


def parts(text: str) -> list[str]:
    """Return what stands between the commas of a text."""
    return [part.strip() for part in text.split(",") if part.strip()]


async def enter_tags(eyes: Eyes, control: Control, handle: ElementHandle, values: list[str]) -> str:
    """Make an entry of each value and return what the field then shows.

    Raises `CannotEnter`, nothing left in the field, where it makes no entries.
    """
    await handle.fill("", timeout=TYPE_MS)
    for value in values:
        if not await has_entry(eyes, control, value):
            await _add(eyes, control, handle, value)
    shown = str(await eyes.ask(control.ref, "entries") or "")
    if not made_of({fold(value) for value in values}, fold(shown)):
        raise CannotEnter("the field does not keep the values")
    return shown


async def _add(eyes: Eyes, control: Control, handle: ElementHandle, value: str) -> None:
    """Type one value and confirm it by the key that the field takes."""
    await handle.click(timeout=TYPE_MS)
    await handle.type(value, delay=5)
    await confirm(eyes, control, handle)
    for key in ("", ","):
        await handle.type(key)
        # Some components empty their field a moment after the key.
        await eyes.rest(control.ref)
        if not await handle.input_value(timeout=TYPE_MS):
            return
    await handle.fill("", timeout=TYPE_MS)
    raise NoEntriesError("the field makes no entries")
