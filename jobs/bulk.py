"""One verb over many jobs, each in its own transaction, with what became of every one of them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from jobs import lifecycle, people
from jobs.models import Job
from jobs.states import CLAIMED, Action, allows


class Result(StrEnum):
    """What became of one job."""

    DONE = "done"
    # The state allows it, but the form may have been sent: a person has to say what is true.
    UNCERTAIN = "uncertain"
    SKIPPED = "skipped"
    MISSING = "missing"


@dataclass(frozen=True, slots=True)
class Outcome:
    job_id: UUID
    result: Result
    reason: str = ""


def cancel(job_ids: Iterable[UUID], *, actor: str) -> list[Outcome]:
    """Cancel each job that can be cancelled; the others keep their state and say why."""
    return [_told(job_id, lambda id: lifecycle.cancel(id, actor=actor)) for job_id in job_ids]


def retry(job_ids: Iterable[UUID], *, actor: str, confirm_resubmit: bool = False) -> list[Outcome]:
    """Retry each job that can be retried; the others keep their state and say why."""

    def one(job_id: UUID) -> Job:
        return lifecycle.retry(job_id, actor=actor, confirm_resubmit=confirm_resubmit)

    return [_told(job_id, one) for job_id in job_ids]


def retarget(job_ids: Iterable[UUID], *, actor: str, target_worker_id: str | None) -> list[Outcome]:
    """Send each job that nobody holds to the worker, or (None) to any; the others keep their state and say why."""

    def one(job_id: UUID) -> Job:
        return lifecycle.retarget(job_id, actor=actor, target_worker_id=target_worker_id)

    return [_told(job_id, one) for job_id in job_ids]


def resume(job_ids: Iterable[UUID], *, actor: str) -> list[Outcome]:
    """Let each job that waits for a person go on without an answer; the others keep their state and say why.

    A filled form that waits for approval is not approved unseen.
    """

    def one(job_id: UUID) -> Job:
        if job := Job.objects.filter(id=job_id, interaction_type=people.REVIEW).first():
            raise lifecycle.InvalidTransition(
                job_id, job.status, Action.RESUME, "Look at the filled form first."
            )
        return people.resume(job_id, actor=actor)

    return [_told(job_id, one) for job_id in job_ids]


def foresee(action: Action, jobs: Iterable[Job]) -> list[Outcome]:
    """Tell what the verb would do to each of these rows now, without doing it."""
    return [Outcome(job.id, _foreseen(action, job)) for job in jobs]


def summary(action: Action, outcomes: Iterable[Outcome]) -> str:
    """Tell in one sentence what became of the jobs: `Cancelled 3, skipped 2 (already finished).`"""
    counts = Counter(outcome.result for outcome in outcomes)
    words = WORDS[action]
    parts = [words[result].format(counts[result]) for result in Result if counts[result]]
    sentence = ", ".join(parts) or words[Result.DONE].format(0)
    return f"{sentence[0].upper()}{sentence[1:]}."


WORDS = {
    Action.CANCEL: {
        Result.DONE: "cancelled {}",
        Result.UNCERTAIN: "stopped {} whose form may have been sent (somebody has to verify it)",
        Result.SKIPPED: "skipped {} (already finished)",
        Result.MISSING: "skipped {} (no longer there)",
    },
    Action.RETRY: {
        Result.DONE: "retried {}",
        Result.UNCERTAIN: "left {} alone that may have submitted already (confirm them one by one)",
        Result.SKIPPED: "skipped {} (neither failed nor cancelled)",
        Result.MISSING: "skipped {} (no longer there)",
    },
    Action.RESUME: {
        Result.DONE: "resumed {}",
        Result.UNCERTAIN: "left {} alone that need a person's answer (open them one by one)",
        Result.SKIPPED: "skipped {} (not waiting for a person)",
        Result.MISSING: "skipped {} (no longer there)",
    },
    Action.RETARGET: {
        Result.DONE: "re-targeted {}",
        Result.UNCERTAIN: "skipped {} (taken by a worker already)",
        Result.SKIPPED: "skipped {} (not waiting for a worker)",
        Result.MISSING: "skipped {} (no longer there)",
    },
}


def _foreseen(action: Action, job: Job) -> Result:
    if not allows(action, job.status):
        return Result.SKIPPED
    if action is Action.RETARGET:
        return Result.UNCERTAIN if job.worker_id else Result.DONE
    if action is Action.RESUME and job.interaction_type == people.REVIEW:
        return Result.UNCERTAIN
    # Cancelling what waits for a person is that person's answer; elsewhere a mark means that nobody knows.
    unsure = job.may_have_submitted and (action is not Action.CANCEL or job.status in CLAIMED)
    return Result.UNCERTAIN if unsure else Result.DONE


def _told(job_id: UUID, act: Callable[[UUID], Job]) -> Outcome:
    try:
        act(job_id)
    except lifecycle.JobNotFound:
        return Outcome(job_id, Result.MISSING, "There is no such job.")
    except lifecycle.InvalidTransition as refusal:
        uncertain = allows(refusal.action, refusal.status)
        return Outcome(job_id, Result.UNCERTAIN if uncertain else Result.SKIPPED, refusal.reason)
    return Outcome(job_id, Result.DONE)
