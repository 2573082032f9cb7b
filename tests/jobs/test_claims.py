"""The claim: who gets what, in which order, at what cost, and never twice."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import psycopg
import pytest
from django.db import connection, connections, transaction
from django.db.models.functions import Now

from jobs import claims, lifecycle
from jobs.models import Claim, Job
from tests.factories import claim_of, make_job

TYPES = ["apply", "scrape", "fill_form", "custom"]


def claim_by_orm(worker_id: str) -> list[str]:
    return [job.target_url for job in claims.claim_jobs(worker_id, job_types=TYPES)]


def claim_by_function(worker_id: str) -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT target_url FROM gh_pickup_next_job(%s)", [worker_id])
        return [url for (url,) in cursor.fetchall()]


both_ways = pytest.mark.parametrize("claim_one", [claim_by_orm, claim_by_function], ids=["orm", "sql"])
ClaimOne = Callable[[str], list[str]]


def drain(claim_one: ClaimOne, worker_id: str) -> list[str]:
    order: list[str] = []
    while claimed := claim_one(worker_id):
        order += claimed
    return order


# ---- One meaning, two ways in


@both_ways
@pytest.mark.django_db
def test_a_worker_takes_its_own_and_shared_jobs_best_first(claim_one: ClaimOne) -> None:
    now = Now()
    rows: list[dict[str, Any]] = [
        {"target_url": "shared-5-old", "created_at": now - timedelta(hours=2)},
        {"target_url": "adam-5", "target_worker_id": "adam", "created_at": now - timedelta(hours=1)},
        {"target_url": "shared-1", "priority": 1},
        {"target_url": "sarah-1", "priority": 1, "target_worker_id": "sarah"},
        {"target_url": "adam-9", "priority": 9, "target_worker_id": "adam"},
        {"target_url": "later", "priority": 1, "scheduled_at": now + timedelta(hours=1)},
        {"target_url": "due-2", "priority": 2, "scheduled_at": now - timedelta(minutes=1)},
        {"target_url": "due-sarah", "target_worker_id": "sarah", "scheduled_at": now - timedelta(minutes=1)},
        {"target_url": "sarah-any", "priority": 3, "target_worker_id": "sarah", "worker_affinity": "any"},
        {"target_url": "sarah-strict", "target_worker_id": "sarah", "worker_affinity": "strict"},
        {"target_url": "valet-queued", "priority": 4, "status": "queued", "worker_id": None},
    ]
    for row in rows:
        make_job(**row)
    make_job("queued", worker_id="sarah")
    make_job("running")
    make_job("completed")
    assert drain(claim_one, "adam") == [
        "shared-1",
        "due-2",
        "sarah-any",
        "valet-queued",
        "shared-5-old",
        "adam-5",
        "adam-9",
    ]
    assert sorted(drain(claim_one, "sarah")) == ["due-sarah", "sarah-1", "sarah-strict"]


@both_ways
@pytest.mark.django_db
def test_a_claim_fences_and_tells_the_history(claim_one: ClaimOne) -> None:
    job = make_job(attempt=3)
    claim_one("adam")
    job.refresh_from_db()
    assert (job.status, job.worker_id, job.attempt) == ("queued", "adam", 4)
    assert job.last_heartbeat is not None
    assert job.execution_attempt_id is not None
    event = job.events.get()
    assert (event.event_type, event.from_status, event.to_status) == ("status_change", "pending", "queued")
    assert (event.actor, event.metadata) == ("worker:adam", {"action": "claim", "attempt": 4})


@both_ways
@pytest.mark.django_db
def test_a_rescheduled_job_waits_although_it_was_due_before(claim_one: ClaimOne) -> None:
    make_job(is_due=True, scheduled_at=Now() + timedelta(minutes=1))
    assert claim_one("adam") == []


@pytest.mark.django_db
def test_only_types_with_a_handler_are_claimed() -> None:
    make_job(job_type="translate")
    job = make_job(job_type="scrape")
    assert [found.id for found in claims.claim_jobs("adam", job_types=TYPES, limit=5)] == [job.id]


@pytest.mark.django_db
def test_several_are_claimed_at_once_in_order() -> None:
    urls = [f"n{n}" for n in range(5)]
    for place, url in enumerate(urls):
        make_job(target_url=url, created_at=Now() - timedelta(minutes=10 - place))
    claimed = claims.claim_jobs("adam", job_types=TYPES, limit=3)
    assert [job.target_url for job in claimed] == urls[:3]
    assert claims.claim_jobs("adam", job_types=TYPES, limit=0) == []


# ---- Leases


@pytest.mark.django_db
def test_renewing_finds_the_claims_that_no_longer_hold() -> None:
    mine, cancelled, stolen = make_job("running"), make_job("running"), make_job("running")
    held = [claim_of(job) for job in (mine, cancelled, stolen)]
    Job.objects.update(last_heartbeat=Now() - timedelta(minutes=1))
    lifecycle.cancel(cancelled.id, actor="service")
    Job.objects.filter(id=stolen.id).update(attempt=2)
    assert claims.renew_leases("adam", held) == set(held[1:])
    mine.refresh_from_db()
    assert mine.last_heartbeat is not None
    assert not Job.objects.stale().filter(id=mine.id).exists()
    assert claims.renew_leases("adam", []) == set()


@pytest.mark.django_db
def test_a_lease_is_not_renewed_for_another_attempt() -> None:
    job = make_job("running", attempt=2)
    Job.objects.update(last_heartbeat=Now() - timedelta(minutes=10))
    assert claims.renew_leases("adam", [Claim(job.id, "adam", 1)]) == {Claim(job.id, "adam", 1)}
    assert Job.objects.stale().filter(id=job.id).exists()


# ---- Races, on connections of their own


@both_ways
@pytest.mark.django_db(transaction=True)
def test_a_row_that_another_is_taking_is_skipped(claim_one: ClaimOne) -> None:
    first = make_job(target_url="first", priority=1)
    make_job(target_url="second")
    with psycopg.connect(**connection.get_connection_params() | {"cursor_factory": psycopg.Cursor}) as other:
        other.execute("SELECT 1 FROM gh_automation_jobs WHERE id = %s FOR UPDATE", [first.id])
        assert claim_one("adam") == ["second"]
        assert claim_one("adam") == []
        other.rollback()
        assert claim_one("adam") == ["first"]


@pytest.mark.django_db(transaction=True)
def test_many_claimers_of_both_kinds_take_every_job_once() -> None:
    jobs_each = 40
    for number in range(jobs_each):
        make_job(target_url=f"shared-{number}")
        make_job(target_url=f"adam-{number}", target_worker_id="adam")
        make_job(target_url=f"sarah-{number}", target_worker_id="sarah")
    taken: list[tuple[str, str]] = []
    start = threading.Barrier(6)

    def work(worker_id: str, claim_one: ClaimOne) -> None:
        start.wait()
        try:
            misses = 0
            while misses < 20:
                claimed = claim_one(worker_id)
                taken.extend((worker_id, url) for url in claimed)
                misses = 0 if claimed else misses + 1
        finally:
            connections.close_all()

    crew = [("adam", claim_by_orm), ("sarah", claim_by_orm), ("adam", claim_by_function)]
    threads = [threading.Thread(target=work, args=member) for member in crew * 2]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert Counter(url for _, url in taken) == {
        f"{kind}-{number}": 1 for kind in ("shared", "adam", "sarah") for number in range(jobs_each)
    }
    assert all(url.startswith(("shared", worker_id)) for worker_id, url in taken)
    assert set(Job.objects.values_list("attempt", flat=True)) == {1}


# ---- Cost


@pytest.fixture
def backlog(db: Any) -> None:
    """Many rows that a claimer must not pay for: aimed at others, not due, or done long ago."""
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO gh_automation_jobs (job_type, target_url, target_worker_id, scheduled_at, priority) "
            "SELECT 'apply', 'x', CASE WHEN n % 2 = 0 THEN 'sarah' END, "
            "CASE WHEN n % 2 = 1 THEN now() + interval '1 day' END, 1 FROM generate_series(1, 20000) n"
        )
        cursor.execute(
            "INSERT INTO gh_automation_jobs (job_type, target_url, target_worker_id, status) "
            "SELECT 'apply', 'x', 'adam', 'completed' FROM generate_series(1, 10000)"
        )
        cursor.execute("ANALYZE gh_automation_jobs")


@pytest.mark.parametrize("kind", ["shared", "targeted"])
@pytest.mark.django_db
@pytest.mark.usefixtures("backlog")
def test_the_claims_probes_read_their_index_in_order(kind: str) -> None:
    """No sort, no sequential scan, and not a row of the backlog touched."""
    job = make_job(target_worker_id="adam" if kind == "targeted" else None, priority=9)
    with transaction.atomic(), CapturedQueries() as captured:
        assert [found.id for found in claims.claim_jobs("adam", job_types=TYPES)] == [job.id]
    probes = [sql for sql in captured.statements if "SKIP LOCKED" in sql and '"priority" ASC' in sql]
    targeted, shared = probes
    probe = targeted if kind == "targeted" else shared
    plan = explain(probe)
    assert f"gh_jobs_claim_{kind}" in plan
    assert "Sort" not in plan
    assert "Seq Scan" not in plan


class CapturedQueries:
    """The statements that Django sends, as they were sent."""

    def __init__(self) -> None:
        self.statements: list[str] = []

    def __enter__(self) -> CapturedQueries:
        connection.force_debug_cursor = True
        self._from = len(connection.queries_log)
        return self

    def __exit__(self, *args: object) -> None:
        connection.force_debug_cursor = False
        self.statements = [query["sql"] for query in list(connection.queries_log)[self._from :]]


def explain(sql: str) -> str:
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN {sql}")
        return "\n".join(line for (line,) in cursor.fetchall())
