"""Rows that other programs write, and the reads that everything is built on."""

from __future__ import annotations

import uuid

import pytest
from django.db import IntegrityError, connection, transaction

from jobs import claims, lifecycle
from jobs.models import Job
from tests.factories import make_job

pytestmark = pytest.mark.django_db


def insert(columns: str, values: str) -> Job:
    with connection.cursor() as cursor:
        cursor.execute(f"INSERT INTO gh_automation_jobs ({columns}) VALUES ({values}) RETURNING id")
        return Job.objects.get(id=cursor.fetchone()[0])


def test_a_row_with_only_the_required_columns_runs_to_its_end() -> None:
    row = insert("job_type, target_url", "'apply', 'https://jobs.example.com/1'")
    assert (row.status, row.priority, row.max_retries, row.timeout_seconds) == ("pending", 5, 3, 300)
    assert (row.input_data, row.metadata, row.tags, row.screenshot_urls) == ({}, {}, [], [])
    assert (row.execution_mode, row.browser_mode, row.worker_affinity) == ("auto", "server", "preferred")
    [job] = claims.claim_jobs("adam", job_types=["apply"])
    lifecycle.start(job.claim, engine_type="scripted")
    assert lifecycle.complete(job.claim, result_data={}, summary="Done").status == "completed"


def test_a_row_as_valet_inserts_it_can_be_claimed_once() -> None:
    row = insert(
        "user_id, created_by, job_type, target_url, input_data, priority, max_retries, tags, metadata, "
        "callback_url, valet_task_id, status",
        "gen_random_uuid(), 'valet', 'apply', 'https://jobs.example.com/1', '{}', 5, 1, '{valet}', '{}', "
        "'https://valet.example.com/hook', 't-1', 'queued'",
    )
    assert [job.id for job in claims.claim_jobs("adam", job_types=["apply"])] == [row.id]
    assert claims.claim_jobs("sarah", job_types=["apply"]) == []


@pytest.mark.parametrize("status", ["needs_human", "awaiting_review"])
def test_valets_own_words_for_a_paused_job_can_be_cancelled(status: str) -> None:
    job = make_job(status)
    assert lifecycle.cancel(job.id, actor="service").status == "cancelled"


@pytest.mark.parametrize(
    ("columns", "values"),
    [
        ("job_type, target_url, status", "'apply', 'x', 'resting'"),
        ("job_type, target_url, priority", "'apply', 'x', 11"),
        ("job_type, target_url, max_retries", "'apply', 'x', -1"),
        ("job_type, target_url, timeout_seconds", "'apply', 'x', 0"),
    ],
)
def test_the_database_refuses_what_would_break_the_queue(columns: str, values: str) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        insert(columns, values)


def test_an_id_prefix_is_a_range() -> None:
    job = make_job(id=uuid.UUID("a23c728e-0000-4000-8000-000000000001"))
    make_job(id=uuid.UUID("a23d728e-0000-4000-8000-000000000002"))
    for prefix in ["a23c", "A23C", "a23c728e-0000", str(job.id)]:
        assert [found.id for found in Job.objects.with_id_prefix(prefix)] == [job.id]
    assert Job.objects.with_id_prefix("a23").count() == 2


@pytest.mark.parametrize("prefix", ["", "%", "zz", "a23c' OR 1=1", "-", "a" * 33, "\0"])
def test_what_is_no_prefix_finds_nothing(prefix: str) -> None:
    make_job()
    assert not Job.objects.with_id_prefix(prefix).exists()
