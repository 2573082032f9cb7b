"""The `hands` command: see what the hands make of a page, and never send it."""

from __future__ import annotations

import argparse
import asyncio
import sys
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from workers.engines.browser import BrowserHost, BrowserUnavailable, find_chromium
from workers.hands.candidate import Candidate
from workers.management.rehearsal import PageRefused, Rehearsal, rehearse
from workers.management.rehearsal_input import BadInput, address_of, existing_file, read_person
from workers.management.rehearsal_output import html_page, print_table, write_json

INCOMPLETE = 1
UNUSABLE = 2
NOTES = """\
The form is never sent: no button that goes on is pressed, a form that submits itself is held back, and the page
cannot leave its address. What the page itself stores while it is typed into, such as a draft, cannot be prevented.

This is a developer's own command. Unlike a worker it opens whatever this machine can reach: loopback, private
networks, and local files, whose folder is served on loopback meanwhile.

The profile is a JSON file: a bare profile as VALET sends it, a whole request to /valet/apply, or
  {"user_data": {"first_name": "Dana", "last_name": "Whitlock", "email": "dana.whitlock@example.com"},
   "qa_overrides": {"Will you need visa sponsorship?": "No"}}
Values are masked, and blurred on the picture, unless --show-values is given.

Exit status: 0 every required control is filled and verified (planned, with --dry-run); 1 some required one is not, or
there is no form; 2 wrong usage, or the page or the browser could not be opened."""


class Command(BaseCommand):
    help = "Fill one page for a person, show what became of every control, and send nothing."
    requires_system_checks = ()

    def add_arguments(self, parser: CommandParser) -> None:
        parser.epilog = NOTES
        parser.formatter_class = argparse.RawDescriptionHelpFormatter
        parser.add_argument("place", metavar="URL_OR_FILE", help="the page with the form")
        parser.add_argument("--profile", required=True, metavar="FILE", help="the person, as JSON")
        parser.add_argument("--resume", metavar="FILE", help="the file to upload as the resume")
        parser.add_argument("--dry-run", action="store_true", help="observe and plan only; touch nothing")
        parser.add_argument("--headed", action="store_true", help="show the browser's window until Enter")
        parser.add_argument(
            "--report", metavar="FILE", help="also write one page with the picture and the table"
        )
        parser.add_argument(
            "--json", action="store_true", help="print one JSON document instead of the table"
        )
        parser.add_argument(
            "--show-values", action="store_true", help="show what is entered instead of masking it"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            person = read_person(existing_file(options["profile"]))
            resume = existing_file(options["resume"]) if options["resume"] else None
            with address_of(options["place"]) as url:
                found = asyncio.run(_rehearsed(url, Candidate.from_input(person, resume), options))
            if options["report"]:
                Path(options["report"]).write_text(html_page(found), encoding="utf-8")
        except (BadInput, BrowserUnavailable) as error:
            raise CommandError(str(error), returncode=UNUSABLE) from error
        except PageRefused as error:
            raise CommandError(f"{options['place']}: {error}", returncode=UNUSABLE) from error
        except OSError as error:
            raise CommandError(f"{error.filename}: {error.strerror}", returncode=UNUSABLE) from error
        self._show(found, options)
        if not found.complete:
            raise SystemExit(INCOMPLETE)

    def _show(self, found: Rehearsal, options: dict[str, Any]) -> None:
        if options["json"]:
            write_json(found, self.stdout)
            return
        print_table(found, self.stdout, color=not options["no_color"])
        if options["report"]:
            self.stdout.write(f"Report: {options['report']}")


async def _rehearsed(url: str, candidate: Candidate, options: dict[str, Any]) -> Rehearsal:
    host = BrowserHost(find_chromium(settings.GH_CHROMIUM), headless=not options["headed"])
    try:
        async with host.context() as context:
            found = await rehearse(
                context,
                url,
                candidate,
                fills=not options["dry_run"],
                shows_values=options["show_values"],
                picture=bool(options["report"]),
            )
            if options["headed"] and sys.stdin.isatty():
                await asyncio.to_thread(input, "Press Enter to close the browser. ")
            return found
    finally:
        await host.close()
