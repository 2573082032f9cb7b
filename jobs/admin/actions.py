"""The console's verbs: POSTs that need a permission, make one domain call, and tell what came of it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.urls import URLPattern, path, reverse
from django.utils import timezone

from jobs import bulk
from jobs.admin.filters import Filters
from jobs.admin.job_page import JobPage, find_job
from jobs.admin.page import actor, log, refusal, show
from jobs.admin.selection import AT_ONCE, Selection
from jobs.admin.verbs import VERBS, Verb, target_of
from jobs.events import EventType, NewEvent, record
from jobs.liveness import alive
from jobs.models import Job
from jobs.states import Action

WORKERS_OFFERED = 100


def urls(guard: Any) -> list[URLPattern]:
    """Give the addresses of all verbs; `guard` lets only staff in."""
    single = [
        path(f"<uuid:job_id>/{name}/", guard(act), {"name": name}, name=f"jobs_job_{name}") for name in VERBS
    ]
    many = [
        path(f"bulk/{name}/", guard(act_on_many), {"name": name}, name=f"jobs_job_bulk_{name}")
        for name in VERBS
    ]
    return [*single, *many, path("<uuid:job_id>/reveal/", guard(reveal), name="jobs_job_reveal")]


def act(request: HttpRequest, job_id: UUID, name: str) -> HttpResponse:
    """Do one verb to one job; what needs a second word from the person is asked first."""
    verb = VERBS[name]
    if refused := refusal(request, verb.permission):
        return refused
    if question := _question(request, job_id, verb):
        return question
    _tell(request, verb, verb.act([job_id], actor(request), request.POST))
    return _back(request, job_id)


def act_on_many(request: HttpRequest, name: str) -> HttpResponse:
    """Show what the verb would do to the jobs that were picked; do it once that was confirmed."""
    verb = VERBS[name]
    if refused := refusal(request, verb.permission):
        return refused
    selection = Selection.read(request)
    if not selection.job_ids:
        messages.warning(request, "No job was picked; nothing was changed.")
        return _back(request)
    if request.POST.get("go") != "1":
        return _preview(request, verb, selection)
    _tell(request, verb, verb.act(selection.job_ids, actor(request), request.POST))
    if selection.more:
        messages.warning(
            request, f"More jobs match: {AT_ONCE} are done at once. Repeat it for the next ones."
        )
    return _back(request)


def reveal(request: HttpRequest, job_id: UUID) -> HttpResponse:
    """Show a job's input in clear, once, and write down who looked."""
    if refused := refusal(request, "jobs.reveal_job_data"):
        return refused
    with transaction.atomic():
        job = find_job(job_id)
        looked = NewEvent(EventType.DATA_REVEALED, "Personal data was shown in clear")
        record(job.id, [looked], actor=actor(request))
    log(request, [job], "Saw its personal data in clear.")
    return job_page(request, JobPage(job, in_clear=True))


def job_page(request: HttpRequest, page: JobPage) -> HttpResponse:
    """Render the page of one job."""
    context = {
        "title": str(page.job),
        "section": "jobs",
        "page": page,
        "job": page.job,
        "commands": page.commands(settings.GH_PUBLIC_URL or request.build_absolute_uri("/")),
    }
    return show(request, "admin/jobs/job/page.html", context)


def _question(request: HttpRequest, job_id: UUID, verb: Verb) -> HttpResponse | None:
    """Give the page that asks for a second word; None when the verb needs none, or has it."""
    context: dict[str, Any] = {"section": "jobs", "back": request.GET.urlencode()}
    if verb.action is Action.RETRY and request.POST.get("confirm") != "resubmit":
        job = find_job(job_id)
        if job.is_retryable and job.may_have_submitted:
            context |= {"title": "Send it again?", "job": job, "page": JobPage(job)}
            return show(request, "admin/jobs/job/confirm_retry.html", context)
    if verb.action is Action.RETARGET and request.POST.get("go") != "1":
        context |= {"title": "Send to worker", "job": find_job(job_id)}
        context |= {"workers": _workers(), "now": timezone.now()}
        return show(request, "admin/jobs/job/retarget.html", context)
    return None


def _preview(request: HttpRequest, verb: Verb, selection: Selection) -> HttpResponse:
    context = {
        "title": f"{verb.label}: {len(selection.job_ids)} job{'s' if len(selection.job_ids) > 1 else ''}?",
        "section": "jobs",
        "verb": verb,
        "selection": selection,
        "outcomes": selection.foresee(verb.action),
        "at_once": AT_ONCE,
        "target": target_of(request.POST),
        "workers": _workers() if verb.name == "retarget" else [],
        "address": request.get_full_path(),
        "list_address": _list_address(request),
    }
    return show(request, "admin/jobs/job/preview.html", context)


def _workers() -> list[str]:
    return sorted(alive().values_list("worker_id", flat=True)[:WORKERS_OFFERED])


def _tell(request: HttpRequest, verb: Verb, outcomes: Sequence[bulk.Outcome]) -> None:
    """Say what became of the jobs, and keep it in the admin's own log."""
    done = [outcome.job_id for outcome in outcomes if outcome.result is bulk.Result.DONE]
    log(request, list(Job.objects.filter(id__in=done).only("id", "job_type")), verb.logged)
    if len(outcomes) > 1:
        told = bulk.summary(verb.action, outcomes)
    else:
        told = outcomes[0].reason or f"Job {str(outcomes[0].job_id)[:8]} {verb.done}."
    all_done = len(done) == len(outcomes)
    messages.add_message(request, messages.SUCCESS if all_done else messages.WARNING, told)


def _back(request: HttpRequest, job_id: UUID | None = None) -> HttpResponse:
    """Go where the verb was asked for: the list with its filters, or the job's page."""
    if job_id is not None and "list" not in request.GET:
        return HttpResponseRedirect(reverse("admin:jobs_job_change", args=[job_id]))
    return HttpResponseRedirect(_list_address(request))


def _list_address(request: HttpRequest) -> str:
    address = Filters.read(QueryDict(request.GET.get("list", ""))).address()
    listing = reverse("admin:jobs_job_changelist")
    return f"{listing}?{address}" if address else listing
