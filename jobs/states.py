"""The vocabulary of a job's life: statuses, actions, and which action is allowed from where.

Everything that needs to know reads this table: the guards in `jobs.lifecycle`, the 409s of the API, the
buttons of the admin, the words of the command line and the check constraint on the table.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType
from typing import Final


class Status(StrEnum):
    """Where a job is. Spelling: CONTRACT section 6."""

    PENDING = "pending"
    QUEUED = "queued"
    RUNNING = "running"
    PAUSED = "paused"
    COMPLETED = "completed"
    FAILED = "failed"
    CANCELLED = "cancelled"
    EXPIRED = "expired"
    # VALET mirrors its own words for a paused job into the shared row.
    NEEDS_HUMAN = "needs_human"
    AWAITING_REVIEW = "awaiting_review"


class Action(StrEnum):
    """What can happen to a job after it was created."""

    CLAIM = "claim"
    START = "start"
    COMPLETE = "complete"
    FAIL = "fail"
    ABANDON = "abandon"
    RESCHEDULE = "reschedule"
    PAUSE = "pause"
    RESUME = "resume"
    CONTINUE = "continue"
    CONFIRM = "confirm"
    TIME_OUT = "time_out"
    CANCEL = "cancel"
    RETRY = "retry"
    RETARGET = "retarget"
    EXPIRE = "expire"
    RELEASE = "release"
    RESCUE = "rescue"
    HOLD = "hold"


@dataclass(frozen=True, slots=True)
class Transition:
    """An action's guard (`sources`) and its effect (`target`)."""

    sources: frozenset[Status]
    target: Status


# What a job waits for: a person's answers, or their word on whether a form was sent.
QUESTION: Final = "question"
VERIFY_SUBMISSION: Final = "verify_submission"

WAITING_FOR_HUMAN: Final = frozenset({Status.PAUSED, Status.NEEDS_HUMAN, Status.AWAITING_REVIEW})
CLAIMED: Final = frozenset({Status.QUEUED, Status.RUNNING})
ACTIVE: Final = CLAIMED | WAITING_FOR_HUMAN | {Status.PENDING}
TERMINAL: Final = frozenset(Status) - ACTIVE

TRANSITIONS: Final[Mapping[Action, Transition]] = MappingProxyType(
    {
        # `queued` is a source because VALET inserts rows as queued without a worker.
        Action.CLAIM: Transition(frozenset({Status.PENDING, Status.QUEUED}), Status.QUEUED),
        Action.START: Transition(frozenset({Status.QUEUED}), Status.RUNNING),
        Action.COMPLETE: Transition(frozenset({Status.RUNNING}), Status.COMPLETED),
        Action.FAIL: Transition(CLAIMED, Status.FAILED),
        # Its worker was taken out of service for good.
        Action.ABANDON: Transition(CLAIMED | WAITING_FOR_HUMAN, Status.FAILED),
        Action.RESCHEDULE: Transition(CLAIMED, Status.PENDING),
        Action.PAUSE: Transition(frozenset({Status.RUNNING}), Status.PAUSED),
        # Parked jobs are run again; attended ones go on in the page that their worker kept open.
        Action.RESUME: Transition(WAITING_FOR_HUMAN, Status.PENDING),
        Action.CONTINUE: Transition(WAITING_FOR_HUMAN, Status.RUNNING),
        # Nobody came while the worker kept the page open.
        Action.TIME_OUT: Transition(WAITING_FOR_HUMAN, Status.FAILED),
        # A person has verified that the form was sent.
        Action.CONFIRM: Transition(WAITING_FOR_HUMAN, Status.COMPLETED),
        Action.CANCEL: Transition(ACTIVE, Status.CANCELLED),
        Action.RETRY: Transition(frozenset({Status.FAILED, Status.CANCELLED}), Status.PENDING),
        # Only while nobody holds the job.
        Action.RETARGET: Transition(frozenset({Status.PENDING, Status.QUEUED}), Status.PENDING),
        # Nobody answered, or nobody took it; `queued` as with the claim.
        Action.EXPIRE: Transition(WAITING_FOR_HUMAN | {Status.PENDING, Status.QUEUED}, Status.EXPIRED),
        Action.RELEASE: Transition(CLAIMED, Status.PENDING),
        Action.RESCUE: Transition(CLAIMED, Status.PENDING),
        # A job of some worker whose form may already have been sent: nobody may run it again unasked.
        Action.HOLD: Transition(CLAIMED | WAITING_FOR_HUMAN, Status.PAUSED),
    }
)

RESUMABLE: Final = TRANSITIONS[Action.RESUME].sources
CANCELLABLE: Final = TRANSITIONS[Action.CANCEL].sources
RETRYABLE: Final = TRANSITIONS[Action.RETRY].sources


def allows(action: Action, status: str) -> bool:
    """Tell whether `action` is possible for a job in `status`; an unknown status allows nothing."""
    return status in {source.value for source in TRANSITIONS[action].sources}
