"""How answers are read: results, and the error for each refusal."""

from __future__ import annotations

import pickle
from datetime import UTC, datetime
from typing import Any

import httpx
import pytest

from ghosthands import client as package
from ghosthands.client import calls, errors, results
from ghosthands.client.answers import no_answer, read_answer

JOB_ID = "0b9c2e0e-6c1f-4d0e-9d55-0f4d52e4b7aa"
JOB: Any = {"job_type": "apply", "target_url": "https://jobs.example.com/1", "task_description": "Apply"}
PROFILE: Any = {"first_name": "Ada", "last_name": "Example", "email": "ada@example.com"}
CREATED_AT = "2026-02-15T10:00:00.000Z"


def answer(status: int, content: object = None, **headers: str) -> httpx.Response:
    return httpx.Response(status, json=content, headers=headers)


class TestReading:
    def test_a_job_with_new_and_missing_fields(self) -> None:
        job = read_answer(
            calls.get_job(JOB_ID),
            answer(
                200,
                {
                    "id": JOB_ID,
                    "status": "completed",
                    "job_type": "apply",
                    "target_url": "https://jobs.example.com/1",
                    "created_at": CREATED_AT,
                    "tags": ["valet"],
                    "screenshot_urls": None,
                    "llm_cost_cents": 2,
                    "invented_in_2030": {"deep": [1]},
                },
            ),
        )
        assert job.created_at == datetime(2026, 2, 15, 10, tzinfo=UTC)
        assert (job.tags, job.screenshot_urls, job.target_worker_id) == (("valet",), (), None)
        assert isinstance(job.llm_cost_cents, float)
        assert job.is_finished
        assert job.is_completed

    @pytest.mark.parametrize("status", ["pending", "queued", "running", "paused", "needs_human", "new-word"])
    def test_other_statuses_are_not_finished(self, status: str) -> None:
        assert not results.JobStatus(id=JOB_ID, status=status).is_finished

    def test_repr_of_a_job_hides_personal_data(self) -> None:
        job = results.Job(
            id=JOB_ID,
            status="pending",
            job_type="apply",
            target_url="https://jobs.example.com/1",
            created_at=datetime.now(UTC),
            input_data={"user_data": PROFILE},
        )
        assert "ada@example.com" not in repr(job)

    def test_valet_status_with_nested_parts(self) -> None:
        status = read_answer(
            calls.valet_status(JOB_ID),
            answer(
                200,
                {
                    "job_id": JOB_ID,
                    "valet_task_id": None,
                    "status": "running",
                    "progress": {"step": "filling_form", "progress_pct": 40, "unknown": 1},
                    "timestamps": {"created_at": CREATED_AT, "started_at": CREATED_AT, "completed_at": None},
                },
            ),
        )
        assert status.progress is not None
        assert (status.progress.step, status.progress.progress_pct) == ("filling_form", 40.0)
        assert status.timestamps.started_at == datetime(2026, 2, 15, 10, tzinfo=UTC)

    @pytest.mark.parametrize(
        ("content", "place"),
        [
            ([], "JobStatus is not an object"),
            ({"status": "pending"}, "JobStatus.id is missing"),
            ({"id": JOB_ID, "status": 5}, "JobStatus.status is no str"),
            ({"id": JOB_ID, "status": "pending", "started_at": "soon"}, "JobStatus.started_at is not a time"),
            ({"id": JOB_ID, "status": "pending", "started_at": 5}, "JobStatus.started_at is no datetime"),
        ],
    )
    def test_names_what_does_not_fit(self, content: object, place: str) -> None:
        with pytest.raises(package.ServerError, match=place):
            read_answer(calls.get_job_status(JOB_ID), answer(200, content))

    def test_true_is_no_number_and_a_text_is_no_list(self) -> None:
        page = {"jobs": [], "total": True, "limit": 20, "offset": 0}
        with pytest.raises(package.ServerError, match=r"JobPage\.total is no int"):
            read_answer(calls.list_jobs({}), answer(200, page))
        with pytest.raises(package.ServerError, match=r"JobPage\.jobs is no tuple"):
            read_answer(calls.list_jobs({}), answer(200, page | {"jobs": "none"}))

    @pytest.mark.parametrize("event_id", [7, "7"])
    def test_event_ids_may_be_numbers_or_texts(self, event_id: object) -> None:
        event = {"id": event_id, "event_type": "thought", "created_at": CREATED_AT, "metadata": None}
        page = read_answer(calls.get_job_events(JOB_ID, {}), answer(200, {"events": [event], "total": 1}))
        assert page.events[0].id == event_id
        assert page.events[0].metadata == {}

    @pytest.mark.parametrize("content", [b"", b"<html>", b"\xff", b"[" * 100_000, b"{"])
    def test_garbage_is_a_server_error(self, content: bytes) -> None:
        with pytest.raises(package.ServerError) as caught:
            read_answer(calls.get_job(JOB_ID), httpx.Response(200, content=content))
        assert caught.value.status_code == 200


