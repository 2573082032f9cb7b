"""Who watches, and one reader for all of them.

Each process reads the history once however many watch it, and hands every viewer the same bytes. Notifications
only make it look sooner: without them it looks once a second. Nobody watching costs nothing.
"""

from __future__ import annotations

import asyncio
import json
import logging
import time
from collections import defaultdict
from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Final
from uuid import UUID

import psycopg
from django.conf import settings
from django.db import Error
from psycopg import sql

from jobs.api.answers import JobEventRow
from jobs.api.fields import write_time
from jobs.api.tail import Tail
from jobs.events import JOB_CHANGED, EventType
from jobs.models import JobEvent
from jobs.states import TERMINAL

log = logging.getLogger(__name__)

CHANNELS: Final = (JOB_CHANGED, "gh_job_created")
MAX_VIEWERS: Final = 1_000
MAX_VIEWERS_OF_USER: Final = 10
BACKLOG: Final = 64
POLL_SECONDS: Final = 1.0
PAUSE_SECONDS: Final = 0.1
HEARTBEAT_SECONDS: Final = 15.0
# Then the caller connects, and is checked, again: what a key or session no longer opens is closed by then.
STREAM_SECONDS: Final = 600.0
REPAIR_SECONDS: Final = 2.0


@dataclass(frozen=True, slots=True)
class Message:
    """One event, as it is sent; `is_end` says that its job ended with it."""

    id: int
    text: bytes
    is_end: bool = False


@dataclass(frozen=True, slots=True)
class Scope:
    """What a viewer sees: the history of one job, or the changes of every job that the caller may see."""

    user_id: UUID | None = None
    job_id: UUID | None = None

    def message(self, event: JobEvent) -> Message | None:
        """Put the event into this viewer's words, or give None when it is not for this viewer."""
        if self.job_id is not None:
            return job_event(event) if event.job_id == self.job_id else None
        if event.event_type != EventType.STATUS_CHANGE or self.user_id not in (None, event.job.user_id):
            return None
        return job_changed(event)


def job_event(event: JobEvent) -> Message:
    """One entry of a job's history, as `GET /jobs/:id/events` shows it."""
    is_end = event.event_type == EventType.STATUS_CHANGE and event.to_status in TERMINAL
    return Message(event.id, spell("job_event", JobEventRow(event).data, event.id), is_end)


def job_changed(event: JobEvent) -> Message:
    """One change of a job's status: the status as of then, the rest as of now."""
    facts = {
        "job_id": str(event.job_id),
        "from_status": event.from_status,
        "status": event.to_status,
        "status_message": event.job.status_message,
        "job_type": event.job.job_type,
        "worker_id": event.job.worker_id,
        "target_worker_id": event.job.target_worker_id,
        "at": write_time(event.created_at),
    }
    return Message(event.id, spell("job_changed", facts, event.id))


def spell(name: str, facts: object, event_id: int | None = None) -> bytes:
    """Write one server-sent event. JSON escapes line ends, so the data are one line."""
    cursor = "" if event_id is None else f"id: {event_id}\n"
    return f"{cursor}event: {name}\ndata: {json.dumps(facts, separators=(',', ':'))}\n\n".encode()


class Viewer:
    """One open stream. Whoever reads too slowly is let go, and may come back with the last id it saw.

    `known` are the ids of the messages that it has read from the database.
    """

    def __init__(self, scope: Scope) -> None:
        self.scope = scope
        self.known: set[int] = set()
        self._ends_at = time.monotonic() + STREAM_SECONDS
        self._batches: asyncio.Queue[Sequence[Message] | None] = asyncio.Queue(BACKLOG)

    def offer(self, batch: Sequence[Message]) -> None:
        """Hand over news without ever waiting."""
        try:
            self._batches.put_nowait(batch)
        except asyncio.QueueFull:
            self.end()

    def end(self) -> None:
        """Let the stream end."""
        while not self._batches.empty():
            self._batches.get_nowait()
        self._batches.put_nowait(None)

    async def next(self) -> Sequence[Message] | None:
        """Wait for news: nothing when it is time for a heartbeat, None when the stream is to end."""
        if time.monotonic() > self._ends_at:
            return None
        try:
            async with asyncio.timeout(HEARTBEAT_SECONDS):
                batch = await self._batches.get()
        except TimeoutError:
            return ()
        return batch and [message for message in batch if message.id not in self.known]


