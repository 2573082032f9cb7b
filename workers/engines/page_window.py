"""A page of the browser, seen and touched by a person through the console."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Collection
from contextlib import suppress

from playwright.async_api import Error as PlaywrightError
from playwright.async_api import Page

from workers.engines.recording import Recording
from workers.hands.privacy import concealed
from workers.window import Sight, Touch

SEE_MS = 4000
QUALITY = 50

# What a click could send a form with: anything but a frame, in which CAPTCHAs live.
MAY_SEND = """([x, y]) => {
  const hit = document.elementFromPoint(x, y);
  return !!hit && !hit.closest("iframe") && !!hit.closest("a, button, input, label, [role=button], [onclick], form");
}"""


class PageWindow:
    """Implements `workers.window.Window`.

    A person may press the very button that sends the form: `before_sending` is awaited before a press that could.
    `unsaid` gives the texts that no picture may repeat.
    """

    def __init__(
        self,
        page: Page,
        recording: Recording,
        *,
        unsaid: Callable[[], Collection[str]],
        before_sending: Callable[[], Awaitable[None]],
    ) -> None:
        self._page = page
        self._unsaid = unsaid
        self._recording = recording
        self._before_sending = before_sending
        self._may_have_sent = False

    async def see(self) -> Sight | None:
        size = self._page.viewport_size
        if size is None:
            return None
        with suppress(PlaywrightError):
            jpeg = await self._page.screenshot(
                type="jpeg", quality=QUALITY, mask=await concealed(self._page, self._unsaid()), timeout=SEE_MS
            )
            return Sight(jpeg, size["width"], size["height"])
        return None

    async def touch(self, touch: Touch) -> None:
        with suppress(PlaywrightError):
            match touch.kind:
                case "click":
                    await self._click(touch)
                case "text":
                    # A recording would hold what is typed.
                    await self._recording.forget()
                    await self._page.keyboard.insert_text(touch.text)
                case "key":
                    if touch.text == "Enter":
                        await self._arm()
                    await self._page.keyboard.press(touch.text)
                case "scroll":
                    await self._page.mouse.wheel(0, touch.y)

    async def _click(self, touch: Touch) -> None:
        size = self._page.viewport_size
        if size is None:
            return
        place = (touch.x * size["width"], touch.y * size["height"])
        if await self._page.evaluate(MAY_SEND, list(place)):
            await self._arm()
        await self._page.mouse.click(*place)

    async def _arm(self) -> None:
        if not self._may_have_sent:
            await self._before_sending()
            self._may_have_sent = True
