"""What a worker does beside its jobs, in a thread with a database connection of its own."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable

from django.conf import settings
from django.db import DatabaseError, connections
from django.utils.module_loading import import_string

log = logging.getLogger(__name__)

# Who comes back later than this leaves no connection open meanwhile.
LONG_SECONDS = 30.0


class Errands:
    """Runs the errands that the settings name, each as often as they say, until closed.

    An errand answers how much it did; while it finds work it is run again at once.
    """

    def __init__(self) -> None:
        self._closing = threading.Event()
        self._threads = [
            threading.Thread(target=self._run, args=(import_string(path), seconds), name=path, daemon=True)
            for path, seconds in settings.WORKER_ERRANDS.items()
        ]

    def start(self) -> None:
        for thread in self._threads:
            thread.start()

    def close(self) -> None:
        """Let what is under way finish, and stop."""
        self._closing.set()
        for thread in self._threads:
            if thread.is_alive():
                thread.join()

    def _run(self, errand: Callable[[], int], seconds: float) -> None:
        try:
            while not self._closing.is_set():
                if not self._did_something(errand):
                    self._rest(seconds)
        finally:
            connections.close_all()

    def _rest(self, seconds: float) -> None:
        if seconds >= LONG_SECONDS:
            connections.close_all()
        self._closing.wait(seconds)

    def _did_something(self, errand: Callable[[], int]) -> bool:
        try:
            return errand() > 0
        except DatabaseError as error:
            log.warning("%s: the database does not answer: %s", errand.__name__, str(error).strip())
            connections.close_all()
        except Exception:
            log.exception("%s failed", errand.__name__)
        return False
