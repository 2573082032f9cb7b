"""Lists that a form keeps under a title: each entry in a row that is added for it, or through a dialog of its own."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Awaitable, Callable, Iterable, Sequence

from playwright.async_api import Error as PlaywrightError

from workers.hands.candidate import Answer
from workers.hands.controls import Button, Control, PageView
from workers.hands.form_data import singular
from workers.hands.observe import Eyes
from workers.hands.options import exactly
from workers.hands.pages import fillable
from workers.hands.plan import Action, Source
from workers.hands.repeaters import adds
from workers.hands.report import Filled
from workers.hands.text import fold
from workers.hands.verify import CannotEnter
from workers.hands.vocabulary import said, word_set

# “Welsh - fluent”, “Welsh (fluent)”, “Welsh: fluent”.
PARTS = re.compile(r"\s+[-\u2013\u2014/|]\s+|\s*[(:]\s*|\)\s*$")
# A dialog that keeps its entry is gone within this.
KEPT_S = 4.0
MOST = 12


class Listing:
    """The lists of one page. `follow` presses what cannot send, `enter` enters a value and reads it back."""

    def __init__(
        self,
        eyes: Eyes,
        follow: Callable[[Button], Awaitable[PageView]],
        enter: Callable[[Action], Awaitable[Filled]],
    ) -> None:
        self.eyes = eyes
        self.follow = follow
        self.enter = enter

    async def fill(self, view: PageView, source: Source) -> list[Filled]:
        """Enter what is to be listed under the titles of the page's lists; a page without any is asked nothing."""
        filled: list[Filled] = []
        for button in (b for b in view.buttons if adds(b) and b.dialog is None):
            entries = source.entries(_title(button))
            if not entries:
                continue
            try:
                filled += await self._list(button, entries, view)
            except (CannotEnter, PlaywrightError) as error:
                filled.append(_unlisted(button, str(error).splitlines()[0][:200]))
        return filled

    async def _list(self, button: Button, entries: Sequence[str], view: PageView) -> list[Filled]:
        rows = await self._rows(button, view)
        while len(rows) < min(len(entries), MOST):
            now = await self.follow(_again(button, view))
            if not rows and any(c.dialog for c in fillable(now)):
                return await self._through_dialogs(button, entries, view, now)
            more = await self._rows(_again(button, now), now)
            if len(more) != len(rows) + 1:
                raise CannotEnter("the list adds no row of one field")
            rows, view = more, now
        return [await self.enter(_action(row, entry)) for row, entry in zip(rows, entries, strict=False)]

    async def _rows(self, button: Button, view: PageView) -> list[Control]:
        """Return the blank fields of the list's rows, where each row is one text field that asks for such an entry."""
        nodes = await self.eyes.ask(button.ref, "rowFields") or []
        rows = [c for c in view.controls if c.ref.frame == button.ref.frame and c.ref.node in nodes]
        plain = all(c.kind == "text" and singular(c.question) & singular(_title(button)) for c in rows)
        return [c for c in rows if not c.value] if plain else []

    async def _through_dialogs(
        self, button: Button, entries: Sequence[str], before: PageView, opened: PageView
    ) -> list[Filled]:
        filled = []
        for entry in entries:
            reason = await self._hand_in(opened, entry, before)
            filled.append(_listed(button, entry) if not reason else _unlisted(button, reason))
            if reason:
                break
            before = await self.eyes.steady()
            opened = await self.follow(_again(button, before)) if entry != entries[-1] else before
        return filled

    async def _hand_in(self, opened: PageView, entry: str, before: PageView) -> str:
        """Enter one entry into the open dialog and have it kept; return why that was not possible, or nothing."""
        actions = _placed([c for c in fillable(opened) if c.dialog], entry)
        entered = [(await self.enter(action)).verified for action in actions]
        view = await self.eyes.steady()
        keeps = [b for b in view.buttons if b.dialog and said("buttons", "keeps").search(fold(b.text))]
        if entered and all(entered) and len(keeps) == 1 and not keeps[0].disabled:
            await self.follow(keeps[0])
            if await self._kept(before, actions):
                return ""
        await self.eyes.page.keyboard.press("Escape")
        return "the dialog does not keep the entry" if entered else "the dialog asks for something else"

    async def _kept(self, before: PageView, actions: Iterable[Action]) -> bool:
        """Tell whether the dialog is gone, and the page says what was entered once more than before."""
        clock = asyncio.get_running_loop().time
        deadline = clock() + KEPT_S
        view = await self.eyes.look()
        while any(c.dialog for c in fillable(view)) and clock() < deadline:
            await self.eyes.stir()
            view = await self.eyes.look()
        old, new = fold(before.text), fold(view.text)
        closed = not any(c.dialog for c in fillable(view))
        return closed and all(
            new.count(text) > old.count(text) for text in (fold(a.answer.text) for a in actions)
        )


def _placed(asked: Iterable[Control], entry: str) -> list[Action]:
    """Return which choice takes which part of the entry: all parts or none, and no choice may say more than that."""
    free, actions = list(asked), []
    for part in (p.strip() for p in PARTS.split(entry) if p.strip()):
        offering = [c for c in free if exactly(c.options, part)]
        if len(offering) != 1:
            return []
        free.remove(offering[0])
        actions.append(_action(offering[0], part))
    return [] if any(c.required or c.value for c in free) else actions


def _action(control: Control, text: str) -> Action:
    return Action(control, "none", Answer(text, "form_data", 0.8))


def _listed(button: Button, entry: str) -> Filled:
    return Filled(_action(Control(button.ref, "list", label=_title(button)), entry), entry, True)


def _unlisted(button: Button, reason: str) -> Filled:
    return Filled(_action(Control(button.ref, "list", label=_title(button)), ""), "", False, reason)


def _again(button: Button, view: PageView) -> Button:
    """Return the button as the page has drawn it now."""
    same = [b for b in view.buttons if (b.text, b.sections) == (button.text, button.sections)]
    if len(same) != 1:
        raise CannotEnter("the page drew the list anew")
    return same[0]


def _title(button: Button) -> str:
    """Return what the button adds an entry to, by its own words or by what stands above it."""
    own = said("buttons", "adds").sub(" ", fold(button.text)).split()
    named = " ".join(w for w in own if w not in word_set("of_adding"))
    return named or next(iter(button.sections), "")
