"""The pure parts: addresses, what is sent, and how answers are read."""

from __future__ import annotations

import inspect
import json
import pickle
import subprocess
import sys
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from types import MappingProxyType
from typing import Any
from uuid import UUID

import httpx
import pytest

from ghosthands import client as package
from ghosthands.client import AsyncGhostHandsClient, GhostHandsClient, address, calls, errors, results
from ghosthands.client.answers import no_answer, read_answer

JOB_ID = "0b9c2e0e-6c1f-4d0e-9d55-0f4d52e4b7aa"
JOB: Any = {"job_type": "apply", "target_url": "https://jobs.example.com/1", "task_description": "Apply"}
VALET: Any = {
    "valet_task_id": "valet-1",
    "valet_user_id": UUID("00000000-0000-0000-0000-000000000001"),
    "target_url": "https://jobs.example.com/1",
}
PROFILE: Any = {"first_name": "Ada", "last_name": "Example", "email": "ada@example.com"}
CREATED_AT = "2026-02-15T10:00:00.000Z"


def body(call: calls.Call[Any]) -> Any:
    assert call.body is not None
    return json.loads(call.body)


def answer(status: int, content: object = None, **headers: str) -> httpx.Response:
    return httpx.Response(status, json=content, headers=headers)


class TestAddress:
    @pytest.mark.parametrize(
        ("given", "base"),
        [
            ("http://localhost:3100", "http://localhost:3100/api/v1/gh"),
            ("http://localhost:3100/", "http://localhost:3100/api/v1/gh"),
            ("http://localhost:3100/api/v1/gh", "http://localhost:3100/api/v1/gh"),
            ("https://gh.example.com/api/v1/gh/", "https://gh.example.com/api/v1/gh"),
            ("https://example.com/tools/gh", "https://example.com/tools/gh/api/v1/gh"),
        ],
    )
    def test_takes_the_server_or_the_whole_base(self, given: str, base: str) -> None:
        assert address.resolve(given, api_key="k", token=None).api_url == base

    @pytest.mark.parametrize(
        "given",
        ["", "localhost:3100", "ftp://example.com", "http://", "http://u:p@h", "http://h?a=1", "http://h#x"],
    )
    def test_refuses_what_is_no_server(self, given: str) -> None:
        with pytest.raises(ValueError, match="api_url"):
            GhostHandsClient(given, "key")

    @pytest.mark.parametrize("secret", ["", "secret\n", "with space", "schlüssel"])
    def test_refuses_a_secret_no_header_can_carry_without_quoting_it(self, secret: str) -> None:
        with pytest.raises(ValueError, match=r"^api_key is empty or") as caught:
            GhostHandsClient("http://h", secret)
        assert not secret or secret not in str(caught.value)

    @pytest.mark.parametrize("credentials", [{}, {"api_key": "a", "token": "b"}])
    def test_wants_exactly_one_credential(self, credentials: dict[str, str]) -> None:
        with pytest.raises(ValueError, match="either"):
            GhostHandsClient("http://h", **credentials)

    def test_sends_a_key_or_a_token(self) -> None:
        by_key = address.resolve("http://h", api_key="k", token=None)
        by_token = address.resolve("http://h", api_key=None, token="t")
        assert by_key.headers["X-GH-Service-Key"] == "k"
        assert by_token.headers["Authorization"] == "Bearer t"

    @pytest.mark.parametrize("kind", [GhostHandsClient, AsyncGhostHandsClient])
    def test_repr_names_the_server_and_hides_the_key(self, kind: Any) -> None:
        client = kind("http://localhost:3100", "top-secret")
        assert repr(client) == f"{kind.__name__}('http://localhost:3100/api/v1/gh')"
        assert "top-secret" not in repr(vars(client))


