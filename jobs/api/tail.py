"""The end of the history as it grows: each new event once, in one thread with one connection."""

from __future__ import annotations

import asyncio
import time
from collections import deque
from collections.abc import Callable, Collection
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Final, ParamSpec, TypeVar
from uuid import UUID

from django.db import Error, connection
from django.db.models import Q, QuerySet
from django.db.models.expressions import Combinable
from django.db.models.functions import Now

from jobs.events import EventType
from jobs.models import JobEvent

P = ParamSpec("P")
R = TypeVar("R")

READ_LIMIT: Final = 1_000
LOOK_BACK_SECONDS: Final = 10.0
COLUMNS: Final = (
    "id",
    "job_id",
    "event_type",
    "from_status",
    "to_status",
    "message",
    "metadata",
    "actor",
    "created_at",
    "job__user_id",
    "job__job_type",
    "job__worker_id",
    "job__target_worker_id",
    "job__status_message",
)


class Tail:
    """Reads what is appended to the history.

    An event gets its id before its transaction commits, so a lower id may show up after a higher one. Every read
    therefore looks ten seconds back and leaves out what it gave already.
    """

    def __init__(self) -> None:
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="event-tail")
        self._floor: int | None = None
        self._given: set[int] = set()
        self._marks: deque[tuple[float, int]] = deque()

    async def read(self, job_ids: Collection[UUID]) -> list[JobEvent]:
        """Give the new status changes, and whatever else happened to these jobs; the first read gives nothing."""
        return await self.ask(self._read, job_ids)

    async def ask(self, query: Callable[P, R], *args: P.args, **named: P.kwargs) -> R:
        """Run `query` in the thread that has the connection."""
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._thread, lambda: _forgetting(query, *args, **named))

    async def close(self) -> None:
        """Give the connection and the thread back."""
        await self.ask(_disconnect)
        self._thread.shutdown(wait=False)

    def _read(self, job_ids: Collection[UUID]) -> list[JobEvent]:
        if self._floor is None:
            self._floor = newest_id(before=Now() - timedelta(seconds=LOOK_BACK_SECONDS))
            self._remember(list(with_job(id__gt=self._floor).order_by("id")))
            return []
        wanted = Q(event_type=EventType.STATUS_CHANGE.value)
        if job_ids:
            wanted |= Q(job_id__in=job_ids)
        found = list(
            with_job(wanted, id__gt=self._floor).exclude(id__in=self._given).order_by("id")[:READ_LIMIT]
        )
        self._remember(found)
        return found

    def _remember(self, found: list[JobEvent]) -> None:
        """Note what was given, and forget what no later read will look at again."""
        now = time.monotonic()
        if found:
            self._given.update(event.id for event in found)
            self._marks.append((now, found[-1].id))
        while self._marks and self._marks[0][0] < now - LOOK_BACK_SECONDS:
            self._floor = max(self._floor or 0, self._marks.popleft()[1])
            self._given = {known for known in self._given if known > self._floor}


def with_job(*wanted: Q, **narrowed: object) -> QuerySet[JobEvent]:
    """Find events together with the few facts about their jobs that streams tell."""
    return JobEvent.objects.filter(*wanted, **narrowed).select_related("job").only(*COLUMNS)


def newest_id(*, before: Combinable | None = None) -> int:
    """Give the id of the newest event, or of the newest from before that moment; 0 when there is none."""
    events = JobEvent.objects.order_by("-id")
    if before is not None:
        events = events.filter(created_at__lt=before)
    return events.values_list("id", flat=True).first() or 0


def _disconnect() -> None:
    connection.close()  # this thread's


def _forgetting(query: Callable[P, R], *args: P.args, **named: P.kwargs) -> R:
    """Run `query`; a connection that failed is not used again."""
    try:
        return query(*args, **named)
    except Error:
        connection.close()
        raise
