from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db.models.functions import Now

from jobs import claims, lifecycle, maintenance, politeness
from jobs.models import Job, QueuePause
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


LONG_AGO = Now() - timedelta(days=8)


def waiting_since(moment: Any, status: str = "pending", **fields: Any) -> Job:
    """Leave a job that nothing has happened to since then."""
    return make_job(status, **{"created_at": moment, "updated_at": moment, "worker_id": None, **fields})


def expired() -> set[Any]:
    return {job.id for job in maintenance.expire_overdue_jobs()}


def test_questions_that_nobody_answers_expire(settings: Any) -> None:
    old = waiting_since(LONG_AGO, "paused", paused_at=LONG_AGO, interaction_type="question")
    untimed = waiting_since(LONG_AGO, "needs_human")
    waiting_since(LONG_AGO, "paused", paused_at=Now())
    settings.GH_EXPIRE_DAYS = 0
    assert expired() == set()
    settings.GH_EXPIRE_DAYS = 7
    assert expired() == {old.id, untimed.id}
    old.refresh_from_db()
    assert (old.status, old.status_message) == ("expired", "Nobody answered within 7 days")


def test_a_form_that_may_have_been_sent_never_expires() -> None:
    """Whoever hears that it expired would apply a second time."""
    marked = waiting_since(LONG_AGO, "paused", paused_at=LONG_AGO, submit_armed_at=LONG_AGO)
    asked = waiting_since(LONG_AGO, "paused", paused_at=LONG_AGO, interaction_type="verify_submission")
    assert expired() == set()
    for job in (marked, asked):
        with pytest.raises(lifecycle.InvalidTransition, match="whether its form was sent"):
            lifecycle.expire(job.id, actor="system", message="Too late")


def test_a_marked_row_that_another_program_put_back_stops_no_other_from_expiring() -> None:
    waiting_since(LONG_AGO, "queued", submit_armed_at=LONG_AGO)
    other = waiting_since(LONG_AGO)
    assert expired() == {other.id}


def test_what_no_worker_takes_expires(settings: Any) -> None:
    unknown = waiting_since(LONG_AGO, job_type="translate")
    from_valet = waiting_since(LONG_AGO, "queued")
    scheduled = waiting_since(LONG_AGO, scheduled_at=LONG_AGO, is_due=True)
    waiting_since(Now())
    waiting_since(LONG_AGO, updated_at=Now())  # retried, resumed or sent elsewhere meanwhile
    waiting_since(LONG_AGO, scheduled_at=Now() - timedelta(days=1), is_due=True)
    waiting_since(LONG_AGO, scheduled_at=Now() + timedelta(days=1))
    waiting_since(LONG_AGO, "queued", worker_id="adam", last_heartbeat=Now())
    assert expired() == {unknown.id, from_valet.id, scheduled.id}
    unknown.refresh_from_db()
    assert unknown.status_message == "No worker took it within 7 days"


def test_what_an_operator_holds_back_does_not_expire() -> None:
    waiting_since(LONG_AGO, job_type="scrape")
    waiting_since(LONG_AGO, target_url="https://full.example.com/1")
    pauses = [(QueuePause.Kind.TYPE, "scrape"), (QueuePause.Kind.HOST, "full.example.com")]
    for kind, value in pauses:
        politeness.pause_queue(kind, value, actor="admin:olga")
    assert expired() == set()
    for kind, value in pauses:
        politeness.unpause_queue(kind, value)
    assert len(expired()) == 2
