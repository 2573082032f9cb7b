"""What is forgotten of jobs that ended long ago, and what stays."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.files.storage import default_storage
from django.db.models.functions import Now

from jobs import artifacts, lifecycle
from jobs.models import Job
from jobs.retention import prune_old_jobs
from tests.factories import PROFILE, make_job
from valet.callbacks import forget_old
from valet.models import CallbackDelivery

pytestmark = pytest.mark.django_db

LONG_AGO = Now() - timedelta(days=91)


@pytest.fixture(autouse=True)
def storage(settings: Any, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = str(tmp_path)
    settings.GH_RETENTION_DAYS = 90


def ended(status: str = "completed", at: Any = LONG_AGO) -> Job:
    job = make_job(
        status,
        completed_at=at,
        input_data={
            "user_data": PROFILE,
            "qa_overrides": {"Salary?": "90000"},
            "steps": [{"action": "fill", "selector": "#mail", "value": PROFILE["email"]}],
            "platform": "lever",
        },
        interaction_data={"message": "Asked", "questions": [{"question": "Why did you leave Acme?"}]},
        result_data={"confirmation_id": "APP-1", "fields": [{"value": "Test"}]},
        resume_ref={"storage_path": "a.pdf"},
    )
    name = artifacts.save(job.id, "confirmation", b"png")
    Job.objects.filter(id=job.id).update(screenshot_urls=[name, "https://elsewhere.example/a.png"])
    job.refresh_from_db()
    return job


def test_a_job_that_ended_long_ago_loses_what_was_personal() -> None:
    job = ended()
    picture = job.screenshot_urls[0]
    assert prune_old_jobs() == 1
    job.refresh_from_db()
    assert job.input_data == {"platform": "lever"}
    assert job.result_data == {"confirmation_id": "APP-1"}
    assert (job.resume_ref, job.interaction_data) == (None, None)
    assert job.screenshot_urls == []
    assert not default_storage.exists(picture)
    assert job.status == "completed"
    assert job.events.get(event_type="data_pruned").actor == "system"
    assert prune_old_jobs() == 0


def test_what_ended_lately_or_not_at_all_keeps_everything() -> None:
    lately, paused = ended(at=Now() - timedelta(days=89)), ended("paused")
    assert prune_old_jobs() == 0
    for job in (lately, paused):
        job.refresh_from_db()
        assert job.input_data["user_data"] == PROFILE
        assert default_storage.exists(job.screenshot_urls[0])


def test_zero_days_means_for_ever(settings: Any) -> None:
    settings.GH_RETENTION_DAYS = 0
    ended()
    assert prune_old_jobs() == 0
    assert forget_old() == 0


def test_callbacks_that_were_sent_or_given_up_go_too() -> None:
    job = ended()
    for old in ({"delivered_at": LONG_AGO}, {"dead_at": LONG_AGO}, {"delivered_at": Now()}, {}):
        CallbackDelivery.objects.create(job=job, status="completed", payload={}, **old)
    assert forget_old() == 2
    assert CallbackDelivery.objects.count() == 2


def test_a_pruned_job_says_so_when_it_is_retried() -> None:
    job = ended("failed")
    prune_old_jobs()
    with pytest.raises(lifecycle.InvalidTransition, match="deleted after the retention time"):
        lifecycle.retry(job.id, actor="cli:test")
