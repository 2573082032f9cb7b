"""The other jobs of a job's task, user and site."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from django.db.models import QuerySet

from jobs.admin.counting import count_each, told
from jobs.admin.filters import Filters
from jobs.models import Job
from jobs.presentation import shown_text

CAP: Final = 999


@dataclass(frozen=True, slots=True)
class Related:
    """How many other jobs share `name` with this one, and where they are listed."""

    name: str
    value: str
    count: str
    address: str


def related(job: Job) -> list[Related]:
    """Give what this job shares with others, with bounded counts in one query."""
    filters = {
        "task": ("Task", Filters(task=job.valet_task_id or "")),
        "user": ("User", Filters(user=str(job.user_id or ""))),
        "host": ("Host", Filters(host=job.host)),
    }
    shared = {name: pair for name, pair in filters.items() if pair[1].chosen}
    others: dict[str, QuerySet[Job]] = {
        name: found.matching().exclude(id=job.id)[: CAP + 1] for name, (_, found) in shared.items()
    }
    counts = count_each(others)
    return [
        Related(label, shown_text(found.chosen[name]), told(counts[name], CAP), found.address())
        for name, (label, found) in shared.items()
        if counts[name]
    ]
