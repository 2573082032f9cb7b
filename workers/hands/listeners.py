"""Whether a page can answer to what is entered at all. Pages cannot tell who listens on them; the browser can."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Collection
from typing import Any

from playwright.async_api import CDPSession, Page
from playwright.async_api import Error as PlaywrightError

# What scripts listen to in order to learn of an answer, or of a person's coming and going.
ANSWERED = frozenset({
    "input", "beforeinput", "textInput", "change", "keydown", "keyup", "keypress", "paste",
    "compositionend", "click", "mousedown", "mouseup", "pointerdown", "pointerup", "touchstart",
    "touchend", "focus", "focusin", "blur", "focusout", "select", "selectionchange", "toggle",
    "drop",
})  # fmt: skip
# Playwright itself listens so, on the window, from its first click on.
POINTER = ("click", "mouse", "pointer", "touch")
# More places than this are not told apart.
PLACES = 40
AMONG = "function (...places) { return window[Symbol.for('gh.eyes')].heardAmong(places, this); }"


class Listeners:
    """Tells of one page whether anything listens on it. The line to the browser for it stays open with the page.

    Guarantees: nothing in the page changes, and nothing in it can notice. Whatever is not certain counts as heard, and
    so does every answer on a page with frames.
    """

    def __init__(self, page: Page) -> None:
        self._page = page
        self._session: CDPSession | None = None

    async def any(self) -> bool:
        """Tell whether any script of the page could notice an answer."""
        if len(self._page.frames) > 1:
            return True
        try:
            session = await self._line()
            return any(await asyncio.gather(_on_window(session), _on_document(session)))
        except PlaywrightError:
            self._session = None
            return True

    async def of(self, nodes: Collection[int]) -> frozenset[int]:
        """Return those of the main frame's nodes at which a script could notice an answer."""
        if len(self._page.frames) > 1:
            return frozenset(nodes)
        try:
            session = await self._line()
            on_window, places = await asyncio.gather(_on_window(session), _on_document(session))
            if on_window or None in places or len(places) > PLACES:
                return frozenset(nodes)
            return frozenset(await _among(session, nodes, places)) if places else frozenset()
        except PlaywrightError:
            self._session = None
            return frozenset(nodes)

    async def _line(self) -> CDPSession:
        if self._session is None:
            self._session = await self._page.context.new_cdp_session(self._page)
        return self._session


async def _on_window(session: CDPSession) -> bool:
    listeners = await _listeners(session, "window")
    return any(not (x["useCapture"] and x["type"].startswith(POINTER)) for x in listeners)


async def _on_document(session: CDPSession) -> frozenset[int | None]:
    """Return the nodes that have listeners, by the browser's own numbers."""
    return frozenset(x.get("backendNodeId") for x in await _listeners(session, "document"))


async def _listeners(session: CDPSession, root: str) -> list[dict[str, Any]]:
    answer = await session.send(
        "DOMDebugger.getEventListeners",
        {"objectId": await _evaluated(session, root), "depth": -1, "pierce": True},
    )
    return [x for x in answer["listeners"] if x["type"] in ANSWERED]


async def _evaluated(session: CDPSession, expression: str) -> str:
    found = await session.send("Runtime.evaluate", {"expression": expression, "silent": True})
    return str(found["result"]["objectId"])


async def _among(session: CDPSession, nodes: Collection[int], places: Collection[int | None]) -> list[int]:
    resolved = await asyncio.gather(
        *(session.send("DOM.resolveNode", {"backendNodeId": place}) for place in places)
    )
    answer = await session.send(
        "Runtime.callFunctionOn",
        {
            "objectId": await _evaluated(session, json.dumps(list(nodes))),
            "functionDeclaration": AMONG,
            "arguments": [{"objectId": one["object"]["objectId"]} for one in resolved],
            "returnByValue": True,
        },
    )
    return list(answer["result"].get("value", nodes))
