"""The workers of the console: who is there, what they do, and when they last gave a sign of life."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final

from django.db.models import QuerySet
from django.db.models.functions import Now
from django.utils import timezone

from jobs.models import LEASE, Job, Worker
from jobs.presentation import shown_text, span

WORKERS_SHOWN: Final = 200
HISTORY: Final = timedelta(days=1)
"""A worker that was silent for this long is history, which is shown only when asked for."""


@dataclass(frozen=True, slots=True)
class WorkerRow:
    """One worker; `tone` colours how alive it is, `jobs` are what it holds, `slots` how many it may (0: unknown)."""

    worker: Worker
    tone: str
    word: str
    last_seen: str
    jobs: list[Job]
    slots: int
    version: str
    commit: str

    @property
    def free(self) -> range:
        """One for each slot that nothing runs in."""
        return range(max(0, self.slots - len(self.jobs)))

    @property
    def is_out(self) -> bool:
        """Whether it was taken out of service; only its next start changes that."""
        return self.worker.deregistered_at is not None

    @property
    def may_be_drained(self) -> bool:
        return self.word == "Active"

    @property
    def may_be_let_work(self) -> bool:
        return self.word == "Draining" and self.worker.drain_requested_at is not None

    @property
    def may_be_deregistered(self) -> bool:
        return not self.is_out and (self.word in {"Active", "Draining"} or bool(self.jobs))


def rows(limit: int = WORKERS_SHOWN, *, with_history: bool = False) -> list[WorkerRow]:
    """Give the workers seen most recently, with what each of them holds now."""
    seen = (
        Worker.objects.all() if with_history else Worker.objects.filter(last_heartbeat__gte=Now() - HISTORY)
    )
    workers = list(seen.order_by("-last_heartbeat", "worker_id")[:limit])
    held: dict[str, list[Job]] = {worker.worker_id: [] for worker in workers}
    jobs = Job.objects.held().filter(worker_id__in=list(held))
    for job in jobs.only("id", "job_type", "status", "worker_id").order_by("started_at")[
        : WORKERS_SHOWN * 10
    ]:
        held[job.worker_id or ""].append(job)
    return [_row(worker, held[worker.worker_id]) for worker in workers]


def history() -> QuerySet[Worker]:
    """Give the workers that were silent for so long that nobody waits for them."""
    return Worker.objects.filter(last_heartbeat__lt=Now() - HISTORY)


def _row(worker: Worker, jobs: list[Job]) -> WorkerRow:
    age = timezone.now() - worker.last_heartbeat
    tone, word = _state(worker, is_silent=age > LEASE)
    facts = worker.metadata if isinstance(worker.metadata, dict) else {}
    slots = facts.get("max_concurrent")
    return WorkerRow(
        worker,
        tone,
        word,
        span(age),
        jobs,
        slots if isinstance(slots, int) else 0,
        _fact(facts, "version"),
        _fact(facts, "commit")[:7].replace("unknown", ""),
    )


def _state(worker: Worker, *, is_silent: bool) -> tuple[str, str]:
    if worker.deregistered_at is not None:
        return "cancelled", "Out of service"
    if worker.status == "offline":
        return "cancelled", "Signed off"
    if is_silent:
        return "failed", "Lost"
    if worker.status == "draining" or worker.drain_requested_at is not None:
        return "paused", "Draining"
    return "completed", "Active"


def _fact(facts: dict[str, Any], name: str) -> str:
    return shown_text(str(facts.get(name) or ""))
