"""What every engine offers a handler."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Protocol

from playwright.async_api import BrowserContext, Page

from workers.engines.recording import Recording
from workers.hands.advance import Advance
from workers.hands.controls import Button, PageView
from workers.hands.plan import Source
from workers.hands.report import PageReport

Pace = Callable[[str], Awaitable[None]]
"""Waits until the site of an address may be asked for a page."""


async def at_once(address: str) -> None:
    """Wait for nothing: a `Pace` for sites of our own."""


Meanwhile = Callable[[PageView], Awaitable[None]]
"""What may be done beside a page that is only waited for; it must not change the page."""


async def nothing(view: PageView) -> None:
    """Do nothing meanwhile."""


class Engine(Protocol):
    """Works one job's pages in one fresh browser context. Every method belongs to the browser's event loop."""

    page: Page
    recording: Recording
    alerts: list[str]
    """What the page's own dialogs said since the last press."""

    pace: Pace
    actions: int
    """How many things were done on the pages so far: loads, entries, presses."""

    def __init__(self, context: BrowserContext, pace: Pace = at_once) -> None: ...

    @property
    def sent(self) -> list[str]:
        """Return the requests that carried data since the last armed press, without their query."""

    @property
    def silent(self) -> bool:
        """Tell whether the page has told its site nothing at all since the last press."""

    @property
    def answers(self) -> list[int]:
        """Return the statuses by which the site answered what was sent since the last armed press."""

    async def moving(self) -> bool:
        """Tell whether something slides or fades on the page this instant."""

    @property
    def address(self) -> str:
        """Return where the page last set out for, also when nothing came from there."""

    async def open(self, url: str) -> None:
        """Go to the address in a new tab at its site's pace, wait until it is still, and close its cookie banner."""

    async def view(self) -> PageView:
        """Return what the page shows once it stands still."""

    async def glance(self) -> PageView:
        """Return what the page shows this instant."""

    async def stir(self) -> None:
        """Return once the page has changed since it was last looked at, or a moment has passed."""

    async def gaze(self) -> PageView:
        """Return what the page shows once it is at rest, or after a moment all the same."""

    @property
    def mark(self) -> tuple[int, str]:
        """Return what stays the same while nothing is done to the page and it does not change."""

    async def fill(self, source: Source, *, meanwhile: Meanwhile = nothing) -> PageReport:
        """Fill the page from the source and return what became of every control, read back from the page.

        `meanwhile` runs while the page, as it is then, is given time for what its last answers may still bring.
        """

    async def lasting(self, report: PageReport) -> PageReport:
        """Return what became of the controls a moment later: what the page has wiped since is entered once more.

        For a form that is not sent at once; one that is takes what stands in it at that moment.
        """

    async def follow(self, button: Button) -> PageView:
        """Press something that cannot send the form, and return the page it leads to."""

    async def pressable(self, button: Button) -> bool:
        """Tell whether the button could be pressed this instant, without pressing it."""

    async def ready(self, button: Button) -> bool:
        """Wait a moment for the button to be pressable, and tell whether it is; nothing is pressed."""

    async def covering(self, button: Button) -> list[Button]:
        """Return the buttons of what lies over the button and keeps it from being pressed."""

    async def press_once(self, advance: Advance) -> None:
        """Press the button a single time, whatever comes of it. Raises Playwright's errors."""
