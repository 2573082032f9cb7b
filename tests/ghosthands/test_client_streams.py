"""Following jobs with both clients on a real server, which restarts meanwhile."""

from __future__ import annotations

import asyncio
import signal
from collections.abc import AsyncGenerator, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.conf import settings

from ghosthands.client import AsyncGhostHandsClient, GhostHandsClient, JobNotFoundError, UnauthorizedError
from ghosthands.client.errors import ConnectionFailedError
from ghosthands.client.streams import job_changes
from jobs import intake, lifecycle
from jobs.intake import NewJob
from jobs.models import Job
from tests.factories import claim_of, make_job
from tests.serving import Server, web_server

pytestmark = [pytest.mark.process, pytest.mark.django_db(transaction=True)]
NOBODY = "00000000-0000-0000-0000-00000000dead"


@pytest.fixture(scope="module")
def server(django_db_setup: None, django_db_blocker: Any) -> Iterator[Server]:
    with django_db_blocker.unblock(), web_server() as running:
        yield running


@contextmanager
def speaking(kind: str, url: str, key: str = settings.GH_SERVICE_SECRET) -> Iterator[Any]:
    """Give a client whose streams are plain iterators, whichever kind it is."""
    if kind == "sync":
        with GhostHandsClient(url, key) as client:
            yield client
        return
    with asyncio.Runner() as runner:
        followed = Followed(AsyncGhostHandsClient(url, key), runner)
        yield followed
        runner.run(followed.close())


class Followed:
    """Gives an asynchronous client's streams as plain iterators."""

    def __init__(self, client: AsyncGhostHandsClient, runner: asyncio.Runner) -> None:
        self._client = client
        self._runner = runner
        self._streams: list[AsyncGenerator[Any, None]] = []

    async def close(self) -> None:
        for stream in self._streams:
            await stream.aclose()
        await self._client.close()

    def __getattr__(self, name: str) -> Any:
        return lambda *args, **named: self._each(getattr(self._client, name)(*args, **named))

    def _each(self, stream: AsyncGenerator[Any, None]) -> Iterator[Any]:
        self._streams.append(stream)

        async def following() -> Any:
            return await anext(stream, None)

        while (news := self._runner.run(following())) is not None:
            yield news


def create() -> Job:
    return intake.enqueue(NewJob(job_type="scrape", target_url="https://example.com/"), actor="t")


@pytest.mark.parametrize("kind", ["sync", "async"])
def test_a_job_is_followed_to_its_end(server: Server, kind: str) -> None:
    job = make_job("queued")
    lifecycle.start(claim_of(job), engine_type="scripted")
    with speaking(kind, server.url) as client:
        events = client.stream_events(job.id)
        assert next(events).to_status == "running"
        lifecycle.complete(claim_of(job), result_data={}, summary="Done")
        rest = list(events)
        assert [event.event_type for event in rest] == ["job_started", "status_change", "job_completed"]
        assert list(client.stream_events(job.id, last_event_id=rest[-1].id)) == []


@pytest.mark.parametrize("kind", ["sync", "async"])
def test_a_restart_of_the_server_loses_and_repeats_nothing(server: Server, kind: str) -> None:
    first, missed = create(), []
    cursor = first.events.get().id - 1
    with speaking(kind, server.url) as client:
        changes = client.stream_jobs(last_event_id=cursor, on_gap=lambda: missed.append(1))
        seen = [next(changes)]
        server.child.process.send_signal(signal.SIGHUP)
        lifecycle.cancel(first.id, actor="t")
        seen.append(next(changes))
        second = create()
        seen.append(next(changes))
    assert [change.status for change in seen] == ["pending", "cancelled", "pending"]
    assert [change.job_id for change in seen] == [str(first.id), str(first.id), str(second.id)]
    assert missed == []


@pytest.mark.parametrize("kind", ["sync", "async"])
def test_a_refusal_is_raised(server: Server, kind: str) -> None:
    with speaking(kind, server.url) as client, pytest.raises(JobNotFoundError):
        next(client.stream_events(NOBODY))
    with speaking(kind, server.url, "wrong") as client, pytest.raises(UnauthorizedError):
        next(client.stream_jobs())
    with speaking(kind, "http://127.0.0.1:9") as client, pytest.raises(ConnectionFailedError):
        next(client.stream_jobs())


def test_a_gap_is_told() -> None:
    missed: list[int] = []
    stream = job_changes(last_event_id=7, on_gap=lambda: missed.append(1))
    for line in ("event: reset", "data: {}", "", "id: 9", "event: ready", "data: {}", ""):
        assert stream.read(line) is None
    assert missed == [1]
