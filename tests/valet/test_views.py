"""POST /valet/apply and /valet/task, GET /valet/status/:jobId."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from pytest_django import DjangoAssertNumQueries
from rest_framework.test import APIClient

from jobs.events import NewEvent, record
from jobs.models import Job, JobEvent
from tests.factories import PROFILE, USER

URL = "/api/v1/gh/valet"
UNKNOWN = "7b1c1e0a-0000-4000-8000-000000000000"
# As the client's own specification sends it.
APPLICATION: dict[str, Any] = {
    "valet_task_id": "test-123",
    "valet_user_id": str(USER),
    "target_url": "https://example.com/careers",
    "profile": PROFILE,
    "target_worker_id": "adam",
}
TASK: dict[str, Any] = {
    "valet_task_id": "valet-456",
    "valet_user_id": str(USER),
    "job_type": "scrape",
    "target_url": "https://example.com",
    "task_description": "Extract job listing details",
    "target_worker_id": "worker-prod-1",
}


@pytest.mark.django_db
@pytest.mark.parametrize(("route", "body"), [("apply", APPLICATION), ("task", TASK)])
def test_a_submission_is_stored_and_routed(api: APIClient, route: str, body: dict[str, Any]) -> None:
    response = api.post(f"{URL}/{route}", body, format="json")

    assert response.status_code == 201
    answer = response.json()
    assert answer.keys() == {"job_id", "valet_task_id", "status", "created_at"}
    assert (answer["valet_task_id"], answer["status"]) == (body["valet_task_id"], "pending")
    job = Job.objects.get(id=answer["job_id"])
    assert (job.target_worker_id, job.created_by, job.user_id) == (body["target_worker_id"], "valet", USER)
    assert job.valet_task_id == job.metadata["valet_task_id"] == body["valet_task_id"]
    assert JobEvent.objects.get(job=job).actor == "service"

    status = api.get(f"{URL}/status/{job.id}").json()
    assert (status["valet_task_id"], status["target_worker_id"]) == (job.valet_task_id, job.target_worker_id)


@pytest.mark.django_db
@pytest.mark.parametrize("target", [None, ""])
def test_without_a_target_anybody_may_take_it(api: APIClient, target: str | None) -> None:
    assert (
        api.post(f"{URL}/apply", APPLICATION | {"target_worker_id": target}, format="json").status_code == 201
    )
    assert Job.objects.get().target_worker_id is None


@pytest.mark.django_db
@pytest.mark.parametrize(("route", "body"), [("apply", APPLICATION), ("task", TASK)])
def test_a_second_submission_answers_with_the_first(api: APIClient, route: str, body: dict[str, Any]) -> None:
    once = body | {"idempotency_key": "once"}
    first = api.post(f"{URL}/{route}", once, format="json").json()
    again = api.post(f"{URL}/{route}", once | {"valet_task_id": "other"}, format="json")
    assert again.status_code == 409
    assert again.json() == first | {"duplicate": True}
    assert Job.objects.count() == 1


def test_a_status_costs_two_queries(
    api: APIClient, job_factory: Callable[..., Job], django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    job = job_factory("running", valet_task_id="task-1")
    reports = [NewEvent("progress_update", "", {"step": "x", "progress_pct": n}) for n in range(5)]
    record(job.id, [*reports, NewEvent("thought", "")], actor="worker:adam")
    with django_assert_num_queries(2):
        answer = api.get(f"{URL}/status/{job.id}").json()
    assert (answer["job_id"], answer["status"]) == (str(job.id), "running")
    assert answer["progress"]["progress_pct"] == 4


@pytest.mark.django_db
@pytest.mark.parametrize("job_id", [UNKNOWN, "JOB_ID_HERE", "%00", "1"])
def test_unknown_jobs_are_not_found(api: APIClient, job_id: str) -> None:
    response = api.get(f"{URL}/status/{job_id}")
    assert (response.status_code, response.json()["error"]) == (404, "not_found")
