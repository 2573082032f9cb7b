"""Duties that any worker may do at any time: idempotent, bounded, safe to run at once on many machines."""

from __future__ import annotations

from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import Q, QuerySet
from django.db.models.functions import Now

from jobs import lifecycle
from jobs.models import CLAIMABLE, FOR_HUMAN, HOT, UNVERIFIED, Job, QueuePause

BATCH = 100


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
    """End jobs that nobody answered, or no worker took, for `GH_EXPIRE_DAYS`; answers what was ended.

    A form that may have been sent waits for its verdict for ever: who hears "expired" would apply once more. So does
    what an operator holds back by a pause of its site or type. Rows that somebody is changing are left for later.
    """
    days = settings.GH_EXPIRE_DAYS
    if not days:
        return []
    unanswered = f"Nobody answered within {days} days"
    untaken = f"No worker took it within {days} days"
    with transaction.atomic():
        return [
            lifecycle.expire(job.id, actor="system", message=message)
            for found, message in ((_unanswered(days), unanswered), (_untaken(days), untaken))
            for job in found.select_for_update(skip_locked=True)[:BATCH]
        ]


def _unanswered(days: int) -> QuerySet[Job]:
    limit = Now() - timedelta(days=days)
    # VALET writes its own words for a pause into rows, without a time.
    since = Q(paused_at__lt=limit) | Q(paused_at__isnull=True, updated_at__lt=limit)
    waiting = Job.objects.filter(FOR_HUMAN, since, attended_until__isnull=True)
    return waiting.exclude(UNVERIFIED).order_by("paused_at")


def _untaken(days: int) -> QuerySet[Job]:
    limit = Now() - timedelta(days=days)
    due = Q(scheduled_at__isnull=True) | Q(scheduled_at__lt=limit)
    # A job that was retried, resumed or sent elsewhere waits anew.
    waiting = Job.objects.filter(CLAIMABLE, HOT, due, created_at__lt=limit, updated_at__lt=limit)
    paused = QueuePause.objects.values("value")
    held_back = Q(host__in=paused.filter(kind=QueuePause.Kind.HOST)) | Q(
        job_type__in=paused.filter(kind=QueuePause.Kind.TYPE)
    )
    return waiting.exclude(held_back | UNVERIFIED).order_by("created_at")
