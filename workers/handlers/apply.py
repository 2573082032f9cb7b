"""Apply to a posting: find its form, fill page after page, send once, and report the site's own confirmation."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterable
from contextlib import suppress
from typing import Any

from playwright.async_api import Error as PlaywrightError

from workers.context import JobSpec, ResumeUnavailable, Run
from workers.engines.base import Engine
from workers.handlers.base import picture, saved, taken
from workers.handlers.navigation import elsewhere, leads_elsewhere, visit
from workers.handlers.people import past, review
from workers.handlers.submission import LANDING_S, OVER, Landing, press, watch
from workers.hands.advance import Advance, Objection, find_advance, find_apply
from workers.hands.candidate import Candidate
from workers.hands.controls import Button, PageView
from workers.hands.doors import find_accept, find_guest, find_terms, find_way_in
from workers.hands.pages import Confirmation, fillable, said
from workers.hands.plan import Left
from workers.hands.report import PageReport, questions_for_people
from workers.hands.sources import CandidateSource
from workers.hands.text import fold
from workers.hands.walls import Wall, wall
from workers.inputs.forms import check_applicant
from workers.outcomes import Completed, Failed, NeedsHuman, Outcome

MAX_PAGES = 20
# Doors on the way from a posting to its form: Apply, how to apply, terms, log-in or guest.
MAX_DOORS = 8
# A page that is still fetching what it shows has it within this.
LATE_S = 6.0
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
        refused = await visit(engine, run.spec.target_url)
        return await (application.turned_away(refused) if refused else application.through())


class Application:
    """One application on its way through a site."""

    def __init__(self, run: Run, engine: Engine, candidate: Candidate, patience_seconds: float) -> None:
        self.run = run
        self.engine = engine
        self.source = CandidateSource(candidate, run.spec.remembered)
        self.rows: list[dict[str, Any]] = []
        self.pages = 0
        self.repaired = False
        self.reviewed = 0
        self.touched = False
        self.objected = False
        self.agreed = 0
        self.pictured: tuple[tuple[int, str], bytes] = ((0, ""), b"")
        self.patience_seconds = patience_seconds

    async def through(self) -> Outcome:
        """Take the form page after page to its end."""
        view = await self._to_the_form()
        while isinstance(view, PageView):
            if self.pages >= MAX_PAGES:
                return Failed("action_limit_exceeded", f"The form has more than {MAX_PAGES} pages")
            view = await self._one_page(view)
        return view

    async def turned_away(self, refused: Failed) -> Outcome:
        """Say why the site did not give the posting: a wall for a person, a posting that is gone, or an error."""
        blocked = wall(await self.engine.view())
        if blocked:
            return await self._past(blocked) or await self.through()
        if refused.details.get("http_status") in {404, 410}:
            return Failed("posting_closed", f"The posting is gone: {refused.message}", refused.details)
        return refused

    async def _to_the_form(self) -> PageView | Outcome:
        """Return the first page with something to fill, following the posting's Apply button."""
        view = await self._once(_leads_on)
        for _ in range(MAX_DOORS):
            blocked = wall(view)
            guest = find_guest(view) if blocked and blocked.kind == "login" else None
            if blocked and not guest:
                stuck = await self._past(blocked)
                if stuck:
                    return stuck
                view = await self._inside()
                continue
            if _is_form(view) and not guest:
                await self._not_sent_yet()
                return view
            button = guest or find_apply(view) or find_way_in(view)
            if button is None:
                break
            followed = await self._follow(button, view.url)
            if isinstance(followed, Failed):
                return followed
            view = await self._once(_leads_on)
        if fillable(view):
            return view
        return elsewhere(self.run.spec.target_url, self.engine.address) or Failed(
            "element_not_found", "The page shows neither a form nor a way to apply", {"url": view.url}
        )

    async def _once(self, shows: Callable[[PageView], object]) -> PageView:
        """Return the page once it shows that, or as it is when it has not after a while."""
        clock = asyncio.get_running_loop().time
        deadline = clock() + min(LATE_S, self.patience_seconds)
        view = await self.engine.view()
        while not shows(view) and clock() < deadline:
            await self.engine.stir()
            with suppress(PlaywrightError):
                view = await self.engine.gaze()
        return await self.engine.view()

    async def _past(self, blocked: Wall) -> Outcome | None:
        """Clear the way, and return None; or how the application ended before it."""
        left = await past(self.run, self.engine, blocked, before_sending=self._touch)
        if not isinstance(left, Wall):
            return left
        self.run.event("blocker_detected", left.evidence, **left.facts)
        if left.kind == "closed":
            return Failed("posting_closed", f"The posting is closed: “{left.evidence}”")
        return Failed("already_applied", f"The site says there is an application already: “{left.evidence}”")

    async def _inside(self) -> PageView:
        """Return the page behind a wall; a site that forgot what it was for is asked for the posting again."""
        view = await self.engine.view()
        if self.pages == 0 and not (fillable(view) or find_apply(view)):
            await self.engine.open(self.run.spec.target_url)
        return await self.engine.view()

    async def _follow(self, button: Button, posting: str) -> PageView | Failed:
        """Follow the Apply button; some lead to another site only when pressed."""
        if outside := leads_elsewhere(posting, button):
            return outside
        self.run.event("step_started", "Following the Apply button")
        view = await self.engine.follow(button)
        return elsewhere(posting, self.engine.address) or view

    async def _one_page(self, view: PageView) -> PageView | Outcome:
        """Fill one page and go on; return the next page, or how the application ended."""
        if not self.repaired:
            self.pages += 1
        self._say("filling_form", f"Filling page {self.pages}")
        return await self._filled()

    async def _filled(self) -> PageView | Outcome:
        report = await self.engine.fill(self.source, meanwhile=self._picture_ahead)
        if report.questions:
            return await self._ask(report.questions)
        self.run.event(
            "step_completed", f"Page {self.pages} filled", fields=sum(f.verified for f in report.filled)
        )
        return await self._go_on(report)

    async def _go_on(self, report: PageReport) -> PageView | Outcome:
        view = await self.engine.view()
        advance = find_advance(view)
        if advance is None:
            if find_advance(await self._once(find_advance)):
                # What came late may hold more to fill in.
                return await self._filled()
            return Failed("element_not_found", "The page has no button to go on", {"url": view.url})
        if advance.button.disabled and not self.source.must_consent:
            # The page wants an agreement that it does not mark as required.
            self.source.must_consent = True
            return await self._go_on(await self.engine.fill(self.source))
        if self.agreed != self.pages and (terms := find_terms(view)):
            return await self._agree(terms, report)
        self.touched = False
        if advance.sends:
            ended = await self._cleared(report)
            if ended:
                return ended
            self._say("submitting", "Submitting the application")
            await self._picture_filled()
        pressing = watch if self.touched else press
        return await self._pressed(pressing, advance, view, report)

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
        accept = find_accept(await self.engine.follow(terms))
        if accept:
            await self.engine.follow(accept)
        return await self._go_on(report)

    async def _cleared(self, report: PageReport) -> PageView | Outcome | None:
        """Have the form approved, and what stands in its way solved; None once it may be sent.

        A person who does so beside the page may press its button as well: then nothing may press again.
        """
        if self.reviewed != self.pages:
            self.reviewed = self.pages
            self.touched = await review(self.run, self.engine, [*self.rows, *report.rows(self.pages)])
        blocked = wall(await self.engine.view())
        if blocked is None or blocked.kind != "captcha" or self.touched:
            return None
        return await self._past(blocked) or (None if self.touched else await self._go_on(report))

    async def _not_sent_yet(self) -> None:
        """Take back the mark of what a person pressed, where the form is plainly still to be filled in."""
        if self.touched:
            self.touched = False
            await self.run.disarm_submit("the form is still to be filled in")

    async def _touch(self) -> None:
        """Hear, before it happens, that a person presses what may send the form."""
        await self.run.arm_submit()
        self.touched = True

    async def _pressed(
        self, pressing: Pressing, advance: Advance, view: PageView, report: PageReport
    ) -> PageView | Outcome:
        """Press, or only watch where somebody else has, and have what comes in between cleared."""
        landing = await pressing(self.run, self.engine, advance, view, patience_seconds=self.patience_seconds)
        while landing.wall:
            if (
                landing.armed
                and landing.wall.kind in OVER
                and not self.objected
                and len(self.engine.sent) <= 1
            ):
                # Sent once only, what is there already is not what was sent just now.
                await self.run.disarm_submit(f"the site turned it down: “{landing.wall.evidence}”")
            stuck = await self._past(landing.wall)
            if stuck:
                return stuck
            if not landing.armed:
                return await self._behind(report)
            landing = await watch(
                self.run, self.engine, advance, view, patience_seconds=self.patience_seconds
            )
        return await self._landed(landing, report)

    async def _behind(self, report: PageReport) -> PageView:
        """Return the step of the form that came behind a wall, the page before being done with."""
        self.rows += report.rows(self.pages)
        self.repaired = False
        view = await self._inside()
        if fillable(view):
            await self._not_sent_yet()
        return view

    async def _landed(self, landing: Landing, report: PageReport) -> PageView | Outcome:
        if landing.objections:
            return await self._objected(landing, report)
        self.rows += report.rows(self.pages)
        self.repaired = False
        if landing.confirmed:
            return await self._confirmed(landing.confirmed, landing.view)
        if landing.moved and not landing.armed:
            return await self.engine.view()
        if landing.armed:
            return await self._unconfirmed(landing.view)
        return Failed("element_not_found", "The page does not go on", {"url": landing.view.url})

    async def _objected(self, landing: Landing, report: PageReport) -> PageView | Outcome:
        """Let the page be filled once more with the objections in sight; a second objection ends the try."""
        if not self.repaired and self._can_mend(landing.objections):
            self.repaired = self.objected = True
            self.run.event(
                "step_started", "Mending what the site objected to", objections=len(landing.objections)
            )
            return landing.view
        if doubted := report.recalled([o.control.ref for o in landing.objections if o.control]):
            return await self._ask(doubted)
        names = _names(landing.objections)
        return Failed(
            "validation_error",
            f"The site does not accept: {'; '.join(names)}",
            {
                "fields": names,
                "messages": [o.message for o in landing.objections],
                "report": report.rows(self.pages),
            },
        )

    def _can_mend(self, found: Iterable[Objection]) -> bool:
        """Learn what the site said, and tell whether there is anything to be done about it."""
        known = [o for o in found if o.control]
        self.source.refused = {o.control.signature: o.message for o in known if o.control}
        if not self.source.must_consent and any(
            said("confirmation", "consents").search(fold(o.message)) for o in found if not o.control
        ):
            self.source.must_consent = True
            return True
        return bool(known)

    async def _ask(self, open_questions: Iterable[Left]) -> Outcome:
        questions = questions_for_people(open_questions)
        shot = await picture(self.run, self.engine.page, "question")
        return NeedsHuman(
            "question", _unanswered(questions), self.engine.page.url, shot, {"questions": questions}
        )

    async def _unconfirmed(self, view: PageView) -> Outcome:
        shot = await picture(self.run, self.engine.page, "after-submit")
        return NeedsHuman(
            "verify_submission",
            "The form may have been sent, but the site did not confirm it",
            view.url,
            shot,
            {"requests": list(self.engine.sent), "fields": self.rows},
        )

    async def _confirmed(self, confirmed: Confirmation, view: PageView) -> Outcome:
        self.run.progress("extracting_results", 95, "Reading the confirmation")
        await picture(self.run, self.engine.page, "confirmation")
        return Completed(
            {
                "confirmation_id": confirmed.number or None,
                "confirmation_text": confirmed.text,
                "final_url": view.url,
                "fields": self.rows,
                "pages": self.pages,
            },
            f"Application confirmed{f' as {confirmed.number}' if confirmed.number else ''}",
        )

    def _say(self, step: str, text: str) -> None:
        self.run.progress(step, min(90, 15 + 15 * self.pages), text)
        self.run.event("step_started", text)


def _leads_on(view: PageView) -> bool:
    """Tell whether the page shows a form, a way to one, or what bars it."""
    return bool(wall(view) or _is_form(view) or find_apply(view) or find_way_in(view) or find_advance(view))


def _is_form(view: PageView) -> bool:
    """Tell whether the page is the application's form; a posting may have a lone field for something else."""
    own = fillable(view)
    return len(own) > 1 or any(c.kind == "file" and (c.face or not c.hidden) for c in own)


def _unanswered(questions: list[dict[str, Any]]) -> str:
    """Say what the form asks, the first three by name."""
    names = [str(one["question"]).rstrip(" *:")[:80] for one in questions]
    more = f" and {len(names) - 3} more" if len(names) > 3 else ""
    return f"Required and not answered: {'; '.join(names[:3])}{more}"


def _names(found: tuple[Objection, ...]) -> list[str]:
    return list(dict.fromkeys(o.control.question if o.control else o.message for o in found))