class TestErrors:
    @pytest.mark.parametrize(
        ("status", "content", "kind"),
        [
            (401, {"error": "unauthorized", "message": "no"}, package.UnauthorizedError),
            (403, {"error": "forbidden"}, package.UnauthorizedError),
            (404, {"error": "not_found"}, package.JobNotFoundError),
            (404, None, package.ServerError),
            (404, ["not_found"], package.ServerError),
            (400, {"error": "bad_request"}, package.ValidationError),
            (413, {"error": "too_large"}, package.ValidationError),
            (409, {"error": "something_new"}, package.ServerError),
            (418, {"error": "teapot"}, package.ServerError),
            (500, {"error": "internal_error"}, package.ServerError),
            (502, None, package.ServerError),
            (429, None, package.RateLimitedError),
        ],
    )
    def test_status_to_class(self, status: int, content: object, kind: type[Exception]) -> None:
        with pytest.raises(kind) as caught:
            read_answer(calls.get_job(JOB_ID), answer(status, content, **{"x-request-id": "r-1"}))
        assert type(caught.value) is kind
        assert isinstance(caught.value, package.GhostHandsError)
        assert (caught.value.status_code, caught.value.request_id) == (status, "r-1")

    def test_404_on_a_create_is_no_missing_job(self) -> None:
        with pytest.raises(package.ServerError):
            read_answer(calls.create_job(JOB), answer(404, {"error": "not_found"}))

    def test_duplicate(self) -> None:
        content = {
            "error": "duplicate_idempotency_key",
            "existing_job_id": JOB_ID,
            "existing_status": "running",
            "duplicate": True,
        }
        with pytest.raises(package.DuplicateIdempotencyKeyError) as caught:
            read_answer(calls.create_job(JOB), answer(409, content))
        assert (caught.value.existing_job_id, caught.value.existing_status) == (JOB_ID, "running")

    @pytest.mark.parametrize(
        ("code", "kind"),
        [
            ("job_not_cancellable", package.JobNotCancellableError),
            ("job_not_retryable", package.JobNotRetryableError),
        ],
    )
    def test_a_status_that_forbids_it(self, code: str, kind: Any) -> None:
        content = {"error": code, "current_status": "completed", "reason": "It is done."}
        with pytest.raises(kind, match="It is done") as caught:
            read_answer(calls.cancel_job(JOB_ID), answer(409, content))
        assert (caught.value.current_status, caught.value.reason) == ("completed", "It is done.")

    def test_validation_names_the_fields(self) -> None:
        problem = {"field": "jobs.1.target_url", "message": "Enter a valid URL.", "code": "invalid"}
        content = {"error": "validation_error", "details": [problem, "noise"]}
        with pytest.raises(
            package.ValidationError, match=r"^jobs\.1\.target_url: Enter a valid URL\.$"
        ) as caught:
            read_answer(calls.create_job(JOB), answer(422, content))
        assert caught.value.details == (package.FieldProblem(**problem),)

    @pytest.mark.parametrize(
        ("header", "seconds"),
        [("12", 12.0), ("0", 0.0), ("", None), ("-1", None), ("nan", None), ("inf", None), ("soon", None)],
    )
    def test_retry_after(self, header: str, seconds: float | None) -> None:
        content = {"error": "rate_limit_exceeded"}
        with pytest.raises(package.RateLimitedError) as caught:
            read_answer(calls.get_job(JOB_ID), answer(429, content, **{"retry-after": header}))
        assert caught.value.retry_after == seconds

    def test_a_redirect_is_not_followed_but_explained(self) -> None:
        moved = answer(301, None, location="https://gh.example.com/")
        with pytest.raises(package.ServerError, match="give the final address as api_url"):
            read_answer(calls.get_job(JOB_ID), moved)

    @pytest.mark.parametrize(
        ("cause", "may_have_arrived"),
        [(httpx.ConnectError("refused"), False), (httpx.ReadTimeout("slow"), True)],
    )
    def test_a_broken_connection_tells_whether_anything_was_sent(
        self, cause: httpx.RequestError, may_have_arrived: bool
    ) -> None:
        assert no_answer(calls.cancel_job(JOB_ID), cause).may_have_arrived is may_have_arrived

    def test_errors_survive_pickling(self) -> None:
        error = errors.DuplicateIdempotencyKeyError("twice", existing_job_id=JOB_ID, existing_status="failed")
        copy = pickle.loads(pickle.dumps(error))
        assert str(copy) == "twice"
        assert copy.existing_job_id == JOB_ID
