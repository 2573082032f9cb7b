"""Read a page: its content as a whole, or exactly the elements that were asked for."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Any

from playwright.async_api import Error, Page
from playwright.async_api import TimeoutError as BrowserTimeout

from workers.context import InvalidInput
from workers.handlers.structured import clean, read_json_ld
from workers.inputs.picks import Pick

LIMITS = {"text": 100_000, "item": 2_000, "parts": 100, "rows": 1_000, "columns": 50, "script": 500_000}

# Addresses come out absolute; a control says its value; everything else what is painted.
READ_ELEMENTS = """
(elements, [attr, limit, length]) => elements.slice(0, limit).map((element) => {
  const isAddress = ["href", "src", "action"].includes(attr) && element.hasAttribute(attr);
  const text = attr
    ? (isAddress ? String(element[attr]) : element.getAttribute(attr))
    : "value" in element && /^(INPUT|SELECT|TEXTAREA)$/.test(element.tagName)
      ? String(element.value)
      : element.tagName === "META" ? element.content : element.innerText ?? element.textContent;
  return text === null ? null : text.trim().slice(0, length);
})
"""


async def read_page(page: Page) -> dict[str, Any]:
    """Return the page's content.

    Shape: title, language, canonical_url, meta {name: text}, open_graph {name: text}, json_ld [object],
    tables [{caption, headers, rows}] (a row is {header: text}, or [text] without headers),
    lists [{heading, ordered, items}], text (the readable main part).
    """
    content: dict[str, Any] = await page.evaluate(_page_script(), LIMITS)
    content["json_ld"] = read_json_ld(content["json_ld"])
    cleaned: dict[str, Any] = clean(content)
    return cleaned


@cache
def _page_script() -> str:
    return (files("workers.handlers") / "extraction.js").read_text(encoding="utf-8")


async def read_picks(page: Page, picks: Mapping[str, Pick], seconds: float) -> dict[str, Any]:
    """Return each pick's value once its elements are there; null, or [], when none appears in time.

    Raises InvalidInput naming the pick whose selector the browser does not understand.
    """
    async with asyncio.TaskGroup() as group:
        for pick in picks.values():
            group.create_task(_appear(page, pick, seconds))
    return {name: await read_pick(page, pick, f"fields.{name}") for name, pick in picks.items()}


async def _appear(page: Page, pick: Pick, seconds: float) -> None:
    try:
        await page.locator(pick.selector).first.wait_for(state="attached", timeout=seconds * 1000)
    except Error:
        # Absent, or not a selector at all: reading it right after tells which.
        return


async def read_pick(page: Page, pick: Pick, path: str) -> Any:
    """Return the value as the page is now. Raises InvalidInput when the selector is not understood."""
    limit = LIMITS["rows"] if pick.every else 1
    try:
        found = await page.locator(pick.selector).evaluate_all(
            READ_ELEMENTS, [pick.attr, limit, LIMITS["text"]]
        )
    except Error as error:
        if is_bad_selector(error):
            raise InvalidInput(
                path, f"{pick.selector!r} is not a selector that browsers understand"
            ) from None
        raise
    values = clean(found)
    return values if pick.every else next(iter(values), None)


def is_bad_selector(error: Error) -> bool:
    """Tell whether the browser could not read a selector, rather than not find it."""
    said = error.message
    return not isinstance(error, BrowserTimeout) and any(
        sign in said for sign in ("parsing", "Unknown engine", "is not a valid selector", "valid XPath")
    )
