"""The verbs of people in the loop: a worker waits beside the page, and somebody resumes. Source: DESIGN section 7.

Attended jobs keep their worker, their slot and their page; resumed, they go on where they stood. Parked jobs have
none of these; resumed, they are run again with what the person gave. `jobs.lifecycle` offers these verbs.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any, Final
from uuid import UUID

from django.db import transaction
from django.db.models.functions import Now

from jobs import memory, remote, resolutions
from jobs.events import EventType, NewEvent
from jobs.models import Claim, Job
from jobs.resolutions import Given, Resolution
from jobs.states import Action
from jobs.transitions import (
    BACK_IN_QUEUE,
    InvalidTransition,
    LostClaim,
    held_by_worker,
    hold,
    locked,
    move,
    notify,
    notify_waiting,
    park,
    require,
    tell,
    worker_actor,
    write,
)

REVIEW: Final = "review"
_ANSWERED: Final[Mapping[str, Any]] = {
    "paused_at": None,
    "interaction_type": None,
    "interaction_data": None,
}


def pause(claim: Claim, *, interaction_type: str, message: str, interaction: Mapping[str, Any]) -> Job:
    """Park the job for a person; its browser is gone, and the row says what is needed. Raises LostClaim."""
    return _call(claim, interaction_type=interaction_type, message=message, interaction=interaction, noted={})


def attend(
    claim: Claim, *, interaction_type: str, message: str, interaction: Mapping[str, Any], seconds: int
) -> Job:
    """Call a person while the worker keeps the page open for `seconds`. Raises LostClaim."""
    return _call(
        claim,
        interaction_type=interaction_type,
        message=message,
        interaction={**interaction, "timeout_seconds": seconds},
        noted={"confidence": interaction.get("confidence"), "attended_seconds": seconds},
        attended_until=Now() + timedelta(seconds=seconds),
    )


def hear(claim: Claim) -> Given | None:
    """Tell the worker that waits what the person gave; None while nobody came.

    When the time is up the job is ended, parked or held in the same transaction, and LostClaim says that it is no
    longer the worker's. Raises LostClaim.
    """
    with transaction.atomic():
        job = held_by_worker(claim)
        if not job.is_waiting_for_human:
            remote.close(job.id)
            return resolutions.take(job) or Given()
        if not Job.objects.filter(id=job.id, attended_until__lte=Now()).exists():
            return None
        _nobody_came(job, worker_actor(claim))
    raise LostClaim(claim)


def take_resolution(claim: Claim) -> Given | None:
    """Read, and erase, what a person gave to a parked job that runs again. Raises LostClaim."""
    with transaction.atomic():
        return resolutions.take(held_by_worker(claim))


def leave(claim: Claim, *, message: str) -> None:
    """Let an attended job wait on without its page, which is gone. Raises LostClaim."""
    with transaction.atomic():
        park(held_by_worker(claim), actor=worker_actor(claim), message=message)


def resume(job_id: UUID, *, actor: str, resolution: Resolution | None = None) -> Job:
    """Let a waiting job go on with what the person gave.

    Attended jobs run on at once; parked ones go back to the queue. A job whose form may have been sent needs the
    person's verdict: sent ends it as completed with that word as its evidence, not sent lets it run again, and
    without a verdict nothing happens, so that no resume ever sends a form twice.
    Raises JobNotFound, InvalidTransition, Unusable. Source: CONTRACT section 6.
    """
    said = resolution or Resolution()
    with transaction.atomic():
        job = locked(job_id)
        require(job, Action.RESUME)
        asked = _asked(job)
        said.check_fits(job, asked)
        secrets = said.secrets(asked)
        answers = said.answers(asked)
        # A form that is approved with other answers has to be filled in, and shown, again.
        changed = job.interaction_type == REVIEW and bool(answers or secrets.get("answers"))
        goes_on = _is_beside_its_page(job) and not changed
        if _sent(job, said, goes_on=goes_on):
            _confirm(job, said, actor)
            return job
        note = NewEvent(
            EventType.HITL_RESUMED,
            said.note_without(secrets),
            {
                "resolved_by": said.resolved_by,
                "resolution_type": said.resolution_type,
                "answers": len(answers),
            },
        )
        _keep_answers(job, asked, answers, actor)
        if secrets or (job.interaction_type == REVIEW and not changed):
            resolutions.seal(job, secrets, asked_for="" if changed else job.interaction_type or "")
        message = note.message or f"Resumed by {actor}"
        if goes_on:
            move(job, Action.CONTINUE, actor=actor, message=message, note=note, **_ANSWERED)
        else:
            _run_again(job, actor, message, note)
        notify("gh_job_resume", str(job.id))
    return job


def _call(
    claim: Claim,
    *,
    interaction_type: str,
    message: str,
    interaction: Mapping[str, Any],
    noted: Mapping[str, Any],
    **changes: Any,
) -> Job:
    """Write on the row what a person is needed for; `noted` is told to VALET besides the kind and the page."""
    told = {"blocker_type": interaction_type, "page_url": interaction.get("page_url", ""), **noted}
    with transaction.atomic():
        job = held_by_worker(claim)
        require(job, Action.PAUSE)
        move(
            job,
            Action.PAUSE,
            actor=worker_actor(claim),
            message=message,
            paused_at=Now(),
            interaction_type=interaction_type,
            interaction_data=dict(interaction),
            note=NewEvent(EventType.HITL_PAUSED, message, told),
            **changes,
        )
    return job


def _run_again(job: Job, actor: str, message: str, note: NewEvent) -> None:
    if job.is_attended:
        notify(f"gh_job_cancel_{job.id}", "")
    if job.may_have_submitted:
        tell(job, EventType.SUBMIT_DISARMED, f"{actor} verified that nothing was sent", actor=actor)
    move(job, Action.RESUME, actor=actor, message=message, note=note, **BACK_IN_QUEUE, submit_armed_at=None)
    notify_waiting(job)


def _confirm(job: Job, said: Resolution, actor: str) -> None:
    """End a job whose form was sent, on a person's word."""
    note = said.note_without(said.secrets(()))
    summary = f"Verified as sent by {actor}"
    fields = job.interaction_data.get("fields") if isinstance(job.interaction_data, dict) else None
    result = {"submitted": True, "verified_by": actor, "confirmation_id": None, "notes": note}
    notify(f"gh_job_cancel_{job.id}", "")
    move(
        job,
        Action.CONFIRM,
        actor=actor,
        message=summary,
        result_data=result | ({"fields": fields} if fields else {}),
        result_summary=summary,
        completed_at=Now(),
        note=NewEvent(EventType.JOB_COMPLETED, note, {"handler": job.job_type, "result_summary": summary}),
    )


