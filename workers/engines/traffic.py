"""What a page asks of the network: what is still on its way, and what carried data since the press."""

from __future__ import annotations

import asyncio

from playwright.async_api import Error as PlaywrightError
from playwright.async_api import Page, Request, Response

SENDING = frozenset({"POST", "PUT", "PATCH"})
LOADING = frozenset({"xhr", "fetch"})
SPEAKING = LOADING | {"document", "ping", "websocket", "eventsource", "other"}
# Requests that outlive this are open lines, not answers to wait for.
LONGEST_S = 5.0


class Traffic:
    """Follows the requests of every tab of one engine."""

    def __init__(self) -> None:
        self.sent: list[str] = []
        self.address = ""
        self.armed = False
        self.silent = True
        self.answers: list[int] = []
        self._leaving: Request | None = None
        self._open: dict[Request, float] = {}

    def follow(self, page: Page) -> None:
        """Take notice of what the tab asks for from now on."""
        page.on("request", self._begin)
        page.on("response", self._hear)
        page.on("requestfinished", self._end)
        page.on("requestfailed", self._end)
        page.on("websocket", lambda line: line.on("framesent", self._speak))

    def arm(self, *, armed: bool) -> None:
        """Begin anew to keep what carries data, as a button is pressed."""
        self.armed = armed
        self.silent = True
        self.sent.clear()
        self.answers.clear()

    def _begin(self, request: Request) -> None:
        if request.is_navigation_request() and _in_main_frame(request):
            self.address = request.url
            self._leaving = request
        if request.resource_type in SPEAKING or request.method in SENDING:
            self._speak()
        if request.resource_type in LOADING:
            self._open[request] = asyncio.get_running_loop().time()
        if self.armed and request.method in SENDING:
            self.sent.append(f"{request.method} {request.url.split('?')[0]}")

    def _speak(self, *said: object) -> None:
        """Take notice that something may have been told to the site, in whatever way."""
        self.silent = False

    def _end(self, request: Request) -> None:
        self._open.pop(request, None)
        if request is self._leaving:
            self._leaving = None

    def _hear(self, response: Response) -> None:
        if self.armed and response.request.method in SENDING:
            self.answers.append(response.status)

    @property
    def leaving(self) -> bool:
        """Tell whether a tab has asked for another page and has not got all of it yet."""
        return self._leaving is not None

    @property
    def waiting(self) -> bool:
        """Tell whether answers to the page's own requests are still to come."""
        since = asyncio.get_running_loop().time() - LONGEST_S
        return any(began > since for began in self._open.values())


def _in_main_frame(request: Request) -> bool:
    try:
        return request.frame.parent_frame is None
    except PlaywrightError:
        # A new tab's first request comes before its frame, and only tabs do so.
        return True
