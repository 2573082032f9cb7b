"""How long to wait for what an answer brings about: further fields, a parser's work, answers of the site."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Collection

from workers.engines.traffic import Traffic
from workers.hands.controls import CHOICE_KINDS, MENU_KINDS, Control, PageView, Ref
from workers.hands.text import fold
from workers.hands.vocabulary import said

# A page shows the fields that hang on a choice within this, and says within this that it reads a file.
CHOICE_S = 0.2
UPLOAD_S = 0.4
READING_S = 12.0
LOOK_S = 0.06


def awaited(kind: str) -> bool:
    """Tell whether answering a control of that kind may bring up further fields."""
    return kind in CHOICE_KINDS | MENU_KINDS | {"checkbox"}


class Patience:
    """Remembers the last answers of one page and waits for their consequences, no longer than there can be any."""

    def __init__(self, traffic: Traffic, look: Callable[[], Awaitable[PageView]]) -> None:
        self._traffic = traffic
        self._look = look
        self._until: dict[Ref, float] = {}
        self._old_text: str | None = None

    async def before_upload(self) -> None:
        """Remember what the page said before it was given a file."""
        self._old_text = fold((await self._look()).text)

    def after(self, control: Control) -> None:
        """Take notice that the control was answered just now."""
        wait = UPLOAD_S if control.kind == "file" else CHOICE_S if awaited(control.kind) else 0.0
        if wait:
            self._until[control.ref] = asyncio.get_running_loop().time() + wait

    @property
    def late(self) -> frozenset[Ref]:
        """The controls whose answers may still bring something."""
        now = asyncio.get_running_loop().time()
        return frozenset(ref for ref, until in self._until.items() if until > now)

    @property
    def pending(self) -> bool:
        """Tell whether there is anything to wait for."""
        return bool(self.late) or self._old_text is not None or self._traffic.waiting

    async def wait(self, heard: Collection[Ref]) -> None:
        """Return once the page has had its time for the answers it `heard`, has what it asked its site for, and reads
        no file any more."""
        clock = asyncio.get_running_loop().time
        await asyncio.sleep(max((self._until[ref] - clock() for ref in heard), default=0.0))
        self._until.clear()
        deadline = clock() + READING_S
        while clock() < deadline and (self._traffic.waiting or await self._reads()):
            await asyncio.sleep(LOOK_S)
        self._old_text = None

    async def _reads(self) -> bool:
        """Tell whether the page says, and did not say before the upload, that it is at work on a file."""
        if self._old_text is None:
            return False
        found = said("confirmation", "reading").finditer(fold((await self._look()).text))
        return any(match[0] not in self._old_text for match in found)
