"""Work for the main thread, which alone talks to the database.

The browser's thread, the listener's thread and signal handlers post calls here; the runner makes them.
"""

from __future__ import annotations

import queue
from collections.abc import Callable
from concurrent.futures import Future
from typing import TypeVar

T = TypeVar("T")


class Mailbox:
    """A queue of calls, posted from any thread or signal handler and made by one thread."""

    def __init__(self) -> None:
        # Of the standard queues this one alone may be filled from a signal handler.
        self._calls: queue.SimpleQueue[Callable[[], None]] = queue.SimpleQueue()

    def post(self, call: Callable[[], None]) -> None:
        """Have `call` made soon, without waiting for it."""
        self._calls.put(call)

    def ask(self, call: Callable[[], T]) -> Future[T]:
        """Have `call` made soon, and give its answer, or what it raised, to the future.

        A call that nobody waits for any more when its turn comes is not made.
        """
        future: Future[T] = Future()

        def answer() -> None:
            if not future.set_running_or_notify_cancel():
                return
            try:
                future.set_result(call())
            except Exception as error:
                future.set_exception(error)

        self.post(answer)
        return future

    def serve(self, timeout: float) -> None:
        """Wait up to `timeout` seconds for a call, then make every call that is there."""
        try:
            call = self._calls.get(timeout=max(timeout, 0))
        except queue.Empty:
            return
        call()
        self.serve_waiting()

    def serve_waiting(self) -> None:
        """Make every call that is there now."""
        while True:
            try:
                call = self._calls.get_nowait()
            except queue.Empty:
                return
            call()
