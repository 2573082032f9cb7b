"""How many requests may be answered at once: each has a thread, and a connection of the database while it asks it."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable, Mapping
from typing import Any, Final

from ghosthands.monitoring.exposition import REQUESTS
from ghosthands.monitoring.middleware import METHODS

Scope = dict[str, Any]
Message = Mapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
App = Callable[[Scope, Receive, Send], Awaitable[None]]

PROBES: Final = frozenset({"/livez", "/readyz", "/health"})
PROBES_AT_ONCE: Final = 4
WAIT_SECONDS: Final = 5.0
_BUSY: Final = {"error": "service_unavailable", "message": "The server is busy; try again in a moment."}
_STREAM: Final = (b"content-type", b"text/event-stream")


class _NoRoom(Exception):
    """As many requests as may be were being answered for as long as this one could wait."""


class _Room:
    """One request's place among those that are answered; a place of its own until it is left."""

    def __init__(self, places: asyncio.Semaphore) -> None:
        self._places = places
        self._is_inside = False

    async def enter(self) -> None:
        """Wait for a place. Raises _NoRoom."""
        if self._is_inside:
            return
        try:
            async with asyncio.timeout(WAIT_SECONDS):
                await self._places.acquire()
        except TimeoutError:
            raise _NoRoom from None
        self._is_inside = True

    def leave(self) -> None:
        if self._is_inside:
            self._is_inside = False
            self._places.release()


class Admission:
    """Let so many requests through at once; others wait for a while, and then are told to come again.

    Whoever is slow to send holds no place, and neither does an event stream once it has begun; streams have a limit of
    their own. Probes have places of their own, so that a busy server is not taken for a dead one.
    """

    def __init__(self, app: App, *, at_once: int) -> None:
        self._app = app
        self._places = asyncio.Semaphore(at_once)
        self._places_of_probes = asyncio.Semaphore(PROBES_AT_ONCE)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        room = _Room(self._places_of_probes if scope["path"] in PROBES else self._places)

        async def receive_whole() -> Message:
            message = await receive()
            if message["type"] == "http.request" and not message.get("more_body", False):
                await room.enter()
            return message

        async def send_on(message: Message) -> None:
            if message["type"] == "http.response.start" and _STREAM in _lowered(message):
                room.leave()
            await send(message)

        try:
            await self._app(scope, receive_whole, send_on)
        except _NoRoom:
            REQUESTS.labels(scope["method"] if scope["method"] in METHODS else "other", "503").inc()
            await _refuse(send)
        finally:
            room.leave()


def _lowered(message: Message) -> list[tuple[bytes, bytes]]:
    return [(name.lower(), value) for name, value in message.get("headers", ())]


async def _refuse(send: Send) -> None:
    body = json.dumps(_BUSY).encode()
    headers = [
        (b"content-type", b"application/json"),
        (b"content-length", str(len(body)).encode()),
        (b"retry-after", str(int(WAIT_SECONDS)).encode()),
        (b"cache-control", b"no-store"),
    ]
    await send({"type": "http.response.start", "status": 503, "headers": headers})
    await send({"type": "http.response.body", "body": body})
