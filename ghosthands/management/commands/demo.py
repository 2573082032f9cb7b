"""Show the product at work: one application, from the API to the job board's records."""

from __future__ import annotations

import os
import secrets
import socket
import time
import uuid
from contextlib import suppress
from pathlib import Path
from typing import Any

import httpx
from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.files.storage import default_storage
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser
from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table

from ghosthands import embedded
from ghosthands.jobboard import records, sample
from ghosthands.processes import Children, ProcessDiedError, stopped_by_signals
from ghosthands.stack import POSTING, StackFailedError, listen, port_of, start_stack
from jobs.models import Job

WORKER = "adam"
JOB_SECONDS = 180.0
POLL_SECONDS = 0.25


class Command(BaseCommand):
    help = (
        "Start the web server and a worker called adam, apply for a job on the bundled job board through the "
        "API, show what arrived, and stay up until Ctrl-C."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--once", action="store_true", help="exit after the result; status 0 if it worked"
        )
        parser.add_argument("--port", type=int, default=3100, help="of the web server (default %(default)s)")

    def handle(self, *args: Any, **options: Any) -> None:
        console = Console(highlight=False)
        try:
            with Children(settings.GH_DATA_DIR / "logs") as children, stopped_by_signals():
                demo = Demo(console, children, _listener(options["port"], console))
                with demo.api:
                    demo.run()
                    if not options["once"]:
                        demo.stay()
        except (DemoFailedError, ProcessDiedError, StackFailedError, httpx.HTTPError) as error:
            raise CommandError(str(error)) from error
        except KeyboardInterrupt:
            console.print("Stopped.")
            raise SystemExit(130) from None
        finally:
            if not os.environ.get("DATABASE_URL"):
                embedded.stop(settings.GH_DATA_DIR, unless_used=True)


class DemoFailedError(Exception):
    """The demo's job did not do what it should; the message says why."""


