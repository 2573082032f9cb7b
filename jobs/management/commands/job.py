"""The `job` command: look at jobs and act on them from a terminal or a script."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Iterable
from typing import Any, NoReturn
from uuid import UUID

from django.core.management.base import BaseCommand, CommandParser
from django.db import OperationalError

from jobs import bulk, lifecycle
from jobs.management.job_follow import follow
from jobs.management.job_lookup import (
    AmbiguousId,
    NoSuchJob,
    cancellable_ids,
    events_after,
    find,
    newest,
    progress_of,
)
from jobs.management.job_output import HumanOutput, JsonOutput
from jobs.management.job_resume import CannotAsk, add_resume_arguments, resolution_from
from jobs.management.operator import operator
from jobs.models import Job
from jobs.states import Action, Status

INTERRUPTED = 130

EXAMPLES = {
    "list": """\
  manage.py job list                      the newest 20 jobs, active ones first
  manage.py job ls --status=failed --json | jq -r '.jobs[].id'""",
    "status": """\
  manage.py job status a23c               details; any unambiguous start of an id will do""",
    "logs": """\
  manage.py job logs a23c --follow        what happens, until the job ends""",
    "cancel": """\
  manage.py job cancel a23c               one job
  manage.py job cancel --worker=adam      all that are aimed at adam or held by it; --all: every one""",
    "retry": """\
  manage.py job retry a23c                a failed or cancelled job""",
    "resume": """\
  manage.py job resume a23c               a paused job; asks for what it needs, codes without showing them
  manage.py job resume a23c --answer "Do you need a visa?=No"
  manage.py job resume a23c --submitted=yes""",
}
NOTES = """\
Exit status: 0 done, or nothing to do; 1 refused, not found, ambiguous, or wrong usage; 130 interrupted.
With --json it prints one JSON document (logs --follow: one per line), also when it refuses; only wrong usage
is told in words, on stderr."""


class Command(BaseCommand):
    help = "List, inspect, cancel, retry and resume jobs, and read their logs."
    requires_system_checks = ()

    def add_arguments(self, parser: CommandParser) -> None:
        parser.epilog = _epilog(*EXAMPLES.values())
        parser.formatter_class = argparse.RawDescriptionHelpFormatter
        verbs = parser.add_subparsers(dest="verb", metavar="COMMAND", required=True)
        _add_list(verbs)
        _add_status(verbs)
        _add_cancel(verbs)
        _add_retry(verbs)
        _add_resume(verbs)
        _add_logs(verbs)

    def run_from_argv(self, argv: list[str]) -> None:
        """Run as a program. Wrong usage exits with 1, as the contract has it; argparse alone would give 2."""
        try:
            super().run_from_argv(argv)
        except SystemExit as leaving:
            sys.exit(1 if leaving.code == 2 else leaving.code)
        except BrokenPipeError:
            # The reader (`| head`) has seen enough; keep the interpreter from complaining when it flushes.
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())

    def handle(self, *args: Any, **options: Any) -> None:
        color = False if options["no_color"] else True if options["force_color"] else None
        self.output: HumanOutput | JsonOutput = (
            JsonOutput(self.stdout) if options["json"] else HumanOutput(self.stdout, self.stderr, color=color)
        )
        try:
            options["run"](self, options)
        except NoSuchJob as unknown:
            self.refuse("not_found", str(unknown))
        except AmbiguousId as several:
            self.refuse("ambiguous_id", str(several), several.candidates)
        except OperationalError as down:
            self.refuse("database_unavailable", f"The database does not answer: {down}")
        except KeyboardInterrupt:
            sys.exit(INTERRUPTED)

    def refuse(self, code: str, message: str, candidates: Iterable[Job] = ()) -> NoReturn:
        self.output.error(code, message, list(candidates))
        sys.exit(1)

    # ---- The subcommands ---------------------------------------------------------------------------------

    def list_jobs(self, options: dict[str, Any]) -> None:
        self.output.jobs(newest(options["limit"], options["status"]))

    def show_status(self, options: dict[str, Any]) -> None:
        job = find(options["id"])
        self.output.job(job, progress_of(job))

    def cancel(self, options: dict[str, Any]) -> None:
        if options["id"] is not None:
            wanted: Iterable[UUID] = [find(options["id"]).id]
        else:
            wanted = cancellable_ids(options["worker"])
        outcomes = bulk.cancel(wanted, actor=operator())
        self.output.outcomes(Action.CANCEL, outcomes)
        if any(outcome.result is bulk.Result.UNCERTAIN for outcome in outcomes):
            sys.exit(1)

    def retry(self, options: dict[str, Any]) -> None:
        job = find(options["id"])
        confirmed = options["confirm_resubmit"] or (
            job.is_retryable
            and job.may_have_submitted
            and not options["json"]
            and self._resubmission_wanted(job)
        )
        outcomes = bulk.retry([job.id], actor=operator(), confirm_resubmit=confirmed)
        if outcomes[0].result is bulk.Result.UNCERTAIN:
            self.refuse("may_have_submitted", f"{outcomes[0].reason} (--confirm-resubmit)")
        if outcomes[0].result is not bulk.Result.DONE:
            self.refuse("not_retryable", outcomes[0].reason)
        self.output.outcomes(Action.RETRY, outcomes)

    def resume(self, options: dict[str, Any]) -> None:
        job = find(options["id"])
        try:
            resolution = resolution_from(options, job, self.stdout)
            resumed = lifecycle.resume(job.id, actor=operator(), resolution=resolution)
        except (lifecycle.InvalidTransition, lifecycle.Unusable, CannotAsk) as refusal:
            self.refuse("not_resumed", str(refusal))
        self.output.resumed(resumed)

    def show_logs(self, options: dict[str, Any]) -> None:
        job = find(options["id"])
        if options["follow"]:
            follow(job, self.output, is_over=lambda job: job.is_terminal)
            self.output.follow_ended(job)
        else:
            self.output.log(job, events_after(job).iterator(chunk_size=500))

    def _resubmission_wanted(self, job: Job) -> bool:
        if not (sys.stdin.isatty() and self.stdout.isatty()):
            return False
        self.stdout.write(
            f"An earlier run of {job.short_id} may have sent its form: a retry may send it twice."
        )
        return input("Retry all the same? [y/N] ").strip().lower() in {"y", "yes"}


# ---- The arguments ---------------------------------------------------------------------------------------


def _verb(verbs: Any, name: str, alias: str, text: str, run: Any) -> argparse.ArgumentParser:
    parser: argparse.ArgumentParser = verbs.add_parser(
        name,
        aliases=[alias],
        help=text,
        description=text[0].upper() + text[1:] + ".",
        epilog=_epilog(EXAMPLES[name]),
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--json", action="store_true", help="print JSON for scripts")
    parser.set_defaults(run=run)
    return parser


def _epilog(*examples: str) -> str:
    return "\n".join(("examples:", *examples, "", NOTES))


def _add_id(parser: Any) -> None:
    parser.add_argument("id", metavar="ID", help="a job id, or the unambiguous start of one")


def _add_list(verbs: Any) -> None:
    parser = _verb(verbs, "list", "ls", "list the newest jobs, active ones first", Command.list_jobs)
    parser.add_argument(
        "--status",
        type=_statuses,
        help=f"only these, separated by commas ({', '.join(status.value for status in Status)})",
    )
    parser.add_argument("--limit", type=_limit, default=20, help="how many (default 20, at most 1000)")


def _add_status(verbs: Any) -> None:
    _add_id(_verb(verbs, "status", "s", "show one job", Command.show_status))


def _add_cancel(verbs: Any) -> None:
    text = "cancel one job, or all active ones, or all of a worker"
    which = _verb(verbs, "cancel", "c", text, Command.cancel).add_mutually_exclusive_group(required=True)
    which.add_argument("id", metavar="ID", nargs="?", help="a job id, or the unambiguous start of one")
    which.add_argument("--all", action="store_true", help="every pending, queued, running and paused job")
    which.add_argument("--worker", type=_name, metavar="NAME", help="jobs aimed at this worker or held by it")


def _add_retry(verbs: Any) -> None:
    parser = _verb(verbs, "retry", "r", "put a failed or cancelled job back into the queue", Command.retry)
    _add_id(parser)
    parser.add_argument(
        "--confirm-resubmit",
        action="store_true",
        help="retry although an earlier run may have sent the form: it may be sent twice",
    )


def _add_resume(verbs: Any) -> None:
    parser = _verb(verbs, "resume", "go", "let a paused job go on", Command.resume)
    _add_id(parser)
    add_resume_arguments(parser)


def _add_logs(verbs: Any) -> None:
    parser = _verb(verbs, "logs", "l", "show what happened to a job", Command.show_logs)
    _add_id(parser)
    parser.add_argument("--follow", "-f", action="store_true", help="go on until the job ends")


def _statuses(given: str) -> list[str]:
    statuses = [word.strip() for word in given.split(",") if word.strip()]
    if unknown := set(statuses) - {status.value for status in Status}:
        known = ", ".join(status.value for status in Status)
        raise argparse.ArgumentTypeError(f"unknown status: {', '.join(sorted(unknown))} (there are {known})")
    return statuses


def _limit(given: str) -> int:
    if not given.isdecimal() or not 1 <= int(given) <= 1000:
        raise argparse.ArgumentTypeError(f"{given!r} is not a number from 1 to 1000")
    return int(given)


def _name(given: str) -> str:
    if not given:
        raise argparse.ArgumentTypeError("a worker's name is missing")
    return given
