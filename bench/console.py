"""How long the console's pages take, and how many queries, with 1,000,000 jobs and 5,000,000 events.

Beside them are 200,000 callbacks, log-ins, remembered answers and acts of operators. Builds a scratch database beside
the configured one and drops it again.
"""

from __future__ import annotations

import itertools
import statistics
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import quote

from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import Group, User
from django.db import connection
from django.test import Client
from rich.console import Console
from rich.table import Table

from bench.claims import scratch_database
from jobs import registry
from jobs.models import Job, QueuePause
from jobs.politeness import pause_queue

JOBS = 1_000_000
EVENTS_EACH = 5
KEPT = 200_000
USERS = 20_000
ROUNDS = 15
LIST = "/admin/jobs/job/"
CALLBACKS = "/admin/valet/callbackdelivery/"
# Of a long answer; what live pages ask for is the page itself once more.
CHUNKS_READ = 2
# What is asked for: an address, and the form that is posted to it.
Asked = tuple[str, dict[str, str] | None]

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
# What an installation keeps beside its jobs: a fifth of the callbacks waits or was given up.
_CALLBACKS = """
INSERT INTO gh_callback_deliveries (job_id, status, payload, attempts, next_attempt_at,
    delivered_at, dead_at, last_error)
SELECT id, CASE WHEN status IN ('failed', 'cancelled', 'expired') THEN status ELSE 'completed' END, '{}',
    1 + place %% 12, now() + make_interval(secs => place %% 3600),
    CASE WHEN place %% 5 <> 0 THEN created_at END, CASE WHEN place %% 10 = 0 THEN created_at END, 'answered 503'
FROM (SELECT id, status, created_at, row_number() OVER (ORDER BY created_at) AS place FROM gh_automation_jobs
      WHERE status NOT IN ('pending', 'queued', 'running') LIMIT %s) AS drawn
"""
_SESSIONS = """
INSERT INTO gh_browser_sessions (user_id, domain, session_data, encryption_key_id, expires_at)
SELECT md5((i %% %s)::text)::uuid, 'careers-' || i || '.example.com', repeat('x', 4000), 'k',
    now() + make_interval(mins => i)
FROM generate_series(1, %s) AS i
"""
_CREDENTIALS = """
INSERT INTO gh_credentials (user_id, site, sealed, encryption_key_id)
SELECT md5((i %% %s)::text)::uuid, 'careers-' || i || '.example.com', repeat('x', 200), 'k'
FROM generate_series(1, %s) AS i
"""
_ANSWERS = """
INSERT INTO gh_answer_memory (user_id, site, question, question_key, answer)
SELECT md5((i %% %s)::text)::uuid, 'careers-' || i || '.example.com', 'Question ' || i, 'question ' || i, 'Yes'
FROM generate_series(1, %s) AS i
"""
_ACTS = """
INSERT INTO django_admin_log (action_time, user_id, content_type_id, object_id, object_repr, action_flag,
    change_message)
SELECT now() - make_interval(secs => %s - i), (SELECT min(id) FROM auth_user),
    (SELECT id FROM django_content_type WHERE app_label = 'jobs' AND model = 'job'), i::text, 'apply', 2, 'Cancelled.'
FROM generate_series(1, %s) AS i
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
        client = administrator()
        keep()
        for name, (address, form) in [*pages().items(), *verbs().items()]:
            median, worst, queries = measure(client, address, form)
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
    for kind, value in ((QueuePause.Kind.TYPE, "custom"), (QueuePause.Kind.HOST, "careers-77.example.com")):
        pause_queue(kind, value, actor="admin:olga", reason="Asked to")


def keep() -> None:
    """Write what is kept beside the jobs."""
    kept = (
        ("gh_callback_deliveries", _CALLBACKS, [KEPT]),
        ("gh_browser_sessions", _SESSIONS, [USERS, KEPT]),
        ("gh_credentials", _CREDENTIALS, [USERS, KEPT]),
        ("gh_answer_memory", _ANSWERS, [USERS, KEPT]),
        (LogEntry._meta.db_table, _ACTS, [KEPT, KEPT]),
    )
    with connection.cursor() as cursor:
        for table, insert, numbers in kept:
            cursor.execute(insert, numbers)
            cursor.execute(f"VACUUM ANALYZE {table}")


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


def administrator() -> Client:
    """Sign in somebody with a role's permissions, which cost queries a superuser saves."""
    user = User.objects.create_user("olga", password="bench", is_staff=True)
    user.groups.set(Group.objects.filter(name="administrator"))
    client = Client(SERVER_NAME="localhost")
    client.force_login(user)
    return client


