"""Whether a page can answer to what is entered at all. Pages cannot tell who listens on them; the browser can."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
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
ROOTS = ("document", "window")
# Playwright itself listens so, on the window, from its first click on.
POINTER = ("click", "mouse", "pointer", "touch")


class Listeners:
    """Tells of one page whether anything listens on it. The line to the browser for it stays open with the page."""

    def __init__(self, page: Page) -> None:
        self._page = page
        self._session: CDPSession | None = None

    async def any(self) -> bool:
        """Tell whether any script of the page could notice an answer; True as well whenever that is not certain.

        Guarantees: nothing in the page changes, and nothing in it can notice. A page with frames counts as listening.
        """
        if len(self._page.frames) > 1:
            return True
        try:
            if self._session is None:
                self._session = await self._page.context.new_cdp_session(self._page)
            session = self._session
            return any(await asyncio.gather(*(_heard_by(session, root) for root in ROOTS)))
        except PlaywrightError:
            self._session = None
            return True


async def _heard_by(session: CDPSession, root: str) -> bool:
    found = await session.send("Runtime.evaluate", {"expression": root, "silent": True})
    answer = await session.send(
        "DOMDebugger.getEventListeners",
        {"objectId": found["result"]["objectId"], "depth": -1, "pierce": True},
    )
    return any(_counts(listener, root) for listener in answer["listeners"])


def _counts(listener: Mapping[str, Any], root: str) -> bool:
    kind = listener["type"]
    own = root == "window" and listener["useCapture"] and kind.startswith(POINTER)
    return kind in ANSWERED and not own
