"""What somebody should look at now, told from a snapshot. Source of the shape: CONTRACT section 13."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Final

from ghosthands.monitoring.snapshot import Snapshot
from jobs.states import Status

CRITICAL, WARNING = "critical", "warning"

LATE_CALLBACK: Final = timedelta(minutes=10)
DEAD_SHOWN_FOR: Final = timedelta(days=1)
FAILURES_OF: Final = 10


@dataclass(frozen=True, slots=True)
class Alert:
    """One reason to look; `id` stays the same as long as the reason does."""

    id: str
    name: str
    severity: str
    message: str
    triggered_at: datetime
    metadata: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Patience:
    """How long a job may be in a state before somebody should look."""

    id: str
    name: str
    state: str
    limit: timedelta
    words: str


PATIENCE: Final = (
    Patience(
        "queue_wait", "Long wait", Status.PENDING, timedelta(minutes=15), "The oldest due job has waited"
    ),
    Patience(
        "human_wait",
        "Nobody helps",
        Status.PAUSED,
        timedelta(hours=1),
        "The oldest job for a person has waited",
    ),
)


def alerts(seen: Snapshot) -> list[Alert]:
    """Give every alert that the snapshot justifies, the worst first."""
    found = [alert for rule in RULES for alert in rule(seen)]
    return sorted(found, key=lambda alert: alert.severity)


def stuck_jobs(seen: Snapshot) -> Iterator[Alert]:
    if seen.stuck:
        ids = [job_id for job_id, _ in seen.stuck]
        message = f"{len(ids)} running jobs gave no sign of life for 5 minutes"
        yield Alert("stuck_jobs", "Stuck jobs", CRITICAL, message, seen.stuck[0][1], {"job_ids": ids})


def no_workers(seen: Snapshot) -> Iterator[Alert]:
    waiting = seen.depth(Status.PENDING)
    if waiting and not any(worker.status == "active" for worker in seen.workers):
        message = f"{waiting} jobs wait and no worker takes any"
        since = seen.taken_at - timedelta(seconds=seen.oldest_seconds(Status.PENDING))
        yield Alert("no_workers", "No workers", CRITICAL, message, since, {"waiting": waiting})


def absent_targets(seen: Snapshot) -> Iterator[Alert]:
    present = {worker.worker.worker_id for worker in seen.alive}
    for depth in seen.depths:
        if depth.state == Status.PENDING and depth.target and depth.target not in present:
            message = f"{depth.count} jobs wait for worker {depth.target}, which is not there"
            yield Alert(
                f"absent_target:{depth.target}",
                "Absent target worker",
                WARNING,
                message,
                seen.taken_at - timedelta(seconds=depth.oldest_seconds),
                {"target_worker_id": depth.target, "waiting": depth.count},
            )


def long_waits(seen: Snapshot) -> Iterator[Alert]:
    for patience in PATIENCE:
        age = timedelta(seconds=seen.oldest_seconds(patience.state))
        if age > patience.limit:
            message = f"{patience.words} for {int(age.total_seconds() // 60)} minutes"
            facts = {"count": seen.depth(patience.state)}
            yield Alert(patience.id, patience.name, WARNING, message, seen.taken_at - age, facts)


def many_failures(seen: Snapshot) -> Iterator[Alert]:
    ended = sum(found.hour for found in seen.finished)
    failed = sum(found.hour for found in seen.finished if found.outcome == Status.FAILED)
    if ended >= FAILURES_OF and failed * 2 > ended:
        message = f"{failed} of {ended} jobs that ended in the last hour failed"
        yield Alert(
            "failure_rate",
            "Many failures",
            WARNING,
            message,
            seen.taken_at,
            {"failed": failed, "ended": ended},
        )


def callbacks(seen: Snapshot) -> Iterator[Alert]:
    late = timedelta(seconds=seen.totals["callbacks_late_seconds"])
    if late > LATE_CALLBACK:
        message = f"Callbacks are due for {int(late.total_seconds() // 60)} minutes and nobody sends them"
        yield Alert("callbacks_late", "Late callbacks", CRITICAL, message, seen.taken_at - late)
    died_at = seen.totals["callback_died_at"]
    if died_at and seen.taken_at - died_at < DEAD_SHOWN_FOR:
        message = f"{seen.totals['callbacks_dead']} callbacks were given up"
        yield Alert("callbacks_dead", "Dead callbacks", WARNING, message, died_at)


RULES: Final[tuple[Callable[[Snapshot], Iterator[Alert]], ...]] = (
    stuck_jobs,
    no_workers,
    absent_targets,
    long_waits,
    many_failures,
    callbacks,
)
