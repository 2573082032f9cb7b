"""Apply to a posting: find its form, fill page after page, send once, and report the site's own confirmation."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterable
from typing import Any

from workers.context import JobSpec, ResumeUnavailable, Run
from workers.engines.base import Engine
from workers.handlers.base import saved, taken
from workers.handlers.endings import asked, confirmed, refused, unconfirmed
from workers.handlers.navigation import read_down, visit
from workers.handlers.people import review
from workers.handlers.submission import LANDING_S, OVER, PUT_OFF, Landing, answered, press, watch
from workers.handlers.way import Way
from workers.hands.advance import Advance, Objection, find_advance
from workers.hands.candidate import Candidate
from workers.hands.controls import Button, PageView
from workers.hands.doors import find_accept, find_guest, find_terms
from workers.hands.pages import fillable
from workers.hands.report import PageReport
from workers.hands.sources import CandidateSource
from workers.hands.text import fold
from workers.hands.vocabulary import said
from workers.hands.walls import Wall, wall
from workers.inputs.forms import check_applicant
from workers.outcomes import Failed, Outcome

MAX_PAGES = 20
# A step that slides in on the same page hears no click before it has arrived.
SLIDING_S = 0.7
# A site that finds a form filled in too quickly gets it again after this.
UNHURRIED_S = 6.0
Pressing = Callable[..., Awaitable[Landing]]


class ApplyHandler:
    """The job type `apply`."""

    def __init__(self, patience_seconds: float = LANDING_S) -> None:
        self.patience_seconds = patience_seconds

    def validate(self, spec: JobSpec) -> None:
        """Check that there is somebody to apply for. Raises `InvalidInput`."""
        check_applicant(spec.input_data)

    async def run(self, run: Run, engine: Engine) -> Outcome:
        """Apply, and return the site's confirmation or the honest reason why there is none."""
        run.progress("initializing", 5, "Preparing the application")
        try:
            resume = await run.resume_file()
        except ResumeUnavailable as error:
            return Failed("validation_error", f"The resume cannot be used: {error}", {"field": "resume"})
        try:
            letter = await run.cover_letter_file()
        except ResumeUnavailable as error:
            return Failed(
                "validation_error", f"The cover letter cannot be used: {error}", {"field": "cover_letter_ref"}
            )
        candidate = Candidate.from_input(run.spec.input_data, resume, letter)
        run.progress("navigating", 10, "Opening the posting")
        application = Application(run, engine, candidate, self.patience_seconds)
        barred = await visit(engine, run.spec.target_url)
        return await (application.turned_away(barred) if barred else application.through())


