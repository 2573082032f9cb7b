"""The way through a site to its form, and past what bars it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextlib import suppress

from playwright.async_api import Error as PlaywrightError

from workers.context import Run
from workers.engines.base import Engine
from workers.handlers.navigation import elsewhere, leads_elsewhere
from workers.handlers.people import past
from workers.hands.advance import find_advance, find_apply
from workers.hands.controls import Button, PageView
from workers.hands.doors import find_consent, find_guest, find_language, find_way_in
from workers.hands.pages import fetching, fillable, still_loading
from workers.hands.scope import outside
from workers.hands.walls import Wall, wall
from workers.outcomes import Failed, Outcome

# Doors on the way from a posting to its form: Apply, how to apply, terms, log-in or guest.
MAX_DOORS = 8
# Walls that nobody moves: the code they end with, and what they mean.
ENDS = {
    "closed": ("posting_closed", "The posting is closed"),
    "applied": ("already_applied", "The site says there is an application already"),
    "rejected": ("not_eligible", "The site turns the person down by the answers given"),
    "expired": ("timeout", "The site's session ended"),
}
# A page that is still fetching what it shows has it within this.
LATE_S = 6.0


class Way:
    """One application's way through a site.

    `touched` says that a person who cleared the way has pressed what may send the form; `slid_in` is when a step last
    came on the page that was there already.
    """

    def __init__(self, run: Run, engine: Engine, patience_seconds: float) -> None:
        self.run = run
        self.engine = engine
        self.patience_seconds = patience_seconds
        self.touched = False
        self.slid_in = 0.0

    async def to_the_form(self) -> PageView | Outcome:
        """Return the first page with something to fill, following the posting's Apply button."""
        view = await self.once(_leads_on)
        for _ in range(MAX_DOORS):
            blocked = wall(view)
            guest = find_guest(view) if blocked and blocked.kind == "login" else None
            if blocked and not guest:
                stuck = await self.past(blocked)
                if stuck:
                    return stuck
                view = await self._inside()
                continue
            if _is_form(view) and not (guest or find_consent(view)):
                await self.not_sent_yet()
                return view
            button = guest or _door(view)
            if button is None:
                break
            followed = await self._follow(button, view)
            if isinstance(followed, Failed):
                return followed
            view = await self.once(_leads_on)
        if fillable(view):
            return view
        return elsewhere(self.run.spec.target_url, self.engine.address) or Failed(
            "element_not_found", "The page shows neither a form nor a way to apply", {"url": view.url}
        )

    async def once(self, shows: Callable[[PageView], object]) -> PageView:
        """Return the page once it shows that, or as it is when it has not after a while."""
        clock = asyncio.get_running_loop().time
        deadline = clock() + min(LATE_S, self.patience_seconds)
        view = await self.engine.view()
        while not shows(view) and clock() < deadline:
            await self.engine.stir()
            with suppress(PlaywrightError):
                view = await self.engine.gaze()
        return await self.engine.view()

    async def past(self, blocked: Wall) -> Outcome | None:
        """Clear the way, and return None; or how the application ended before it."""
        left = await past(self.run, self.engine, blocked, before_sending=self._touch)
        if not isinstance(left, Wall):
            return left
        self.run.event("blocker_detected", left.evidence, **left.facts)
        code, means = ENDS[left.kind]
        return Failed(code, f"{means}: “{left.evidence}”")

    async def not_sent_yet(self) -> None:
        """Take back the mark of what a person pressed, where the form is plainly still to be filled in."""
        if self.touched:
            self.touched = False
            await self.run.disarm_submit("the form is still to be filled in")

    async def _touch(self) -> None:
        """Hear, before it happens, that a person presses what may send the form."""
        await self.run.arm_submit()
        self.touched = True

    async def _inside(self) -> PageView:
        """Return the page behind a wall; a site that forgot what it was for is asked for the posting again."""
        view = await self.engine.view()
        if not (fillable(view) or _is_form(view) or find_consent(view) or find_apply(view)):
            await self.engine.open(self.run.spec.target_url)
        return await self.engine.view()

    async def _follow(self, button: Button, before: PageView) -> PageView | Failed:
        """Follow the Apply button; some lead to another site only when pressed."""
        # What a company shows in a frame of its posting is its own.
        framed = before.frame_urls.get(button.ref.frame, before.url)
        if outside := leads_elsewhere(framed, button):
            return outside
        self.run.event("step_started", "Following the Apply button")
        view = await self.engine.follow(button)
        if view.same_document(before):
            await self.note_sliding()
        outside = elsewhere(before.url, self.engine.address)
        return view if outside is None or elsewhere(framed, self.engine.address) is None else outside

    async def note_sliding(self) -> None:
        """Remember when a step came sliding in on the page that was there already."""
        if await self.engine.moving():
            self.slid_in = asyncio.get_running_loop().time()


def _leads_on(view: PageView) -> bool:
    """Tell whether the page shows a form, a way to one, or what bars it."""
    if fetching(view):
        return False
    return bool(
        _door(view) or wall(view) or _is_form(view) or (find_advance(view) and not still_loading(view))
    )


def _door(view: PageView) -> Button | None:
    """Return what leads on from a page that is not the form yet."""
    return find_consent(view) or find_apply(view) or find_way_in(view) or find_language(view)


def _is_form(view: PageView) -> bool:
    """Tell whether the page is the application's form; a posting may have a lone field for something else."""
    own, beyond = fillable(view), outside(view)
    folded = [c for c in view.controls if c.panel and c.ref not in beyond]
    return len(own) + len(folded) > 1 or any(c.kind == "file" and (c.face or not c.hidden) for c in own)
