"""Duties that any worker may do at any time: idempotent, bounded, safe to run at once on many machines."""

from __future__ import annotations

from datetime import timedelta

from django.db.models.functions import Now

from jobs import lifecycle
from jobs.models import Job
from jobs.states import WAITING_FOR_HUMAN

BATCH = 100
PAUSE_LIMIT = timedelta(days=7)


def rescue_lost_jobs() -> list[Job]:
    """Take back jobs whose worker gave no sign of life for longer than the lease; answers what was taken."""
    lost = list(Job.objects.stale().order_by("last_heartbeat").values_list("id", "worker_id")[:BATCH])
    rescued = [
        lifecycle.rescue(job_id, actor="system", message=f"Worker {worker_id} gave no sign of life")
        for job_id, worker_id in lost
    ]
    return [job for job in rescued if job is not None]


def rescue_jobs_of(worker_id: str) -> list[Job]:
    """Take back what an earlier worker of this name held. Call only when it is known to be dead."""
    held = [job.claim for job in Job.objects.held().filter(worker_id=worker_id)]
    rescued = [
        lifecycle.rescue_claim(claim, actor="system", message=f"Worker {worker_id} was restarted")
        for claim in held
    ]
    return [job for job in rescued if job is not None]


def expire_overdue_jobs() -> list[Job]:
    """End paused jobs that nobody answered within `PAUSE_LIMIT`; answers what was ended."""
    overdue = Job.objects.filter(status__in=sorted(WAITING_FOR_HUMAN), paused_at__lt=Now() - PAUSE_LIMIT)
    expired = []
    for job_id in overdue.order_by("paused_at").values_list("id", flat=True)[:BATCH]:
        try:
            expired.append(lifecycle.expire(job_id, actor="system", message="Nobody answered in time"))
        except lifecycle.InvalidTransition:
            continue  # somebody answered just now
    return expired
