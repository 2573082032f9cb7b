"""VALET opens the same database by itself: what it selects exists, what it writes breaks nothing.

Everything VALET does is written here as plain SQL. Source: CONTRACT section 14.
"""

from __future__ import annotations

from datetime import timedelta
from io import StringIO
from typing import Any
from uuid import UUID

import pytest
from django.core.management import call_command
from django.db import connection
from django.db.models.functions import Now
from django.test import Client
from rest_framework.test import APIClient

from jobs import claims, lifecycle, maintenance
from jobs.models import Job
from jobs.states import Status
from tests.factories import USER, claim_of, make_job

pytestmark = pytest.mark.django_db

TEXT, UUID_, INT, TIME, JSON = "text", "uuid", "integer", "timestamp with time zone", "jsonb"
# Column: its type; a "!" for what the database fills in when an insert leaves it out.
JOB_COLUMNS = {
    "id": "uuid!",
    "idempotency_key": TEXT,
    "user_id": UUID_,
    "created_by": "text!",
    "job_type": TEXT,
    "target_url": TEXT,
    "task_description": "text!",
    "input_data": "jsonb!",
    "priority": "integer!",
    "scheduled_at": TIME,
    "max_retries": "integer!",
    "retry_count": "integer!",
    "timeout_seconds": "integer!",
    "status": "character varying!",
    "status_message": TEXT,
    "started_at": TIME,
    "completed_at": TIME,
    "last_heartbeat": TIME,
    "worker_id": TEXT,
    "manual_id": UUID_,
    "engine_type": TEXT,
    "result_data": JSON,
    "result_summary": TEXT,
    "error_code": TEXT,
    "error_details": JSON,
    "screenshot_urls": "ARRAY!",
    "artifact_urls": "ARRAY!",
    "metadata": "jsonb!",
    "tags": "ARRAY!",
    "created_at": f"{TIME}!",
    "updated_at": f"{TIME}!",
    "callback_url": TEXT,
    "valet_task_id": TEXT,
    "target_worker_id": TEXT,
    "interaction_type": TEXT,
    "interaction_data": JSON,
    "paused_at": TIME,
    "execution_mode": "text!",
    "browser_mode": "text!",
    "final_mode": TEXT,
    "action_count": "integer!",
    "total_tokens": "bigint!",
    "llm_cost_cents": "double precision!",
    "execution_attempt_id": UUID_,
}
OTHER_TABLES = {
    "gh_job_events": {
        "id": "bigint",
        "job_id": UUID_,
        "event_type": TEXT,
        "from_status": "character varying",
        "to_status": "character varying",
        "message": TEXT,
        "metadata": "jsonb!",
        "actor": "text!",
        "created_at": f"{TIME}!",
    },
    "gh_browser_sessions": {
        "id": "uuid!",
        "user_id": UUID_,
        "domain": TEXT,
        "session_data": TEXT,
        "encryption_key_id": TEXT,
        "expires_at": TIME,
        "last_used_at": f"{TIME}!",
        "created_at": f"{TIME}!",
        "updated_at": f"{TIME}!",
    },
    "gh_worker_registry": {
        "worker_id": TEXT,
        "status": "text!",
        "ec2_instance_id": TEXT,
        "ec2_ip": TEXT,
        "current_job_id": UUID_,
        "last_heartbeat": f"{TIME}!",
        "registered_at": f"{TIME}!",
    },
}


def run(sql: str, *values: Any) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return cursor.fetchall() if cursor.description else []


def columns(table: str) -> dict[str, tuple[str, bool, bool]]:
    """Give each column's type, whether the database fills it in, and whether an insert must name it."""
    found = run(
        "SELECT column_name, data_type, column_default IS NOT NULL, is_nullable = 'NO' AND column_default IS NULL "
        "AND is_identity = 'NO' AND is_generated = 'NEVER' FROM information_schema.columns "
        "WHERE table_name = %s AND table_schema = 'public'",
        table,
    )
    return {name: (kind, is_filled, is_required) for name, kind, is_filled, is_required in found}


def insert_as_valet(*, status: str = "queued") -> Job:
    [(job_id,)] = run(
        "INSERT INTO gh_automation_jobs (user_id, created_by, job_type, target_url, input_data, priority, max_retries,"
        " tags, metadata, callback_url, valet_task_id, status) VALUES (%s, 'valet', 'apply',"
        " 'https://jobs.example.com/1', '{}', 5, 1, '{valet,apply}', '{}', 'https://valet.example.com/hook', 't-1', %s)"
        " RETURNING id",
        USER,
        status,
    )
    return Job.objects.get(id=job_id)


