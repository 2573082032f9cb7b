"""The commands that let a developer try a worker."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from io import StringIO
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import call_command
from django.db import connection

from jobs import lifecycle, registry
from jobs.models import Job
from tests.factories import make_job
from tests.workers.processes import database_url, eventually


@pytest.mark.django_db
def test_submit_test_job_aims_an_application_at_the_worker(capsys: pytest.CaptureFixture[str]) -> None:
    call_command("submit_test_job", "--worker-id=adam", "--url=https://jobs.example.com/1", "--json")
    answer = json.loads(capsys.readouterr().out)
    job = Job.objects.get()
    assert answer == {"id": str(job.id), "status": "pending", "target_worker_id": "adam"}
    assert (job.job_type, job.target_worker_id) == ("apply", "adam")
    assert job.resume_ref is not None
    assert job.input_data["user_data"]["email"].endswith("@example.com")


@pytest.mark.django_db
def test_submit_test_job_prints_what_to_type_next(capsys: pytest.CaptureFixture[str]) -> None:
    call_command("submit_test_job", "--url=https://jobs.example.com/1")
    assert f"manage.py job logs {Job.objects.get().short_id}" in capsys.readouterr().out


@pytest.mark.django_db(transaction=True)
def test_waiting_for_a_busy_worker_says_so() -> None:
    registry.register("adam", metadata={"job_types": ["apply"]})
    held = make_job("running", worker_id="adam")
    shown = StringIO()

    def wait() -> int:
        try:
            call_command(
                "submit_test_job", worker_id="adam", url="https://jobs.example.com/1", wait=True, stdout=shown
            )
        except SystemExit as leaving:
            return int(leaving.code or 0)
        finally:
            connection.close()
        return 0

    with ThreadPoolExecutor() as threads:
        ended = threads.submit(wait)
        eventually(lambda: "Waiting:" in shown.getvalue() or ended.done(), "the word about waiting")
        lifecycle.cancel(Job.objects.exclude(id=held.id).get().id, actor="cli:test")
        assert ended.result(timeout=30) == 1
    sentence = f"It waits for worker adam to have a free slot; it has {held.short_id} (running)."
    assert shown.getvalue().count(sentence) == 1
    assert "job logs" in shown.getvalue()
    assert "job cancel" not in shown.getvalue()


@pytest.mark.process
@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
def test_test_worker_takes_an_application_to_its_end(tmp_path: Path) -> None:
    connection.close()
    tried = subprocess.run(
        [sys.executable, "manage.py", "test_worker", "--worker-id=adam"],
        cwd=settings.BASE_DIR,
        env={**os.environ, "DATABASE_URL": database_url(), "GH_DATA_DIR": str(tmp_path)},
        capture_output=True,
        text=True,
        timeout=240,
        check=False,
    )
    assert tried.returncode == 0, tried.stdout + tried.stderr
    job = Job.objects.get()
    assert (job.status, job.worker_id) == ("completed", "adam")
    assert f"manage.py job logs {job.short_id}" in tried.stdout
    assert not any(verb in tried.stdout for verb in ("job cancel", "job retry", "job resume"))
