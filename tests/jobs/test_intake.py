"""How jobs come into being, on a real database."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from django.utils import timezone

from jobs import intake
from jobs.intake import DuplicateIdempotencyKey, NewJob
from jobs.models import Job
from tests.factories import USER, make_job

pytestmark = pytest.mark.django_db


def test_enqueue_stores_what_was_asked_and_tells_the_history() -> None:
    due = timezone.now() + timedelta(hours=1)
    job = intake.enqueue(
        NewJob(
            job_type="apply",
            target_url="https://jobs.example.com/1",
            user_id=USER,
            priority=2,
            scheduled_at=due,
            tags=["a", "b"],
            metadata={"k": 1},
            target_worker_id="adam",
        ),
        actor="service",
    )
    job.refresh_from_db()
    assert (job.status, job.priority, job.scheduled_at, job.user_id) == ("pending", 2, due, USER)
    assert (job.tags, job.metadata, job.target_worker_id) == (["a", "b"], {"k": 1}, "adam")
    event = job.events.get()
    assert (event.event_type, event.to_status, event.actor) == ("status_change", "pending", "service")


def test_an_empty_target_means_anybody() -> None:
    job = intake.enqueue(
        NewJob(job_type="apply", target_url="https://x.example", target_worker_id=""), actor="service"
    )
    assert job.target_worker_id is None


def test_a_batch_keeps_its_order() -> None:
    wanted = [f"https://x.example/{n}" for n in range(20)]
    jobs = intake.enqueue_many([NewJob(job_type="scrape", target_url=u) for u in wanted], actor="service")
    assert [job.target_url for job in jobs] == wanted
    assert len({job.created_at for job in jobs}) == len(wanted)


def test_a_batch_with_a_known_key_creates_nothing() -> None:
    existing = make_job(idempotency_key="k")
    new = NewJob(job_type="scrape", target_url="https://x.example")
    with pytest.raises(DuplicateIdempotencyKey) as duplicate:
        intake.enqueue_many([new, replace(new, idempotency_key="k")], actor="service")
    assert duplicate.value.existing.id == existing.id
    assert Job.objects.count() == 1
