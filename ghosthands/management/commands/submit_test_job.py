"""Put an application with an invented person into the queue, to see a worker at work."""

from __future__ import annotations

import json
import time
from typing import Any

from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.management.base import BaseCommand, CommandParser
from django.utils import timezone

from ghosthands.jobboard import sample
from ghosthands.stack import POSTING
from jobs import intake
from jobs.intake import NewJob
from jobs.management.job_lookup import events_after
from jobs.management.job_output import HumanOutput
from jobs.models import Job
from jobs.states import CLAIMED, Status
from jobs.waiting import why_waiting
from valet import mapping

UNDER_WAY = CLAIMED | {Status.PENDING}
POLL_SECONDS = 0.25
# A job that is taken at once needs no words about waiting.
PATIENCE_SECONDS = 1.0
RESUME = "samples/dana-whitlock.pdf"


class Command(BaseCommand):
    help = (
        "Submit an application for an invented person. The default address is the bundled job board, which the "
        "server shows when GH_JOB_BOARD is on. With --wait the exit status is 0 only when the job completed."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--worker-id", default=None, help="aim the job at this worker (default: any worker)"
        )
        parser.add_argument(
            "--url", default=_default_url(), help="the posting to apply for (default %(default)s)"
        )
        parser.add_argument("--wait", action="store_true", help="show the job's log until it ends")
        parser.add_argument("--json", action="store_true", help="print one JSON object instead of words")

    def handle(self, *args: Any, **options: Any) -> None:
        job = submit(options["url"], target_worker_id=options["worker_id"])
        if options["wait"]:
            follow(job, None if options["json"] else HumanOutput(self.stdout, self.stderr))
            job.refresh_from_db()
        self._tell(job, as_json=options["json"])
        if options["wait"] and job.status != Status.COMPLETED:
            raise SystemExit(1)

    def _tell(self, job: Job, *, as_json: bool) -> None:
        if as_json:
            facts = {"id": str(job.id), "status": job.status, "target_worker_id": job.target_worker_id}
            self.stdout.write(json.dumps(facts))
            return
        self.stdout.write(f"Job {job.id} for {job.target_worker_id or 'any worker'} is {job.status}.")
        possible = {
            "cancel": job.is_cancellable,
            "retry": job.is_retryable,
            "resume": job.is_waiting_for_human,
        }
        for verb in ("status", "logs", *(verb for verb, may in possible.items() if may)):
            self.stdout.write(f"  python manage.py job {verb} {job.short_id}")


def submit(url: str, *, target_worker_id: str | None) -> Job:
    """Queue the sample application."""
    if not default_storage.exists(RESUME):
        default_storage.save(RESUME, ContentFile(sample.resume_pdf()))
    new = NewJob(
        job_type="apply",
        target_url=url,
        task_description="Test application",
        input_data={"user_data": mapping.user_data(sample.PROFILE), "qa_overrides": sample.answers()},
        resume_ref={"storage_path": RESUME},
        target_worker_id=target_worker_id,
        created_by="cli",
        tags=["test"],
    )
    return intake.enqueue(new, actor="cli")


def follow(job: Job, output: HumanOutput | None) -> None:
    """Wait, showing the job's log and what it waits for, until it has ended or needs a person."""
    last_id, told, look_at = 0, "", time.monotonic() + PATIENCE_SECONDS
    while True:
        job.refresh_from_db(fields=["status", "worker_id", "scheduled_at"])
        events = list(events_after(job, last_id))
        last_id = events[-1].id if events else last_id
        if output:
            output.followed(events)
            if job.is_unclaimed and time.monotonic() >= look_at:
                told, look_at = _tell_why(job, output, told), time.monotonic() + PATIENCE_SECONDS
        if job.status not in UNDER_WAY:
            return
        time.sleep(POLL_SECONDS)


def _tell_why(job: Job, output: HumanOutput, told: str) -> str:
    """Say what the job waits for, unless it was the last thing told; answers what has been told now."""
    why = " ".join(why_waiting(job, timezone.now()))
    if why != told:
        output.say(f"Waiting: {why}")
    return why


def _default_url() -> str:
    return f"{settings.GH_PUBLIC_URL or 'http://127.0.0.1:3100'}/{POSTING}"
