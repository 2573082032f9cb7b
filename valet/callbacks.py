"""Tell VALET what became of its jobs: never lost, in order for each job, at least once. Source: CONTRACT section 7.

`on_transition` writes a row in the transaction of the status change, so that neither can happen without the
other. `deliver_due` sends what is due, from any worker or from `manage.py deliver_callbacks`.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from django.conf import settings
from django.db import transaction
from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.db.models.functions import Now

from jobs import sessions
from jobs.artifacts import signed_url
from jobs.encryption import CannotDecrypt
from jobs.events import NewEvent, record_many
from jobs.keys import signing_secret_of
from jobs.models import Job
from jobs.redaction import mask_url
from jobs.states import Action
from valet.mapping import callback_payload
from valet.models import DEAD, WAITING, CallbackDelivery
from valet.sending import TRY_SECONDS, Attempt, send

log = logging.getLogger(__name__)

STATUS_OF: Final[Mapping[Action, str]] = {
    Action.START: "running",
    Action.COMPLETE: "completed",
    Action.FAIL: "failed",
    Action.ABANDON: "failed",
    Action.TIME_OUT: "failed",
    Action.PAUSE: "needs_human",
    Action.HOLD: "needs_human",
    Action.RESUME: "resumed",
    Action.CONTINUE: "resumed",
    Action.CONFIRM: "completed",
    Action.CANCEL: "cancelled",
    Action.EXPIRE: "expired",
}
# Seconds to wait after each failed try; together about a day.
DELAYS: Final = (1, 3, 10, 60, 300, 900, 3_600, 7_200, 14_400, 28_800, 28_800)
# While a row is being sent nobody else takes it; after a crash it is due again this much later.
LEASE: Final = timedelta(seconds=3 * TRY_SECONDS)
OLD_BATCH: Final = 500
RESENT: Final = "callback_resent"
# A later callback of the same job has arrived: this one would tell an old state as news.
OVERTAKEN: Final = Exists(
    CallbackDelivery.objects.filter(
        job_id=OuterRef("job_id"), id__gt=OuterRef("id"), delivered_at__isnull=False
    )
)
# Given up, or waiting for its next try; what is being sent at the moment is due again no later than its lease.
RESENDABLE: Final = DEAD | (WAITING & Q(next_attempt_at__gt=Now() + LEASE))


@dataclass(frozen=True, slots=True)
class Sent:
    """One try at one row, and how it ended."""

    delivery: CallbackDelivery
    attempt: Attempt


def on_transition(job: Job, action: Action) -> None:
    """Note what VALET must hear of this change, in the change's own transaction."""
    status = STATUS_OF.get(action)
    if not job.callback_url or status is None:
        return
    has_session = sessions.is_kept(job.user_id, job.target_url)
    payload = callback_payload(job, status, has_session=has_session, link=_link)
    CallbackDelivery.objects.create(job=job, status=status, payload=payload)


def deliver_due(limit: int = 20) -> int:
    """Send up to `limit` callbacks that are due, at once; answers how many were tried.

    1. Take the rows: the oldest waiting one of each job, skipping what others take, and lease them by moving their
       next try ahead. Commit.
    2. Send, without a transaction.
    3. Write down what came of each, unless the row was taken again meanwhile.
    A crash in between repeats the callback; receivers tell repeats by job and status.
    """
    deliveries = _take(limit)
    if deliveries:
        for sent in asyncio.run(_send_all(deliveries)):
            _note(sent)
    return len(deliveries)


def send_again(rows: QuerySet[CallbackDelivery], *, actor: str) -> list[CallbackDelivery]:
    """Have callbacks sent that were given up, or whose next try is far away; answers which.

    They have all their tries before them again. What was overtaken is left alone, and so is what is being sent. One
    transaction, which locks the rows; each job's history says who asked for it.
    """
    with transaction.atomic():
        asked = rows.filter(RESENDABLE, ~OVERTAKEN).order_by("id").defer("payload")
        found = list(asked.select_for_update(of=("self",)))
        CallbackDelivery.objects.filter(id__in=[row.id for row in found]).update(
            dead_at=None, attempts=0, next_attempt_at=Now()
        )
        told = [(row.job_id, NewEvent(RESENT, f"{row.status} is told again")) for row in found]
        record_many(told, actor=actor)
    return found


def forget_old() -> int:
    """Delete callbacks that were delivered, or given up, longer ago than personal data is kept; how many."""
    if not settings.GH_RETENTION_DAYS:
        return 0
    long_ago = Now() - timedelta(days=settings.GH_RETENTION_DAYS)
    old = CallbackDelivery.objects.filter(Q(delivered_at__lt=long_ago) | Q(dead_at__lt=long_ago))
    batch = old.order_by("id").values_list("id", flat=True)[:OLD_BATCH]
    return CallbackDelivery.objects.filter(id__in=list(batch)).delete()[0]


def _take(limit: int) -> list[CallbackDelivery]:
    earlier = CallbackDelivery.objects.filter(WAITING, job_id=OuterRef("job_id"), id__lt=OuterRef("id"))
    with transaction.atomic():
        due = (
            CallbackDelivery.objects.filter(WAITING, ~Exists(earlier), next_attempt_at__lte=Now())
            .order_by("next_attempt_at", "id")
            .select_for_update(skip_locked=True, of=("self",))
            .select_related("job__service_key")[:limit]
        )
        taken = list(due)
        CallbackDelivery.objects.filter(id__in=[row.id for row in taken]).update(
            attempts=F("attempts") + 1, next_attempt_at=Now() + LEASE
        )
    for row in taken:
        row.attempts += 1
    return taken


async def _send_all(deliveries: list[CallbackDelivery]) -> list[Sent]:
    attempts = await asyncio.gather(*map(_send, deliveries))
    return [Sent(row, attempt) for row, attempt in zip(deliveries, attempts, strict=True)]


async def _send(row: CallbackDelivery) -> Attempt:
    try:
        secret = signing_secret_of(row.job)
    except CannotDecrypt as error:
        return Attempt(f"Not sent: {error}")
    return await send(row.job.callback_url or "", row.payload, message_id=f"gh_{row.id}", secret=secret)


def _note(sent: Sent) -> None:
    row, attempt = sent.delivery, sent.attempt
    mine = CallbackDelivery.objects.filter(WAITING, id=row.id, attempts=row.attempts)
    if attempt.delivered:
        mine.update(delivered_at=Now(), last_error="")
        return
    place = mask_url(row.job.callback_url or "")
    log.warning("callback %s of job %s to %s: %s", row.status, row.job_id, place, attempt.error)
    if row.attempts > len(DELAYS):
        mine.update(dead_at=Now(), last_error=attempt.error)
        return
    pause = timedelta(seconds=DELAYS[row.attempts - 1])
    mine.update(next_attempt_at=Now() + pause, last_error=attempt.error)


def _link(name: str) -> str | None:
    """A link needs the server's own address, which only a setting can tell a worker."""
    return signed_url(name, settings.GH_PUBLIC_URL) if settings.GH_PUBLIC_URL else None
