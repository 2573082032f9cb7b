"""Which jobs the console's list, its verbs over many and its export are about. Every query here is bounded."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields
from datetime import datetime, timedelta
from typing import Any, Final, Self
from urllib.parse import urlencode
from uuid import UUID

from django.db.models import Q, QuerySet
from django.db.models.expressions import RawSQL
from django.http import QueryDict
from django.utils import timezone

from jobs.models import Job, JobQuerySet
from jobs.states import WAITING_FOR_HUMAN, Status

SEARCHED_NEWEST = 20_000
FOUND_CAP = 1000

# The newest rows are read first, so that what the words are cannot make the search longer.
_WORDS: Final = """
SELECT id FROM (
    SELECT id, target_url, task_description FROM gh_automation_jobs ORDER BY created_at DESC, id DESC LIMIT %s
) AS newest
WHERE strpos(lower(target_url || ' ' || task_description), lower(%s)) > 0 LIMIT %s
"""

# The tabs: what the address calls them, what people read, and the statuses they hold.
TABS: Final[tuple[tuple[str, str, frozenset[Status]], ...]] = (
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
PERIODS: Final = {
    "1h": ("last hour", timedelta(hours=1)),
    "24h": ("last 24 hours", timedelta(hours=24)),
    "7d": ("last 7 days", timedelta(days=7)),
    "30d": ("last 30 days", timedelta(days=30)),
}


@dataclass(frozen=True, slots=True)
class Filters:
    """What the address asks for. `since` is a period or a moment, `until` a moment."""

    status: str = ""
    type: str = ""
    target: str = ""
    worker: str = ""
    error: str = ""
    failure: str = ""
    tag: str = ""
    task: str = ""
    user: str = ""
    host: str = ""
    since: str = ""
    until: str = ""
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
    def chosen(self) -> dict[str, str]:
        """What is asked for, by name."""
        values = {field.name: getattr(self, field.name) for field in fields(self)}
        return {name: value for name, value in values.items() if value}

    @property
    def narrows(self) -> bool:
        """Whether anything but the tab was chosen."""
        return bool(self.chosen.keys() - {"status"})

    def matching(self) -> JobQuerySet:
        """Give the jobs asked for."""
        jobs = self.of_any_status()
        return jobs.filter(status__in=statuses(self.status)) if self.status else jobs

    def of_any_status(self) -> JobQuerySet:
        """Give the jobs asked for, whichever tab they are on. Words, ids and tags are looked up at once."""
        jobs: JobQuerySet = Job.objects.all()
        for name, value in self.chosen.items():
            if name in CONDITIONS:
                jobs = jobs.filter(CONDITIONS[name](value))
        jobs = _tagged(jobs, self.tag) if self.tag else jobs
        return _found(jobs, self.q) if self.q else jobs


def statuses(tab: str) -> list[str]:
    """Give the statuses of a tab; an unknown tab holds them all."""
    held = next((tab_statuses for name, _, tab_statuses in TABS if name == tab), frozenset(Status))
    return sorted(status.value for status in held)


def _since(value: str) -> Q:
    if value in PERIODS:
        return Q(created_at__gte=timezone.now() - PERIODS[value][1])
    moment = _moment(value)
    return Q(created_at__gte=moment) if moment else Q()


def _until(value: str) -> Q:
    moment = _moment(value)
    return Q(created_at__lt=moment) if moment else Q()


def _moment(value: str) -> datetime | None:
    try:
        moment = datetime.fromisoformat(value)
    except ValueError:
        return None
    return moment if moment.tzinfo else timezone.make_aware(moment)


def _user(value: str) -> Q:
    try:
        return Q(user_id=UUID(value))
    except ValueError:
        return Q(pk__in=[])


CONDITIONS: Final[Mapping[str, Callable[[str], Q]]] = {
    "type": lambda value: Q(job_type=value),
    "target": lambda value: Q(target_worker_id=value),
    "worker": lambda value: Q(worker_id=value),
    "error": lambda value: Q(error_code=value),
    "failure": lambda value: Q(error_fingerprint=value),
    "task": lambda value: Q(valet_task_id=value),
    "host": lambda value: Q(host=value.lower()),
    "user": _user,
    "since": _since,
    "until": _until,
}


def _tagged(jobs: JobQuerySet, tag: str) -> JobQuerySet:
    """Narrow to jobs with a tag. A rare one is looked up first, for the newest jobs would be walked in vain."""
    tagged = Job.objects.filter(tags__contains=[tag])
    ids = list(tagged.values_list("id", flat=True)[: FOUND_CAP + 1])
    return jobs.filter(tags__contains=[tag]) if len(ids) > FOUND_CAP else jobs.filter(id__in=ids)


def _found(jobs: JobQuerySet, words: str) -> JobQuerySet:
    """Narrow to jobs with this start of an id, this task, key or host, or, among the newest, these words."""
    parts: list[QuerySet[Job]] = [
        jobs.with_id_prefix(words),
        jobs.filter(Q(valet_task_id=words) | Q(idempotency_key=words)),
        jobs.filter(host=words.lower()).order_by("-created_at"),
        jobs.filter(id__in=RawSQL(_WORDS, [SEARCHED_NEWEST, words, FOUND_CAP])),  # noqa: S611 - a constant
    ]
    first, *others = (part.values_list("id", flat=True)[:FOUND_CAP] for part in parts)
    return jobs.filter(id__in=list(first.union(*others)))
