"""The runner in this process: what one claim round does, and what it says of runs that end in every way."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connections

from jobs import lifecycle
from jobs.models import Job, Worker
from tests.factories import make_job
from tests.workers.held_site import HeldSite, held_site
from tests.workers.processes import database_url
from workers.listener import NameTaken
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
