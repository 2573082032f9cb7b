"""Try a worker: start one, send it an application for the bundled job board, and show how it went."""

from __future__ import annotations

import secrets
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser

from ghosthands.processes import Children, ProcessDiedError, stopped_by_signals
from ghosthands.stack import POSTING, StackFailedError, listen, start_stack


class Command(BaseCommand):
    help = (
        "Start a worker of this name and a job board, submit an application aimed at the worker, and follow it to "
        "its end. Exits 0 when the job completed."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--worker-id", default="adam", help="name of the worker (default %(default)s)")

    def handle(self, *args: Any, **options: Any) -> None:
        worker_id = options["worker_id"]
        call_command("migrate", interactive=False, verbosity=0)
        try:
            with Children(settings.GH_DATA_DIR / "logs") as children, stopped_by_signals():
                key = secrets.token_urlsafe(24)
                base = start_stack(children, listen(3100), service_key=key, worker_id=worker_id)
                self.stdout.write(f"Worker {worker_id} and a job board at {base}/board/ are up.")
                call_command(
                    "submit_test_job",
                    worker_id=worker_id,
                    url=f"{base}/{POSTING}",
                    wait=True,
                    stdout=self.stdout,
                )
        except (ProcessDiedError, StackFailedError) as error:
            raise CommandError(str(error)) from error
        except KeyboardInterrupt:
            raise SystemExit(130) from None
