"""Which failures are worth another try, and how long to wait before it. Source: CONTRACT section 11."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

RETRYABLE_CODES: Final = frozenset(
    {
        "captcha_blocked",
        "element_not_found",
        "timeout",
        "rate_limited",
        "network_error",
        "browser_crashed",
        "internal_error",
    }
)
WORKER_DEREGISTERED: Final = "worker_deregistered"
FINAL_CODES: Final = frozenset(
    {
        "login_required",
        "2fa_required",
        "budget_exceeded",
        "action_limit_exceeded",
        "validation_error",
        "hitl_timeout",
        WORKER_DEREGISTERED,
        "posting_closed",
        "already_applied",
        # The site turned the person down by the answers given.
        "not_eligible",
        # The posting is applied for at another site or by e-mail; `details.url` says where.
        "apply_elsewhere",
    }
)
BACKOFF_BASE_SECONDS: Final = 5
BACKOFF_LIMIT_SECONDS: Final = 60


def backoff(retry_count: int) -> timedelta:
    """Give the pause before the next automatic try of a job that was retried `retry_count` times."""
    doublings = min(max(retry_count, 0), 10)
    return timedelta(seconds=min(BACKOFF_LIMIT_SECONDS, BACKOFF_BASE_SECONDS * 2**doublings))


def should_retry(code: str, *, retry_count: int, max_retries: int) -> bool:
    """Tell whether the queue itself tries again after a failure with `code`."""
    return code in RETRYABLE_CODES and retry_count < max_retries
