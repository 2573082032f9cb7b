"""Which fields no picture may show: passwords, cards and codes, and what identifies a person to the state or a bank."""

from __future__ import annotations

import asyncio
from collections.abc import Collection
from functools import cache
from importlib.resources import files
from typing import Final

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
    frames = page.frames
    found = await asyncio.gather(*(_secrets(frame) for frame in frames))
    covers = [frame.locator(SENSITIVE) for frame, secrets in zip(frames, found, strict=True) if secrets]
    return covers + [frame.get_by_text(text) for frame in frames for text in unsaid]


async def full_picture(page: Page, unsaid: Collection[str], timeout_ms: int) -> bytes:
    """Return a picture of the whole page as PNG, what `concealed` names covered. Raises Playwright's errors."""
    # The browser's own capture beyond the viewport is faster, but pages left right after it were seen to answer late.
    covers = await concealed(page, unsaid)
    return await page.screenshot(full_page=True, mask=covers, timeout=timeout_ms, animations="disabled")


async def _secrets(frame: Frame) -> int:
    """Return how many elements of the frame are to be covered; one that does not answer may hold anything."""
    asked = {"pattern": "|".join(table("_private")["names"]), "selector": SENSITIVE}
    try:
        return int(await frame.evaluate(_script(), asked))
    except PlaywrightError:
        return 1


@cache
def _script() -> str:
    return (files("workers.hands") / "js" / "conceal.js").read_text(encoding="utf-8")
