"""What operators ask of the whole installation, in one look of bounded cost.

Every statement reads at most a fixed number of rows, so that it costs the same behind a million jobs: exact counts
end at these limits. One look serves everybody for a few seconds, because anybody may ask.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from django.db import connection, transaction
from django.utils import timezone

from jobs import registry
from jobs.api.tail import newest_id
from jobs.registry import Standing
from jobs.states import ACTIVE, CLAIMED

FRESH_SECONDS: Final = 5.0
STATEMENT_SECONDS: Final = 10
WORKERS_SHOWN: Final = 200
STUCK_SHOWN: Final = 20

# Jobs that have not ended, by state and target: how many, and for how long the first one has been in it. Reads the
# 50,000 oldest of each status. What VALET inserts as queued waits like any other; `scheduled` is not due yet.
DEPTHS: Final = """
SELECT state, target, count(*), coalesce(max(extract(epoch FROM now() - since)), 0)::float8
FROM unnest(%(statuses)s::text[]) AS wanted CROSS JOIN LATERAL (
    SELECT CASE WHEN waits AND scheduled_at > now() THEN 'scheduled' WHEN waits THEN 'pending' ELSE status END AS state,
           target_worker_id AS target,
           CASE WHEN waits AND scheduled_at > now() THEN now()
                WHEN waits THEN greatest(created_at, scheduled_at)
                ELSE coalesce(paused_at, started_at, last_heartbeat, created_at) END AS since
    FROM (SELECT *, status = 'pending' OR (status = 'queued' AND worker_id IS NULL) AS waits
          FROM gh_automation_jobs WHERE status = wanted ORDER BY created_at LIMIT 50000) AS oldest
) AS jobs GROUP BY 1, 2
"""

# Jobs that ended within a day, by type and outcome, and how long the last hour's ran and had waited. Reads the 20,000
# newest.
FINISHED: Final = """
SELECT job_type, status, count(*), count(*) FILTER (WHERE retry_count > 0), count(*) FILTER (WHERE recent),
       percentile_cont(%(quantiles)s::float8[]) WITHIN GROUP (ORDER BY ran) FILTER (WHERE recent),
       percentile_cont(%(quantiles)s::float8[]) WITHIN GROUP (ORDER BY waited) FILTER (WHERE recent)
FROM (
    SELECT job_type, status, retry_count, completed_at > now() - interval '1 hour' AS recent,
           extract(epoch FROM completed_at - started_at)::float8 AS ran,
           extract(epoch FROM started_at - greatest(created_at, scheduled_at))::float8 AS waited
    FROM gh_automation_jobs WHERE completed_at > now() - interval '1 day' ORDER BY completed_at DESC LIMIT 20000
) AS finished GROUP BY 1, 2
"""

# How long claimed jobs took to start in the last hour, by type and what has become of them. Reads the 20,000 newest
# events.
CLAIM_TO_START: Final = """
SELECT job.job_type, job.status, count(*),
       percentile_cont(%(quantiles)s::float8[])
           WITHIN GROUP (ORDER BY extract(epoch FROM started.at - started.claimed_at)::float8)
FROM (
    SELECT job_id, to_status, created_at AS at,
           lag(created_at) OVER history AS claimed_at, lag(to_status) OVER history AS before
    FROM gh_job_events
    WHERE id > %(newest)s - 20000
      AND event_type = 'status_change' AND created_at > now() - interval '1 hour'
    WINDOW history AS (PARTITION BY job_id ORDER BY id)
) AS started JOIN gh_automation_jobs AS job ON job.id = started.job_id
WHERE started.to_status = 'running' AND started.before = 'queued' GROUP BY 1, 2
"""

# Everything that is one number.
TOTALS: Final = """
SELECT
    (SELECT count(*) FROM (SELECT FROM gh_automation_jobs WHERE created_at > now() - interval '1 day' LIMIT 100000) a)
        AS created,
    (SELECT count(*) FROM gh_automation_jobs WHERE status = ANY(%(claimed)s::text[]) AND worker_id IS NOT NULL) AS held,
    (SELECT count(*) FROM (SELECT FROM gh_callback_deliveries
        WHERE delivered_at IS NULL AND dead_at IS NULL LIMIT 50000) b) AS callbacks_waiting,
    (SELECT coalesce(extract(epoch FROM now() - min(next_attempt_at)), 0)::float8 FROM gh_callback_deliveries
        WHERE delivered_at IS NULL AND dead_at IS NULL) AS callbacks_late_seconds,
    (SELECT count(*) FROM (SELECT FROM gh_callback_deliveries WHERE dead_at IS NOT NULL LIMIT 50000) c)
        AS callbacks_dead,
    (SELECT max(dead_at) FROM gh_callback_deliveries WHERE dead_at IS NOT NULL) AS callback_died_at,
    (SELECT count(*) FROM (SELECT FROM gh_browser_sessions
        WHERE expires_at > now() LIMIT 100000) d) AS sessions,
    (SELECT count(*) FROM gh_queue_pauses) AS paused_queues,
    spent.calls, spent.input_tokens, spent.output_tokens, spent.usd
