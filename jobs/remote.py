"""See and touch the page of an attended job from the console. Source: DESIGN section 7.

The console asks for pictures and leaves touches; the worker beside the page takes the touches, and shows a picture as
long as somebody looks. Nothing here changes a job's status: resuming does.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final
from uuid import UUID

from django.db import transaction
from django.db.models.functions import Now

from jobs import encryption
from jobs.events import EventType, NewEvent, record
from jobs.models import Claim, Job, RemoteTouch, RemoteView

CLICK: Final = "click"
TEXT: Final = "text"
KEY: Final = "key"
SCROLL: Final = "scroll"
KEYS: Final = frozenset(
    {"Enter", "Tab", "Escape", "Backspace", "Delete", "ArrowUp", "ArrowDown", "ArrowLeft", "ArrowRight", " "}
)
MAX_TEXT: Final = 500
# Who looks asks again and again; who does not any more is soon forgotten.
LOOK: Final = timedelta(seconds=8)
# Touches that the worker has not taken yet; more are refused.
MAX_WAITING: Final = 50


class NotAttended(Exception):
    """No worker keeps this job's page open (any more)."""


class BadTouch(ValueError):
    """What was asked for is no touch; the message says why."""


@dataclass(frozen=True, slots=True)
class Touch:
    """`x` and `y` are fractions of the page's visible part; `text` is what to type, or a key's name."""

    kind: str
    x: float = 0.0
    y: float = 0.0
    text: str = ""


def look(job_id: UUID, *, actor: str) -> RemoteView | None:
    """Ask for pictures for a while, and give the newest; None while there is none. The first look leaves an event.

    Raises NotAttended.
    """
    with transaction.atomic():
        _attended(job_id)
        seen = RemoteView.objects.filter(job_id=job_id)
        if not seen.filter(watched_until__gte=Now()).exists():
            record(job_id, [NewEvent(EventType.REMOTE_WATCHED, "Looked at the open page")], actor=actor)
        RemoteView.objects.bulk_create(
            [RemoteView(job_id=job_id, watched_until=Now() + LOOK)],
            update_conflicts=True,
            unique_fields=["job"],
            update_fields=["watched_until"],
        )
        return seen.filter(picture__isnull=False).first()


def touch(job_id: UUID, asked: Touch, *, actor: str) -> None:
    """Leave a touch for the worker. What is typed is kept encrypted until then, and never told to the history.

    Raises NotAttended, BadTouch, encryption.NotConfigured.
    """
    _check(asked)
    sealed = encryption.seal(json.dumps(asked.text)).text if asked.text else ""
    with transaction.atomic():
        _attended(job_id)
        if RemoteTouch.objects.filter(job_id=job_id).count() >= MAX_WAITING:
            raise BadTouch("The page has not caught up yet; wait a moment.")
        RemoteTouch.objects.create(job_id=job_id, kind=asked.kind, x=asked.x, y=asked.y, sealed=sealed)
        record(job_id, [NewEvent(EventType.REMOTE_TOUCHED, _told(asked), {"kind": asked.kind})], actor=actor)


def take_touches(claim: Claim) -> list[Touch] | None:
    """Read, and delete, what was done to the page, in order; None while nobody looks. For the worker.

    A worker that has lost the job gets none of what is meant for the page of the next.
    """
    if not RemoteView.objects.filter(job_id=claim.job_id, watched_until__gte=Now()).exists():
        return None
    with transaction.atomic():
        if not _is_held(claim):
            return None
        rows = list(RemoteTouch.objects.filter(job_id=claim.job_id).order_by("id").select_for_update())
        RemoteTouch.objects.filter(id__in=[row.id for row in rows]).delete()
    return [Touch(row.kind, row.x, row.y, _opened(row.sealed)) for row in rows]


def show(claim: Claim, picture: bytes, *, width: int, height: int) -> None:
    """Give the newest picture (JPEG) of the page. For the worker; nobody sees those of one that has lost the job."""
    with transaction.atomic():
        if _is_held(claim):
            RemoteView.objects.filter(job_id=claim.job_id).update(
                picture=picture, width=width, height=height, taken_at=Now()
            )


def close(job_id: UUID) -> None:
    """Forget the page: pictures, and touches that nobody took."""
    RemoteView.objects.filter(job_id=job_id).delete()
    RemoteTouch.objects.filter(job_id=job_id).delete()


def sweep() -> None:
    """Forget the pages that nobody looks at any more. Any worker may do it at any time."""
    long_ago = Now() - timedelta(minutes=1)
    RemoteView.objects.filter(watched_until__lt=long_ago).delete()
    RemoteTouch.objects.filter(created_at__lt=long_ago).delete()


def read_touch(body: Mapping[str, Any]) -> Touch:
    """Read a touch from JSON: {kind, x, y, text}. Raises BadTouch."""
    x, y, text = body.get("x", 0), body.get("y", 0), body.get("text", "")
    if not all(isinstance(place, int | float) and not isinstance(place, bool) for place in (x, y)):
        raise BadTouch("x and y must be numbers.")
    if not isinstance(text, str):
        raise BadTouch("text must be text.")
    return Touch(str(body.get("kind", "")), float(x), float(y), text)


def _check(asked: Touch) -> None:
    if asked.kind not in {CLICK, TEXT, KEY, SCROLL}:
        raise BadTouch("kind must be click, text, key or scroll.")
    if asked.kind == CLICK and not (0 <= asked.x <= 1 and 0 <= asked.y <= 1):
        raise BadTouch("x and y must be between 0 and 1.")
    if asked.kind == SCROLL and not -2000 <= asked.y <= 2000:
        raise BadTouch("y must be between -2000 and 2000 pixels.")
    if asked.kind == TEXT and not 0 < len(asked.text) <= MAX_TEXT:
        raise BadTouch(f"text must have 1 to {MAX_TEXT} characters.")
    if asked.kind == KEY and asked.text not in KEYS:
        raise BadTouch(f"text must name one of the keys {', '.join(sorted(KEYS - {' '}))} or a space.")


def _attended(job_id: UUID) -> Job:
    job = Job.objects.filter(id=job_id).first()
    if job is None or not job.is_attended:
        raise NotAttended("No worker keeps this job's page open any more.")
    return job


def _is_held(claim: Claim) -> bool:
    """Tell whether the claim holds, and keep that so for the transaction."""
    held = Job.objects.held_by(claim).select_for_update(no_key=True)
    return held.values_list("id").first() is not None


def _told(asked: Touch) -> str:
    if asked.kind == CLICK:
        return f"Clicked at {asked.x:.0%}, {asked.y:.0%}"
    return {TEXT: "Typed into the page", KEY: f"Pressed {asked.text}", SCROLL: "Scrolled"}[asked.kind]


def _opened(sealed: str) -> str:
    return str(json.loads(encryption.unseal(sealed))) if sealed else ""
