"""The queue's side of a handler's `Run`: buffers what it reports, and asks the main thread for what must be durable."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, TypeVar

from jobs import artifacts, credentials, lifecycle, sessions
from jobs.events import EventType, NewEvent
from jobs.models import Claim, Job
from jobs.sites import domain_of
from workers.context import ClaimLost, Credentials, JobSpec
from workers.egress import EgressProxy
from workers.mailbox import Mailbox
from workers.resumes import ResumeSource

T = TypeVar("T")

PROGRESS_SECONDS = 2.0


def spec_of(job: Job) -> JobSpec:
    """The job as plain values."""
    return JobSpec(
        id=str(job.id),
        job_type=job.job_type,
        target_url=job.target_url,
        task_description=job.task_description,
        input_data=job.input_data,
        metadata=job.metadata,
        resume_ref=job.resume_ref,
        timeout_seconds=job.timeout_seconds,
        attempt=job.attempt,
    )


class JobRun:
    """One attempt's way to report back. Implements `workers.context.Run`.

    Handlers call it in the browser's thread; `flush` is called in the main thread.
    """

    def __init__(self, job: Job, *, mailbox: Mailbox, resume: ResumeSource, egress: EgressProxy) -> None:
        self.spec = spec_of(job)
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
        self._resume_file: asyncio.Task[Path | None] | None = None

    # ---- In the browser's thread -----------------------------------------------------------------------

    def progress(self, step: str, pct: int, description: str = "") -> None:
        facts = {"step": step, "progress_pct": max(0, min(100, pct)), "description": description or step}
        self._latest = NewEvent(EventType.PROGRESS_UPDATE, description or step, facts)

    def event(self, event_type: str, message: str = "", **metadata: Any) -> None:
        self._events.append(NewEvent(event_type, message, metadata))

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
        if events or screenshots or files:
            lifecycle.report(
                self.claim, events, status_message=message, screenshots=screenshots, artifacts=files
            )
