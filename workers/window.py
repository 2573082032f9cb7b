"""The open page as a person far away sees and touches it, while the job waits for them."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Protocol

WATCHED_SECONDS = 0.4
UNWATCHED_SECONDS = 1.0


@dataclass(frozen=True, slots=True)
class Touch:
    """What the person did: `kind` is click, text, key or scroll.

    `x` and `y` are fractions of what is visible, for a scroll pixels; `text` is what to type, or a key's name.
    """

    kind: str
    x: float
    y: float
    text: str


@dataclass(frozen=True, slots=True)
class Sight:
    """A picture of what is visible, as JPEG."""

    jpeg: bytes
    width: int
    height: int


class Window(Protocol):
    """A page that can be seen and touched. What cannot be done at the moment is left out, never raised."""

    async def see(self) -> Sight | None:
        """The page as it looks now, with its secret fields covered."""

    async def touch(self, touch: Touch) -> None:
        """Do to the page what the person did."""


@asynccontextmanager
async def shown(
    window: Window,
    take: Callable[[], Awaitable[Sequence[Touch] | None]],
    show: Callable[[Sight], Awaitable[None]],
) -> AsyncIterator[None]:
    """Carry touches to the page and pictures from it; `take` answers None while nobody looks."""
    serving = asyncio.ensure_future(_serve(window, take, show))
    try:
        yield
    finally:
        serving.cancel()
        await asyncio.gather(serving, return_exceptions=True)


async def _serve(
    window: Window,
    take: Callable[[], Awaitable[Sequence[Touch] | None]],
    show: Callable[[Sight], Awaitable[None]],
) -> None:
    while True:
        touches = await take()
        for touch in touches or ():
            await window.touch(touch)
        if touches is not None and (sight := await window.see()):
            await show(sight)
        await asyncio.sleep(UNWATCHED_SECONDS if touches is None else WATCHED_SECONDS)
