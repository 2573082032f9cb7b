"""Which fields no picture may show: passwords, cards and codes, and what identifies a person to the state or a bank."""

from __future__ import annotations

from collections.abc import Collection
from contextlib import suppress
from functools import cache
from importlib.resources import files
from typing import Final

from playwright.async_api import Error as PlaywrightError
from playwright.async_api import Locator, Page

from workers.hands.vocabulary import table

SENSITIVE: Final = (
    "input[type=password],input[autocomplete*=cc-],input[autocomplete*=one-time-code],input[autocomplete^=bday],"
    "input[name*=otp i],input[id*=otp i],input[name*=passcode i],input[maxlength='1'],[data-private]"
)


async def concealed(page: Page, unsaid: Collection[str] = ()) -> list[Locator]:
    """Return what a picture of the page has to cover, in every frame: fields, found by their own words, and whatever
    repeats one of the `unsaid` texts."""
    covers = []
    for frame in page.frames:
        # A frame that left or does not answer has nothing to look at either.
        with suppress(PlaywrightError):
            await frame.evaluate(_script(), "|".join(table("_private")["names"]))
        covers += [frame.locator(SENSITIVE), *(frame.get_by_text(text) for text in unsaid)]
    return covers


@cache
def _script() -> str:
    return (files("workers.hands") / "js" / "conceal.js").read_text(encoding="utf-8")
