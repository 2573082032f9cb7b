"""How jobs are shown to people: the same words and the same masks in the admin and on the command line."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime, timedelta
from types import MappingProxyType
from typing import Any, Final

from jobs.redaction import MASK, mask, mask_text, mask_url
from jobs.states import Status

STATUS_LABELS: Final[Mapping[str, str]] = MappingProxyType(
    {
        Status.PENDING.value: "Pending",
        Status.QUEUED.value: "Queued",
        Status.RUNNING.value: "Running",
        Status.PAUSED.value: "Needs human",
        Status.COMPLETED.value: "Completed",
        Status.FAILED.value: "Failed",
        Status.CANCELLED.value: "Cancelled",
        Status.EXPIRED.value: "Expired",
        Status.NEEDS_HUMAN.value: "Needs human",
        Status.AWAITING_REVIEW.value: "Awaiting review",
    }
)

_EMAIL: Final = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
# Escape sequences in a stored text would drive the reader's terminal; line breaks would forge table rows.
_CONTROL: Final = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]+")
_SECRET_KEY: Final = re.compile(
    r"(^|_)(passwords?|passphrase|secret|token|api_?key|credentials?|authorization|cookies?|otp|code)$",
    re.IGNORECASE,
)
_PERSONAL_KEY: Final = re.compile(
    r"(^|_)(e?mail|phone|first_?name|last_?name|full_?name|address|street|zip|postal_?code|birth\w*|dob|ssn|salary\w*"
    r"|linkedin\w*|user_data|profile|form_data|qa_overrides|answers?|values?|typed|resume|cover_letter)$",
    re.IGNORECASE,
)
_HARMLESS_KEYS: Final = frozenset({"error_code", "status_code", "http_code", "exit_code"})


def shown_text(text: str | None) -> str:
    """Give a stored text on one line, without control characters and with e-mail addresses masked."""
    plain = _CONTROL.sub(" ", text or "").strip()
    return _EMAIL.sub(lambda found: mask_text(found.group()), plain)


def shown_url(url: str) -> str:
    """Give an address without what may carry tokens or drive a terminal."""
    return _CONTROL.sub("", mask_url(url))


def shown_place(url: str) -> str:
    """Give host and path of an address: what a list has room for."""
    return re.sub(r"^[a-zA-Z][a-zA-Z0-9+.-]*://", "", shown_url(url))


def shown_input(value: Any) -> Any:
    """Copy what the client sent with every personal value masked."""
    return mask(value)


def shown_data(value: Any, *, key: str = "") -> Any:
    """Copy what the worker reported with secrets, e-mail addresses and personal fields masked.

    Unlike `shown_input`, what is not plainly personal stays: confirmation numbers, scraped facts, steps.
    """
    if _SECRET_KEY.search(key) and key not in _HARMLESS_KEYS and value is not None:
        return MASK
    if _PERSONAL_KEY.search(key):
        return mask(value)
    if isinstance(value, dict):
        return {str(name): shown_data(item, key=str(name)) for name, item in value.items()}
    if isinstance(value, list):
        return [shown_data(item, key=key) for item in value]
    if isinstance(value, str):
        return _EMAIL.sub(lambda found: mask_text(found.group()), value)
    return value


def status_label(status: str) -> str:
    return STATUS_LABELS.get(status, shown_text(status))


def span(interval: timedelta) -> str:
    """Give a duration in its largest unit that reads well: `8s`, `25m`, `3h`, `12d`."""
    seconds = max(0, int(interval.total_seconds()))
    for size, unit in ((172_800, "d"), (7200, "h"), (120, "m")):
        if seconds >= size:
            return f"{seconds // {'d': 86_400, 'h': 3600, 'm': 60}[unit]}{unit}"
    return f"{seconds}s"


def took(started: datetime | None, ended: datetime | None, now: datetime) -> str:
    """Give how long a run lasted, or lasts; empty when it has not begun."""
    return span((ended or now) - started) if started else ""
