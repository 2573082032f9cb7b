"""Put an application with an invented person into the queue, to see a worker at work."""

from __future__ import annotations

import json
from typing import Any

from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.management.base import BaseCommand, CommandParser

from ghosthands.jobboard import sample
from ghosthands.stack import POSTING
from jobs import intake
from jobs.intake import NewJob
from jobs.management.job_follow import follow
from jobs.management.job_output import HumanOutput
from jobs.models import Job
from jobs.states import CLAIMED, Status
from valet import mapping

UNDER_WAY = CLAIMED | {Status.PENDING}
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
            output = None if options["json"] else HumanOutput(self.stdout, self.stderr)
            follow(job, output, is_over=lambda job: job.status not in UNDER_WAY)
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


def _default_url() -> str:
    return f"{settings.GH_PUBLIC_URL or 'http://127.0.0.1:3100'}/{POSTING}"
