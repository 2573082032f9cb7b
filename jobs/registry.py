"""Who works: one row a worker, kept by its heartbeat. Source: CONTRACT section 8.

What others ask of a worker stands in its row as well. It obeys at its next heartbeat, or at once when it hears of
it; its next start forgets what was asked of the last.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final
from uuid import UUID

from django.db import connection
from django.db.models import Case, DateTimeField, ExpressionWrapper, F, Q, QuerySet, Value, When
from django.db.models.functions import Coalesce, Now

from jobs.models import Worker

SILENCE: Final = timedelta(minutes=5)
"""A worker that gave no sign of life for this long is offline, whatever its row says."""

ORDERS: Final = "gh_worker_orders"
"""The channel on which workers hear, by their id, that something is asked of them."""


@dataclass(frozen=True, slots=True)
class Orders:
    """What is asked of a worker."""

    drain: bool = False
    leave: bool = False

    @property
    def forbid_claims(self) -> bool:
        return self.drain or self.leave


@dataclass(frozen=True, slots=True)
class Standing:
    """A worker as it is now: `status` is active, draining or offline by its age, not by what its row says."""

    worker: Worker
    status: str
    uptime_seconds: int


def register(worker_id: str, **machine: Any) -> None:
    """Announce a worker that has just started, anew or again.

    Shape: `machine` may name ec2_instance_id, ec2_ip and metadata.
    """
    Worker.objects.update_or_create(
        worker_id=worker_id,
        defaults={
            "status": "active",
            # Jobs aimed at its name are the ones it takes.
            "target_worker_id": worker_id,
            "registered_at": Now(),
            "last_heartbeat": Now(),
            "current_job_id": None,
            "jobs_completed": 0,
            "jobs_failed": 0,
            "drain_requested_at": None,
            "deregistered_at": None,
            "jobs_end_at": None,
            **machine,
        },
    )


def beat(worker_id: str, *, current_job_id: UUID | None, draining: bool) -> Orders:
    """Give the worker's sign of life; answers what is asked of it."""
    own = Value("draining" if draining else "active")
    Worker.objects.filter(worker_id=worker_id).update(
        status=Case(
            When(deregistered_at__isnull=False, then=Value("offline")),
            When(drain_requested_at__isnull=False, then=Value("draining")),
            default=own,
        ),
        current_job_id=current_job_id,
        last_heartbeat=Now(),
    )
    row = Worker.objects.filter(worker_id=worker_id)
    asked = row.values_list("drain_requested_at", "deregistered_at").first()
    return Orders(drain=bool(asked and asked[0]), leave=bool(asked and asked[1]))


def count(worker_id: str, *, completed: bool) -> None:
    """Count a job that the worker brought to an end."""
    column = "jobs_completed" if completed else "jobs_failed"
    Worker.objects.filter(worker_id=worker_id).update(**{column: F(column) + 1})


def sign_off(worker_id: str) -> None:
    """Record that the worker has stopped of its own will."""
    Worker.objects.filter(worker_id=worker_id).update(
        status="offline", current_job_id=None, last_heartbeat=Now()
    )


def ask_to_drain(worker_id: str) -> bool:
    """Have the worker claim nothing more and finish what it has; False when there is no such worker."""
    mine = Worker.objects.filter(worker_id=worker_id)
    asked = mine.update(drain_requested_at=Coalesce("drain_requested_at", Now()))
    _tell(worker_id)
    return asked > 0


def let_work(worker_id: str) -> bool:
    """Let a drained worker claim again; False when there is no such worker, or it was deregistered."""
    mine = Worker.objects.filter(worker_id=worker_id, deregistered_at__isnull=True)
    let = mine.update(drain_requested_at=None)
    _tell(worker_id)
    return let > 0


def deregister(name: str, *, jobs_end_in: timedelta | None) -> list[str]:
    """Take every worker of this name, or aimed at by it, out of service; answers their ids.

    With `jobs_end_in` their jobs may go on for that long; without it, for as long as they take.
    """
    found = Worker.objects.filter(Q(target_worker_id=name) | Q(worker_id=name))
    worker_ids = sorted(found.values_list("worker_id", flat=True))
    end = Value(None, DateTimeField()) if jobs_end_in is None else _in(jobs_end_in)
    Worker.objects.filter(worker_id__in=worker_ids).update(
        status="offline", deregistered_at=Coalesce("deregistered_at", Now()), jobs_end_at=end
    )
    for worker_id in worker_ids:
        _tell(worker_id)
    return worker_ids


def overdue() -> QuerySet[Worker]:
    """Give the deregistered workers whose jobs should have ended by now."""
    return Worker.objects.filter(jobs_end_at__lte=Now())


def end_of_jobs_seen_to(worker_id: str) -> None:
    """Note that none of the deregistered worker's jobs is left."""
    Worker.objects.filter(worker_id=worker_id, jobs_end_at__lte=Now()).update(jobs_end_at=None)


def fleet() -> list[Standing]:
    """Give every worker as it is now, by the database's clock; the newest sign of life first."""
    asked = Worker.objects.annotate(now=Now()).order_by("-last_heartbeat", "worker_id")
    return [_standing(worker, worker.now) for worker in asked]


def _standing(worker: Worker, now: Any) -> Standing:
    is_silent = now - worker.last_heartbeat > SILENCE
    status = "offline" if is_silent else worker.status
    until = worker.last_heartbeat if status == "offline" else now
    return Standing(worker, status, max(0, int((until - worker.registered_at).total_seconds())))


def _in(pause: timedelta) -> ExpressionWrapper[Any]:
    return ExpressionWrapper(Now() + pause, output_field=DateTimeField())


def _tell(worker_id: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_notify(%s, %s)", [ORDERS, worker_id])
