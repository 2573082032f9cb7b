"""Who works: one row a worker, kept by its heartbeat. Source: CONTRACT section 8."""

from __future__ import annotations

from uuid import UUID

from django.db.models import F
from django.db.models.functions import Now

from jobs.models import Worker


def register(worker_id: str) -> None:
    """Announce a worker that has just started, anew or again."""
    Worker.objects.update_or_create(
        worker_id=worker_id,
        defaults={
            "status": "active",
            "registered_at": Now(),
            "last_heartbeat": Now(),
            "current_job_id": None,
            "jobs_completed": 0,
            "jobs_failed": 0,
        },
    )


def beat(worker_id: str, *, current_job_id: UUID | None, draining: bool) -> None:
    """Give the worker's sign of life."""
    Worker.objects.filter(worker_id=worker_id).update(
        status="draining" if draining else "active", current_job_id=current_job_id, last_heartbeat=Now()
    )


def count(worker_id: str, *, completed: bool) -> None:
    """Count a job that the worker brought to an end."""
    column = "jobs_completed" if completed else "jobs_failed"
    Worker.objects.filter(worker_id=worker_id).update(**{column: F(column) + 1})


def sign_off(worker_id: str) -> None:
    """Record that the worker has stopped of its own will."""
    Worker.objects.filter(worker_id=worker_id).update(
        status="offline", current_job_id=None, last_heartbeat=Now()
    )
