"""What the `job` command prints: tables for people, one JSON document for scripts.

Shape of the JSON, to which fields are only ever added:
list `{"jobs": [row]}`; status `{"job": details}`;
cancel and retry `{"outcomes": [{"id", "result", "reason"}], "summary"}`; resume `{"job": row}`;
logs `{"job_id", "status", "events": [event]}`, with --follow one event a line;
a refusal, with exit status 1, `{"error": {"code", "message", "candidates"}}`.
"""

from __future__ import annotations

import io
import json
import shutil
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.core.management.base import OutputWrapper
from django.utils import timezone
from rich.console import Console
from rich.table import Table
from rich.text import Text

from jobs import bulk
from jobs.management import job_json
from jobs.models import Job, JobEvent
from jobs.presentation import shown_data, shown_input, shown_text, shown_url, span, status_label, took
from jobs.states import Action, Status
from jobs.waiting import why_waiting

STATUS_STYLES = {
    Status.PENDING: "white",
    Status.QUEUED: "cyan",
    Status.RUNNING: "bold blue",
    Status.PAUSED: "bold yellow",
    Status.NEEDS_HUMAN: "bold yellow",
    Status.AWAITING_REVIEW: "bold yellow",
    Status.COMPLETED: "green",
    Status.FAILED: "bold red",
    Status.CANCELLED: "bright_black",
    Status.EXPIRED: "bright_black",
}
# Wide enough that no line of piped output is ever folded or cut.
PIPE_WIDTH = 10_000


class JsonOutput:
    """Answers for scripts."""

    def __init__(self, stdout: OutputWrapper) -> None:
        self._stdout = stdout

    def jobs(self, jobs: Sequence[Job]) -> None:
        self._write({"jobs": [job_json.row(job) for job in jobs]})

    def job(self, job: Job, progress: JobEvent | None) -> None:
        self._write({"job": job_json.details(job, progress)})

    def outcomes(self, action: Action, outcomes: Sequence[bulk.Outcome]) -> None:
        told = [
            {"id": str(outcome.job_id), "result": outcome.result.value, "reason": outcome.reason}
            for outcome in outcomes
        ]
        self._write({"outcomes": told, "summary": bulk.summary(action, outcomes)})

    def resumed(self, job: Job) -> None:
        self._write({"job": job_json.row(job)})

    def log(self, job: Job, events: Iterable[JobEvent]) -> None:
        self._write(
            {
                "job_id": str(job.id),
                "status": job.status,
                "events": [job_json.event(event) for event in events],
            }
        )

    def followed(self, events: Iterable[JobEvent]) -> None:
        for event in events:
            self._stdout.write(json.dumps(job_json.event(event), ensure_ascii=False))
        self._stdout.flush()

    def waiting(self, why: str) -> None:
        """Nothing: every line is an event."""

    def follow_ended(self, job: Job) -> None:
        """Nothing: the last event tells it."""

    def error(self, code: str, message: str, candidates: Sequence[Job] = ()) -> None:
        error = {"code": code, "message": message, "candidates": [job_json.row(job) for job in candidates]}
        self._write({"error": error})

    def _write(self, document: dict[str, Any]) -> None:
        self._stdout.write(json.dumps(document, indent=2, ensure_ascii=False))


class HumanOutput:
    """Answers for people: coloured on a terminal, plain aligned text anywhere else."""

    def __init__(self, stdout: OutputWrapper, stderr: OutputWrapper, *, color: bool | None = None) -> None:
        self._stdout = stdout
        self._stderr = stderr
        self._terminal = stdout.isatty()
        self._color = self._terminal if color is None else color

    def jobs(self, jobs: Sequence[Job]) -> None:
        self._print(self._table(jobs) if jobs else "No jobs.")

    def job(self, job: Job, progress: JobEvent | None) -> None:
        facts = Table(box=None, show_header=False, pad_edge=False)
        facts.add_column(style="bold", no_wrap=True)
        facts.add_column(overflow="fold")
        for name, value in _facts(job, progress):
            facts.add_row(name, value)
        self._print(facts)

    def outcomes(self, action: Action, outcomes: Sequence[bulk.Outcome]) -> None:
        if not outcomes:
            self._print(f"Nothing to {action}.")
            return
        for outcome in outcomes:
            if len(outcomes) == 1 or outcome.result is bulk.Result.UNCERTAIN:
                self._print(f"{str(outcome.job_id)[:8]}  {outcome.reason or _DONE[action]}")
        if len(outcomes) > 1:
            self._print(bulk.summary(action, outcomes))

    def resumed(self, job: Job) -> None:
        self._print(_RESUMED.get(job.status, f"The job is {status_label(job.status).lower()}."))

    def log(self, job: Job, events: Iterable[JobEvent]) -> None:
        listed = list(events)
        if listed:
            self.followed(listed)
        else:
            self._print("No events yet.")

    def followed(self, events: Iterable[JobEvent]) -> None:
        for event in events:
            line = Text(_clock(event.created_at), style="bright_black")
            style = STATUS_STYLES.get(Status(event.to_status), "") if event.to_status in _STATUSES else ""
            line.append(f"  {shown_text(event.event_type):<18}", style=style or "cyan")
            line.append(f"  {_words(event)}".rstrip(), style="default")
            self._print(line)
        self._stdout.flush()

    def waiting(self, why: str) -> None:
        self._print(f"Waiting: {why}")
        self._stdout.flush()

    def follow_ended(self, job: Job) -> None:
        self._print(Text(f"Job {job.short_id} is {status_label(job.status).lower()}.", style=_style(job)))

    def error(self, code: str, message: str, candidates: Sequence[Job] = ()) -> None:
        self._stderr.write(shown_text(message))
        if candidates:
            self._print(self._table(candidates, full_ids=True), self._stderr)

    def _table(self, jobs: Sequence[Job], *, full_ids: bool = False) -> Table:
        now = timezone.now()
        table = Table(box=None, pad_edge=False, header_style="bold", expand=False)
        for name in ("STATUS", "ID", "TYPE", "TARGET", "WORKER", "AGE"):
            table.add_column(name, no_wrap=True, justify="right" if name == "AGE" else "left")
        # The only column that gives way on a narrow terminal; its cells are cut, not folded.
        table.add_column("URL", min_width=12)
        for job in jobs:
            table.add_row(
                Text(shown_text(job.status), style=_style(job)),
                str(job.id) if full_ids else job.short_id,
                shown_text(job.job_type),
                shown_text(job.target_worker_id) or "any",
                shown_text(job.worker_id) or "-",
                span(now - job.created_at),
                Text(shown_url(job.target_url), no_wrap=True, overflow="ellipsis"),
            )
        return table

    def _print(self, what: Table | Text | str, stream: OutputWrapper | None = None) -> None:
        width = shutil.get_terminal_size().columns if self._terminal else PIPE_WIDTH
        console = Console(
            file=io.StringIO(),
            force_terminal=self._color,
            no_color=not self._color,
            width=width,
            highlight=False,
            soft_wrap=isinstance(what, (Text, str)),
        )
        console.print(Text(what) if isinstance(what, str) else what)
        rendered = console.file.getvalue()  # type: ignore[attr-defined]  # the StringIO above
        lines = "\n".join(line.rstrip() for line in rendered.splitlines())
        (stream or self._stdout).write(lines)


