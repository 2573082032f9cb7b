"""A page of the browser, seen and touched by a person through the console."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable, Collection
from contextlib import suppress

from playwright.async_api import Error as PlaywrightError
from playwright.async_api import Frame, Page

from workers.engines.recording import Recording
from workers.hands.privacy import concealed
from workers.window import Sight, Touch

SEE_MS = 4000
QUALITY = 50

# CAPTCHAs live in frames of their makers; no form of a site does.
MAKERS = re.compile(
    r"/recaptcha/|hcaptcha\.com|challenges\.cloudflare\.com|arkoselabs\.com|funcaptcha\.com|captcha-delivery\.com"
)
HIT = """([x, y]) => {
  let hit = document.elementFromPoint(x, y);
  for (let inner; (inner = hit?.shadowRoot?.elementFromPoint(x, y)) && inner !== hit; ) hit = inner;
  return hit;
}"""
# What could send a form when it is clicked: anything may be a button, save for entries and CAPTCHAs.
# A CAPTCHA's own buttons turn its pictures and check its answer; one that belongs to a form may send that.
MAY_SEND = """(hit) => {
  const buttons = "button, a, [role=button], [onclick], input:is([type=submit], [type=image], [type=button])";
  const pressed = hit.closest(buttons);
  if (!pressed) return !hit.closest("input, textarea, select, label, .g-recaptcha, .h-captcha, .cf-turnstile");
  const box = pressed.parentElement?.closest(".g-recaptcha, .h-captcha, .cf-turnstile, #captcha, [class*=captcha i]");
  return !box || box.matches("form") || !!box.querySelector("form") || !!pressed.form || pressed.matches("a[href]");
}"""
INSIDE = """(frame) => {
  const box = frame.getBoundingClientRect(), { paddingLeft, paddingTop } = getComputedStyle(frame);
  return [box.x + frame.clientLeft + parseFloat(paddingLeft), box.y + frame.clientTop + parseFloat(paddingTop)];
}"""
# Keys that press what has the focus.
PRESSING = frozenset({"Enter", " "})


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
                    if touch.text in PRESSING:
                        await self._arm()
                    await self._page.keyboard.press(touch.text)
                case "scroll":
                    await self._page.mouse.wheel(0, touch.y)

    async def _click(self, touch: Touch) -> None:
        size = self._page.viewport_size
        if size is None:
            return
        place = (touch.x * size["width"], touch.y * size["height"])
        if await self._may_send(*place):
            await self._arm()
        await self._page.mouse.click(*place)

    async def _may_send(self, x: float, y: float) -> bool:
        """Tell whether a click there could send a form, be it in a frame of the page."""
        frame: Frame | None = self._page.main_frame
        while frame and not MAKERS.search(frame.url):
            hit = (await frame.evaluate_handle(HIT, [x, y])).as_element()
            if hit is None:
                return frame is not self._page.main_frame
            frame = await hit.content_frame()
            if frame is None:
                return bool(await hit.evaluate(MAY_SEND))
            left, top = await hit.evaluate(INSIDE)
            x, y = x - left, y - top
        return False

    async def _arm(self) -> None:
        if not self._may_have_sent:
            await self._before_sending()
            self._may_have_sent = True
