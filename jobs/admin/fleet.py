"""The fleet's page: workers, jobs that wait for workers which are not there, and what is paused."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Final

from django.contrib import admin
from django.contrib.admin.models import LogEntry
from django.contrib.contenttypes.models import ContentType
from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse, QueryDict
from django.urls import URLPattern

from jobs.admin import fleet_verbs
from jobs.admin.counting import count_each, told
from jobs.admin.page import show
from jobs.admin.read_only import ReadOnly
from jobs.admin.stranded import Stranded, stranded
from jobs.admin.workers import WorkerRow, history, rows
from jobs.models import CLAIMABLE, HOT, LEASE, Job, QueuePause, Worker
from jobs.presentation import shown_text, span

if TYPE_CHECKING:
    WorkerModelAdmin = admin.ModelAdmin[Worker]
else:
    WorkerModelAdmin = admin.ModelAdmin

PAUSES_SHOWN: Final = 100
HISTORY_CAP: Final = 999
WAITING_READ: Final = 5000
ACTS_SHOWN: Final = 8


@dataclass(frozen=True, slots=True)
class PauseRow:
    """One stretch of the queue that nobody claims from, and how many jobs wait in it."""

    pause: QueuePause
    waiting: str

    @property
    def value(self) -> str:
        return shown_text(self.pause.value)

    @property
    def reason(self) -> str:
        return shown_text(self.pause.reason)


class FleetPage:
    """Six queries, each bounded or answered by an index of its own."""

    lease = span(LEASE)

    def __init__(self, params: QueryDict) -> None:
        self.with_history = params.get("all") == "1"
        # A failed job's page leads here to pause its site.
        self.host = params.get("host", "").replace("\0", "")[:253]

    @cached_property
    def rows(self) -> list[WorkerRow]:
        return rows(with_history=self.with_history)

    @cached_property
    def hidden(self) -> str:
        """How many workers are left out because nobody waits for them any more; empty for none."""
        if self.with_history:
            return ""
        number = count_each({"hidden": history()[: HISTORY_CAP + 1]})["hidden"]
        return told(number, HISTORY_CAP) if number else ""

    @cached_property
    def stranded(self) -> list[Stranded]:
        return stranded()

    @cached_property
    def pauses(self) -> list[PauseRow]:
        """What is paused; jobs are counted among those that wait longest."""
        pauses = list(QueuePause.objects.order_by("since", "id")[:PAUSES_SHOWN])
        if not pauses:
            return []
        longest = Job.objects.filter(CLAIMABLE, HOT).order_by("created_at").only("job_type", "host")
        counts = longest[:WAITING_READ].aggregate(
            everything=Count("id"),
            **{f"pause_{pause.id}": Count("id", filter=_stopped_by(pause)) for pause in pauses},
        )
        more = "+" if counts["everything"] >= WAITING_READ else ""
        return [PauseRow(pause, f"{counts[f'pause_{pause.id}']:,}{more}") for pause in pauses]

    @property
    def job_types(self) -> list[str]:
        """The types that the workers say they take."""
        found = {
            str(name)
            for row in self.rows
            if isinstance(row.worker.metadata, dict)
            for name in row.worker.metadata.get("job_types") or ()
        }
        return sorted(found)

    @cached_property
    def acts(self) -> list[LogEntry]:
        """What people did to the fleet, the newest first.

        Ordered by its time, which has no index: by its id, the log's many acts on jobs would be walked for these few.
        """
        kinds = ContentType.objects.get_for_models(Worker, QueuePause).values()
        acts = LogEntry.objects.filter(content_type_id__in=[kind.pk for kind in kinds])
        return list(acts.select_related("user").order_by("-action_time", "-id")[:ACTS_SHOWN])


@admin.register(Worker)
class WorkerAdmin(ReadOnly, WorkerModelAdmin):
    """The page itself; what may be done from it is in `jobs.admin.fleet_verbs`."""

    def get_urls(self) -> list[URLPattern]:
        return fleet_verbs.urls(self.admin_site.admin_view) + super().get_urls()

    def list_page(self, request: HttpRequest) -> HttpResponse:
        context = {"title": "Workers", "section": "fleet", "page": FleetPage(request.GET)}
        return show(request, "admin/jobs/worker/list.html", context)


def _stopped_by(pause: QueuePause) -> Q:
    is_type = pause.kind == QueuePause.Kind.TYPE
    return Q(job_type=pause.value) if is_type else Q(host=pause.value)