FROM (
    SELECT count(*) FILTER (WHERE input_tokens + output_tokens > 0) AS calls,
           coalesce(sum(input_tokens), 0)::bigint AS input_tokens,
           coalesce(sum(output_tokens), 0)::bigint AS output_tokens, coalesce(sum(cost_usd), 0)::float8 AS usd
    FROM (SELECT * FROM gh_costs WHERE created_at > now() - interval '1 day' ORDER BY id DESC LIMIT 50000) AS newest
) AS spent
"""

# Running jobs whose worker gave no sign of life for five minutes. Source: CONTRACT section 13.
STUCK: Final = """
SELECT id::text, last_heartbeat FROM gh_automation_jobs
WHERE status = ANY(%(claimed)s::text[]) AND worker_id IS NOT NULL AND last_heartbeat < now() - interval '5 minutes'
ORDER BY last_heartbeat LIMIT %(shown)s
"""

# Requests refused because of a rate, by rule, since the counting began.
REFUSALS: Final = "SELECT rule, sum(count)::bigint FROM gh_rate_refusals GROUP BY 1 ORDER BY 1"

QUANTILES: Final = (0.5, 0.95, 1.0)


@dataclass(frozen=True, slots=True)
class Depth:
    """Jobs in one state, aimed at one worker (None: at any); `oldest_seconds` is since when the first is in it."""

    state: str
    target: str | None
    count: int
    oldest_seconds: float


@dataclass(frozen=True, slots=True)
class Finished:
    """Jobs of one type that ended one way within a day; durations, at QUANTILES, are the last hour's."""

    job_type: str
    outcome: str
    day: int
    retried: int
    hour: int
    run_seconds: Sequence[float] | None
    wait_seconds: Sequence[float] | None


@dataclass(frozen=True, slots=True)
class Started:
    """Jobs of one type that started in the last hour, and what has become of them."""

    job_type: str
    outcome: str
    count: int
    claim_seconds: Sequence[float]


@dataclass(frozen=True, slots=True)
class Snapshot:
    """The installation at one moment. `totals` has the names of TOTALS."""

    taken_at: datetime
    depths: Sequence[Depth]
    finished: Sequence[Finished]
    started: Sequence[Started]
    totals: dict[str, Any]
    stuck: Sequence[tuple[str, datetime]]
    refusals: Sequence[tuple[str, int]]
    workers: Sequence[Standing]

    @property
    def alive(self) -> list[Standing]:
        return [worker for worker in self.workers if worker.status != "offline"]

    def depth(self, state: str) -> int:
        return sum(depth.count for depth in self.depths if depth.state == state)

    def oldest_seconds(self, state: str) -> float:
        return max((depth.oldest_seconds for depth in self.depths if depth.state == state), default=0.0)

    def ended(self, outcome: str | None = None) -> int:
        """Count what ended within a day: this way, or any way."""
        return sum(found.day for found in self.finished if outcome in (None, found.outcome))


class Lookout:
    """The newest snapshot, shared by all who ask within a few seconds."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._taken_at = float("-inf")
        self._seen: Snapshot | None = None

    def look(self) -> Snapshot:
        """Give a snapshot that is at most five seconds old. Raises django.db.Error."""
        with self._lock:
            if self._seen is None or time.monotonic() - self._taken_at > FRESH_SECONDS:
                self._seen, self._taken_at = take(), time.monotonic()
            return self._seen

    def forget(self) -> None:
        """Read anew the next time."""
        self._seen = None


def take() -> Snapshot:
    """Read everything now. Raises django.db.Error."""
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute(f"SET LOCAL statement_timeout = '{STATEMENT_SECONDS}s'")
        return Snapshot(
            taken_at=timezone.now(),
            depths=[Depth(*row) for row in _rows(DEPTHS, statuses=sorted(ACTIVE))],
            finished=[Finished(*row) for row in _rows(FINISHED, quantiles=list(QUANTILES))],
            started=[
                Started(*row) for row in _rows(CLAIM_TO_START, newest=newest_id(), quantiles=list(QUANTILES))
            ],
            totals=_totals(),
            stuck=[(row[0], row[1]) for row in _rows(STUCK, claimed=sorted(CLAIMED), shown=STUCK_SHOWN)],
            refusals=[(row[0], row[1]) for row in _rows(REFUSALS)],
            workers=registry.fleet()[:WORKERS_SHOWN],
        )


def _rows(statement: str, **values: Any) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return list(cursor.fetchall())


def _totals() -> dict[str, Any]:
    with connection.cursor() as cursor:
        cursor.execute(TOTALS, {"claimed": sorted(CLAIMED)})
        names = [column.name for column in cursor.description or ()]
        return dict(zip(names, cursor.fetchone() or (), strict=True))


lookout = Lookout()
look = lookout.look
