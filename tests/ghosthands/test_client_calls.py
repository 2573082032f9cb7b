"""The pure parts: addresses, what is sent, and the shape of the package."""

from __future__ import annotations

import asyncio
import inspect
import json
import subprocess
import sys
from datetime import datetime, timedelta, timezone
from pathlib import Path
from types import MappingProxyType
from typing import Any
from uuid import UUID

import pytest

from ghosthands import client as package
from ghosthands.client import AsyncGhostHandsClient, GhostHandsClient, address, calls

JOB_ID = "0b9c2e0e-6c1f-4d0e-9d55-0f4d52e4b7aa"
JOB: Any = {"job_type": "apply", "target_url": "https://jobs.example.com/1", "task_description": "Apply"}
VALET: Any = {
    "valet_task_id": "valet-1",
    "valet_user_id": UUID("00000000-0000-0000-0000-000000000001"),
    "target_url": "https://jobs.example.com/1",
}
PROFILE: Any = {"first_name": "Ada", "last_name": "Example", "email": "ada@example.com"}


def body(call: calls.Call[Any]) -> Any:
    assert call.body is not None
    return json.loads(call.body)


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
        cancel, retry = calls.cancel_job(JOB_ID), calls.retry_job(JOB_ID, confirm_resubmit=False)
        assert (cancel.method, cancel.path, cancel.body) == ("POST", f"/jobs/{JOB_ID}/cancel", None)
        assert (retry.method, retry.path, retry.body) == ("POST", f"/jobs/{JOB_ID}/retry", None)
        assert body(calls.retry_job(JOB_ID, confirm_resubmit=True)) == {"confirm_resubmit": True}

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
        assert not calls.retry_job(JOB_ID, confirm_resubmit=True).may_repeat

    def test_repr_of_a_call_hides_its_body(self) -> None:
        assert "ada@example.com" not in repr(calls.valet_apply({**VALET, "profile": PROFILE}))


class TestThePackage:
    def test_the_two_clients_offer_the_same(self) -> None:
        def methods(kind: type) -> dict[str, Any]:
            return {name: method for name, method in vars(kind).items() if not name.startswith("_")}

        blocking, awaited = methods(GhostHandsClient), methods(AsyncGhostHandsClient)
        assert blocking.keys() == awaited.keys()
        for name, method in blocking.items():
            assert inspect.iscoroutinefunction(awaited[name]) or name.startswith("stream_")
            one, other = inspect.signature(method), inspect.signature(awaited[name])
            assert one.parameters == other.parameters, name
            # A generator names what it returns in the end, which an asynchronous one cannot.
            given = other.return_annotation.removeprefix("Async").replace(", None]", ", None, None]")
            assert one.return_annotation in {other.return_annotation, given}, name

    def test_both_are_context_managers(self) -> None:
        async def use() -> AsyncGhostHandsClient:
            async with AsyncGhostHandsClient("http://localhost:3100", "key") as client:
                return client

        with GhostHandsClient("http://localhost:3100", "key") as client:
            pass
        with pytest.raises(RuntimeError, match="closed"):
            client.get_job(JOB_ID)
        with pytest.raises(RuntimeError, match="closed"):
            asyncio.run(asyncio.run(use()).get_job(JOB_ID))

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
