"""The calls as values: what to send and how to read the answer. No input or output happens here."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from typing import Any, Generic, TypeVar, cast
from uuid import UUID

from ghosthands.client.errors import JobNotFoundError
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
from ghosthands.client.parsing import parse
from ghosthands.client.results import (
    CancelledJob,
    CreatedJob,
    CreatedJobs,
    EventPage,
    Job,
    JobPage,
    JobStatus,
    ResumedJob,
    RetriedJob,
    ValetJob,
    ValetStatus,
)

T = TypeVar("T")

REPEAT_PAUSES = (0.2, 1.0)
"""Seconds before each further try of a call that may be repeated."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Call(Generic[T]):
    """One request. `may_repeat` is true only when sending it twice does no more than sending it once.

    `thing` is what a 404 says is not there, unless it is the job; `accepts` are refusals that carry an answer.
    """

    method: str
    path: str
    read: Callable[[object], T]
    query: Mapping[str, str] = field(default_factory=dict)
    body: bytes | None = field(default=None, repr=False)
    job_id: str | None = None
    thing: str = ""
    may_repeat: bool = False
    accepts: frozenset[int] = frozenset()

    @property
    def pauses(self) -> tuple[float, ...]:
        return REPEAT_PAUSES if self.may_repeat else ()


def create_job(params: CreateJobParams) -> Call[CreatedJob]:
    return _create("/jobs", _given(params, CreateJobParams), CreatedJob)


def create_jobs(
    jobs: Sequence[CreateJobParams], *, user_id: Id | None, defaults: JobDefaults | None
) -> Call[CreatedJobs]:
    entries = [_given(job, CreateJobParams) for job in jobs]
    body: dict[str, Any] = {"jobs": entries}
    if user_id is not None:
        body["user_id"] = user_id
    if defaults is not None:
        body["defaults"] = _given(defaults, JobDefaults)
    return Call(
        method="POST",
        path="/jobs/batch",
        read=partial(parse, CreatedJobs),
        body=json_body(body),
        may_repeat=bool(entries) and all("idempotency_key" in entry for entry in entries),
    )


def get_job(job_id: Id) -> Call[Job]:
    return about(job_id, "/jobs/{}", Job)


def get_job_status(job_id: Id) -> Call[JobStatus]:
    return about(job_id, "/jobs/{}/status", JobStatus)


def list_jobs(params: ListJobsParams) -> Call[JobPage]:
    return Call(
        method="GET",
        path="/jobs",
        read=partial(parse, JobPage),
        query=_query(_given(params, ListJobsParams)),
        may_repeat=True,
    )


def get_job_events(job_id: Id, params: ListEventsParams) -> Call[EventPage]:
    query = _query(_given(params, ListEventsParams))
    return about(job_id, "/jobs/{}/events", EventPage, query=query)


def cancel_job(job_id: Id) -> Call[CancelledJob]:
    return about(job_id, "/jobs/{}/cancel", CancelledJob, method="POST")


def retry_job(job_id: Id, *, confirm_resubmit: bool) -> Call[RetriedJob]:
    body = {"confirm_resubmit": True} if confirm_resubmit else None
    return about(job_id, "/jobs/{}/retry", RetriedJob, method="POST", body=body)


def resume_job(job_id: Id, params: ResumeParams) -> Call[ResumedJob]:
    body = _given(params, ResumeParams)
    return about(job_id, "/jobs/{}/resume", ResumedJob, method="POST", body=body)


def valet_apply(params: ValetApplyParams) -> Call[ValetJob]:
    return _create("/valet/apply", _given(params, ValetApplyParams), ValetJob)


def valet_task(params: ValetTaskParams) -> Call[ValetJob]:
    return _create("/valet/task", _given(params, ValetTaskParams), ValetJob)


def valet_status(job_id: Id) -> Call[ValetStatus]:
    return about(job_id, "/valet/status/{}", ValetStatus)


def _create(path: str, body: Mapping[str, Any], answer: type[T]) -> Call[T]:
    # Without a key, a second request would be a second application.
    return Call(
        method="POST",
        path=path,
        read=partial(parse, answer),
        body=json_body(body),
        may_repeat="idempotency_key" in body,
    )


def about(
    job_id: Id,
    path: str,
    answer: type[T],
    *,
    method: str = "GET",
    query: Mapping[str, str] | None = None,
    body: Mapping[str, Any] | None = None,
) -> Call[T]:
    known = _uuid(job_id)
    return Call(
        method=method,
        path=path.format(known),
        read=partial(parse, answer),
        query=query or {},
        body=None if body is None else json_body(body),
        job_id=known,
        may_repeat=method == "GET",
    )


def _uuid(job_id: Id) -> str:
    """Write an id as a path may hold it; text that is no uuid names no job, and could name another path."""
    try:
        return str(UUID(str(job_id)))
    except ValueError:
        raise JobNotFoundError(
            f"No job has the id {job_id!r}: it is not a UUID", job_id=str(job_id)
        ) from None


def _given(params: object, shape: type) -> dict[str, Any]:
    """Drop what is None; refuse names that `shape` does not have.

    The server ignores fields it does not know: a misspelt `target_worker_id` would go to any worker.
    """
    named = cast(Mapping[str, Any], params)
    keys = cast(Any, shape)
    if unknown := named.keys() - keys.__annotations__.keys():
        raise TypeError(f"{shape.__name__} has no {', '.join(sorted(unknown))}")
    given = {name: value for name, value in named.items() if value is not None}
    if missing := keys.__required_keys__ - given.keys():
        raise TypeError(f"{shape.__name__} needs {', '.join(sorted(missing))}")
    return given


def _query(params: Mapping[str, Any]) -> dict[str, str]:
    return {
        name: ",".join(value) if isinstance(value, Iterable) and not isinstance(value, str) else str(value)
        for name, value in params.items()
    }


def json_body(body: Mapping[str, Any]) -> bytes:
    return json.dumps(body, default=_jsonable, allow_nan=False).encode()


def _jsonable(value: object) -> object:
    if isinstance(value, UUID):
        return str(value)
    if isinstance(value, datetime):
        if value.tzinfo is None:
            raise ValueError("A time needs a time zone, for example datetime.now(UTC)")
        return value.isoformat()
    if isinstance(value, Mapping):
        return dict(value)
    raise TypeError(f"{type(value).__name__} has no JSON form")
