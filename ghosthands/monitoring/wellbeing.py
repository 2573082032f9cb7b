"""Whether this installation can do its work: each part tried, timed, and told in a sentence."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import Final

from django.core.files.storage import default_storage
from django.db import Error, connection
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder

from jobs import registry

HEALTHY, DEGRADED, UNHEALTHY = "healthy", "degraded", "unhealthy"
STARTED: Final = time.monotonic()


@dataclass(frozen=True, slots=True)
class Check:
    """One part: `status` is healthy, degraded (work goes on) or unhealthy (it does not)."""

    name: str
    status: str
    message: str
    latency_ms: int


def checks() -> list[Check]:
    """Try every part. Source of the names: CONTRACT section 13."""
    tries = {
        "database": database,
        "worker_heartbeat": worker_heartbeat,
        "llm_provider": llm_provider,
        "storage": storage,
    }
    return [_timed(name, attempt) for name, attempt in tries.items()]


def worst(found: list[Check]) -> str:
    """Give the status of the whole: that of its worst part."""
    statuses = {check.status for check in found}
    return next((status for status in (UNHEALTHY, DEGRADED) if status in statuses), HEALTHY)


def database() -> tuple[str, str]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return HEALTHY, "answers"


def worker_heartbeat() -> tuple[str, str]:
    standing = registry.fleet()
    active = sum(worker.status == "active" for worker in standing)
    if active:
        return HEALTHY, f"{active} workers are active"
    return DEGRADED, "No worker is active; jobs wait"


def llm_provider() -> tuple[str, str]:
    return HEALTHY, "Not needed: forms are filled by rules, without a model"


def storage() -> tuple[str, str]:
    default_storage.exists("artifacts")
    return HEALTHY, "answers"


def database_answers() -> bool:
    return _timed("database", database).status == HEALTHY


def is_migrated() -> bool:
    """Tell whether the database has every table and column that this code wants. Raises django.db.Error."""
    return _wanted_migrations() <= MigrationRecorder(connection).applied_migrations().keys()


def uptime_seconds() -> float:
    """Give the age of this process."""
    return time.monotonic() - STARTED


@cache
def _wanted_migrations() -> frozenset[tuple[str, str]]:
    return frozenset(MigrationLoader(None, ignore_no_migrations=True).graph.leaf_nodes())


def _timed(name: str, attempt: Callable[[], tuple[str, str]]) -> Check:
    begun = time.monotonic()
    try:
        status, message = attempt()
    except (Error, OSError) as error:
        # What drivers say may hold addresses and names, and anybody may ask here.
        status, message = UNHEALTHY, f"does not answer ({type(error).__name__})"
    return Check(name, status, message, round((time.monotonic() - begun) * 1000))
