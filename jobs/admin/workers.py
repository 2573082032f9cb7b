"""The workers of the console: who is there, what they do, and when they last gave a sign of life."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone

from jobs.admin.page import show
from jobs.admin.read_only import ReadOnly
from jobs.models import LEASE, Job, Worker
from jobs.presentation import shown_text, span

if TYPE_CHECKING:
    WorkerModelAdmin = admin.ModelAdmin[Worker]
else:
    WorkerModelAdmin = admin.ModelAdmin

WORKERS_SHOWN = 200


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

    @property
    def is_there(self) -> bool:
        return self.tone == "completed"

    @property
    def free(self) -> range:
        """One for each slot that nothing runs in."""
        return range(max(0, self.slots - len(self.jobs)))


@admin.register(Worker)
class WorkerAdmin(ReadOnly, WorkerModelAdmin):
    """A read-only list; whether a worker is alive follows from its heartbeat's age."""

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        if request.method not in {"GET", "HEAD"}:
            return HttpResponseNotAllowed(["GET"])
        if not self.has_view_permission(request):
            raise PermissionDenied
        context = {"title": "Workers", "section": "fleet", "rows": rows(), "lease": span(LEASE)}
        return show(request, "admin/jobs/worker/list.html", context)

    def change_view(
        self,
        request: HttpRequest,
        object_id: str,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        """Everything about a worker is in the list."""
        return HttpResponseRedirect(reverse("admin:jobs_worker_changelist"))


def rows(limit: int = WORKERS_SHOWN) -> list[WorkerRow]:
    """Give the workers seen most recently, with what each of them holds now."""
    workers = list(Worker.objects.order_by("-last_heartbeat", "worker_id")[:limit])
    held: dict[str, list[Job]] = {worker.worker_id: [] for worker in workers}
    jobs = Job.objects.held().filter(worker_id__in=list(held))
    for job in jobs.only("id", "job_type", "status", "worker_id").order_by("started_at")[
        : WORKERS_SHOWN * 10
    ]:
        held[job.worker_id or ""].append(job)
    return [_row(worker, held[worker.worker_id]) for worker in workers]


def _row(worker: Worker, jobs: list[Job]) -> WorkerRow:
    age = timezone.now() - worker.last_heartbeat
    if worker.status == "offline":
        tone, word = "cancelled", "Signed off"
    elif age > LEASE:
        tone, word = "failed", "Lost"
    else:
        tone, word = "completed", worker.status.capitalize()
    facts = worker.metadata if isinstance(worker.metadata, dict) else {}
    slots = facts.get("concurrency")
    return WorkerRow(
        worker,
        tone,
        word,
        span(age),
        jobs,
        slots if isinstance(slots, int) else 0,
        shown_text(str(facts.get("version") or "")),
    )
