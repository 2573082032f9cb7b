"""Why a job waits, and why it failed, in words that end with what to do about it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from django.db.models import Q

from jobs.admin.counting import count_each, told
from jobs.admin.liveness import alive
from jobs.models import CLAIMABLE, HOT, Job, QueuePause, Worker
from jobs.presentation import shown_text, span

AHEAD_CAP: Final = 1000

# What a failure means to people, and what to do next, by error code. Source of the codes: CONTRACT section 11.
NEXT_STEPS: Final[Mapping[str, tuple[str, str]]] = {
    "captcha_blocked": (
        "The site asked for proof that a person is there.",
        "Retry when the site is calmer, or from another network.",
    ),
    "element_not_found": (
        "The page did not show what the job needs.",
        "Look at the last picture; if the site has changed, other jobs for this host fail alike.",
    ),
    "timeout": ("The run took longer than its limit.", "Retry; if it happens again, give the job more time."),
    "rate_limited": ("The site refused to answer so often.", "Pause this host for a while, then retry."),
    "network_error": ("The site could not be reached.", "Check the address, then retry."),
    "browser_crashed": (
        "The browser ended unexpectedly.",
        "Retry; look at the worker's memory if it recurs.",
    ),
    "internal_error": ("Something went wrong inside the worker.", "Retry, and report the details below."),
    "login_required": ("The site wants an account.", "Store credentials for this site, then retry."),
    "2fa_required": ("The site asked for a second factor.", "Retry when the owner is at hand with the code."),
    "budget_exceeded": ("The job used up its budget.", "Raise the budget, then retry."),
    "action_limit_exceeded": (
        "The job took more steps than it may.",
        "Look at the timeline for a loop before retrying.",
    ),
    "validation_error": ("What the client sent does not fit the job.", "Correct the input and post it anew."),
    "hitl_timeout": ("Nobody answered in time.", "Retry when somebody can answer."),
    "worker_deregistered": ("Its worker was taken out of service.", "Retry, or send it to another worker."),
    "posting_closed": ("The posting is closed.", "Nothing: retrying will not open it again."),
    "already_applied": ("The site says this person has applied already.", "Nothing: do not apply twice."),
    "apply_elsewhere": (
        "The posting is applied for at another site or by e-mail.",
        "The details say where; post a job for that address.",
    ),
}
_UNKNOWN: Final = ("The run ended with a failure.", "Read the timeline, then retry.")


@dataclass(frozen=True, slots=True)
class Failure:
    """A failure in words: what it means, what the worker said, and the next step."""

    code: str
    meaning: str
    message: str
    next_step: str

    @property
    def is_about_the_site(self) -> bool:
        """Whether other jobs for the site will fail alike until it has rested."""
        return self.code in {"rate_limited", "captcha_blocked"}


def why_failed(job: Job) -> Failure:
    meaning, next_step = NEXT_STEPS.get(job.error_code or "", _UNKNOWN)
    details: Any = job.error_details if isinstance(job.error_details, dict) else {}
    message = shown_text(str(details.get("message") or "")) or shown_text(job.status_message)
    if job.may_have_submitted:
        next_step = "Its form may have been sent: find out first, then retry or leave it."
    return Failure(shown_text(job.error_code) or "failed", meaning, message, next_step)


def why_waiting(job: Job, now: datetime) -> list[str]:
    """Give every reason that keeps a pending job from being claimed; the last one always holds."""
    return [*_held_back(job, now), *_whose(job, now)]


def _held_back(job: Job, now: datetime) -> Iterator[str]:
    if job.scheduled_at and job.scheduled_at > now:
        retry = "It will be tried again" if job.error_code else "It is due"
        yield f"{retry} in {span(job.scheduled_at - now)}."
    pauses = QueuePause.objects.filter(Q(kind="type", value=job.job_type) | Q(kind="host", value=job.host))
    for pause in pauses:
        what = f"Jobs of type {pause.value}" if pause.kind == "type" else f"Jobs for {pause.value}"
        reason = f": {shown_text(pause.reason)}" if pause.reason else ""
        yield f"{what} are paused since {span(now - pause.since)} by {shown_text(pause.actor)}{reason}."


def _whose(job: Job, now: datetime) -> Iterator[str]:
    target = job.target_worker_id
    if target is not None and job.worker_affinity != "any":
        yield from _for_target(shown_text(target), target, now)
        return
    workers = list(alive().only("worker_id", "status", "metadata", "drain_requested_at")[:200])
    if not workers:
        yield "No worker is running. Start one: python manage.py runworker"
    elif all(_is_draining(worker) for worker in workers):
        yield "Every worker is draining and takes no new jobs."
    elif not any(_takes(worker, job.job_type) for worker in workers):
        yield f"No running worker takes jobs of type {shown_text(job.job_type)}."
    else:
        yield f"It waits for a free worker{_behind(job)}."


def _for_target(shown: str, target: str, now: datetime) -> Iterator[str]:
    there = alive().filter(Q(worker_id=target) | Q(target_worker_id=target)).first()
    if there is None:
        yield f"Only worker {shown} may take it, and {_last_seen(target, now)}."
    elif _is_draining(there):
        yield f"Only worker {shown} may take it, and that worker is draining: it takes no new jobs."
    else:
        yield f"It waits for worker {shown} to have a free slot."


def _last_seen(target: str, now: datetime) -> str:
    worker = Worker.objects.filter(worker_id=target).only("last_heartbeat").first()
    if worker is None:
        return "no such worker was ever seen"
    return f"its last sign of life was {span(now - worker.last_heartbeat)} ago"


def _is_draining(worker: Worker) -> bool:
    return worker.status == "draining" or worker.drain_requested_at is not None


def _takes(worker: Worker, job_type: str) -> bool:
    """Tell whether a worker claims this type; one that says nothing is taken to claim all."""
    types = worker.metadata.get("job_types") if isinstance(worker.metadata, dict) else None
    return not isinstance(types, list) or job_type in types


def _behind(job: Job) -> str:
    before = Q(priority__lt=job.priority) | Q(priority=job.priority, created_at__lt=job.created_at)
    ahead = Job.objects.filter(CLAIMABLE, HOT, before, target_worker_id__isnull=True)[: AHEAD_CAP + 1]
    number = count_each({"ahead": ahead})["ahead"]
    return f", behind {told(number, AHEAD_CAP)} other job{'s' if number != 1 else ''}" if number else ""
