"""The only writer of `gh_job_events`."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any
from uuid import UUID

from jobs.models import JobEvent
from jobs.storable import storable

JOB_CHANGED = "gh_job_changed"
"""Notified at the commit of each change of a status, with the job's id; only a hint to look sooner."""


class EventType(StrEnum):
    """The events that the queue itself writes; handlers add those of CONTRACT section 10."""

    STATUS_CHANGE = "status_change"
    JOB_CREATED = "job_created"
    JOB_STARTED = "job_started"
    JOB_COMPLETED = "job_completed"
    JOB_FAILED = "job_failed"
    PROGRESS_UPDATE = "progress_update"
    SUBMIT_ARMED = "submit_armed"
    SUBMIT_DISARMED = "submit_disarmed"
    COST_RECORDED = "cost_recorded"
    BUDGET_PREFLIGHT_FAILED = "budget_preflight_failed"
    HITL_PAUSED = "hitl_paused"
    HITL_RESUMED = "hitl_resumed"
    HITL_PARKED = "hitl_parked"
    HITL_TIMEOUT = "hitl_timeout"
    DATA_REVEALED = "data_revealed"
    REMOTE_WATCHED = "remote_watched"
    REMOTE_TOUCHED = "remote_touched"
    RECORDING_OPENED = "recording_opened"
    DATA_PRUNED = "data_pruned"


@dataclass(frozen=True, slots=True)
class NewEvent:
    """An event that is not written yet."""

    event_type: str
    message: str = ""
    metadata: Mapping[str, Any] = field(default_factory=dict)
    from_status: str | None = None
    to_status: str | None = None


def record(job_id: UUID, events: Iterable[NewEvent], *, actor: str) -> None:
    """Append `events` to the job's history, in order, in the caller's transaction."""
    record_many([(job_id, event) for event in events], actor=actor)


def record_many(events: Iterable[tuple[UUID, NewEvent]], *, actor: str) -> None:
    """Append events to the histories of several jobs, in one statement, in the caller's transaction."""
    JobEvent.objects.bulk_create(
        JobEvent(
            job_id=job_id,
            event_type=event.event_type,
            message=storable(event.message) or None,
            metadata=storable(event.metadata),
            from_status=event.from_status,
            to_status=event.to_status,
            actor=actor,
        )
        for job_id, event in events
    )
