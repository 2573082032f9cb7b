"""Real worker processes on the test's database."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import IO
from urllib.parse import quote

from django.conf import settings
from django.db import connection

WAIT_SECONDS = 240.0


def database_url() -> str:
    """The address of the database that this test uses, for other processes."""
    given = connection.settings_dict
    password = f":{quote(given['PASSWORD'])}" if given["PASSWORD"] else ""
    return f"postgres://{given['USER']}{password}@{given['HOST']}:{given['PORT']}/{given['NAME']}"


def eventually(condition: Callable[[], bool], what: str) -> None:
    """Wait until the condition holds; fail, saying `what` did not happen."""
    deadline = time.monotonic() + WAIT_SECONDS
    while not condition():
        if time.monotonic() > deadline:
            raise AssertionError(f"{what} did not happen within {WAIT_SECONDS:.0f} s")
        time.sleep(0.05)


class WorkerProcess:
    """`manage.py runworker` as a process."""

    def __init__(self, worker_id: str, *arguments: str) -> None:
        self._log: IO[bytes] = tempfile.TemporaryFile()  # noqa: SIM115 - closed by close()
        self._process = subprocess.Popen(
            [sys.executable, "manage.py", "runworker", f"--worker-id={worker_id}", *arguments],
            cwd=settings.BASE_DIR,
            env={
                **os.environ,
                "DATABASE_URL": database_url(),
                "DATABASE_DIRECT_URL": "",
                "GH_POLL_SECONDS": "1",
                "GH_MEDIA_DIR": str(settings.MEDIA_ROOT),
            },
            stdout=self._log,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )

    def signal(self, number: signal.Signals) -> None:
        self._process.send_signal(number)

    def kill(self) -> None:
        """End it as a power cut would: the worker and its browser at once."""
        os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait()

    def exit_code(self) -> int:
        """Wait for its end."""
        return self._process.wait(timeout=WAIT_SECONDS)

    def output(self) -> str:
        self._log.seek(0)
        return self._log.read().decode(errors="replace")

    def close(self) -> None:
        if self._process.poll() is None:
            self.kill()
        self._log.close()


@contextmanager
def worker(worker_id: str, *arguments: str) -> Iterator[WorkerProcess]:
    """Run a worker for the length of a `with`; whatever is left of it is killed."""
    process = WorkerProcess(worker_id, *arguments)
    try:
        yield process
    finally:
        process.close()
