"""Open a page and tell honestly when what came is not the page."""

from __future__ import annotations

import re
from http import HTTPStatus
from urllib.parse import urlsplit

from playwright.async_api import Error, Page

from workers.engines.base import Engine
from workers.hands.controls import Button
from workers.hands.text import fold
from workers.hands.vocabulary import said, table
from workers.outcomes import Failed

# What the site answered for the document that is shown now, wherever redirects led; and what it said, when it
# said it in plain text, as the network rule does.
STATUS = """() => [
  performance.getEntriesByType("navigation")[0]?.responseStatus ?? 0,
  document.contentType === "text/plain" ? document.body.innerText.trim().slice(0, 200) : "",
]"""

# Long terms may have to be read down to their end before they can be agreed to; the page hears of it a frame later.
READ = """async () => {
  const moves = (x) => x.scrollHeight > x.clientHeight + 4 && /auto|scroll/.test(getComputedStyle(x).overflowY);
  for (const x of document.querySelectorAll("*")) if (moves(x)) x.scrollTop = x.scrollHeight;
  await new Promise((seen) => { requestAnimationFrame(() => setTimeout(seen)); setTimeout(seen, 200); });
}"""

CODES = {401: "login_required", 408: "timeout", 429: "rate_limited"}


async def visit(engine: Engine, url: str) -> Failed | None:
    """Open the address in the engine; returns why its page cannot be worked with, or None.

    Raises Playwright's Error when nothing could be loaded.
    """
    try:
        await engine.open(url)
    except Error as error:
        if "Download is starting" in error.message:
            return Failed("validation_error", "the address answers with a file to download, not with a page")
        raise
    return await refused(engine.page)


async def refused(page: Page) -> Failed | None:
    """Return a failure when the page shown now is the answer to a request that went wrong."""
    status, said = await page.evaluate(STATUS)
    return status_failure(status, said)


async def read_down(page: Page) -> None:
    """Scroll whatever scrolls on the page down to its end."""
    await page.evaluate(READ)


def status_failure(status: int, said: str = "") -> Failed | None:
    """Return the failure an HTTP status stands for; retried are those that may pass: 408, 429 and 5xx."""
    if status < 400:
        return None
    code = CODES.get(status, "network_error" if status >= 500 else "validation_error")
    phrase = next((known.phrase for known in HTTPStatus if known == status), "")
    sentence = f"the page answered {status} {phrase}".rstrip() + (f": {said}" if said else "")
    return Failed(code, sentence, {"http_status": status})


def elsewhere(posting: str, address: str) -> Failed | None:
    """Return the failure of a posting that is applied for at another site, when the address is one.

    Nobody asked for the person's data to be given there. Hosts that keep companies' forms count as the posting's own.
    """
    if address.startswith("mailto:"):
        return Failed("apply_elsewhere", f"The posting is applied for by e-mail: {address}", {"url": address})
    there = _site(address)
    if not there or there in {_site(posting), *table("_pages")["sites"]["hosts"]}:
        return None
    return Failed(
        "apply_elsewhere", f"The posting is applied for at another site: {address}", {"url": address}
    )


def leads_elsewhere(posting: str, button: Button) -> Failed | None:
    """Return the failure of a posting whose Apply button leads to another site, by its words or its address."""
    found = elsewhere(posting, button.href)
    if found or not button.href or not said("buttons", "outward").search(fold(button.text)):
        return found
    if urlsplit(button.href).netloc == urlsplit(posting).netloc:
        return None
    return Failed(
        "apply_elsewhere", f"The posting is applied for at another site: {button.href}", {"url": button.href}
    )


def _site(address: str) -> str:
    """Return the part of the address that stays the same across one owner's hosts."""
    host = urlsplit(address).hostname or ""
    if not address.startswith("http") or re.fullmatch(r"[\d.]+|\[?[\da-f:]+\]?", host):
        return host if address.startswith("http") else ""
    parts = host.split(".")
    double = len(parts) > 2 and len(parts[-1]) == 2 and len(parts[-2]) <= 3
    return ".".join(parts[-3:] if double else parts[-2:])