class Demo:
    """One run of the demo."""

    def __init__(self, console: Console, children: Children, listener: socket.socket) -> None:
        self.console = console
        self.children = children
        self.listener = listener
        self.base = f"http://127.0.0.1:{port_of(listener)}"
        self.key = secrets.token_urlsafe(24)
        self.password = secrets.token_urlsafe(12)
        self.api = httpx.Client(base_url=self.base, headers={"X-GH-Service-Key": self.key}, trust_env=False)

    def run(self) -> None:
        """Go from nothing to an application that arrived. Raises DemoFailedError, ProcessDiedError."""
        self._prepare_database()
        self._start_processes()
        job_id = self._apply()
        answer = self._follow(job_id)
        self._show_outcome(job_id, answer)
        self._show_ways_in(job_id)

    def stay(self) -> None:
        """Keep everything up until Ctrl-C, or until the terminal is gone. Raises ProcessDiedError."""
        self.console.print("\nEverything stays up until Ctrl-C.")
        # A terminal that is closed tells only its first process, which need not be a shell that tells others.
        has_terminal = os.isatty(0)
        with suppress(KeyboardInterrupt):
            while os.isatty(0) == has_terminal:
                self.children.check()
                time.sleep(POLL_SECONDS)
        self.console.print("Stopping.")

    def _prepare_database(self) -> None:
        self.console.print("Migrating the database.")
        call_command("migrate", interactive=False, verbosity=0)
        operator, _ = get_user_model().objects.update_or_create(
            username="operator", defaults={"is_staff": True, "is_superuser": True, "is_active": True}
        )
        operator.set_password(self.password)
        operator.save(update_fields=["password"])

    def _start_processes(self) -> None:
        self.console.print(f"Starting the web server on {self.base} and the worker [bold]{WORKER}[/].")
        start_stack(self.children, self.listener, service_key=self.key, worker_id=WORKER)

    def _apply(self) -> str:
        posting = f"{self.base}/{POSTING}"
        application = {
            "valet_task_id": f"demo-{uuid.uuid4()}",
            "valet_user_id": str(uuid.uuid4()),
            "target_url": posting,
            "profile": sample.PROFILE,
            "resume": {"download_url": f"{self.base}/board/files/resume.pdf"},
            "qa_answers": sample.answers(),
            "target_worker_id": WORKER,
        }
        answer = self.api.post("/api/v1/gh/valet/apply", json=application)
        if not answer.is_success:
            raise DemoFailedError(f"The API refused the application: {answer.status_code} {answer.text}")
        job_id = str(answer.json()["job_id"])
        self.console.print(f"Posted an application for {posting}: job [bold]{job_id}[/].\n", soft_wrap=True)
        return job_id

    def _follow(self, job_id: str) -> dict[str, Any]:
        """Show the job's events and progress until it needs nothing more; return its last status."""
        columns = TextColumn("{task.description}"), BarColumn(), TextColumn("{task.percentage:>3.0f} %")
        deadline, shown = time.monotonic() + JOB_SECONDS, 0
        with Progress(*columns, TimeElapsedColumn(), console=self.console, transient=True) as progress:
            bar = progress.add_task("queued", total=100)
            while True:
                answer = self._get(f"/api/v1/gh/valet/status/{job_id}")
                step = answer["progress"] or {}
                progress.update(
                    bar,
                    completed=step.get("progress_pct", 0),
                    description=str(step.get("description") or answer["status"]),
                )
                shown += self._show_events(job_id, shown)
                if answer["status"] not in {"pending", "queued", "running"}:
                    return answer
                if time.monotonic() > deadline:
                    raise DemoFailedError(f"The job is still {answer['status']} after {JOB_SECONDS:.0f} s.")
                self.children.check()
                time.sleep(POLL_SECONDS)

    def _show_events(self, job_id: str, shown: int) -> int:
        """Print the events that are new, but for the progress that the bar shows; return their number."""
        events = self._get(f"/api/v1/gh/jobs/{job_id}/events?limit=200&offset={shown}")["events"]
        for event in events:
            if event["event_type"] != "progress_update":
                at, kind = event["created_at"][11:19], event["event_type"]
                # One print: the bar below is drawn anew between two, over the line that is not ended.
                message = escape(str(event["message"] or event["to_status"] or ""))
                self.console.print(f"  [dim]{at}[/] {kind:<20} {message}")
        return len(events)

    def _get(self, path: str) -> dict[str, Any]:
        return dict(self.api.get(path).raise_for_status().json())

    def _show_outcome(self, job_id: str, answer: dict[str, Any]) -> None:
        """Print what came of the job. Raises DemoFailedError unless the board holds it exactly once."""
        if answer["status"] != "completed":
            reason = answer.get("error") or answer.get("interaction") or answer["status_message"]
            raise DemoFailedError(f"The job is {answer['status']}: {reason}")
        number = str(answer["result"]["data"].get("confirmation_id"))
        arrived = next((one for one in records.received() if one["number"] == number), None)
        if arrived is None or arrived["posts"] != 1:
            raise DemoFailedError(f"The job says it sent {number}; the job board holds {arrived}.")
        self.console.print(_received_table(arrived))
        self.console.print(f"\nConfirmation number: [bold green]{number}[/]\nScreenshots:")
        for name in Job.objects.get(id=job_id).screenshot_urls:
            path = default_storage.path(name)
            self.console.print(f"  {path}", soft_wrap=True)
            if not Path(path).is_file():
                raise DemoFailedError(f"The screenshot {path} is missing.")

    def _show_ways_in(self, job_id: str) -> None:
        header = f'-H "X-GH-Service-Key: {self.key}"'
        api = f"{self.base}/api/v1/gh"
        body = (
            '{"valet_task_id": "test-123", "valet_user_id": "00000000-0000-0000-0000-000000000001", '
            f'"target_url": "{self.base}/{POSTING}", "profile": {{"first_name": "Test", '
            f'"last_name": "User", "email": "test@example.com"}}, "target_worker_id": "{WORKER}"}}'
        )
        lines = (
            f"\nAdmin:        {self.base}/admin/   operator / {self.password}",
            f"Job board:    {self.base}/board/",
            f"Service key:  {self.key}",
            f"Logs:         {settings.GH_DATA_DIR / 'logs'}",
            "\nTry:",
            f"  curl {api}/valet/status/{job_id} {header}",
            f"  curl {api}/jobs/{job_id}/events {header}",
            f"  curl -X POST {api}/valet/apply {header} -H 'Content-Type: application/json' -d '{body}'",
        )
        for line in lines:
            self.console.print(line, markup=False, soft_wrap=True)


def _received_table(application: dict[str, Any]) -> Table:
    table = Table(title="What the job board received", title_justify="left", show_header=False)
    for page in ("contact", "experience", "screening"):
        for name, value in application[page].items():
            table.add_row(name.replace("_", " "), _shown(value))
        table.add_section()
    return table


def _shown(value: Any) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return str(value["name"] if isinstance(value, dict) else value or "")


def _listener(wanted: int, console: Console) -> socket.socket:
    """Take the wanted port, or the next free one with a note."""
    listener = listen(wanted)
    if port_of(listener) != wanted:
        console.print(f"Port {wanted} is taken; using {port_of(listener)}.")
    return listener
