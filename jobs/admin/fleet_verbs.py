"""What people may do to the fleet: drain a worker, let it work, take it out of service, pause and unpause the queue.

Each is a POST that names its worker, or stretch of the queue, in the form; each is kept in the admin's own log.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final
from urllib.parse import urlsplit

from django import forms
from django.contrib import messages
from django.contrib.admin.models import DELETION
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import URLPattern, path, reverse

from jobs import fleet, registry
from jobs.admin.counting import count_each, told
from jobs.admin.page import actor, log, refusal, show, whole_number
from jobs.models import CLAIMABLE, HOT, Job, QueuePause, Worker
from jobs.politeness import pause_queue, unpause_queue
from jobs.states import Status

MANAGE: Final = "jobs.manage_fleet"
HELD_SHOWN: Final = 50
AIMED_CAP: Final = 999


class DeregisterForm(forms.Form):
    """What becomes of the jobs that the workers hold; `finish` lets them end by themselves."""

    jobs = forms.ChoiceField(choices=[("finish", ""), ("fail", ""), ("wait", "")])
    seconds = forms.IntegerField(min_value=1, max_value=300, required=False)
    reason = forms.CharField(max_length=500, required=False)

    @property
    def drain_seconds(self) -> int:
        return (self.cleaned_data["seconds"] or 60) if self.cleaned_data["jobs"] == "wait" else 0


class PauseForm(forms.Form):
    kind = forms.ChoiceField(choices=QueuePause.Kind.choices)
    value = forms.CharField(
        max_length=2000, error_messages={"required": "Say which type or host is to be paused."}
    )
    reason = forms.CharField(
        max_length=200, error_messages={"required": "Say why, for whoever finds the queue standing still."}
    )

    def clean(self) -> dict[str, Any]:
        """Take the host of an address for the address."""
        given = super().clean() or {}
        if given.get("kind") == QueuePause.Kind.HOST and "value" in given:
            given["value"] = _host(given["value"])
            if not given["value"]:
                self.add_error("value", "That is no host.")
        return given


def urls(guard: Callable[..., Any]) -> list[URLPattern]:
    """Give the addresses; `guard` lets only staff in."""
    views = {
        "drain": drain,
        "work": let_work,
        "deregister": deregister,
        "pause": pause,
        "unpause": unpause,
    }
    return [path(f"{name}/", guard(view), name=f"jobs_worker_{name}") for name, view in views.items()]


def drain(request: HttpRequest) -> HttpResponse:
    """Have a worker claim nothing more."""
    if refused := refusal(request, MANAGE):
        return refused
    worker = _worker(request)
    registry.ask_to_drain(worker.worker_id)
    log(request, [worker], "Drained.")
    messages.success(
        request, f"Worker {worker.worker_id} claims nothing more; what it holds goes on to its end."
    )
    return _back()


def let_work(request: HttpRequest) -> HttpResponse:
    """Let a drained worker claim again."""
    if refused := refusal(request, MANAGE):
        return refused
    worker = _worker(request)
    if registry.let_work(worker.worker_id):
        log(request, [worker], "Let claim again.")
        messages.success(request, f"Worker {worker.worker_id} claims again.")
    else:
        messages.warning(
            request, f"Worker {worker.worker_id} is out of service: it claims again once it is started anew."
        )
    return _back()


def deregister(request: HttpRequest) -> HttpResponse:
    """Tell what would become of a worker's jobs; take it out of service once that was confirmed."""
    if refused := refusal(request, MANAGE):
        return refused
    worker = _worker(request)
    form = DeregisterForm(request.POST)
    if request.POST.get("go") != "1":
        return _ask(request, worker)
    if not form.is_valid():
        messages.error(request, "Say what becomes of its jobs; they may be given 1 to 300 seconds.")
        return _ask(request, worker)
    done = fleet.deregister(
        worker.worker_id,
        actor=actor(request),
        reason=form.cleaned_data["reason"],
        cancel_active_jobs=form.cleaned_data["jobs"] != "finish",
        drain_seconds=form.drain_seconds,
    )
    log(request, list(Worker.objects.filter(worker_id__in=done.worker_ids)), "Taken out of service.")
    messages.success(request, _told(done, form.drain_seconds))
    return _back()


