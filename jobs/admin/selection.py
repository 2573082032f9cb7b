"""The jobs that a verb over many is about: those that were ticked, or all that a filter matches."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import Final, Self
from uuid import UUID

from django.http import HttpRequest, QueryDict

from jobs import bulk
from jobs.admin.filters import Filters
from jobs.admin.paging import PAGE_SIZE
from jobs.models import Job
from jobs.presentation import status_label
from jobs.states import Action

AT_ONCE: Final = 500


@dataclass(frozen=True, slots=True)
class Selection:
    """At most `AT_ONCE` jobs, newest first. `filters` is None for ticked ones; `more` are left for the next time."""

    job_ids: tuple[UUID, ...]
    filters: Filters | None
    more: bool = False

    @classmethod
    def read(cls, request: HttpRequest) -> Self:
        """Read what was posted. An empty filter picks nothing: it never means every job."""
        if request.POST.get("every") != "filter":
            return cls(_ticked(request.POST), None)
        filters = Filters.read(QueryDict(request.GET.get("list", "")))
        if not filters.chosen:
            return cls((), filters)
        found = filters.matching().order_by("-created_at", "-id").values_list("id", flat=True)
        ids = tuple(found[: AT_ONCE + 1])
        return cls(ids[:AT_ONCE], filters, len(ids) > AT_ONCE)

    def foresee(self, action: Action) -> list[tuple[str, int, bool]]:
        """Tell what the verb would do: words, number, and whether that is what was asked for."""
        jobs = Job.objects.filter(id__in=self.job_ids).only("id", "status", "submit_armed_at", "worker_id")
        counts = Counter(outcome.result for outcome in bulk.foresee(action, jobs))
        if missing := len(self.job_ids) - counts.total():
            counts[bulk.Result.MISSING] = missing
        words = bulk.WORDS[action]
        return [
            (words[result].replace(" {}", "").strip(), counts[result], result is bulk.Result.DONE)
            for result in bulk.Result
            if counts[result]
        ]

    @property
    def by_status(self) -> list[tuple[str, str, int]]:
        """What is picked, by state: status, its words, and the number."""
        found = Job.objects.filter(id__in=self.job_ids).values_list("status", flat=True)
        return [(status, status_label(status), count) for status, count in Counter(found).most_common()]


def _ticked(form: QueryDict) -> tuple[UUID, ...]:
    """Give the jobs that were ticked, at most a page of them; what is no id is nothing."""
    ids = []
    for given in form.getlist("job")[:PAGE_SIZE]:
        try:
            ids.append(UUID(given))
        except ValueError:
            continue
    return tuple(ids)
