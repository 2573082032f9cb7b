"""What VALET is told of the person that a job waits for. Pure. Source: CONTRACT sections 5 and 7."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

from jobs.api.fields import write_time
from jobs.models import Job

Link = Callable[[str], str | None]

# VALET knows six kinds of interaction; what it has no word for is something to be verified.
TYPES: Final[Mapping[str, str]] = {
    "question": "verification",
    "review": "verification",
    "verify_submission": "verification",
}
QUESTION_KEYS: Final = ("question", "section", "row", "kind", "options", "help")


def interaction(job: Job, link: Link) -> dict[str, Any] | None:
    """Give what a person is asked for; None for a job that waits for nobody.

    `link` makes an address of a screenshot's storage name.
    """
    if not job.is_waiting_for_human:
        return None
    known = job.interaction_data if isinstance(job.interaction_data, dict) else {}
    picture = known.get("screenshot_url") or next(iter(job.screenshot_urls[-1:]), None)
    kind = job.interaction_type or "verification"
    message = known.get("message") or job.status_message
    return {
        "type": TYPES.get(kind, kind),
        "kind": kind,
        "screenshot_url": link(picture) if picture else None,
        "page_url": known.get("page_url"),
        "paused_at": write_time(job.paused_at) if job.paused_at else None,
        "timeout_seconds": known.get("timeout_seconds"),
        "description": message,
        "message": message,
        "attended": job.is_attended,
        "metadata": {
            "blocker_confidence": known.get("confidence"),
            "captcha_type": known.get("captcha_type"),
            "detection_method": known.get("detection_method"),
        },
        "questions": [
            {key: row.get(key) for key in QUESTION_KEYS} | {"options": row.get("options") or []}
            for row in _rows(known.get("questions"))
        ],
        "fields": _rows(known.get("fields")),
    }


def _rows(value: Any) -> list[dict[str, Any]]:
    return [row for row in value if isinstance(row, dict)] if isinstance(value, list) else []