_DONE = {Action.CANCEL: "Cancelled.", Action.RETRY: "Back in the queue."}
_RESUMED = {
    Status.RUNNING.value: "Resumed: it goes on in the page that its worker kept open.",
    Status.PENDING.value: "Resumed: back in the queue.",
    Status.COMPLETED.value: "Completed, as you verified.",
}
_STATUSES = frozenset(status.value for status in Status)


def _facts(job: Job, progress: JobEvent | None) -> Iterable[tuple[str, Text]]:
    """Name and value of what is worth reading about a job; empty values are left out."""
    error = shown_data(job.error_details) if isinstance(job.error_details, dict) else {}
    unsure = job.is_retryable and job.may_have_submitted
    error_words = f"{job.error_code or ''} {error.get('message', '')}"
    facts = {
        "Job": str(job.id),
        "Type": shown_text(job.job_type),
        "Status": shown_text(job.status),
        "Message": shown_text(job.status_message),
        "Waits for": " ".join(why_waiting(job, timezone.now())) if job.is_unclaimed else "",
        "Progress": _progress(progress) if not job.is_terminal else "",
        "URL": shown_url(job.target_url),
        "Task": shown_text(job.task_description),
        "Target": shown_text(job.target_worker_id) or "any",
        "Worker": shown_text(job.worker_id) or "-",
        "Attempt": f"{job.attempt} (retries {job.retry_count} of {job.max_retries})",
        "Priority": str(job.priority),
        "Created": _clock(job.created_at),
        "Scheduled": _clock(job.scheduled_at),
        "Started": _clock(job.started_at),
        "Finished": _clock(job.completed_at),
        "Took": took(job.started_at, job.completed_at, timezone.now()),
        "User": _text(job.user_id),
        "VALET task": shown_text(job.valet_task_id),
        "Needs": shown_text(job.interaction_type),
        "Error": shown_text(error_words),
        "Result": shown_text(job.result_summary),
        "Result data": _compact(_brief(shown_data(job.result_data))),
        "Input": _compact(shown_input(job.input_data)),
        "May have sent": "yes: a retry has to be confirmed" if unsure else "",
    }
    for name, value in facts.items():
        if value:
            yield name, Text(value, style=_style(job) if name == "Status" else "")


def _style(job: Job) -> str:
    return STATUS_STYLES[Status(job.status)] if job.status in _STATUSES else ""


def _progress(event: JobEvent | None) -> str:
    facts = event.metadata if event and isinstance(event.metadata, dict) else {}
    percent = facts.get("progress_pct")
    return f"{percent} % {shown_text(str(facts.get('description', '')))}" if percent is not None else ""


def _words(event: JobEvent) -> str:
    """What an event says, with the step between two statuses when it made one."""
    message = shown_text(event.message)
    if not event.to_status:
        return message
    step = f"{event.from_status} -> {event.to_status}" if event.from_status else event.to_status
    return f"{shown_text(step)}  {message}" if message else shown_text(step)


def _clock(moment: datetime | None) -> str:
    return timezone.localtime(moment).strftime("%Y-%m-%d %H:%M:%S") if moment else ""


def _compact(value: Any) -> str:
    return shown_text(json.dumps(value, ensure_ascii=False)) if value else ""


def _brief(result: Any) -> Any:
    """Give the number of filled fields instead of them all: their report is for --json and the console."""
    if isinstance(result, dict) and isinstance(result.get("fields"), list):
        return result | {"fields": len(result["fields"])}
    return result


def _text(value: UUID | None) -> str:
    return str(value) if value else ""
