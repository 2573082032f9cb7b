"""How long the console's pages take, and how many queries, with 1,000,000 jobs and 5,000,000 events.

Builds a scratch database beside the configured one and drops it again.
"""

from __future__ import annotations

import itertools
import statistics
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import quote

from django.contrib.auth.models import Group, User
from django.db import connection
from django.test import Client
from rich.console import Console
from rich.table import Table

from bench.claims import scratch_database
from jobs import registry
from jobs.models import Job

JOBS = 1_000_000
EVENTS_EACH = 5
ROUNDS = 15
LIST = "/admin/jobs/job/"

# A busy installation after two months: most jobs are done, 49,000 wait, a thousand are at work or with a person.
_JOBS = """
INSERT INTO gh_automation_jobs (
    job_type, target_url, task_description, input_data, status, status_message, priority, tags, user_id,
    valet_task_id, target_worker_id, worker_id, attempt, retry_count, error_code, error_details, result_data,
    interaction_type, created_at, updated_at, started_at, completed_at, paused_at, last_heartbeat
)
SELECT
    (ARRAY['apply','apply','apply','apply','apply','apply','apply','scrape','fill_form','custom'])[1 + i %% 10],
    'https://careers-' || i %% 2000 || '.example.com/jobs/' || i,
    'Apply to posting ' || i || ' in ' || (ARRAY['Berlin', 'Paris', 'Oslo', 'Rome'])[1 + i %% 4],
    jsonb_build_object('user_data', jsonb_build_object('first_name', 'Test', 'email', 'test' || i || '@example.com')),
    status, 'Page 3 of 5', 1 + i %% 9,
    ARRAY['campaign-' || i %% 50, (ARRAY['eu', 'us'])[1 + i %% 2]],
    md5((i %% 20000)::text)::uuid, 'task-' || i / 2,
    CASE WHEN i %% 3 = 0 THEN 'worker-' || i %% 40 END,
    CASE WHEN status <> 'pending' THEN 'worker-' || i %% 40 END,
    1, i %% 3,
    CASE WHEN status = 'failed' THEN
        (ARRAY['timeout', 'element_not_found', 'network_error', 'captcha_blocked', 'posting_closed'])[1 + i %% 5] END,
    CASE WHEN status = 'failed' THEN jsonb_build_object('message',
        'Gave up after ' || i %% 90 || ' s at step ' || i %% 7
        || CASE i %% 4 WHEN 0 THEN ' of the form' WHEN 1 THEN ' of the log-in' ELSE '' END) END,
    CASE WHEN status = 'completed' THEN jsonb_build_object('confirmation_id', 'C-' || i) END,
    CASE WHEN status = 'paused' THEN 'captcha' END,
    at, at,
    CASE WHEN status <> 'pending' THEN at + interval '20 seconds' END,
    CASE WHEN status IN ('completed', 'failed', 'cancelled', 'expired')
        THEN at + make_interval(secs => 30 + i %% 200) END,
    CASE WHEN status = 'paused' THEN at + interval '1 minute' END,
    CASE WHEN status = 'running' THEN now() END
FROM (
    SELECT i, now() - make_interval(secs => i * 5.2) AS at, CASE
        WHEN i %% 1000 < 880 THEN 'completed' WHEN i %% 1000 < 930 THEN 'failed' WHEN i %% 1000 < 945 THEN 'cancelled'
        WHEN i %% 1000 < 950 THEN 'expired' WHEN i %% 1000 < 999 THEN 'pending'
        ELSE (ARRAY['running', 'paused', 'queued'])[1 + (i / 1000) %% 3] END AS status
    FROM generate_series(1, %s) AS i
) AS drawn
"""
_EVENTS = """
INSERT INTO gh_job_events (job_id, event_type, from_status, to_status, message, metadata, actor, created_at)
SELECT id, (ARRAY['status_change', 'job_started', 'progress_update', 'screenshot', 'status_change'])[step],
    NULL, CASE WHEN step = 1 THEN 'queued' WHEN step = 5 THEN status END, 'Step ' || step,
    CASE WHEN step = 3 THEN '{"progress_pct": 40, "step": "contact"}'::jsonb ELSE '{}' END,
    'worker:worker-1', created_at + make_interval(secs => step * 5)
FROM gh_automation_jobs, generate_series(1, %s) AS step
"""


