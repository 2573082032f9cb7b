"""POST /jobs and /jobs/batch."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from typing import Any

import pytest
from django.db import connection
from rest_framework.test import APIClient

from jobs import registry
from jobs.models import Job, JobEvent
from tests.factories import OTHER_USER, PROFILE, USER

URL = "/api/v1/gh/jobs"
CHORE: dict[str, Any] = {
    "job_type": "apply",
    "target_url": "https://example.com/careers",
    "task_description": "Apply to the Software Engineer position",
}


def fields_of(response: Any) -> list[str]:
    return [detail["field"] for detail in response.json()["details"]]


@pytest.mark.django_db
def test_the_shortest_request_gets_every_default(api: APIClient) -> None:
    response = api.post(URL, CHORE, format="json")

    assert response.status_code == 201
    assert response.json().keys() == {"id", "status", "created_at"}
    assert response.json()["status"] == "pending"
    job = Job.objects.get(id=response.json()["id"])
    assert (job.priority, job.max_retries, job.timeout_seconds, job.tags) == (5, 3, 300, [])
    assert (job.input_data, job.metadata, job.user_id, job.target_worker_id) == ({}, {}, None, None)
    assert JobEvent.objects.get(job=job).actor == "service"


@pytest.mark.django_db
def test_the_answer_tells_that_nobody_takes_the_type(api: APIClient) -> None:
    registry.register("adam", metadata={"job_types": ["apply"]})
    strange = CHORE | {"job_type": "translate"}
    [warning] = api.post(URL, strange, format="json").json()["warnings"]
    assert warning.startswith("No running worker takes jobs of type translate")
    batch = api.post(f"{URL}/batch", {"jobs": [CHORE, strange, strange]}, format="json").json()
    assert (batch["created"], batch["warnings"]) == (3, [warning])
    task = strange | {"valet_task_id": "task-1", "valet_user_id": str(USER)}
    assert api.post("/api/v1/gh/valet/task", task, format="json").json()["warnings"] == [warning]
    assert "warnings" not in api.post(URL, CHORE, format="json").json()


WRONG_INPUT: list[tuple[str, dict[str, Any], str]] = [
    ("fill_form", {"form_data": 3}, "form_data"),
    ("fill_form", {"form_data": {}}, "form_data"),
    ("fill_form", {"form_data": {"Name": ["a", "b"]}}, "form_data.Name"),
    ("fill_form", {"form_data": {"Name": "A"}, "submit": "no"}, "submit"),
    ("custom", {"steps": []}, "steps"),
    ("custom", {"steps": [{"action": "dance"}]}, "steps.0.action"),
    ("custom", {"steps": [{"action": "goto", "url": "ftp://example.com"}]}, "steps.0.url"),
    ("scrape", {"fields": {"title": 7}}, "fields.title"),
    ("scrape", {"schema": {"type": "nonsense"}}, "schema.type"),
]


@pytest.mark.django_db
@pytest.mark.parametrize(("job_type", "input_data", "field"), WRONG_INPUT)
def test_input_that_can_never_work_is_refused(
    api: APIClient, job_type: str, input_data: dict[str, Any], field: str
) -> None:
    wrong = CHORE | {"job_type": job_type, "input_data": input_data}
    response = api.post(URL, wrong, format="json")
    assert (response.status_code, fields_of(response)) == (422, [f"input_data.{field}"])
    response = api.post(f"{URL}/batch", {"jobs": [CHORE, wrong]}, format="json")
    assert (response.status_code, fields_of(response)) == (422, [f"jobs.1.input_data.{field}"])
    task = wrong | {"valet_task_id": "task-1", "valet_user_id": str(USER)}
    response = api.post("/api/v1/gh/valet/task", task, format="json")
    assert (response.status_code, fields_of(response)) == (422, [f"input_data.{field}"])
    assert not Job.objects.exists()
    # A type that only somebody else's worker knows has that worker's rules.
    assert api.post(URL, wrong | {"job_type": "theirs"}, format="json").status_code == 201


@pytest.mark.django_db
@pytest.mark.parametrize("job_type", ["apply", "fill_form", "custom", "scrape"])
def test_what_the_originals_clients_leave_out_is_left_to_the_worker(api: APIClient, job_type: str) -> None:
    assert api.post(URL, CHORE | {"job_type": job_type}, format="json").status_code == 201


@pytest.mark.django_db
def test_every_field_is_stored(api: APIClient) -> None:
    everything = CHORE | {
        "user_id": str(USER),
        "input_data": {
            "resume_path": "cv.pdf",
            "resume_id": str(uuid.uuid4()),
            "user_data": PROFILE | {"phone": "+1 555 0100", "pronouns": "they"},
            "tier": "pro",
            "platform": "lever",
            "qa_overrides": {"Notice period?": "4 weeks"},
            "steps": [{"action": "click"}],
        },
        "priority": 1,
        "scheduled_at": "2026-02-15T12:00:00+02:00",
        "max_retries": 0,
        "timeout_seconds": 1800,
        "tags": ["a", "b"],
        "idempotency_key": "key-1",
        "metadata": {"batch": 7},
        "target_worker_id": "adam",
        "colour": "ignored",
    }
    response = api.post(URL, everything, format="json")

    assert response.status_code == 201
    job = Job.objects.get()
    assert job.input_data == everything["input_data"]
    assert job.scheduled_at == datetime(2026, 2, 15, 10, tzinfo=UTC)
    assert (job.user_id, job.priority, job.max_retries, job.timeout_seconds) == (USER, 1, 0, 1800)
    assert (job.tags, job.metadata, job.idempotency_key) == (["a", "b"], {"batch": 7}, "key-1")
    assert job.target_worker_id == "adam"


@pytest.mark.django_db
def test_what_clients_send_for_nothing_is_nothing(api: APIClient) -> None:
    nothing = {"idempotency_key": None, "scheduled_at": None, "target_worker_id": "", "user_id": None}
    for _ in range(2):
        assert api.post(URL, CHORE | nothing, format="json").status_code == 201
    assert set(Job.objects.values_list("idempotency_key", "target_worker_id", "user_id")) == {(None,) * 3}


@pytest.mark.django_db
def test_a_whole_number_with_a_fraction_of_zero_is_a_whole_number(api: APIClient) -> None:
    assert api.post(URL, CHORE | {"priority": 2.0}, format="json").status_code == 201
    assert Job.objects.get().priority == 2


@pytest.mark.django_db
def test_a_users_job_is_their_own(user_api: Callable[..., APIClient]) -> None:
    assert user_api(USER).post(URL, CHORE, format="json").status_code == 201
    assert user_api(USER).post(URL, CHORE | {"user_id": str(USER)}, format="json").status_code == 201
    assert set(Job.objects.values_list("user_id", flat=True)) == {USER}
    assert set(JobEvent.objects.values_list("actor", flat=True)) == {f"user:{USER}"}


@pytest.mark.django_db
def test_a_user_cannot_create_for_another(user_api: Callable[..., APIClient]) -> None:
    response = user_api(USER).post(URL, CHORE | {"user_id": str(OTHER_USER)}, format="json")
    assert (response.status_code, fields_of(response)) == (422, ["user_id"])

    batch = {"jobs": [CHORE, CHORE | {"user_id": str(OTHER_USER)}]}
    response = user_api(USER).post(f"{URL}/batch", batch, format="json")
    assert (response.status_code, fields_of(response)) == (422, ["jobs.1.user_id"])

    response = user_api(USER).post(
        f"{URL}/batch", {"jobs": [CHORE], "user_id": str(OTHER_USER)}, format="json"
    )
    assert (response.status_code, fields_of(response)) == (422, ["user_id"])
    assert not Job.objects.exists()


@pytest.mark.django_db
def test_a_key_used_before_names_the_existing_job(api: APIClient) -> None:
    first = api.post(URL, CHORE | {"idempotency_key": "once"}, format="json").json()
    for url, body in ((URL, CHORE), (f"{URL}/batch", None)):
        again = (body or CHORE) | {"idempotency_key": "once"}
        response = api.post(url, again if body else {"jobs": [CHORE, again]}, format="json")

        assert response.status_code == 409
        assert response.json()["error"] == "duplicate_idempotency_key"
        assert response.json()["existing_job_id"] == first["id"]
        assert response.json()["existing_status"] == "pending"
    assert Job.objects.count() == 1


@pytest.mark.django_db
def test_a_key_used_by_somebody_else_tells_nothing_about_their_job(
    user_api: Callable[..., APIClient], job_factory: Callable[..., Job]
) -> None:
    job_factory(user_id=OTHER_USER, idempotency_key="theirs")
    mine = job_factory(user_id=USER, idempotency_key="mine")

    response = user_api(USER).post(URL, CHORE | {"idempotency_key": "theirs"}, format="json")
    assert response.status_code == 409
    assert (response.json()["existing_job_id"], response.json()["existing_status"]) == (None, None)

    response = user_api(USER).post(URL, CHORE | {"idempotency_key": "mine"}, format="json")
    assert response.json()["existing_job_id"] == str(mine.id)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("route", ["jobs", "jobs/batch", "valet/apply"])
def test_one_of_many_requests_at_once_with_one_key_wins(api: APIClient, route: str) -> None:
    body = {
        "jobs": CHORE | {"idempotency_key": "race"},
        "jobs/batch": {"jobs": [CHORE | {"idempotency_key": "race"}, CHORE]},
        "valet/apply": {
            "valet_task_id": "task",
            "valet_user_id": str(USER),
            "target_url": "https://example.com",
            "profile": PROFILE,
            "idempotency_key": "race",
        },
    }[route]

    def post(_: int) -> int:
        try:
            return api.post(f"/api/v1/gh/{route}", body, format="json").status_code
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        answers = sorted(pool.map(post, range(8)))
    assert answers == [201] + [409] * 7
    assert Job.objects.filter(idempotency_key="race").count() == 1


@pytest.mark.django_db
def test_a_batch_is_created_in_order_over_its_defaults(api: APIClient) -> None:
    batch = {
        "user_id": str(USER),
        "defaults": {
            "priority": 2,
            "max_retries": 1,
            "timeout_seconds": 60,
            "tags": ["night"],
            "metadata": {"a": 1},
        },
        "jobs": [
            CHORE,
            CHORE | {"priority": 9, "tags": [], "metadata": {"b": 2}, "target_worker_id": "adam"},
            CHORE | {"user_id": str(OTHER_USER)},
        ],
    }
    response = api.post(f"{URL}/batch", batch, format="json")

    assert response.status_code == 201
    assert response.json()["created"] == 3
    jobs = [Job.objects.get(id=job_id) for job_id in response.json()["job_ids"]]
    assert [job.priority for job in jobs] == [2, 9, 2]
    assert [job.tags for job in jobs] == [["night"], [], ["night"]]
    assert [job.metadata for job in jobs] == [{"a": 1}, {"b": 2}, {"a": 1}]
    assert [job.user_id for job in jobs] == [USER, USER, OTHER_USER]
    assert [job.target_worker_id for job in jobs] == [None, "adam", None]
    assert {(job.max_retries, job.timeout_seconds) for job in jobs} == {(1, 60)}


@pytest.mark.django_db
@pytest.mark.parametrize(("count", "status"), [(0, 422), (1, 201), (50, 201), (51, 422)])
def test_a_batch_holds_1_to_50(api: APIClient, count: int, status: int) -> None:
    response = api.post(f"{URL}/batch", {"jobs": [CHORE] * count}, format="json")
    assert response.status_code == status
    assert Job.objects.count() == (count if status == 201 else 0)
    assert status == 201 or fields_of(response) == ["jobs"]


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("batch", "fields"),
    [
        ({"jobs": [CHORE, CHORE | {"target_url": "nowhere"}]}, ["jobs.1.target_url"]),
        ({"jobs": [CHORE, 7]}, ["jobs.1"]),
        ({"jobs": {"0": CHORE}}, ["jobs"]),
        ({"jobs": [CHORE], "defaults": {"priority": 11}}, ["defaults.priority"]),
        ({"jobs": [CHORE], "defaults": []}, ["defaults"]),
        (
            {"jobs": [CHORE | {"idempotency_key": "x"}, CHORE, CHORE | {"idempotency_key": "x"}]},
            ["jobs.0.idempotency_key", "jobs.2.idempotency_key"],
        ),
    ],
)
def test_one_bad_entry_refuses_the_whole_batch(
    api: APIClient, batch: dict[str, Any], fields: list[str]
) -> None:
    response = api.post(f"{URL}/batch", batch, format="json")
    assert (response.status_code, fields_of(response)) == (422, fields)
    assert not Job.objects.exists()


@pytest.mark.django_db
@pytest.mark.parametrize("place", ["storage_path", "s3_key"])
def test_users_name_no_file_of_the_common_storage(
    api: APIClient, user_api: Callable[..., APIClient], place: str
) -> None:
    letter = {"cover_letter_ref": {place: "resumes/somebody-else.pdf"}}
    batch = {"jobs": [CHORE | {"input_data": letter}]}
    refused = user_api(USER).post(URL, CHORE | {"input_data": letter}, format="json")
    assert (refused.status_code, fields_of(refused)) == (422, ["input_data.cover_letter_ref"])
    assert user_api(USER).post(f"{URL}/batch", batch, format="json").status_code == 422
    assert api.post(URL, CHORE | {"input_data": letter}, format="json").status_code == 201
    own = {"cover_letter_ref": {"download_url": "https://example.com/letter.pdf"}}
    assert user_api(USER).post(URL, CHORE | {"input_data": own}, format="json").status_code == 201


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("path", "status"),
    [(f"{USER}/cv.pdf", 201), ("cv.pdf", 422), (f"{OTHER_USER}/cv.pdf", 422), (f"{USER}/../cv.pdf", 422)],
)
def test_users_name_resumes_of_their_own_folder_only(
    api: APIClient, user_api: Callable[..., APIClient], path: str, status: int
) -> None:
    asked = CHORE | {"input_data": {"resume_path": path}}
    assert user_api(USER).post(URL, asked, format="json").status_code == status
    assert api.post(URL, asked, format="json").status_code == 201
