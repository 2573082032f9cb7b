"""How jobs come into being: what may be asked for, and one insert that is never repeated for one key."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models.functions import Now

from jobs.events import EventType, NewEvent, record_many
from jobs.models import Job, ServiceKey
from jobs.states import Status


class DuplicateIdempotencyKey(Exception):
    """A job with this key exists already; it is in `existing`."""

    def __init__(self, existing: Job) -> None:
        self.existing = existing
        super().__init__(f"Job {existing.id} was created with the same idempotency key")


@dataclass(frozen=True, slots=True, kw_only=True)
class NewJob:
    """What a caller asks for. Bounds are checked by the faces. Source: CONTRACT section 3."""

    job_type: str
    target_url: str
    task_description: str = ""
    input_data: Mapping[str, Any] = field(default_factory=dict)
    user_id: UUID | None = None
    created_by: str = "api"
    priority: int = 5
    scheduled_at: datetime | None = None
    max_retries: int = 3
    timeout_seconds: int = 300
    tags: Sequence[str] = ()
    idempotency_key: str | None = None
    metadata: Mapping[str, Any] = field(default_factory=dict)
    target_worker_id: str | None = None
    worker_affinity: str = "preferred"
    execution_mode: str = "auto"
    callback_url: str | None = None
    valet_task_id: str | None = None
    resume_ref: Mapping[str, Any] | None = None


def enqueue(new: NewJob, *, actor: str, key: ServiceKey | None = None) -> Job:
    """Create one job; `key` is the named service key that asks for it.

    Raises DuplicateIdempotencyKey when a job with the same key exists, also when both arrive at once.
    """
    return enqueue_many([new], actor=actor, key=key)[0]


def enqueue_many(new_jobs: Sequence[NewJob], *, actor: str, key: ServiceKey | None = None) -> list[Job]:
    """Create all the jobs, in order, or none.

    Raises DuplicateIdempotencyKey for the first key that exists already or occurs twice.
    """
    # Jobs of one batch are told apart by microseconds, so that they are served in the order given.
    drafts = [
        Job(**_columns(new), service_key=key, created_at=Now() + timedelta(microseconds=place))
        for place, new in enumerate(new_jobs)
    ]
    try:
        with transaction.atomic():
            # In the keys' order, so that two batches with the same keys wait for each other, not in a circle.
            jobs = Job.objects.bulk_create(sorted(drafts, key=lambda draft: draft.idempotency_key or ""))
            created = NewEvent(EventType.STATUS_CHANGE, "Created", {"action": "create"}, None, Status.PENDING)
            record_many([(job.id, created) for job in jobs], actor=actor)
    except IntegrityError as error:
        raise duplicate_of(new_jobs) or error from error
    return list(Job.objects.filter(id__in=[job.id for job in jobs]).order_by("created_at"))


def duplicate_of(new_jobs: Sequence[NewJob]) -> DuplicateIdempotencyKey | None:
    """Give the refusal for the first of the jobs that exists already by its key; None when none does."""
    keys = [new.idempotency_key for new in new_jobs if new.idempotency_key]
    existing = Job.objects.filter(idempotency_key__in=keys).first() if keys else None
    return DuplicateIdempotencyKey(existing) if existing else None


def _columns(new: NewJob) -> dict[str, Any]:
    columns = {name: getattr(new, name) for name in NewJob.__dataclass_fields__}
    return columns | {
        "input_data": dict(new.input_data),
        "metadata": dict(new.metadata),
        "tags": list(new.tags),
        "resume_ref": dict(new.resume_ref) if new.resume_ref else None,
        "target_worker_id": new.target_worker_id or None,
        "idempotency_key": new.idempotency_key or None,
    }
