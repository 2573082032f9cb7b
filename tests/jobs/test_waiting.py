"""Why a job waits, as every face tells it."""

from __future__ import annotations

import io
import json
from typing import Any

import pytest
from django.core.management import call_command
from django.utils import timezone

from jobs import politeness, registry
from jobs.models import Job, QueuePause
from jobs.waiting import not_taken, why_waiting
from tests.factories import make_job

pytestmark = pytest.mark.django_db

APPLY = {"job_types": ["apply"]}


def why(job: Job) -> str:
    return " ".join(why_waiting(job, timezone.now()))


def test_nobody_takes_a_type_that_no_living_worker_names(settings: Any) -> None:
    registry.register("adam", metadata=APPLY)
    job = make_job(job_type="translate")
    assert why(job) == "No running worker takes jobs of type translate."
    assert why(make_job(job_type="translate", target_worker_id="adam")) == (
        "Only worker adam may take it, and that worker takes no jobs of type translate."
    )
    assert not_taken(["apply", "translate"]) == [
        "No running worker takes jobs of type translate: they wait until one does. They expire after 7 days."
    ]
    settings.GH_EXPIRE_DAYS = 0
    assert not_taken(["translate"])[0].endswith("until one does.")
    registry.register("elsewhere")  # a worker in another language names no types
    assert not_taken(["translate"]) == []
    registry.sign_off("elsewhere")
    registry.sign_off("adam")
    assert not_taken(["translate"]) == [], "a fleet that is scaled down takes it when it is back"


def test_a_full_site_and_one_kept_open_for_a_person_are_told(settings: Any) -> None:
    """A page that waits for a person is on the site as well: it holds one of the site's places."""
    settings.GH_JOBS_PER_HOST = 2
    registry.register("adam", metadata=APPLY)
    site = {"target_url": "https://jobs.example.com/7"}
    make_job("running", **site)
    waiting = make_job(**site)
    assert "at once" not in why(waiting)
    make_job("paused", worker_id="sarah", attended_until=timezone.now(), **site)
    assert why(waiting).startswith("2 jobs are at work on jobs.example.com, as many as may be at once.")
    assert politeness.admit([waiting], may_wait=True) == []


def test_the_command_line_tells_it() -> None:
    politeness.pause_queue(QueuePause.Kind.TYPE, "apply", actor="admin:olga", reason="calm down")
    job = make_job()
    shown = io.StringIO()
    call_command("job", "status", job.short_id, stdout=shown)
    assert "Jobs of type apply are paused" in shown.getvalue()
    assert "No worker is running. Start one: python manage.py runworker" in shown.getvalue()
    shown = io.StringIO()
    call_command("job", "status", job.short_id, "--json", stdout=shown)
    assert len(json.loads(shown.getvalue())["job"]["waits_for"]) == 2
    shown = io.StringIO()
    call_command("job", "status", make_job("running").short_id, "--json", stdout=shown)
    assert json.loads(shown.getvalue())["job"]["waits_for"] == []
