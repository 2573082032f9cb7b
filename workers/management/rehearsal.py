"""Work one page as a job would, up to the button that sends, and tell what became of every control."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import PurePath
from typing import Any

from playwright.async_api import BrowserContext, Error, Route

from workers.engines.scripted import ScriptedEngine
from workers.handlers.navigation import visit
from workers.hands.advance import find_advance, find_apply
from workers.hands.candidate import Answer, Candidate
from workers.hands.classify import LEFT_ALONE, Guess
from workers.hands.context import guesses
from workers.hands.controls import Control, PageView, Ref
from workers.hands.pages import fillable
from workers.hands.plan import plan
from workers.hands.privacy import concealed
from workers.hands.report import Filled, PageReport, masked
from workers.hands.sources import CandidateSource
from workers.hands.walls import wall

# A form that sends itself when it is answered is stopped in the page, and its navigation on the way out.
NO_SUBMIT = "addEventListener('submit', (e) => { e.preventDefault(); e.stopImmediatePropagation(); }, true)"
BLURRED = (
    "input,textarea,select,[role=combobox],[aria-haspopup=listbox],[contenteditable],[class*='single-value' i],"
    "[class*='singlevalue' i],[class*='multi-value' i],[class*='multivalue' i],[class*='chip' i]"
)
PICTURE_MS = 10_000

Box = Mapping[str, float]


class PageRefused(Exception):
    """The page could not be opened, or answered with an error; the message says which."""


@dataclass(frozen=True, slots=True)
class Row:
    """One control. `state`: filled and verified, planned, missing although required, failed, or left alone."""

    number: int
    question: str
    kind: str
    required: bool
    label: str
    label_confidence: float
    label_reason: str
    state: str
    value: str = ""
    source: str = ""
    confidence: float = 0.0
    reason: str = ""
    box: Box | None = None


@dataclass(frozen=True, slots=True)
class Rehearsal:
    """What came of one page. `complete` when nothing required is missing and there was something to fill."""

    url: str
    title: str
    filled: bool
    complete: bool
    rows: tuple[Row, ...]
    notes: tuple[str, ...] = ()
    picture: bytes = b""


@dataclass
class Stage:
    """One page being rehearsed."""

    engine: ScriptedEngine
    source: CandidateSource
    fills: bool
    shows_values: bool
    held_back: list[str] = field(default_factory=list)

    async def play(self, url: str, *, picture: bool) -> Rehearsal:
        """Open, observe, plan, fill unless told not to, and read back; no button that goes on is pressed.

        Raises `PageRefused`.
        """
        await self.engine.context.add_init_script(NO_SUBMIT)
        await self._open(url)
        await self.engine.context.route("**/*", self._stay)
        before = await self.engine.view()
        labels = guesses(before)
        report = await self._worked(before)
        after = await self.engine.view() if self.fills else before
        rows = await self._rows(after, guesses(after) | labels, report)
        return Rehearsal(
            url=after.url,
            title=after.title,
            filled=self.fills,
            complete=bool(fillable(after)) and not report.questions,
            rows=tuple(rows),
            notes=tuple(await self._notes(after)),
            picture=await self._picture() if picture else b"",
        )

    async def _open(self, url: str) -> None:
        try:
            refused = await visit(self.engine, url)
        except Error as error:
            raise PageRefused(error.message.splitlines()[0].removeprefix("Page.goto: ")) from error
        if refused:
            raise PageRefused(refused.message)

    async def _stay(self, route: Route) -> None:
        """Let the page load what it needs, but neither leave nor send itself."""
        request, leaves = route.request, False
        if request.is_navigation_request():
            leaves = request.method != "GET"
            with suppress(Error):  # a tab that is only being opened has no frame yet
                leaves = leaves or request.frame.parent_frame is None
        if leaves:
            self.held_back.append(f"{request.method} {request.url.split('?')[0]}")
            # An aborted navigation would put an error page in the form's place; "no content" leaves it there.
            await route.fulfill(status=204)
        else:
            await route.continue_()

    async def _worked(self, view: PageView) -> PageReport:
        """Return the engine's report; of a dry run, the plan in the shape of a report."""
        if self.fills:
            return await self.engine.lasting(await self.engine.fill(self.source))
        todo = plan(view, self.source)
        return PageReport(tuple(Filled(a, a.answer.text, True) for a in todo.actions), todo.left)

    async def _rows(self, view: PageView, labels: Mapping[Ref, Guess], report: PageReport) -> list[Row]:
        place = {control.ref: number for number, control in enumerate(view.controls)}
        found: list[tuple[Control, dict[str, Any]]] = [
            (f.action.control, {"label": f.action.label, **self._entered(f)}) for f in report.filled
        ]
        found += [
            (x.control, {"label": x.label, "state": "missing" if x.needed else "left", "reason": x.reason})
            for x in report.left
            if not x.control.hidden
        ]
        found.sort(key=lambda pair: place.get(pair[0].ref, len(place)))
        rows = []
        for number, (control, outcome) in enumerate(found, 1):
            guess = labels.get(control.ref, LEFT_ALONE)
            rows.append(
                Row(
                    number=number,
                    question=control.question.rstrip(" *") or control.question,
                    kind=control.kind,
                    required=control.required,
                    label_confidence=round(guess.confidence, 2),
                    label_reason=guess.reason,
                    box=await self._box(control),
                    **outcome,
                )
            )
        return rows

    def _entered(self, item: Filled) -> dict[str, Any]:
        answer = item.action.answer
        good = "filled" if self.fills else "planned"
        return {
            "state": good if item.verified else "failed",
            "value": self._shown(answer),
            "source": answer.source,
            "confidence": round(answer.confidence, 2),
            "reason": item.reason or answer.reason,
        }

    def _shown(self, answer: Answer) -> str:
        if not self.shows_values:
            return masked(answer.text, answer.source)
        return PurePath(answer.text).name if answer.source == "file" else answer.text

    async def _box(self, control: Control) -> Box | None:
        """Return where the control, or what is painted for it, stands on the page."""
        with suppress(Error):
            handle = await self.engine.eyes.handle(control.face or control.ref)
            box = await handle.bounding_box() if handle else None
            if box:
                scroll = await self.engine.page.evaluate("[scrollX, scrollY]")
                return {**box, "x": box["x"] + scroll[0], "y": box["y"] + scroll[1]}
        return None

    async def _notes(self, view: PageView) -> list[str]:
        """Return what a person should know beside the table."""
        notes = [f"Held back: {sent}" for sent in dict.fromkeys(self.held_back)]
        blocked = wall(view)
        if blocked:
            notes.append(f"A wall ({blocked.kind}): {blocked.evidence}")
        advance, apply = find_advance(view), find_apply(view)
        if not fillable(view):
            way = f"; “{apply.text}” leads to {apply.href or 'its form'}" if apply else ""
            notes.append(f"The page shows no form{way}")
        elif advance is None:
            notes.append("The page has no button to go on")
        else:
            does = "may send the form" if advance.sends else "turns the page"
            notes.append(f"Not pressed: “{advance.button.text}”, which {does}")
        hidden = sum(bool(c.hidden) for c in view.controls if not c.reachable)
        if hidden:
            notes.append(f"Left out: {hidden} that nobody can see")
        return notes

    async def _picture(self) -> bytes:
        """Return the whole page as a PNG; unless values may be shown, they cannot be read on it."""
        page = self.engine.page
        return await page.screenshot(
            full_page=True,
            animations="disabled",
            mask=await concealed(page),
            style="" if self.shows_values else f"{BLURRED} {{ filter: blur(5px) !important }}",
            scale="css",
            timeout=PICTURE_MS,
        )


async def rehearse(
    context: BrowserContext,
    url: str,
    candidate: Candidate,
    *,
    fills: bool = True,
    shows_values: bool = False,
    picture: bool = False,
) -> Rehearsal:
    """Return what the hands make of the page for the candidate. Guarantees: the form is not sent.

    Raises `PageRefused`.
    """
    stage = Stage(ScriptedEngine(context), CandidateSource(candidate), fills, shows_values)
    return await stage.play(url, picture=picture)
