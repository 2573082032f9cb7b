"""What a handler sees of the queue: a frozen description of its job and a narrow way to report back."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Collection, Iterator, Mapping
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol

from workers.outcomes import NeedsHuman
from workers.window import Window


@dataclass(frozen=True, slots=True)
class JobSpec:
    """One claimed job, as plain values; handlers never see the database row.

    `remembered` holds what the job's user answered other applications, by question.
    """

    id: str
    job_type: str
    target_url: str
    task_description: str
    input_data: Mapping[str, Any]
    metadata: Mapping[str, Any] = field(default_factory=dict)
    remembered: Mapping[str, str] = field(default_factory=dict)
    resume_ref: Mapping[str, Any] | None = None
    timeout_seconds: int = 300
    attempt: int = 1


@dataclass(frozen=True, slots=True)
class Credentials:
    """A user's name and password at a site. They go into the page's log-in form and nowhere else."""

    username: str = field(repr=False)
    password: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Help:
    """What a person gave who was called. Secrets of it go into the page and nowhere else."""

    code: str = field(default="", repr=False)
    credentials: Credentials | None = None


class Clock:
    """The time that an attempt may take; it stands still while a person is waited for."""

    def __init__(self, seconds: float) -> None:
        self.seconds = seconds
        self._limit: asyncio.Timeout | None = None

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Limit what happens inside. Raises TimeoutError."""
        async with asyncio.timeout(self.seconds) as self._limit:
            yield

    @contextmanager
    def stopped(self) -> Iterator[None]:
        """Let what happens inside take its time."""
        limit = self._limit
        until = limit.when() if limit else None
        if limit is None or until is None:
            yield
            return
        loop = asyncio.get_running_loop()
        left = until - loop.time()
        limit.reschedule(None)
        try:
            yield
        finally:
            limit.reschedule(loop.time() + left)


class InvalidInput(Exception):
    """The job's input cannot be worked with; `field` names the part of `input_data` to mend."""

    def __init__(self, field_name: str, message: str) -> None:
        super().__init__(f"{field_name}: {message}")
        self.field_name = field_name
        self.message = message


class ResumeUnavailable(Exception):
    """The resume that the job refers to could not be had; the message says why."""


class Run(Protocol):
    """One attempt at one job. Every method may be called from the browser's event loop only."""

    spec: JobSpec
    clock: Clock

    def progress(self, step: str, pct: int, description: str = "") -> None:
        """Report where the job is; written at most every 2 s, the newest report wins.

        `step` is one of queued, initializing, navigating, analyzing_page, filling_form, uploading_resume,
        answering_questions, reviewing, submitting, extracting_results, completed, failed; `pct` is 0-100.
        """

    def event(self, event_type: str, message: str = "", **metadata: Any) -> None:
        """Append an event to the job's history, in order, without waiting for the database.

        Never put a person's values into `message` or `metadata`.
        """

    async def arm_submit(self) -> None:
        """Commit the mark "a submission may happen from here on" and return once it is durable.

        Await this before any click that may send the form, and click only when it returned.
        Raises `ClaimLost` when the job is no longer ours: then nothing may be clicked.
        """

    async def disarm_submit(self, reason: str) -> None:
        """Take the mark back, on positive evidence that the form was not accepted (its own errors shown)."""

    async def save_screenshot(self, name: str, png: bytes) -> str:
        """Store a picture of this run, link it from the job, and return its storage name."""

    async def resume_file(self) -> Path | None:
        """The job's resume as a local file, or None when the job has none.

        The file lives until the run ends. Raises `ResumeUnavailable` with a sentence for people.
        """

    async def cover_letter_file(self) -> Path | None:
        """The job's cover letter as a local file, a plain text one when only its text was given, or None.

        The file lives until the run ends. Raises `ResumeUnavailable` with a sentence for people.
        """

    async def pace(self, address: str) -> None:
        """Wait until the site of `address` may be asked for a page again; all workers take turns."""

    def spend(self, *, actions: int) -> None:
        """Note what the attempt has done so far, however it ends. Today's engine costs nothing else."""

    async def attend(self, need: NeedsHuman, window: Window) -> Help:
        """Call a person and wait, with the page kept open, until one has resumed the job.

        Meanwhile the person may see and touch the page through `window`.

        What a person gave already, for a job that runs again, is returned at once, and a single time. Raises
        `ClaimLost` when nobody came: the job has failed or is parked then, and nothing may be touched.
        """

    def confidential(self) -> Collection[str]:
        """Return what was given in confidence: no picture may show it, should a page repeat it."""

    def page_gone(self) -> None:
        """Note that the browser closed the page: nobody can be waited for beside it any more."""

    async def credentials(self, address: str) -> Credentials | None:
        """The user's name and password at the site of `address`; a single time, None from then on.

        None also when nobody gave any, or the site refused them before.
        """

    async def credentials_refused(self) -> None:
        """Note that the site did not take what `credentials` gave: no run tries it again."""


class ClaimLost(Exception):
    """The job now belongs to somebody else (rescued, cancelled); stop at once and touch nothing."""
