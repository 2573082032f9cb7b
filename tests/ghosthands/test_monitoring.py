"""Health, metrics and alerts, as load balancers, Prometheus and VALET read them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.db import OperationalError, connection
from django.db.models.functions import Now
from django.utils import timezone
from prometheus_client.parser import text_string_to_metric_families
from rest_framework.test import APIClient

from ghosthands.monitoring.snapshot import lookout
from jobs import claims, intake, lifecycle, registry
from jobs.intake import NewJob
from jobs.models import Job, RateRefusal, Worker
from tests.factories import USER, age_heartbeat, claim_of, make_job
from valet.models import CallbackDelivery

pytestmark = pytest.mark.django_db

PUBLIC = [
    "health", "health/version", "health/system", "monitoring/health", "monitoring/metrics",
    "monitoring/metrics/json", "monitoring/alerts", "monitoring/workers", "monitoring/dashboard",
]  # fmt: skip


@pytest.fixture(autouse=True)
def fresh() -> Iterator[None]:
    lookout.forget()
    yield
    lookout.forget()


def read(path: str) -> Any:
    lookout.forget()
    response = APIClient().get(path)
    assert response.status_code == 200, response.content
    return response.json()


def metrics() -> dict[tuple[str, ...], float]:
    """Give each sample's value by its name and labels' values."""
    lookout.forget()
    response = APIClient().get("/monitoring/metrics")
    assert response["Content-Type"].startswith("text/plain")
    return {
        (sample.name, *(value for _, value in sorted(sample.labels.items()))): sample.value
        for family in text_string_to_metric_families(response.content.decode())
        for sample in family.samples
    }


def alert_ids() -> set[str]:
    return {alert["id"] for alert in read("/monitoring/alerts")["alerts"]}


def test_depth_and_age_are_told_by_state_and_target() -> None:
    make_job(created_at=Now() - timedelta(minutes=3))
    make_job(target_worker_id="sarah")
    make_job("queued", worker_id=None)
    make_job(scheduled_at=Now() + timedelta(days=1))
    make_job("paused", paused_at=Now() - timedelta(hours=2))
    found = metrics()
    assert found["ghosthands_jobs", "pending", "(any)"] == 2
    assert found["ghosthands_jobs", "pending", "sarah"] == 1
    assert found["ghosthands_jobs", "scheduled", "(any)"] == 1
    assert 175 <= found["ghosthands_jobs_oldest_seconds", "pending", "(any)"] < 240
    assert found["ghosthands_jobs_oldest_seconds", "scheduled", "(any)"] == 0
    assert 7190 <= found["ghosthands_jobs_oldest_seconds", "paused", "(any)"] < 7300
    assert read("/monitoring/metrics/json")["worker"]["queueDepth"] == 3


@pytest.mark.django_db(transaction=True)
def test_durations_are_told_by_type_and_outcome() -> None:
    intake.enqueue(NewJob(job_type="scrape", target_url="https://example.com/"), actor="t")
    [job] = claims.claim_jobs("adam", job_types=["scrape"])
    lifecycle.start(claim_of(job), engine_type="scripted")
    lifecycle.complete(claim_of(job), result_data={}, summary="Done")
    make_job("failed", started_at=Now() - timedelta(seconds=30), retry_count=1)
    found = metrics()
    assert found["ghosthands_jobs_finished_last_hour", "scrape", "completed"] == 1
    assert 25 <= found["ghosthands_job_run_seconds", "apply", "failed", "0.95"] < 60
    assert 0 <= found["ghosthands_job_claim_to_start_seconds", "scrape", "completed", "0.5"] < 60
    jobs = read("/monitoring/metrics/json")["jobs"]
    assert (jobs["created"], jobs["completed"], jobs["failed"], jobs["retried"]) == (2, 1, 1, 1)


def test_callbacks_sessions_and_refusals_are_counted() -> None:
    job = make_job()
    late = Now() - timedelta(minutes=1)
    CallbackDelivery.objects.create(job=job, status="running", payload={}, next_attempt_at=late)
    CallbackDelivery.objects.create(job=job, status="failed", payload={}, dead_at=Now())
    RateRefusal.objects.create(day=timezone.now().date(), rule="tier_free_hour", count=3)
    found = metrics()
    assert (found["ghosthands_callbacks_waiting",], found["ghosthands_callbacks_dead",]) == (1, 1)
    assert 55 <= found["ghosthands_callbacks_late_seconds",] < 100
    assert found["ghosthands_rate_limit_refusals_total", "tier_free_hour"] == 3


def test_alerts_come_and_go_with_their_reasons() -> None:
    assert alert_ids() == set()
    job = make_job(target_worker_id="sarah", created_at=Now() - timedelta(minutes=20))
    stuck = make_job("running")
    age_heartbeat(stuck, timedelta(minutes=6))
    for _ in range(6):
        make_job("failed")
    for _ in range(4):
        make_job("completed")
    CallbackDelivery.objects.create(job=job, status="failed", payload={}, dead_at=Now())
    expected = {
        "no_workers",
        "absent_target:sarah",
        "queue_wait",
        "stuck_jobs",
        "failure_rate",
        "callbacks_dead",
    }
    assert alert_ids() == expected
    registry.register("sarah")
    Job.objects.filter(id=stuck.id).update(last_heartbeat=Now())
    make_job("completed"), make_job("completed")
    assert alert_ids() == {"queue_wait", "callbacks_dead"}
    alert = read("/monitoring/dashboard")["activeAlerts"][0]
    assert alert.keys() == {"id", "name", "severity", "message", "triggeredAt", "metadata"}


def test_workers_are_told_by_their_age() -> None:
    registry.register("adam")
    registry.register("sarah")
    Worker.objects.filter(worker_id="sarah").update(last_heartbeat=Now() - timedelta(minutes=6))
    rows = {row["worker_id"]: row for row in read("/api/v1/gh/monitoring/workers")["workers"]}
    assert (rows["adam"]["status"], rows["sarah"]["status"]) == ("active", "offline")
    assert "metadata" not in rows["adam"]
    assert read("/monitoring/health")["status"] == "healthy"
    assert metrics()["ghosthands_workers", "active"] == 1


def test_nothing_public_tells_of_a_person_or_an_address() -> None:
    secret = {"target_url": "https://jobs.example.com/?email=test@example.com", "user_id": USER}
    for status in ("pending", "running", "paused", "failed"):
        job = make_job(status, **secret, status_message="Test User waits", error_code="timeout")
        CallbackDelivery.objects.create(
            job=job, status="failed", payload={"a": "test@example.com"}, last_error="x@example.com"
        )
    for path in PUBLIC:
        told = APIClient().get(f"/{path}").content.decode()
        assert not [word for word in ("example.com", "Test", "User", str(USER)) if word in told], path


def test_one_look_serves_everybody_for_a_while(django_assert_num_queries: Callable[..., Any]) -> None:
    read("/monitoring/metrics/json")
    with django_assert_num_queries(0):
        for path in ("metrics", "alerts", "workers"):
            assert APIClient().get(f"/monitoring/{path}").status_code == 200


def test_a_database_that_does_not_answer_is_told_and_is_no_reason_to_restart(
    django_assert_num_queries: Callable[..., Any], caplog: pytest.LogCaptureFixture
) -> None:
    with django_assert_num_queries(0):
        alive = APIClient().get("/livez", headers={"Host": "10.1.2.3"})
    assert (alive.status_code, APIClient().get("/readyz").status_code) == (200, 200)

    def refuse(*args: Any) -> Any:
        raise OperationalError("password=secret")

    with connection.execute_wrapper(refuse):
        answers = {path: APIClient().get(path) for path in ("/readyz", *(f"/{path}" for path in PUBLIC))}
    assert answers.pop("/health/version").status_code == 200
    assert {path: response.status_code for path, response in answers.items()} == dict.fromkeys(answers, 503)
    assert not [path for path, response in answers.items() if b"secret" in response.content]
    checks = {check["name"]: check["status"] for check in answers["/monitoring/health"].json()["checks"]}
    assert checks["database"] == "unhealthy"


def test_a_database_that_is_not_migrated_is_not_ready(django_db_blocker: Any) -> None:
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM django_migrations WHERE app = 'jobs'")
    assert APIClient().get("/readyz").json()["status"] == "unavailable"
