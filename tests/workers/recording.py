"""A run that only remembers: what a handler reported, in order, without a queue behind it."""

from __future__ import annotations

from collections.abc import Awaitable
from pathlib import Path
from typing import Any

from workers.context import ClaimLost, Clock, Credentials, Help, JobSpec, ResumeUnavailable
from workers.outcomes import NeedsHuman, Outcome
from workers.window import Window


class Called(ClaimLost):
    """Nobody came; `need` is what for."""

    def __init__(self, need: NeedsHuman) -> None:
        super().__init__(need.message)
        self.need = need


async def outcome_of(handler: Awaitable[Outcome]) -> Outcome:
    """The handler's outcome, or the call that nobody answered."""
    try:
        return await handler
    except Called as called:
        return called.need


class RecordingRun:
    """Keeps every call in `calls`, as text; `lost` makes arming fail as it does when the job was rescued."""

    def __init__(
        self, spec: JobSpec, *, resume: Path | None = None, lost: bool = False, broken: str = ""
    ) -> None:
        self.spec = spec
        self.clock = Clock(spec.timeout_seconds)
        self.needs: list[NeedsHuman] = []
        self.helps: list[Help] = []
        self.calls: list[tuple[str, str]] = []
        self.reports: list[tuple[str, int]] = []
        self.events: list[tuple[str, str, dict[str, Any]]] = []
        self.pictures: dict[str, bytes] = {}
        self.given: Credentials | None = None
        self.refused = False
        self._resume, self._lost, self._broken = resume, lost, broken

    def progress(self, step: str, pct: int, description: str = "") -> None:
        self.reports.append((step, pct))
        self.calls.append(("progress", f"{step} {pct} {description}"))

    def event(self, event_type: str, message: str = "", **metadata: Any) -> None:
        self.events.append((event_type, message, metadata))
        self.calls.append(("event", f"{event_type} {message} {metadata}"))

    async def attend(self, need: NeedsHuman, window: Window) -> Help:
        """Give what the test has prepared; without any, nobody comes."""
        self.needs.append(need)
        if not self.helps:
            raise Called(need)
        return self.helps.pop(0)

    def confidential(self) -> tuple[str, ...]:
        return ()

    def page_gone(self) -> None:
        """Nobody waits."""

    async def arm_submit(self) -> None:
        if self._lost:
            raise ClaimLost
        self.calls.append(("arm", ""))

    async def disarm_submit(self, reason: str) -> None:
        self.calls.append(("disarm", reason))

    async def save_screenshot(self, name: str, png: bytes) -> str:
        self.pictures[name] = png
        return f"screenshots/{name}.png"

    async def resume_file(self) -> Path | None:
        if self._broken:
            raise ResumeUnavailable(self._broken)
        return self._resume

    async def cover_letter_file(self) -> Path | None:
        return None

    async def pace(self, address: str) -> None:
        """The sites of tests need no sparing."""

    def spend(self, *, actions: int) -> None:
        self.actions = actions

    async def credentials(self, address: str) -> Credentials | None:
        given, self.given = self.given, None
        return given

    async def credentials_refused(self) -> None:
        self.refused = True

    @property
    def arming(self) -> list[str]:
        """The arms and disarms, in order."""
        return [name for name, _ in self.calls if name in {"arm", "disarm"}]

    @property
    def spoken(self) -> str:
        """Everything that was reported, as one text: a person's values may not be in it."""
        return "\n".join(text for _, text in self.calls)
