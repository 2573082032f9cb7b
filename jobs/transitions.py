"""How a job's status changes: lock the row, check it, write it, and tell the history who did it.

Only `jobs.lifecycle` uses this module; everybody else calls a verb there.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import connection
from django.db.models.functions import Now
from django.utils.module_loading import import_string

from jobs.events import JOB_CHANGED, EventType, NewEvent, record
from jobs.models import Claim, Job, SealedResolution
from jobs.states import TERMINAL, TRANSITIONS, VERIFY_SUBMISSION, Action, allows
from jobs.storable import storable


class JobNotFound(Exception):
    """There is no such job, or not for this caller."""


class InvalidTransition(Exception):
    """The job's state does not allow the action; `reason` is a sentence for people."""

    def __init__(self, job_id: UUID, status: str, action: Action, reason: str = "") -> None:
        self.job_id = job_id
        self.status = status
        self.action = action
        self.reason = reason or f"A {status} job cannot be changed by '{action}'."
        super().__init__(self.reason)


class LostClaim(Exception):
    """The worker does not hold the job (any more); it may change nothing and must stop."""

    def __init__(self, claim: Claim) -> None:
        self.claim = claim
        super().__init__(f"{claim.worker_id} does not hold job {claim.job_id} (attempt {claim.attempt})")


# What a job that goes back to the queue forgets about the worker that had it.
BACK_IN_QUEUE: Mapping[str, Any] = {
    "worker_id": None,
    "started_at": None,
    "last_heartbeat": None,
    "paused_at": None,
    "interaction_type": None,
    "interaction_data": None,
    "is_due": False,
}


def locked(job_id: UUID) -> Job:
    """Lock the row for this transaction. Raises JobNotFound."""
    job = Job.objects.select_for_update().filter(id=job_id).first()
    if job is None:
        raise JobNotFound(job_id)
    return job


def held_by_worker(claim: Claim) -> Job:
    """Lock the claim's row for this transaction. Raises LostClaim."""
    job = Job.objects.held_by(claim).select_for_update().first()
    if job is None:
        raise LostClaim(claim)
    return job


def require(job: Job, action: Action) -> None:
    """Raise InvalidTransition unless the job's state allows the action."""
    if not allows(action, job.status):
        raise InvalidTransition(job.id, job.status, action)


def move(
    job: Job, action: Action, *, actor: str, message: str, note: NewEvent | None = None, **changes: Any
) -> None:
    """Apply the action to the locked row and tell the history; the row object is fresh afterwards.

    Whatever happens to a job ends the wait of its worker for a person, unless `changes` says otherwise; what a
    person gave to a job that ends unread is erased.
    """
    before = job.status
    target = TRANSITIONS[action].target
    write(job, status=target.value, status_message=message, **{"attended_until": None, **changes})
    if target in TERMINAL:
        SealedResolution.objects.filter(job_id=job.id).delete()
    step = NewEvent(EventType.STATUS_CHANGE, message, {"action": action.value}, before, target)
    record(job.id, [step, note] if note else [step], actor=actor)
    notify(JOB_CHANGED, str(job.id))
    for path in settings.TRANSITION_LISTENERS:
        import_string(path)(job, action)


def write(job: Job, **changes: Any) -> None:
    """Change columns of the locked row; the row object is fresh afterwards."""
    kept = {name: storable(value) for name, value in changes.items()}
    Job.objects.filter(pk=job.pk).update(**kept, updated_at=Now())
    job.refresh_from_db()


def tell(job: Job, event_type: EventType, message: str, *, actor: str, **metadata: Any) -> None:
    """Append one event to the history."""
    record(job.id, [NewEvent(event_type, message, metadata)], actor=actor)


def give_back(job: Job, action: Action, *, actor: str, message: str) -> None:
    """Take a job from its worker: into the queue, to a person when its form may have been sent, or parked.

    A job that waits for a person goes on waiting, without the page; one that had ended already ends as it did.
    """
    if end_again(job, actor=actor):
        return
    if job.may_have_submitted:
        hold(job, actor=actor, message=message)
    elif job.is_waiting_for_human:
        park(job, actor=actor, message=message)
    else:
        move(job, action, actor=actor, message=message, **BACK_IN_QUEUE)
        notify_waiting(job)


def park(job: Job, *, actor: str, message: str) -> None:
    """Let a job wait for its person without a worker: once resumed, it is run again from the queue."""
    write(job, attended_until=None)
    tell(job, EventType.HITL_PARKED, f"{message}. It waits on, and runs again when resumed.", actor=actor)


def hold(job: Job, *, actor: str, message: str, **changes: Any) -> None:
    """Leave it to a person to find out whether the form was sent. Source: DESIGN section 6."""
    question = f"{message}. Find out whether the form was sent before anything else happens to this job."
    move(
        job,
        Action.HOLD,
        actor=actor,
        message=question,
        paused_at=Now(),
        interaction_type=VERIFY_SUBMISSION,
        interaction_data={"message": question, "screenshots": job.screenshot_urls[-1:]},
        note=NewEvent(EventType.HITL_PAUSED, question, {"blocker_type": VERIFY_SUBMISSION}),
        **changes,
    )


def worker_actor(claim: Claim) -> str:
    """The name under which a worker acts in the history."""
    return f"worker:{claim.worker_id}"


def notify_waiting(job: Job) -> None:
    """Hint to idle workers that a job waits; sent at commit."""
    facts = {"id": str(job.id), "job_type": job.job_type, "priority": job.priority, "user_id": job.user_id}
    notify("gh_job_created", json.dumps(facts, default=str))


def notify(channel: str, payload: str) -> None:
    """Send a NOTIFY at commit. Payloads carry ids only, for anybody on the database may listen."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_notify(%s, %s)", [channel, payload])


def end_again(job: Job, *, actor: str, unless: Collection[str] = ()) -> bool:
    """Give a job that had ended its end back, `unless` it is one of these; False when nothing was given back.

    Its callbacks were written when it ended.
    """
    ended = _end_of(job)
    if ended is None or ended in unless:
        return False
    before = job.status
    message = "It had ended before; an older status was written into its row"
    write(job, status=ended, status_message=message, attended_until=None)
    record(job.id, [NewEvent(EventType.STATUS_CHANGE, message, {}, before, ended)], actor=actor)
    notify(JOB_CHANGED, str(job.id))
    return True


def _end_of(job: Job) -> str | None:
    """Give the status with which the job ended, although its row says otherwise by now; None for any other job.

    VALET mirrors what it hears into the row, and hears late when it was away. Only a retry forgets an end.
    """
    if job.completed_at is None or job.is_terminal:
        return None
    changes = job.events.filter(event_type=EventType.STATUS_CHANGE, to_status__in=sorted(TERMINAL))
    return changes.order_by("-id").values_list("to_status", flat=True).first()
