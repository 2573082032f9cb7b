"""POST /jobs/:id/resume, POST /valet/resume/:jobId, and what is remembered of a user's answers."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

import pytest
from cryptography.fernet import Fernet
from django.db.models.functions import Now
from rest_framework.test import APIClient

from jobs.models import Job, RememberedAnswer, SealedResolution
from tests.factories import OTHER_USER, USER, make_job

pytestmark = pytest.mark.django_db
UserApi = Callable[[UUID], APIClient]


@pytest.fixture(autouse=True)
def keys(settings: Any) -> None:
    settings.GH_ENCRYPTION_KEYS = [Fernet.generate_key().decode()]


def valet(api: APIClient, job: Job, body: Any = None) -> Any:
    return api.post(f"/api/v1/gh/valet/resume/{job.id}", body, format="json")


@pytest.mark.parametrize(
    ("body", "message"),
    [
        (None, "Resumed by service"),
        ({}, "Resumed by service"),
        ({"notes": "Solved it"}, "Solved it"),
        ({"resolution_notes": "Solved", "notes": "other", "resolved_by": "system"}, "Solved"),
        ({"resolved_by": None, "resolution_type": None, "resolution_data": None}, "Resumed by service"),
        ({"resolution_type": "skip", "unknown": 1}, "Resumed by service"),
        ({"resolution_type": "code_entry", "resolution_data": {"code": 493817}}, "Resumed by service"),
    ],
)
def test_every_body_of_valet_resumes(api: APIClient, body: Any, message: str) -> None:
    job = make_job("paused", interaction_type="captcha")
    answer = valet(api, job, body)
    assert (answer.status_code, answer.json()["status"]) == (200, "running")
    assert answer.json()["job_status"] == "pending"
    assert answer.json()["resolved_by"] == ((body or {}).get("resolved_by") or "human")
    job.refresh_from_db()
    assert (job.status, job.status_message) == ("pending", message)
    assert "493817" not in answer.content.decode()


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"resolved_by": "robot"}, "resolved_by"),
        ({"resolution_type": "magic"}, "resolution_type"),
        ({"notes": "x" * 501}, "notes"),
        ({"resolution_data": "493817"}, "resolution_data"),
        ({"resolution_data": {"submitted": "yes"}}, "resolution_data.submitted"),
        ({"resolution_data": {"answers": "No"}}, "resolution_data.answers"),
        ({"resolution_data": {"code": ["4"]}}, "resolution_data.code"),
        ({"resolution_data": {"password": ""}}, "resolution_data.password"),
    ],
)
def test_what_makes_no_sense_is_refused(api: APIClient, body: Any, field: str) -> None:
    job = make_job("paused")
    answer = valet(api, job, body)
    assert (answer.status_code, answer.json()["details"][0]["field"]) == (422, field)
    job.refresh_from_db()
    assert job.status == "paused"


@pytest.mark.parametrize("status", ["pending", "running", "completed", "cancelled"])
def test_what_waits_for_nobody_is_not_resumed(api: APIClient, status: str) -> None:
    answer = valet(api, make_job(status))
    assert (answer.status_code, answer.json()["error"]) == (409, "invalid_state")
    assert answer.json()["current_status"] == status


def test_an_unknown_job_is_not_found(api: APIClient) -> None:
    assert api.post(f"/api/v1/gh/valet/resume/{USER}").status_code == 404
    assert api.post("/api/v1/gh/valet/resume/x").status_code == 404


def test_a_bare_resume_never_sends_a_form_again(api: APIClient) -> None:
    job = make_job("paused", interaction_type="verify_submission", submit_armed_at=Now())
    refused = valet(api, job)
    assert (refused.status_code, refused.json()["error"]) == (409, "invalid_state")
    assert '{"submitted": true}' in refused.json()["reason"]
    done = valet(api, job, {"resolution_data": {"submitted": True}}).json()
    assert (done["status"], done["job_status"]) == ("running", "completed")
    job.refresh_from_db()
    assert job.result_data["verified_by"] == "service"


@pytest.mark.parametrize("data", [{"code": "493817"}, {"submitted": True}])
def test_what_a_question_does_not_ask_for_is_refused_with_what_it_does(
    api: APIClient, data: dict[str, Any]
) -> None:
    asked = {"questions": [{"question": "Remote?", "kind": "radio"}]}
    job = make_job("paused", interaction_type="question", interaction_data=asked)
    answer = valet(api, job, {"resolution_data": data})
    assert (answer.status_code, answer.json()["details"][0]["field"]) == (422, "resolution_data")
    assert ("Remote?" in answer.json()["message"]) == ("code" in data)
    assert answer.json()["details"][0]["code"] == "not_asked_for"
    job.refresh_from_db()
    assert job.status == "paused"


def test_secrets_are_refused_where_they_cannot_be_kept(api: APIClient, settings: Any) -> None:
    settings.GH_ENCRYPTION_KEYS = []
    answer = valet(api, make_job("paused"), {"resolution_data": {"code": "493817"}})
    assert answer.status_code == 422
    assert "GH_ENCRYPTION_KEYS" in answer.json()["message"]
    assert not SealedResolution.objects.exists()


def test_users_resume_their_own_jobs(user_api: UserApi) -> None:
    job = make_job("paused", user_id=USER)
    assert user_api(OTHER_USER).post(f"/api/v1/gh/jobs/{job.id}/resume").status_code == 404
    answer = user_api(USER).post(f"/api/v1/gh/jobs/{job.id}/resume").json()
    assert (answer["id"], answer["status"]) == (str(job.id), "pending")


def remembered(user_id: UUID = USER, question: str = "Remote?", **fields: Any) -> RememberedAnswer:
    return RememberedAnswer.objects.create(
        user_id=user_id, question=question, question_key=question.lower(), answer="Yes", **fields
    )


def test_answers_are_listed_corrected_and_forgotten(user_api: UserApi) -> None:
    mine, other = remembered(site="boards.example.com/tansy"), remembered(OTHER_USER)
    api, url = user_api(USER), f"/api/v1/gh/users/{USER}/answers"
    listed = api.get(url).json()
    assert (listed["total"], listed["answers"][0]["question"]) == (1, "Remote?")
    corrected = api.patch(f"{url}/{mine.id}", {"answer": "No"}, format="json").json()
    assert (corrected["id"], corrected["answer"]) == (mine.id, "No")
    assert api.patch(f"{url}/{other.id}", {"answer": "No"}, format="json").status_code == 404
    assert api.patch(f"{url}/{mine.id}", {}, format="json").status_code == 422
    assert api.delete(f"{url}/{other.id}").status_code == 404
    assert api.delete(f"{url}/{mine.id}").json()["deleted_count"] == 1
    remembered()
    assert api.delete(url).json() == {"user_id": str(USER), "deleted_count": 1}
    assert list(RememberedAnswer.objects.all()) == [other]


def test_answers_of_others_are_for_the_service_only(api: APIClient, user_api: UserApi) -> None:
    remembered(OTHER_USER)
    url = f"/api/v1/gh/users/{OTHER_USER}/answers"
    assert user_api(USER).get(url).status_code == 403
    assert user_api(USER).delete(url).status_code == 403
    assert api.get(url).json()["total"] == 1
    assert api.get("/api/v1/gh/users/x/answers").status_code == 404
