"""What the clients do when the network or the server misbehaves; a scripted server speaks raw HTTP."""

from __future__ import annotations

import json
import logging
import socket
import socketserver
import struct
import threading
from collections import deque
from collections.abc import Iterator
from typing import Any

import pytest

from ghosthands.client import (
    ConnectionFailedError,
    DuplicateIdempotencyKeyError,
    RateLimitedError,
    ServerError,
    UnauthorizedError,
    WaitTimeoutError,
    calls,
)
from tests.ghosthands.conftest import Connect

JOB_ID = "0b9c2e0e-6c1f-4d0e-9d55-0f4d52e4b7aa"
JOB: Any = {"job_type": "apply", "target_url": "https://jobs.example.com/1", "task_description": "Apply"}
ROW = {**JOB, "id": JOB_ID, "created_at": "2026-02-15T10:00:00Z"}

HANG_UP = b""
STALL = None


def answer(status: int, content: object, *headers: str) -> bytes:
    body = json.dumps(content).encode()
    lines = [f"HTTP/1.1 {status} Word", f"Content-Length: {len(body)}", "Connection: close", *headers, "", ""]
    return "\r\n".join(lines).encode() + body


def status(word: str, message: str | None = None) -> bytes:
    return answer(200, {"id": JOB_ID, "status": word, "status_message": message})


class ScriptedServer(socketserver.ThreadingTCPServer):
    """Answers each request with the next bytes of its script; keeps the requests it saw."""

    daemon_threads = True
    allow_reuse_address = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), ScriptedHandler)
        self.script: deque[bytes | None] = deque()
        self.requests: list[bytes] = []
        self.arrived = threading.Semaphore(0)
        self.finished = threading.Event()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}"

    def say(self, *answers: bytes | None) -> None:
        self.script.extend(answers)


class ScriptedHandler(socketserver.StreamRequestHandler):
    server: ScriptedServer

    def handle(self) -> None:
        lines = list(iter(self.rfile.readline, b"\r\n"))
        lengths = [int(line.split(b":")[1]) for line in lines if line.lower().startswith(b"content-length:")]
        body = self.rfile.read(sum(lengths))
        self.server.requests.append(b"".join(lines) + b"\r\n" + body)
        self.server.arrived.release()
        words = self.server.script.popleft()
        if words is STALL:
            self.server.finished.wait(10)
        elif words == HANG_UP:
            # A reset, as when the server process is killed.
            self.request.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        else:
            self.wfile.write(words)


