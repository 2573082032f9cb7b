"""Server-sent events: a job's history, and the changes of all jobs, as they happen."""

from __future__ import annotations

import logging
import threading
from collections.abc import AsyncIterator, Callable
from typing import Any, Final
from uuid import UUID

from django.core.handlers.asgi import ASGIRequest
from django.db import Error, connection
from django.http import StreamingHttpResponse
from django.http.response import HttpResponseBase
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema
from rest_framework.exceptions import APIException, Throttled
from rest_framework.request import Request
from rest_framework.response import Response

from jobs.api import schema
from jobs.api.authentication import (
    JwtAuthentication,
    OperatorSession,
    ServiceKeyAuthentication,
    caller_of,
)
from jobs.api.base import JsonView
from jobs.api.live import Message, Scope, hub, job_changed, job_event, spell
from jobs.api.tail import newest_id, with_job
from jobs.events import EventType
from jobs.models import Job, JobEvent
from jobs.states import TERMINAL

log = logging.getLogger(__name__)

RETRY: Final = b"retry: 2000\n\n"
HEARTBEAT: Final = b":\n\n"
PAGE: Final = 500

# Each request has a thread, and a connection while it asks the database; many may reconnect at one moment.
_ENTRANCE = threading.BoundedSemaphore(8)

_JOB_ID = OpenApiParameter("job_id", str, OpenApiParameter.PATH, description="The job's uuid")
_CURSOR = OpenApiParameter(
    "Last-Event-ID", str, OpenApiParameter.HEADER, description="Go on after this event; browsers send it."
)
_CURSOR_QUERY = OpenApiParameter(
    "last_event_id", str, description="The same, for whoever cannot set the header; the header beats it."
)
_STREAM = {
    (200, "text/event-stream"): OpenApiResponse(OpenApiTypes.STR, description="Server-sent events"),
} | schema.errors(429, 503)


class StreamsUnavailable(APIException):
    status_code = 503
    default_code = "service_unavailable"


class StreamView(JsonView):
    """What both streams share: who may open one, how many, and how it looks on the wire."""

    authentication_classes = (ServiceKeyAuthentication, JwtAuthentication, OperatorSession)
    http_method_names = ["get", "options"]  # noqa: RUF012 - as Django declares it

    def dispatch(self, request: Any, *args: Any, **kwargs: Any) -> HttpResponseBase:
        with _ENTRANCE:
            try:
                return super().dispatch(request, *args, **kwargs)
            finally:
                # The stream outlives this by far; its thread needs no connection any more.
                if not connection.in_atomic_block:
                    connection.close()

    def open(self, request: Request, messages: Callable[[], AsyncIterator[bytes]]) -> HttpResponseBase:
        """Answer the stream. Raises StreamsUnavailable, Throttled."""
        if not isinstance(request._request, ASGIRequest):
            raise StreamsUnavailable("This server cannot stream; poll, or run it with gunicorn.")
        user_id = caller_of(request).user_id
        if not hub.room_for(user_id):
            if user_id is not None:
                raise Throttled(wait=30)
            raise StreamsUnavailable("Too many streams are open; poll, or try again later.")
        answer = StreamingHttpResponse(messages(), content_type="text/event-stream")
        answer["Cache-Control"] = "no-store"
        answer["X-Accel-Buffering"] = "no"
        return answer


class JobsStreamView(StreamView):
    """The changes of every job that the caller may see."""

    @extend_schema(
        operation_id="stream_jobs",
        summary="Follow the status of all jobs",
        description=(
            "Server-sent events. `ready` says from where on nothing is missed; each `job_changed` is one change of "
            "one job; `reset` says that too much happened since `Last-Event-ID`: read the list anew. The stream "
            "ends after ten minutes; connect again with the last id."
        ),
        tags=["Streams"],
        parameters=[_CURSOR, _CURSOR_QUERY],
        responses=_STREAM,
    )
    def get(self, request: Request) -> HttpResponseBase:
        scope = Scope(user_id=caller_of(request).user_id)
        return self.open(request, lambda: all_changes(scope, cursor_of(request)))