def mirror(job_id: UUID, status: str, **others: Any) -> None:
    """Write what VALET writes into the shared row when a callback arrives."""
    named = "".join(f", {name} = %s" for name in others)
    run(f"UPDATE gh_automation_jobs SET status = %s{named} WHERE id = %s", status, *others.values(), job_id)


# ---- What it selects


@pytest.mark.parametrize("table", ["gh_automation_jobs", *OTHER_TABLES])
def test_every_column_that_valet_selects_has_its_type_and_default(table: str) -> None:
    expected = {"gh_automation_jobs": JOB_COLUMNS, **OTHER_TABLES}[table]
    there = columns(table)
    told = {name: kind + "!" * is_filled for name, (kind, is_filled, _) in there.items() if name in expected}
    assert told == expected


def test_valet_knows_44_columns_and_an_insert_has_to_name_two() -> None:
    assert len(JOB_COLUMNS) == 44
    assert {name for name, (_, _, must) in columns("gh_automation_jobs").items() if must} == {
        "job_type",
        "target_url",
    }
    [(length,)] = run(
        "SELECT character_maximum_length FROM information_schema.columns "
        "WHERE table_name = 'gh_automation_jobs' AND column_name = 'status'"
    )
    assert length == 50


# ---- What it inserts


@pytest.mark.parametrize("status", ["pending", "queued"])
def test_an_inserted_row_is_claimed_once_and_runs(status: str) -> None:
    row = insert_as_valet(status=status)
    run(
        "INSERT INTO gh_job_events (job_id, event_type, from_status, to_status, message, metadata, actor) "
        "VALUES (%s, 'status_change', NULL, 'queued', 'Created', NULL, 'valet')",
        row.id,
    )
    [job] = claims.claim_jobs("adam", job_types=["apply"])
    assert claims.claim_jobs("sarah", job_types=["apply"]) == []
    lifecycle.start(job.claim, engine_type="scripted")
    assert lifecycle.complete(job.claim, result_data={}, summary="Done").status == "completed"
    assert row.id == job.id


@pytest.mark.parametrize("status", list(Status))
def test_every_status_that_valet_writes_is_shown_everywhere(
    status: Status, api: APIClient, admin_client: Client
) -> None:
    row = insert_as_valet()
    mirror(row.id, status.value)
    assert api.get(f"/api/v1/gh/jobs/{row.id}").json()["status"] == status
    assert api.get("/api/v1/gh/jobs", {"status": status.value}).json()["total"] == 1
    assert api.get(f"/api/v1/gh/valet/status/{row.id}").json()["status"] == status
    for verb in (["list"], ["status", str(row.id)]):
        shown = StringIO()
        call_command("job", *verb, stdout=shown)
        assert status.value in shown.getvalue()
    assert row.short_id in admin_client.get("/admin/jobs/job/").content.decode()
    assert admin_client.get(f"/admin/jobs/job/{row.id}/change/").status_code == 200


# ---- What it updates


@pytest.mark.parametrize("status", ["needs_human", "awaiting_review"])
def test_a_paused_job_in_valets_words_can_be_resumed_cancelled_and_expires(status: str) -> None:
    resumed, cancelled, expired = (make_job("paused", paused_at=Now()) for _ in range(3))
    for job in (resumed, cancelled, expired):
        mirror(job.id, status)
    assert (
        lifecycle.resume(resumed.id, actor="service", resolution=lifecycle.Resolution()).status == "pending"
    )
    assert lifecycle.cancel(cancelled.id, actor="service").status == "cancelled"
    Job.objects.filter(id=expired.id).update(paused_at=Now() - timedelta(days=30))
    assert [job.id for job in maintenance.expire_overdue_jobs()] == [expired.id]


@pytest.mark.parametrize("status", ["needs_human", "awaiting_review"])
def test_a_worker_whose_running_job_valet_sets_aside_can_change_nothing_more(status: str) -> None:
    job = make_job("running")
    mirror(job.id, status)
    with pytest.raises(lifecycle.LostClaim):
        lifecycle.complete(claim_of(job), result_data={}, summary="Done")
    assert claims.renew_leases("adam", [claim_of(job)]) == {claim_of(job)}
    assert claims.claim_jobs("sarah", job_types=["apply"]) == []


