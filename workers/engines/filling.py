"""Fill a page: plan, enter, read back, and go on until nothing more is asked."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Mapping
from dataclasses import replace

from workers.engines.agreeing import agree
from workers.engines.base import Meanwhile
from workers.engines.entries import Entries
from workers.engines.listing import Listing
from workers.engines.patience import Patience, awaited
from workers.hands.act import TICKED, perform
from workers.hands.advance import find_banner
from workers.hands.candidate import Answer
from workers.hands.controls import MENU_KINDS, Button, Control, PageView, Ref
from workers.hands.doors import find_accept, find_by_hand, find_unfolding
from workers.hands.gates import opened
from workers.hands.lists import read_menu
from workers.hands.notices import read_out
from workers.hands.observe import Eyes, outline
from workers.hands.plan import Action, Left, Plan, Source, plan
from workers.hands.questions import EEO
from workers.hands.repeaters import next_row
from workers.hands.report import Filled, PageReport
from workers.hands.streak import Step, enter_in_a_row, plain_step
from workers.hands.text import fold
from workers.hands.unsaid import Unsaid
from workers.hands.verify import CannotEnter, shows
from workers.hands.vocabulary import said

# A page may show new fields after an answer, and more after those.
ROUNDS = 5
STILL_S = 0.06
PAINTS = 10
# A page that takes a file names it once it has read it.
FILE_PAINTS = 50
# A page that wipes what is entered more often than this will not keep it.
MENDINGS = 3
# A list that says that it loads has what it offers within this.
LOADING_S = 3.0
# What a page does to a value on second thoughts, it does within this.
LASTING_S = 0.5


class Filling:
    """The filling of what one tab shows, page after page. `follow` presses what cannot send, as “Add another”."""

    def __init__(
        self, eyes: Eyes, patience: Patience, follow: Callable[[Button], Awaitable[PageView]]
    ) -> None:
        self.eyes = eyes
        self.patience = patience
        self.follow = follow
        self._unsaid = Unsaid()
        self._entries = Entries(eyes, follow, self._past_banner)

    async def fill(self, source: Source, meanwhile: Meanwhile) -> PageReport:
        """Fill the page from the source and return what became of every control, read back from the page."""
        settled: dict[Ref, Filled] = {}
        view = await self._revealed()
        if await self._uploaded_first(view, source, settled):
            view = await self.eyes.steady()
        await self._entries.begin(view, source)
        todo, entries = await self._fill_in(source, settled, meanwhile), PageReport()
        view = await self.eyes.steady()
        while entry := await self._entries.go_on(view, source, settled, todo):
            entries = entries.with_more(entry)
            todo = await self._fill_in(source, settled, meanwhile)
            view = await self.eyes.steady()
        listed = await Listing(self.eyes, self.follow, self._enter).fill(view, source)
        listed += await agree(self.eyes, self.follow, view, source)
        checked = await self._checked([*_latest(settled, await self.eyes.steady()), *listed])
        taken = {f.action.control.asks for f in listed} | entries.asks
        page = PageReport(tuple(checked), tuple(x for x in todo.left if x.control.asks not in taken))
        return entries.with_more(page)

    async def _revealed(self) -> PageView:
        """Return the page with what it shows only when asked to."""
        view = await self.eyes.steady()
        for find in (find_unfolding, find_by_hand):
            if button := find(view):
                view = await self.follow(button)
        return view

    async def _uploaded_first(self, view: PageView, source: Source, settled: dict[Ref, Filled]) -> bool:
        """Hand in the files before any row is added, for a site that reads them may add the rows itself; tell whether
        there were any."""
        if not (next_row(view, source, set()) and any(c.kind == "file" for c in view.controls)):
            return False
        files = [a for a in plan(view, source).actions if a.control.kind == "file"]
        await self._enter_all(files, view, settled)
        return bool(files)

    async def _fill_in(self, source: Source, settled: dict[Ref, Filled], meanwhile: Meanwhile) -> Plan:
        """Enter what is known until the page asks nothing more of it, and return the plan that is left."""
        todo = Plan()
        for _ in range(ROUNDS):
            view = await self.eyes.steady()
            self._unsaid.see(view)
            done = dict.fromkeys((ref for ref, f in settled.items() if not _offers_anew(f, view)), "")
            todo = await self._completed(plan(view, source, done=done), source)
            if not todo.actions:
                if await self._stays(view, meanwhile):
                    break
                continue
            await self._enter_all(todo.actions, view, settled)
        return todo

    async def _enter_all(self, actions: Iterable[Action], view: PageView, settled: dict[Ref, Filled]) -> None:
        """Enter what was planned: plain fields in a row, all else one by one."""
        waiting = sorted(actions, key=_order)
        quiet = not await self.eyes.listened_to()
        while waiting:
            row = self._plain_row(waiting, quiet=quiet)
            done = await enter_in_a_row(self.eyes, row) if row else []
            for filled in done:
                self._unsaid.note(filled.action, filled.expected)
                self.patience.after(filled.action.control)
                settled[filled.action.control.ref] = filled
            waiting = waiting[len(done) :]
            if waiting and (not row or len(done) < len(row)):
                action = waiting.pop(0)
                if action.control.kind != "file" or not _uploaded(action.control, settled.values(), view):
                    settled[action.control.ref] = await self._enter(action)

    def _plain_row(self, actions: Iterable[Action], *, quiet: bool) -> list[Step]:
        """Return the steps for the fields at the head that one input each is enough for."""
        row: list[Step] = []
        for action in actions:
            near = self.eyes.in_main_frame(action.control.ref)
            step = plain_step(action, quiet=quiet) if near else None
            if step is None:
                break
            row.append(step)
        return row

    async def _past_banner(self) -> bool:
        """Close a banner that lies over the page, and tell whether there was one."""
        banner = find_banner(await self.eyes.look())
        if banner:
            await self.follow(banner)
        return banner is not None

    async def _stays(self, view: PageView, meanwhile: Meanwhile) -> bool:
        """Wait for what the last answers may still bring, and tell whether the page is as it was."""
        await asyncio.gather(self._react(), meanwhile(view))
        loop = asyncio.get_running_loop()
        deadline = loop.time() + LOADING_S
        while _loads(now := await self.eyes.steady()) and loop.time() < deadline:
            await asyncio.sleep(STILL_S)
        return outline(now) == outline(view)

    async def _react(self) -> None:
        """Give the page the time it takes to react to the last answers, if anything on it could."""
        if self.patience.pending and await self.eyes.listened_to():
            await self.patience.wait(await self.eyes.hearing(self.patience.late))

    async def _completed(self, todo: Plan, source: Source) -> Plan:
        """Look for what the first plan lacked: answers among options that only an open menu shows, and words that
        the options chosen before left out."""
        await read_out(self.eyes, todo.left, source)
        gates = opened(todo.left, source)
        actions, left = [*todo.actions, *gates], []
        for item in (x for x in todo.left if all(x.control.ref != gate.control.ref for gate in gates)):
            found = await self._second_thought(item, source)
            if isinstance(found, Action):
                actions.append(found)
            else:
                left.append(found)
        return Plan(tuple(actions), tuple(left))

    async def _second_thought(self, item: Left, source: Source) -> Action | Left:
        control = item.control
        if words := self._unsaid.words_for(control):
            return Action(control, item.label, words)
        if control.kind in MENU_KINDS and not control.options and (item.needed or item.label in EEO):
            control = replace(control, options=await read_menu(self.eyes, control))
            found = source.resolve(control, item.label, item.row) if control.options else item.reason
            item = replace(item, control=control)
            return Action(control, item.label, found, item.row) if isinstance(found, Answer) else item
        return item

    async def _enter(self, action: Action) -> Filled:
        """Enter one value, read it back, and let a site that reads files finish before anything else is entered."""
        upload = action.control.kind == "file"
        if upload:
            await self.patience.before_upload()
        filled = await self._try(action)
        self.patience.after(action.control)
        if upload:
            await self._react()
        return filled

    async def _try(self, action: Action) -> Filled:
        """Enter one value and read it back; a control that was drawn anew is found again by its signature."""
        if await self._agreed(action):
            return Filled(action, TICKED, True)
        for attempt in (1, 2):
            try:
                expected = await perform(self.eyes, action)
                self._unsaid.note(action, expected)
                shown = await self._shown(action.control, expected) or await self._agreed(action)
                return Filled(action, expected, shown, "" if shown else "the page does not show the value")
            except CannotEnter as error:
                again = await self._mended_way(action.control) if attempt == 1 else None
                if again is None:
                    return Filled(action, "", False, str(error))
                action = replace(action, control=again)
        raise AssertionError("unreachable")

    async def _agreed(self, action: Action) -> bool:
        """Accept what a box of consent has opened to be read first, and tell whether it shows its tick then."""
        accept = find_accept(await self.eyes.look()) if action.label == "consent" else None
        if not (accept and accept.dialog) or action.control.dialog:
            return False
        await self.follow(accept)
        return await self._shown(action.control, TICKED)

    async def _mended_way(self, control: Control) -> Control | None:
        """Return the control where it can be tried once more: drawn anew, or freed of a banner over the page."""
        if again := await self._drawn_anew(control):
            return again
        return await self.eyes.again(control.ref) if await self._past_banner() else None

    async def _drawn_anew(self, control: Control) -> Control | None:
        if await self.eyes.again(control.ref):
            return None
        view = await self.eyes.look()
        same = [c for c in view.controls if c.signature == control.signature]
        # Some pages number their fields anew each time.
        alike = [c for c in view.controls if c.alike(control)]
        return same[0] if same else alike[0] if len(alike) == 1 else None

    async def _shown(self, control: Control, expected: str) -> bool:
        """Read the control until it shows the value; some pages paint a moment after the click."""
        for _ in range(FILE_PAINTS if control.kind == "file" else PAINTS):
            now = await self.eyes.again(control.ref) or await self._drawn_anew(control)
            if await self._holds(control, now, expected):
                return True
            await asyncio.sleep(STILL_S)
        return False

    async def _holds(self, before: Control, now: Control | None, expected: str) -> bool:
        """Tell whether the control shows the value. An upload field may go away, or let go of its file once it has it;
        then the page must name the file."""
        if now is not None and shows(now, expected):
            return True
        return before.kind == "file" and expected in (await self.eyes.look()).text

    async def lasting(self, report: PageReport) -> PageReport:
        """Return what became of the controls a moment later: what the page has wiped since is entered once more."""
        filled = list(report.filled)
        # Editors come over long texts also where nothing listens yet.
        edited = any(f.action.control.kind == "textarea" for f in filled)
        if not (filled and (edited or await self.eyes.listened_to())):
            return report
        for mend in (True, False):
            await asyncio.sleep(LASTING_S)
            wiped = await self._wiped(filled)
            if not wiped:
                break
            filled = await self._mended(filled, wiped) if mend else _without(filled, wiped)
        return replace(report, filled=tuple(filled))

    async def _checked(self, filled: list[Filled]) -> list[Filled]:
        """Read every filled control once more, and mend what the page has wiped or found fault with since.

        What it wipes or refuses every time is not filled.
        """
        for _ in range(MENDINGS):
            wiped = await self._wiped(filled)
            if not wiped:
                return filled
            filled = await self._mended(filled, wiped)
            await self._react()
        return _without(filled, await self._wiped(filled))

    async def _mended(self, filled: list[Filled], wiped: Mapping[Ref, Control]) -> list[Filled]:
        """Enter again what was wiped, uploads first."""
        again = sorted((f for f in filled if f.action.control.ref in wiped), key=lambda f: _order(f.action))
        mended = {f.action.control.ref: await self._again(f, wiped[f.action.control.ref]) for f in again}
        return [mended.get(f.action.control.ref, f) for f in filled]

    async def _again(self, filled: Filled, now: Control) -> Filled:
        """Enter once more what the page now shows otherwise or refuses; what it said against it before stays known."""
        done = await self._enter(replace(filled.action, control=now, lost=True))
        before = replace(done.action.control, invalid=filled.action.control.invalid)
        return replace(done, action=replace(done.action, control=before))

    async def _wiped(self, filled: Iterable[Filled]) -> dict[Ref, Control]:
        """Return the controls, as they are now, that no longer show what was entered, at which the page now finds a
        fault, or that have come in their stead."""
        view, entered = await self.eyes.steady(), [f for f in filled if f.verified]
        found = {f.action.control.ref: _in_stead(f.action.control, entered, view) for f in entered}
        wiped = {ref: c for ref, c in found.items() if c}
        now = {c.ref: c for c in view.controls if c.ref not in wiped}
        shown = [(f, c) for f in entered if (c := now.get(f.action.control.ref))]
        return wiped | {
            c.ref: c for f, c in shown if _faulted(f, c) or not await self._holds(c, c, f.expected)
        }


def _faulted(filled: Filled, now: Control) -> bool:
    """Tell whether the page has come to find fault with what was entered."""
    return bool(now.invalid) and not filled.action.control.invalid


def _in_stead(before: Control, entered: Iterable[Filled], view: PageView) -> Control | None:
    """Return the editor that has come over a plain field since it was filled, and asks the same."""
    now, taken = view.control(before.ref), {f.action.control.ref for f in entered}
    if before.kind != "textarea" or before.hidden or not (now and now.hidden):
        return None
    return next(
        (
            c
            for c in view.controls
            if (c.kind, c.question) == ("richtext", before.question) and c.ref not in taken
        ),
        None,
    )


def _without(filled: Iterable[Filled], wiped: Mapping[Ref, Control]) -> list[Filled]:
    """Return what became of the controls, nothing being claimed of those that were wiped or refused."""
    return [_lost(f, now) if (now := wiped.get(f.action.control.ref)) else f for f in filled]


def _lost(filled: Filled, now: Control) -> Filled:
    reason = "the page refuses the value" if _faulted(filled, now) else "the page does not keep the value"
    return replace(filled, verified=False, reason=reason)


def _latest(settled: dict[Ref, Filled], view: PageView) -> list[Filled]:
    """Return what became of each control, without those that the page drew anew and that were filled again since, or
    that an editor came over before they were filled."""
    by_signature = {f.action.control.signature: ref for ref, f in settled.items()}
    present = {c.ref: c for c in view.controls}
    edited = {f.action.control.question for f in settled.values() if f.verified}
    return [
        f
        for ref, f in settled.items()
        if (ref in present or by_signature[f.action.control.signature] == ref)
        and (f.verified or f.action.control.question not in edited or not _put_away(f, present.get(ref)))
    ]


def _put_away(filled: Filled, now: Control | None) -> bool:
    """Tell whether the control was to be seen, and no more."""
    return bool(now and now.hidden and not filled.action.control.hidden)


def _offers_anew(filled: Filled, view: PageView) -> bool:
    """Tell whether a list that lacked the answer has other options now, or a slider other ends: those that another
    answer has brought."""
    before = filled.action.control
    now = None if filled.verified else view.control(before.ref)
    if not now or now.kind == "range":
        return bool(now and (now.min, now.max) != (before.min, before.max))
    # What other lists offer is known only while they are open.
    return now.tag == "select" and [o.text for o in now.options] != [o.text for o in before.options]


def _loads(view: PageView) -> bool:
    """Tell whether a list says of itself that what it offers is still on its way."""
    return any(
        c.disabled and c.tag == "select" and said("options", "busy").match(fold(o.text))
        for c in view.controls
        for o in c.options[:1]
    )


def _uploaded(control: Control, done: Iterable[Filled], view: PageView) -> bool:
    """Tell whether an upload field that was drawn anew, empty, has its file already: the page names it."""
    return any(
        f.verified and f.action.control.signature == control.signature and f.expected in view.text
        for f in done
    )


def _order(action: Action) -> int:
    """Uploads first: sites read the file and overwrite other fields. Then choices: what they bring about comes while
    the texts are entered."""
    kind = action.control.kind
    return 0 if kind == "file" else 1 if awaited(kind) else 2
