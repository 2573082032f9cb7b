"""Child processes that are started together, watched, and stopped together."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType

STOP_SECONDS = 15.0
TAIL_LINES = 20


@contextmanager
def stopped_by_signals() -> Iterator[None]:
    """Let SIGTERM and the closing of the terminal interrupt what happens inside like Ctrl-C.

    Whoever leaves it is deaf to all three: nothing interrupts the stopping of what was started.
    """
    numbers = [signal.SIGINT, signal.SIGTERM]
    if signal.getsignal(signal.SIGHUP) is not signal.SIG_IGN:  # else it was started by nohup
        numbers.append(signal.SIGHUP)
    for number in numbers:
        signal.signal(number, signal.default_int_handler)
    try:
        yield
    finally:
        for number in numbers:
            signal.signal(number, signal.SIG_IGN)


class ProcessDiedError(RuntimeError):
    """A child ended on its own; the message holds the end of its log."""


@dataclass(frozen=True)
class Child:
    """One child, in a process group of its own, and the file that its output goes to."""

    name: str
    process: subprocess.Popen[bytes]
    log: Path

    def ask_to_stop(self) -> None:
        """Send SIGTERM to the child alone: it ends what it started in its own way."""
        if self.process.poll() is None:
            self.process.terminate()

    def end(self, seconds: float) -> None:
        """Wait for the end, asking again at half time; then kill what is left of its group."""
        for _ in range(2):
            try:
                self.process.wait(timeout=seconds / 2)
            except subprocess.TimeoutExpired:
                self.ask_to_stop()
        with suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()

    def tail(self) -> str:
        """Return the end of the log."""
        return "\n".join(self.log.read_text(errors="replace").splitlines()[-TAIL_LINES:])


class Children:
    """A context whose end leaves none of the processes that were started in it."""

    def __init__(self, logs: Path) -> None:
        self._logs = logs
        self._children: list[Child] = []
        logs.mkdir(mode=0o700, parents=True, exist_ok=True)

    def __enter__(self) -> Children:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.stop()

    def start(
        self, name: str, *arguments: str, env: Mapping[str, str], cwd: Path, keep: Sequence[int] = ()
    ) -> Child:
        """Start Python with these arguments; its output replaces the file `<name>.log`.

        `keep` are the open file descriptors that the child inherits.
        """
        log = self._logs / f"{name}.log"
        with log.open("wb") as output:
            process = subprocess.Popen(  # noqa: S603 - our own commands, no shell
                [sys.executable, *arguments],
                env={**os.environ, **env},
                cwd=cwd,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
                pass_fds=keep,
            )
        child = Child(name, process, log)
        self._children.append(child)
        return child

    def check(self) -> None:
        """Raise ProcessDiedError if any child has ended."""
        for child in self._children:
            if child.process.poll() is not None:
                code = child.process.returncode
                raise ProcessDiedError(
                    f"The {child.name} ended with status {code}. {child.log} ends with:\n{child.tail()}"
                )

    def stop(self) -> None:
        """End every child, the last started first: ask, ask again after half the time, then kill."""
        for child in reversed(self._children):
            child.ask_to_stop()
        deadline = time.monotonic() + STOP_SECONDS
        for child in reversed(self._children):
            child.end(max(1.0, deadline - time.monotonic()))
        self._children.clear()
