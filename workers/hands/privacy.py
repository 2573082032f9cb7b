"""Which fields no picture may show: passwords, cards and codes, and what identifies a person to the state or a bank."""

from __future__ import annotations

import asyncio
import base64
from collections.abc import Collection
from contextlib import suppress
from functools import cache
from importlib.resources import files
from typing import Any, Final

from playwright.async_api import Error as PlaywrightError
from playwright.async_api import Frame, Locator, Page

from workers.hands.vocabulary import table

SENSITIVE: Final = (
    "input[type=password],input[autocomplete*=cc-],input[autocomplete*=one-time-code],input[autocomplete^=bday],"
    "input[name*=otp i],input[id*=otp i],input[name*=passcode i],input[maxlength='1'],[data-private]"
)


async def concealed(page: Page, unsaid: Collection[str] = ()) -> list[Locator]:
    """Return what a picture of the page has to cover, in every frame: fields, found by their own words, and whatever
    repeats one of the `unsaid` texts."""
    covers, _ = await _looked_over(page, unsaid)
    return covers


async def full_picture(page: Page, unsaid: Collection[str], timeout_ms: int) -> bytes:
    """Return a picture of the whole page as PNG, what `concealed` names covered.

    Guarantees: a page that shows no secret and stands still is pictured as it is; nothing is put into it.
    Raises Playwright's errors.
    """
    covers, moves = await _looked_over(page, unsaid)
    if not covers and not moves:
        with suppress(PlaywrightError, TimeoutError):
            return await _as_it_is(page, timeout_ms)
    return await page.screenshot(full_page=True, mask=covers, timeout=timeout_ms, animations="disabled")


async def _looked_over(page: Page, unsaid: Collection[str]) -> tuple[list[Locator], bool]:
    """Return what is to be covered, and whether anything on the page is still moving."""
    frames = page.frames
    found = await asyncio.gather(*(_searched(frame) for frame in frames))
    covers = [frame.locator(SENSITIVE) for frame, what in zip(frames, found, strict=True) if what["secrets"]]
    covers += [frame.get_by_text(text) for frame in frames for text in unsaid]
    return covers, any(what["moves"] for what in found)


async def _searched(frame: Frame) -> dict[str, Any]:
    asked = {"pattern": "|".join(table("_private")["names"]), "selector": SENSITIVE}
    try:
        found: dict[str, Any] = await frame.evaluate(_script(), asked)
    except PlaywrightError:
        # A frame that does not answer may hold anything.
        return {"secrets": 1, "moves": False}
    return found


async def _as_it_is(page: Page, timeout_ms: int) -> bytes:
    """Return the picture straight from the browser, which is faster than any way that touches the page."""
    async with asyncio.timeout(timeout_ms / 1_000):
        session = await page.context.new_cdp_session(page)
        try:
            asked = {"format": "png", "captureBeyondViewport": True, "optimizeForSpeed": True}
            answer = await session.send("Page.captureScreenshot", asked)
        finally:
            await session.detach()
    return base64.b64decode(answer["data"])


@cache
def _script() -> str:
    return (files("workers.hands") / "js" / "conceal.js").read_text(encoding="utf-8")
