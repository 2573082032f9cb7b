"""What happens to a job, shown as it happens."""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from typing import Final

from django.utils import timezone

from jobs.management.job_lookup import events_after
from jobs.management.job_output import HumanOutput, JsonOutput
from jobs.models import Job
from jobs.waiting import why_waiting

POLL_SECONDS: Final = 0.5
# A job that is taken at once needs no words about waiting.
PATIENCE_SECONDS: Final = 1.0
# What decides how long a job is followed, and why it waits.
_CHANGING: Final = (
    "status",
    "worker_id",
    "target_worker_id",
    "worker_affinity",
    "scheduled_at",
    "error_code",
)


Output = HumanOutput | JsonOutput


def follow(job: Job, output: Output | None, *, is_over: Callable[[Job], bool]) -> None:
    """Show the job's events as they come, and what it waits for, until `is_over` says so or the job is gone.

    The row is read before its newest events, so that none is missed; `job` is as fresh as what was shown. Without
    `output` nothing is shown.
    """
    last_id, told, look_at = 0, "", time.monotonic() + PATIENCE_SECONDS
    while True:
        is_there = _refresh(job)
        events = list(events_after(job, last_id))
        last_id = events[-1].id if events else last_id
        if output:
            output.followed(events)
        if not is_there or is_over(job):
            return
        if output and job.is_unclaimed and time.monotonic() >= look_at:
            told, look_at = _tell_why(job, output, told), time.monotonic() + PATIENCE_SECONDS
        time.sleep(POLL_SECONDS)


def _refresh(job: Job) -> bool:
    """Read what changes of the row; False when there is none any more."""
    try:
        job.refresh_from_db(fields=_CHANGING)
    except Job.DoesNotExist:
        return False
    return True


def _tell_why(job: Job, output: Output, told: str) -> str:
    """Say what the job waits for unless that was `told`, whatever its numbers have become; answers what is told now."""
    why = " ".join(why_waiting(job, timezone.now()))
    reason = re.sub(r"\d+", "", why)
    if reason != told:
        output.waiting(why)
    return reason
