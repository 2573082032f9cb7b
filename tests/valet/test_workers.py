"""Workers taken out of service over REST: what becomes of them and of what they hold."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db.models import F
from django.db.models.functions import Now
from rest_framework.test import APIClient

from jobs import fleet, registry
from jobs.models import Job, Worker
from jobs.registry import Orders
from tests.factories import make_job
from valet.models import CallbackDelivery

pytestmark = pytest.mark.django_db

ROUTE = "/api/v1/gh/valet/workers/deregister"
CALLBACK = "http://127.0.0.1:9/hook"


@pytest.fixture
def held(db: Any) -> dict[str, Job]:
    """What the workers adam and eve have in hand."""
    registry.register("adam")
    registry.register("eve")
    waiting = {"worker_id": "adam", "attempt": 1, "paused_at": Now(), "callback_url": CALLBACK}
    armed = {"submit_armed_at": Now()}
    return {
        "queued": make_job("queued", callback_url=CALLBACK),
        "running": make_job("running", callback_url=CALLBACK),
        "paused": make_job("paused", interaction_type="captcha", **waiting),
        "mirrored": make_job("needs_human", interaction_type="login", **waiting),
        "sending": make_job("running", callback_url=CALLBACK, **armed),
        "sent?": make_job("paused", interaction_type="verify_submission", **waiting, **armed),
        "eve's": make_job("running", worker_id="eve"),
        "aimed": make_job(target_worker_id="adam"),
        "done": make_job("completed", worker_id="adam"),
    }


def statuses(held: dict[str, Job]) -> dict[str, str]:
    return {name: Job.objects.get(id=job.id).status for name, job in held.items()}


def deregister(api: APIClient, **fields: Any) -> Any:
    return api.post(ROUTE, {"target_worker_id": "adam"} | fields, format="json")


def test_what_it_holds_fails_and_is_told_but_nothing_sent_is_ever_failed(
    api: APIClient, held: dict[str, Job]
) -> None:
    answer = deregister(api, reason="scaled in", cancel_active_jobs=True)
    assert answer.status_code == 200
    failed = {str(held[name].id) for name in ("queued", "running", "paused", "mirrored")}
    assert set(answer.json().pop("cancelled_job_ids")) == failed
    assert {key: value for key, value in answer.json().items() if key != "cancelled_job_ids"} == {
        "deregistered_workers": ["adam"],
        "held_job_ids": [str(held["sending"].id)],
        "draining_job_ids": [],
        "deregistered": 1,
        "cancelled_jobs": 4,
        "reason": "scaled in",
    }
    assert statuses(held) == {
        "queued": "failed",
        "running": "failed",
        "paused": "failed",
        "mirrored": "failed",
        "sending": "paused",
        "sent?": "paused",
        "eve's": "running",
        "aimed": "pending",
        "done": "completed",
    }
    job = Job.objects.get(id=held["running"].id)
    assert (job.error_code, "scaled in" in (job.status_message or "")) == ("worker_deregistered", True)
    told = CallbackDelivery.objects.filter(job_id__in=failed).values_list("status", flat=True)
    assert list(told) == ["failed"] * 4
    assert Job.objects.get(id=held["sending"].id).interaction_type == "verify_submission"


def test_without_being_asked_to_it_touches_no_job(api: APIClient, held: dict[str, Job]) -> None:
    before = statuses(held)
    assert deregister(api).json()["cancelled_jobs"] == 0
    assert statuses(held) == before
    assert Worker.objects.get(worker_id="adam").status == "offline"
    assert registry.beat("adam", current_job_id=None, draining=False) == Orders(leave=True)
    assert Worker.objects.get(worker_id="adam").status == "offline"


def test_running_jobs_get_the_time_they_are_given(api: APIClient, held: dict[str, Job]) -> None:
    answer = deregister(api, cancel_active_jobs=True, drain_timeout_seconds=60).json()
    assert set(answer["draining_job_ids"]) == {str(held["running"].id), str(held["sending"].id)}
    assert fleet.end_overdue_jobs() == []
    Worker.objects.update(jobs_end_at=F("jobs_end_at") - timedelta(seconds=61))
    assert set(fleet.end_overdue_jobs()) == {held["running"].id, held["sending"].id}
    assert (statuses(held)["running"], statuses(held)["sending"]) == ("failed", "paused")
    assert fleet.end_overdue_jobs() == []


def test_a_worker_is_found_by_the_target_that_it_serves(api: APIClient) -> None:
    for name in ("one", "two"):
        registry.register(name)
    Worker.objects.update(target_worker_id="sandbox-7")
    answer = deregister(api, target_worker_id="sandbox-7").json()
    assert (answer["deregistered_workers"], answer["deregistered"]) == (["one", "two"], 2)
    assert deregister(api, target_worker_id="one").json()["deregistered_workers"] == ["one"]


@pytest.mark.parametrize(
    ("fields", "status"),
    [
        ({"target_worker_id": "nobody"}, 404),
        ({"target_worker_id": ""}, 422),
        ({"drain_timeout_seconds": 301}, 422),
        ({"reason": "x" * 501}, 422),
        ({"reason": None}, 200),
    ],
)
def test_bounds(api: APIClient, fields: dict[str, Any], status: int) -> None:
    registry.register("adam")
    assert deregister(api, **fields).status_code == status


def test_only_the_service_may(user_api: Any) -> None:
    from tests.factories import USER

    assert deregister(user_api(USER)).status_code == 401


def test_the_fleet_is_told_by_the_age_of_its_heartbeats() -> None:
    for name in ("fresh", "draining", "silent", "left"):
        registry.register(name, ec2_ip="10.0.0.7")
    Worker.objects.filter(worker_id="silent").update(
        last_heartbeat=Now() - timedelta(minutes=6), registered_at=Now() - timedelta(minutes=66)
    )
    registry.ask_to_drain("draining")
    assert registry.beat("draining", current_job_id=None, draining=False) == Orders(drain=True)
    registry.sign_off("left")
    found = {standing.worker.worker_id: standing for standing in registry.fleet()}
    assert {name: standing.status for name, standing in found.items()} == {
        "fresh": "active",
        "draining": "draining",
        "silent": "offline",
        "left": "offline",
    }
    assert found["silent"].uptime_seconds == 3600
    assert registry.let_work("draining")
    assert registry.beat("draining", current_job_id=None, draining=False) == Orders()
    assert not registry.ask_to_drain("nobody")
