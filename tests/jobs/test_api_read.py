"""GET /jobs, /jobs/:id, /jobs/:id/status and /jobs/:id/events."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from pytest_django import DjangoAssertNumQueries
from rest_framework.test import APIClient

from jobs.events import NewEvent, record
from jobs.models import Job
from tests.factories import OTHER_USER, USER

URL = "/api/v1/gh/jobs"
JobFactory = Callable[..., Job]
UNKNOWN = "7b1c1e0a-0000-4000-8000-000000000000"

# Source: CONTRACT section 4.
COLUMN_NAMES = """
    id idempotency_key user_id created_by job_type target_url task_description input_data priority scheduled_at
    max_retries retry_count timeout_seconds status status_message started_at completed_at last_heartbeat worker_id
    manual_id engine_type result_data result_summary error_code error_details screenshot_urls artifact_urls metadata
    tags created_at updated_at callback_url valet_task_id resume_ref target_worker_id interaction_type
    interaction_data paused_at execution_mode browser_mode final_mode worker_affinity action_count total_tokens
    llm_cost_cents execution_attempt_id
"""
COLUMNS = set(COLUMN_NAMES.split())


def test_a_job_shows_every_column_of_the_contract(api: APIClient, job_factory: JobFactory) -> None:
    job = job_factory("running", target_worker_id="adam", user_id=USER)
    row = api.get(f"{URL}/{job.id}").json()

    assert row.keys() == COLUMNS
    assert (row["id"], row["target_worker_id"], row["worker_id"]) == (str(job.id), "adam", "adam")
    assert row["user_id"] == str(USER)
    assert row["input_data"] == job.input_data


def test_times_are_utc_with_milliseconds(api: APIClient, job_factory: JobFactory) -> None:
    moment = datetime(2026, 2, 15, 10, 0, 0, 123456, tzinfo=UTC)
    job = job_factory(scheduled_at=moment, created_at=moment.replace(microsecond=0))
    row = api.get(f"{URL}/{job.id}").json()
    assert (row["scheduled_at"], row["created_at"]) == (
        "2026-02-15T10:00:00.123Z",
        "2026-02-15T10:00:00.000Z",
    )


@pytest.mark.django_db
def test_a_row_that_another_program_inserted_is_shown(api: APIClient) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO gh_automation_jobs (job_type, target_url) VALUES ('apply', 'https://example.com') "
            "RETURNING id"
        )
        (job_id,) = cursor.fetchone()
    assert api.get(f"{URL}/{job_id}").json().keys() == COLUMNS
    assert api.get(f"/api/v1/gh/valet/status/{job_id}").json()["valet_task_id"] is None


def test_a_status_is_short(api: APIClient, job_factory: JobFactory) -> None:
    job = job_factory("running", status_message="Filling in the form")
    status = api.get(f"{URL}/{job.id}/status").json()
    assert status.keys() >= {"id", "status", "status_message", "started_at", "last_heartbeat", "completed_at"}
    assert (status["status"], status["status_message"]) == ("running", "Filling in the form")


def test_users_see_only_their_own(user_api: Callable[..., APIClient], job_factory: JobFactory) -> None:
    mine, theirs, nobodys = (job_factory(user_id=user) for user in (USER, OTHER_USER, None))
    client = user_api(USER)

    assert [row["id"] for row in client.get(URL).json()["jobs"]] == [str(mine.id)]
    assert client.get(URL, {"user_id": str(OTHER_USER)}).json()["total"] == 0
    for job in (theirs, nobodys):
        for path in ("", "/status", "/events"):
            assert client.get(f"{URL}/{job.id}{path}").status_code == 404
        for path in ("/cancel", "/retry"):
            assert client.post(f"{URL}/{job.id}{path}").status_code == 404
    assert client.get(f"{URL}/{mine.id}").status_code == 200


def test_users_do_not_see_the_key_in_callback_addresses(
    api: APIClient, user_api: Callable[..., APIClient], job_factory: JobFactory
) -> None:
    address = "https://valet.example.com/hook?token=shared-service-key"
    job = job_factory(user_id=USER, callback_url=address, metadata={"callback_url": address, "a": 1})

    assert api.get(f"{URL}/{job.id}").json()["callback_url"] == address
    for url in (URL, f"{URL}/{job.id}"):
        answer = user_api(USER).get(url)
        assert "shared-service-key" not in answer.content.decode()
        assert "https://valet.example.com/hook" in answer.content.decode()


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["", "/status", "/events"])
@pytest.mark.parametrize("job_id", [UNKNOWN, "nonsense", "1", "%00", f"{UNKNOWN}%0A", "%ED%A0%80"])
def test_unknown_ids_are_not_found(api: APIClient, job_id: str, path: str) -> None:
    response = api.get(f"{URL}/{job_id}{path}")
    assert (response.status_code, response.json()["error"]) == (404, "not_found")


@pytest.mark.django_db
def test_unknown_addresses_below_the_api_answer_json(api: APIClient) -> None:
    for path in ("/api/v1/gh/nothing", "/api/v1/gh/jobs/a/b/c", "/api/v2"):
        assert api.get(path).json()["error"] == "not_found"


class TestList:
    def test_newest_first_in_pages(self, api: APIClient, job_factory: JobFactory) -> None:
        start = datetime(2026, 1, 1, tzinfo=UTC)
        ids = [str(job_factory(created_at=start + timedelta(minutes=n)).id) for n in range(5)]

        page = api.get(URL, {"limit": 2, "offset": 1}).json()
        assert [row["id"] for row in page["jobs"]] == [ids[3], ids[2]]
        assert (page["total"], page["limit"], page["offset"]) == (5, 2, 1)
        assert api.get(URL).json()["limit"] == 20
        assert api.get(URL, {"offset": 99}).json()["jobs"] == []

    @pytest.mark.parametrize(
        ("asked", "expected"),
        [
            ({"status": "failed"}, ["b"]),
            ({"status": "failed, pending"}, ["a", "b"]),
            ({"status": "nonsense"}, []),
            ({"status": "failed,"}, ["b"]),
            ({"job_type": "scrape"}, ["b"]),
            ({"job_type": "scrap"}, []),
            ({"user_id": str(USER)}, ["a"]),
            ({"user_id": str(USER), "status": "failed"}, []),
            ({"colour": "red"}, ["a", "b"]),
        ],
    )
    def test_filters(
        self, api: APIClient, job_factory: JobFactory, asked: dict[str, str], expected: list[str]
    ) -> None:
        job_factory("pending", user_id=USER, idempotency_key="a")
        job_factory("failed", job_type="scrape", user_id=OTHER_USER, idempotency_key="b")
        page = api.get(URL, asked).json()
        assert sorted(row["idempotency_key"] for row in page["jobs"]) == expected
        assert page["total"] == len(expected)

    @pytest.mark.parametrize(
        ("sort", "expected"),
        [
            ("priority:asc", [1, 5, 9]),
            ("priority:desc", [9, 5, 1]),
            ("priority", [1, 5, 9]),
            ("-priority", [9, 5, 1]),
            ("created_at:asc", [5, 9, 1]),
            ("-created_at", [1, 9, 5]),
        ],
    )
    def test_sorts(self, api: APIClient, job_factory: JobFactory, sort: str, expected: list[int]) -> None:
        start = datetime(2026, 1, 1, tzinfo=UTC)
        for place, priority in enumerate((5, 9, 1)):
            job_factory(priority=priority, created_at=start + timedelta(minutes=place))
        rows = api.get(URL, {"sort": sort}).json()["jobs"]
        assert [row["priority"] for row in rows] == expected

    @pytest.mark.django_db
    @pytest.mark.parametrize(
        ("field", "value"),
        [
            ("limit", "0"),
            ("limit", "101"),
            ("limit", "ten"),
            ("limit", ""),
            ("limit", "1e2"),
            ("limit", "9" * 5000),
            ("offset", "-1"),
            ("offset", "9" * 30),
            ("user_id", "me"),
            ("user_id", ""),
            ("user_id", "\x00"),
            ("status", "pend\x00ing"),
            ("job_type", "\x00"),
            ("sort", "id; DROP TABLE gh_automation_jobs"),
            ("sort", "password:asc"),
            ("sort", "created_at:up"),
            ("sort", "--created_at"),
            ("sort", ""),
        ],
    )
    def test_bad_parameters_are_named(self, api: APIClient, field: str, value: str) -> None:
        response = api.get(URL, {field: value})
        assert response.status_code == 422
        assert [detail["field"] for detail in response.json()["details"]] == [field]

    @pytest.mark.django_db
    def test_more_parameters_than_anybody_needs(self, api: APIClient) -> None:
        assert api.get(f"{URL}?{'a=1&' * 2000}").status_code == 400

    def test_the_number_of_queries_does_not_grow(
        self, api: APIClient, job_factory: JobFactory, django_assert_num_queries: DjangoAssertNumQueries
    ) -> None:
        for _ in range(7):
            job_factory(screenshot_urls=["artifacts/x"])
        with django_assert_num_queries(2):
            assert len(api.get(URL).json()["jobs"]) == 7


class TestEvents:
    def _tell(self, job: Job, count: int) -> None:
        record(
            job.id, [NewEvent(f"step_{n % 2}", str(n), {"n": n}) for n in range(count)], actor="worker:adam"
        )

    def test_oldest_first_in_pages(
        self, api: APIClient, job_factory: JobFactory, django_assert_num_queries: DjangoAssertNumQueries
    ) -> None:
        job = job_factory()
        self._tell(job, 60)
        with django_assert_num_queries(3):
            page = api.get(f"{URL}/{job.id}/events").json()
        assert [event["message"] for event in page["events"]] == [str(n) for n in range(50)]
        assert (page["total"], page["limit"], page["offset"]) == (60, 50, 0)
        assert page["events"][0].keys() == {
            *("id", "job_id", "event_type", "from_status", "to_status"),
            *("message", "metadata", "actor", "created_at"),
        }
        assert page["events"][7]["metadata"] == {"n": 7}

    def test_of_one_type(self, api: APIClient, job_factory: JobFactory) -> None:
        job = job_factory()
        self._tell(job, 5)
        page = api.get(f"{URL}/{job.id}/events", {"event_type": "step_1", "limit": 200}).json()
        assert [event["message"] for event in page["events"]] == ["1", "3"]
        assert page["total"] == 2

    @pytest.mark.parametrize("asked", [{"limit": 0}, {"limit": 201}, {"offset": -1}, {"event_type": "\x00"}])
    def test_bad_parameters_are_named(
        self, api: APIClient, job_factory: JobFactory, asked: dict[str, Any]
    ) -> None:
        response = api.get(f"{URL}/{job_factory().id}/events", asked)
        assert response.status_code == 422
        assert [detail["field"] for detail in response.json()["details"]] == list(asked)


def test_every_answer_carries_a_request_id_and_is_not_stored(api: APIClient, db: Any) -> None:
    response = api.get(URL, headers={"X-Request-Id": "abc-1"})
    assert response["X-Request-Id"] == "abc-1"
    assert response["Cache-Control"] == "no-store"
    assert re.fullmatch(r"[0-9a-f-]{36}", api.get(URL)["X-Request-Id"])


@pytest.mark.django_db
def test_json_is_answered_whatever_is_accepted(api: APIClient) -> None:
    response = api.get(f"{URL}?format=xml", headers={"Accept": "text/html"})
    assert (response.status_code, response["Content-Type"]) == (200, "application/json")
