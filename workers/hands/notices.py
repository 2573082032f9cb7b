"""Notices that have to be read to their end before one can agree to them."""

from __future__ import annotations

from collections.abc import Iterable

from workers.hands.controls import Ref
from workers.hands.gates import answered
from workers.hands.observe import Eyes
from workers.hands.plan import Left, Source

AGREES = frozenset({"checkbox", "checkboxes", "radio"})
TO_THE_END = "e => e.scrollTo({ top: e.scrollHeight, behavior: 'instant' })"


async def read_out(eyes: Eyes, left: Iterable[Left], source: Source) -> None:
    """Scroll the notices to their end whose boxes are switched off, and would be ticked."""
    for item in left:
        control = item.control
        if not (control.disabled and control.kind in AGREES and answered(item, source)):
            continue
        found = await eyes.ask(control.ref, "noticeFor")
        notice = await eyes.handle(Ref(control.ref.frame, found)) if found else None
        if notice:
            await notice.evaluate(TO_THE_END)
            await eyes.rest(control.ref)
