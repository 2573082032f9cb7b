"""The runner in this process: what one claim round does, and what it says of runs that end in every way."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import InterfaceError, OperationalError, connection, connections, transaction

from jobs import lifecycle
from jobs.models import Job, Worker
from jobs.states import Action
from tests.factories import make_job
from tests.workers.held_site import HeldSite, held_site
from tests.workers.processes import database_url
from workers.egress import EgressProxy
from workers.job_run import JobRun
from workers.listener import NameTaken
from workers.mailbox import Mailbox
from workers.resumes import ResumeSource
from workers.runner import Limits, Runner

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture(autouse=True)
def direct_url(settings: Any) -> None:
    """Let the listener use the tests' own database."""
    settings.DATABASE_DIRECT_URL = database_url()
    settings.GH_POLL_SECONDS = 0.5


@pytest.fixture
def site() -> Iterator[HeldSite]:
    with held_site() as site:
        yield site


def scrape(url: str, **fields: Any) -> Job:
    return make_job(job_type="scrape", target_url=url, input_data={}, **fields)


def test_once_runs_what_waits_and_ends(site: HeldSite) -> None:
    jobs = [scrape(f"{site.url}/{place}") for place in range(2)]
    later = scrape(f"{site.url}/later", target_worker_id="sarah")
    assert Runner("adam", Limits(concurrency=2, once=True)).run() is True
    for job in jobs:
        job.refresh_from_db()
        assert (job.status, job.worker_id, job.engine_type) == ("completed", "adam", "scripted")
        kinds = [event.event_type for event in job.events.all()]
        assert kinds[:3] == ["status_change", "status_change", "job_started"]
        assert kinds[-2:] == ["status_change", "job_completed"]
        assert "progress_update" in kinds
    later.refresh_from_db()
    assert later.status == "pending"
    worker = Worker.objects.get(worker_id="adam")
    assert (worker.status, worker.jobs_completed) == ("offline", 2)


def test_once_ends_when_nothing_waits() -> None:
    assert Runner("adam", Limits(once=True)).run() is True
    assert Worker.objects.get(worker_id="adam").status == "offline"


def test_a_failure_is_settled_by_its_code(site: HeldSite) -> None:
    down = scrape("http://127.0.0.1:9/")
    wrong = make_job(job_type="custom", target_url=f"{site.url}/page", input_data={"steps": "click"})
    assert Runner("adam", Limits(concurrency=2, once=True)).run() is True
    down.refresh_from_db()
    wrong.refresh_from_db()
    assert (down.status, down.error_code, down.retry_count) == ("pending", "network_error", 1)
    assert (wrong.status, wrong.error_code) == ("failed", "validation_error")
    assert wrong.error_details["field"] == "steps"
    assert Worker.objects.get(worker_id="adam").jobs_failed == 1, "what is tried again has not failed yet"


def test_draining_past_its_limit_gives_the_job_back(site: HeldSite) -> None:
    job = scrape(f"{site.url}/held")
    runner = Runner("adam", Limits(drain_seconds=0.1))
    stopper = threading.Thread(target=lambda: (site.arrived.wait(60), runner.mailbox.post(runner.drain)))
    stopper.start()
    assert runner.run() is False
    stopper.join()
    job.refresh_from_db()
    assert (job.status, job.worker_id) == ("pending", None)


def test_a_job_cancelled_meanwhile_is_left_alone(site: HeldSite) -> None:
    job = scrape(f"{site.url}/held")

    def cancel() -> None:
        try:
            site.arrived.wait(60)
            lifecycle.cancel(job.id, actor="service")
        finally:
            connections.close_all()

    canceller = threading.Thread(target=cancel)
    canceller.start()
    assert Runner("adam", Limits(max_jobs=1)).run() is True
    canceller.join()
    job.refresh_from_db()
    assert job.status == "cancelled"
    assert site.left.is_set()


def cancel_as_it_starts(job: Job, action: Action) -> None:
    """A transition listener: somebody cancels the job at the very moment its start is committed."""
    if action is Action.START:
        transaction.on_commit(lambda: lifecycle.cancel(job.id, actor="test"))


def test_a_job_cancelled_as_it_starts_does_not_harm_the_worker(site: HeldSite, settings: Any) -> None:
    settings.TRANSITION_LISTENERS = [f"{__name__}.cancel_as_it_starts"]
    job = scrape(f"{site.url}/page")
    assert Runner("adam", Limits(once=True)).run() is True
    job.refresh_from_db()
    assert (job.status, site.visits["/page"]) == ("cancelled", 0)


def test_a_job_that_comes_back_at_once_waits_for_its_own_end(site: HeldSite) -> None:
    job = scrape(f"{site.url}/held")

    def again() -> None:
        try:
            site.arrived.wait(60)
            lifecycle.cancel(job.id, actor="test")
            lifecycle.retry(job.id, actor="test")
            site.let_go()
        finally:
            connections.close_all()

    person = threading.Thread(target=again)
    person.start()
    assert Runner("adam", Limits(concurrency=2, max_jobs=2)).run() is True
    person.join()
    job.refresh_from_db()
    assert (job.status, job.attempt) == ("completed", 2)


def test_what_was_reported_while_the_database_was_away_is_told_later(tmp_path: Path) -> None:
    job = make_job("running")
    run = JobRun(job, mailbox=Mailbox(), resume=ResumeSource(tmp_path, ""), egress=EgressProxy([]))
    run.event("step_started", "One")
    with pytest.raises(OperationalError), connection.cursor() as cursor:
        cursor.execute("SELECT pg_terminate_backend(pg_backend_pid())")
    with pytest.raises((OperationalError, InterfaceError)):
        run.flush(everything=True)
    connection.close()
    run.event("step_completed", "Two")
    run.flush(everything=True)
    assert list(job.events.order_by("id").values_list("message", flat=True)) == ["One", "Two"]


def test_a_taken_name_is_refused_before_anything_is_claimed(site: HeldSite) -> None:
    job = scrape(f"{site.url}/held")
    runner = Runner("adam", Limits(max_jobs=1))
    refused: list[type[Exception]] = []

    def second() -> None:
        site.arrived.wait(60)
        try:
            Runner("adam", Limits(once=True)).run()
        except NameTaken as error:
            refused.append(type(error))
        finally:
            connections.close_all()
            site.let_go()

    thread = threading.Thread(target=second)
    thread.start()
    assert runner.run() is True
    thread.join()
    job.refresh_from_db()
    assert (refused, job.status, job.attempt) == ([NameTaken], "completed", 1)


@pytest.mark.parametrize("name", [" ", "a b", "-x", "x" * 101, "é"])
def test_the_command_refuses_odd_names(name: str) -> None:
    with pytest.raises(CommandError, match="--worker-id takes"):
        call_command("runworker", f"--worker-id={name}", "--once")


def test_the_command_needs_a_browser(settings: Any) -> None:
    settings.GH_CHROMIUM = "/nowhere/chromium"
    with pytest.raises(CommandError, match="GH_CHROMIUM"):
        call_command("runworker", "--worker-id=adam", "--once")
