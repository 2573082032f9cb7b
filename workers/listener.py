"""One connection of its own, which hears notifications and holds the worker's name.

Notifications are hints: whoever misses one polls. The name is a session lock of PostgreSQL, so it is free the
moment its holder dies, however it dies.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from uuid import UUID

import psycopg
from psycopg import sql

from jobs.registry import ORDERS

log = logging.getLogger(__name__)

CREATED = "gh_job_created"
RESUMED = "gh_job_resume"
CANCEL_PREFIX = "gh_job_cancel_"
LISTEN_SECONDS = 0.2
RECONNECT_SECONDS = 2.0


class NameTaken(Exception):
    """Another live worker has this name."""


class Listener:
    """Hears of new, resumed and cancelled jobs, and of orders for workers, in a thread of its own.

    `heard(channel)` is called in that thread for each notification, and with an empty channel after anything that
    may have made us miss one. `name_lost()` is called when the name was taken while the connection was broken.
    """

    def __init__(
        self, url: str, worker_id: str, *, heard: Callable[[str], None], name_lost: Callable[[], None]
    ) -> None:
        self._url = url
        self._worker_id = worker_id
        self._heard = heard
        self._name_lost = name_lost
        self._wanted: frozenset[str] = frozenset()
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="listener", daemon=True)

    def start(self) -> None:
        """Take the name and begin to listen. Raises NameTaken."""
        self._connection = self._connect()
        self._thread.start()

    def watch(self, job_ids: set[UUID]) -> None:
        """Hear of these jobs' cancellation, and of no others'."""
        self._wanted = frozenset(f"{CANCEL_PREFIX}{job_id}" for job_id in job_ids)

    def close(self) -> None:
        """Stop listening and give the name back."""
        self._stopping.set()
        self._thread.join()
        self._connection.close()

    def _connect(self) -> psycopg.Connection[tuple[object, ...]]:
        connection = psycopg.connect(
            self._url, autocommit=True, application_name=f"ghosthands {self._worker_id}"[:63]
        )
        lock = "SELECT pg_try_advisory_lock(hashtextextended('gh_worker:' || %s, 0))"
        row = connection.execute(lock, [self._worker_id]).fetchone()
        if row is None or not row[0]:
            connection.close()
            raise NameTaken(self._worker_id)
        for channel in (CREATED, RESUMED, ORDERS):
            connection.execute(sql.SQL("LISTEN {}").format(sql.Identifier(channel)))
        self._listening: frozenset[str] = frozenset()
        return connection

    def _run(self) -> None:
        while not self._stopping.is_set():
            try:
                self._follow_wishes()
                for notification in self._connection.notifies(timeout=LISTEN_SECONDS):
                    self._heard(notification.channel)
            except psycopg.OperationalError as error:
                log.warning("the listening connection broke, polling meanwhile: %s", str(error).strip())
                self._reconnect()

    def _follow_wishes(self) -> None:
        wanted = self._wanted
        for channel in self._listening - wanted:
            self._connection.execute(sql.SQL("UNLISTEN {}").format(sql.Identifier(channel)))
        for channel in wanted - self._listening:
            self._connection.execute(sql.SQL("LISTEN {}").format(sql.Identifier(channel)))
        if wanted - self._listening:
            self._heard("")
        self._listening = wanted

    def _reconnect(self) -> None:
        self._connection.close()
        while not self._stopping.wait(RECONNECT_SECONDS):
            try:
                self._connection = self._connect()
            except psycopg.OperationalError:
                continue
            except NameTaken:
                self._name_lost()
                self._stopping.set()
                return
            self._heard("")
            return
