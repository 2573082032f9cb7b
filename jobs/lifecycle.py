"""The verbs that change a job: the one way to its status, apart from the claim.

Each verb is one transaction: lock the row, check it against `states.TRANSITIONS` (and, for a worker's verbs,
against its claim), update it, and append the event that tells who did it. Every face (REST, VALET, admin,
command line, worker) calls one verb and presents what comes back.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models.functions import Now

from jobs import retries, usage
from jobs.events import EventType, NewEvent, record
from jobs.models import Claim, Job
from jobs.people import attend, hear, leave, pause, resume, take_resolution
from jobs.resolutions import Given, Resolution, Unusable
from jobs.states import CLAIMED, RETRYABLE, Action, allows
from jobs.transitions import (
    BACK_IN_QUEUE,
    InvalidTransition,
    JobNotFound,
    LostClaim,
    end_again,
    give_back,
    held_by_worker,
    hold,
    locked,
    move,
    notify,
    notify_waiting,
    require,
    tell,
    worker_actor,
    write,
)

__all__ = [
    "Given",
    "InvalidTransition",
    "JobNotFound",
    "LostClaim",
    "Resolution",
    "Unusable",
    "abandon",
    "arm_submit",
    "attend",
    "cancel",
    "complete",
    "disarm_submit",
    "expire",
    "fail",
    "hear",
    "leave",
    "pause",
    "refuse",
    "release",
    "report",
    "rescue",
    "rescue_claim",
    "resume",
    "retarget",
    "retry",
    "start",
    "take_resolution",
]

# ---- What people and clients ask for -----------------------------------------------------------------------


def cancel(job_id: UUID, *, actor: str, reason: str = "") -> Job:
    """Cancel a job; a running one's browser is closed by its worker within a second.

    A job that was about to send its form goes to `paused` (verify_submission) instead, because nobody may say
    "cancelled" of an application that may have been sent; one that had completed gets its end back. InvalidTransition
    tells of both. Raises JobNotFound, InvalidTransition.
    """
    refusal = ""
    with transaction.atomic():
        job = locked(job_id)
        require(job, Action.CANCEL)
        notify(f"gh_job_cancel_{job.id}", "")
        if end_again(job, actor=actor, unless=RETRYABLE):
            refusal = f"It had {job.status} before."
        elif job.may_have_submitted and (job.is_attended or job.status in CLAIMED):
            hold(job, actor=actor, message="Cancelled while the form was being sent")
            refusal = (
                "The form may have been sent already: the browser was stopped and somebody has to verify it."
            )
        else:
            move(job, Action.CANCEL, actor=actor, message=reason or "Cancelled", completed_at=Now())
    if refusal:
        raise InvalidTransition(job_id, job.status, Action.CANCEL, refusal)
    return job


def abandon(job_id: UUID, *, worker_id: str, actor: str, message: str) -> Job | None:
    """Fail a job whose worker is taken out of service, for good; its browser is closed within a second.

    A job that was about to send its form is held for a person instead. None when the job is not the worker's any
    more, waits already for somebody to verify its form, or had ended: then it ends as it did.
    """
    with transaction.atomic():
        job = locked(job_id)
        is_at_work = job.is_attended or job.status in CLAIMED
        if job.worker_id != worker_id or not allows(Action.ABANDON, job.status):
            return None
        if job.may_have_submitted and not is_at_work:
            return None
        notify(f"gh_job_cancel_{job.id}", "")
        if end_again(job, actor=actor):
            return None
        error: dict[str, Any] = {
            "error_code": retries.WORKER_DEREGISTERED,
            "error_details": {"message": message},
        }
        if job.may_have_submitted:
            hold(job, actor=actor, message=message, **error)
            return job
        tell(job, EventType.JOB_FAILED, message, actor=actor, error_code=retries.WORKER_DEREGISTERED)
        move(job, Action.ABANDON, actor=actor, message=message, completed_at=Now(), **error)
    return job


def retry(job_id: UUID, *, actor: str, confirm_resubmit: bool = False) -> Job:
    """Put a failed or cancelled job back into the queue; its target worker stays.

    A job that may have sent its form is refused unless `confirm_resubmit` says that a person knows.
    Raises JobNotFound, InvalidTransition. Source: CONTRACT section 6.
    """
    with transaction.atomic():
        job = locked(job_id)
        require(job, Action.RETRY)
        if job.pruned_at is not None:
            reason = "Its personal data was deleted after the retention time; post the job anew."
            raise InvalidTransition(job_id, job.status, Action.RETRY, reason)
        if job.may_have_submitted and not confirm_resubmit:
            raise InvalidTransition(
                job_id,
                job.status,
                Action.RETRY,
                "An earlier run may have sent this form; retrying may send it twice. Confirm to go on.",
            )
        move(
            job,
            Action.RETRY,
            actor=actor,
            message="Retried",
            **BACK_IN_QUEUE,
            retry_count=job.retry_count + 1,
            error_code=None,
            error_details=None,
            completed_at=None,
            submit_armed_at=None,
        )
        notify_waiting(job)
    return job


def retarget(job_id: UUID, *, target_worker_id: str | None, actor: str) -> Job:
    """Send a job that nobody holds to another worker, or (None) to whichever is free.

    Raises JobNotFound, InvalidTransition.
    """
    with transaction.atomic():
        job = locked(job_id)
        require(job, Action.RETARGET)
        if job.worker_id is not None:
            raise InvalidTransition(job_id, job.status, Action.RETARGET, "A worker has taken it already.")
        move(
            job,
            Action.RETARGET,
            actor=actor,
            message=f"Sent to worker {target_worker_id}" if target_worker_id else "Sent to any worker",
            target_worker_id=target_worker_id,
            # With "any" the target would be a mere wish.
            worker_affinity="preferred",
        )
        notify_waiting(job)
    return job


def expire(job_id: UUID, *, actor: str, message: str) -> Job:
    """End a job that waited past its limit, unless a worker has it or its form may have been sent.

    One that had ended, and is not retried, ends as it did. Raises JobNotFound, InvalidTransition.
    """
    with transaction.atomic():
        job = locked(job_id)
        require(job, Action.EXPIRE)
        if job.status in CLAIMED and job.worker_id is not None:
            raise InvalidTransition(job_id, job.status, Action.EXPIRE, "A worker has taken it.")
        if job.is_unverified:
            raise InvalidTransition(
                job_id, job.status, Action.EXPIRE, "Somebody has to find out whether its form was sent."
            )
        if not end_again(job, actor=actor, unless=RETRYABLE):
            move(job, Action.EXPIRE, actor=actor, message=message, completed_at=Now())
    return job


# ---- What a worker reports about a job it holds --------------------------------------------------------------


def start(claim: Claim, *, engine_type: str) -> Job:
    """Mark the claimed job as running. Raises LostClaim."""
    with transaction.atomic():
        job = held_by_worker(claim)
        require(job, Action.START)
        move(
            job,
            Action.START,
            actor=worker_actor(claim),
            message="Started",
            started_at=Now(),
            completed_at=None,
            last_heartbeat=Now(),
            engine_type=engine_type,
            note=NewEvent(EventType.JOB_STARTED, "", {"worker_id": claim.worker_id}),
        )
    return job


def refuse(claim: Claim) -> Job | None:
    """Take a claimed job from its worker when it may not start, and answer it; None when it may.

    No verb leaves a job that ended, or whose form may have been sent, to be claimed, but other programs write into
    its row as well. A row set back to `queued` is taken for a retry: what `retry` would run again runs again, a
    completed or expired job gets its end back, and a form that may have been sent is held. A job is failed when its
    user's month has no money left for it. Raises LostClaim. Source: CONTRACT sections 6, 11, 12 and 14.
    """
    with transaction.atomic():
        job = held_by_worker(claim)
        if end_again(job, actor=worker_actor(claim), unless=() if job.pruned_at else RETRYABLE):
            return job
        if job.may_have_submitted:
            hold(job, actor=worker_actor(claim), message="It was put back into the queue by another program")
            return job
        missing = usage.shortfall(job)
        if missing is None:
            return None
        message = "The user's monthly budget is spent"
        tell(job, EventType.BUDGET_PREFLIGHT_FAILED, message, actor=worker_actor(claim), **missing)
        return fail(claim, code="budget_exceeded", message=message, details=missing)


def complete(claim: Claim, *, result_data: Mapping[str, Any], summary: str) -> Job:
    """Record success. Raises LostClaim."""
    with transaction.atomic():
        job = held_by_worker(claim)
        require(job, Action.COMPLETE)
        move(
            job,
            Action.COMPLETE,
            actor=worker_actor(claim),
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
        job = held_by_worker(claim)
        actor = worker_actor(claim)
        error = {"message": message, **(details or {})}
        note = {"error_code": code, "error_message": message, "retry_count": job.retry_count}
        tell(job, EventType.JOB_FAILED, message, actor=actor, **note)
        if job.may_have_submitted:
            hold(job, actor=actor, message=message, error_code=code, error_details=error)
        elif retries.should_retry(code, retry_count=job.retry_count, max_retries=job.max_retries):
            pause = retries.backoff(job.retry_count)
            error |= {"retry": job.retry_count + 1, "backoff_seconds": int(pause.total_seconds())}
            move(
                job,
                Action.RESCHEDULE,
                actor=actor,
                message=message,
                **BACK_IN_QUEUE,
                retry_count=job.retry_count + 1,
                scheduled_at=Now() + pause,
                error_code=code,
                error_details=error,
            )
        else:
            move(
                job,
                Action.FAIL,
                actor=actor,
                message=message,
                error_code=code,
                error_details=error,
                completed_at=Now(),
            )
    return job


def release(claim: Claim, *, message: str) -> Job:
    """Give a claimed job back untouched: to the queue, or to a person when the form may have been sent.

    Raises LostClaim.
    """
    with transaction.atomic():
        job = held_by_worker(claim)
        give_back(job, Action.RELEASE, actor=worker_actor(claim), message=message)
    return job


def rescue(job_id: UUID, *, actor: str, message: str) -> Job | None:
    """Take a job back from a worker that is gone; None when its worker gave a sign of life meanwhile.

    Skips rows that somebody else is changing right now.
    """
    with transaction.atomic():
        job = Job.objects.stale().select_for_update(skip_locked=True).filter(id=job_id).first()
        if job is not None:
            give_back(job, Action.RESCUE, actor=actor, message=message)
    return job


def rescue_claim(claim: Claim, *, actor: str, message: str) -> Job | None:
    """Take a job back from a worker known to be dead, whatever its heartbeat; None when it lost the job already."""
    with transaction.atomic():
        job = Job.objects.held_by(claim).select_for_update().first()
        if job is not None:
            give_back(job, Action.RESCUE, actor=actor, message=message)
    return job


def arm_submit(claim: Claim) -> None:
    """Commit the mark "the form may be sent from here on". Raises LostClaim: then nothing may be clicked."""
    with transaction.atomic():
        job = held_by_worker(claim)
        write(job, submit_armed_at=Now())
        tell(job, EventType.SUBMIT_ARMED, "The form may be sent from here on", actor=worker_actor(claim))


def disarm_submit(claim: Claim, *, reason: str) -> None:
    """Take the mark back: the site has shown that it did not accept the form. Raises LostClaim."""
    with transaction.atomic():
        job = held_by_worker(claim)
        write(job, submit_armed_at=None)
        tell(job, EventType.SUBMIT_DISARMED, reason, actor=worker_actor(claim))


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
        job = held_by_worker(claim)
        changes: dict[str, Any] = {}
        if status_message:
            changes["status_message"] = status_message
        if screenshots:
            changes["screenshot_urls"] = [*job.screenshot_urls, *screenshots]
        if artifacts:
            changes["artifact_urls"] = [*job.artifact_urls, *artifacts]
        if changes:
            write(job, **changes)
        record(job.id, events, actor=worker_actor(claim))
