"""What a handler is, and what all handlers share."""

from __future__ import annotations

from typing import Protocol

from playwright.async_api import Error as PlaywrightError
from playwright.async_api import Page

from workers.context import JobSpec, Run
from workers.engines.base import Engine
from workers.hands.privacy import full_picture
from workers.outcomes import Outcome

PICTURE_MS = 6000


class Handler(Protocol):
    """One job type. Copy an existing one, name it in `HANDLERS`, and the queue takes its jobs."""

    def validate(self, spec: JobSpec) -> None:
        """Check the job's input before a browser is opened. Raises `InvalidInput`."""

    async def run(self, run: Run, engine: Engine) -> Outcome:
        """Do the chore and return its outcome; never report done what was not seen done."""


async def picture(run: Run, page: Page, name: str) -> str:
    """Save a picture of the page with secret fields and given secrets covered, and return its storage name.

    A page that cannot be pictured, as one that broke off in the middle, changes no outcome: the name is empty then.
    """
    return await saved(run, name, await taken(run, page))


async def taken(run: Run, page: Page) -> bytes:
    """Return a picture of the page, covered as `picture` says; empty for a page that cannot be pictured."""
    try:
        return await full_picture(page, run.confidential(), PICTURE_MS)
    except PlaywrightError:
        return b""


async def saved(run: Run, name: str, png: bytes) -> str:
    """Save the picture, if there is one, and return its storage name."""
    return await run.save_screenshot(name, png) if png else ""
