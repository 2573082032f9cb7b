"""Following what happens: where a stream stands, and what each line of it means. No input or output happens here."""

from __future__ import annotations

import json
from collections.abc import Callable
from functools import partial
from typing import Any, Final, Generic, TypeVar

import httpx

from ghosthands.client.address import Address
from ghosthands.client.answers import no_answer, read_answer
from ghosthands.client.calls import Call, about
from ghosthands.client.errors import GhostHandsError, ServerError
from ghosthands.client.params import Id
from ghosthands.client.parsing import parse
from ghosthands.client.results import JobChange, JobEvent
from ghosthands.client.waiting import PASSING

T = TypeVar("T")

# The server sends something every 15 s; a connection that is silent for longer is dead.
SILENCE_SECONDS: Final = 45.0
PAUSES: Final = (0.5, 1.0, 2.0, 5.0, 10.0, 30.0)


class Stream(Generic[T]):
    """The bookkeeping of one stream over all its connections; whoever uses it connects and sleeps.

    `name` is the event that carries what is read; `cursor` the id of the last one that was seen.
    """

    def __init__(
        self, call: Call[T], name: str, *, cursor: str | None, on_gap: Callable[[], object] | None = None
    ) -> None:
        self.call = call
        self.is_over = False
        self._name = name
        self._cursor = cursor
        self._on_gap = on_gap
        self._fields: dict[str, str] = {}
        self._failures = 0
        self._has_worked = False

    def request(self, address: Address, *, timeout: float) -> dict[str, Any]:
        """Spell the next connection as keyword arguments of httpx's `stream`."""
        request = address.request(self.call, timeout=timeout)
        headers = request["headers"] | {"Accept": "text/event-stream"}
        if self._cursor is not None:
            headers["Last-Event-ID"] = self._cursor
        return request | {"headers": headers, "timeout": httpx.Timeout(timeout, read=SILENCE_SECONDS)}

    def opened(self, response: httpx.Response) -> None:
        """Note the answer's head. Raises the error that a refusal stands for, once its body is read."""
        if response.status_code == httpx.codes.NO_CONTENT:
            self.is_over = True
        elif not response.is_success:
            read_answer(self.call, response)
        self._has_worked = True
        self._failures = 0
        self._fields = {}

    def read(self, line: str) -> T | None:
        """Take one line; gives what it completes, if it is for the caller."""
        if line:
            name, _, value = line.partition(":")
            self._fields[name] = value.removeprefix(" ")
            return None
        fields, self._fields = self._fields, {}
        self._cursor = fields.get("id", self._cursor)
        match fields.get("event"):
            case "end":
                self.is_over = True
            case "reset" if self._on_gap is not None:
                self._on_gap()
            case told if told == self._name:
                return self.call.read(json.loads(fields["data"]))
        return None

    def pause(self) -> float:
        """Seconds until the next connection."""
        self._failures += 1
        return PAUSES[min(self._failures, len(PAUSES)) - 1]

    def pause_after(self, error: Exception) -> float:
        """Seconds until the next connection when this one broke. Raises what will not pass by itself."""
        told = self._told(error)
        if not (self._has_worked and isinstance(told, PASSING)):
            raise told from (None if told is error else error)
        asked = getattr(told, "retry_after", None) or 0.0
        return max(self.pause(), asked)

    def _told(self, error: Exception) -> Exception:
        if isinstance(error, httpx.RequestError):
            return no_answer(self.call, error)
        if isinstance(error, ValueError):
            return ServerError(f"{self.call.path}: an event cannot be read ({error})")
        return error


BROKEN: Final = (httpx.RequestError, GhostHandsError, ValueError)


def job_events(job_id: Id, *, last_event_id: int | str | None) -> Stream[JobEvent]:
    call = about(job_id, "/jobs/{}/events/stream", JobEvent)
    return Stream(call, "job_event", cursor=_cursor(last_event_id))


def job_changes(*, last_event_id: int | str | None, on_gap: Callable[[], object] | None) -> Stream[JobChange]:
    call = Call(method="GET", path="/jobs/stream", read=partial(parse, JobChange))
    return Stream(call, "job_changed", cursor=_cursor(last_event_id), on_gap=on_gap)


def _cursor(event_id: int | str | None) -> str | None:
    return None if event_id is None else str(int(event_id))
