"""The recording of one job's pages, for people to look at when it went wrong. Secrets are never in it."""

from __future__ import annotations

from pathlib import Path

from playwright.async_api import BrowserContext


class Recording:
    """A trace of one browser context. Until `start` there is none, and everything else does nothing."""

    def __init__(self, context: BrowserContext) -> None:
        self._tracing = context.tracing
        self._is_wanted = False
        self._is_running = False

    async def start(self) -> None:
        """Record from here on."""
        self._is_wanted = self._is_running = True
        await self._tracing.start(screenshots=True, snapshots=True)

    async def forget(self) -> None:
        """Stop and throw away what there is, before something secret is typed.

        A trace holds requests with all they carried, also those that were under way, so no part of it can be kept.
        """
        if self._is_running:
            self._is_running = False
            await self._tracing.stop()

    async def go_on(self) -> None:
        """Begin anew, once the secret is nowhere on the page any more."""
        if self._is_wanted and not self._is_running:
            await self.start()

    async def save(self, path: Path) -> bool:
        """End the recording and write it; False when there is none."""
        if not self._is_running:
            return False
        self._is_running = False
        await self._tracing.stop(path=path)
        return True
