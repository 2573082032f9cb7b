"""The jobs of a filter as CSV: no personal data, bounded, and never all in memory."""

from __future__ import annotations

import csv
import io
from collections.abc import AsyncIterator, Iterator
from datetime import datetime
from typing import Final

from asgiref.sync import sync_to_async
from django.core.handlers.asgi import ASGIRequest
from django.http import HttpRequest, HttpResponseNotAllowed, StreamingHttpResponse
from django.http.response import HttpResponseBase

from jobs.admin.filters import Filters
from jobs.admin.page import require
from jobs.admin.paging import Place
from jobs.models import Job
from jobs.presentation import shown_text, shown_url

MOST_ROWS: Final = 50_000
CHUNK: Final = 2000
HEADINGS: Final = (
    "id", "type", "status", "address", "target_worker", "worker", "retries", "error",
    "task", "tags", "created_at", "started_at", "completed_at",
)  # fmt: skip
_COLUMNS: Final = (
    "id", "job_type", "status", "target_url", "target_worker_id", "worker_id", "retry_count", "error_code",
    "valet_task_id", "tags", "created_at", "started_at", "completed_at",
)  # fmt: skip


def export(request: HttpRequest) -> HttpResponseBase:
    """Stream the newest `MOST_ROWS` jobs that the filter matches."""
    if request.method not in {"GET", "HEAD"}:
        return HttpResponseNotAllowed(["GET"])
    require(request)
    chunks = Chunks(Filters.read(request.GET))
    is_async = isinstance(request, ASGIRequest)
    answer = StreamingHttpResponse(
        chunks.asynchronously() if is_async else iter(chunks), content_type="text/csv; charset=utf-8"
    )
    answer["Content-Disposition"] = 'attachment; filename="jobs.csv"'
    answer["Cache-Control"] = "no-store"
    return answer


class Chunks:
    """The file in pieces of `CHUNK` rows, each read by its own short query."""

    def __init__(self, filters: Filters) -> None:
        self._jobs = filters.matching().only(*_COLUMNS).order_by("-created_at", "-id")
        self._last: Place | None = None
        self._left = MOST_ROWS

    def __iter__(self) -> Iterator[str]:
        yield _written([HEADINGS])
        while chunk := self._next():
            yield chunk

    async def asynchronously(self) -> AsyncIterator[str]:
        yield _written([HEADINGS])
        while chunk := await sync_to_async(self._next)():
            yield chunk

    def _next(self) -> str:
        jobs = self._jobs.filter(self._last.older) if self._last else self._jobs
        found = list(jobs[: min(CHUNK, self._left)])
        if not found:
            return ""
        self._last = Place(found[-1].created_at, found[-1].id)
        self._left -= len(found)
        return _written([_row(job) for job in found])


def _row(job: Job) -> tuple[str, ...]:
    return (
        str(job.id),
        _plain(job.job_type),
        job.status,
        _plain(shown_url(job.target_url)),
        _plain(job.target_worker_id),
        _plain(job.worker_id),
        str(job.retry_count),
        _plain(job.error_code),
        _plain(job.valet_task_id),
        _plain(" ".join(job.tags)),
        *(_moment(moment) for moment in (job.created_at, job.started_at, job.completed_at)),
    )


def _plain(text: str | None) -> str:
    """Give a text that no spreadsheet takes for a formula."""
    shown = shown_text(text)
    return f"'{shown}" if shown.startswith(("=", "+", "-", "@")) else shown


def _moment(moment: datetime | None) -> str:
    return moment.isoformat(timespec="seconds") if moment else ""


def _written(rows: list[tuple[str, ...]]) -> str:
    file = io.StringIO()
    csv.writer(file).writerows(rows)
    return file.getvalue()
