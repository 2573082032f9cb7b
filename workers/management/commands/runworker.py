"""Work on queued jobs: claim them, drive a browser through them, report what came of it."""

from __future__ import annotations

import re
import secrets
import signal
import socket
from argparse import ArgumentTypeError
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from types import FrameType
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from workers.engines.browser import BrowserUnavailable
from workers.listener import NameTaken
from workers.runner import Limits, Runner
from workers.status_server import StatusServer

WORKER_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,99}")


class Command(BaseCommand):
    help = (
        "Claim jobs and run them in a browser. A named worker takes the jobs aimed at it and the jobs aimed at "
        "nobody. The first SIGTERM or Ctrl-C stops claiming and lets running jobs finish; the second stops them and "
        "puts them back into the queue."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--worker-id",
            default=settings.GH_WORKER_ID,
            help="name of this worker (GH_WORKER_ID; default: made up)",
        )
        parser.add_argument(
            "--concurrency",
            type=_positive,
            default=str(settings.MAX_CONCURRENT_JOBS),  # as text, so that it is checked like a given one
            help="jobs at once, in one browser (MAX_CONCURRENT_JOBS, default %(default)s)",
        )
        parser.add_argument("--once", action="store_true", help="run what can be claimed now, then exit")
        parser.add_argument("--max-jobs", type=_positive, help="exit after this many jobs")
        parser.add_argument(
            "--drain-timeout",
            type=_positive,
            default=30,
            metavar="SECONDS",
            help="how long running jobs may take to finish after the first signal (default %(default)s)",
        )
        parser.add_argument(
            "--status-port",
            type=int,
            default=settings.GH_WORKER_PORT,
            metavar="PORT",
            help="answer /worker/status, /worker/health, /worker/drain, /livez and /readyz there, on"
            " GH_WORKER_ADDRESS; 0 takes a free port (GH_WORKER_PORT, default: nowhere)",
        )
        parser.add_argument("--headed", action="store_true", help="show the browser's window")

    def handle(self, *args: Any, **options: Any) -> None:
        worker_id = options["worker_id"] or f"worker-{socket.gethostname()}-{secrets.token_hex(3)}"
        if not WORKER_ID.fullmatch(worker_id):
            raise CommandError("--worker-id takes up to 100 letters, digits, dots, dashes and underscores")
        limits = Limits(
            concurrency=options["concurrency"],
            max_jobs=options["max_jobs"],
            once=options["once"],
            drain_seconds=options["drain_timeout"],
        )
        try:
            said = f"Worker {worker_id} is ready, {limits.concurrency} at once. Ctrl-C drains."
            runner = Runner(worker_id, limits, headless=not options["headed"], ready=partial(self._say, said))
            _drain_on_signals(runner)
            with self._status_server(runner, options["status_port"]):
                in_peace = runner.run()
        except NameTaken as error:
            raise CommandError(
                f"Another live worker is called {worker_id!r}; stop it, or choose another --worker-id."
            ) from error
        except BrowserUnavailable as error:
            raise CommandError(str(error)) from error
        if not in_peace:
            raise SystemExit(1)

    def _say(self, line: str) -> None:
        """Tell at once, also where the output is kept in a file that Python would fill by the block."""
        self.stdout.write(line)
        self.stdout.flush()

    @contextmanager
    def _status_server(self, runner: Runner, port: int | None) -> Iterator[None]:
        if port is None:
            yield
            return
        address = settings.GH_WORKER_ADDRESS
        try:
            server = StatusServer(
                address, port, worker_id=runner.worker_id, condition=runner.condition, drain=runner.stand_by
            )
        except OSError as error:
            raise CommandError(f"The status server cannot listen on {address}:{port}: {error}") from error
        server.start()
        self._say(f"Status at http://{address}:{server.port}/worker/status")
        try:
            yield
        finally:
            server.close()


def _positive(text: str) -> int:
    if not text.isdecimal() or int(text) < 1:
        raise ArgumentTypeError(f"{text!r} is not a whole number from 1")
    return int(text)


def _drain_on_signals(runner: Runner) -> None:
    def on_signal(number: int, frame: FrameType | None) -> None:
        runner.mailbox.post(runner.drain)

    signal.signal(signal.SIGTERM, on_signal)
    signal.signal(signal.SIGINT, on_signal)
    # The terminal was closed; nohup lets a worker outlive that.
    if signal.getsignal(signal.SIGHUP) is not signal.SIG_IGN:
        signal.signal(signal.SIGHUP, on_signal)