class Application:
    """One application, page after page."""

    def __init__(self, run: Run, engine: Engine, candidate: Candidate, patience_seconds: float) -> None:
        self.run = run
        self.engine = engine
        self.way = Way(run, engine, patience_seconds)
        self.source = CandidateSource(candidate, run.spec.remembered)
        self.rows: list[dict[str, Any]] = []
        self.pages = 0
        self.repaired = False
        self.reviewed = 0
        self.objected = False
        self.agreed = 0
        self.pictured: tuple[tuple[int, str], bytes] = ((0, ""), b"")
        self.patience_seconds = patience_seconds

    async def through(self) -> Outcome:
        """Take the form page after page to its end."""
        view = await self.way.to_the_form()
        while isinstance(view, PageView):
            if self.pages >= MAX_PAGES:
                return Failed("action_limit_exceeded", f"The form has more than {MAX_PAGES} pages")
            view = await self._one_page(view)
        return view

    async def turned_away(self, barred: Failed) -> Outcome:
        """Say why the site did not give the posting: a wall for a person, a posting that is gone, or an error."""
        blocked = wall(await self.engine.view())
        if blocked:
            return await self.way.past(blocked) or await self.through()
        if barred.details.get("http_status") in {404, 410}:
            return Failed("posting_closed", f"The posting is gone: {barred.message}", barred.details)
        return barred

    async def _one_page(self, view: PageView) -> PageView | Outcome:
        """Fill one page and go on; return the next page, or how the application ended."""
        if not self.repaired:
            self.pages += 1
        self._say("filling_form", f"Filling page {self.pages}")
        return await self._filled()

    async def _filled(self) -> PageView | Outcome:
        report = await self.engine.fill(self.source, meanwhile=self._picture_ahead)
        if report.questions:
            return await asked(self.run, self.engine, report.questions)
        self.run.event(
            "step_completed", f"Page {self.pages} filled", fields=sum(f.verified for f in report.filled)
        )
        return await self._go_on(report)

    async def _go_on(self, report: PageReport) -> PageView | Outcome:
        view = await self.engine.view()
        if report.gone_from(fillable(view)):
            return await self._turned_by_itself(view, report)
        advance = find_advance(view)
        if advance is None:
            return await self._without_button(report)
        if advance.button.disabled and not self.source.must_consent:
            # The page wants an agreement that it does not mark as required.
            self.source.must_consent = True
            await read_down(self.engine.page)
            await self.engine.gaze()
            return await self._go_on(await self.engine.fill(self.source))
        if self.agreed != self.pages and (terms := find_terms(view)):
            return await self._agree(terms, report)
        self.way.touched = False
        if advance.sends:
            ended = await self._cleared(report)
            if ended:
                return ended
            self._say("submitting", "Submitting the application")
            await self._picture_filled()
        await asyncio.sleep(max(0.0, self.way.slid_in + SLIDING_S - asyncio.get_running_loop().time()))
        pressing = watch if self.way.touched else press
        return await self._pressed(pressing, advance, view, report)

    async def _without_button(self, report: PageReport) -> PageView | Outcome:
        """Go on with what comes late, which may hold more to fill in; some pages go on once they have their answer."""
        view = await self.way.once(lambda now: find_advance(now) or report.gone_from(fillable(now)))
        if find_advance(view) or report.gone_from(fillable(view)):
            return await self._filled()
        if report.choices:
            return await asked(self.run, self.engine, report.choices)
        return Failed("element_not_found", "The page has no button to go on", {"url": view.url})

    async def _turned_by_itself(self, view: PageView, report: PageReport) -> PageView:
        """Go on with the step that an answer alone has brought, as forms of one question a page do."""
        self._done_with(report)
        await self.way.note_sliding()
        return view

    async def _picture_ahead(self, view: PageView) -> None:
        """Take the picture of a page that is to be sent while it is waited for anyway."""
        advance = find_advance(view)
        if advance and advance.sends:
            mark, png = self.engine.mark, await taken(self.run, self.engine.page)
            self.pictured = (mark, png)

    async def _picture_filled(self) -> None:
        """Save a picture of what is to be sent: the one taken ahead, if nothing has changed since."""
        mark, png = self.pictured
        await saved(
            self.run,
            "before-submit",
            png if mark == self.engine.mark else await taken(self.run, self.engine.page),
        )

    async def _agree(self, terms: Button, report: PageReport) -> PageView | Outcome:
        """Open what has to be read and accepted before the form can be sent, and accept it."""
        self.agreed = self.pages
        self.run.event("step_started", f"Accepting “{terms.text[:80]}”")
        await self.engine.follow(terms)
        # The button for it is often switched off until the text has come.
        accept = find_accept(await self.way.once(find_accept))
        if accept:
            await self.engine.follow(accept)
        return await self._go_on(report)

    async def _cleared(self, report: PageReport) -> PageView | Outcome | None:
        """Have the form approved, and what stands in its way solved; None once it may be sent.

        A person who does so beside the page may press its button as well: then nothing may press again.
        """
        if self.reviewed != self.pages:
            self.reviewed = self.pages
            self.way.touched = await review(self.run, self.engine, [*self.rows, *report.rows(self.pages)])
        blocked = wall(await self.engine.view())
        if blocked is None or blocked.kind != "captcha" or self.way.touched:
            return None
        return await self.way.past(blocked) or (None if self.way.touched else await self._go_on(report))

    async def _pressed(
        self, pressing: Pressing, advance: Advance, view: PageView, report: PageReport
    ) -> PageView | Outcome:
        """Press, or only watch where somebody else has, and have what comes in between cleared."""
        landing = await pressing(self.run, self.engine, advance, view, patience_seconds=self.patience_seconds)
        while landing.wall:
            if not landing.armed and landing.wall.kind == "login" and find_guest(landing.view):
                self._done_with(report)
                return await self.way.to_the_form()
            if landing.armed and self._turned_down(landing.wall, advance):
                await self.run.disarm_submit(f"the site turned it down: “{landing.wall.evidence}”")
            elif landing.armed and landing.wall.kind == "expired":
                return await unconfirmed(self.run, self.engine, landing.view, self.rows)
            stuck = await self.way.past(landing.wall)
            if stuck:
                return stuck
            if not landing.armed:
                return await self._behind(report)
            landing = await watch(
                self.run, self.engine, advance, view, patience_seconds=self.patience_seconds
            )
        return await self._landed(landing, report, view)

    def _turned_down(self, over: Wall, advance: Advance) -> bool:
        """Tell whether what the site says shows that nothing was taken.

        Sent once only, what is there already is not what was sent just now. A session that ended may have done so
        after a form was taken, but not after a mere step of it.
        """
        once = not self.objected and len(self.engine.sent) <= 1
        return once and (over.kind in OVER or (over.kind == "expired" and not advance.surely_sends))

    async def _behind(self, report: PageReport) -> PageView:
        """Return the step of the form that came behind a wall, the page before being done with."""
        self._done_with(report)
        view = await self.engine.view()
        if fillable(view):
            await self.way.not_sent_yet()
        return view

    async def _landed(self, landing: Landing, report: PageReport, before: PageView) -> PageView | Outcome:
        if landing.objections:
            return await self._objected(landing, report)
        self._done_with(report)
        # Behind a wall a form may begin anew; what has landed was taken.
        self.source.handed_in((f.action.control, f.action.label) for f in report.filled if f.verified)
        if landing.confirmed:
            return await confirmed(
                self.run, self.engine, landing.view, landing.confirmed,
                text="Application confirmed", result={"fields": self.rows, "pages": self.pages},
            )  # fmt: skip
        if landing.moved and not landing.armed:
            if landing.view.same_document(before):
                await self.way.note_sliding()
            return await self.engine.view()
        if landing.armed and answered(self.engine, PUT_OFF):
            await self.run.disarm_submit("the site answered that it takes nothing more for now")
            return Failed("rate_limited", "The site takes no more for now (429)", {"url": landing.view.url})
        if landing.armed:
            return await unconfirmed(self.run, self.engine, landing.view, self.rows)
        return Failed("element_not_found", "The page does not go on", {"url": landing.view.url})

    async def _objected(self, landing: Landing, report: PageReport) -> PageView | Outcome:
        """Let the page be filled once more with the objections in sight; a second objection ends the try."""
        if not self.repaired and await self._can_mend(landing.objections):
            self.repaired = self.objected = True
            self.run.event(
                "step_started", "Mending what the site objected to", objections=len(landing.objections)
            )
            return landing.view
        named = [o.control for o in landing.objections if o.control]
        wanted = report.recalled(named) or (
            report.unanswered(named) if named else report.choices if _demanding(landing.objections) else ()
        )
        if wanted:
            return await asked(self.run, self.engine, wanted)
        return refused(landing.objections, report.rows(self.pages))

    async def _can_mend(self, found: Iterable[Objection]) -> bool:
        """Learn what the site said, and tell whether there is anything to be done about it."""
        if any(said("confirmation", "hasty").search(fold(o.message)) for o in found):
            await asyncio.sleep(min(UNHURRIED_S, self.patience_seconds))
            return True
        known = [o for o in found if o.control]
        self.source.refused = {o.control.asks: o.message for o in known if o.control}
        if not self.source.must_consent and any(
            said("confirmation", "consents").search(fold(o.message)) for o in found if not o.control
        ):
            self.source.must_consent = True
            return True
        return bool(known)

    def _done_with(self, report: PageReport) -> None:
        """Keep what became of a page, now that another is shown."""
        self.rows += report.rows(self.pages)
        self.repaired = False

    def _say(self, step: str, text: str) -> None:
        self.run.progress(step, min(90, 15 + 15 * self.pages), text)
        self.run.event("step_started", text)


def _demanding(found: Iterable[Objection]) -> bool:
    """Tell whether the site wants something filled in, without saying where."""
    return any(said("confirmation", "demands").search(fold(o.message)) for o in found)