def pages() -> dict[str, Asked]:
    """Name each page to measure; its address."""
    newest = Job.objects.order_by("-created_at")
    failed = newest.filter(status="failed").values_list("error_fingerprint", "user_id")[0]
    old = newest[JOBS * 9 // 10]
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
    found["answer page"] = f"{LIST}{newest.filter(status='paused')[7].id}/attend/"
    found["export, first rows"] = f"{LIST}export/?type=apply"
    found |= callbacks(old) | data(str(failed[1]))
    return {name: (address, None) for name, address in found.items()}


def callbacks(old: Job) -> dict[str, str]:
    """Name the pages of callbacks."""
    tabs = {"waiting": "", "given up": "state=dead", "delivered": "state=delivered"}
    asked = {"": "", ", page 20": "page=20", ", says failed": "says=failed", ", says nothing": "says=resumed"}
    return {
        f"callbacks {tab}{name}": f"{CALLBACKS}?{state}&{query}"
        for tab, state in tabs.items()
        for name, query in {**asked, ", of a job": f"job={str(old.id)[:6]}"}.items()
    }


def data(user: str) -> dict[str, str]:
    """Name the pages of what is kept of users, and of who may come in."""
    kept = {"sessions": "browsersession", "credentials": "credential", "answers": "rememberedanswer"}
    asked = {
        "": "",
        ", of a user": f"?q={user}",
        ", of a site": "?q=careers-199999.",
        ", of nothing": "?q=nowhere",
    }
    found = {
        f"{name}{words}": f"/admin/jobs/{model}/{query}"
        for name, model in kept.items()
        for words, query in asked.items()
    }
    access = {"users": "auth/user/", "roles": "auth/group/", "service keys": "jobs/servicekey/"}
    return found | {name: f"/admin/{path}" for name, path in access.items()}


def verbs() -> dict[str, Asked]:
    """Name what a person is asked before many things are done; nothing is done here."""
    many, wide = {"every": "filter"}, quote("type=apply")
    return {
        "bulk preview: 700,000 match": (f"{LIST}bulk/cancel/?list={wide}", many),
        "bulk preview: a tag": (f"{LIST}bulk/retry/?list={quote('tag=eu&status=failed')}", many),
        "bulk send elsewhere": (f"{LIST}bulk/retarget/?list={quote('status=pending')}", many),
        "send callbacks again": (f"{CALLBACKS}send-again/?list={quote('state=dead')}", many),
        "deregister": ("/admin/jobs/worker/deregister/", {"worker": "worker-7"}),
    }


def measure(client: Client, address: str, form: dict[str, str] | None) -> tuple[float, float, int]:
    """Give median and worst milliseconds, and the number of queries, of a process that has shown the page before."""
    queries = itertools.count()

    def counted(execute: Any, *asked: Any) -> Any:
        next(queries)
        return execute(*asked)

    load(client, address, form)
    with connection.execute_wrapper(counted):
        load(client, address, form)
    times = [load(client, address, form) for _ in range(ROUNDS)]
    return statistics.median(times), max(times), next(queries)


def load(client: Client, address: str, form: dict[str, str] | None) -> float:
    began = time.perf_counter()
    answer = client.get(address) if form is None else client.post(address, form)
    if answer.status_code != 200:
        raise RuntimeError(f"{address} answered {answer.status_code}")
    if answer.streaming:
        # The headings, and the first rows.
        list(itertools.islice(answer, CHUNKS_READ))
    return (time.perf_counter() - began) * 1000
