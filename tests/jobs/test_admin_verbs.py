from __future__ import annotations

from typing import Any
from uuid import uuid4

import pytest
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import Permission, User
from django.contrib.messages import get_messages
from django.http import HttpResponse
from django.test import Client
from django.utils import timezone

from jobs import claims
from jobs.admin import selection
from jobs.models import Job, JobEvent
from jobs.states import CANCELLABLE, RETRYABLE, Status
from tests.factories import make_job

LIST = "/admin/jobs/job/"
VERBS = ["cancel", "retry"]


@pytest.fixture
def olga(client: Client, db: Any) -> Client:
    """A client of an operator who may look, cancel and retry."""
    user = User.objects.create_user("olga", password="secret", is_staff=True)
    allowed = ["view_job", "cancel_job", "retry_job", "resume_job", "retarget_job"]
    user.user_permissions.set(Permission.objects.filter(codename__in=allowed))
    client.force_login(user)
    return client


def address(job: Job, verb: str, query: str = "") -> str:
    return f"{LIST}{job.id}/{verb}/{query}"


def told(answer: Any) -> str:
    """Give what the answer tells the operator."""
    return " ".join(message.message for message in get_messages(answer.wsgi_request))


def status_of(job: Job) -> str:
    return Job.objects.get(id=job.id).status


# ---- One job -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("status", sorted(CANCELLABLE))
def test_cancel_ends_an_active_job_and_names_the_operator(olga: Client, status: str) -> None:
    job = make_job(status)
    answer = olga.post(address(job, "cancel"))
    assert status_of(job) == "cancelled"
    assert told(answer) == f"Job {job.short_id} is cancelled."
    assert answer.headers["Location"] == f"{LIST}{job.id}/change/"
    assert JobEvent.objects.get(job=job, to_status="cancelled").actor == "admin:olga"
    assert LogEntry.objects.get(object_id=str(job.id)).change_message == "Cancelled."


@pytest.mark.parametrize("status", sorted(RETRYABLE))
def test_retry_puts_a_job_back(olga: Client, status: str) -> None:
    job = make_job(status, target_worker_id="adam")
    answer = olga.post(address(job, "retry"))
    assert status_of(job) == "pending"
    assert told(answer) == f"Job {job.short_id} is back in the queue."
    assert LogEntry.objects.get(object_id=str(job.id)).change_message == "Retried."


@pytest.mark.parametrize(
    ("verb", "status"),
    [("cancel", status.value) for status in sorted(set(Status) - CANCELLABLE)]
    + [("retry", status.value) for status in sorted(set(Status) - RETRYABLE)],
)
def test_a_state_that_does_not_allow_the_verb_is_told_and_kept(olga: Client, verb: str, status: str) -> None:
    job = make_job(status)
    answer = olga.post(address(job, verb))
    assert status in told(answer)
    assert status_of(job) == status
    assert not JobEvent.objects.exists()
    assert not LogEntry.objects.exists()


def test_buttons_are_offered_only_where_the_state_allows(olga: Client) -> None:
    for status in Status:
        job = make_job(status.value)
        page = olga.get(f"{LIST}{job.id}/change/").content.decode()
        row = olga.get(f"{LIST}?q={job.id}").content.decode()
        assert (f"/{job.id}/cancel/" in page) == (f"/{job.id}/cancel/" in row) == (status in CANCELLABLE)
        assert (f"/{job.id}/retry/" in page) == (f"/{job.id}/retry/" in row) == (status in RETRYABLE)


def test_cancelling_a_job_that_may_be_sending_its_form_tells_that_a_person_must_look(olga: Client) -> None:
    job = make_job("running", submit_armed_at=timezone.now())
    answer = olga.post(address(job, "cancel"))
    assert status_of(job) == "paused"
    assert "verify" in told(answer)


def test_a_retry_that_may_send_the_form_twice_asks_first(olga: Client) -> None:
    job = make_job("failed", submit_armed_at=timezone.now())
    asked: HttpResponse = olga.post(address(job, "retry"))
    assert asked.status_code == 200
    assert "may arrive twice" in asked.content.decode()
    assert status_of(job) == "failed"
    assert olga.post(address(job, "retry"), {"confirm": "yes"}).status_code == 200
    assert status_of(job) == "failed"
    olga.post(address(job, "retry"), {"confirm": "resubmit"})
    assert status_of(job) == "pending"


