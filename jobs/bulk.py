"""One verb over many jobs, each in its own transaction, with what became of every one of them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from jobs import lifecycle
from jobs.states import Action, allows


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
    return [_cancel(job_id, actor) for job_id in job_ids]


def retry(job_ids: Iterable[UUID], *, actor: str, confirm_resubmit: bool = False) -> list[Outcome]:
    """Retry each job that can be retried; the others keep their state and say why."""
    return [_retry(job_id, actor, confirm_resubmit) for job_id in job_ids]


def summary(action: Action, outcomes: Iterable[Outcome]) -> str:
    """Tell in one sentence what became of the jobs: `Cancelled 3, skipped 2 (already finished).`"""
    counts = Counter(outcome.result for outcome in outcomes)
    words = _WORDS[action]
    parts = [words[result].format(counts[result]) for result in Result if counts[result]]
    sentence = ", ".join(parts) or words[Result.DONE].format(0)
    return f"{sentence[0].upper()}{sentence[1:]}."


_WORDS = {
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
}


def _cancel(job_id: UUID, actor: str) -> Outcome:
    try:
        lifecycle.cancel(job_id, actor=actor)
    except (lifecycle.JobNotFound, lifecycle.InvalidTransition) as refusal:
        return _refused(job_id, refusal)
    return Outcome(job_id, Result.DONE)


def _retry(job_id: UUID, actor: str, confirm_resubmit: bool) -> Outcome:
    try:
        lifecycle.retry(job_id, actor=actor, confirm_resubmit=confirm_resubmit)
    except (lifecycle.JobNotFound, lifecycle.InvalidTransition) as refusal:
        return _refused(job_id, refusal)
    return Outcome(job_id, Result.DONE)


def _refused(job_id: UUID, refusal: lifecycle.JobNotFound | lifecycle.InvalidTransition) -> Outcome:
    if isinstance(refusal, lifecycle.JobNotFound):
        return Outcome(job_id, Result.MISSING, "There is no such job.")
    uncertain = allows(refusal.action, refusal.status)
    return Outcome(job_id, Result.UNCERTAIN if uncertain else Result.SKIPPED, refusal.reason)
