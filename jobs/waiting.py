"""Why a job waits for a worker, in words that people can act on. Every face tells the same."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from datetime import datetime
from typing import Any, Final

from django.conf import settings
from django.db.models import Q

from jobs.liveness import alive
from jobs.models import CLAIMABLE, HOT, Job, QueuePause, Worker
from jobs.presentation import shown_text, span

AHEAD_CAP: Final = 1000
WORKERS_READ: Final = 200
_BUSY_SHOWN: Final = 3


def why_waiting(job: Job, now: datetime) -> list[str]:
    """Give every reason that keeps a pending job from being claimed; the last one always holds."""
    return [*_held_back(job, now), *_whose(job, now)]


def not_taken(job_types: Collection[str]) -> list[str]:
    """Give a sentence for each of the types that none of the living workers takes; nothing while none lives."""
    workers = _workers()
    days = settings.GH_EXPIRE_DAYS
    end = f" They expire after {days} days." if days else ""
    return [
        f"No running worker takes jobs of type {shown_text(kind)}: they wait until one does.{end}"
        for kind in sorted(set(job_types))
        if workers and not any(_takes(worker, kind) for worker in workers)
    ]


def _held_back(job: Job, now: datetime) -> Iterator[str]:
    if job.scheduled_at and job.scheduled_at > now:
        retry = "It will be tried again" if job.error_code else "It is due"
        yield f"{retry} in {span(job.scheduled_at - now)}."
    kinds = QueuePause.Kind
    pauses = QueuePause.objects.filter(
        Q(kind=kinds.TYPE, value=job.job_type) | Q(kind=kinds.HOST, value=job.host)
    )
    for pause in pauses:
        what = f"Jobs of type {pause.value}" if pause.kind == kinds.TYPE else f"Jobs for {pause.value}"
        reason = f": {shown_text(pause.reason)}" if pause.reason else ""
        yield f"{what} are paused since {span(now - pause.since)} by {shown_text(pause.actor)}{reason}."
    at_most = settings.GH_JOBS_PER_HOST
    if at_most and job.host and Job.objects.held().filter(host=job.host)[:at_most].count() == at_most:
        yield f"{at_most} jobs are at work on {shown_text(job.host)}, as many as may be at once."


def _whose(job: Job, now: datetime) -> Iterator[str]:
    target = job.target_worker_id
    if target is not None and job.worker_affinity != "any":
        yield from _for_target(shown_text(target), target, job.job_type, now)
        return
    workers = _workers()
    if not workers:
        yield "No worker is running. Start one: python manage.py runworker"
    elif all(_is_draining(worker) for worker in workers):
        yield "Every worker is draining and takes no new jobs."
    elif not any(_takes(worker, job.job_type) for worker in workers):
        yield f"No running worker takes jobs of type {shown_text(job.job_type)}."
    else:
        yield f"It waits for a free worker{_behind(job)}."


def _for_target(shown: str, target: str, job_type: str, now: datetime) -> Iterator[str]:
    there = alive().filter(Q(worker_id=target) | Q(target_worker_id=target)).first()
    if there is None:
        yield f"Only worker {shown} may take it, and {_last_seen(target, now)}."
    elif _is_draining(there):
        yield f"Only worker {shown} may take it, and that worker is draining: it takes no new jobs."
    elif not _takes(there, job_type):
        yield f"Only worker {shown} may take it, and that worker takes no jobs of type {shown_text(job_type)}."
    else:
        yield f"It waits for worker {shown} to have a free slot{_busy_with(there.worker_id)}."


def _busy_with(worker_id: str) -> str:
    held = Job.objects.held().filter(worker_id=worker_id).only("id", "status")[: _BUSY_SHOWN + 1]
    named = [f"{job.short_id} ({job.status})" for job in held]
    more = ", ..." if len(named) > _BUSY_SHOWN else ""
    return f"; it has {', '.join(named[:_BUSY_SHOWN])}{more}" if named else ""


def _workers() -> list[Worker]:
    return list(alive().only("worker_id", "status", "metadata", "drain_requested_at")[:WORKERS_READ])


def _last_seen(target: str, now: datetime) -> str:
    worker = Worker.objects.filter(worker_id=target).only("last_heartbeat").first()
    if worker is None:
        return "no such worker was ever seen"
    return f"its last sign of life was {span(now - worker.last_heartbeat)} ago"


def _is_draining(worker: Worker) -> bool:
    return worker.status == "draining" or worker.drain_requested_at is not None


def _takes(worker: Worker, job_type: str) -> bool:
    """Tell whether a worker claims this type; one that says nothing is taken to claim all."""
    types: Any = worker.metadata.get("job_types") if isinstance(worker.metadata, dict) else None
    return not isinstance(types, list) or job_type in types


def _behind(job: Job) -> str:
    before = Q(priority__lt=job.priority) | Q(priority=job.priority, created_at__lt=job.created_at)
    ahead = Job.objects.filter(CLAIMABLE, HOT, before, target_worker_id__isnull=True)[: AHEAD_CAP + 1].count()
    number = f"{AHEAD_CAP:,}+" if ahead > AHEAD_CAP else f"{ahead:,}"
    return f", behind {number} other job{'s' if ahead != 1 else ''}" if ahead else ""
