"""Rows for tests, as real programs would leave them."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.apps import apps
from django.contrib.auth.models import Group, User
from django.db.models import F
from django.db.models.functions import Now

from jobs import roles
from jobs.models import Claim, Job
from jobs.states import CLAIMED, TERMINAL, Status

USER = UUID("00000000-0000-0000-0000-000000000001")
OTHER_USER = UUID("00000000-0000-0000-0000-000000000002")

PROFILE = {"first_name": "Test", "last_name": "User", "email": "test@example.com"}


def make_job(status: str = "pending", **fields: Any) -> Job:
    """Insert a job in `status` with what that status implies (a worker for claimed ones, times, an attempt)."""
    values: dict[str, Any] = {
        "job_type": "apply",
        "target_url": "https://jobs.example.com/1",
        "task_description": "Apply to the position",
        "input_data": {"user_data": PROFILE},
        "status": status,
    }
    if status in CLAIMED:
        values |= {"worker_id": "adam", "attempt": 1, "last_heartbeat": Now()}
    if status == Status.RUNNING or status in TERMINAL:
        values["started_at"] = Now()
    if status in TERMINAL:
        values["completed_at"] = Now()
    job = Job.objects.create(**values | fields)
    job.refresh_from_db()
    return job


def claim_of(job: Job) -> Claim:
    return Claim(job.id, job.worker_id or "", job.attempt)


def age_heartbeat(job: Job, interval: Any) -> None:
    """Date the job's last sign of life back by `interval`."""
    Job.objects.filter(id=job.id).update(last_heartbeat=F("last_heartbeat") - interval)


def make_person(role: str) -> User:
    """Make somebody of the console's staff, named after the role; the password is `secret`."""
    roles.grant(apps)
    user = User.objects.create_user(role, password="secret", is_staff=True)
    user.groups.add(Group.objects.get(name=role))
    return user
