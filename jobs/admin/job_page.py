"""What the page of one job shows."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any
from uuid import UUID

from django.http import Http404
from django.urls import reverse
from django.utils import timezone

from jobs.admin.job_list import percent_of
from jobs.admin.reasons import Failure, why_failed
from jobs.admin.related import Related, related
from jobs.admin.replay import recordings, viewer
from jobs.admin.timeline import Entry, Picture, picture, pictures, pretty, timeline
from jobs.events import EventType
from jobs.models import Job, JobEvent
from jobs.presentation import shown_data, shown_input, shown_text, shown_url, span, status_label, took
from jobs.states import WAITING_FOR_HUMAN, Action, Status, allows
from jobs.waiting import why_waiting

# What a person is asked for, by the interaction's type. Source: DESIGN section 7.
NEEDS = {
    "captcha": "The site shows a CAPTCHA.",
    "login": "The site asks to sign in.",
    "2fa": "The site asks for a second factor.",
    "bot_check": "The site wants proof that a person is there.",
    "question": "The form asks something that nobody answered.",
    "verify_submission": "The form may have been sent: find out before anything else happens to this job.",
    "review": "Somebody has to look at the form before it is sent.",
}


@dataclass(frozen=True, slots=True)
class Fact:
    """One line of the facts: words or a moment, and a note that explains it."""

    name: str
    text: str = ""
    moment: datetime | None = None
    note: str = ""


@dataclass(frozen=True, slots=True)
class Banner:
    """What to know before reading on."""

    tone: str
    title: str
    text: str = ""
    picture: Picture | None = None
    more: tuple[str, ...] = ()


def find_job(job_id: UUID | str) -> Job:
    """Give a job by its id. Raises Http404."""
    try:
        return Job.objects.get(id=UUID(str(job_id)))
    except (ValueError, Job.DoesNotExist) as error:
        raise Http404("There is no such job.") from error


class JobPage:
    """One job, in the words of the console; with its masks unless `in_clear`."""

    def __init__(self, job: Job, *, in_clear: bool = False) -> None:
        self.job = job
        self.in_clear = in_clear
        self.now = timezone.now()
        self.label = status_label(job.status)
        self.url = shown_url(job.target_url)
        self.task = shown_text(job.task_description)
        self.input = pretty(job.input_data if in_clear else shown_input(job.input_data))
        self.summary = shown_text(job.result_summary)
        self.said = shown_text(job.status_message)
        self.can_be_retargeted = allows(Action.RETARGET, job.status) and job.worker_id is None

    @cached_property
    def _history(self) -> tuple[list[Entry], bool]:
        return timeline(self.job)

    @property
    def entries(self) -> list[Entry]:
        return self._history[0]

    @property
    def is_cut(self) -> bool:
        return self._history[1]

    @property
    def loose_pictures(self) -> list[Picture]:
        """Screenshots that no shown event carries."""
        told = {entry.picture.address for entry in self.entries if entry.picture}
        return [image for image in pictures(self.job.screenshot_urls) if image.address not in told]

    @property
    def newest_pictures(self) -> list[Picture]:
        """The last things that the run saw."""
        return pictures(self.job.screenshot_urls[-2:])

    @cached_property
    def percent(self) -> int | None:
        if self.job.status not in {Status.RUNNING, *WAITING_FOR_HUMAN}:
            return None
        reports = JobEvent.objects.filter(job_id=self.job.id, event_type=EventType.PROGRESS_UPDATE)
        newest = reports.order_by("-id").first()
        return percent_of(newest) if newest else None

    @property
    def confirmation(self) -> str:
        result = self.job.result_data
        return shown_text(str(result.get("confirmation_id") or "")) if isinstance(result, dict) else ""

    @cached_property
    def fields(self) -> list[dict[str, Any]]:
        """The field report: question, label, source, confidence, verified, value (masked), reason."""
        result = self.job.result_data
        rows = result.get("fields") if isinstance(result, dict) else None
        if not isinstance(rows, list):
            return []
        return [shown_data(row) for row in rows if isinstance(row, dict) and "question" in row]

    @property
    def result(self) -> str:
        """What is left of the result when its field report is told as a table."""
        result = self.job.result_data
        if isinstance(result, dict) and self.fields:
            result = {name: value for name, value in result.items() if name != "fields"}
        return pretty(shown_data(result))

    @property
    def error(self) -> str:
        """What went wrong in an earlier attempt; a failed job's banner tells its own."""
        if self.job.status == Status.FAILED:
            return ""
        return " ".join(filter(None, [shown_text(self.job.error_code), _said(self._error, None)]))

    @property
    def error_details(self) -> str:
        return pretty(shown_data({name: value for name, value in self._error.items() if name != "message"}))

    @property
    def _error(self) -> dict[str, Any]:
        return self.job.error_details if isinstance(self.job.error_details, dict) else {}

    @cached_property
    def banner(self) -> Banner | None:
        """What a waiting job waits for, or whom."""
        if self.job.status in WAITING_FOR_HUMAN:
            return self._needs_human()
        if self.job.is_unclaimed:
            reasons = why_waiting(self.job, self.now)
            return Banner("pending", "Why is it waiting?", reasons[0], more=tuple(reasons[1:]))
        return None

    @cached_property
    def failure(self) -> Failure | None:
        return why_failed(self.job) if self.job.status == Status.FAILED else None

    @cached_property
    def related(self) -> list[Related]:
        return related(self.job)

    @property
    def recordings(self) -> list[str]:
        """The recordings that this server can replay."""
        return recordings(self.job) if viewer() else []

    def commands(self, base: str) -> list[tuple[str, str]]:
        """Ways to do the same from elsewhere: what for, and what to type. `base` is this server's address."""
        short = self.job.short_id
        api = f"{base.rstrip('/')}{reverse('job-detail', args=[self.job.id])}"
        key = '-H "X-GH-Service-Key: $GH_SERVICE_SECRET"'
        told = [("Follow", f"python manage.py job logs {short} --follow"), ("REST", f"curl {key} {api}")]
        if self.job.is_cancellable:
            told += [
                ("Cancel", f"python manage.py job cancel {short}"),
                ("", f"curl -X POST {key} {api}/cancel"),
            ]
        if self.job.is_retryable:
            told += [
                ("Retry", f"python manage.py job retry {short}"),
                ("", f"curl -X POST {key} {api}/retry"),
            ]
        return told

    def _needs_human(self) -> Banner:
        details = self.job.interaction_data if isinstance(self.job.interaction_data, dict) else {}
        title = NEEDS.get(self.job.interaction_type or "", "Somebody has to look at this job.")
        name = details.get("screenshot") or next(iter(self.job.screenshot_urls[-1:]), "")
        image = picture(name) if isinstance(name, str) else None
        return Banner("paused", title, _said(details, self.job.status_message), image)

    @property
    def facts(self) -> list[Fact]:
        return [*self._routing(), *self._times(), *self._origin()]

    def _routing(self) -> Iterator[Fact]:
        job = self.job
        yield Fact("Worker", shown_text(job.worker_id) or "none")
        yield Fact("Target worker", shown_text(job.target_worker_id) or "any")
        yield Fact("Attempt", f"{job.attempt}", note=f"{job.retry_count} of {job.max_retries} retries used")
        yield Fact("Priority", f"{job.priority}", note="1 is served first")

    def _times(self) -> Iterator[Fact]:
        job = self.job
        yield Fact("Created", moment=job.created_at, note=f"{span(self.now - job.created_at)} ago")
        if job.scheduled_at:
            yield Fact("Scheduled", moment=job.scheduled_at)
        if job.started_at:
            yield Fact("Started", moment=job.started_at)
            yield Fact("Took", took(job.started_at, job.completed_at or job.paused_at, self.now))
        if job.completed_at:
            yield Fact("Finished", moment=job.completed_at)
        if job.last_heartbeat and not job.is_terminal:
            yield Fact("Heartbeat", f"{span(self.now - job.last_heartbeat)} ago")

    def _origin(self) -> Iterator[Fact]:
        job = self.job
        told = {
            "User": str(job.user_id or ""),
            "VALET task": shown_text(job.valet_task_id),
            "Idempotency key": shown_text(job.idempotency_key),
            "Tags": ", ".join(shown_text(tag) for tag in job.tags),
            "Engine": shown_text(job.engine_type),
            "Callback": shown_url(job.callback_url or ""),
            "Created by": shown_text(job.created_by),
        }
        yield from (Fact(name, text) for name, text in told.items() if text)


def _said(details: dict[str, Any], otherwise: str | None) -> str:
    """Give the message of a JSON detail, or else the job's own words."""
    return shown_text(str(details.get("message") or "")) or shown_text(otherwise)
