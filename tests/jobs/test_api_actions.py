"""POST /jobs/:id/cancel and /jobs/:id/retry."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.db.models.functions import Now
from rest_framework.test import APIClient

from jobs.models import Job, JobEvent
from jobs.states import CANCELLABLE, RETRYABLE, Status
from tests.factories import USER

JobFactory = Callable[..., Job]
UNKNOWN = "7b1c1e0a-0000-4000-8000-000000000000"


def post(client: APIClient, job: Job, verb: str, body: Any = None) -> Any:
    return client.post(f"/api/v1/gh/jobs/{job.id}/{verb}", body, format="json")


@pytest.mark.parametrize("status", sorted(CANCELLABLE))
def test_what_has_not_ended_is_cancelled(api: APIClient, job_factory: JobFactory, status: str) -> None:
    job = job_factory(status)
    response = post(api, job, "cancel")

    assert response.status_code == 200
    answer = response.json()
    assert (answer["id"], answer["status"]) == (str(job.id), "cancelled")
    assert answer["cancelled_at"] == answer["completed_at"] is not None
    job.refresh_from_db()
    assert job.status == "cancelled"
    assert JobEvent.objects.get(job=job, to_status="cancelled").actor == "service"


@pytest.mark.parametrize("status", sorted(set(Status) - CANCELLABLE))
def test_what_has_ended_is_not_cancelled(api: APIClient, job_factory: JobFactory, status: str) -> None:
    response = post(api, job_factory(status), "cancel")
    assert response.status_code == 409
    assert response.json()["error"] == "job_not_cancellable"
    assert response.json()["current_status"] == status
    assert response.json()["reason"]


def test_a_job_that_may_be_sending_its_form_is_paused_instead(
    api: APIClient, job_factory: JobFactory
) -> None:
    job = job_factory("running", submit_armed_at=Now())
    response = post(api, job, "cancel")
    assert (response.status_code, response.json()["current_status"]) == (409, "paused")
    assert "verify" in response.json()["reason"]
    job.refresh_from_db()
    assert (job.status, job.interaction_type) == ("paused", "verify_submission")


@pytest.mark.parametrize("status", sorted(RETRYABLE))
def test_what_failed_or_was_cancelled_is_retried(
    api: APIClient, job_factory: JobFactory, status: str
) -> None:
    job = job_factory(status, target_worker_id="adam", error_code="timeout", retry_count=2)
    response = post(api, job, "retry")

    assert response.status_code == 200
    assert response.json() == {"id": str(job.id), "status": "pending", "retry_count": 3}
    job.refresh_from_db()
    assert (job.target_worker_id, job.error_code, job.completed_at) == ("adam", None, None)


@pytest.mark.parametrize("status", sorted(set(Status) - RETRYABLE))
def test_other_jobs_are_not_retried(api: APIClient, job_factory: JobFactory, status: str) -> None:
    response = post(api, job_factory(status), "retry")
    assert response.status_code == 409
    assert response.json()["error"] == "job_not_retryable"
    assert response.json()["current_status"] == status


def test_a_second_sending_must_be_confirmed(api: APIClient, job_factory: JobFactory) -> None:
    job = job_factory("failed", submit_armed_at=Now())
    for body in (None, {}, {"confirm_resubmit": False}):
        response = post(api, job, "retry", body)
        assert (response.status_code, response.json()["current_status"]) == (409, "failed")
    for word in ("yes", 1, "true", None):
        response = post(api, job, "retry", {"confirm_resubmit": word})
        assert response.status_code == 422
        assert response.json()["details"][0]["field"] == "confirm_resubmit"
    assert post(api, job, "retry", {"confirm_resubmit": True}).status_code == 200


@pytest.mark.parametrize("verb", ["cancel", "retry"])
@pytest.mark.parametrize("content_type", ["application/json", "application/json; charset=utf-8", ""])
def test_no_body_is_needed(api: APIClient, job_factory: JobFactory, verb: str, content_type: str) -> None:
    job = job_factory("failed" if verb == "retry" else "pending")
    response = api.generic("POST", f"/api/v1/gh/jobs/{job.id}/{verb}", b"", content_type=content_type)
    assert response.status_code == 200


def test_a_chunked_body_is_read(api: APIClient, job_factory: JobFactory) -> None:
    job = job_factory("failed", submit_armed_at=Now())
    response = api.generic(
        "POST",
        f"/api/v1/gh/jobs/{job.id}/retry",
        b'{"confirm_resubmit": true}',
        content_type="application/json",
        headers={"Transfer-Encoding": "chunked"},
    )
    assert response.status_code == 200


@pytest.mark.django_db
@pytest.mark.parametrize("verb", ["cancel", "retry"])
@pytest.mark.parametrize("job_id", [UNKNOWN, "a23c", "%00"])
def test_unknown_jobs_are_not_found(api: APIClient, verb: str, job_id: str) -> None:
    assert api.post(f"/api/v1/gh/jobs/{job_id}/{verb}").json()["error"] == "not_found"


def test_a_users_own_actions_carry_their_name(
    user_api: Callable[..., APIClient], job_factory: JobFactory
) -> None:
    job = job_factory(user_id=USER)
    assert post(user_api(USER), job, "cancel").status_code == 200
    assert post(user_api(USER), job, "retry").status_code == 200
    assert set(JobEvent.objects.values_list("actor", flat=True)) == {f"user:{USER}"}


@pytest.mark.parametrize(
    ("method", "path"), [("get", "/cancel"), ("delete", ""), ("put", ""), ("post", "/status")]
)
def test_other_methods_are_refused(api: APIClient, job_factory: JobFactory, method: str, path: str) -> None:
    response = getattr(api, method)(f"/api/v1/gh/jobs/{job_factory().id}{path}")
    assert (response.status_code, response.json()["error"]) == (405, "method_not_allowed")
