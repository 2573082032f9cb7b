"""Take workers out of service, with what they hold."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import timedelta
from uuid import UUID

from jobs import lifecycle, registry
from jobs.models import Job
from jobs.states import ACTIVE, Status

BATCH = 100


@dataclass(frozen=True, slots=True)
class Deregistration:
    """What a deregistration did: to which workers, and to which of their jobs."""

    worker_ids: list[str]
    failed: list[UUID] = field(default_factory=list)
    held: list[UUID] = field(default_factory=list)
    still_running: list[UUID] = field(default_factory=list)


def deregister(
    name: str, *, actor: str, reason: str = "", cancel_active_jobs: bool = False, drain_seconds: int = 0
) -> Deregistration:
    """Take every worker called `name`, or serving it, out of service: none of them claims anything more.

    With `cancel_active_jobs` what they hold fails with worker_deregistered: at once, or, for jobs that run, once
    `drain_seconds` are over and they have not ended by themselves. A job that may have sent its form is held for a
    person instead. Without it running jobs finish.
    """
    patience = timedelta(seconds=drain_seconds) if cancel_active_jobs else None
    done = Deregistration(registry.deregister(name, jobs_end_in=patience))
    if not cancel_active_jobs:
        return done
    message = _message(name, reason)
    for job in _jobs_of(done.worker_ids):
        if drain_seconds and job.status == Status.RUNNING:
            done.still_running.append(job.id)
            continue
        _note(done, lifecycle.abandon(job.id, worker_id=job.worker_id or "", actor=actor, message=message))
    return done


def end_overdue_jobs() -> list[UUID]:
    """Fail or hold what deregistered workers should have finished by now; answers which jobs."""
    ended = []
    for worker in registry.overdue()[:BATCH]:
        done = Deregistration([worker.worker_id])
        for job in _jobs_of([worker.worker_id]):
            message = _message(worker.worker_id, "it did not finish in time")
            _note(
                done, lifecycle.abandon(job.id, worker_id=worker.worker_id, actor="system", message=message)
            )
        ended += done.failed + done.held
        registry.end_of_jobs_seen_to(worker.worker_id)
    return ended


def _jobs_of(worker_ids: Iterable[str]) -> list[Job]:
    active = sorted(status.value for status in ACTIVE)
    return list(Job.objects.filter(worker_id__in=list(worker_ids), status__in=active).order_by("created_at"))


def _note(done: Deregistration, job: Job | None) -> None:
    if job is not None:
        (done.failed if job.status == Status.FAILED else done.held).append(job.id)


def _message(name: str, reason: str) -> str:
    return f"Worker {name} was taken out of service{f': {reason}' if reason else ''}"
