"""What a claim costs, and whether that depends on what else waits in the table.

Builds a scratch database beside the configured one, so that nobody's jobs are touched, and drops it again.
"""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from django.core.management import call_command
from django.db import connection
from rich.console import Console
from rich.table import Table

from jobs import claims, lifecycle

TYPES = ["apply", "scrape", "fill_form", "custom"]
SCRATCH = "gh_bench"
SIZES = (1_000, 1_000_000)
CLAIMS = 200
BATCH = 50


@dataclass(frozen=True, slots=True)
class Backlog:
    """Rows that wait, written as columns of `generate_series`."""

    name: str
    target: str = "NULL"
    due: str = "NULL"
    kind: str = "'apply'"
    url: str = "'https://site' || n % 500 || '.example.com'"


BACKLOGS = (
    Backlog("claimable by anyone"),
    Backlog("aimed at another worker", target="'sarah'"),
    Backlog("scheduled for tomorrow", due="now() + interval '1 day'"),
    Backlog("for a site that is full", url="'https://full.example.com'"),
    Backlog("of a paused type", kind="'scrape'"),
)
# What closes the last two: jobs at work on the site, and an operator's pause.
CLOSED = (
    "INSERT INTO gh_automation_jobs (job_type, target_url, status, worker_id, last_heartbeat) "
    "SELECT 'apply', 'https://full.example.com', 'running', 'sarah', now() FROM generate_series(1, 4)",
    "INSERT INTO gh_queue_pauses (kind, value) VALUES ('type', 'scrape') ON CONFLICT DO NOTHING",
)


def run(console: Console) -> dict[str, Any]:
    """Measure every backlog at both sizes; ratios of one run are what counts, not the times."""
    table = Table(title=f"One claim, median of {CLAIMS} (ms)", title_justify="left")
    for heading in ("backlog", "way in", *(f"{size:,} rows" for size in SIZES), "ratio"):
        table.add_column(heading, justify="left" if heading in {"backlog", "way in"} else "right")
    results: list[dict[str, Any]] = []
    with scratch_database():
        for backlog in BACKLOGS:
            times = {size: measure(backlog, size, console) for size in SIZES}
            for way in times[SIZES[0]]:
                small, large = (times[size][way] for size in SIZES)
                table.add_row(backlog.name, way, f"{small:.2f}", f"{large:.2f}", f"{large / small:.2f}")
                results.append({"backlog": backlog.name, "way": way, "ms": [small, large]})
        rates = throughput()
    console.print(table)
    console.print(
        f"Claim and complete, one by one: {rates['single']:,.0f} jobs/s; {BATCH} a claim: {rates['batch']:,.0f}"
    )
    return {"sizes": SIZES, "claims": results, "jobs_per_second": rates}


@contextmanager
def scratch_database(scratch: str = SCRATCH) -> Iterator[None]:
    """Point Django's connection at a migrated database of its own."""
    name = connection.settings_dict["NAME"]
    with connection.cursor() as cursor:
        cursor.execute(f"DROP DATABASE IF EXISTS {scratch}")
        cursor.execute(f"CREATE DATABASE {scratch}")
    connection.close()
    connection.settings_dict["NAME"] = scratch
    try:
        call_command("migrate", verbosity=0, skip_checks=True)
        yield
    finally:
        connection.close()
        connection.settings_dict["NAME"] = name
        with connection.cursor() as cursor:
            cursor.execute(f"DROP DATABASE {scratch}")


def measure(backlog: Backlog, size: int, console: Console) -> dict[str, float]:
    """Median milliseconds of a claim that finds a job behind `size` waiting rows, through both ways in."""
    ways: dict[str, Callable[[], Any]] = {
        "select_for_update": lambda: claims.claim_jobs("adam", job_types=TYPES),
        "gh_pickup_next_job": pick_up,
    }
    with console.status(f"{backlog.name}, {size:,} rows"):
        fill(backlog, size, wanted=CLAIMS * len(ways))
        return {
            way: statistics.median(timed(claim_one) for _ in range(CLAIMS)) * 1_000
            for way, claim_one in ways.items()
        }


def fill(backlog: Backlog, size: int, *, wanted: int) -> None:
    insert = (
        "INSERT INTO gh_automation_jobs (job_type, target_url, target_worker_id, scheduled_at, priority) "
        "SELECT {it.kind}, {it.url}, {it.target}, {it.due}, {priority} FROM generate_series(1, {size}) n"
    )
    with connection.cursor() as cursor:
        cursor.execute("TRUNCATE gh_automation_jobs, gh_queue_pauses CASCADE")
        # A million rows are indexed in a fraction of the time once they are there.
        cursor.execute(
            "SELECT indexname, indexdef FROM pg_indexes "
            "WHERE tablename = 'gh_automation_jobs' AND indexdef NOT LIKE 'CREATE UNIQUE%'"
        )
        indexes = cursor.fetchall()
        cursor.execute("DROP INDEX " + ", ".join(name for name, _ in indexes))
        cursor.execute(insert.format(it=backlog, priority=1, size=size))
        cursor.execute(insert.format(it=Backlog("wanted"), priority=9, size=wanted))
        if backlog in BACKLOGS[-2:]:
            for statement in CLOSED:
                cursor.execute(statement)
        for _, definition in indexes:
            cursor.execute(definition)
        cursor.execute("VACUUM ANALYZE gh_automation_jobs")


def timed(call: Callable[[], Any]) -> float:
    began = time.perf_counter()
    if not call():
        raise RuntimeError("nothing was claimed: the backlog hides the jobs")
    return time.perf_counter() - began


def pick_up() -> list[Any]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT id FROM gh_pickup_next_job('adam')")
        return list(cursor.fetchall())


def throughput() -> dict[str, float]:
    """Jobs per second that one worker takes through their whole life, without a browser."""
    return {"single": rate(1, 500), "batch": rate(BATCH, 2_000)}


def rate(limit: int, jobs: int) -> float:
    fill(BACKLOGS[0], jobs, wanted=0)
    began = time.perf_counter()
    done = 0
    while done < jobs:
        for job in claims.claim_jobs("adam", job_types=TYPES, limit=limit):
            lifecycle.start(job.claim, engine_type="none")
            lifecycle.complete(job.claim, result_data={}, summary="Done")
            done += 1
    return done / (time.perf_counter() - began)