def test_a_mirrored_row_keeps_its_lease_and_its_worker_goes_on() -> None:
    """VALET repeats a callback into the row while the job runs: the words change, the claim holds."""
    job = make_job("running")
    mirror(job.id, "running", status_message="In progress", started_at="2026-01-01T00:00:00Z")
    assert claims.renew_leases("adam", [claim_of(job)]) == set()
    done = lifecycle.complete(claim_of(job), result_data={"a": 1}, summary="Done")
    mirror(
        job.id, "completed", result_data='{"a": 1}', llm_cost_cents=0.25, action_count=7, total_tokens=2**40
    )
    done.refresh_from_db()
    assert (done.status, done.total_tokens, done.llm_cost_cents) == ("completed", 2**40, 0.25)


@pytest.mark.parametrize(
    ("end", "then"),
    [("failed", None), ("cancelled", None), ("completed", "completed"), ("expired", "expired")],
)
def test_an_ended_row_set_back_to_queued_is_retried_as_far_as_the_verb_would(
    end: str, then: str | None
) -> None:
    job = make_job()
    [first] = claims.claim_jobs("adam", job_types=["apply"])
    if end == "expired":
        lifecycle.release(first.claim, message="Given back")
        lifecycle.expire(job.id, actor="system", message="Late")
    elif end == "cancelled":
        lifecycle.cancel(job.id, actor="service")
    else:
        lifecycle.start(first.claim, engine_type="scripted")
        if end == "failed":
            lifecycle.fail(first.claim, code="validation_error", message="No")
        else:
            lifecycle.complete(first.claim, result_data={"a": 1}, summary="Done")
    mirror(job.id, "queued", worker_id=None)
    [again] = claims.claim_jobs("sarah", job_types=["apply"])
    refused = lifecycle.refuse(again.claim)
    assert (refused and refused.status) == then
    if not refused:
        lifecycle.start(again.claim, engine_type="scripted")
        [rescued] = maintenance.rescue_jobs_of("sarah")
        assert (rescued.status, rescued.completed_at) == ("pending", None), "its old end is forgotten"


def completed_job() -> Job:
    job = make_job("running", callback_url="https://valet.example.com/hook")
    return lifecycle.complete(claim_of(job), result_data={"a": 1}, summary="Done")


@pytest.mark.parametrize("status", ["queued", "needs_human"])
def test_a_completed_job_never_expires_by_a_late_word_in_its_row(status: str) -> None:
    job = completed_job()
    mirror(job.id, status, worker_id=None)
    Job.objects.filter(id=job.id).update(
        created_at=Now() - timedelta(days=30), updated_at=Now() - timedelta(days=30)
    )
    assert [(one.id, one.status) for one in maintenance.expire_overdue_jobs()] == [(job.id, "completed")]
    assert list(job.callbacks.values_list("status", flat=True)) == ["completed"]


@pytest.mark.parametrize("status", ["running", "needs_human"])
def test_a_completed_job_is_not_cancelled_or_failed_by_a_late_word_in_its_row(status: str) -> None:
    job = completed_job()
    mirror(job.id, status)
    with pytest.raises(lifecycle.InvalidTransition, match="It had completed before"):
        lifecycle.cancel(job.id, actor="service")
    mirror(job.id, status)
    assert lifecycle.abandon(job.id, worker_id="adam", actor="admin:olga", message="Taken out") is None
    job.refresh_from_db()
    assert job.status == "completed"
    assert list(job.callbacks.values_list("status", flat=True)) == ["completed"]


def test_a_row_set_back_to_queued_whose_form_may_have_been_sent_waits_for_a_person() -> None:
    job = make_job("cancelled", submit_armed_at=Now())
    mirror(job.id, "queued", worker_id=None)
    [again] = claims.claim_jobs("sarah", job_types=["apply"])
    held = lifecycle.refuse(again.claim)
    assert held and (held.status, held.interaction_type) == ("paused", "verify_submission")


def test_rows_for_which_valet_says_running_without_a_worker_are_left_to_valet() -> None:
    job = insert_as_valet()
    mirror(job.id, "running")
    assert claims.claim_jobs("adam", job_types=["apply"]) == []
    assert maintenance.rescue_lost_jobs() == []
    assert lifecycle.cancel(job.id, actor="service").status == "cancelled"
