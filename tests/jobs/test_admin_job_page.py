from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.core.files.storage import default_storage
from django.db.models.functions import Now
from django.template.loader import get_template
from django.test import Client
from django.utils import timezone

from jobs import artifacts, claims, lifecycle, registry
from jobs.admin import timeline
from jobs.models import Job, JobEvent, Worker
from tests.factories import claim_of, make_job

QUERY_BUDGET = 12


def page(client: Client, job: Job) -> str:
    answer = client.get(f"/admin/jobs/job/{job.id}/change/")
    assert answer.status_code == 200
    return answer.content.decode()


def test_the_page_tells_the_facts(admin_client: Client) -> None:
    job = make_job(
        "running",
        target_worker_id="adam",
        valet_task_id="valet-7",
        user_id=uuid4(),
        tags=["<b>"],
        callback_url="https://valet.example.com/hook?key=s3cret",
    )
    shown = page(admin_client, job)
    for told in (
        str(job.id),
        str(job.user_id),
        "valet-7",
        "adam",
        "&lt;b&gt;",
        "https://valet.example.com/hook",
    ):
        assert told in shown
    assert f"python manage.py job logs {job.short_id}" in shown
    assert "s3cret" not in shown


def test_personal_values_are_masked_everywhere(admin_client: Client) -> None:
    job = make_job(
        "completed",
        task_description="Write to eve@example.com",
        input_data={
            "user_data": {"first_name": "Evelina", "email": "eve@example.com"},
            "password": "hunter2",
        },
        result_data={
            "confirmation_id": "GH-77",
            "confirmation_text": "Thanks, we wrote to eve@example.com",
            "phone": "+1 555 0100",
            "fields": [{"question": "First name", "source": "profile", "value": "Evelina", "verified": True}],
        },
        result_summary="Sent as eve@example.com",
        error_details={"message": "eve@example.com was refused", "token": "t0ps3cret"},
    )
    JobEvent.objects.create(
        job=job,
        event_type="note",
        message="for eve@example.com",
        metadata={"answers": {"Age": "1977"}, "otp": 123456},
    )
    shown = page(admin_client, job)
    assert "GH-77" in shown
    assert "First name" in shown
    for secret in ("eve@example", "Evelina", "hunter2", "555 0100", "t0ps3cret", "1977", "123456"):
        assert secret not in shown


def test_the_log_tells_the_story_with_attempts_actors_and_offsets(admin_client: Client) -> None:
    job = make_job("pending")
    claimed = claims.claim_jobs("adam", job_types=["apply"])[0]
    lifecycle.start(claimed.claim, engine_type="scripted")
    lifecycle.fail(claimed.claim, code="timeout", message="Too slow")
    shown = page(admin_client, job)
    for told in ("Attempt 1", "worker:adam", "Too slow", "+0."):
        assert told in shown
    assert shown.index("Claimed by adam") < shown.index("Started") < shown.index("Too slow")


