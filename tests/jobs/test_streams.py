"""Server-sent events from a real server."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import httpx
import jwt
import psycopg
import pytest
from django.conf import settings
from django.contrib.auth.models import Permission, User
from django.test import Client
from rest_framework.test import APIClient

from jobs import intake, lifecycle
from jobs.api import live, streams
from jobs.api.live import BACKLOG, Message, Scope, Viewer
from jobs.api.tail import Tail
from jobs.intake import NewJob
from jobs.models import Job, JobEvent
from tests.factories import OTHER_USER, USER, claim_of, make_job
from tests.serving import Server, web_server
from tests.workers.processes import database_url

STREAM = "/api/v1/gh/jobs/stream"
KEY = {"X-GH-Service-Key": settings.GH_SERVICE_SECRET}
real_server = pytest.mark.process


@dataclass(frozen=True, slots=True)
class Sent:
    """One event as a browser would hand it over."""

    name: str
    id: str
    facts: dict[str, Any]


@pytest.fixture(scope="module")
def server(django_db_setup: None, django_db_blocker: Any) -> Iterator[Server]:
    with django_db_blocker.unblock(), web_server() as running:
        yield running


@contextmanager
def following(url: str, headers: dict[str, str], **cookies: str) -> Iterator[Iterator[Sent]]:
    """Read the stream as it comes; a wait of 10 s fails the test."""
    with (
        httpx.Client(trust_env=False, timeout=10, cookies=cookies) as client,
        client.stream("GET", url, headers=headers) as response,
    ):
        assert (response.status_code, response.headers["content-type"]) == (200, "text/event-stream")
        assert response.headers["x-accel-buffering"] == "no"
        yield parse(response.iter_lines())


def parse(lines: Iterator[str]) -> Iterator[Sent]:
    fields: dict[str, str] = {}
    for line in lines:
        if line.startswith(":"):
            continue
        if line:
            name, _, value = line.partition(": ")
            fields[name] = value
        elif "data" in fields:
            yield Sent(fields["event"], fields.get("id", ""), json.loads(fields["data"]))
            fields = {}


def token(user_id: object) -> dict[str, str]:
    claims = {"sub": str(user_id), "exp": 4102444800}
    return {"Authorization": f"Bearer {jwt.encode(claims, settings.GH_JWT_SECRET, algorithm='HS256')}"}


def create(**fields: Any) -> Job:
    return intake.enqueue(NewJob(job_type="scrape", target_url="https://example.com/", **fields), actor="t")


def session_of(*permissions: str) -> str:
    user = User.objects.create_user("op", is_staff=True)
    user.user_permissions.set(Permission.objects.filter(codename__in=permissions))
    client = Client()
    client.force_login(user)
    return client.cookies["sessionid"].value


@real_server
@pytest.mark.django_db(transaction=True)
def test_everybody_follows_the_jobs_they_may_see(server: Server) -> None:
    url, session = server.url + STREAM, session_of("view_job")
    with (
        following(url, KEY) as service,
        following(url, {}, sessionid=session) as operator,
        following(url, token(USER)) as user,
    ):
        assert [next(viewer).name for viewer in (service, operator, user)] == ["ready"] * 3
        foreign, own = create(user_id=OTHER_USER), create(user_id=USER)
        lifecycle.cancel(own.id, actor="t")
        for viewer, expected in (
            (service, [foreign, own, own]),
            (operator, [foreign, own, own]),
            (user, [own, own]),
        ):
            seen = [next(viewer).facts for _ in expected]
            assert [facts["job_id"] for facts in seen] == [str(job.id) for job in expected]
        assert (seen[-1]["from_status"], seen[-1]["status"]) == ("pending", "cancelled")


@real_server
@pytest.mark.django_db(transaction=True)
def test_a_viewer_who_comes_back_misses_nothing(server: Server) -> None:
    url = server.url + STREAM
    with following(url, KEY) as viewer:
        cursor = next(viewer).id
    jobs = [create() for _ in range(3)]
    with following(url, {**KEY, "Last-Event-ID": cursor}) as viewer:
        seen = [next(viewer) for _ in range(4)]
        assert [sent.name for sent in seen] == ["job_changed"] * 3 + ["ready"]
        assert [sent.facts["job_id"] for sent in seen[:3]] == [str(job.id) for job in jobs]
    JobEvent.objects.bulk_create(JobEvent(job=jobs[0], event_type="status_change") for _ in range(501))
    with following(f"{url}?last_event_id={cursor}", KEY) as viewer:
        assert [next(viewer).name, next(viewer).name] == ["reset", "ready"]


@real_server
@pytest.mark.django_db(transaction=True)
def test_a_jobs_history_is_told_from_the_beginning_to_the_end(server: Server) -> None:
    job = make_job("queued")
    lifecycle.start(claim_of(job), engine_type="scripted")
    url = f"{server.url}/api/v1/gh/jobs/{job.id}/events/stream"
    with following(url, KEY) as viewer:
        assert next(viewer).facts["to_status"] == "running"
        lifecycle.complete(claim_of(job), result_data={}, summary="Done")
        rest = list(viewer)
    assert [sent.facts.get("event_type") for sent in rest] == [
        "job_started", "status_change", "job_completed", None,
    ]  # fmt: skip
    assert (rest[-1].name, rest[-1].facts) == ("end", {"status": "completed"})
    again = httpx.get(url, headers={**KEY, "Last-Event-ID": rest[-2].id}, trust_env=False)
    assert again.status_code == 204


@real_server
@pytest.mark.django_db(transaction=True)
def test_what_commits_late_is_told_late_but_told(server: Server) -> None:
    job = make_job()
    late = "INSERT INTO gh_job_events (job_id, event_type, message) VALUES (%s, 'status_change', 'late')"
    with following(server.url + STREAM, KEY) as viewer, psycopg.connect(database_url()) as other:
        next(viewer)
        other.execute(late, [job.id])
        lifecycle.cancel(job.id, actor="t")
        early = next(viewer)
        other.commit()
        assert int(next(viewer).id) < int(early.id)


@real_server
@pytest.mark.django_db(transaction=True)
def test_what_began_before_anybody_watched_and_commits_after_is_told() -> None:
    job = make_job()
    late = "INSERT INTO gh_job_events (job_id, event_type, message) VALUES (%s, 'status_change', 'late') RETURNING id"
    with web_server() as server, psycopg.connect(database_url()) as other:
        found = other.execute(late, [job.id]).fetchone()
        lifecycle.cancel(job.id, actor="t")
        with following(server.url + STREAM, KEY) as viewer:
            assert next(viewer).name == "ready"
            other.commit()
            assert found and int(next(viewer).id) == found[0]


@real_server
@pytest.mark.django_db(transaction=True)
def test_without_notifications_it_polls_and_a_stopping_server_ends_its_streams() -> None:
    with web_server(DATABASE_DIRECT_URL="postgres://nobody@127.0.0.1:1/none") as server:
        with following(server.url + STREAM, KEY) as viewer:
            next(viewer)
            job = create()
            assert next(viewer).facts["job_id"] == str(job.id)
            server.child.ask_to_stop()
            assert list(viewer) == []
        assert server.child.process.wait(10) == 0


@pytest.mark.django_db
def test_streams_are_for_callers_and_need_a_server_that_can_stream(
    api: APIClient, user_api: Callable[..., APIClient]
) -> None:
    job = make_job(user_id=USER)
    path = f"/api/v1/gh/jobs/{job.id}/events/stream"
    assert APIClient().get(STREAM).status_code == 401
    assert APIClient(headers={"Cookie": f"sessionid={session_of()}"}).get(STREAM).status_code == 401
    assert user_api(OTHER_USER).get(path).status_code == 404
    assert (api.get(path).status_code, api.get(STREAM).json()["error"]) == (503, "service_unavailable")
    assert api.head(STREAM).status_code == 405


def test_who_reads_too_slowly_is_let_go() -> None:
    async def read_late() -> object:
        viewer = Viewer(Scope())
        for number in range(BACKLOG + 1):
            viewer.offer([Message(number, b"")])
        return await viewer.next()

    assert asyncio.run(read_late()) is None


class Slow(Tail):
    """Lets `meanwhile` happen before the `turn`-th question of a viewer."""

    def __init__(self, turn: int, meanwhile: Callable[[], object]) -> None:
        super().__init__()
        self._turns = turn
        self._meanwhile = meanwhile

    async def ask(self, query: Callable[..., Any], *args: Any, **named: Any) -> Any:
        if query.__module__ == streams.__name__:
            self._turns -= 1
            if self._turns == 0:
                await super().ask(self._meanwhile)
        return await super().ask(query, *args, **named)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("turn", range(1, 5))
def test_a_job_that_ends_while_its_history_is_read_is_told_whole(
    turn: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    job = make_job("queued")
    lifecycle.start(claim_of(job), engine_type="scripted")

    def finish() -> None:
        lifecycle.complete(claim_of(job), result_data={}, summary="Done")

    async def read() -> bytes:
        async with asyncio.timeout(20):
            return b"".join([part async for part in streams.job_history(job.id, None)])

    monkeypatch.setattr(live, "Tail", lambda: Slow(turn, finish))
    monkeypatch.setattr(streams, "hub", live.Hub())
    told = list(parse(iter(asyncio.run(read()).decode().splitlines())))
    types = [sent.facts["event_type"] for sent in told if sent.name == "job_event"]
    assert types == ["status_change", "job_started", "status_change", "job_completed"]
    assert (told[-1].name, told[-1].facts) == ("end", {"status": "completed"})
