"""The client for ordinary programs."""

from __future__ import annotations

import time
from collections.abc import Callable, Generator, Sequence
from types import TracebackType
from typing import Any, Self, TypeVar, Unpack

import httpx

from ghosthands.client import address, calls, fleet_calls, streams, user_calls
from ghosthands.client.answers import no_answer, read_answer
from ghosthands.client.calls import Call
from ghosthands.client.fleet_results import (
    AlertList,
    Catalogue,
    Deregistration,
    Health,
    Metrics,
    Version,
    WorkerList,
)
from ghosthands.client.params import (
    CreateJobParams,
    Id,
    JobDefaults,
    ListEventsParams,
    ListJobsParams,
    ResumeParams,
    ValetApplyParams,
    ValetTaskParams,
)
from ghosthands.client.results import (
    CancelledJob,
    CreatedJob,
    CreatedJobs,
    EventPage,
    Job,
    JobChange,
    JobEvent,
    JobPage,
    JobStatus,
    ResumedJob,
    RetriedJob,
    ValetJob,
    ValetStatus,
)
from ghosthands.client.streams import BROKEN, Stream
from ghosthands.client.user_results import (
    AnswerPage,
    Credential,
    CredentialList,
    Erased,
    RememberedAnswer,
    SessionList,
    Usage,
)
from ghosthands.client.waiting import PASSING, Wait

T = TypeVar("T")


