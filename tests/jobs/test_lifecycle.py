"""Each verb on a real database: what it does where it is allowed, and that it does nothing where it is not."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from django.db.models.functions import Now
from django.utils import timezone

from jobs import claims, lifecycle
from jobs.events import NewEvent
from jobs.lifecycle import (
    InvalidTransition,
    JobNotFound,
    LostClaim,
)
from jobs.models import Claim, Job
from jobs.states import TRANSITIONS, Action, Status
from tests.factories import claim_of, make_job

pytestmark = pytest.mark.django_db

BY_PEOPLE: dict[Action, Callable[[Job], Any]] = {
    Action.CANCEL: lambda job: lifecycle.cancel(job.id, actor="admin:alice"),
    Action.RETRY: lambda job: lifecycle.retry(job.id, actor="admin:alice"),
    Action.EXPIRE: lambda job: lifecycle.expire(job.id, actor="system", message="Too late"),
}
BY_WORKERS: dict[Action, Callable[[Claim], Any]] = {
    Action.START: lambda claim: lifecycle.start(claim, engine_type="scripted"),
    Action.COMPLETE: lambda claim: lifecycle.complete(claim, result_data={}, summary="Done"),
    Action.FAIL: lambda claim: lifecycle.fail(claim, code="validation_error", message="No"),
    Action.RESCHEDULE: lambda claim: lifecycle.fail(claim, code="timeout", message="Slow"),
    Action.PAUSE: lambda claim: lifecycle.pause(
        claim, interaction_type="captcha", message="Puzzle", interaction={}
    ),
    Action.RELEASE: lambda claim: lifecycle.release(claim, message="Draining"),
}
ALLOWED_BY_PEOPLE = [(a, s) for a in BY_PEOPLE for s in TRANSITIONS[a].sources]
REFUSED_TO_PEOPLE = [(a, s) for a in BY_PEOPLE for s in Status if s not in TRANSITIONS[a].sources]
ALLOWED_TO_WORKERS = [(a, s) for a in BY_WORKERS for s in TRANSITIONS[a].sources]
REFUSED_TO_WORKERS = [(a, s) for a in BY_WORKERS for s in Status if s not in TRANSITIONS[a].sources]


def snapshot(job: Job) -> tuple[Any, ...]:
    row = Job.objects.filter(id=job.id).values().get()
    return row, list(job.events.values())


@pytest.mark.parametrize(("action", "status"), ALLOWED_BY_PEOPLE)
def test_people_may(action: Action, status: Status) -> None:
    job = make_job(status.value, **({"worker_id": None} if action is Action.EXPIRE else {}))
    after = BY_PEOPLE[action](job)
    assert after.status == TRANSITIONS[action].target
    event = job.events.filter(event_type="status_change").get()
    assert (event.from_status, event.to_status) == (status, TRANSITIONS[action].target)
    assert event.actor in {"admin:alice", "system"}


@pytest.mark.parametrize(("action", "status"), REFUSED_TO_PEOPLE)
def test_people_may_not(action: Action, status: Status) -> None:
    job = make_job(status.value)
    before = snapshot(job)
    with pytest.raises(InvalidTransition) as refused:
        BY_PEOPLE[action](job)
    assert refused.value.status == status
    assert snapshot(job) == before


@pytest.mark.parametrize(("action", "status"), ALLOWED_TO_WORKERS)
def test_the_claims_holder_may(action: Action, status: Status) -> None:
    job = make_job(status.value)
    after = BY_WORKERS[action](claim_of(job))
    assert after.status == TRANSITIONS[action].target
    event = job.events.filter(event_type="status_change").get()
    assert (event.from_status, event.to_status) == (status, TRANSITIONS[action].target)
    assert event.actor == "worker:adam"


@pytest.mark.parametrize(("action", "status"), REFUSED_TO_WORKERS)
def test_the_claims_holder_may_not(action: Action, status: Status) -> None:
    job = make_job(status.value, worker_id="adam", attempt=1)
    before = snapshot(job)
    with pytest.raises((InvalidTransition, LostClaim)):
        BY_WORKERS[action](claim_of(job))
    assert snapshot(job) == before


@pytest.mark.parametrize(
    "stale", [{"worker_id": "sarah"}, {"attempt": 1}], ids=["another worker", "an earlier attempt"]
)
@pytest.mark.parametrize(
    "write",
    [
        *BY_WORKERS.values(),
        lifecycle.arm_submit,
        lambda claim: lifecycle.disarm_submit(claim, reason="x"),
        lambda claim: lifecycle.report(claim, [NewEvent("step_started")], status_message="x"),
        lambda claim: lifecycle.report(claim, [], screenshots=["x.png"]),
    ],
)
def test_a_stale_worker_changes_nothing(write: Callable[[Claim], Any], stale: dict[str, Any]) -> None:
    job = make_job("running", attempt=2)
    before = snapshot(job)
    with pytest.raises(LostClaim):
        write(replace(claim_of(job), **stale))
    assert snapshot(job) == before


@pytest.mark.parametrize("verb", BY_PEOPLE.values())
def test_an_unknown_job_is_not_found(verb: Callable[[Job], Any]) -> None:
    with pytest.raises(JobNotFound):
        verb(Job())


# ---- Retry, failure, submission


def test_retry_clears_the_last_run_and_keeps_the_target() -> None:
    job = make_job(
        "failed",
        worker_id="adam",
        target_worker_id="adam",
        error_code="timeout",
        error_details={"message": "x"},
        retry_count=1,
    )
    after = lifecycle.retry(job.id, actor="service")
    assert after.retry_count == 2
    assert after.target_worker_id == "adam"
    cleared = ["worker_id", "error_code", "error_details", "started_at", "completed_at", "last_heartbeat"]
    assert [getattr(after, name) for name in cleared] == [None] * len(cleared)


def test_cancel_sets_the_time_of_its_end() -> None:
    assert lifecycle.cancel(make_job("running").id, actor="service").completed_at is not None


def test_a_retryable_failure_waits_its_turn() -> None:
    job = make_job("running", retry_count=1)
    after = lifecycle.fail(claim_of(job), code="network_error", message="The site is down")
    assert (after.status, after.retry_count, after.worker_id) == ("pending", 2, None)
    assert after.scheduled_at is not None
    wait = (after.scheduled_at - after.updated_at).total_seconds()
    assert wait == pytest.approx(10, abs=1)
    assert after.error_details == {"message": "The site is down", "retry": 2, "backoff_seconds": 10}


def test_the_last_retry_fails_for_good() -> None:
    job = make_job("running", retry_count=3)
    after = lifecycle.fail(claim_of(job), code="network_error", message="Down")
    assert (after.status, after.error_code) == ("failed", "network_error")
    assert after.completed_at is not None


@pytest.mark.parametrize("code", ["browser_crashed", "validation_error"])
def test_a_failure_after_arming_is_left_to_a_person(code: str) -> None:
    job = make_job("running")
    lifecycle.arm_submit(claim_of(job))
    after = lifecycle.fail(claim_of(job), code=code, message="Gone")
    assert (after.status, after.interaction_type) == ("paused", "verify_submission")
    assert after.error_code == code


def test_disarming_lets_the_job_fail_as_usual() -> None:
    job = make_job("running")
    lifecycle.arm_submit(claim_of(job))
    lifecycle.disarm_submit(claim_of(job), reason="The form shows errors")
    assert lifecycle.fail(claim_of(job), code="network_error", message="Down").status == "pending"


@pytest.mark.parametrize("status", ["queued", "running"])
def test_an_armed_job_never_goes_back_to_the_queue(status: str) -> None:
    job = make_job(status)
    lifecycle.arm_submit(claim_of(job))
    after = lifecycle.release(claim_of(job), message="Draining")
    assert (after.status, after.interaction_type) == ("paused", "verify_submission")


def test_cancelling_an_armed_job_leaves_it_to_a_person() -> None:
    job = make_job("running")
    lifecycle.arm_submit(claim_of(job))
    with pytest.raises(InvalidTransition) as refused:
        lifecycle.cancel(job.id, actor="service")
    job.refresh_from_db()
    assert (job.status, refused.value.status) == ("paused", "paused")
    assert job.interaction_type == "verify_submission"
    assert lifecycle.cancel(job.id, actor="admin:alice").status == "cancelled"


def test_retrying_what_may_have_been_sent_asks_first() -> None:
    job = make_job("cancelled", submit_armed_at=timezone.now())
    with pytest.raises(InvalidTransition, match="twice"):
        lifecycle.retry(job.id, actor="admin:alice")
    after = lifecycle.retry(job.id, actor="admin:alice", confirm_resubmit=True)
    assert (after.status, after.submit_armed_at) == ("pending", None)


def test_reports_keep_their_order_and_touch_only_what_they_own() -> None:
    job = make_job("running", metadata={"quality_preset": "speed"}, screenshot_urls=["a.png"])
    lifecycle.report(
        claim_of(job), [NewEvent("step_started"), NewEvent("step_completed")], status_message="Filling"
    )
    lifecycle.report(claim_of(job), [], screenshots=["b.png"])
    job.refresh_from_db()
    assert [event.event_type for event in job.events.all()] == ["step_started", "step_completed"]
    assert (job.status_message, job.screenshot_urls) == ("Filling", ["a.png", "b.png"])
    assert job.metadata == {"quality_preset": "speed"}


def test_completion_keeps_the_evidence() -> None:
    job = make_job("running")
    after = lifecycle.complete(claim_of(job), result_data={"confirmation_id": "APP-1"}, summary="Sent")
    assert (after.result_data, after.result_summary) == ({"confirmation_id": "APP-1"}, "Sent")
    assert [event.event_type for event in job.events.all()] == ["status_change", "job_completed"]


@pytest.mark.parametrize(
    ("text", "kept"), [("half \ud83d", "half \ufffd"), ("nul\x00", "nul"), ("\U0001f600", "\U0001f600")]
)
def test_no_text_of_a_page_fails_the_write_that_tells_of_it(text: str, kept: str) -> None:
    job = make_job("running")
    lifecycle.report(claim_of(job), [NewEvent("thought", text, {text: [text]})], status_message=text)
    done = lifecycle.complete(claim_of(job), result_data={"fields": [{"question": text}]}, summary=text)
    assert (done.result_data, done.result_summary) == ({"fields": [{"question": kept}]}, kept)
    thought = job.events.get(event_type="thought")
    assert (thought.message, thought.metadata) == (kept, {kept: [kept]})


def test_a_job_that_may_have_been_sent_is_not_started_whoever_queued_it() -> None:
    make_job("queued", worker_id=None, last_heartbeat=None, attempt=1, submit_armed_at=Now())
    [claimed] = claims.claim_jobs("adam", job_types=["apply"])
    refused = lifecycle.refuse(claimed.claim)
    assert refused is not None
    assert (refused.status, refused.interaction_type) == ("paused", "verify_submission")
    with pytest.raises(lifecycle.LostClaim):
        lifecycle.start(claimed.claim, engine_type="scripted")
