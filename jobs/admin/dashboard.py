"""The console's first page: how the queue is, what waits for people, and what went wrong."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any, Final

from django.conf import settings
from django.db.models import Count
from django.http import HttpRequest
from django.utils import timezone
from django.utils.module_loading import import_string

from jobs.admin.failures import FailureGroup, failure_groups
from jobs.admin.job_list import LARGE
from jobs.admin.job_page import NEEDS
from jobs.admin.throughput import Throughput
from jobs.admin.workers import WorkerRow, rows
from jobs.models import CLAIMABLE, FOR_HUMAN, HOT, Job
from jobs.presentation import shown_place, shown_text, span
from jobs.states import ACTIVE, WAITING_FOR_HUMAN, Status

SHOWN: Final = 6
WORKERS_SHOWN: Final = 12


@dataclass(frozen=True, slots=True)
class Tile:
    """One number at the top; `tab` is the list it leads to."""

    label: str
    number: int
    tone: str
    tab: str


@dataclass(frozen=True, slots=True)
class Waiting:
    """A job that waits, for a worker or for a person."""

    job: Job
    place: str
    age: str
    words: str = ""


@dataclass(frozen=True, slots=True)
class Panel:
    """What another part of the product adds to the page: its template is rendered with `panel`."""

    template: str
    facts: Any


class Dashboard:
    """Eight queries at most, each bounded or answered by an index of its own."""

    def __init__(self, request: HttpRequest) -> None:
        self.now = timezone.now()
        self.throughput = Throughput()
        self.panels = [panel for path in settings.CONSOLE_PANELS if (panel := _panel(path, request))]

    @cached_property
    def tiles(self) -> list[Tile]:
        active = Job.objects.filter(status__in=sorted(ACTIVE)).order_by()
        counts = Counter(dict(active.values_list("status").annotate(number=Count("*"))))
        human = sum(counts[status] for status in WAITING_FOR_HUMAN)
        return [
            Tile("Pending", counts[Status.PENDING], "pending", "pending"),
            Tile("Queued", counts[Status.QUEUED], "queued", "queued"),
            Tile("Running", counts[Status.RUNNING], "running", "running"),
            Tile("Needs human", human, "human", "human"),
        ]

    @cached_property
    def _longest(self) -> list[Job]:
        """What waits longest, for a worker and for a person, in one query."""
        for_worker = Job.objects.filter(CLAIMABLE, HOT).defer(*LARGE).order_by("created_at")[:SHOWN]
        for_person = Job.objects.filter(FOR_HUMAN).defer(*LARGE).order_by("paused_at")[:SHOWN]
        return list(for_worker.union(for_person, all=True))

    @property
    def oldest(self) -> list[Waiting]:
        jobs = [job for job in self._longest if not job.is_waiting_for_human]
        return [self._waiting(job, job.created_at) for job in sorted(jobs, key=lambda job: job.created_at)]

    @property
    def inbox(self) -> list[Waiting]:
        asked = [
            (job.paused_at or job.updated_at, NEEDS.get(job.interaction_type or "", ""), job)
            for job in self._longest
            if job.is_waiting_for_human
        ]
        asked.sort(key=lambda item: item[0])
        return [
            self._waiting(job, since, words or shown_text(job.status_message)) for since, words, job in asked
        ]

    @cached_property
    def failures(self) -> list[FailureGroup]:
        return failure_groups()

    @cached_property
    def workers(self) -> list[WorkerRow]:
        return rows(WORKERS_SHOWN)

    def _waiting(self, job: Job, since: datetime, words: str = "") -> Waiting:
        return Waiting(job, shown_place(job.target_url), span(self.now - since), words)


def _panel(path: str, request: HttpRequest) -> Panel | None:
    make: Callable[[HttpRequest], Panel | None] = import_string(path)
    return make(request)