def run(console: Console) -> dict[str, Any]:
    """Measure every page, filter and search."""
    table = Table(title=f"Console, {JOBS:,} jobs, {JOBS * EVENTS_EACH:,} events (ms)", title_justify="left")
    for heading in ("page", "median", "worst", "queries"):
        table.add_column(heading, justify="left" if heading == "page" else "right")
    results = []
    with scratch_database("gh_bench_console"):
        with console.status("filling the database"):
            began = time.perf_counter()
            fill()
            console.print(f"Filled in {time.perf_counter() - began:.0f} s.")
        client = operator()
        for name, address in pages().items():
            median, worst, queries = measure(client, address)
            table.add_row(name, f"{median:.0f}", f"{worst:.0f}", str(queries))
            results.append({"page": name, "median_ms": median, "worst_ms": worst, "queries": queries})
    console.print(table)
    return {"jobs": JOBS, "events": JOBS * EVENTS_EACH, "pages": results}


def fill() -> None:
    """Write all rows without indexes, then build those."""
    with connection.cursor() as cursor:
        for table, insert, number in (
            ("gh_automation_jobs", _JOBS, JOBS),
            ("gh_job_events", _EVENTS, EVENTS_EACH),
        ):
            cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
            with without_indexes(table):
                cursor.execute(insert, [number])
            cursor.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER")
            cursor.execute(f"VACUUM ANALYZE {table}")
    for number in range(40):
        registry.register(f"worker-{number}")


@contextmanager
def without_indexes(table: str) -> Iterator[None]:
    """Drop the indexes that are no constraints, and build them again afterwards."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT indexname, indexdef FROM pg_indexes WHERE tablename = %s AND NOT EXISTS "
            "(SELECT FROM pg_constraint WHERE conname = indexname)",
            [table],
        )
        indexes = cursor.fetchall()
        for name, _ in indexes:
            cursor.execute(f'DROP INDEX "{name}"')
        yield
        cursor.execute("SET maintenance_work_mem = '256MB'")
        for _, definition in indexes:
            cursor.execute(definition)


def operator() -> Client:
    """Sign in somebody with the roles' permissions, which cost queries a superuser saves."""
    user = User.objects.create_user("olga", password="bench", is_staff=True)
    user.groups.set(Group.objects.filter(name="operator"))
    client = Client(SERVER_NAME="localhost")
    client.force_login(user)
    return client


def pages() -> dict[str, str]:
    """Name each page to measure; its address."""
    newest = Job.objects.order_by("-created_at")
    failed = newest.filter(status="failed").values_list("error_fingerprint", "user_id")[0]
    old = newest[900_000]
    filters = {
        **{
            f"tab {name}": f"status={name}" for name in ("pending", "running", "human", "completed", "failed")
        },
        "type": "type=custom",
        "type, failed": "type=custom&status=failed",
        "target": "target=worker-9",
        "worker": "worker=worker-7",
        "worker, error": "worker=worker-7&error=captcha_blocked",
        "error": "error=timeout",
        "one failure": f"status=failed&failure={failed[0]}",
        "tag": "tag=campaign-7",
        "common tag": "tag=eu&status=failed",
        "unknown tag": "tag=nothing",
        "last 24 hours": "since=24h",
        "host": "host=careers-77.example.com",
        "task": "task=task-4242",
        "user": f"user={failed[1]}",
        "search id": f"q={str(old.id)[:6]}",
        "search host": "q=careers-77.example.com",
        "search task": "q=task-4242",
        "search words": "q=in+Oslo",
        "search nothing": "q=no+such+words",
        "page 18,000": f"older={quote(f'{old.created_at.isoformat()}~{old.id}')}",
    }
    found = {"dashboard": "/admin/", "list": LIST, "workers": "/admin/jobs/worker/"}
    found |= {f"list: {name}": f"{LIST}?{query}" for name, query in filters.items()}
    for status in ("pending", "running", "paused", "completed", "failed"):
        found[f"job page: {status}"] = f"{LIST}{newest.filter(status=status)[7].id}/change/"
    return found


def measure(client: Client, address: str) -> tuple[float, float, int]:
    """Give median and worst milliseconds, and the number of queries."""
    queries = itertools.count()

    def counted(execute: Any, *asked: Any) -> Any:
        next(queries)
        return execute(*asked)

    with connection.execute_wrapper(counted):
        load(client, address)
    times = [load(client, address) for _ in range(ROUNDS)]
    return statistics.median(times), max(times), next(queries)


def load(client: Client, address: str) -> float:
    began = time.perf_counter()
    answer = client.get(address)
    if answer.status_code != 200:
        raise RuntimeError(f"{address} answered {answer.status_code}")
    return (time.perf_counter() - began) * 1000
