"""Runners that are told from outside: to drain, to leave, to stop a job; and what sites know their users by."""

from __future__ import annotations

import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import httpx
import psycopg
import pytest
from cryptography.fernet import Fernet
from django.conf import settings as configured
from django.core.files.storage import default_storage
from django.db import connection, connections

from jobs import artifacts, credentials, registry
from jobs.models import Job, Worker
from tests.factories import USER, make_job
from tests.workers.guarded_site import guarded_site
from tests.workers.held_site import HeldSite, held_site
from tests.workers.processes import database_url, eventually, worker
from workers.runner import Limits, Runner

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

NAME, PASSWORD = "rosalind.okafor@example.com", "Tern-heron-4711"


@pytest.fixture(autouse=True)
def direct_url(settings: Any, tmp_path: Any) -> None:
    settings.DATABASE_DIRECT_URL = database_url()
    settings.GH_POLL_SECONDS = 0.5
    settings.GH_ENCRYPTION_KEYS = [Fernet.generate_key().decode()]
    settings.MEDIA_ROOT = str(tmp_path)


@pytest.fixture
def site() -> Iterator[HeldSite]:
    with held_site() as site:
        yield site


@contextmanager
def meanwhile(act: Callable[[], None]) -> Iterator[None]:
    """Run `act` in a thread beside the runner; what it raises fails the test."""
    faults: list[BaseException] = []

    def run() -> None:
        try:
            act()
        except BaseException as fault:
            faults.append(fault)
        finally:
            connections.close_all()

    thread = threading.Thread(target=run)
    thread.start()
    yield
    thread.join()
    assert faults == []


def status_of(job: Job) -> str:
    return str(Job.objects.values_list("status", flat=True).get(id=job.id))


def test_a_drained_runner_claims_nothing_until_it_is_let(site: HeldSite) -> None:
    runner = Runner("adam", Limits(max_jobs=2))
    jobs: list[Job] = []

    def command() -> None:
        eventually(lambda: runner.condition().since_heartbeat is not None, "the first heartbeat")
        registry.ask_to_drain("adam")
        eventually(lambda: runner.condition().is_draining, "hearing of the order")
        jobs.append(make_job(job_type="scrape", target_url=f"{site.url}/page", input_data={}))
        seen = Worker.objects.get(worker_id="adam").last_heartbeat
        eventually(lambda: Worker.objects.get(worker_id="adam").last_heartbeat > seen, "another heartbeat")
        assert Worker.objects.get(worker_id="adam").status == "draining"
        assert status_of(jobs[0]) == "pending"
        registry.let_work("adam")
        eventually(lambda: status_of(jobs[0]) == "completed", "the job")
        registry.deregister("adam", jobs_end_in=None)
        eventually(lambda: runner.condition().is_draining, "hearing of the end")
        jobs.append(make_job(job_type="scrape", target_url=f"{site.url}/page", input_data={}))
        runner.mailbox.post(runner.drain)

    with meanwhile(command):
        assert runner.run() is True
    assert status_of(jobs[1]) == "pending"


def test_a_notification_alone_cancels_a_running_job(site: HeldSite) -> None:
    job = make_job(job_type="scrape", target_url=f"{site.url}/held", input_data={})

    def notify() -> None:
        assert site.arrived.wait(60)
        with psycopg.connect(database_url(), autocommit=True) as other:
            other.execute("SELECT pg_notify(%s, '')", [f"gh_job_cancel_{job.id}"])

    with meanwhile(notify):
        assert Runner("adam", Limits(max_jobs=1)).run() is True
    assert status_of(job) == "cancelled"
    assert site.left.is_set()


def test_a_user_signs_in_once_and_the_next_job_finds_the_session(settings: Any) -> None:
    person = {"user_data": {"first_name": "Rosalind", "last_name": "Okafor", "email": NAME}}
    with guarded_site(NAME, PASSWORD) as guarded:
        credentials.put(USER, "127.0.0.1", username=NAME, password=PASSWORD)
        jobs = [
            make_job(target_url=guarded.url("posting"), input_data=person, user_id=USER) for _ in range(2)
        ]
        assert Runner("adam", Limits(max_jobs=2)).run() is True

        assert [status_of(job) for job in jobs] == ["completed", "completed"]
        assert guarded.tries == [(NAME, PASSWORD)]
        assert [sent.get("visit", "") for sent in guarded.applications] == ["", "again"]
    kinds = [[event.event_type for event in job.events.all()] for job in jobs]
    assert [("session_restored" in kind, "session_saved" in kind) for kind in kinds] == [
        (False, True),
        (True, False),
    ]
    assert "credential_injection_succeeded" in kinds[0]
    assert "credential_injection_attempted" not in kinds[1]
    assert secrets_in_the_database_and_files() == []


def secrets_in_the_database_and_files() -> list[str]:
    """Look for the password, and for the cookie that the site gave, wherever anything is kept."""
    found = []
    with connection.cursor() as cursor:
        cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = current_schema()")
        for (table,) in cursor.fetchall():
            cursor.execute(f'SELECT count(*) FROM "{table}" t WHERE t::text ~ %s', [f"{PASSWORD}|let-me-in"])
            found += [table] if cursor.fetchone()[0] else []
    for job in Job.objects.all():
        for name in [*job.screenshot_urls, *job.artifact_urls]:
            content = artifacts.read(name) or b""
            with default_storage.open(name) as kept:
                content += kept.read()
            found += [name] if PASSWORD.encode() in content else []
    return found


@pytest.mark.process
def test_a_worker_process_answers_at_its_port_and_drains(site: HeldSite) -> None:
    with worker("adam", "--status-port=0") as process:
        eventually(lambda: "Status at " in process.output(), "the status server")
        base = process.output().partition("Status at ")[2].partition("/worker/status")[0]

        def get(path: str) -> tuple[int, Any]:
            answer = httpx.get(base + path, timeout=10, trust_env=False)
            return answer.status_code, answer.json()

        eventually(lambda: get("/readyz")[0] == 200, "the first heartbeat")
        assert get("/livez")[0] == 200
        assert get("/worker/status")[1]["worker_id"] == "adam"
        job = make_job(job_type="scrape", target_url=f"{site.url}/held", input_data={})
        assert site.arrived.wait(60)
        assert get("/worker/health") == (503, {"status": "busy", "active_jobs": 1, "deploy_safe": False})
        key = {"X-GH-Service-Key": configured.GH_SERVICE_SECRET}
        assert httpx.post(f"{base}/worker/drain", timeout=10, trust_env=False).status_code == 401
        drained = httpx.post(f"{base}/worker/drain", headers=key, timeout=10, trust_env=False)
        assert drained.json() == {"status": "draining", "active_jobs": 1, "worker_id": "adam"}
        site.let_go()
        eventually(lambda: status_of(job) == "completed", "the running job's end")
        eventually(lambda: bool(get("/worker/health")[1]["deploy_safe"]), "an empty worker")
        assert get("/worker/health")[1]["status"] == "draining"
        assert Worker.objects.get(worker_id="adam").drain_requested_at is not None
        process.signal(signal.SIGTERM)
        assert process.exit_code() == 0
