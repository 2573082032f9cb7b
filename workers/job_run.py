"""The queue's side of a handler's `Run`: buffers what it reports, and asks the main thread for what must be durable."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Collection, Mapping
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import urlsplit

from django.conf import settings
from django.db import InterfaceError, OperationalError

from jobs import artifacts, credentials, lifecycle, memory, politeness, remote, sessions, usage
from jobs.events import EventType, NewEvent
from jobs.models import Claim, Job
from jobs.sites import domain_of
from workers.attendance import Attendance
from workers.context import ClaimLost, Clock, Credentials, Help, JobSpec
from workers.discretion import Discretion
from workers.egress import EgressProxy
from workers.mailbox import Mailbox
from workers.outcomes import NeedsHuman
from workers.resumes import ResumeSource
from workers.window import Sight, Touch, Window, shown

T = TypeVar("T")

PROGRESS_SECONDS = 2.0


def spec_of(job: Job, given: lifecycle.Given | None = None) -> JobSpec:
    """The job as plain values, with what its user answered before and what was just given to it."""
    known = _mapping(job.input_data)
    secret_answers = _mapping(given.secrets.get("answers") if given else None)
    answers = {**_mapping(known.get("qa_overrides")), **secret_answers}
    return JobSpec(
        id=str(job.id),
        job_type=job.job_type,
        target_url=job.target_url,
        task_description=job.task_description,
        input_data={**known, "qa_overrides": answers} if answers else known,
        metadata=_mapping(job.metadata),
        remembered=memory.recall(job.user_id, job.target_url),
        resume_ref=job.resume_ref,
        timeout_seconds=job.timeout_seconds,
        attempt=job.attempt,
    )


def help_of(given: lifecycle.Given) -> Help:
    """What was given, as handlers use it."""
    code, name, password = (str(given.secrets.get(key) or "") for key in ("code", "username", "password"))
    return Help(code, Credentials(name, password) if password else None)


def _mapping(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, dict) else {}


class JobRun:
    """One attempt's way to report back. Implements `workers.context.Run`.

    Handlers call it in the browser's thread; `flush` is called in the main thread.
    """

    def __init__(
        self,
        job: Job,
        given: lifecycle.Given | None = None,
        *,
        mailbox: Mailbox,
        resume: ResumeSource,
        egress: EgressProxy,
    ) -> None:
        self.spec = spec_of(job, given)
        self.clock = Clock(job.timeout_seconds)
        self.discretion = Discretion(given.secrets if given else {})
        self._given = given
        self._attendance: Attendance[lifecycle.Given] | None = None
        self._page_is_gone = False
        self.claim: Claim = job.claim
        self._user_id = job.user_id
        self._login: credentials.Login | None = None
        self._has_asked_for_login = False
        self._session: sessions.State | None = None
        self._mailbox = mailbox
        self._resume = resume
        self._egress = egress
        self._events: list[NewEvent] = []
        self._screenshots: list[str] = []
        self._artifacts: list[str] = []
        self._latest: NewEvent | None = None
        self._progress_at = float("-inf")
        self._actions = 0
        self._recorded_actions = 0
        self._resume_file: asyncio.Task[Path | None] | None = None

    # ---- In the browser's thread -----------------------------------------------------------------------

    def progress(self, step: str, pct: int, description: str = "") -> None:
        facts = {"step": step, "progress_pct": max(0, min(100, pct)), "description": description or step}
        self._latest = NewEvent(EventType.PROGRESS_UPDATE, description or step, facts)

    def event(self, event_type: str, message: str = "", **metadata: Any) -> None:
        hush = self.discretion.hush
        self._events.append(NewEvent(event_type, hush(message), hush(metadata)))

    async def pace(self, address: str) -> None:
        if settings.GH_PAGE_PAUSE_SECONDS:
            host = (urlsplit(address).hostname or "").rstrip(".")
            await asyncio.sleep(await self._on_main_thread(lambda: politeness.reserve_load(host)))

    def spend(self, *, actions: int) -> None:
        self._actions = actions

    async def attend(self, need: NeedsHuman, window: Window) -> Help:
        given = self._given
        if given is None or given.interaction_type != need.interaction_type:
            given = await self._call(self.discretion.hush(need), window)
        self._given = None
        self.discretion.learn(given.secrets)
        return help_of(given)

    async def _call(self, need: NeedsHuman, window: Window) -> lifecycle.Given:
        await self._on_main_thread(
            lambda: lifecycle.attend(
                self.claim,
                interaction_type=need.interaction_type,
                message=need.message,
                interaction=need.interaction,
                seconds=settings.GH_ATTEND_SECONDS,
            )
        )
        self._attendance = Attendance(lambda: self._when_reachable(self._look))
        with self.clock.stopped():
            async with shown(window, self._take_touches, self._show):
                return await self._attendance.wait()

    async def _take_touches(self) -> list[Touch] | None:
        taken = await self._when_reachable(lambda: remote.take_touches(self.claim))
        if taken is None:
            return None
        self.discretion.learn({"typed": [touch.text for touch in taken if touch.kind == remote.TEXT]})
        return [Touch(touch.kind, touch.x, touch.y, touch.text) for touch in taken]

    async def _show(self, sight: Sight) -> None:
        await self._when_reachable(
            lambda: remote.show(self.claim, sight.jpeg, width=sight.width, height=sight.height)
        )

    def confidential(self) -> Collection[str]:
        return self.discretion.texts

    def page_gone(self) -> None:
        self._page_is_gone = True
        self.hasten()

    async def arm_submit(self) -> None:
        await self._on_main_thread(lambda: lifecycle.arm_submit(self.claim))
        self._egress.begin_sending(self.spec.id)

    async def disarm_submit(self, reason: str) -> None:
        await self._on_main_thread(lambda: lifecycle.disarm_submit(self.claim, reason=reason))
        self._egress.end_sending(self.spec.id)

    async def save_screenshot(self, name: str, png: bytes) -> str:
        stored = await asyncio.to_thread(artifacts.save, self.claim.job_id, name, png)
        self._screenshots.append(stored)
        self.event("screenshot", name.replace("-", " ").capitalize(), screenshot=stored)
        return stored

    async def save_trace(self, trace: Path) -> None:
        """Store a recording of the run, encrypted, and link it from the job."""
        content = await asyncio.to_thread(trace.read_bytes)
        stored = await asyncio.to_thread(artifacts.save, self.claim.job_id, "trace", content, kind="zip")
        self._artifacts.append(stored)
        self.event("trace_recording_completed", "Recording kept", size_bytes=len(content))

    async def resume_file(self) -> Path | None:
        if self._resume_file is None:
            self._resume_file = asyncio.ensure_future(self._fetch_resume())
        return await self._resume_file

    async def cover_letter_file(self) -> Path | None:
        return await self._resume.fetch_letter(self.spec)

    async def _fetch_resume(self) -> Path | None:
        file = await self._resume.fetch(self.spec)
        if file is not None:
            self.event("resume_downloaded", "Resume ready", size_bytes=file.stat().st_size)
        return file

    async def credentials(self, address: str) -> Credentials | None:
        if self._has_asked_for_login:
            return None
        self._has_asked_for_login = True
        self._login = await self._on_main_thread(lambda: credentials.take(self._user_id, address))
        return Credentials(self._login.username, self._login.password) if self._login else None

    async def credentials_refused(self) -> None:
        if login := self._login:
            await self._on_main_thread(lambda: credentials.refuse(login.credential_id))

    async def restored_session(self) -> sessions.State | None:
        """What the job's site left in the user's browser before, or None."""
        url = self.spec.target_url
        self._session = await self._on_main_thread(lambda: sessions.restore(self._user_id, url))
        if self._session:
            self.event("session_restored", "Session restored", domain=domain_of(url))
        return self._session

    async def save_session(self, state: Mapping[str, Any]) -> None:
        """Keep what the job's site has left in the browser, unless it is what it was."""
        url = self.spec.target_url
        if sessions.part_of(state, domain_of(url)) == self._session:
            return
        if domain := await self._on_main_thread(lambda: sessions.save(self._user_id, url, state)):
            self.event("session_saved", "Session saved", domain=domain)

    async def _when_reachable(self, call: Callable[[], T]) -> T | None:
        """Do it, or nothing while the database does not answer: the wait for a person outlasts that."""
        try:
            return await self._on_main_thread(call)
        except (OperationalError, InterfaceError):
            return None

    async def _on_main_thread(self, call: Callable[[], T]) -> T:
        """Make a durable change after everything reported so far. Raises ClaimLost."""

        def in_order() -> T:
            self.flush(everything=True)
            return call()

        try:
            return await asyncio.wrap_future(self._mailbox.ask(in_order))
        except lifecycle.LostClaim as lost:
            raise ClaimLost(str(lost)) from lost

    # ---- In the main thread ----------------------------------------------------------------------------

    def hasten(self) -> None:
        """Hear sooner of a person who has resumed the job. Any thread may call it."""
        if self._attendance:
            self._attendance.hasten()

    def _look(self) -> lifecycle.Given | None:
        """Raises LostClaim when nobody came in time, the page is gone, or the job belongs to somebody else."""
        given = lifecycle.hear(self.claim)
        if given is None and self._page_is_gone:
            lifecycle.leave(self.claim, message="The browser closed the page")
            raise lifecycle.LostClaim(self.claim)
        return given

    def record_cost(self) -> None:
        """Write what the attempt has used since the last time, whether or not the job is still ours."""
        actions = self._actions
        usage.record_cost(self.claim, self._user_id, usage.Spent(actions=actions - self._recorded_actions))
        self._recorded_actions = actions

    def flush(self, *, everything: bool = False) -> None:
        """Write what was reported; progress at most every 2 s unless `everything`. Raises LostClaim."""
        events, self._events = self._events, []
        screenshots, self._screenshots = self._screenshots, []
        files, self._artifacts = self._artifacts, []
        message = ""
        if self._latest and (everything or time.monotonic() - self._progress_at >= PROGRESS_SECONDS):
            latest, self._latest = self._latest, None
            self._progress_at = time.monotonic()
            events.append(latest)
            message = latest.message
        if not (events or screenshots or files):
            return
        try:
            lifecycle.report(
                self.claim, events, status_message=message, screenshots=screenshots, artifacts=files
            )
        except (OperationalError, InterfaceError):
            # The database is away: told again, before what was reported meanwhile.
            self._events[:0], self._screenshots[:0], self._artifacts[:0] = events, screenshots, files
            raise
