"""The `job` command as people and scripts run it: in a process of its own, on a terminal or in a pipe."""

from __future__ import annotations

import json
import os
import pty
import select
import signal
import subprocess
import sys
from datetime import timedelta

import pytest
from django.utils import timezone

from jobs import lifecycle
from jobs.models import Job, JobEvent
from tests.factories import claim_of, make_job
from tests.workers.processes import database_url

pytestmark = [pytest.mark.process, pytest.mark.django_db(transaction=True)]


def command(*args: str) -> tuple[list[str], dict[str, str]]:
    """Give argv and environment of the command on the tests' own database."""
    environment = {name: value for name, value in os.environ.items() if name != "NO_COLOR"}
    environment |= {
        "DATABASE_URL": database_url(),
        "DJANGO_SETTINGS_MODULE": "tests.settings",
        "TERM": "xterm-256color",
    }
    return [sys.executable, "manage.py", "job", *args], environment


def on_terminal(*args: str, answer: str = "") -> tuple[int, str]:
    """Run the command on a pseudo-terminal, typing `answer`; gives exit status and everything shown."""
    argv, environment = command(*args)
    try:
        ours, theirs = pty.openpty()
    except OSError:
        pytest.skip("this machine has no pseudo-terminals")
    process = subprocess.Popen(argv, env=environment, stdin=theirs, stdout=theirs, stderr=theirs)
    os.close(theirs)
    os.write(ours, answer.encode())
    shown = b""
    while select.select([ours], [], [], 60)[0]:
        try:
            chunk = os.read(ours, 65536)
        except OSError:  # the terminal's other end is closed
            break
        shown += chunk
        if not chunk:
            break
    os.close(ours)
    return process.wait(60), shown.decode()


def test_a_terminal_gets_colours_and_lines_that_fit() -> None:
    job = make_job("failed", target_url="https://jobs.example.com/" + "long/" * 60)
    status, shown = on_terminal("list")
    assert status == 0
    assert "\x1b[1;31mfailed" in shown
    assert job.short_id in shown
    assert "…" in shown


@pytest.mark.parametrize(("answer", "status", "state"), [("n\n", 1, "failed"), ("y\n", 0, "pending")])
def test_on_a_terminal_a_possible_second_submission_is_asked_about(
    answer: str, status: int, state: str
) -> None:
    job = make_job("failed", submit_armed_at=timezone.now())
    exit_status, shown = on_terminal("retry", job.short_id, answer=answer)
    assert "may send it twice" in shown
    assert exit_status == status
    assert Job.objects.get(id=job.id).status == state


def test_follow_prints_events_as_they_come_and_ends_with_the_job() -> None:
    job = make_job("running")
    JobEvent.objects.create(job=job, event_type="job_started")
    argv, environment = command("logs", job.short_id, "--follow", "--json")
    with subprocess.Popen(argv, env=environment, stdout=subprocess.PIPE, text=True) as following:
        assert following.stdout is not None
        assert json.loads(following.stdout.readline())["event_type"] == "job_started"
        lifecycle.complete(claim_of(job), result_data={}, summary="Done")
        rest = [json.loads(line)["event_type"] for line in following.stdout]
        assert rest == ["status_change", "job_completed"]
        assert following.wait(60) == 0


def test_follow_says_once_what_a_job_waits_for() -> None:
    job = make_job("pending", scheduled_at=timezone.now() + timedelta(hours=1))
    argv, environment = command("logs", job.short_id, "--follow")
    with subprocess.Popen(argv, env=environment, stdout=subprocess.PIPE, text=True) as following:
        assert following.stdout is not None
        assert following.stdout.readline().startswith("Waiting: It is due in ")
        Job.objects.filter(id=job.id).update(target_worker_id="adam", scheduled_at=None)
        assert "Only worker adam may take it" in following.stdout.readline()
        lifecycle.cancel(job.id, actor="cli:test")
        assert following.stdout.readlines()[-1] == f"Job {job.short_id} is cancelled.\n"
        assert following.wait(60) == 0


def test_ctrl_c_ends_following_without_a_traceback() -> None:
    job = make_job("running")
    JobEvent.objects.create(job=job, event_type="job_started")
    argv, environment = command("logs", job.short_id, "--follow")
    pipe = subprocess.PIPE
    with subprocess.Popen(argv, env=environment, stdout=pipe, stderr=pipe, text=True) as following:
        assert following.stdout is not None
        assert following.stderr is not None
        assert "job_started" in following.stdout.readline()
        following.send_signal(signal.SIGINT)
        assert following.wait(60) == 130
        assert following.stderr.read() == ""


def test_a_reader_that_has_seen_enough_is_no_error() -> None:
    job = make_job("running")
    JobEvent.objects.bulk_create(
        JobEvent(job=job, event_type="step_completed", message="x" * 500) for _ in range(2000)
    )
    argv, environment = command("logs", job.short_id)
    pipe = subprocess.PIPE
    with subprocess.Popen(argv, env=environment, stdout=pipe, stderr=pipe, text=True) as logs:
        assert logs.stdout is not None
        assert logs.stderr is not None
        logs.stdout.readline()
        logs.stdout.close()
        assert logs.stderr.read() == ""
        assert logs.wait(60) == 0


def test_an_unreachable_database_is_told_in_a_sentence() -> None:
    argv, environment = command("list")
    environment["DATABASE_URL"] = "postgres://nobody@127.0.0.1:9/none"
    listed = subprocess.run(argv, env=environment, capture_output=True, text=True, timeout=60, check=False)
    assert listed.returncode == 1
    assert listed.stderr.startswith("The database does not answer: ")
    assert "Traceback" not in listed.stderr