def test_a_verb_from_the_list_goes_back_to_the_list_with_its_filters(olga: Client) -> None:
    job = make_job("pending", target_worker_id="adam")
    page = olga.get(f"{LIST}?status=pending&target=adam").content.decode()
    back = "?list=status%3Dpending%26target%3Dadam"
    assert f"{job.id}/cancel/{back}" in page
    answer = olga.post(address(job, "cancel", back))
    assert answer.headers["Location"] == f"{LIST}?status=pending&target=adam"


@pytest.mark.parametrize(
    "elsewhere", ["https://evil.example/", "//evil.example", "next=https://evil.example/"]
)
def test_a_verb_never_leads_elsewhere(olga: Client, elsewhere: str) -> None:
    answer = olga.post(address(make_job("pending"), "cancel", f"?list={elsewhere}"))
    assert answer.headers["Location"] == LIST


# ---- Several jobs --------------------------------------------------------------------------------------------


def test_bulk_cancel_tells_each_outcome(olga: Client) -> None:
    jobs = [make_job(status) for status in ("pending", "running", "paused", "completed", "failed")]
    sending = make_job("running", submit_armed_at=timezone.now())
    ticked = [str(job.id) for job in (*jobs, sending)]
    asked = olga.post(f"{LIST}bulk/cancel/", {"job": [*ticked, missing := str(uuid4())]}).content.decode()
    for foreseen in ("<b>3</b> cancelled", "<b>1</b> stopped", "<b>2</b> skipped (already finished)"):
        assert foreseen in asked
    assert status_of(jobs[0]) == "pending"
    answer = olga.post(f"{LIST}bulk/cancel/", {"job": [*ticked, missing], "go": "1"})
    assert told(answer) == (
        "Cancelled 3, stopped 1 whose form may have been sent (somebody has to verify it), "
        "skipped 2 (already finished), skipped 1 (no longer there)."
    )
    assert [status_of(job) for job in jobs] == ["cancelled", "cancelled", "cancelled", "completed", "failed"]
    assert LogEntry.objects.count() == 3


def test_bulk_retry_leaves_alone_what_may_have_submitted(olga: Client) -> None:
    jobs = [make_job("failed"), make_job("cancelled"), make_job("pending")]
    unsure = make_job("failed", submit_armed_at=timezone.now())
    answer = olga.post(
        f"{LIST}bulk/retry/?list=status%3Dfailed",
        {"job": [str(job.id) for job in (*jobs, unsure)], "go": "1"},
    )
    assert told(answer).startswith("Retried 2, left 1 alone that may have submitted already")
    assert [status_of(job) for job in (*jobs, unsure)] == ["pending", "pending", "pending", "failed"]
    assert answer.headers["Location"] == f"{LIST}?status=failed"


@pytest.mark.parametrize(
    "data", [{}, {"job": ["", "x", "%", "\0"]}, {"select_across": "1"}, {"every": "filter"}]
)
@pytest.mark.parametrize("verb", VERBS)
def test_nothing_ticked_changes_nothing(olga: Client, verb: str, data: dict[str, Any]) -> None:
    job = make_job("pending")
    assert "nothing was changed" in told(olga.post(f"{LIST}bulk/{verb}/", {**data, "go": "1"}))
    assert status_of(job) == "pending"


def test_a_verb_over_a_filter_takes_all_it_matches_and_nothing_else(olga: Client) -> None:
    alike = [
        make_job("failed", error_code="timeout", error_details={"message": f"Waited {n} s"}) for n in (30, 45)
    ]
    other = make_job("failed", error_code="timeout", error_details={"message": "No answer"})
    group = Job.objects.get(id=alike[0].id).error_fingerprint
    address = f"{LIST}bulk/retry/?list=status%3Dfailed%26failure%3D{group}"
    assert "<b>2</b> retried" in olga.post(address, {"every": "filter"}).content.decode()
    assert told(olga.post(address, {"every": "filter", "go": "1"})) == "Retried 2."
    assert [status_of(job) for job in (*alike, other)] == ["pending", "pending", "failed"]


