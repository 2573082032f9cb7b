"""Which jobs a command line means."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from uuid import UUID

from django.db.models import Q, QuerySet

from jobs.models import Job, JobEvent
from jobs.states import ACTIVE, CANCELLABLE, TERMINAL

CANDIDATES_SHOWN = 10
_BATCH = 500
_LISTED = (
    "id",
    "status",
    "job_type",
    "target_url",
    "target_worker_id",
    "worker_id",
    "created_at",
)


class NoSuchJob(Exception):
    """Nothing, or nothing readable as an id, was meant."""


class AmbiguousId(Exception):
    """Several jobs were meant; `candidates` are the newest of them."""

    def __init__(self, prefix: str, candidates: list[Job]) -> None:
        self.candidates = candidates
        super().__init__(f"Several jobs start with {prefix}. Nothing was done; give more of the id.")


def find(prefix: str) -> Job:
    """Give the one job whose id starts with `prefix`. Raises NoSuchJob, AmbiguousId."""
    matches = list(Job.objects.with_id_prefix(prefix)[: CANDIDATES_SHOWN + 1])
    if not matches:
        raise NoSuchJob(f"No job has an id that starts with {prefix}.")
    if len(matches) > 1:
        newest_first = sorted(matches, key=lambda job: job.created_at, reverse=True)
        raise AmbiguousId(prefix, newest_first[:CANDIDATES_SHOWN])
    return matches[0]


def newest(limit: int, statuses: list[str] | None = None) -> list[Job]:
    """Give the newest jobs, active ones before finished ones.

    Each status is read from its own index, so that a table of a million finished jobs costs nothing.
    """
    wanted = set(statuses) if statuses else {status.value for status in ACTIVE | TERMINAL}
    active = _newest_of(wanted & {status.value for status in ACTIVE}, limit)
    finished = _newest_of(wanted & {status.value for status in TERMINAL}, limit)
    return list(islice((*active, *finished), limit))


def _newest_of(statuses: set[str], limit: int) -> QuerySet[Job] | list[Job]:
    parts = [
        Job.objects.filter(status=status).only(*_LISTED).order_by("-created_at")[:limit]
        for status in sorted(statuses)
    ]
    if not parts:
        return []
    first, *others = parts
    return first.union(*others, all=True).order_by("-created_at")[:limit] if others else first


def cancellable_ids(worker: str | None = None) -> Iterator[UUID]:
    """Give every job that can be cancelled; of one worker: those aimed at it and those it holds."""
    jobs = Job.objects.filter(status__in=sorted(status.value for status in CANCELLABLE))
    if worker is not None:
        jobs = jobs.filter(Q(target_worker_id=worker) | Q(worker_id=worker))
    batch = list(jobs.order_by("id").values_list("id", flat=True)[:_BATCH])
    while batch:
        yield from batch
        batch = list(jobs.filter(id__gt=batch[-1]).order_by("id").values_list("id", flat=True)[:_BATCH])


def events_after(job: Job, last_id: int = 0) -> QuerySet[JobEvent]:
    """Give the job's events that are newer than event `last_id`, oldest first."""
    return JobEvent.objects.filter(job_id=job.id, id__gt=last_id).order_by("id")


def progress_of(job: Job) -> JobEvent | None:
    """Give the newest report of how far the job is."""
    return JobEvent.objects.filter(job_id=job.id, event_type="progress_update").order_by("-id").first()
