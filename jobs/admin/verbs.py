"""What people may do to jobs from the console: the words, the permission and the domain call of each verb."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from django.http import QueryDict

from jobs import bulk
from jobs.states import Action

Call = Callable[[Sequence[UUID], str, QueryDict], list[bulk.Outcome]]


@dataclass(frozen=True, slots=True)
class Verb:
    """`act` takes the jobs, the actor and the posted form; `done` completes "Job a23c728e ..."."""

    action: Action
    permission: str
    label: str
    done: str
    logged: str
    act: Call
    dangerous: bool = False
    note: str = ""

    @property
    def name(self) -> str:
        return self.action.value

    @property
    def bulk_route(self) -> str:
        return f"admin:jobs_job_bulk_{self.name}"


def _cancel(job_ids: Sequence[UUID], actor: str, form: QueryDict) -> list[bulk.Outcome]:
    return bulk.cancel(job_ids, actor=actor)


def _retry(job_ids: Sequence[UUID], actor: str, form: QueryDict) -> list[bulk.Outcome]:
    confirmed = form.get("confirm") == "resubmit"
    return bulk.retry(job_ids, actor=actor, confirm_resubmit=confirmed and len(job_ids) == 1)


def _resume(job_ids: Sequence[UUID], actor: str, form: QueryDict) -> list[bulk.Outcome]:
    return bulk.resume(job_ids, actor=actor)


def _retarget(job_ids: Sequence[UUID], actor: str, form: QueryDict) -> list[bulk.Outcome]:
    return bulk.retarget(job_ids, actor=actor, target_worker_id=target_of(form))


def target_of(form: QueryDict) -> str | None:
    """Read the worker that a form names; None for any."""
    return form.get("target_worker_id", "").replace("\0", "").strip()[:200] or None


VERBS: Final[Mapping[str, Verb]] = {
    verb.name: verb
    for verb in (
        Verb(
            Action.CANCEL,
            "jobs.cancel_job",
            "Cancel",
            "is cancelled",
            "Cancelled.",
            _cancel,
            dangerous=True,
            note="Running browsers are closed within a second.",
        ),
        Verb(
            Action.RETRY,
            "jobs.retry_job",
            "Retry",
            "is back in the queue",
            "Retried.",
            _retry,
            note="Jobs that may have sent their form are never retried in bulk.",
        ),
        Verb(
            Action.RESUME,
            "jobs.resume_job",
            "Resume",
            "goes on",
            "Resumed.",
            _resume,
            note="They go on without an answer; jobs that asked something will ask again.",
        ),
        Verb(
            Action.RETARGET,
            "jobs.retarget_job",
            "Send to worker",
            "waits for its new worker",
            "Sent to another worker.",
            _retarget,
            note="Only that worker may take them from then on.",
        ),
    )
}