def pause(request: HttpRequest) -> HttpResponse:
    """Let nobody claim jobs of a type, or for a host."""
    if refused := refusal(request, MANAGE):
        return refused
    form = PauseForm(request.POST)
    if not form.is_valid():
        for errors in form.errors.values():
            messages.error(request, " ".join(str(error) for error in errors))
        return _back()
    kind, me = QueuePause.Kind(form.cleaned_data["kind"]), actor(request)
    made = pause_queue(kind, form.cleaned_data["value"], actor=me, reason=form.cleaned_data["reason"])
    log(request, [made], f"Paused: {form.cleaned_data['reason']}")
    messages.success(
        request, f"Nobody claims jobs of the {kind.label} {made.value} any more; running ones go on."
    )
    return _back()


def unpause(request: HttpRequest) -> HttpResponse:
    """Let workers claim again what was paused."""
    if refused := refusal(request, MANAGE):
        return refused
    number = whole_number(request.POST.get("pause", ""))
    paused = None if number is None else QueuePause.objects.filter(id=number).first()
    if paused is not None and unpause_queue(QueuePause.Kind(paused.kind), paused.value):
        log(request, [paused], "Unpaused.", DELETION)
        messages.success(
            request, f"Jobs of the {QueuePause.Kind(paused.kind).label} {paused.value} are claimed again."
        )
    else:
        messages.warning(request, "It was not paused any more.")
    return _back()


def _ask(request: HttpRequest, worker: Worker) -> HttpResponse:
    """Show what deregistering would do."""
    names = Q(target_worker_id=worker.worker_id) | Q(worker_id=worker.worker_id)
    workers = list(Worker.objects.filter(names).order_by("worker_id")[:HELD_SHOWN])
    ids = [one.worker_id for one in workers]
    held = list(Job.objects.held().filter(worker_id__in=ids).order_by("started_at")[: HELD_SHOWN + 1])
    aimed = Job.objects.filter(CLAIMABLE, HOT, target_worker_id__in=ids)[: AIMED_CAP + 1]
    context = {
        "title": f"Take {worker.worker_id} out of service?",
        "section": "fleet",
        "worker": worker,
        "others": [name for name in ids if name != worker.worker_id],
        "held": held[:HELD_SHOWN],
        "number": told(len(held), HELD_SHOWN),
        "running": any(job.status == Status.RUNNING for job in held),
        "uncertain": sum(job.may_have_submitted for job in held),
        "aimed": told(count_each({"aimed": aimed})["aimed"], AIMED_CAP),
        "form": request.POST,
    }
    return show(request, "admin/jobs/worker/deregister.html", context)


def _told(done: fleet.Deregistration, seconds: int) -> str:
    """Say what a deregistration did."""
    counts = (
        (len(done.failed), "failed"),
        (len(done.held), "held for a person, as the form may have been sent"),
        (len(done.still_running), f"given {seconds} s to end"),
    )
    jobs = [f"{number} job{'s' if number != 1 else ''} {words}" for number, words in counts if number]
    return f"Out of service: {', '.join(done.worker_ids)}. {'; '.join(jobs) or 'No job was stopped'}."


def _worker(request: HttpRequest) -> Worker:
    """Give the worker that the form names. Raises Http404."""
    name = request.POST.get("worker", "")
    worker = Worker.objects.filter(worker_id=name).first() if "\0" not in name else None
    if worker is None:
        raise Http404("There is no such worker.")
    return worker


def _host(text: str) -> str:
    """Give the host that an address names, or the text, taken for a host itself."""
    try:
        return (urlsplit(text if "://" in text else f"//{text}").hostname or "").strip()
    except ValueError:
        return ""


def _back() -> HttpResponse:
    return HttpResponseRedirect(reverse("admin:jobs_worker_changelist"))
