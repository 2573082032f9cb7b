"""Rows of jobs and schools that a form adds on demand: left open, or kept one by one by a button of their own."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass

from playwright.async_api import Error as PlaywrightError

from workers.hands.advance import objections
from workers.hands.controls import Button, PageView, Ref
from workers.hands.observe import Eyes
from workers.hands.pages import fillable
from workers.hands.plan import Left, Plan, Source
from workers.hands.repeaters import count_rows, gives_up, keeps, next_row
from workers.hands.report import Filled, PageReport
from workers.hands.rows import ANCHORS
from workers.hands.text import fold
from workers.hands.verify import CannotEnter

MOST = 12
# A form that keeps an entry shows it within this.
KEPT_S = 4.0


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry that is being filled in: its kind, the page before it was opened, and the button that keeps it."""

    kind: str
    before: PageView
    keep: Button


class Entries:
    """The rows of one page. `follow` presses what cannot send; `past_banner` closes what came over the page."""

    def __init__(
        self,
        eyes: Eyes,
        follow: Callable[[Button], Awaitable[PageView]],
        past_banner: Callable[[], Awaitable[bool]],
    ) -> None:
        self.eyes = eyes
        self.follow = follow
        self.past_banner = past_banner
        self._given_up: set[str] = set()
        self._entry: Entry | None = None

    async def begin(self, view: PageView, source: Source) -> None:
        """Ask the form for a row for each job and school that there is something to say about, or for the next one
        where it takes them one by one."""
        self._given_up = set()
        await self._open(view, source)

    async def go_on(
        self, view: PageView, source: Source, settled: dict[Ref, Filled], todo: Plan
    ) -> PageReport | None:
        """Have the form keep the open entry, and ask for the next, also for one that is only offered now; return what
        became of the entry's fields, or None when nothing has changed."""
        kept = await self._keep(source, settled, todo)
        opened = await self._open(await self.eyes.steady() if kept else view, source)
        return kept or (PageReport() if opened else None)

    async def _open(self, view: PageView, source: Source) -> bool:
        """Ask for rows, and tell whether any came."""
        opened = False
        for _ in range(MOST):
            found = None if self._entry else next_row(view, source, self._given_up)
            if found is None:
                break
            kind, button = found
            if not count_rows(view, kind) and source.listed(kind, view.text):
                source.kept(kind)
                continue
            await self._uncover(button)
            if await self._added(button, kind, view, source):
                opened = True
            else:
                self._given_up.add(kind)
            view = await self.eyes.steady()
        return opened

    async def _added(self, button: Button, kind: str, view: PageView, source: Source) -> bool:
        """Press the button that adds a row; a banner that came over it at that very moment is closed, and it is tried
        once more."""
        try:
            now = await self.follow(button)
        except (PlaywrightError, CannotEnter):
            return await self.past_banner()
        added = count_rows(now, kind) > count_rows(view, kind)
        if added and (keep := keeps(now, view)):
            self._entry = Entry(kind, view, keep)
            source.opened(kind)
        return added

    async def _uncover(self, button: Button) -> None:
        """Close a banner that has come over the button since the page was opened."""
        # What lies over a frame is not seen from within.
        free = self.eyes.in_main_frame(button.ref) and await self.eyes.ask(button.ref, "pressable")
        if not free:
            await self.past_banner()

    async def _keep(self, source: Source, settled: dict[Ref, Filled], todo: Plan) -> PageReport | None:
        """Have the form keep the open entry, if there is one that lacks nothing, and return what became of its fields;
        they are settled no more, for the next entry may be asked for by the same ones."""
        entry = self._entry
        if entry is None:
            return None
        known = {c.ref for c in fillable(entry.before)}
        mine = [f for ref, f in settled.items() if ref not in known]
        if _lacking(mine, [x for x in todo.questions if x.control.ref not in known]):
            return None
        for filled in mine:
            del settled[filled.action.control.ref]
        self._entry = None
        reason = await self._press(entry, mine)
        if not reason:
            source.kept(entry.kind)
            return PageReport(tuple(mine))
        self._given_up.add(entry.kind)
        await self._give_up(entry)
        return PageReport(
            left=tuple(Left(f.action.control, f.action.label, reason, row=f.action.row) for f in mine)
        )

    async def _press(self, entry: Entry, mine: Iterable[Filled]) -> str:
        """Press the entry's own button, and return why the form does not keep the entry, or nothing."""
        named = [fold(f.expected) for f in mine if f.verified and f.action.label in ANCHORS[entry.kind]]
        view = await self.eyes.steady()
        button = _again(entry.keep, view)
        if not named or button is None or button.disabled:
            return "the form does not keep the entry"
        now = await self.follow(button)
        clock = asyncio.get_running_loop().time
        deadline = clock() + KEPT_S
        while not (kept := _shows(now, view, entry, named)) and clock() < deadline:
            await self.eyes.stir()
            now = await self.eyes.look()
        said = next((o.message for o in objections(now, view)), "")
        return "" if kept else said or "the form does not keep the entry"

    async def _give_up(self, entry: Entry) -> None:
        """Close an entry that the form does not keep, where it offers to."""
        button = gives_up(await self.eyes.steady(), entry.before)
        if button:
            await self.follow(button)


def _lacking(filled: Iterable[Filled], asked: Iterable[Left]) -> bool:
    """Tell whether the entry asks for something that it has not got."""
    return any(asked) or any(f.action.control.required and not f.verified for f in filled)


def _again(button: Button, view: PageView) -> Button | None:
    """Return the button as the page has drawn it now."""
    same = [b for b in view.buttons if b.ref == button.ref] or [
        b for b in view.buttons if (b.text, b.sections) == (button.text, button.sections)
    ]
    return same[0] if len(same) == 1 else None


def _shows(now: PageView, before: PageView, entry: Entry, named: Iterable[str]) -> bool:
    """Tell whether the entry's fields are gone, and the page names it in their stead."""
    old, new = fold(before.text), fold(now.text)
    gone = count_rows(now, entry.kind) <= count_rows(entry.before, entry.kind)
    return gone and any(new.count(text) > old.count(text) for text in named)