class JobEventsStreamView(StreamView):
    """The history of one job, from its beginning or from `Last-Event-ID` on."""

    @extend_schema(
        operation_id="stream_job_events",
        summary="Follow what happens to a job",
        description=(
            "Server-sent events: each `job_event` holds one entry of the history as the list of events shows it, "
            "oldest first; `end` says with which status the job has ended, and is the last. 204: it had ended "
            "before, and nothing is new since `Last-Event-ID`."
        ),
        tags=["Streams"],
        parameters=[_JOB_ID, _CURSOR, _CURSOR_QUERY],
        responses=_STREAM
        | {204: OpenApiResponse(description="Nothing will come any more")}
        | schema.errors(404),
    )
    def get(self, request: Request, job_id: str) -> HttpResponseBase:
        known_id = self.visible_job_id(request, job_id)
        cursor = cursor_of(request)
        if cursor is not None and not _anything_to_tell(known_id, cursor):
            return Response(status=204)
        return self.open(request, lambda: job_history(known_id, cursor))


def cursor_of(request: Request) -> int | None:
    """Give the last event that the caller saw; what is no id counts as none."""
    given = request.headers.get("Last-Event-ID") or request.query_params.get("last_event_id", "")
    return int(given) if given.isascii() and given.isdigit() and len(given) <= 18 else None


async def all_changes(scope: Scope, cursor: int | None) -> AsyncIterator[bytes]:
    """Tell every change after `cursor`, or from now on, until the stream's time is over."""
    viewer = await hub.join(scope)
    try:
        yield RETRY
        newest = await hub.tail.ask(newest_id)
        missed = [] if cursor is None else await hub.tail.ask(_changes_after, scope, cursor)
        viewer.known.update(message.id for message in missed[:PAGE])
        if len(missed) > PAGE:
            yield spell("reset", {})
        else:
            yield b"".join(message.text for message in missed)
        yield spell("ready", {}, newest)
        while (news := await viewer.next()) is not None:
            yield b"".join(message.text for message in news) or HEARTBEAT
    except Error:
        log.warning("A stream ends because the database failed; its viewer comes back", exc_info=True)
    finally:
        hub.leave(viewer)


async def job_history(job_id: UUID, cursor: int | None) -> AsyncIterator[bytes]:
    """Tell everything that happened to the job after `cursor`, and go on until it has ended."""
    viewer = await hub.join(Scope(job_id=job_id))
    try:
        yield RETRY
        while True:
            # The status first: what an end between the two looks adds is in this page, and the next look says so.
            ended = await hub.tail.ask(_end_of, job_id)
            page = await hub.tail.ask(_history_after, job_id, cursor or 0)
            if not page:
                break
            yield b"".join(message.text for message in page)
            viewer.known.update(message.id for message in page)
            cursor = page[-1].id
        while not ended and (news := await viewer.next()) is not None:
            yield b"".join(message.text for message in news) or HEARTBEAT
            if any(message.is_end for message in news):
                ended = await hub.tail.ask(_end_of, job_id)
        if ended:
            yield spell("end", {"status": ended})
    except Error:
        log.warning("A stream ends because the database failed; its viewer comes back", exc_info=True)
    finally:
        hub.leave(viewer)


def _end_of(job_id: UUID) -> str:
    """Give the status with which the job has ended, or nothing."""
    status = Job.objects.values_list("status", flat=True).filter(id=job_id).first()
    return status if status in TERMINAL else ""


def _anything_to_tell(job_id: UUID, cursor: int) -> bool:
    return not _end_of(job_id) or JobEvent.objects.filter(job_id=job_id, id__gt=cursor).exists()


def _history_after(job_id: UUID, cursor: int) -> list[Message]:
    return [job_event(event) for event in with_job(job_id=job_id, id__gt=cursor).order_by("id")[:PAGE]]


def _changes_after(scope: Scope, cursor: int) -> list[Message]:
    """Give the changes since `cursor`; one more than a page says that they are too many to tell."""
    found = with_job(id__gt=cursor, event_type=EventType.STATUS_CHANGE.value).order_by("id")
    if scope.user_id is not None:
        found = found.filter(job__user_id=scope.user_id)
    return [job_changed(event) for event in found[: PAGE + 1]]
