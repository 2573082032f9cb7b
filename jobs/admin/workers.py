"""The workers of the console: who is there, what they do, and when they last gave a sign of life."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import admin
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString

from jobs.models import LEASE, Worker
from jobs.presentation import span

if TYPE_CHECKING:
    WorkerModelAdmin = admin.ModelAdmin[Worker]
else:
    WorkerModelAdmin = admin.ModelAdmin


@admin.register(Worker)
class WorkerAdmin(WorkerModelAdmin):
    """A read-only list; whether a worker is alive follows from its heartbeat's age."""

    list_display = ("worker_id", "liveness", "current_job", "jobs_completed", "jobs_failed", "registered_at")
    list_display_links = None
    ordering = ("-last_heartbeat", "worker_id")
    sortable_by = ()
    actions = None
    list_per_page = 100
    show_full_result_count = False

    @admin.display(description="sign of life")
    def liveness(self, worker: Worker) -> SafeString:
        age = timezone.now() - worker.last_heartbeat
        tone, word = ("cancelled", "off") if worker.status == "offline" else ("completed", worker.status)
        if worker.status != "offline" and age > LEASE:
            tone, word = "failed", "lost"
        return format_html('<span class="gh-badge gh-{}">{}</span> {} ago', tone, word, span(age))

    @admin.display(description="current job")
    def current_job(self, worker: Worker) -> SafeString | str:
        if worker.current_job_id is None:
            return "none"
        address = reverse("admin:jobs_job_change", args=[worker.current_job_id])
        return format_html('<a href="{}"><code>{}</code></a>', address, str(worker.current_job_id)[:8])

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Worker | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Worker | None = None) -> bool:
        return False
