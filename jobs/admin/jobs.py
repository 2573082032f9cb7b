"""The jobs of the console: a list, a page each, and the verbs, which are POSTs and one domain call each."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode
from uuid import UUID

from django.contrib import admin, messages
from django.contrib.admin.models import CHANGE, LogEntry
from django.core.exceptions import PermissionDenied
from django.http import (
    Http404,
    HttpRequest,
    HttpResponse,
    HttpResponseNotAllowed,
    HttpResponseRedirect,
    QueryDict,
)
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse

from jobs import bulk
from jobs.admin.filters import Filters
from jobs.admin.job_list import JobList
from jobs.admin.paging import PAGE_SIZE
from jobs.admin.job_page import JobPage
from jobs.admin.read_only import ReadOnly
from jobs.models import Job
from jobs.states import Action

if TYPE_CHECKING:
    JobModelAdmin = admin.ModelAdmin[Job]
else:
    JobModelAdmin = admin.ModelAdmin

PERMISSIONS = {Action.CANCEL: "jobs.cancel_job", Action.RETRY: "jobs.retry_job"}
_DONE = {Action.CANCEL: "is cancelled", Action.RETRY: "is back in the queue"}
_LOGGED = {Action.CANCEL: "Cancelled.", Action.RETRY: "Retried."}


@admin.register(Job)
class JobAdmin(ReadOnly, JobModelAdmin):
    """Read-only pages. What may be done to a job is in `jobs.states`; who may do it, in the permissions."""

    def get_urls(self) -> list[URLPattern]:
        guard = self.admin_site.admin_view
        mine = [
            path("<uuid:job_id>/cancel/", guard(self.cancel_view), name="jobs_job_cancel"),
            path("<uuid:job_id>/retry/", guard(self.retry_view), name="jobs_job_retry"),
            path("bulk/cancel/", guard(self.bulk_cancel_view), name="jobs_job_bulk_cancel"),
            path("bulk/retry/", guard(self.bulk_retry_view), name="jobs_job_bulk_retry"),
        ]
        return mine + super().get_urls()

    # ---- Pages -------------------------------------------------------------------------------------------

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        if request.method not in {"GET", "HEAD"}:
            return HttpResponseNotAllowed(["GET"])
        if not self.has_view_permission(request):
            raise PermissionDenied
        filters = Filters.read(request.GET)
        listing = JobList(filters, request.GET)
        context = {"title": "Jobs", "listing": listing, "back": urlencode({"list": filters.address()})}
        return self._page(request, "admin/jobs/job/list.html", context)

    def change_view(
        self,
        request: HttpRequest,
        object_id: str,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        if request.method not in {"GET", "HEAD"}:
            return HttpResponseNotAllowed(["GET"])
        job = self._job(request, object_id)
        context = {"title": str(job), "page": JobPage(job), "job": job}
        return self._page(request, "admin/jobs/job/page.html", context)

    # ---- Verbs -------------------------------------------------------------------------------------------

    def cancel_view(self, request: HttpRequest, job_id: UUID) -> HttpResponse:
        if refusal := self._refusal(request, Action.CANCEL):
            return refusal
        self._tell(request, Action.CANCEL, bulk.cancel([job_id], actor=_actor(request)))
        return self._back(request, job_id)

    def retry_view(self, request: HttpRequest, job_id: UUID) -> HttpResponse:
        """Retry a job; one that may have sent its form is asked about first."""
        if refusal := self._refusal(request, Action.RETRY):
            return refusal
        job = self._job(request, str(job_id))
        confirmed = request.POST.get("confirm") == "resubmit"
        if job.is_retryable and job.may_have_submitted and not confirmed:
            context = {
                "title": "Send it again?",
                "job": job,
                "page": JobPage(job),
                "back": request.GET.urlencode(),
            }
            return self._page(request, "admin/jobs/job/confirm_retry.html", context)
        outcomes = bulk.retry([job_id], actor=_actor(request), confirm_resubmit=confirmed)
        self._tell(request, Action.RETRY, outcomes)
        return self._back(request, job_id)

    def bulk_cancel_view(self, request: HttpRequest) -> HttpResponse:
        if refusal := self._refusal(request, Action.CANCEL):
            return refusal
        self._tell(request, Action.CANCEL, bulk.cancel(_ticked(request), actor=_actor(request)))
        return self._back(request)

    def bulk_retry_view(self, request: HttpRequest) -> HttpResponse:
        if refusal := self._refusal(request, Action.RETRY):
            return refusal
        self._tell(request, Action.RETRY, bulk.retry(_ticked(request), actor=_actor(request)))
        return self._back(request)

    # ---- Parts -------------------------------------------------------------------------------------------

    def _page(self, request: HttpRequest, template: str, context: dict[str, Any]) -> HttpResponse:
        allowed = {
            "may_cancel": request.user.has_perm(PERMISSIONS[Action.CANCEL]),
            "may_retry": request.user.has_perm(PERMISSIONS[Action.RETRY]),
        }
        site = self.admin_site.each_context(request)
        return TemplateResponse(request, template, {**site, "opts": self.opts, **allowed, **context})

    def _job(self, request: HttpRequest, object_id: str) -> Job:
        if not self.has_view_permission(request):
            raise PermissionDenied
        try:
            return Job.objects.get(id=UUID(object_id))
        except (ValueError, Job.DoesNotExist) as error:
            raise Http404("There is no such job.") from error

    def _refusal(self, request: HttpRequest, action: Action) -> HttpResponse | None:
        """Give the answer to a request that may not act like this; None lets it on."""
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        if not (self.has_view_permission(request) and request.user.has_perm(PERMISSIONS[action])):
            raise PermissionDenied
        return None

    def _tell(self, request: HttpRequest, action: Action, outcomes: Sequence[bulk.Outcome]) -> None:
        """Say what became of the jobs, and keep it in the admin's own log."""
        done = [outcome.job_id for outcome in outcomes if outcome.result is bulk.Result.DONE]
        if done:
            jobs = Job.objects.filter(id__in=done).only("id", "job_type")
            LogEntry.objects.log_actions(str(request.user.pk), jobs, CHANGE, _LOGGED[action])
        if not outcomes:
            told = "Tick the jobs first; nothing was changed."
        elif len(outcomes) > 1:
            told = bulk.summary(action, outcomes)
        else:
            told = outcomes[0].reason or f"Job {str(outcomes[0].job_id)[:8]} {_DONE[action]}."
        all_done = bool(done) and len(done) == len(outcomes)
        self.message_user(request, told, messages.SUCCESS if all_done else messages.WARNING)

    def _back(self, request: HttpRequest, job_id: UUID | None = None) -> HttpResponse:
        """Go where the verb was asked for: the list with its filters, or the job's page."""
        if job_id is not None and "list" not in request.GET:
            return HttpResponseRedirect(reverse("admin:jobs_job_change", args=[job_id]))
        address = Filters.read(QueryDict(request.GET.get("list", ""))).address()
        listing = reverse("admin:jobs_job_changelist")
        return HttpResponseRedirect(f"{listing}?{address}" if address else listing)


def _actor(request: HttpRequest) -> str:
    return f"admin:{request.user.get_username()}"


def _ticked(request: HttpRequest) -> list[UUID]:
    """Give the jobs that were ticked, at most a page of them; what is no id is nothing."""
    ids = []
    for given in request.POST.getlist("job")[:PAGE_SIZE]:
        try:
            ids.append(UUID(given))
        except ValueError:
            continue
    return ids