class GhostHandsClient:
    """Speak to a GhostHands server; safe to share between threads.

    Give `api_key` (a service) or `token` (a user). Every failure of a call is a GhostHandsError. A call whose
    connection breaks is tried again only when that is harmless: reading, and creating with an
    `idempotency_key`.
    Units: `timeout` is seconds without progress per request.
    """

    def __init__(
        self, api_url: str, api_key: str | None = None, *, token: str | None = None, timeout: float = 15.0
    ) -> None:
        self._address = address.resolve(api_url, api_key=api_key, token=token)
        self._timeout = timeout
        self._http = httpx.Client()

    def __repr__(self) -> str:
        return f"GhostHandsClient({self._address.api_url!r})"

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close the connections; `with` does it too."""
        self._http.close()

    def create_job(self, **params: Unpack[CreateJobParams]) -> CreatedJob:
        """Queue a job. Raises DuplicateIdempotencyKeyError, ValidationError, RateLimitedError."""
        return self._send(calls.create_job(params))

    def create_jobs(
        self,
        jobs: Sequence[CreateJobParams],
        *,
        user_id: Id | None = None,
        defaults: JobDefaults | None = None,
    ) -> CreatedJobs:
        """Queue up to 50 jobs, or none of them. Raises as `create_job`."""
        return self._send(calls.create_jobs(jobs, user_id=user_id, defaults=defaults))

    def get_job(self, job_id: Id) -> Job:
        """Read everything about a job. Raises JobNotFoundError."""
        return self._send(calls.get_job(job_id))

    def get_job_status(self, job_id: Id) -> JobStatus:
        """Read where a job is. Raises JobNotFoundError."""
        return self._send(calls.get_job_status(job_id))

    def list_jobs(self, **params: Unpack[ListJobsParams]) -> JobPage:
        """Read one page of jobs, newest first unless `sort` says otherwise."""
        return self._send(calls.list_jobs(params))

    def get_job_events(self, job_id: Id, **params: Unpack[ListEventsParams]) -> EventPage:
        """Read one page of a job's history, oldest first. Raises JobNotFoundError."""
        return self._send(calls.get_job_events(job_id, params))

    def cancel_job(self, job_id: Id) -> CancelledJob:
        """Cancel a job, also a running one. Raises JobNotFoundError, JobNotCancellableError."""
        return self._send(calls.cancel_job(job_id))

    def retry_job(self, job_id: Id, *, confirm_resubmit: bool = False) -> RetriedJob:
        """Queue a failed or cancelled job again. Raises JobNotFoundError, JobNotRetryableError.

        A job whose form may have been sent already is refused unless `confirm_resubmit` accepts that it may
        be sent twice.
        """
        return self._send(calls.retry_job(job_id, confirm_resubmit=confirm_resubmit))

    def valet_apply(self, **params: Unpack[ValetApplyParams]) -> ValetJob:
        """Queue an application. Raises as `create_job`."""
        return self._send(calls.valet_apply(params))

    def valet_task(self, **params: Unpack[ValetTaskParams]) -> ValetJob:
        """Queue any other chore of VALET's. Raises as `create_job`."""
        return self._send(calls.valet_task(params))

    def valet_status(self, job_id: Id) -> ValetStatus:
        """Read where a job is, with progress, result and error. Raises JobNotFoundError."""
        return self._send(calls.valet_status(job_id))

    def resume_job(self, job_id: Id, **params: Unpack[ResumeParams]) -> ResumedJob:
        """Let a job that waits for a person go on. Raises JobNotFoundError, JobNotResumableError, ValidationError."""
        return self._send(calls.resume_job(job_id, params))

    def list_sessions(self, user_id: Id) -> SessionList:
        """Read which sites' sessions are kept for a user."""
        return self._send(user_calls.list_sessions(user_id))

    def erase_session(self, user_id: Id, domain: str) -> None:
        """Erase one site's session. Raises NotFoundError."""
        self._send(user_calls.erase_session(user_id, domain))

    def erase_sessions(self, user_id: Id) -> Erased:
        """Erase all sessions of a user."""
        return self._send(user_calls.erase_sessions(user_id))

    def list_credentials(self, user_id: Id) -> CredentialList:
        """Read for which sites a user's credentials are kept; never the credentials."""
        return self._send(user_calls.list_credentials(user_id))

    def put_credentials(self, user_id: Id, site: str, *, username: str, password: str) -> Credential:
        """Keep a user's credentials for a host or platform, instead of earlier ones."""
        return self._send(user_calls.put_credentials(user_id, site, username=username, password=password))

    def erase_credentials(self, user_id: Id, site: str | None = None) -> Erased:
        """Erase a user's credentials: one site's (raises NotFoundError) or all."""
        return self._send(user_calls.erase_credentials(user_id, site))

    def list_answers(self, user_id: Id, *, limit: int = 100, offset: int = 0) -> AnswerPage:
        """Read one page of what a user answered before, which later applications use."""
        return self._send(user_calls.list_answers(user_id, limit=limit, offset=offset))

    def correct_answer(self, user_id: Id, answer_id: int, answer: str) -> RememberedAnswer:
        """Replace a remembered answer. Raises NotFoundError."""
        return self._send(user_calls.correct_answer(user_id, answer_id, answer))

    def forget_answers(self, user_id: Id, answer_id: int | None = None) -> Erased:
        """Forget one remembered answer (raises NotFoundError) or all of a user's."""
        return self._send(user_calls.forget_answers(user_id, answer_id))

    def get_usage(self, user_id: Id) -> Usage:
        """Read what a user's jobs cost this month, and what is left of the budget."""
        return self._send(user_calls.get_usage(user_id))

    def list_workers(self) -> WorkerList:
        """Read who works; the newest sign of life first."""
        return self._send(fleet_calls.LIST_WORKERS)

    def deregister_worker(
        self,
        target_worker_id: str,
        *,
        reason: str | None = None,
        cancel_active_jobs: bool = False,
        drain_timeout_seconds: int = 0,
    ) -> Deregistration:
        """Take a worker out of service, with its jobs if asked. Raises NotFoundError."""
        call = fleet_calls.deregister_worker(
            target_worker_id,
            reason=reason,
            cancel_active_jobs=cancel_active_jobs,
            drain_timeout_seconds=drain_timeout_seconds,
        )
        return self._send(call)

    def get_health(self) -> Health:
        """Read how each part of the installation does; "unhealthy" is an answer, not an error."""
        return self._send(fleet_calls.GET_HEALTH)

    def get_version(self) -> Version:
        """Read what is installed."""
        return self._send(fleet_calls.GET_VERSION)

    def get_metrics(self) -> Metrics:
        """Read the installation's numbers."""
        return self._send(fleet_calls.GET_METRICS)

    def list_alerts(self) -> AlertList:
        """Read what somebody should look at now."""
        return self._send(fleet_calls.LIST_ALERTS)

    def list_models(self) -> Catalogue:
        """Read which models and presets a job may name."""
        return self._send(fleet_calls.LIST_MODELS)

    def stream_events(
        self, job_id: Id, *, last_event_id: int | str | None = None
    ) -> Generator[JobEvent, None, None]:
        """Follow what happens to a job, from its beginning or after an event, until it has ended.

        Broken connections are made anew, and nothing is told twice. Whoever leaves before the end closes it
        (`contextlib.closing`). Raises JobNotFoundError, UnauthorizedError, and ConnectionFailedError when the
        first connection fails.
        """
        return self._follow(streams.job_events(job_id, last_event_id=last_event_id))

    def stream_jobs(
        self, *, last_event_id: int | str | None = None, on_gap: Callable[[], object] | None = None
    ) -> Generator[JobChange, None, None]:
        """Follow the status of all jobs that the caller may see, for ever.

        `on_gap` is called when changes were missed while the connection was broken: read the list anew. Closed,
        and raises, as `stream_events`.
        """
        return self._follow(streams.job_changes(last_event_id=last_event_id, on_gap=on_gap))

    def wait_for_completion(
        self,
        job_id: Id,
        *,
        timeout: float = 600.0,
        poll_interval: float = 2.0,
        on_progress: Callable[[JobStatus], object] | None = None,
    ) -> Job:
        """Wait until the job has ended, well or not, and read it.

        `on_progress` is called for each new status or message seen. Once the server has answered, its
        restarts do not end the wait. Units: seconds. Raises WaitTimeoutError, JobNotFoundError.
        """
        wait = Wait(job_id, timeout=timeout, poll_interval=poll_interval)
        while True:
            try:
                seen = self._send(wait.call, timeout=wait.request_timeout(self._timeout))
            except PASSING as error:
                time.sleep(wait.pause_after(error))
                continue
            if wait.note(seen) and on_progress is not None:
                on_progress(seen)
            if seen.is_finished:
                return self.get_job(job_id)
            time.sleep(wait.pause())

    def _follow(self, stream: Stream[T]) -> Generator[T, None, None]:
        while not stream.is_over:
            try:
                with self._http.stream(**stream.request(self._address, timeout=self._timeout)) as response:
                    if not response.is_success:
                        response.read()
                    stream.opened(response)
                    for line in response.iter_lines():
                        if (news := stream.read(line)) is not None:
                            yield news
                pause = stream.pause()
            except BROKEN as error:
                pause = stream.pause_after(error)
            if not stream.is_over:
                time.sleep(pause)

    def _send(self, call: Call[T], *, timeout: float | None = None) -> T:
        request: dict[str, Any] = self._address.request(call, timeout=timeout or self._timeout)
        for pause in call.pauses:
            try:
                return read_answer(call, self._http.request(**request))
            except httpx.RequestError:
                time.sleep(pause)
        try:
            return read_answer(call, self._http.request(**request))
        except httpx.RequestError as error:
            raise no_answer(call, error) from error
