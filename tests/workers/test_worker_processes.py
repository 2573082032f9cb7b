"""Workers as real processes with real browsers, killed, frozen, drained and raced."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import suppress
from datetime import timedelta
from signal import SIGCONT, SIGHUP, SIGINT, SIGSTOP, SIGTERM, Signals
from typing import Any

import psycopg
import pytest
from django.db import connection
from django.db.models.functions import Now

from jobs import lifecycle
from jobs.models import Job, JobEvent, Worker
from tests.factories import make_job
from tests.workers.held_site import HeldSite, held_site
from tests.workers.processes import database_url, eventually, worker

pytestmark = [
    pytest.mark.process,
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
]

LONG_AGO = timedelta(minutes=5)


@pytest.fixture
def site() -> Iterator[HeldSite]:
    with held_site() as site:
        yield site


def status_of(job: Job) -> str:
    return Job.objects.values_list("status", flat=True).get(id=job.id)


def lose_lease(job: Job) -> None:
    Job.objects.filter(id=job.id).update(last_heartbeat=Now() - LONG_AGO)


def held_job(site: HeldSite, **fields: Any) -> Job:
    return make_job(job_type="scrape", target_url=f"{site.url}/held", input_data={}, **fields)


def test_workers_take_their_own_and_shared_jobs_each_exactly_once(site: HeldSite) -> None:
    """Two workers, and a SQL caller of the pickup function, in the same race for the same jobs."""
    targets = {"adam": 8, "sarah": 8, None: 8}
    for target, number in targets.items():
        for place in range(number):
            make_job(
                job_type="scrape",
                target_url=f"{site.url}/{target}-{place}",
                target_worker_id=target,
                input_data={},
            )
    picked: list[tuple[Any, ...]] = []
    with worker("adam", "--concurrency=2"), worker("sarah", "--concurrency=2"):
        taker = threading.Thread(target=pick_some, args=(picked, 3))
        eventually(lambda: Job.objects.filter(status="completed").exists(), "the first completion")
        taker.start()
        waiting = Job.objects.filter(status__in=["pending", "running"])
        eventually(lambda: not taker.is_alive() and not waiting.exists(), "the end of all jobs")
        taker.join()
    taken = {url for (url,) in picked}
    assert all("/None-" in url for url in taken)
    assert set(Job.objects.values_list("status", flat=True)) == {"completed"}
    assert set(Job.objects.values_list("attempt", flat=True)) == {1}
    expected = Counter({f"/{t}-{n}": 1 for t, number in targets.items() for n in range(number)})
    for url in taken:
        del expected[url.removeprefix(site.url)]
    assert Counter({path: count for path, count in site.visits.items() if path != "/favicon.ico"}) == expected
    for name in ("adam", "sarah"):
        targeted = Job.objects.filter(target_worker_id=name)
        assert set(targeted.values_list("worker_id", flat=True)) == {name}


def pick_some(picked: list[tuple[Any, ...]], wanted: int) -> None:
    """Claim and finish some jobs as a worker in another language would, in SQL alone."""
    finish = "UPDATE gh_automation_jobs SET status = 'completed' WHERE id = %s RETURNING target_url"
    with psycopg.connect(database_url(), autocommit=True) as caller:
        while len(picked) < wanted:
            row = caller.execute("SELECT id FROM gh_pickup_next_job('elsewhere', 0)").fetchone()
            if row is None:
                return
            picked += caller.execute(finish, row).fetchall()


def test_a_killed_workers_job_finishes_on_another(site: HeldSite) -> None:
    job = held_job(site)
    with worker("adam") as adam:
        assert site.arrived.wait(60)
        adam.kill()
    lose_lease(job)
    site.let_go()
    with worker("sarah"):
        eventually(lambda: status_of(job) == "completed", "the completion by sarah")
    job.refresh_from_db()
    assert (job.worker_id, job.attempt, job.retry_count) == ("sarah", 2, 0)


def test_a_worker_that_wakes_after_its_job_was_rescued_changes_nothing(site: HeldSite) -> None:
    job = held_job(site)
    with worker("adam") as adam:
        assert site.arrived.wait(60)
        adam.signal(SIGSTOP)
        lose_lease(job)
        with worker("sarah"):
            eventually(lambda: site.visits["/held"] == 2, "sarah's visit")
            adam.signal(SIGCONT)
            eventually(site.left.is_set, "adam's leaving the page")
            site.let_go()
            eventually(lambda: status_of(job) == "completed", "the completion by sarah")
    job.refresh_from_db()
    assert (job.worker_id, job.attempt) == ("sarah", 2)
    after_rescue = JobEvent.objects.filter(job=job, actor="worker:adam", from_status="running")
    assert not after_rescue.exists()


@pytest.mark.parametrize("number", [SIGTERM, SIGHUP])
def test_the_first_signal_drains(site: HeldSite, number: Signals) -> None:
    job = held_job(site)
    later = make_job(job_type="scrape", target_url=f"{site.url}/page", priority=9, input_data={})
    with worker("adam") as adam:
        assert site.arrived.wait(60)
        adam.signal(number)
        eventually(lambda: "draining" in adam.output(), "the draining")
        site.let_go()
        assert adam.exit_code() == 0
    assert status_of(job) == "completed"
    assert status_of(later) == "pending"
    assert Worker.objects.get(worker_id="adam").status == "offline"


def test_the_second_signal_gives_everything_back(site: HeldSite) -> None:
    jobs = [held_job(site), held_job(site)]
    with worker("adam", "--concurrency=2") as adam:
        eventually(lambda: site.visits["/held"] == 2, "both visits")
        adam.signal(SIGINT)
        eventually(lambda: "draining" in adam.output(), "the draining")
        adam.signal(SIGINT)
        assert adam.exit_code() == 1
    for job in jobs:
        job.refresh_from_db()
        assert (job.status, job.worker_id) == ("pending", None)


def test_cancelling_closes_the_browsers_page(site: HeldSite) -> None:
    job = held_job(site)
    with worker("adam") as adam:
        assert site.arrived.wait(60)
        lifecycle.cancel(job.id, actor="service")
        assert site.left.wait(30)
        adam.signal(SIGTERM)
        assert adam.exit_code() == 0
    assert status_of(job) == "cancelled"


def test_a_worker_that_dies_while_the_form_is_sent_leaves_the_job_to_a_person(site: HeldSite) -> None:
    job = make_job(
        job_type="fill_form",
        target_url=f"{site.url}/form",
        input_data={"form_data": {"Email": "a@example.com"}},
    )
    with worker("adam") as adam:
        assert site.posted.wait(60)
        adam.kill()
    lose_lease(job)
    site.let_go()
    with worker("sarah"):
        eventually(lambda: status_of(job) != "running", "the rescue")
        eventually(lambda: Worker.objects.filter(worker_id="sarah").exists(), "sarah's start")
    job.refresh_from_db()
    assert (job.status, job.interaction_type) == ("paused", "verify_submission")
    assert site.visits["POST /send"] == 1


def test_a_worker_survives_the_loss_of_every_connection(site: HeldSite) -> None:
    job = held_job(site)
    with worker("adam") as adam:
        assert site.arrived.wait(60)
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
                "WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )
            assert len(cursor.fetchall()) >= 2
        site.let_go()
        eventually(lambda: status_of(job) == "completed", "the completion")
        later = make_job(job_type="scrape", target_url=f"{site.url}/page", input_data={})
        eventually(lambda: status_of(later) == "completed", "the next completion")
        assert "Traceback" not in adam.output()
    assert site.visits["/held"] == 1


def test_a_restarted_worker_takes_its_jobs_back_at_once(site: HeldSite) -> None:
    job = held_job(site)
    with worker("adam") as adam:
        assert site.arrived.wait(60)
        adam.kill()
    site.let_go()
    with worker("adam"):
        eventually(lambda: status_of(job) == "completed", "the completion")
    job.refresh_from_db()
    assert job.attempt == 2


def test_a_living_workers_name_is_taken() -> None:
    with worker("adam") as first:
        eventually(lambda: Worker.objects.filter(worker_id="adam").exists(), "the registration")
        with worker("adam") as second:
            assert second.exit_code() == 1
            assert "Another live worker is called 'adam'" in second.output()
            assert "is ready" not in second.output()
        with suppress(ValueError):
            first.signal(SIGTERM)
        assert first.exit_code() == 0


def test_max_jobs_ends_the_worker(site: HeldSite) -> None:
    for place in range(3):
        make_job(job_type="scrape", target_url=f"{site.url}/{place}", input_data={})
    with worker("adam", "--max-jobs=2", "--concurrency=2") as adam:
        assert adam.exit_code() == 0
    assert Counter(Job.objects.values_list("status", flat=True)) == {"completed": 2, "pending": 1}
