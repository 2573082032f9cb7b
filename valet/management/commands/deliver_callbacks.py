"""Deliver callbacks without a worker."""

from __future__ import annotations

import time
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from valet.callbacks import deliver_due

POLL_SECONDS = 1.0


class Command(BaseCommand):
    help = "Send the callbacks that are due, and go on doing so. Workers do the same beside their jobs."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--once", action="store_true", help="send what is due now, then exit")

    def handle(self, *args: Any, **options: Any) -> None:
        while True:
            tried = deliver_due()
            if tried:
                self.stdout.write(f"{tried} tried")
            elif options["once"]:
                return
            else:
                time.sleep(POLL_SECONDS)
