"""What the console's list of callbacks shows. Nothing of what a callback says: it may be personal."""

from __future__ import annotations

from dataclasses import dataclass, fields
from datetime import datetime
from functools import cached_property
from typing import Any, Final, Self
from urllib.parse import urlencode

from django.db.models import Q, QuerySet
from django.http import QueryDict
from django.utils import timezone

from jobs.admin.counting import count_each, told
from jobs.admin.page import whole_number
from jobs.admin.paging import Tab
from jobs.models import Job
from jobs.presentation import shown_place, shown_text, span
from valet.callbacks import LEASE, OVERTAKEN, STATUS_OF
from valet.models import DEAD, WAITING, CallbackDelivery

PAGE_SIZE: Final = 50
LAST_PAGE: Final = 20
CAP: Final = 999
JOBS_FOUND: Final = 50
SEARCHED: Final = 2000
"""A callback that says something rare is looked for among so many: the first of its tab."""
DELIVERED: Final = Q(delivered_at__isnull=False)
# The tabs: what the address calls them, what people read, their colour, their rows and the order of these.
TABS: Final[dict[str, tuple[str, str, Q, tuple[str, ...]]]] = {
    "": ("Waiting", "pending", WAITING, ("next_attempt_at", "id")),
    "dead": ("Given up", "failed", DEAD, ("-dead_at", "-id")),
    "delivered": ("Delivered", "completed", DELIVERED, ("-id",)),
}
TONES: Final = {"needs_human": "paused", "resumed": "running"}


@dataclass(frozen=True, slots=True)
class Asked:
    """What the address asks for; `says` is the status that a callback tells, `job` the start of a job's id."""

    state: str = ""
    says: str = ""
    job: str = ""

    @classmethod
    def read(cls, params: QueryDict) -> Self:
        given = {field.name: params.get(field.name, "").replace("\0", "").strip() for field in fields(cls)}
        return cls(**given | {"state": given["state"] if given["state"] in TABS else ""})

    def address(self, **changes: Any) -> str:
        values = {field.name: getattr(self, field.name) for field in fields(self)} | changes
        return urlencode({name: value for name, value in values.items() if value})

    @property
    def narrows(self) -> bool:
        return bool(self.says or self.job)

    def matching(self, state: str | None = None) -> QuerySet[CallbackDelivery]:
        """Give the callbacks asked for, or those of another tab; never with what they say."""
        _, _, rows, order = TABS[self.state if state is None else state]
        found = CallbackDelivery.objects.filter(rows).order_by(*order)
        if self.job:
            jobs = Job.objects.with_id_prefix(self.job).order_by("id").values_list("id", flat=True)
            found = found.filter(job_id__in=list(jobs[:JOBS_FOUND]))
            found = found.filter(status=self.says) if self.says else found
        elif self.says:
            first = found.values_list("id", "status")[:SEARCHED]
            ids = [number for number, says in first if says == self.says]
            found = CallbackDelivery.objects.filter(id__in=ids).order_by(*order)
        return found.defer("payload")


@dataclass(frozen=True, slots=True)
class Row:
    """One callback. `when` is about its next try, its last or its delivery; `barred` says why it is not sent again."""

    delivery: CallbackDelivery
    tone: str
    receiver: str
    error: str
    when: str
    moment: datetime
    barred: str
    may_be_sent: bool


class Deliveries:
    """One page of callbacks and the counts of all tabs, in three queries, each bounded."""

    def __init__(self, asked: Asked, params: QueryDict) -> None:
        self.asked = asked
        self.now = timezone.now()
        self.number = min(whole_number(params.get("page", "")) or 1, LAST_PAGE)

    says = sorted(set(STATUS_OF.values()))

    @cached_property
    def _counts(self) -> dict[str, str]:
        counts = count_each({state: self.asked.matching(state)[: CAP + 1] for state in TABS})
        return {state: told(number, CAP) for state, number in counts.items()}

    @property
    def tabs(self) -> list[Tab]:
        return [
            Tab(label, tone, self.asked.address(state=state), self._counts[state], state == self.asked.state)
            for state, (label, tone, _, _) in TABS.items()
        ]

    @property
    def size(self) -> str:
        return self._counts[self.asked.state]

    @cached_property
    def _found(self) -> list[CallbackDelivery]:
        first = (self.number - 1) * PAGE_SIZE
        found = self.asked.matching().annotate(overtaken=OVERTAKEN).select_related("job")
        columns = ("id", "status", "attempts", "next_attempt_at", "delivered_at", "dead_at", "last_error")
        job = ("job__id", "job__job_type", "job__callback_url")
        return list(found.only(*columns, *job)[first : first + PAGE_SIZE + 1])

    @property
    def rows(self) -> list[Row]:
        return [self._row(delivery) for delivery in self._found[:PAGE_SIZE]]

    @property
    def pages(self) -> list[tuple[str, str]]:
        """What leads on: words and address."""
        beside = [("Back", self.number - 1)] if self.number > 1 else []
        if len(self._found) > PAGE_SIZE and self.number < LAST_PAGE:
            beside.append(("Next", self.number + 1))
        return [(words, f"{self.asked.address()}&page={number}") for words, number in beside]

    def _row(self, delivery: Any) -> Row:
        when, moment = self._when(delivery)
        rests = delivery.dead_at is not None or delivery.next_attempt_at > self.now + LEASE
        rests = rests and delivery.delivered_at is None
        return Row(
            delivery,
            TONES.get(delivery.status, delivery.status),
            shown_place(delivery.job.callback_url or ""),
            shown_text(delivery.last_error),
            when,
            moment,
            "a later one has arrived" if rests and delivery.overtaken else "",
            rests and not delivery.overtaken,
        )

    def _when(self, delivery: CallbackDelivery) -> tuple[str, datetime]:
        if delivery.delivered_at:
            return f"{span(self.now - delivery.delivered_at)} ago", delivery.delivered_at
        if delivery.dead_at:
            return f"{span(self.now - delivery.dead_at)} ago", delivery.dead_at
        ahead = delivery.next_attempt_at - self.now
        return f"in {span(ahead)}" if ahead.total_seconds() > 0 else "now", delivery.next_attempt_at