def _sent(job: Job, said: Resolution, *, goes_on: bool) -> bool:
    """Tell whether the person says that the form was sent. Raises InvalidTransition for silence where they must say.

    They must where the job would run again. Where it `goes_on` in its page they were asked something else, to which
    a note may well be "yes" or "sent".
    """
    must_say = not goes_on and job.is_unverified
    verdict = said.verdict if must_say else said.data.get("submitted")
    if must_say and verdict is None:
        raise InvalidTransition(
            job.id,
            job.status,
            Action.RESUME,
            "The form may have been sent already. Find out, and resume with resolution_data"
            ' {"submitted": true} to finish the job, or {"submitted": false} to fill in and send the form again.',
        )
    return verdict is True


def _is_beside_its_page(job: Job) -> bool:
    """Tell whether a living worker still keeps the page open."""
    return job.is_attended and not Job.objects.stale().filter(id=job.id).exists()


def _asked(job: Job) -> list[Mapping[str, Any]]:
    rows = job.interaction_data.get("questions") if isinstance(job.interaction_data, dict) else None
    return [row for row in rows if isinstance(row, dict)] if isinstance(rows, list) else []


def _keep_answers(job: Job, asked: list[Mapping[str, Any]], answers: Mapping[str, str], actor: str) -> None:
    """Put the answers into the job's input, and into its user's memory."""
    if not answers:
        return
    known = job.input_data if isinstance(job.input_data, dict) else {}
    before = known.get("qa_overrides")
    merged = {**(before if isinstance(before, dict) else {}), **answers}
    write(job, input_data={**known, "qa_overrides": merged})
    memory.remember(job, asked, answers, answered_by=actor)


def _nobody_came(job: Job, actor: str) -> None:
    asked_for = job.interaction_type or "a person"
    sentence = f"Nobody answered in time ({asked_for})"
    tell(job, EventType.HITL_TIMEOUT, sentence, actor=actor, blocker_type=asked_for)
    if job.may_have_submitted:
        hold(job, actor=actor, message=sentence)
    elif job.interaction_type == REVIEW:
        park(job, actor=actor, message=sentence)
    else:
        details = {"message": sentence, "blocker_type": asked_for}
        failed = NewEvent(
            EventType.JOB_FAILED, sentence, {"error_code": "hitl_timeout", "error_message": sentence}
        )
        move(
            job,
            Action.TIME_OUT,
            actor=actor,
            message=sentence,
            note=failed,
            error_code="hitl_timeout",
            error_details=details,
            completed_at=Now(),
        )
