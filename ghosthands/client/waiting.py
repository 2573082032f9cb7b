"""When to look at a job again, and when to stop looking."""

from __future__ import annotations

import time
from dataclasses import replace

from ghosthands.client import calls
from ghosthands.client.errors import (
    ConnectionFailedError,
    GhostHandsError,
    RateLimitedError,
    ServerError,
    WaitTimeoutError,
)
from ghosthands.client.params import Id
from ghosthands.client.results import JobStatus

PASSING = (ConnectionFailedError, RateLimitedError, ServerError)
"""Errors that a server which is being restarted gives."""


class Wait:
    """The bookkeeping of one wait; whoever uses it does the sleeping and the asking."""

    def __init__(self, job_id: Id, *, timeout: float, poll_interval: float) -> None:
        if poll_interval <= 0:
            raise ValueError("poll_interval must be more than 0 seconds")
        # The wait asks again by itself.
        self.call = replace(calls.get_job_status(job_id), may_repeat=False)
        self._timeout = timeout
        self._poll_interval = poll_interval
        self._ends_at = time.monotonic() + timeout
        self._last: JobStatus | None = None

    def request_timeout(self, usual: float) -> float:
        """Bound one request by what is left of the wait, with a second's grace for the last look."""
        return min(usual, max(1.0, self._left()))

    def note(self, seen: JobStatus) -> bool:
        """Remember what was seen; tells whether it is news."""
        before, self._last = self._last, seen
        return before is None or (before.status, before.status_message) != (seen.status, seen.status_message)

    def pause(self) -> float:
        """Seconds until the next look. Raises WaitTimeoutError."""
        return self._bounded(self._poll_interval)

    def pause_after(self, error: GhostHandsError) -> float:
        """Seconds until the next look when this one failed. Raises `error` if none ever succeeded."""
        if self._last is None:
            raise error
        asked = getattr(error, "retry_after", None) or 0.0
        return self._bounded(max(self._poll_interval, asked))

    def _bounded(self, seconds: float) -> float:
        left = self._left()
        if left > 0:
            return min(seconds, left)
        status = self._last.status if self._last else None
        raise WaitTimeoutError(
            f"Job {self.call.job_id} was still {status} after {self._timeout:g} s",
            job_id=self.call.job_id or "",
            last_status=status,
        )

    def _left(self) -> float:
        return self._ends_at - time.monotonic()
