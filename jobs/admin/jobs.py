"""The jobs of the console: a list and a page each. What may be done to them is in `jobs.admin.actions`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from django.contrib import admin
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import URLPattern, path, reverse

from jobs.admin import actions, attend
from jobs.admin.export import export
from jobs.admin.filters import Filters
from jobs.admin.job_list import JobList
from jobs.admin.job_page import JobPage, find_job
from jobs.admin.page import show
from jobs.admin.read_only import ReadOnly
from jobs.admin.verbs import VERBS
from jobs.models import Job

if TYPE_CHECKING:
    JobModelAdmin = admin.ModelAdmin[Job]
else:
    JobModelAdmin = admin.ModelAdmin


@admin.register(Job)
class JobAdmin(ReadOnly, JobModelAdmin):
    """Read-only pages. What may be done to a job is in `jobs.states`; who may do it, in the permissions."""

    def get_urls(self) -> list[URLPattern]:
        guard = self.admin_site.admin_view
        mine = [
            *actions.urls(guard),
            *attend.urls(guard),
            path("export/", guard(export), name="jobs_job_export"),
        ]
        return mine + super().get_urls()

    def list_page(self, request: HttpRequest) -> HttpResponse:
        filters = Filters.read(request.GET)
        verbs = [verb for verb in VERBS.values() if request.user.has_perm(verb.permission)]
        context = {
            "title": "Jobs",
            "section": "human" if filters.status == "human" else "jobs",
            "listing": JobList(filters, request.GET),
            "verbs": verbs,
            "back": urlencode({"list": filters.address()}),
        }
        return show(request, "admin/jobs/job/list.html", context)

    def row_page(self, request: HttpRequest, object_id: str) -> HttpResponse:
        return actions.job_page(request, JobPage(find_job(object_id)))

    def history_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Lead to the job's own history, which tells who did what, here and elsewhere."""
        return HttpResponseRedirect(reverse("admin:jobs_job_change", args=[object_id]))
