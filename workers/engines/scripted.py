"""The deterministic engine: observe, plan, act, verify, without any model or service."""

from __future__ import annotations

import asyncio
from contextlib import suppress

from playwright.async_api import BrowserContext, Dialog, Page
from playwright.async_api import Error as PlaywrightError

from workers.engines.base import Meanwhile, Pace, at_once, nothing
from workers.engines.filling import Filling
from workers.engines.patience import Patience
from workers.engines.recording import Recording
from workers.engines.traffic import Traffic
from workers.hands.act import node
from workers.hands.advance import Advance, find_banner
from workers.hands.controls import Button, PageView
from workers.hands.observe import REST_MS, Eyes, outline, page_script
from workers.hands.plan import Source
from workers.hands.report import PageReport
from workers.hands.verify import CannotEnter

PRESS_MS = 8000
# A button that nothing lies over takes a click within this.
GLANCE_MS = 1000
# A button that is drawn anew this often will not be hit.
REDRAWN = 3
# An Apply button shows something within this, if it does anything on the page.
OPENING_S = 2.0
# A site that takes longer than this to answer a press is looked at meanwhile.
LEAVING_S = 0.4


class ScriptedEngine:
    """Works pages by rules. One engine serves one job."""

    page: Page

    def __init__(self, context: BrowserContext, pace: Pace = at_once) -> None:
        self.context = context
        self.pace = pace
        self.actions = 0
        self.recording = Recording(context)
        self.traffic = Traffic()
        self.alerts: list[str] = []
        self.patience = Patience(self.traffic, self.glance)
        self._tabs: list[Page] = []
        context.on("page", self._adopt)

    def _adopt(self, page: Page) -> None:
        self._tabs.append(page)
        page.on("dialog", self._answer_dialog)
        self.traffic.follow(page)

    async def _answer_dialog(self, dialog: Dialog) -> None:
        """Agree to notices, and to questions only once a submission was meant."""
        if dialog.type == "alert":
            self.alerts.append(dialog.message)
        agree = dialog.type != "confirm" or self.traffic.armed
        await (dialog.accept() if agree else dialog.dismiss())

    @property
    def sent(self) -> list[str]:
        """Requests that carried data since the last armed press, without their query."""
        return self.traffic.sent

    @property
    def silent(self) -> bool:
        """Tell whether the page has told its site nothing at all since the last press."""
        return self.traffic.silent

    @property
    def answers(self) -> list[int]:
        """The statuses by which the site answered what was sent since the last armed press."""
        return self.traffic.answers

    @property
    def address(self) -> str:
        """Where the page last set out for, also when nothing came from there."""
        return self.traffic.address

    async def open(self, url: str) -> None:
        """Go to the address in a new tab, wait until the page stands still, and close its cookie banner."""
        if not self._tabs:
            # Before any page: a page that was watched from its beginning need not be watched for as long.
            await self.context.add_init_script(f"({page_script()})()")
        self._use(await self.context.new_page())
        self.actions += 1
        # Last of all, for the site counts from when it is asked.
        await self.pace(url)
        await self.page.goto(url, wait_until="domcontentloaded")
        view = await self.view()
        banner = find_banner(view)
        if banner:
            await self.follow(banner)

    def _use(self, page: Page) -> None:
        self.page = page
        self.eyes = Eyes(page, busy=lambda: self.traffic.waiting)
        self.filling = Filling(self.eyes, self.patience, self.follow)

    async def view(self) -> PageView:
        """Return what the page shows once two looks in a row agree."""
        return await self.eyes.steady()

    async def glance(self) -> PageView:
        """Return what the page shows this instant."""
        return await self.eyes.look()

    @property
    def mark(self) -> tuple[int, str]:
        """Return what stays the same while nothing is done to the page and it does not change."""
        return self.eyes.mark

    async def fill(self, source: Source, *, meanwhile: Meanwhile = nothing) -> PageReport:
        """Fill the page from the source and return what became of every control, read back from the page."""
        report = await self.filling.fill(source, meanwhile)
        self.actions += len(report.filled)
        return report

    async def lasting(self, report: PageReport) -> PageReport:
        """Return what became of the controls a moment later: what the page has wiped since is entered once more."""
        return await self.filling.lasting(report)

    def _rejoin(self) -> None:
        """Go on in the tab that is left where the one at work has closed itself."""
        left = [tab for tab in self._tabs if not tab.is_closed()]
        if self.page.is_closed() and left:
            self._use(left[-1])

    async def stir(self) -> None:
        """Return once the page has changed since it was last looked at, or a moment has passed."""
        self._rejoin()
        deadline = asyncio.get_running_loop().time() + LEAVING_S
        while not await self.eyes.stir() and self.traffic.leaving:
            # The page that was left shows nothing new any more.
            if asyncio.get_running_loop().time() > deadline:
                return

    async def gaze(self) -> PageView:
        """Return what the page shows once it is at rest, or after a moment all the same."""
        return await self.eyes.look(patience_ms=2 * REST_MS)

    async def follow(self, button: Button) -> PageView:
        """Press something that cannot send the form, and return the page it leads to, in whatever tab."""
        self.actions += 1
        known, before = len(self._tabs), outline(await self.view())
        await self._click(button)
        await self._reaction(before, known)
        if len(self._tabs) > known:
            tab = self._tabs[-1]
            await tab.wait_for_load_state("domcontentloaded")
            self._use(tab)
            if tab.url.startswith("http"):
                self.traffic.address = tab.url
        return await self.view()

    async def _reaction(self, before: tuple[object, ...], tabs: int) -> None:
        """Wait until a press has opened a tab, or changed something on the page."""
        deadline = asyncio.get_running_loop().time() + OPENING_S
        while asyncio.get_running_loop().time() < deadline and len(self._tabs) == tabs:
            await self.eyes.stir()
            with suppress(PlaywrightError):
                if outline(await self.gaze()) != before:
                    return

    async def moving(self) -> bool:
        """Tell whether something slides or fades on the page this instant."""
        return await self.eyes.moving()

    async def pressable(self, button: Button) -> bool:
        """Tell whether the button could be pressed this instant, without pressing it."""
        with suppress(PlaywrightError):
            free = bool(await self.eyes.ask(button.ref, "pressable"))
            # What lies over a frame is not seen from within.
            return free and (self.eyes.in_main_frame(button.ref) or await self._takes(button, GLANCE_MS))
        return False

    async def ready(self, button: Button) -> bool:
        """Wait a moment for the button to be pressable, and tell whether it is; nothing is pressed."""
        return await self._takes(button, PRESS_MS)

    async def _takes(self, button: Button, patience_ms: int) -> bool:
        try:
            handle = await node(self.eyes, button.ref)
            await handle.click(trial=True, timeout=patience_ms)
        except (PlaywrightError, CannotEnter):
            return False
        return True

    async def covering(self, button: Button) -> list[Button]:
        """Return the buttons of what lies over the button and keeps it from being pressed."""
        with suppress(PlaywrightError, CannotEnter):
            if nodes := await self.eyes.ask(button.ref, "coveredBy"):
                buttons = (await self.gaze()).buttons
                return [b for b in buttons if b.ref.frame == button.ref.frame and b.ref.node in nodes]
        return []

    async def press_once(self, advance: Advance) -> None:
        """Press the button a single time, whatever comes of it. Raises Playwright's errors."""
        self.actions += 1
        self.traffic.arm(armed=advance.sends)
        self.alerts.clear()
        await self._click(advance.button)

    async def _click(self, button: Button) -> None:
        """Click the button once; one that was drawn anew before the click could reach it is found again.

        Raises `CannotEnter` when nothing was clicked, and Playwright's errors when that cannot be told.
        """
        for _ in range(REDRAWN):
            if await self.eyes.click(button.ref, timeout_ms=PRESS_MS):
                return
            alike = [b for b in (await self.view()).buttons if _same_button(b, button)]
            if len(alike) != 1:
                break
            button = alike[0]
        raise CannotEnter("the page drew the button anew")


def _same_button(one: Button, other: Button) -> bool:
    return (one.text, one.tag, one.type, one.href) == (other.text, other.tag, other.type, other.href)
