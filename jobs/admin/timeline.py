"""A job's history as the job page tells it."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import quote

from jobs import artifacts
from jobs.events import EventType
from jobs.models import Job, JobEvent
from jobs.presentation import shown_data, shown_text, status_label
from jobs.states import Action

EVENTS_SHOWN = 500
_TOLD_ELSEWHERE = frozenset({"action", "screenshot"})
_PROGRESS_FACTS = frozenset({"step", "progress_pct", "description"})
_TITLES: Mapping[str, str] = {
    EventType.HITL_PAUSED: "Asks a person",
    EventType.HITL_RESUMED: "Goes on",
    EventType.SUBMIT_ARMED: "About to submit",
    EventType.SUBMIT_DISARMED: "Not submitted",
}


@dataclass(frozen=True, slots=True)
class Picture:
    """A screenshot that the page shows (`inline`), or may only link to (an address of another program)."""

    address: str
    label: str
    inline: bool


@dataclass(frozen=True, slots=True)
class Entry:
    """One event. `tone` chooses its colour, `attempt` opens a new section of the timeline."""

    id: int
    at: datetime
    offset: str
    tone: str
    title: str
    message: str
    actor: str
    details: str
    picture: Picture | None
    attempt: int | None
    quiet: bool


def timeline(job: Job) -> tuple[list[Entry], bool]:
    """Give the job's newest events, oldest first, and whether older ones were left out."""
    newest = list(JobEvent.objects.filter(job_id=job.id).order_by("-id")[: EVENTS_SHOWN + 1])
    shown = newest[:EVENTS_SHOWN][::-1]
    entries: list[Entry] = []
    said = ""
    for event in shown:
        entries.append(_entry(job, event, said))
        said = shown_text(event.message)
    return entries, len(newest) > EVENTS_SHOWN


def picture(name: str, label: str = "") -> Picture | None:
    """Give a stored screenshot as the console links it; None for what is neither ours nor a web address."""
    if artifacts.job_of(name):
        return Picture(f"/{quote(name)}", label or _label_of(name), inline=True)
    if name.startswith(("https://", "http://")):
        return Picture(name, label or "Screenshot", inline=False)
    return None


def pictures(names: Iterable[str]) -> list[Picture]:
    return [found for name in names if (found := picture(name))]


def pretty(value: Any) -> str:
    """Give a JSON value as people read it; empty for nothing."""
    return json.dumps(value, indent=2, ensure_ascii=False) if value not in (None, {}, []) else ""


def offset(since_creation: timedelta) -> str:
    """Give how long after its creation something happened to a job: `+4.2s`, `+3m 05s`, `+2h 10m`, `+3d 4h`."""
    seconds = max(0.0, since_creation.total_seconds())
    if seconds < 60:
        return f"+{seconds:.1f}s"
    minutes, whole = divmod(int(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    if not hours:
        return f"+{minutes}m {whole:02}s"
    return f"+{hours}h {minutes:02}m" if hours < 48 else f"+{hours // 24}d {hours % 24}h"


def _entry(job: Job, event: JobEvent, said_before: str) -> Entry:
    """Present an event; words that the event before it said already are not said again."""
    facts = event.metadata if isinstance(event.metadata, dict) else {}
    claimed = facts.get("action") == Action.CLAIM
    is_progress = event.event_type == EventType.PROGRESS_UPDATE
    told = _TOLD_ELSEWHERE | (_PROGRESS_FACTS if is_progress else frozenset())
    rest = {name: value for name, value in facts.items() if name not in told}
    image = facts.get("screenshot")
    message = shown_text(event.message)
    return Entry(
        id=event.id,
        at=event.created_at,
        offset=offset(event.created_at - job.created_at),
        tone=_tone(event),
        title=_title(event, facts),
        message=message if message != said_before else "",
        actor=shown_text(event.actor),
        details=pretty(shown_data(rest)),
        picture=picture(image, message) if isinstance(image, str) else None,
        attempt=facts["attempt"] if claimed and isinstance(facts.get("attempt"), int) else None,
        quiet=is_progress,
    )


def _tone(event: JobEvent) -> str:
    """Give the status a status change leads to; failures and waits keep their colour; all else is a step."""
    if event.to_status:
        return event.to_status
    tones = {
        EventType.JOB_FAILED: "failed",
        EventType.JOB_COMPLETED: "completed",
        EventType.HITL_PAUSED: "paused",
        EventType.SUBMIT_ARMED: "paused",
    }
    return next((tone for kind, tone in tones.items() if event.event_type == kind), "step")


def _title(event: JobEvent, facts: Mapping[str, Any]) -> str:
    if event.to_status:
        return status_label(event.to_status)
    if event.event_type == EventType.PROGRESS_UPDATE and "progress_pct" in facts:
        return f"{shown_text(str(facts['progress_pct']))} %"
    words = shown_text(event.event_type).replace("_", " ")
    return _TITLES.get(event.event_type) or words[:1].upper() + words[1:]


def _label_of(name: str) -> str:
    """Give the words that a stored picture was saved under, without the part that cannot be guessed."""
    words = name.rpartition("/")[2].rpartition(".")[0][:-23]
    return words.replace("-", " ").capitalize() or "Screenshot"
