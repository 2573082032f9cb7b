"""The fleet's page: workers, jobs that wait for absent ones, pauses, and every verb by POST."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.contrib.admin.models import LogEntry
from django.db.models.functions import Now
from django.test import Client
from django.utils import timezone

from jobs import politeness, registry
from jobs.admin.stranded import stranded
from jobs.models import Job, JobEvent, QueuePause, Worker
from tests.factories import make_job, make_person

FLEET = "/admin/jobs/worker/"
QUERY_BUDGET = 12
HOST = QueuePause.Kind.HOST

pytestmark = pytest.mark.django_db


@pytest.fixture
def admin(client: Client) -> Client:
    """A client of somebody who may manage the fleet."""
    client.force_login(make_person("administrator"))
    return client


def told(answer: Any) -> str:
    return " ".join(str(message) for message in answer.context["messages"])


def post(client: Client, verb: str, **form: str) -> str:
    return told(client.post(f"{FLEET}{verb}/", form, follow=True))


def test_a_worker_shows_its_slots_version_and_jobs(admin: Client) -> None:
    registry.register("adam", metadata={"max_concurrent": 3, "version": "0.1.0", "commit": "0123456789"})
    job = make_job("running")
    page = admin.get(FLEET).content.decode()
    for words in ("Active", "0.1.0 · 0123456 ·", f"/admin/jobs/job/{job.id}/change/", " of 3 taken"):
        assert words in page
    assert page.count('<i class="gh-slot"></i>') == 2


def test_workers_that_died_long_ago_are_shown_only_when_asked_for(admin: Client) -> None:
    registry.register("adam")
    registry.register("eve")
    Worker.objects.filter(worker_id="eve").update(last_heartbeat=Now() - timedelta(days=2))
    page = admin.get(FLEET).content.decode()
    assert "<b>eve</b>" not in page
    assert "Show 1 more" in page
    assert "<b>eve</b>" in admin.get(f"{FLEET}?all=1").content.decode()


def test_jobs_wait_in_vain_for_absent_draining_and_unknown_workers(admin: Client) -> None:
    for name in ("adam", "eve", "sarah"):
        registry.register(name)
        make_job("pending", target_worker_id=name)
    registry.ask_to_drain("eve")
    Worker.objects.filter(worker_id="sarah").update(last_heartbeat=Now() - timedelta(hours=3))
    for age, priority in ((1, 1), (5, 9)):
        created = timezone.now() - timedelta(hours=age)
        make_job("pending", target_worker_id="nobody & co", priority=priority, created_at=created)
    make_job("pending", target_worker_id="gone", worker_affinity="any")
    make_job("failed", target_worker_id="gone")
    found = [(one.target, one.count, one.oldest, one.words) for one in stranded()]
    assert found[0] == ("nobody & co", "2", "5h", "no such worker was ever seen")
    assert sorted(found[1:]) == [
        ("eve", "1", "0s", "it is draining and takes no new jobs"),
        ("sarah", "1", "0s", "its last sign of life was 3h ago"),
    ]
    listed = admin.get(f"/admin/jobs/job/?{stranded()[0].address}").content.decode()
    assert listed.count("data-job=") == 2


def test_a_worker_serving_a_name_takes_its_jobs() -> None:
    registry.register("adam-2")
    Worker.objects.update(target_worker_id="adam")
    make_job("pending", target_worker_id="adam")
    assert stranded() == []


def test_a_worker_is_drained_and_let_work_again(admin: Client) -> None:
    registry.register("adam")
    assert "claims nothing more" in post(admin, "drain", worker="adam")
    assert Worker.objects.get().drain_requested_at is not None
    page = admin.get(FLEET).content.decode()
    assert "Draining" in page
    assert "administrator" in page
    assert "claims again" in post(admin, "work", worker="adam")
    assert Worker.objects.get().drain_requested_at is None
    logged = LogEntry.objects.order_by("id").values_list("user__username", "object_id", "change_message")
    assert list(logged) == [
        ("administrator", "adam", "Drained."),
        ("administrator", "adam", "Let claim again."),
    ]
    assert admin.post(f"{FLEET}drain/", {"worker": "ev\0e"}).status_code == 404
    assert admin.get(f"{FLEET}drain/").status_code == 405


def test_deregistering_tells_first_what_becomes_of_the_jobs(admin: Client) -> None:
    registry.register("adam")
    running = make_job("running")
    armed = make_job("running", submit_armed_at=timezone.now())
    make_job("pending", target_worker_id="adam")
    asked = admin.post(f"{FLEET}deregister/", {"worker": "adam"}).content.decode()
    for words in ("<b>2</b> held by it now", "<b>1</b> of them may have sent", "<b>1</b> more aimed at it"):
        assert words in asked
    assert Worker.objects.get().deregistered_at is None
    said = post(admin, "deregister", worker="adam", go="1", jobs="fail", reason="Machine sold")
    assert said == (
        "Out of service: adam. 1 job failed; 1 job held for a person, as the form may have been sent."
    )
    running.refresh_from_db()
    armed.refresh_from_db()
    assert (running.status, running.error_code, armed.status) == ("failed", "worker_deregistered", "paused")
    event = JobEvent.objects.filter(job=running).latest("id")
    assert event.actor == "admin:administrator"
    assert LogEntry.objects.get().change_message == "Taken out of service."
    assert "out of service: it claims again once" in post(admin, "work", worker="adam")


@pytest.mark.parametrize(
    ("form", "limit"), [({"jobs": "finish"}, None), ({"jobs": "wait", "seconds": "30"}, 30)]
)
def test_running_jobs_may_be_given_time(admin: Client, form: dict[str, str], limit: int | None) -> None:
    registry.register("adam")
    make_job("running")
    said = post(admin, "deregister", worker="adam", go="1", **form)
    assert ("given 30 s to end" in said) == (limit is not None)
    assert (Worker.objects.get().jobs_end_at is not None) == (limit is not None)
    assert Job.objects.get().status == "running"


def test_a_deregistration_without_a_choice_changes_nothing(admin: Client) -> None:
    registry.register("adam")
    for form in ({}, {"jobs": "burn"}, {"jobs": "wait", "seconds": "9999"}):
        assert "1 to 300 seconds" in post(admin, "deregister", worker="adam", go="1", **form)
    assert Worker.objects.get().deregistered_at is None


def test_the_queue_is_paused_with_a_reason_and_unpaused(admin: Client) -> None:
    make_job("pending", target_url="https://jobs.example.com/1")
    said = post(admin, "pause", kind="host", value="https://Jobs.Example.com/1?a=b", reason="They block us")
    assert "site host jobs.example.com" in said
    row = QueuePause.objects.get()
    assert (row.value, row.reason, row.actor) == (
        "jobs.example.com", "They block us", "admin:administrator",
    )  # fmt: skip
    page = admin.get(FLEET).content.decode()
    assert "They block us" in page
    assert "1 waiting" in page
    assert "claimed again" in post(admin, "unpause", pause=str(row.id))
    assert not QueuePause.objects.exists()
    for no_id in ("x", "9" * 19, "9" * 5000):
        assert "not paused any more" in post(admin, "unpause", pause=no_id)
    assert [entry.change_message for entry in LogEntry.objects.order_by("id")] == [
        "Paused: They block us",
        "Unpaused.",
    ]


@pytest.mark.parametrize(
    ("form", "words"),
    [
        ({"kind": "host", "value": "a.example", "reason": ""}, "Say why"),
        ({"kind": "type", "value": "", "reason": "x"}, "Say which"),
        ({"kind": "host", "value": "https://[", "reason": "x"}, "no host"),
        ({"kind": "moon", "value": "a", "reason": "x"}, "valid choice"),
    ],
)
def test_a_pause_needs_a_place_and_a_reason(admin: Client, form: dict[str, str], words: str) -> None:
    assert words in post(admin, "pause", **form)
    assert not QueuePause.objects.exists()


def test_a_job_that_was_refused_leads_to_pausing_its_site(admin: Client) -> None:
    job = make_job("failed", error_code="rate_limited", target_url="https://jobs.example.com/1")
    page = admin.get(f"/admin/jobs/job/{job.id}/change/").content.decode()
    assert f'href="{FLEET}?host=jobs.example.com#gh-pauses-title"' in page
    assert 'value="jobs.example.com"' in admin.get(f"{FLEET}?host=jobs.example.com").content.decode()


@pytest.mark.parametrize("role", ["viewer", "operator"])
def test_only_administrators_manage_the_fleet(client: Client, role: str) -> None:
    client.force_login(make_person(role))
    registry.register("adam")
    paused = politeness.pause_queue(HOST, "a.example", actor="system")
    page = client.get(FLEET).content.decode()
    assert "adam" in page
    assert "Drain" not in page
    assert "Unpause" not in page
    for verb in ("drain", "work", "deregister", "pause", "unpause"):
        form = {"worker": "adam", "go": "1", "jobs": "fail", "pause": str(paused.id)}
        assert client.post(f"{FLEET}{verb}/", form).status_code == 403
    assert Worker.objects.get().drain_requested_at is None
    assert QueuePause.objects.exists()


def test_the_page_keeps_to_its_query_budget(admin: Client, django_assert_max_num_queries: Any) -> None:
    for number in range(5):
        registry.register(f"worker-{number}")
        make_job("running", worker_id=f"worker-{number}")
        make_job("pending", target_worker_id=f"absent-{number}")
        politeness.pause_queue(HOST, f"{number}.example", actor="system")
    post(admin, "drain", worker="worker-1")
    with django_assert_max_num_queries(QUERY_BUDGET):
        admin.get(FLEET)