class TestWhatIsSent:
    def test_leaves_out_what_is_none(self) -> None:
        call = calls.create_job({**JOB, "target_worker_id": None, "idempotency_key": None})
        assert body(call) == JOB

    def test_writes_ids_times_and_mappings(self) -> None:
        later = datetime(2026, 3, 1, 12, tzinfo=timezone(timedelta(hours=2)))
        call = calls.create_job(
            {
                **JOB,
                "user_id": VALET["valet_user_id"],
                "scheduled_at": later,
                "metadata": MappingProxyType({"a": 1}),
                "tags": ("x", "y"),
            }
        )
        assert body(call) == {
            **JOB,
            "user_id": "00000000-0000-0000-0000-000000000001",
            "scheduled_at": "2026-03-01T12:00:00+02:00",
            "metadata": {"a": 1},
            "tags": ["x", "y"],
        }

    def test_refuses_a_time_without_a_zone(self) -> None:
        with pytest.raises(ValueError, match="time zone"):
            calls.create_job({**JOB, "scheduled_at": datetime(2026, 3, 1)})

    @pytest.mark.parametrize("value", [float("nan"), {1, 2}, b"bytes"])
    def test_refuses_what_json_cannot_say(self, value: object) -> None:
        with pytest.raises((TypeError, ValueError), match="JSON"):
            calls.create_job({**JOB, "input_data": {"value": value}})

    def test_refuses_a_misspelt_field_instead_of_losing_it(self) -> None:
        with pytest.raises(TypeError, match=r"CreateJobParams has no target_worker$"):
            calls.create_job({**JOB, "target_worker": "adam"})

    @pytest.mark.parametrize("url", [None, "absent"])
    def test_names_a_missing_field(self, url: str | None) -> None:
        params: Any = {**JOB, "target_url": url}
        if url == "absent":
            del params["target_url"]
        with pytest.raises(TypeError, match=r"needs target_url$"):
            calls.create_job(params)

    def test_batch_carries_user_and_defaults(self) -> None:
        call = calls.create_jobs([JOB, JOB], user_id=JOB_ID, defaults={"priority": 2})
        assert (call.method, call.path) == ("POST", "/jobs/batch")
        assert body(call) == {"jobs": [JOB, JOB], "user_id": JOB_ID, "defaults": {"priority": 2}}

    def test_list_filters_become_the_query(self) -> None:
        call = calls.list_jobs({"status": ["failed", "cancelled"], "limit": 5, "offset": 0, "job_type": None})
        assert call.query == {"status": "failed,cancelled", "limit": "5", "offset": "0"}
        assert calls.list_jobs({"status": "failed"}).query == {"status": "failed"}

    def test_valet_calls(self) -> None:
        apply = calls.valet_apply({**VALET, "profile": PROFILE, "target_worker_id": "adam"})
        task = calls.valet_task({**VALET, "job_type": "scrape", "task_description": "Read"})
        assert (apply.path, body(apply)["target_worker_id"]) == ("/valet/apply", "adam")
        assert (task.path, body(task)["job_type"]) == ("/valet/task", "scrape")

    @pytest.mark.parametrize("job_id", ["", "..", "a23c", "../../jobs", f"{JOB_ID}/cancel", "\x00"])
    def test_an_id_that_is_no_uuid_names_no_job(self, job_id: str) -> None:
        with pytest.raises(package.JobNotFoundError) as caught:
            calls.get_job(job_id)
        assert caught.value.job_id == job_id

    def test_paths(self) -> None:
        assert calls.get_job(UUID(JOB_ID)).path == f"/jobs/{JOB_ID}"
        assert calls.get_job_status(JOB_ID).path == f"/jobs/{JOB_ID}/status"
        assert calls.get_job_events(JOB_ID, {"limit": 3}).path == f"/jobs/{JOB_ID}/events"
        assert calls.valet_status(JOB_ID).path == f"/valet/status/{JOB_ID}"
        cancel, retry = calls.cancel_job(JOB_ID), calls.retry_job(JOB_ID)
        assert (cancel.method, cancel.path, cancel.body) == ("POST", f"/jobs/{JOB_ID}/cancel", None)
        assert (retry.method, retry.path, retry.body) == ("POST", f"/jobs/{JOB_ID}/retry", None)

    def test_only_harmless_calls_may_be_repeated(self) -> None:
        keyed: Any = {**JOB, "idempotency_key": "k"}
        applied: Any = {**VALET, "profile": PROFILE}
        assert calls.get_job(JOB_ID).may_repeat
        assert calls.list_jobs({}).may_repeat
        assert calls.create_job(keyed).may_repeat
        assert calls.create_jobs([keyed, keyed], user_id=None, defaults=None).may_repeat
        assert calls.valet_apply({**applied, "idempotency_key": "k"}).may_repeat
        assert not calls.create_job(JOB).may_repeat
        assert not calls.create_jobs([keyed, JOB], user_id=None, defaults=None).may_repeat
        assert not calls.create_jobs([], user_id=None, defaults=None).may_repeat
        assert not calls.valet_apply(applied).may_repeat
        assert not calls.cancel_job(JOB_ID).may_repeat
        assert not calls.retry_job(JOB_ID).may_repeat

    def test_repr_of_a_call_hides_its_body(self) -> None:
        assert "ada@example.com" not in repr(calls.valet_apply({**VALET, "profile": PROFILE}))


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


class TestThePackage:
    def test_the_two_clients_offer_the_same(self) -> None:
        def methods(kind: type) -> dict[str, Any]:
            return {name: method for name, method in vars(kind).items() if not name.startswith("_")}

        blocking, awaited = methods(GhostHandsClient), methods(AsyncGhostHandsClient)
        assert blocking.keys() == awaited.keys()
        for name, method in blocking.items():
            assert inspect.iscoroutinefunction(awaited[name])
            assert inspect.signature(method) == inspect.signature(awaited[name]), name

    def test_it_needs_no_django(self) -> None:
        probe = (
            "import sys, ghosthands.client\n"
            "found = {name.partition('.')[0] for name in sys.modules}\n"
            "print(sorted(found & {'django', 'rest_framework', 'psycopg', 'jobs', 'valet', 'workers'}))\n"
            "print(sorted(name for name in sys.modules if name.startswith('ghosthands')"
            " and not name.startswith('ghosthands.client')))"
        )
        root = Path(__file__).parents[2]
        done = subprocess.run(
            [sys.executable, "-c", probe], cwd=root, capture_output=True, text=True, check=True, env={}
        )
        assert done.stdout.split("\n")[:2] == ["[]", "['ghosthands']"]

    def test_everything_promised_is_there(self) -> None:
        assert all(hasattr(package, name) for name in package.__all__)
        assert package.__all__ == sorted(package.__all__)
        assert (Path(package.__file__).parent / "py.typed").is_file()
