"""Failures that are alike, so that one cause is looked at, and retried, once."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.db import connection
from django.utils import timezone

from jobs.admin.filters import Filters
from jobs.presentation import shown_text, span

NEWEST: Final = 5000
SHOWN: Final = 6

# A failure's group is a column of its own; the newest failures are read from an index that carries it.
_GROUPS: Final = """
SELECT grouped.*, job.error_code, job.error_details ->> 'message', job.host
FROM (
    SELECT error_fingerprint, count(*) AS number, max(completed_at) AS last,
           (array_agg(id ORDER BY completed_at DESC))[1] AS example
    FROM (
        SELECT id, error_fingerprint, completed_at FROM gh_automation_jobs
        WHERE status = 'failed' AND completed_at >= now() - interval '7 days'
        ORDER BY completed_at DESC LIMIT %s
    ) AS newest
    WHERE error_fingerprint IS NOT NULL
    GROUP BY error_fingerprint ORDER BY number DESC, last DESC LIMIT %s
) AS grouped
JOIN gh_automation_jobs AS job ON job.id = grouped.example
ORDER BY number DESC, last DESC
"""


@dataclass(frozen=True, slots=True)
class FailureGroup:
    """`address` is the filter that picks its jobs."""

    code: str
    message: str
    number: int
    last: str
    at: datetime
    address: str


def failure_groups() -> list[FailureGroup]:
    """Give the commonest among the newest failures of the last week."""
    now = timezone.now()
    with connection.cursor() as cursor:
        cursor.execute(_GROUPS, [NEWEST, SHOWN])
        return [
            FailureGroup(
                code=shown_text(code) or "failed",
                message=shown_text(message)[:160],
                number=number,
                last=span(now - last),
                at=last,
                address=Filters(status="failed", failure=fingerprint).address(),
            )
            for fingerprint, number, last, _, code, message, _ in cursor.fetchall()
        ]