def test_a_verb_over_a_filter_stops_at_its_limit_and_says_so(
    olga: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(selection, "AT_ONCE", 2)
    jobs = [make_job("pending", job_type="scrape") for _ in range(3)]
    answer = olga.post(f"{LIST}bulk/cancel/?list=type%3Dscrape", {"every": "filter", "go": "1"})
    assert "Cancelled 2." in told(answer)
    assert "More jobs match" in told(answer)
    assert sorted(status_of(job) for job in jobs) == ["cancelled", "cancelled", "pending"]


def test_waiting_jobs_are_sent_to_another_worker(olga: Client) -> None:
    waiting = make_job("pending", target_worker_id="sarah", worker_affinity="any")
    from_valet = make_job("queued", worker_id=None)
    held = make_job("running")
    assert "Send to which worker?" in olga.post(address(waiting, "retarget")).content.decode()
    olga.post(address(waiting, "retarget"), {"go": "1", "target_worker_id": " adam "})
    fresh = Job.objects.get(id=waiting.id)
    assert (fresh.status, fresh.target_worker_id, fresh.worker_affinity) == ("pending", "adam", "preferred")
    assert JobEvent.objects.get(job=waiting).message == "Sent to worker adam"
    picked = {"job": [str(job.id) for job in (waiting, from_valet, held)], "go": "1", "target_worker_id": ""}
    assert "Re-targeted 2, skipped 1" in told(olga.post(f"{LIST}bulk/retarget/", picked))
    assert Job.objects.get(id=from_valet.id).target_worker_id is None
    assert claims.claim_jobs("adam", job_types=["apply"], limit=5)


def test_jobs_that_wait_for_a_person_are_resumed(olga: Client) -> None:
    waiting, unsure = make_job("paused", interaction_type="login"), make_job("failed")
    assert "goes on" in told(olga.post(address(waiting, "resume")))
    assert status_of(waiting) == "pending"
    picked = {"job": [str(waiting.id), str(unsure.id)], "go": "1"}
    assert "skipped 2 (not waiting for a person)" in told(olga.post(f"{LIST}bulk/resume/", picked)).lower()


def test_no_filled_form_is_approved_unseen(olga: Client) -> None:
    waiting = make_job("paused", paused_at=timezone.now(), interaction_type="review")
    picked = {"job": [str(waiting.id)], "go": "1"}
    answer = told(olga.post(f"{LIST}bulk/resume/", picked)).lower()
    assert "look at the filled form first" in answer
    assert status_of(waiting) == "paused"


# ---- Who may -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("verb", VERBS)
def test_a_verb_is_no_get(olga: Client, verb: str) -> None:
    job = make_job("failed" if verb == "retry" else "pending")
    assert olga.get(address(job, verb)).status_code == 405
    assert olga.get(f"{LIST}bulk/{verb}/").status_code == 405
    assert not JobEvent.objects.exists()


@pytest.mark.parametrize("permissions", [["view_job"], ["cancel_job", "retry_job"], ["view_job", "other"]])
@pytest.mark.parametrize("verb", VERBS)
def test_a_verb_needs_its_permission_and_sight_of_the_job(
    client: Client, db: Any, verb: str, permissions: list[str]
) -> None:
    other = "retry_job" if verb == "cancel" else "cancel_job"
    wanted = [other if name == "other" else name for name in permissions]
    user = User.objects.create_user("vera", password="secret", is_staff=True)
    user.user_permissions.set(Permission.objects.filter(codename__in=wanted))
    client.force_login(user)
    job = make_job("failed" if verb == "retry" else "pending")
    assert client.post(address(job, verb)).status_code == 403
    assert client.post(f"{LIST}bulk/{verb}/", {"job": str(job.id)}).status_code == 403
    assert not JobEvent.objects.exists()
    if "view_job" in permissions:
        assert f"/{verb}/" not in client.get(f"{LIST}{job.id}/change/").content.decode()


@pytest.mark.parametrize("verb", VERBS)
def test_strangers_are_sent_to_sign_in(client: Client, db: Any, verb: str) -> None:
    job = make_job("failed" if verb == "retry" else "pending")
    assert "/admin/login/" in client.post(address(job, verb)).headers["Location"]
    assert not JobEvent.objects.exists()


@pytest.mark.parametrize("verb", VERBS)
def test_a_verb_needs_the_csrf_token(admin_user: User, verb: str) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(admin_user)
    job = make_job("failed" if verb == "retry" else "pending")
    assert client.post(address(job, verb)).status_code == 403
    assert client.post(f"{LIST}bulk/{verb}/", {"job": str(job.id)}).status_code == 403
    assert not JobEvent.objects.exists()


def test_a_job_that_is_not_there_is_told(olga: Client) -> None:
    assert olga.post(f"{LIST}{uuid4()}/retry/").status_code == 404
    assert "no such job" in told(olga.post(f"{LIST}{uuid4()}/cancel/"))
