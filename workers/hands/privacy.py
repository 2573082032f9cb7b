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
    covers, _ = await _covers(page, unsaid)
    return covers


async def full_picture(page: Page, unsaid: Collection[str], timeout_ms: int) -> bytes:
    """Return a picture of the whole page as PNG, what `concealed` names covered. Raises Playwright's errors."""
    covers, is_in_view = await _covers(page, unsaid)
    # To take in more than the window the page is laid out anew, which takes longer than the picture itself. The
    # browser's own capture beyond the window is faster, but pages left right after it were seen to answer late.
    # The caret is left as it is: hiding it would be a change that the page notices.
    return await page.screenshot(
        full_page=not is_in_view, mask=covers, timeout=timeout_ms, animations="disabled", caret="initial"
    )


async def _covers(page: Page, unsaid: Collection[str]) -> tuple[list[Locator], bool]:
    """Return what is to be covered, and whether the window shows all of the page."""
    frames = page.frames
    found = await asyncio.gather(*(_marked(frame) for frame in frames))
    covers = [frame.locator(SENSITIVE) for frame, (secrets, _) in zip(frames, found, strict=True) if secrets]
    covers += [frame.get_by_text(text) for frame in frames for text in unsaid]
    return covers, found[0][1]


async def _marked(frame: Frame) -> tuple[int, bool]:
    """Return how many elements of the frame are to be covered; one that does not answer may hold anything."""
    asked = {"pattern": "|".join(table("_private")["names"]), "selector": SENSITIVE}
    try:
        answer = await frame.evaluate(_script(), asked)
    except PlaywrightError:
        return 1, False
    return answer["secrets"], answer["inView"]


@cache
def _script() -> str:
    return (files("workers.hands") / "js" / "conceal.js").read_text(encoding="utf-8")
