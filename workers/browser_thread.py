"""The thread that owns the browser: one event loop, one Chromium, one way out to the web."""

from __future__ import annotations

import asyncio
import tempfile
import threading
from collections.abc import Callable
from pathlib import Path
from uuid import UUID

from django.conf import settings

from jobs import encryption
from jobs.lifecycle import Given
from jobs.models import Job
from workers.context import ClaimLost
from workers.egress import EgressProxy
from workers.engines.browser import BrowserHost, find_chromium
from workers.executor import attempt
from workers.job_run import JobRun
from workers.mailbox import Mailbox
from workers.outcomes import Outcome
from workers.resumes import ResumeSource

Finished = Callable[[JobRun, Outcome | None], None]


class BrowserThread:
    """Runs attempts beside the main thread.

    `finished` is called in the main thread, through the mailbox, once an attempt has ended and its browser
    context is closed; its outcome is None when it was stopped or had lost its claim.
    """

    def __init__(self, mailbox: Mailbox, *, finished: Finished, headless: bool = True) -> None:
        self._mailbox = mailbox
        self._finished = finished
        self._headless = headless
        self._executable = find_chromium(settings.GH_CHROMIUM)
        self._tasks: dict[UUID, asyncio.Task[Outcome | None]] = {}

    def start(self) -> None:
        """Start the thread and the proxy; the browser itself starts with the first job."""
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="browser", daemon=True)
        self._thread.start()
        asyncio.run_coroutine_threadsafe(self._open(), self._loop).result()

    async def _open(self) -> None:
        self._egress = EgressProxy(settings.GH_ALLOWED_NETWORKS)
        await self._egress.start()
        self._host = BrowserHost(
            self._executable,
            cdp_url=settings.BROWSER_CDP_URL or None,
            proxy=self._egress.url,
            headless=self._headless,
        )

    def run(self, job: Job, given: Given | None) -> JobRun:
        """Begin an attempt at a started job, with what a person gave to it; returns at once."""
        folder = tempfile.TemporaryDirectory(prefix="ghosthands-", ignore_cleanup_errors=True)
        resume = ResumeSource(Path(folder.name), self._egress.url, settings.GH_RESUME_DIR)
        run = JobRun(job, given, mailbox=self._mailbox, resume=resume, egress=self._egress)
        self._loop.call_soon_threadsafe(self._begin, run, folder)
        return run

    def _begin(self, run: JobRun, folder: tempfile.TemporaryDirectory[str]) -> None:
        task = self._loop.create_task(self._attempt(run))
        self._tasks[run.claim.job_id] = task
        # A callback, unlike a `finally`, is also called for a task that was stopped before it began.
        task.add_done_callback(lambda ended: self._end(run, folder, ended))

    async def _attempt(self, run: JobRun) -> Outcome | None:
        try:
            if encryption.is_configured():
                outcome = await attempt(run, self._host, run.save_trace, run)
            else:
                outcome = await attempt(run, self._host)
            return run.discretion.hush(outcome)
        except ClaimLost:
            return None

    def _end(
        self, run: JobRun, folder: tempfile.TemporaryDirectory[str], task: asyncio.Task[Outcome | None]
    ) -> None:
        del self._tasks[run.claim.job_id]
        self._egress.forget(run.spec.id)
        folder.cleanup()
        outcome = None if task.cancelled() else task.result()
        self._mailbox.post(lambda: self._finished(run, outcome))

    def stop(self, job_id: UUID) -> None:
        """Stop an attempt and close its browser context; `finished` tells when that is done."""
        self._loop.call_soon_threadsafe(self._cancel, job_id)

    def _cancel(self, job_id: UUID) -> None:
        if task := self._tasks.get(job_id):
            task.cancel()

    def close(self) -> None:
        """Stop everything and end the thread."""
        asyncio.run_coroutine_threadsafe(self._close(), self._loop).result()
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    async def _close(self) -> None:
        tasks = list(self._tasks.values())
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        await self._host.close()
        await self._egress.close()
