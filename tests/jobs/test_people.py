"""People in the loop: who waits, who resumes, what is given, and that no verb sends a form twice."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from cryptography.fernet import Fernet
from django.db.models import F
from django.db.models.functions import Now

from jobs import claims, lifecycle, maintenance, memory
from jobs.lifecycle import Given, InvalidTransition, LostClaim, Resolution, Unusable
from jobs.models import Job, RememberedAnswer, SealedResolution
from tests.factories import OTHER_USER, USER, age_heartbeat, claim_of, make_job

pytestmark = pytest.mark.django_db

SPONSOR = "Do you require visa sponsorship?"
ASKED = {
    "questions": [
        {"question": SPONSOR, "kind": "radio", "options": ["Yes", "No"], "memory": "everywhere"},
        {"question": "Why us?", "kind": "text", "options": [], "memory": "site"},
        {"question": "Gender", "kind": "select", "options": ["Woman", "Man"], "memory": "never"},
        {"question": "Security code", "kind": "text", "options": [], "memory": "site"},
        {"question": "Choose a secret word", "kind": "password", "options": []},
    ]
}


@pytest.fixture(autouse=True)
def keys(settings: Any) -> None:
    settings.GH_ENCRYPTION_KEYS = [Fernet.generate_key().decode()]


def attended(kind: str = "captcha", seconds: int = 300, **fields: Any) -> Job:
    job = make_job("running", **fields)
    return lifecycle.attend(
        claim_of(job), interaction_type=kind, message="A person, please", interaction={}, seconds=seconds
    )


def parked(kind: str = "question", data: Any = None, **fields: Any) -> Job:
    job = make_job("running", **fields)
    return lifecycle.pause(claim_of(job), interaction_type=kind, message="Asked", interaction=data or {})


def given(**data: Any) -> Resolution:
    return Resolution(data=data)


def overdue(job: Job) -> None:
    Job.objects.filter(id=job.id).update(attended_until=Now() - timedelta(seconds=1))


# ---- Attended


def test_a_worker_that_waits_keeps_its_job_and_hears_what_was_given() -> None:
    job = attended("2fa")
    claim = claim_of(job)
    assert (job.status, job.worker_id, job.is_attended) == ("paused", "adam", True)
    assert lifecycle.hear(claim) is None
    assert claims.renew_leases("adam", [claim]) == set()

    resumed = lifecycle.resume(job.id, actor="service", resolution=given(code="493 817"))

    assert (resumed.status, resumed.worker_id, resumed.attempt) == ("running", "adam", 1)
    assert (resumed.interaction_type, resumed.attended_until) == (None, None)
    assert lifecycle.hear(claim) == Given("2fa", {"code": "493 817"})
    assert not SealedResolution.objects.exists()
    assert lifecycle.hear(claim) == Given()


def test_valet_mirroring_its_own_word_into_the_row_changes_nothing() -> None:
    job = attended()
    Job.objects.filter(id=job.id).update(**{"status": "needs_human"})
    assert lifecycle.hear(claim_of(job)) is None
    assert lifecycle.resume(job.id, actor="service").status == "running"


def test_nobody_comes() -> None:
    job = attended()
    overdue(job)
    with pytest.raises(LostClaim):
        lifecycle.hear(claim_of(job))
    job.refresh_from_db()
    assert (job.status, job.error_code, job.retry_count) == ("failed", "hitl_timeout", 0)
    assert "hitl_timeout" in job.events.values_list("event_type", flat=True)


def test_a_resume_just_before_the_worker_looks_at_its_clock_counts() -> None:
    job = attended()
    overdue(job)
    lifecycle.resume(job.id, actor="service")
    assert lifecycle.hear(claim_of(job)) == Given()


def test_a_review_that_nobody_looks_at_in_time_is_parked() -> None:
    job = attended("review")
    overdue(job)
    with pytest.raises(LostClaim):
        lifecycle.hear(claim_of(job))
    job.refresh_from_db()
    assert (job.status, job.is_attended, job.interaction_type) == ("paused", False, "review")
    assert lifecycle.resume(job.id, actor="service").status == "pending"


def test_a_form_that_may_have_been_sent_is_held_when_nobody_comes() -> None:
    job = attended(submit_armed_at=Now())
    overdue(job)
    with pytest.raises(LostClaim):
        lifecycle.hear(claim_of(job))
    job.refresh_from_db()
    assert (job.status, job.interaction_type) == ("paused", "verify_submission")


@pytest.mark.parametrize("end", ["rescue", "release", "drain"])
def test_a_worker_that_goes_leaves_the_job_parked(end: str) -> None:
    job = attended()
    claim = claim_of(job)
    if end == "rescue":
        age_heartbeat(job, timedelta(minutes=5))
        [after] = maintenance.rescue_lost_jobs()
    elif end == "release":
        after = lifecycle.release(claim, message="Given back by adam")
    else:
        [after] = maintenance.rescue_jobs_of("adam")
    assert (after.status, after.interaction_type, after.is_attended) == ("paused", "captcha", False)
    with pytest.raises(LostClaim):
        lifecycle.hear(claim)
    assert lifecycle.resume(job.id, actor="service").status == "pending"


def test_a_resume_finds_the_worker_dead_before_anybody_rescued_the_job() -> None:
    job = attended()
    age_heartbeat(job, timedelta(minutes=5))
    resumed = lifecycle.resume(job.id, actor="service")
    assert (resumed.status, resumed.worker_id) == ("pending", None)
    with pytest.raises(LostClaim):
        lifecycle.complete(claim_of(job), result_data={}, summary="Too late")


def test_an_attended_job_can_be_cancelled() -> None:
    job = attended()
    assert lifecycle.cancel(job.id, actor="service").status == "cancelled"
    with pytest.raises(LostClaim):
        lifecycle.hear(claim_of(job))


def test_an_attended_job_that_may_have_been_sent_is_held_when_cancelled() -> None:
    job = attended(submit_armed_at=Now())
    with pytest.raises(InvalidTransition):
        lifecycle.cancel(job.id, actor="service")
    job.refresh_from_db()
    assert (job.interaction_type, job.is_attended) == ("verify_submission", False)
    assert lifecycle.cancel(job.id, actor="service").status == "cancelled"


# ---- Was it sent?


@pytest.mark.parametrize("resolution", [None, Resolution(notes="looks fine"), given(code="1")])
def test_without_a_verdict_no_form_is_sent_again(resolution: Resolution | None) -> None:
    job = parked("verify_submission", submit_armed_at=Now())
    with pytest.raises(InvalidTransition, match="submitted"):
        lifecycle.resume(job.id, actor="service", resolution=resolution)
    job.refresh_from_db()
    assert (job.status, job.may_have_submitted) == ("paused", True)


@pytest.mark.parametrize("resolution", [given(submitted=True), Resolution(notes="Submitted.")])
def test_a_person_who_found_it_sent_ends_the_job(resolution: Resolution) -> None:
    job = parked("verify_submission", {"fields": [{"question": "Name"}]}, submit_armed_at=Now())
    after = lifecycle.resume(job.id, actor="admin:alice", resolution=resolution)
    assert (after.status, after.result_summary) == ("completed", "Verified as sent by admin:alice")
    assert after.result_data["verified_by"] == "admin:alice"
    assert after.result_data["fields"] == [{"question": "Name"}]


@pytest.mark.parametrize("resolution", [given(submitted=False), Resolution(notes="not sent")])
def test_a_person_who_found_it_not_sent_lets_it_run_again(resolution: Resolution) -> None:
    job = parked("verify_submission", submit_armed_at=Now())
    after = lifecycle.resume(job.id, actor="admin:alice", resolution=resolution)
    assert (after.status, after.may_have_submitted) == ("pending", False)
    assert after.events.filter(event_type="submit_disarmed", actor="admin:alice").exists()


def test_a_blocker_after_the_click_goes_on_in_its_page_without_a_verdict() -> None:
    job = attended(submit_armed_at=Now())
    after = lifecycle.resume(job.id, actor="service")
    assert (after.status, after.may_have_submitted) == ("running", True)


def test_a_form_that_a_click_may_have_sent_ends_as_sent_also_beside_its_page() -> None:
    job = attended("captcha", submit_armed_at=Now())
    after = lifecycle.resume(job.id, actor="service", resolution=given(submitted=True))
    assert after.status == "completed"
    with pytest.raises(LostClaim):
        lifecycle.arm_submit(claim_of(job))


@pytest.mark.parametrize("kind", ["captcha", "question", "review"])
def test_no_job_ends_as_sent_whose_form_was_never_sent(kind: str) -> None:
    job = attended(kind)
    with pytest.raises(Unusable, match="No form of this job was sent"):
        lifecycle.resume(job.id, actor="service", resolution=given(submitted=True))
    job.refresh_from_db()
    assert (job.status, job.is_attended) == ("paused", True)
    assert lifecycle.resume(job.id, actor="x", resolution=given(submitted=False)).status == "running"


@pytest.mark.parametrize(
    "data", [{"code": "493817"}, {"answers": {}}, {"answers": {SPONSOR: ""}}, {"odd": 1}]
)
def test_a_question_is_not_answered_with_something_else(data: dict[str, Any]) -> None:
    job = parked("question", ASKED)
    with pytest.raises(Unusable, match=f'"answers".*{SPONSOR[:-1]}'):
        lifecycle.resume(job.id, actor="service", resolution=given(**data))
    job.refresh_from_db()
    assert (job.status, SealedResolution.objects.count()) == ("paused", 0)
    assert lifecycle.resume(job.id, actor="service").status == "pending", "the profile may be mended by now"


def test_yes_in_a_note_is_no_verdict_where_none_was_asked_for() -> None:
    assert lifecycle.resume(parked().id, actor="x", resolution=Resolution(notes="yes")).status == "pending"


# ---- What is given


def test_secrets_are_read_once_by_the_next_run() -> None:
    job = parked("login")
    lifecycle.resume(job.id, actor="service", resolution=given(username="ada", password="pa55-phrase"))
    [run] = claims.claim_jobs("adam", job_types=["apply"])
    lifecycle.start(run.claim, engine_type="scripted")
    with pytest.raises(LostClaim):
        lifecycle.take_resolution(claim_of(job))
    assert lifecycle.take_resolution(run.claim) == Given(
        "login", {"username": "ada", "password": "pa55-phrase"}
    )
    assert lifecycle.take_resolution(run.claim) is None


def test_secrets_are_never_kept_in_clear(settings: Any) -> None:
    job = parked("login")
    settings.GH_ENCRYPTION_KEYS = []
    with pytest.raises(Unusable, match="GH_ENCRYPTION_KEYS"):
        lifecycle.resume(job.id, actor="service", resolution=given(code="493817"))
    job.refresh_from_db()
    assert job.status == "paused"
    assert (
        lifecycle.resume(job.id, actor="x", resolution=given(answers={"Remote?": "Yes"})).status == "pending"
    )


def test_what_nobody_read_is_erased_when_the_job_ends() -> None:
    job = parked("2fa")
    lifecycle.resume(job.id, actor="service", resolution=given(code="493817"))
    assert SealedResolution.objects.filter(job=job).exists()
    lifecycle.cancel(job.id, actor="service")
    assert not SealedResolution.objects.exists()


def test_a_note_does_not_tell_the_code() -> None:
    job = parked("2fa")
    said = Resolution(notes="the code is 493817", data={"code": "493817"})
    after = lifecycle.resume(job.id, actor="service", resolution=said)
    assert after.status_message == "the code is •••"
    assert "493817" not in str(list(job.events.values()))


def test_a_review_is_approved_once() -> None:
    job = parked("review")
    lifecycle.resume(job.id, actor="service")
    assert SealedResolution.objects.get(job=job).interaction_type == "review"


def test_a_review_that_changes_answers_is_shown_again() -> None:
    job = attended("review")
    after = lifecycle.resume(job.id, actor="service", resolution=given(answers={"Remote?": "No"}))
    assert (after.status, after.input_data["qa_overrides"]) == ("pending", {"Remote?": "No"})
    assert not SealedResolution.objects.exists()


def test_a_changed_review_that_a_click_may_have_sent_needs_a_verdict_before_it_runs_again() -> None:
    job = attended("review")
    lifecycle.arm_submit(claim_of(job))
    changed = {"answers": {"Remote?": "No"}}
    with pytest.raises(InvalidTransition, match="may have been sent"):
        lifecycle.resume(job.id, actor="service", resolution=given(**changed))
    job.refresh_from_db()
    assert (job.status, job.may_have_submitted) == ("paused", True)
    after = lifecycle.resume(job.id, actor="service", resolution=given(**changed, submitted=False))
    assert (after.status, after.may_have_submitted) == ("pending", False)


def test_a_changed_review_is_shown_again_whatever_else_was_given() -> None:
    for said in (given(answers={"Remote?": "No"}, remark="looks odd"), given(answers={"Security code": "1"})):
        job = attended("review")
        assert lifecycle.resume(job.id, actor="service", resolution=said).status == "pending"
        assert SealedResolution.objects.get(job=job).interaction_type == ""


def test_a_note_about_something_else_is_no_word_that_the_form_was_sent() -> None:
    job = attended("2fa")
    lifecycle.arm_submit(claim_of(job))
    after = lifecycle.resume(job.id, actor="service", resolution=Resolution(notes="Sent"))
    assert (after.status, after.may_have_submitted) == ("running", True)


# ---- Answers, and the memory of them


ANSWERS = {
    SPONSOR: "No",
    "Why us?": "The work",
    "Gender": "Woman",
    "Security code": "493817",
    "Choose a secret word": "pa55-phrase",
}


def test_answers_are_used_and_remembered_as_far_as_they_may() -> None:
    job = parked("question", ASKED, user_id=USER, target_url="https://boards.example.com/tansy/jobs/7")
    after = lifecycle.resume(job.id, actor="service", resolution=given(answers=ANSWERS))

    public = {q: a for q, a in ANSWERS.items() if q in {SPONSOR, "Why us?", "Gender"}}
    assert after.input_data["qa_overrides"] == public
    assert memory.recall(USER, "https://boards.example.com/tansy/jobs/8") == {
        "Why us?": "The work",
        SPONSOR: "No",
    }
    assert memory.recall(USER, "https://boards.example.com/millrace/jobs/1") == {SPONSOR: "No"}
    assert memory.recall(OTHER_USER, job.target_url) == memory.recall(None, job.target_url) == {}
    [run] = claims.claim_jobs("adam", job_types=["apply"])
    hidden = {q: a for q, a in ANSWERS.items() if q not in public}
    assert lifecycle.take_resolution(run.claim) == Given("question", {"answers": hidden})


def test_a_later_answer_replaces_the_earlier_one() -> None:
    for answer in ("No", "Yes"):
        asked = {"questions": [{"question": SPONSOR if answer == "No" else SPONSOR.upper()}]}
        job = parked("question", asked, user_id=USER)
        words = asked["questions"][0]["question"]
        lifecycle.resume(
            job.id, actor="service", resolution=given(answers=[{"question": words, "answer": answer}])
        )
    assert RememberedAnswer.objects.get().answer == "Yes"


def test_a_job_of_nobody_remembers_nothing() -> None:
    job = parked("question", ASKED)
    lifecycle.resume(job.id, actor="service", resolution=given(answers={SPONSOR: "No"}))
    assert not RememberedAnswer.objects.exists()


@pytest.mark.parametrize(
    ("url", "site"),
    [
        ("https://www.example.com/jobs/7", "example.com/jobs"),
        ("https://boards.example.com/tansy/jobs/7?x=1", "boards.example.com/tansy"),
        ("https://example.com/posting.html", "example.com"),
        ("http://[broken", ""),
    ],
)
def test_a_site_is_a_board_and_a_company(url: str, site: str) -> None:
    assert memory.site_of(url) == site


@pytest.mark.parametrize(
    "status", ["pending", "queued", "running", "completed", "failed", "cancelled", "expired"]
)
def test_only_waiting_jobs_are_resumed(status: str, job_factory: Callable[..., Job]) -> None:
    with pytest.raises(InvalidTransition):
        lifecycle.resume(job_factory(status).id, actor="service")


def test_a_row_that_valet_paused_itself_is_resumed() -> None:
    job = make_job("awaiting_review", interaction_data="odd", input_data=[])
    after = lifecycle.resume(job.id, actor="service", resolution=given(answers={"Remote?": "No"}))
    assert (after.status, after.input_data) == ("pending", {"qa_overrides": {"Remote?": "No"}})


def test_held_jobs_are_found_by_their_index() -> None:
    job = attended()
    assert list(Job.objects.held().filter(worker_id="adam")) == [job]
    Job.objects.filter(id=job.id).update(last_heartbeat=F("last_heartbeat") - timedelta(hours=1))
    assert list(Job.objects.stale()) == [job]
