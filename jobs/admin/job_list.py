"""What the list of jobs shows. Every query here is bounded: the console is needed most when the table is worst."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Final
from uuid import UUID

from django.db.models import Count
from django.http import QueryDict
from django.utils import timezone

from jobs.admin.counting import count_each
from jobs.admin.filters import PERIODS, TABS, Filters, statuses
from jobs.admin.paging import Page, Tab
from jobs.liveness import alive_workers
from jobs.models import Job, JobEvent
from jobs.presentation import shown_place, shown_text, span, status_label, took
from jobs.states import ACTIVE, TERMINAL, Action, Status, allows

FINISHED_CAP = 10_000
NARROWED_CAP = 1000
CHOICES_FROM_NEWEST = 1000
LARGE: Final = (
    "input_data",
    "result_data",
    "error_details",
    "metadata",
    "interaction_data",
    "resume_ref",
    "task_description",
)


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

    @property
    def can_be_retargeted(self) -> bool:
        return allows(Action.RETARGET, self.job.status) and self.job.worker_id is None


@dataclass(frozen=True, slots=True)
class Choice:
    """One filter of the form: what it is called, what it offers, and what is chosen."""

    name: str
    label: str
    chosen: str
    values: list[tuple[str, str]]


class JobList:
    """One page of the list, with its tabs and filters."""

    def __init__(self, filters: Filters, params: QueryDict) -> None:
        self.filters = filters
        self._of_any_status = filters.of_any_status()
        shown = self._of_any_status
        if filters.status:
            shown = shown.filter(status__in=statuses(filters.status))
        self.page = Page(shown.defer(*LARGE), params)

    @cached_property
    def rows(self) -> list[Row]:
        jobs = self.page.jobs
        now = timezone.now()
        progress = _progress_of(job.id for job in jobs if job.status == Status.RUNNING)
        waited_for = {job.target_worker_id for job in jobs if job.status == Status.PENDING}
        away = _away(waited_for - {None})
        return [_row(job, now, progress, away) for job in jobs]

    @cached_property
    def tabs(self) -> list[Tab]:
        counts = self._counts()
        return [
            Tab(
                label,
                name or "all",
                self.filters.address(status=name),
                self._told(counts, tab_statuses),
                name == self.filters.status,
            )
            for name, label, tab_statuses in TABS
        ]

    @property
    def size(self) -> str:
        """How many jobs the filter picks, as far as they are counted."""
        return next((tab.count for tab in self.tabs if tab.current), "")

    @property
    def chips(self) -> list[tuple[str, str, str]]:
        """Filters that have no box of their own: name, value, and the address without it."""
        boxed = {"status", "q", *(choice.name for choice in self.choices)}
        return [
            (name, shown_text(value)[:40], self.filters.address(**{name: ""}))
            for name, value in self.filters.chosen.items()
            if name not in boxed
        ]

    def _counts(self) -> Counter[str]:
        """Count the jobs of each status.

        Without a filter the active ones exactly, the finished ones up to a cap; with one, among the newest that match.
        """
        if self.filters.narrows:
            newest = self._of_any_status.order_by("-created_at").values("status")[:NARROWED_CAP]
            return Counter(row["status"] for row in newest)
        capped = {
            status.value: Job.objects.filter(status=status.value)[: FINISHED_CAP + 1] for status in TERMINAL
        }
        active = Job.objects.filter(status__in=sorted(ACTIVE)).order_by()
        exact = dict(active.values_list("status").annotate(number=Count("*")))
        return Counter(count_each(capped)) + Counter(exact)

    def _told(self, counts: Counter[str], held: Iterable[Status]) -> str:
        total = sum(counts[status] for status in held)
        if self.filters.narrows:
            if counts.total() < NARROWED_CAP:
                return f"{total:,}"
            return f"{total:,}+" if total else "…"
        cut = any(counts[status] > FINISHED_CAP for status in held if status in TERMINAL)
        whole = sum(
            min(counts[status], FINISHED_CAP) if status in TERMINAL else counts[status] for status in held
        )
        return f"{whole:,}+" if cut else f"{whole:,}"

    @cached_property
    def choices(self) -> list[Choice]:
        """What the filters offer: what occurs among the newest jobs, and what is chosen."""
        newest = Job.objects.order_by("-created_at", "-id")
        columns = ("job_type", "target_worker_id", "worker_id", "error_code", "tags")
        seen = list(newest.values_list(*columns)[:CHOICES_FROM_NEWEST])
        values = [{row[index] for row in seen} for index in range(4)]
        values.append({tag for row in seen for tag in row[4] or ()})
        named = (
            ("type", "Type"),
            ("target", "Target"),
            ("worker", "Worker"),
            ("error", "Error"),
            ("tag", "Tag"),
        )
        choices = [
            self._choice(name, label, [(value, value) for value in sorted(filter(None, found))])
            for (name, label), found in zip(named, values, strict=True)
        ]
        periods = [(name, words) for name, (words, _) in PERIODS.items()]
        return [*choices, self._choice("since", "Created", periods)]

    def _choice(self, name: str, label: str, values: list[tuple[str, str]]) -> Choice:
        chosen = self.filters.chosen.get(name, "")
        if chosen and chosen not in dict(values):
            values = [*values, (chosen, chosen)]
        return Choice(name, label, chosen, values)


def percent_of(report: JobEvent) -> int | None:
    """Give how far a progress report says the job is, or None when it says nothing of use."""
    percent = report.metadata.get("progress_pct") if isinstance(report.metadata, dict) else None
    return max(0, min(100, int(percent))) if isinstance(percent, (int, float)) else None


def _progress_of(job_ids: Iterable[UUID]) -> dict[UUID, int]:
    reports = (
        JobEvent.objects.filter(job_id__in=list(job_ids), event_type="progress_update")
        .order_by("job_id", "-id")
        .distinct("job_id")
    )
    return {report.job_id: percent for report in reports if (percent := percent_of(report)) is not None}


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