class Hub:
    """Everybody who watches in this process. Used from the event loop only, but for `count` and `room_for`."""

    def __init__(self) -> None:
        self.tail = Tail()
        self._viewers: set[Viewer] = set()
        self._reader: asyncio.Task[None] | None = None
        self._reading = asyncio.Event()
        self._news = asyncio.Event()
        self._is_closed = False

    @property
    def count(self) -> int:
        """How many streams are open."""
        return len(self._viewers)

    def room_for(self, user_id: UUID | None) -> bool:
        """Tell whether one more stream may be opened, for this user or (None) at all."""
        viewers = list(self._viewers)
        if user_id and sum(viewer.scope.user_id == user_id for viewer in viewers) >= MAX_VIEWERS_OF_USER:
            return False
        return len(viewers) < MAX_VIEWERS

    async def join(self, scope: Scope) -> Viewer:
        """Begin to watch; what is committed from now on will be heard of."""
        viewer = Viewer(scope)
        if self._is_closed:
            viewer.end()
            return viewer
        self._viewers.add(viewer)
        if self._reader is None:
            self._reading.clear()
            self.tail = Tail()
            self._reader = asyncio.create_task(self._follow(self.tail))
        await self._reading.wait()
        return viewer

    def leave(self, viewer: Viewer) -> None:
        """Stop watching; the reader stops with the last viewer."""
        self._viewers.discard(viewer)
        if not self._viewers:
            self._news.set()

    def close(self) -> None:
        """End every stream, because the server stops."""
        self._is_closed = True
        for viewer in self._viewers:
            viewer.end()

    async def _follow(self, tail: Tail) -> None:
        listener = asyncio.create_task(self._listen())
        try:
            while self._viewers:
                pause = await self._share_news(tail)
                self._reading.set()
                await asyncio.sleep(pause)
                with suppress(TimeoutError):
                    await asyncio.wait_for(self._news.wait(), POLL_SECONDS)
                self._news.clear()
        finally:
            # Nothing waits between the last look at the viewers and this line: who joins later gets a new reader.
            self._reader = None
            self._reading.set()
            for viewer in self._viewers:
                viewer.end()
            listener.cancel()
            await tail.close()

    async def _share_news(self, tail: Tail) -> float:
        """Read once and hand out; answers how long to wait at least before the next look."""
        try:
            events = await tail.read({viewer.scope.job_id for viewer in self._viewers if viewer.scope.job_id})
        except Error:
            log.warning("The history cannot be read; streams go on when it can", exc_info=True)
            return REPAIR_SECONDS
        self._share(events)
        return PAUSE_SECONDS

    def _share(self, events: Iterable[JobEvent]) -> None:
        watchers: defaultdict[Scope, list[Viewer]] = defaultdict(list)
        for viewer in self._viewers:
            watchers[viewer.scope].append(viewer)
        for scope, viewers in watchers.items():
            batch = [message for event in events if (message := scope.message(event))]
            for viewer in viewers if batch else ():
                viewer.offer(batch)

    async def _listen(self) -> None:
        while True:
            with suppress(psycopg.Error):
                await self._hear()
            await asyncio.sleep(REPAIR_SECONDS)

    async def _hear(self) -> None:
        connection = await psycopg.AsyncConnection.connect(
            settings.DATABASE_DIRECT_URL, autocommit=True, application_name="ghosthands streams"
        )
        async with connection:
            for channel in CHANNELS:
                await connection.execute(sql.SQL("LISTEN {}").format(sql.Identifier(channel)))
            async for _ in connection.notifies():
                self._news.set()


hub = Hub()
