"""The one writer of a job's status, apart from the claim.

Each verb is one transaction: lock the row, check it against `states.TRANSITIONS` (and, for a worker's verbs,
against its claim), update it, and append the event that tells who did it. Every face (REST, VALET, admin,
command line, worker) calls one verb and presents what comes back.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import connection, transaction
from django.db.models.functions import Now
from django.utils.module_loading import import_string

from jobs import retries
from jobs.events import EventType, NewEvent, record
from jobs.models import Claim, Job
from jobs.states import TRANSITIONS, Action, allows

VERIFY_SUBMISSION = "verify_submission"


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


# ---- What people and clients ask for -----------------------------------------------------------------------


def cancel(job_id: UUID, *, actor: str, reason: str = "") -> Job:
    """Cancel a job; a running one's browser is closed by its worker within a second.

    A job that was about to send its form goes to `paused` (verify_submission) instead, because nobody may say
    "cancelled" of an application that may have been sent; InvalidTransition tells so.
    Raises JobNotFound, InvalidTransition.
    """
    with transaction.atomic():
        job = _locked(job_id)
        _require(job, Action.CANCEL)
        _notify(f"gh_job_cancel_{job.id}", "")
        if held := job.may_have_submitted and allows(Action.HOLD, job.status):
            _hold(job, actor=actor, message="Cancelled while the form was being sent")
        else:
            _move(job, Action.CANCEL, actor=actor, message=reason or "Cancelled", completed_at=Now())
    if held:
        raise InvalidTransition(
            job_id,
            job.status,
            Action.CANCEL,
            "The form may have been sent already: the browser was stopped and somebody has to verify it.",
        )
    return job


def retry(job_id: UUID, *, actor: str, confirm_resubmit: bool = False) -> Job:
    """Put a failed or cancelled job back into the queue; its target worker stays.

    A job that may have sent its form is refused unless `confirm_resubmit` says that a person knows.
    Raises JobNotFound, InvalidTransition. Source: CONTRACT section 6.
    """
    with transaction.atomic():
        job = _locked(job_id)
        _require(job, Action.RETRY)
        if job.may_have_submitted and not confirm_resubmit:
            raise InvalidTransition(
                job_id,
                job.status,
                Action.RETRY,
                "An earlier run may have sent this form; retrying may send it twice. Confirm to go on.",
            )
        _move(
            job,
            Action.RETRY,
            actor=actor,
            message="Retried",
            **_BACK_IN_QUEUE,
            retry_count=job.retry_count + 1,
            error_code=None,
            error_details=None,
            completed_at=None,
            submit_armed_at=None,
        )
        _notify_waiting(job)
    return job


def expire(job_id: UUID, *, actor: str, message: str) -> Job:
    """End a job that waited past its limit. Raises JobNotFound, InvalidTransition."""
    with transaction.atomic():
        job = _locked(job_id)
        _require(job, Action.EXPIRE)
        _move(job, Action.EXPIRE, actor=actor, message=message, completed_at=Now())
    return job


# ---- What a worker reports about a job it holds --------------------------------------------------------------


def start(claim: Claim, *, engine_type: str) -> Job:
    """Mark the claimed job as running. Raises LostClaim."""
    with transaction.atomic():
        job = _held(claim)
        _require(job, Action.START)
        _move(
            job,
            Action.START,
            actor=_worker(claim),
            message="Started",
            started_at=Now(),
            last_heartbeat=Now(),
            engine_type=engine_type,
            note=NewEvent(EventType.JOB_STARTED, "", {"worker_id": claim.worker_id}),
        )
    return job


def complete(claim: Claim, *, result_data: Mapping[str, Any], summary: str) -> Job:
    """Record success. Raises LostClaim."""
    with transaction.atomic():
        job = _held(claim)
        _require(job, Action.COMPLETE)
        _move(
            job,
            Action.COMPLETE,
            actor=_worker(claim),
            message=summary,
            result_data=dict(result_data),
            result_summary=summary,
            completed_at=Now(),
            note=NewEvent(
                EventType.JOB_COMPLETED, summary, {"handler": job.job_type, "result_summary": summary}
            ),
        )
    return job


def fail(claim: Claim, *, code: str, message: str, details: Mapping[str, Any] | None = None) -> Job:
    """Record a failure: tried again after a pause, final, or held when the form may have been sent.

    Raises LostClaim. Source: CONTRACT section 11.
    """
    with transaction.atomic():
        job = _held(claim)
        actor = _worker(claim)
        error = {"message": message, **(details or {})}
        note = {"error_code": code, "error_message": message, "retry_count": job.retry_count}
        _note(job, EventType.JOB_FAILED, message, actor=actor, **note)
        if job.may_have_submitted:
            _hold(job, actor=actor, message=message, error_code=code, error_details=error)
        elif retries.should_retry(code, retry_count=job.retry_count, max_retries=job.max_retries):
            pause = retries.backoff(job.retry_count)
            error |= {"retry": job.retry_count + 1, "backoff_seconds": int(pause.total_seconds())}
            _move(
                job,
                Action.RESCHEDULE,
                actor=actor,
                message=message,
                **_BACK_IN_QUEUE,
                retry_count=job.retry_count + 1,
                scheduled_at=Now() + pause,
                error_code=code,
                error_details=error,
            )
        else:
            _move(
                job,
                Action.FAIL,
                actor=actor,
                message=message,
                error_code=code,
                error_details=error,
                completed_at=Now(),
            )
    return job


def pause(claim: Claim, *, interaction_type: str, message: str, interaction: Mapping[str, Any]) -> Job:
    """Hand the job to a person; its browser is gone, and the row says what is needed. Raises LostClaim."""
    with transaction.atomic():
        job = _held(claim)
        _require(job, Action.PAUSE)
        _move(
            job,
            Action.PAUSE,
            actor=_worker(claim),
            message=message,
            paused_at=Now(),
            interaction_type=interaction_type,
            interaction_data=dict(interaction),
            note=NewEvent(
                EventType.HITL_PAUSED,
                message,
                {"blocker_type": interaction_type, "page_url": interaction.get("page_url", "")},
            ),
        )
    return job


def release(claim: Claim, *, message: str) -> Job:
    """Give a claimed job back untouched: to the queue, or to a person when the form may have been sent.

    Raises LostClaim.
    """
    with transaction.atomic():
        job = _held(claim)
        _give_back(job, Action.RELEASE, actor=_worker(claim), message=message)
    return job


def rescue(job_id: UUID, *, actor: str, message: str) -> Job | None:
    """Take a job back from a worker that is gone; None when its worker gave a sign of life meanwhile.

    Skips rows that somebody else is changing right now.
    """
    with transaction.atomic():
        job = Job.objects.stale().select_for_update(skip_locked=True).filter(id=job_id).first()
        if job is not None:
            _give_back(job, Action.RESCUE, actor=actor, message=message)
    return job


def rescue_claim(claim: Claim, *, actor: str, message: str) -> Job | None:
    """Take a job back from a worker known to be dead, whatever its heartbeat; None when it lost the job already."""
    with transaction.atomic():
        job = Job.objects.held_by(claim).select_for_update().first()
        if job is not None:
            _give_back(job, Action.RESCUE, actor=actor, message=message)
    return job


def arm_submit(claim: Claim) -> None:
    """Commit the mark "the form may be sent from here on". Raises LostClaim: then nothing may be clicked."""
    with transaction.atomic():
        job = _held(claim)
        _write(job, submit_armed_at=Now())
        _note(job, EventType.SUBMIT_ARMED, "The form may be sent from here on", actor=_worker(claim))


def disarm_submit(claim: Claim, *, reason: str) -> None:
    """Take the mark back: the site has shown that it did not accept the form. Raises LostClaim."""
    with transaction.atomic():
        job = _held(claim)
        _write(job, submit_armed_at=None)
        _note(job, EventType.SUBMIT_DISARMED, reason, actor=_worker(claim))


def report(
    claim: Claim,
    events: Sequence[NewEvent],
    *,
    status_message: str = "",
    screenshots: Sequence[str] = (),
    artifacts: Sequence[str] = (),
) -> None:
    """Append what the worker saw, its newest words about the job, and the files it made. Raises LostClaim."""
    with transaction.atomic():
        job = _held(claim)
        changes: dict[str, Any] = {}
        if status_message:
            changes["status_message"] = status_message
        if screenshots:
            changes["screenshot_urls"] = [*job.screenshot_urls, *screenshots]
        if artifacts:
            changes["artifact_urls"] = [*job.artifact_urls, *artifacts]
        if changes:
            _write(job, **changes)
        record(job.id, events, actor=_worker(claim))


# ---- The parts of a transition -------------------------------------------------------------------------------

_BACK_IN_QUEUE: Mapping[str, Any] = {
    "worker_id": None,
    "started_at": None,
    "last_heartbeat": None,
    "paused_at": None,
    "interaction_type": None,
    "interaction_data": None,
    "is_due": False,
}


def _locked(job_id: UUID) -> Job:
    job = Job.objects.select_for_update().filter(id=job_id).first()
    if job is None:
        raise JobNotFound(job_id)
    return job


def _held(claim: Claim) -> Job:
    job = Job.objects.held_by(claim).select_for_update().first()
    if job is None:
        raise LostClaim(claim)
    return job


def _require(job: Job, action: Action) -> None:
    if not allows(action, job.status):
        raise InvalidTransition(job.id, job.status, action)


def _move(
    job: Job, action: Action, *, actor: str, message: str, note: NewEvent | None = None, **changes: Any
) -> None:
    """Apply the action to the locked row and tell the history; the row object is fresh afterwards."""
    before = job.status
    target = TRANSITIONS[action].target
    _write(job, status=target.value, status_message=message, **changes)
    step = NewEvent(EventType.STATUS_CHANGE, message, {"action": action.value}, before, target)
    record(job.id, [step, note] if note else [step], actor=actor)
    for path in settings.TRANSITION_LISTENERS:
        import_string(path)(job, action)


def _write(job: Job, **changes: Any) -> None:
    Job.objects.filter(pk=job.pk).update(**changes, updated_at=Now())
    job.refresh_from_db()


def _note(job: Job, event_type: EventType, message: str, *, actor: str, **metadata: Any) -> None:
    record(job.id, [NewEvent(event_type, message, metadata)], actor=actor)


def _give_back(job: Job, action: Action, *, actor: str, message: str) -> None:
    if job.may_have_submitted:
        _hold(job, actor=actor, message=message)
        return
    _move(job, action, actor=actor, message=message, **_BACK_IN_QUEUE)
    _notify_waiting(job)


def _hold(job: Job, *, actor: str, message: str, **changes: Any) -> None:
    """Leave it to a person to find out whether the form was sent. Source: DESIGN section 6."""
    question = f"{message}. Find out whether the form was sent before anything else happens to this job."
    _move(
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


def _worker(claim: Claim) -> str:
    return f"worker:{claim.worker_id}"


def _notify_waiting(job: Job) -> None:
    _notify("gh_job_created", f'{{"id": "{job.id}", "priority": {job.priority}}}')


def _notify(channel: str, payload: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_notify(%s, %s)", [channel, payload])
