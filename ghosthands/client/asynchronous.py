"""The client for asyncio programs: the same calls, awaited."""

from __future__ import annotations

import asyncio
import inspect
from collections.abc import Callable, Sequence
from types import TracebackType
from typing import Any, Self, TypeVar, Unpack

import httpx

from ghosthands.client import address, calls
from ghosthands.client.answers import no_answer, read_answer
from ghosthands.client.calls import Call
from ghosthands.client.params import (
    CreateJobParams,
    Id,
    JobDefaults,
    ListEventsParams,
    ListJobsParams,
    ValetApplyParams,
    ValetTaskParams,
)
from ghosthands.client.results import (
    CancelledJob,
    CreatedJob,
    CreatedJobs,
    EventPage,
    Job,
    JobPage,
    JobStatus,
    RetriedJob,
    ValetJob,
    ValetStatus,
)
from ghosthands.client.waiting import PASSING, Wait

T = TypeVar("T")


class AsyncGhostHandsClient:
    """Speak to a GhostHands server from one event loop; all else is as in GhostHandsClient."""

    def __init__(
        self, api_url: str, api_key: str | None = None, *, token: str | None = None, timeout: float = 15.0
    ) -> None:
        self._address = address.resolve(api_url, api_key=api_key, token=token)
        self._timeout = timeout
        self._http = httpx.AsyncClient()

    def __repr__(self) -> str:
        return f"AsyncGhostHandsClient({self._address.api_url!r})"

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await self.close()

    async def close(self) -> None:
        """Close the connections; `async with` does it too."""
        await self._http.aclose()

    async def create_job(self, **params: Unpack[CreateJobParams]) -> CreatedJob:
        """Queue a job. Raises DuplicateIdempotencyKeyError, ValidationError, RateLimitedError."""
        return await self._send(calls.create_job(params))

    async def create_jobs(
        self,
        jobs: Sequence[CreateJobParams],
        *,
        user_id: Id | None = None,
        defaults: JobDefaults | None = None,
    ) -> CreatedJobs:
        """Queue up to 50 jobs, or none of them. Raises as `create_job`."""
        return await self._send(calls.create_jobs(jobs, user_id=user_id, defaults=defaults))

    async def get_job(self, job_id: Id) -> Job:
        """Read everything about a job. Raises JobNotFoundError."""
        return await self._send(calls.get_job(job_id))

    async def get_job_status(self, job_id: Id) -> JobStatus:
        """Read where a job is. Raises JobNotFoundError."""
        return await self._send(calls.get_job_status(job_id))

    async def list_jobs(self, **params: Unpack[ListJobsParams]) -> JobPage:
        """Read one page of jobs, newest first unless `sort` says otherwise."""
        return await self._send(calls.list_jobs(params))

    async def get_job_events(self, job_id: Id, **params: Unpack[ListEventsParams]) -> EventPage:
        """Read one page of a job's history, oldest first. Raises JobNotFoundError."""
        return await self._send(calls.get_job_events(job_id, params))

    async def cancel_job(self, job_id: Id) -> CancelledJob:
        """Cancel a job, also a running one. Raises JobNotFoundError, JobNotCancellableError."""
        return await self._send(calls.cancel_job(job_id))

    async def retry_job(self, job_id: Id, *, confirm_resubmit: bool = False) -> RetriedJob:
        """Queue a failed or cancelled job again. Raises JobNotFoundError, JobNotRetryableError.

        A job whose form may have been sent already is refused unless `confirm_resubmit` accepts that it may
        be sent twice.
        """
        return await self._send(calls.retry_job(job_id, confirm_resubmit=confirm_resubmit))

    async def valet_apply(self, **params: Unpack[ValetApplyParams]) -> ValetJob:
        """Queue an application. Raises as `create_job`."""
        return await self._send(calls.valet_apply(params))

    async def valet_task(self, **params: Unpack[ValetTaskParams]) -> ValetJob:
        """Queue any other chore of VALET's. Raises as `create_job`."""
        return await self._send(calls.valet_task(params))

    async def valet_status(self, job_id: Id) -> ValetStatus:
        """Read where a job is, with progress, result and error. Raises JobNotFoundError."""
        return await self._send(calls.valet_status(job_id))

    async def wait_for_completion(
        self,
        job_id: Id,
        *,
        timeout: float = 600.0,
        poll_interval: float = 2.0,
        on_progress: Callable[[JobStatus], object] | None = None,
    ) -> Job:
        """Wait until the job has ended, well or not, and read it.

        `on_progress`, a function or a coroutine function, is called for each new status or message seen.
        Once the server has answered, its restarts do not end the wait. Units: seconds.
        Raises WaitTimeoutError, JobNotFoundError.
        """
        wait = Wait(job_id, timeout=timeout, poll_interval=poll_interval)
        while True:
            try:
                seen = await self._send(wait.call, timeout=wait.request_timeout(self._timeout))
            except PASSING as error:
                await asyncio.sleep(wait.pause_after(error))
                continue
            if wait.note(seen) and on_progress is not None and inspect.isawaitable(told := on_progress(seen)):
                await told
            if seen.is_finished:
                return await self.get_job(job_id)
            await asyncio.sleep(wait.pause())

    async def _send(self, call: Call[T], *, timeout: float | None = None) -> T:
        request: dict[str, Any] = self._address.request(call, timeout=timeout or self._timeout)
        for pause in call.pauses:
            try:
                return read_answer(call, await self._http.request(**request))
            except httpx.RequestError:
                await asyncio.sleep(pause)
        try:
            return read_answer(call, await self._http.request(**request))
        except httpx.RequestError as error:
            raise no_answer(call, error) from error
