from __future__ import annotations

from datetime import timedelta

import pytest
from django.db.models.functions import Now

from jobs import claims, lifecycle, maintenance
from jobs.models import Job
from tests.factories import age_heartbeat, claim_of, make_job

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("status", ["queued", "running"])
def test_a_job_whose_worker_is_gone_goes_back_to_the_queue(status: str) -> None:
    lost, alive = make_job(status), make_job(status)
    age_heartbeat(lost, timedelta(seconds=121))
    age_heartbeat(alive, timedelta(seconds=100))
    assert [job.id for job in maintenance.rescue_lost_jobs()] == [lost.id]
    lost.refresh_from_db()
    assert (lost.status, lost.worker_id, lost.retry_count) == ("pending", None, 0)
    assert lost.events.get().actor == "system"


def test_the_worker_that_was_thought_dead_changes_nothing() -> None:
    job = make_job("running")
    age_heartbeat(job, timedelta(seconds=121))
    maintenance.rescue_lost_jobs()
    with pytest.raises(lifecycle.LostClaim):
        lifecycle.complete(claim_of(job), result_data={}, summary="Done")
    with pytest.raises(lifecycle.LostClaim):
        lifecycle.arm_submit(claim_of(job))


def test_a_lost_job_that_may_have_been_sent_waits_for_a_person() -> None:
    job = make_job("running", screenshot_urls=["before-submit.png"])
    lifecycle.arm_submit(claim_of(job))
    age_heartbeat(job, timedelta(seconds=121))
    [rescued] = maintenance.rescue_lost_jobs()
    assert (rescued.status, rescued.interaction_type) == ("paused", "verify_submission")
    assert rescued.interaction_data["screenshots"] == ["before-submit.png"]


def test_a_late_word_in_the_row_does_not_bring_an_ended_job_back_to_life() -> None:
    job = make_job()
    [claimed] = claims.claim_jobs("adam", job_types=["apply"])
    lifecycle.start(claimed.claim, engine_type="scripted")
    lifecycle.cancel(job.id, actor="admin:olga")
    # VALET, away for a while, mirrors the callback that said so.
    Job.objects.filter(id=job.id).update(**{"status": "running"})
    age_heartbeat(job, timedelta(seconds=121))
    [rescued] = maintenance.rescue_lost_jobs()
    assert rescued.status == "cancelled"
    assert claims.claim_jobs("adam", job_types=["apply"]) == []
    retried = lifecycle.retry(job.id, actor="admin:olga")
    Job.objects.filter(id=job.id).update(**{"status": "running", "worker_id": "adam"})
    assert (retried.status, len(maintenance.rescue_lost_jobs())) == ("pending", 1)
    job.refresh_from_db()
    assert job.status == "pending", "a retry forgets the end"


def test_a_claimed_job_that_never_gave_a_sign_of_life_is_rescued() -> None:
    make_job("queued", last_heartbeat=None)
    assert len(maintenance.rescue_lost_jobs()) == 1


def test_queued_rows_without_a_worker_are_waiting_not_lost() -> None:
    make_job("queued", worker_id=None, last_heartbeat=None)
    assert maintenance.rescue_lost_jobs() == []


def test_a_restarted_worker_takes_back_what_it_held() -> None:
    mine, others = make_job("running", worker_id="adam"), make_job("running", worker_id="sarah")
    assert [job.id for job in maintenance.rescue_jobs_of("adam")] == [mine.id]
    others.refresh_from_db()
    assert others.status == "running"


def test_questions_that_nobody_answers_expire() -> None:
    old = make_job("paused", paused_at=Now() - maintenance.PAUSE_LIMIT - timedelta(minutes=1))
    make_job("paused", paused_at=Now())
    assert [job.id for job in maintenance.expire_overdue_jobs()] == [old.id]
    assert set(Job.objects.values_list("status", flat=True)) == {"expired", "paused"}
