"""Pages by the place of their first and last row, so that the thousandth page costs what the first does."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final, Self
from uuid import UUID

from django.db.models import Q, QuerySet
from django.http import QueryDict

from jobs.models import Job

PAGE_SIZE: Final = 50


@dataclass(frozen=True, slots=True)
class Place:
    """Where a job stands in the order newest first."""

    created_at: datetime
    id: UUID

    @classmethod
    def read(cls, text: str) -> Self | None:
        """Read what `str` wrote; None for anything else."""
        moment, _, job_id = text.partition("~")
        try:
            created_at = datetime.fromisoformat(moment)
            return cls(created_at, UUID(job_id)) if created_at.tzinfo else None
        except ValueError:
            return None

    def __str__(self) -> str:
        return f"{self.created_at.isoformat()}~{self.id}"

    @property
    def older(self) -> Q:
        return Q(created_at__lte=self.created_at) & (Q(created_at__lt=self.created_at) | Q(id__lt=self.id))

    @property
    def newer(self) -> Q:
        return Q(created_at__gte=self.created_at) & (Q(created_at__gt=self.created_at) | Q(id__gt=self.id))


@dataclass(frozen=True, slots=True)
class Tab:
    """One state of a list: its colour, its address and how many rows it has."""

    label: str
    tone: str
    address: str
    count: str
    current: bool


class Page:
    """One page of jobs, newest first. `older` and `newer` lead to the pages beside it; empty when there is none."""

    def __init__(self, jobs: QuerySet[Job], params: QueryDict) -> None:
        after, before = Place.read(params.get("older", "")), Place.read(params.get("newer", ""))
        self.is_first = after is None and before is None
        if before:
            found = list(jobs.filter(before.newer).order_by("created_at", "id")[: PAGE_SIZE + 1])
            more_newer, more_older = len(found) > PAGE_SIZE, True
            self.jobs = found[:PAGE_SIZE][::-1]
        else:
            shown = jobs.filter(after.older) if after else jobs
            found = list(shown.order_by("-created_at", "-id")[: PAGE_SIZE + 1])
            more_newer, more_older = after is not None, len(found) > PAGE_SIZE
            self.jobs = found[:PAGE_SIZE]
        self.newer = self._place(0) if self.jobs and more_newer else ""
        self.older = self._place(-1) if self.jobs and more_older else ""

    def _place(self, index: int) -> str:
        return str(Place(self.jobs[index].created_at, self.jobs[index].id))
