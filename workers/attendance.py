"""Wait for a person beside the open page: look again and again whether somebody has resumed the job."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import Generic, TypeVar

T = TypeVar("T")

LOOK_SECONDS = 1.0


class Attendance(Generic[T]):
    """The wait of one attempt. It belongs to the browser's event loop; only `hasten` may be called from elsewhere.

    `look` tells what was given, or None while nobody came, and raises when the wait is over for another reason.
    """

    def __init__(self, look: Callable[[], Awaitable[T | None]]) -> None:
        self._look = look
        self._loop = asyncio.get_running_loop()
        self._hint = asyncio.Event()

    async def wait(self) -> T:
        """Return what the person gave."""
        while True:
            self._hint.clear()
            given = await self._look()
            if given is not None:
                return given
            with suppress(TimeoutError):
                async with asyncio.timeout(LOOK_SECONDS):
                    await self._hint.wait()

    def hasten(self) -> None:
        """Look at once: somebody may have resumed."""
        self._loop.call_soon_threadsafe(self._hint.set)
