"""What the database tells whoever listens: ids and what a worker needs to know, never anything personal."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import psycopg
import pytest
from django.db import connection

from jobs import lifecycle
from jobs.models import Job
from tests.factories import USER, make_job
from tests.workers.processes import database_url

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def ears() -> Iterator[psycopg.Connection[Any]]:
    with psycopg.connect(database_url(), autocommit=True) as ears:
        ears.execute("LISTEN gh_job_created")
        yield ears


def heard(ears: psycopg.Connection[Any]) -> dict[str, Any]:
    [notification] = ears.notifies(timeout=30, stop_after=1)
    found: dict[str, Any] = json.loads(notification.payload)
    return found


def test_a_job_that_waits_is_told_of_whoever_put_it_there(ears: psycopg.Connection[Any]) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO gh_automation_jobs (user_id, job_type, target_url, status, priority)"
            " VALUES (%s, 'apply', 'https://jobs.example.com/1', 'queued', 2)",
            [USER],
        )
    inserted = Job.objects.get()
    facts = {"job_type": "apply", "priority": 2, "user_id": str(USER)}
    assert heard(ears) == {"id": str(inserted.id), **facts}

    failed = make_job("failed", priority=2, user_id=USER)
    heard(ears)
    lifecycle.retry(failed.id, actor="service")
    assert heard(ears) == {"id": str(failed.id), **facts}
