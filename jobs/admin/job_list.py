"""What the list of jobs shows. Every query here is bounded: the console is needed most when the table is worst."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields
from datetime import datetime
from functools import cached_property
from typing import TYPE_CHECKING, Any, Self
from urllib.parse import urlencode
from uuid import UUID

from django.core.paginator import Page, Paginator
from django.db.models import Count, Q, QuerySet
from django.http import QueryDict
from django.utils import timezone

from jobs.admin.liveness import alive_workers
from jobs.models import Job, JobEvent, JobQuerySet
from jobs.presentation import shown_place, span, status_label, took
from jobs.states import ACTIVE, TERMINAL, WAITING_FOR_HUMAN, Status

if TYPE_CHECKING:
    JobPaginator = Paginator[Job]
else:
    JobPaginator = Paginator

PAGE_SIZE = 50
COUNT_CAP = 5000
FINISHED_CAP = 1000
SEARCHED_NEWEST = 20_000
CHOICES_FROM_NEWEST = 1000
_LARGE = ("input_data", "result_data", "error_details", "metadata", "interaction_data", "resume_ref")

# The tabs: what the address calls them, what people read, and the statuses they hold.
TABS: tuple[tuple[str, str, frozenset[Status]], ...] = (
    ("", "All", frozenset(Status)),
    ("pending", "Pending", frozenset({Status.PENDING})),
    ("queued", "Queued", frozenset({Status.QUEUED})),
    ("running", "Running", frozenset({Status.RUNNING})),
    ("human", "Needs human", WAITING_FOR_HUMAN),
    ("completed", "Completed", frozenset({Status.COMPLETED})),
    ("failed", "Failed", frozenset({Status.FAILED})),
    ("cancelled", "Cancelled", frozenset({Status.CANCELLED})),
    ("expired", "Expired", frozenset({Status.EXPIRED})),
)


@dataclass(frozen=True, slots=True)
class Filters:
    """What the address asks for."""

    status: str = ""
    type: str = ""
    target: str = ""
    worker: str = ""
    q: str = ""

    @classmethod
    def read(cls, params: QueryDict) -> Self:
        """Read the filters of an address; NUL, which PostgreSQL knows no text with, is dropped."""
        return cls(
            **{field.name: params.get(field.name, "").replace("\0", "").strip() for field in fields(cls)}
        )

    def address(self, **changes: Any) -> str:
        """Give the query string of these filters, changed as told; empty values are left out."""
        values = {field.name: getattr(self, field.name) for field in fields(self)} | changes
        return urlencode({name: value for name, value in values.items() if value})

    @property
    def narrows(self) -> bool:
        """Whether anything but the tab was chosen."""
        return any((self.type, self.target, self.worker, self.q))


class CappedPaginator(JobPaginator):
    """Pages through the first `COUNT_CAP` rows, and never counts more."""

    def __init__(self, jobs: QuerySet[Job]) -> None:
        super().__init__(jobs, PAGE_SIZE)
        self._jobs = jobs

    @cached_property
    def count(self) -> int:
        return min(COUNT_CAP, self._jobs.order_by()[: COUNT_CAP + 1].count())


@dataclass(frozen=True, slots=True)
class Tab:
    label: str
    tone: str
    address: str
    count: str
    current: bool


@dataclass(frozen=True, slots=True)
class Row:
    """One job of the list."""

    job: Job
    place: str
    label: str
    percent: int | None
    target_is_away: bool
    age: str
    took: str


class JobList:
    """One page of the list, with its tabs and filters."""

    def __init__(self, filters: Filters, page_number: str = "1") -> None:
        self.filters = filters
        self._base = _matching(filters)
        statuses = next((tab[2] for tab in TABS if tab[0] == filters.status), frozenset(Status))
        jobs = self._base
        if filters.status:
            jobs = jobs.filter(status__in=sorted(status.value for status in statuses))
        self._jobs = jobs.defer(*_LARGE).order_by("-created_at", "-id")
        self.page: Page[Job] = CappedPaginator(self._jobs).get_page(page_number)

    @property
    def size(self) -> str:
        count = self.page.paginator.count
        return f"{COUNT_CAP:,}+" if count == COUNT_CAP else f"{count:,}"

    @cached_property
    def rows(self) -> list[Row]:
        jobs = list(self.page.object_list)
        now = timezone.now()
        progress = _progress_of(job.id for job in jobs if job.status == Status.RUNNING)
        waited_for = {job.target_worker_id for job in jobs if job.status == Status.PENDING}
        away = _away(waited_for - {None})
        return [_row(job, now, progress, away) for job in jobs]

    @property
    def tabs(self) -> list[Tab]:
        counts = self._counts()
        return [
            Tab(
                label,
                name or "all",
                self.filters.address(status=name),
                _told(counts, statuses),
                name == self.filters.status,
            )
            for name, label, statuses in TABS
        ]

    def _counts(self) -> Counter[str]:
        """Count the jobs of each status: active ones exactly, finished ones up to a cap."""
        active = self._base.filter(status__in=sorted(status.value for status in ACTIVE)).order_by()
        counts: Counter[str] = Counter(dict(active.values_list("status").annotate(number=Count("*"))))
        first, *others = (
            self._base.filter(status=status.value)
            .order_by()
            .values_list("status", flat=True)[: FINISHED_CAP + 1]
            for status in sorted(TERMINAL)
        )
        counts.update(first.union(*others, all=True))
        return counts

    @cached_property
    def choices(self) -> dict[str, list[str]]:
        """What the filters offer: what occurs among the newest jobs, and what is chosen."""
        newest = Job.objects.order_by("-created_at", "-id")
        seen = list(newest.values_list("job_type", "target_worker_id", "worker_id")[:CHOICES_FROM_NEWEST])
        chosen = (self.filters.type, self.filters.target, self.filters.worker)
        columns = zip(*seen, strict=True) if seen else ((), (), ())
        return {
            name: sorted({value for value in column if value} | ({picked} if picked else set()))
            for name, column, picked in zip(("type", "target", "worker"), columns, chosen, strict=True)
        }


def _matching(filters: Filters) -> JobQuerySet:
    jobs: JobQuerySet = Job.objects.all()
    if filters.type:
        jobs = jobs.filter(job_type=filters.type)
    if filters.target:
        jobs = jobs.filter(target_worker_id=filters.target)
    if filters.worker:
        jobs = jobs.filter(worker_id=filters.worker)
    return _found(jobs, filters.q) if filters.q else jobs


def _found(jobs: JobQuerySet, words: str) -> JobQuerySet:
    """Narrow to jobs with this start of an id, this task or key, or, among the newest, this in their address."""
    newest = Job.objects.order_by("-created_at", "-id").values("id")[:SEARCHED_NEWEST]
    parts: list[QuerySet[Job]] = [
        jobs.with_id_prefix(words),
        jobs.filter(Q(valet_task_id=words) | Q(idempotency_key=words)),
        jobs.filter(id__in=newest, target_url__icontains=words),
    ]
    first, *others = (part.order_by().values_list("id", flat=True)[:FINISHED_CAP] for part in parts)
    return jobs.filter(id__in=list(first.union(*others)))


def _progress_of(job_ids: Iterable[UUID]) -> dict[UUID, int]:
    reports = (
        JobEvent.objects.filter(job_id__in=list(job_ids), event_type="progress_update")
        .order_by("job_id", "-id")
        .distinct("job_id")
    )
    return {report.job_id: percent for report in reports if (percent := percent_of(report)) is not None}


def percent_of(report: JobEvent) -> int | None:
    """Give how far a progress report says the job is, or None when it says nothing of use."""
    percent = report.metadata.get("progress_pct") if isinstance(report.metadata, dict) else None
    return max(0, min(100, int(percent))) if isinstance(percent, (int, float)) else None


def _away(worker_ids: Iterable[str | None]) -> set[str]:
    wanted = {worker_id for worker_id in worker_ids if worker_id}
    return wanted - alive_workers(wanted) if wanted else set()


def _row(job: Job, now: datetime, progress: Mapping[UUID, int], away: set[str]) -> Row:
    return Row(
        job=job,
        place=shown_place(job.target_url),
        label=status_label(job.status),
        percent=progress.get(job.id),
        target_is_away=job.status == Status.PENDING and job.target_worker_id in away,
        age=span(now - job.created_at),
        took=took(job.started_at, job.completed_at, now),
    )


def _told(counts: Counter[str], statuses: frozenset[Status]) -> str:
    capped = any(counts[status.value] > FINISHED_CAP for status in statuses & TERMINAL)
    total = sum(counts[status.value] for status in statuses & ACTIVE)
    total += sum(min(counts[status.value], FINISHED_CAP) for status in statuses & TERMINAL)
    return f"{total:,}+" if capped else f"{total:,}"