@pytest.fixture
def server() -> Iterator[ScriptedServer]:
    with ScriptedServer() as scripted:
        thread = threading.Thread(target=scripted.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield scripted
        scripted.finished.set()
        scripted.shutdown()
        thread.join()


@pytest.fixture
def client(server: ScriptedServer, connect: Connect) -> Any:
    return connect(server.url, "test-key", timeout=10)


@pytest.fixture(autouse=True)
def short_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(calls, "REPEAT_PAUSES", (0.001, 0.001))


@pytest.fixture
def closed_port() -> Iterator[int]:
    """A port that nobody listens on and nobody else can take."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        yield taken.getsockname()[1]


@pytest.mark.parametrize("fault", [HANG_UP, b"not HTTP at all\r\n\r\n", answer(200, ROW)[:-9]])
def test_reading_is_tried_again(server: ScriptedServer, client: Any, fault: bytes) -> None:
    server.say(fault, fault, status("running"))
    assert client.get_job_status(JOB_ID).status == "running"
    assert len(server.requests) == 3


def test_reading_gives_up_in_the_end(server: ScriptedServer, client: Any) -> None:
    server.say(HANG_UP, HANG_UP, HANG_UP)
    with pytest.raises(ConnectionFailedError, match=f"GET /jobs/{JOB_ID}"):
        client.get_job(JOB_ID)
    assert len(server.requests) == 3


@pytest.mark.parametrize("fault", [HANG_UP, answer(201, ROW)[:-9]])
def test_a_keyless_create_is_sent_once(server: ScriptedServer, client: Any, fault: bytes) -> None:
    server.say(fault)
    with pytest.raises(ConnectionFailedError) as caught:
        client.create_job(**JOB)
    assert caught.value.may_have_arrived
    assert len(server.requests) == 1


def test_a_keyless_create_is_not_repeated_when_the_server_stalls(
    server: ScriptedServer, connect: Connect
) -> None:
    server.say(STALL)
    with pytest.raises(ConnectionFailedError, match="ReadTimeout") as caught:
        connect(server.url, "test-key", timeout=0.1).create_job(**JOB)
    assert caught.value.may_have_arrived
    assert server.arrived.acquire(timeout=10)
    assert len(server.requests) == 1


@pytest.mark.parametrize("verb", ["cancel_job", "retry_job"])
def test_cancel_and_retry_are_sent_once(server: ScriptedServer, client: Any, verb: str) -> None:
    server.say(HANG_UP)
    with pytest.raises(ConnectionFailedError):
        getattr(client, verb)(JOB_ID)
    assert len(server.requests) == 1


def test_a_create_with_a_key_is_repeated_word_for_word(server: ScriptedServer, client: Any) -> None:
    server.say(HANG_UP, answer(201, ROW | {"status": "pending"}))
    assert client.create_job(**JOB, idempotency_key="k-1").id == JOB_ID
    first, second = server.requests
    assert first == second


def test_a_repeated_create_may_learn_that_the_first_one_arrived(server: ScriptedServer, client: Any) -> None:
    duplicate = {
        "error": "duplicate_idempotency_key",
        "existing_job_id": JOB_ID,
        "existing_status": "pending",
    }
    server.say(HANG_UP, answer(409, duplicate))
    with pytest.raises(DuplicateIdempotencyKeyError) as caught:
        client.create_job(**JOB, idempotency_key="k-1")
    assert caught.value.existing_job_id == JOB_ID


@pytest.mark.parametrize(("code", "kind"), [(500, ServerError), (503, ServerError), (429, RateLimitedError)])
def test_an_answer_is_never_tried_again(
    server: ScriptedServer, client: Any, code: int, kind: type[Exception]
) -> None:
    server.say(answer(code, {"error": "word", "message": "told"}, "Retry-After: 7", "X-Request-Id: r-9"))
    with pytest.raises(kind, match="told") as caught:
        client.get_job(JOB_ID)
    assert caught.value.request_id == "r-9"  # type: ignore[attr-defined]
    assert getattr(caught.value, "retry_after", 7.0) == 7.0
    assert len(server.requests) == 1


@pytest.mark.parametrize(
    "garbage",
    [
        b"HTTP/1.1 200 OK\r\nContent-Length: 6\r\nConnection: close\r\n\r\n<html>",
        b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 4\r\nConnection: close\r\n\r\nnope"
        * 1,
        b"HTTP/1.1 204 No Content\r\nConnection: close\r\n\r\n",
        answer(200, ["a", "list"]),
        answer(302, {}, "Location: http://127.0.0.1:1/elsewhere"),
    ],
)
def test_garbage_is_told_as_such(server: ScriptedServer, client: Any, garbage: bytes) -> None:
    server.say(garbage, garbage, garbage)
    with pytest.raises((ServerError, ConnectionFailedError)):
        client.get_job(JOB_ID)


def test_nobody_listens(connect: Connect, closed_port: int) -> None:
    client = connect(f"http://127.0.0.1:{closed_port}", "test-key")
    with pytest.raises(ConnectionFailedError) as caught:
        client.create_job(**JOB)
    assert not caught.value.may_have_arrived


def test_the_key_and_the_body_are_sent_and_nothing_of_them_is_logged(
    server: ScriptedServer, client: Any, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    server.say(answer(401, {"error": "unauthorized", "message": "Wrong key."}))
    with pytest.raises(UnauthorizedError) as caught:
        client.create_job(**JOB, input_data={"user_data": {"email": "ada@example.com"}})
    request = server.requests[0].decode()
    assert "x-gh-service-key: test-key" in request.lower()
    assert "content-type: application/json" in request.lower()
    assert "ada@example.com" in request
    told = caplog.text + str(caught.value) + repr(caught.value) + repr(client)
    assert "test-key" not in told
    assert "ada@example.com" not in told


class TestWaiting:
    def test_tells_what_is_new_and_gives_the_whole_job(self, server: ScriptedServer, client: Any) -> None:
        server.say(
            status("pending"),
            status("running", "Opening the page"),
            status("running", "Opening the page"),
            status("running", "Filling"),
            status("completed", "Sent"),
            answer(200, ROW | {"status": "completed", "result_summary": "Sent"}),
        )
        seen: list[tuple[str, str | None]] = []
        job = client.wait_for_completion(
            JOB_ID,
            poll_interval=0.001,
            on_progress=lambda status: seen.append((status.status, status.status_message)),
        )
        assert job.result_summary == "Sent"
        assert seen == [
            ("pending", None),
            ("running", "Opening the page"),
            ("running", "Filling"),
            ("completed", "Sent"),
        ]

    def test_a_restart_of_the_server_does_not_end_it(self, server: ScriptedServer, client: Any) -> None:
        server.say(
            status("running"),
            HANG_UP,
            answer(503, {}),
            answer(429, {"error": "rate_limit_exceeded"}, "Retry-After: 0"),
            status("failed"),
            answer(200, ROW | {"status": "failed", "error_code": "timeout"}),
        )
        job = client.wait_for_completion(JOB_ID, poll_interval=0.001)
        assert (job.status, job.error_code) == ("failed", "timeout")

    def test_an_unreachable_server_is_told_at_once(self, connect: Connect, closed_port: int) -> None:
        with pytest.raises(ConnectionFailedError):
            connect(f"http://127.0.0.1:{closed_port}", "k").wait_for_completion(JOB_ID, poll_interval=0.001)

    def test_it_ends_at_the_limit(self, server: ScriptedServer, client: Any) -> None:
        server.say(status("running"), answer(503, {}))
        with pytest.raises(WaitTimeoutError, match=r"was still running after 0\.01 s") as caught:
            client.wait_for_completion(JOB_ID, timeout=0.01, poll_interval=60)
        assert (caught.value.job_id, caught.value.last_status) == (JOB_ID, "running")

    def test_a_limit_of_zero_looks_once(self, server: ScriptedServer, client: Any) -> None:
        server.say(status("running"))
        with pytest.raises(WaitTimeoutError):
            client.wait_for_completion(JOB_ID, timeout=0)
        assert len(server.requests) == 1

    @pytest.mark.parametrize("interval", [0, -1.0])
    def test_it_never_polls_without_a_pause(self, client: Any, interval: float) -> None:
        with pytest.raises(ValueError, match="poll_interval"):
            client.wait_for_completion(JOB_ID, poll_interval=interval)

    @pytest.mark.parametrize("connect", ["async"], indirect=True)
    def test_progress_may_be_told_to_a_coroutine(self, server: ScriptedServer, client: Any) -> None:
        seen: list[str] = []

        async def tell(status: Any) -> None:
            seen.append(status.status)

        server.say(status("completed"), answer(200, ROW | {"status": "completed"}))
        client.wait_for_completion(JOB_ID, on_progress=tell)
        assert seen == ["completed"]
