"""A real server under more requests than it answers at once."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor, wait
from contextlib import ExitStack, contextmanager
from urllib.parse import urlsplit

import httpx
import psycopg
import pytest
from django.conf import settings

from tests.serving import Server, web_server
from tests.workers.processes import database_url, eventually

pytestmark = [pytest.mark.process, pytest.mark.django_db(transaction=True)]

KEY = {"X-GH-Service-Key": settings.GH_SERVICE_SECRET}
AT_ONCE = 2


@pytest.fixture(scope="module")
def server(django_db_setup: None, django_db_blocker: pytest.FixtureRequest) -> Iterator[Server]:
    with django_db_blocker.unblock(), web_server(GH_REQUESTS_AT_ONCE=str(AT_ONCE)) as running:  # type: ignore[attr-defined]
        yield running


def get(server: Server, path: str) -> httpx.Response:
    return httpx.get(server.url + path, headers=KEY, trust_env=False, timeout=30)


@contextmanager
def locked_jobs() -> Iterator[psycopg.Connection[tuple[object, ...]]]:
    """Keep every reader of the jobs waiting."""
    with psycopg.connect(database_url()) as holder:
        holder.execute("LOCK TABLE gh_automation_jobs IN ACCESS EXCLUSIVE MODE")
        yield holder
        holder.rollback()


def waiting_readers() -> int:
    with psycopg.connect(database_url()) as asker:
        row = asker.execute(
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
        ).fetchone()
    return int(row[0]) if row else 0


def test_no_more_are_answered_at_once_than_may_be_and_probes_are_answered_always(server: Server) -> None:
    with ThreadPoolExecutor(6) as threads:
        with locked_jobs():
            asked: list[Future[httpx.Response]] = [
                threads.submit(get, server, "/api/v1/gh/jobs") for _ in range(6)
            ]
            eventually(lambda: waiting_readers() == AT_ONCE, "as many readers as may be")
            assert [get(server, probe).status_code for probe in ("/livez", "/readyz", "/health")] == [200] * 3
            refused, _ = wait(asked, timeout=20, return_when="FIRST_COMPLETED")
            eventually(lambda: sum(one.done() for one in asked) == 6 - AT_ONCE, "the refusals")
            assert waiting_readers() == AT_ONCE
        answers = [one.result(timeout=30) for one in asked]
    assert sorted(answer.status_code for answer in answers) == [200] * AT_ONCE + [503] * (6 - AT_ONCE)
    first = next(iter(refused)).result()
    assert (first.json()["error"], first.headers["Retry-After"]) == ("service_unavailable", "5")
    assert get(server, "/api/v1/gh/jobs").status_code == 200
    assert 'status="503"' in get(server, "/monitoring/metrics").text


def test_slow_senders_and_streams_keep_nobody_out(server: Server) -> None:
    place = urlsplit(server.url)
    with ExitStack() as open_ones:
        for _ in range(AT_ONCE + 1):
            slow = open_ones.enter_context(socket.create_connection((place.hostname, place.port), timeout=10))
            slow.sendall(b"POST /api/v1/gh/jobs HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 100\r\n\r\n{")
            client = open_ones.enter_context(httpx.Client(trust_env=False, timeout=20))
            stream = client.stream("GET", f"{server.url}/api/v1/gh/jobs/stream", headers=KEY)
            response = open_ones.enter_context(stream)
            assert next(response.iter_lines()) == "retry: 2000"
        assert get(server, "/api/v1/gh/jobs").status_code == 200