def test_a_very_long_log_is_cut_to_its_newest_events(
    admin_client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(timeline, "EVENTS_SHOWN", 3)
    job = make_job("running")
    JobEvent.objects.bulk_create(JobEvent(job=job, event_type="note", message=f"step-{n}") for n in range(5))
    shown = page(admin_client, job)
    assert "step-1" not in shown
    assert all(f"step-{n}" in shown for n in (2, 3, 4))
    assert "Older events are left out" in shown


def test_screenshots_stand_at_their_events_and_the_rest_below(
    admin_client: Client, settings: Any, tmp_path: Any
) -> None:
    settings.MEDIA_ROOT = str(tmp_path)
    job = make_job("running")
    told = artifacts.save(job.id, "before submit", b"png")
    loose = artifacts.save(job.id, "confirmation", b"png")
    Job.objects.filter(id=job.id).update(
        screenshot_urls=[
            told,
            loose,
            "https://bucket.example.com/x.png",
            "javascript:alert(1)",
            "../etc/passwd",
        ]
    )
    JobEvent.objects.create(
        job=job, event_type="screenshot", message="Before submit", metadata={"screenshot": told}
    )
    shown = page(admin_client, job)
    assert shown.count(f'src="/{told}"') == 1
    assert f'src="/{loose}"' in shown
    assert 'href="https://bucket.example.com/x.png" rel="noreferrer"' in shown
    assert 'src="https://' not in shown
    assert "javascript:" not in shown
    assert "passwd" not in shown
    assert admin_client.get(f"/{told}").content == b"png"
    assert default_storage.exists(told)


@pytest.mark.parametrize(
    ("interaction", "words"),
    [("captcha", "CAPTCHA"), ("verify_submission", "may have been sent"), ("riddle", "Somebody has to look")],
)
def test_a_job_that_needs_a_person_says_what_for(admin_client: Client, interaction: str, words: str) -> None:
    job = make_job("running")
    lifecycle.pause(
        claim_of(job),
        interaction_type=interaction,
        message="Six digits, please",
        interaction={"message": "Code?"},
    )
    shown = page(admin_client, job)
    assert words in shown
    assert "Code?" in shown


def test_a_failed_job_says_why(admin_client: Client) -> None:
    job = make_job("failed", error_code="posting_closed", error_details={"message": "The posting is closed"})
    shown = page(admin_client, job)
    assert "posting_closed" in shown
    assert "The posting is closed" in shown


class TestWhyIsItWaiting:
    def test_for_its_time(self, admin_client: Client) -> None:
        due = timezone.now() + timedelta(hours=3, minutes=5)
        assert "It is due in 3h." in page(admin_client, make_job("pending", scheduled_at=due))

    def test_for_any_worker_at_all(self, admin_client: Client) -> None:
        assert "No worker is running" in page(admin_client, make_job("pending"))

    def test_for_a_free_worker(self, admin_client: Client) -> None:
        registry.register("adam")
        assert "waits for a free worker" in page(admin_client, make_job("pending"))

    def test_for_a_busy_target(self, admin_client: Client) -> None:
        registry.register("adam")
        assert "waits for worker adam" in page(admin_client, make_job("pending", target_worker_id="adam"))

    def test_for_a_target_that_is_gone(self, admin_client: Client) -> None:
        registry.register("sarah")
        Worker.objects.update(last_heartbeat=Now() - timedelta(days=2))
        shown = page(admin_client, make_job("pending", target_worker_id="sarah"))
        assert "Only worker sarah may take it, and its last sign of life was 2d ago." in shown

    def test_for_a_target_nobody_knows(self, admin_client: Client) -> None:
        registry.register("adam")
        shown = page(admin_client, make_job("pending", target_worker_id="sara"))
        assert "no such worker was ever seen" in shown


@pytest.mark.parametrize("wrong", ["00000000-0000-4000-8000-000000000000", "a23c", "%", "0" * 32 + "x"])
def test_an_unknown_job_is_not_found(admin_client: Client, wrong: str) -> None:
    assert admin_client.get(f"/admin/jobs/job/{wrong}/change/").status_code == 404


@pytest.mark.parametrize("status", ["pending", "running", "paused", "failed", "completed"])
def test_the_page_keeps_to_its_query_budget(
    admin_client: Client, status: str, django_assert_max_num_queries: Any
) -> None:
    job = make_job(status, target_worker_id="sarah", screenshot_urls=[f"artifacts/x{n}" for n in range(20)])
    JobEvent.objects.bulk_create(JobEvent(job=job, event_type="note", message=str(n)) for n in range(100))
    with django_assert_max_num_queries(QUERY_BUDGET):
        page(admin_client, job)


@pytest.mark.parametrize("status", ["400", "403", "403_csrf", "404", "500"])
def test_pages_for_faults_need_nothing_and_keep_the_policy(status: str) -> None:
    shown = get_template(f"{status}.html").render()
    assert "To the dashboard" in shown
    for inline in ("<style", " style=", "<script>"):
        assert inline not in shown


def test_every_page_keeps_the_strict_policy(admin_client: Client) -> None:
    job = make_job("failed", submit_armed_at=timezone.now())
    answers = [
        admin_client.get("/admin/jobs/job/"),
        admin_client.get(f"/admin/jobs/job/{job.id}/change/"),
        admin_client.post(f"/admin/jobs/job/{job.id}/retry/"),
        Client().get("/admin/login/"),
    ]
    for answer in answers:
        assert answer.status_code == 200
        shown = answer.content.decode()
        assert answer.headers["Content-Security-Policy"].startswith("default-src 'self'")
        assert "GhostHands" in shown
        for inline in ("<style", " style=", "onclick", "onchange", "<script>"):
            assert inline not in shown
