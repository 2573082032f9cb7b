"""How many jobs ended in each hour of the last day, and how long they took."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property
from typing import Final

from django.db import connection
from django.utils import timezone

from jobs.admin.charts import Chart, Stack, stacked
from jobs.presentation import span

HOURS: Final = 24
MOST_ROWS: Final = 100_000

# One pass over an index that holds all it needs; the newest rows only, however busy the day was.
_BY_HOUR: Final = """
SELECT date_trunc('hour', completed_at) AS hour,
       count(*) FILTER (WHERE status = 'completed'),
       count(*) FILTER (WHERE status = 'failed'),
       count(*) FILTER (WHERE status NOT IN ('completed', 'failed')),
       percentile_cont(0.95) WITHIN GROUP (ORDER BY extract(epoch FROM completed_at - started_at))
           FILTER (WHERE status = 'completed')
FROM (
    SELECT completed_at, started_at, status FROM gh_automation_jobs
    WHERE completed_at >= %s ORDER BY completed_at DESC LIMIT %s
) AS newest
GROUP BY GROUPING SETS ((date_trunc('hour', completed_at)), ())
"""


@dataclass(frozen=True, slots=True)
class Hour:
    completed: int = 0
    failed: int = 0
    other: int = 0
    p95: float | None = None

    @property
    def total(self) -> int:
        return self.completed + self.failed + self.other


class Throughput:
    """The last day, hour by hour. Units: `p95` is seconds of completed runs."""

    def __init__(self) -> None:
        now = timezone.now().replace(minute=0, second=0, microsecond=0)
        self._hours = [now - timedelta(hours=back) for back in range(HOURS - 1, -1, -1)]
        with connection.cursor() as cursor:
            cursor.execute(_BY_HOUR, [self._hours[0], MOST_ROWS + 1])
            found: dict[datetime | None, Hour] = {row[0]: Hour(*row[1:]) for row in cursor.fetchall()}
        self.day = found.get(None, Hour())
        self.is_cut = self.day.total > MOST_ROWS
        self._found = [found.get(hour, Hour()) for hour in self._hours]

    @property
    def success(self) -> str:
        """How many of the jobs that ran to an end were completed."""
        ended = self.day.completed + self.day.failed
        return f"{100 * self.day.completed / ended:.0f} %" if ended else ""

    @property
    def p95(self) -> str:
        return span(timedelta(seconds=self.day.p95)) if self.day.p95 is not None else ""

    @cached_property
    def ended(self) -> Chart:
        return stacked(
            [
                Stack(
                    at,
                    _told(hour),
                    (("completed", hour.completed), ("failed", hour.failed), ("other", hour.other)),
                )
                for at, hour in zip(self._hours, self._found, strict=True)
            ]
        )

    @cached_property
    def durations(self) -> Chart:
        return stacked(
            [
                Stack(at, f"p95 {span(timedelta(seconds=hour.p95 or 0))}", (("running", hour.p95 or 0.0),))
                for at, hour in zip(self._hours, self._found, strict=True)
            ]
        )

    @property
    def slowest(self) -> str:
        return span(timedelta(seconds=self.durations.peak))


def _told(hour: Hour) -> str:
    parts = ((hour.completed, "completed"), (hour.failed, "failed"), (hour.other, "cancelled or expired"))
    return ", ".join(f"{number:,} {words}" for number, words in parts if number) or "nothing ended"
