"""Jobs that wait for a worker which is not there: nobody answers to its name, or it takes nothing more."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from urllib.parse import urlencode

from django.db import connection
from django.utils import timezone

from jobs.admin.counting import told
from jobs.models import LEASE
from jobs.presentation import shown_text, span

TARGETS_READ: Final = 1000
TARGETS_SHOWN: Final = 50
COUNT_CAP: Final = 200

# From target to target through an index of what may be claimed now, so that their jobs need not be read; then, for
# those that are not there, as many jobs as are counted, and the oldest of each priority.
_STRANDED: Final = """
WITH RECURSIVE waiting AS NOT MATERIALIZED (
    SELECT target_worker_id, priority, created_at, worker_affinity FROM gh_automation_jobs
    WHERE (status = 'pending' OR (status = 'queued' AND worker_id IS NULL)) AND (scheduled_at IS NULL OR is_due)
        AND target_worker_id IS NOT NULL
), targets(name) AS (
    (SELECT target_worker_id FROM waiting ORDER BY target_worker_id LIMIT 1)
    UNION ALL
    SELECT (SELECT target_worker_id FROM waiting WHERE target_worker_id > name ORDER BY target_worker_id LIMIT 1)
    FROM targets WHERE name IS NOT NULL
), there AS (
    SELECT unnest(ARRAY[worker_id, target_worker_id]) AS name FROM gh_worker_registry
    WHERE last_heartbeat >= now() - %(lease)s AND status NOT IN ('offline', 'draining')
        AND drain_requested_at IS NULL AND deregistered_at IS NULL
), absent AS (
    SELECT name FROM (SELECT name FROM targets WHERE name IS NOT NULL LIMIT %(read)s) AS known
    WHERE NOT EXISTS (SELECT FROM there WHERE there.name = known.name)
)
SELECT name, number, oldest, seen.last_heartbeat, seen.is_draining
FROM absent
CROSS JOIN LATERAL (
    SELECT count(*) FILTER (WHERE worker_affinity <> 'any') AS number
    FROM (
        SELECT worker_affinity FROM waiting WHERE target_worker_id = name
        ORDER BY priority, created_at LIMIT %(cap)s + 1
    ) AS counted
) AS counts
CROSS JOIN LATERAL (
    SELECT min(created_at) AS oldest FROM generate_series(1, 10) AS level CROSS JOIN LATERAL (
        SELECT created_at FROM waiting WHERE target_worker_id = name AND priority = level ORDER BY created_at LIMIT 1
    ) AS first_of_level
) AS ages
LEFT JOIN LATERAL (
    SELECT last_heartbeat, status <> 'offline' AND deregistered_at IS NULL
        AND last_heartbeat >= now() - %(lease)s AS is_draining
    FROM gh_worker_registry WHERE name IN (worker_id, target_worker_id) ORDER BY last_heartbeat DESC LIMIT 1
) AS seen ON true
WHERE number > 0 ORDER BY oldest, name LIMIT %(shown)s
"""


@dataclass(frozen=True, slots=True)
class Stranded:
    """The jobs that wait for one absent worker."""

    target: str
    count: str
    oldest: str
    words: str

    @property
    def address(self) -> str:
        """The list of these jobs."""
        return urlencode({"target": self.target, "status": "pending"})


def stranded() -> list[Stranded]:
    """Give the absent workers that jobs wait for, the longest waiting first."""
    limits: dict[str, Any] = {"lease": LEASE, "read": TARGETS_READ, "cap": COUNT_CAP, "shown": TARGETS_SHOWN}
    with connection.cursor() as cursor:
        cursor.execute(_STRANDED, limits)
        return [_stranded(*row) for row in cursor.fetchall()]


def _stranded(
    target: str, number: int, oldest: datetime, last_seen: datetime | None, is_draining: Any
) -> Stranded:
    now = timezone.now()
    if last_seen is None:
        words = "no such worker was ever seen"
    elif is_draining:
        words = "it is draining and takes no new jobs"
    else:
        words = f"its last sign of life was {span(now - last_seen)} ago"
    return Stranded(target, told(number, COUNT_CAP), span(now - oldest), shown_text(words))
