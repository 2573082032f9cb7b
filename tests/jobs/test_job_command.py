from __future__ import annotations

import io
import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.core.management import call_command
from django.utils import timezone

from jobs import lifecycle
from jobs.management.commands.job import Command
from jobs.management.job_output import STATUS_STYLES
from jobs.models import Job, JobEvent
from jobs.states import ACTIVE, Status
from tests.factories import claim_of, make_job

Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def run(db: Any) -> Run:
    """Run the command in this process; answers exit status, stdout and stderr."""

    def call(*args: str) -> tuple[int, str, str]:
        out, err, status = io.StringIO(), io.StringIO(), 0
        try:
            call_command("job", *args, stdout=out, stderr=err)
        except SystemExit as leaving:
            status = int(leaving.code or 0)
        return status, out.getvalue(), err.getvalue()

    return call


def job_with_id(start: str, status: str = "pending", **fields: Any) -> Job:
    return make_job(status, id=UUID(start + uuid4().hex[len(start) :]), **fields)


# ---- list --------------------------------------------------------------------------------------------------


def test_list_shows_active_jobs_first_then_the_newest(run: Run) -> None:
    now = timezone.now()
    finished = make_job("completed", created_at=now)
    old = make_job("pending", created_at=now - timedelta(hours=3), target_worker_id="sarah")
    running = make_job("running", created_at=now - timedelta(minutes=5))
    status, out, _ = run("ls")
    lines = out.splitlines()
    assert status == 0
    assert lines[0].split() == ["STATUS", "ID", "TYPE", "TARGET", "WORKER", "AGE", "URL"]
    assert [line.split()[:2] for line in lines[1:]] == [
        ["running", running.short_id],
        ["pending", old.short_id],
        ["completed", finished.short_id],
    ]
    assert lines[1].split()[2:] == ["apply", "any", "adam", "5m", "https://jobs.example.com/1"]
    assert lines[2].split()[3:6] == ["sarah", "-", "3h"]


def test_list_is_limited_to_20_and_to_the_wanted_statuses(run: Run) -> None:
    for _ in range(22):
        make_job("pending")
    failed = make_job("failed")
    assert len(run("list")[1].splitlines()) == 21
    assert len(run("list", "--limit=3")[1].splitlines()) == 4
    assert failed.short_id in run("list", "--status=failed, expired")[1]


def test_list_reads_a_bounded_number_of_rows_whatever_the_table_holds(
    run: Run, django_assert_max_num_queries: Any
) -> None:
    for status in Status:
        make_job(status.value)
    with django_assert_max_num_queries(2):
        assert len(run("list")[1].splitlines()) == 1 + len(Status)


def test_an_empty_list_says_so(run: Run) -> None:
    assert run("list") == (0, "No jobs.\n", "")


def test_piped_output_is_plain_whole_and_free_of_secrets(run: Run) -> None:
    path = "/a" * 200
    make_job(
        target_url=f"https://user:pw@jobs.example.com{path}?token=s3cret\x1b[31m", worker_id="ev\x1bil\nrow"
    )
    out = run("list")[1]
    assert f"https://jobs.example.com{path}" in out
    assert "\x1b" not in out
    assert "s3cret" not in out
    assert "pw" not in out
    assert len(out.splitlines()) == 2


# ---- ids ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("verb", ["status", "cancel", "retry", "logs", "s", "c", "r", "l"])
def test_an_ambiguous_id_lists_its_candidates_and_changes_nothing(run: Run, verb: str) -> None:
    jobs = [job_with_id("a23c", status) for status in ("pending", "failed")]
    status, out, err = run(verb, "a23c")
    assert status == 1
    assert "Several jobs start with a23c" in err
    assert all(str(job.id) in err for job in jobs)
    assert out == ""
    assert not JobEvent.objects.exists()


@pytest.mark.parametrize("verb", ["status", "cancel", "retry", "logs"])
@pytest.mark.parametrize("wrong", ["%", "_", "xyz", "a%", str(UUID(int=7)), "", "a" * 40])
def test_an_unknown_id_changes_nothing(run: Run, verb: str, wrong: str) -> None:
    job_with_id("a23c", "failed")
    status, out, err = run(verb, wrong)
    assert (status, out) == (1, "")
    assert "No job" in err
    assert not JobEvent.objects.exists()


def test_short_long_and_dashless_ids_all_mean_the_job(run: Run) -> None:
    job = job_with_id("a23c")
    for given in ("A23C", job.short_id, str(job.id), job.id.hex, str(job.id)[:14]):
        assert json.loads(run("status", given, "--json")[1])["job"]["id"] == str(job.id)


# ---- status ------------------------------------------------------------------------------------------------


def test_status_tells_facts_progress_and_no_personal_data(run: Run) -> None:
    job = make_job("running", target_worker_id="adam", task_description="Write to eve@example.com")
    JobEvent.objects.create(
        job=job, event_type="progress_update", metadata={"progress_pct": 45, "description": "Filling"}
    )
    status, out, _ = run("status", job.short_id)
    facts = dict(line.split(None, 1) for line in out.splitlines())
    assert status == 0
    assert facts["Job"] == str(job.id)
    assert facts["Target"] == "adam"
    assert facts["Progress"] == "45 % Filling"
    for told in (out, run("status", job.short_id, "--json")[1]):
        assert "test@example.com" not in told
        assert "eve@example.com" not in told


def test_status_shows_error_and_result(run: Run) -> None:
    failed = make_job("failed", error_code="timeout", error_details={"message": "Too slow"})
    done = make_job("completed", result_data={"confirmation_id": "GH-1", "email": "a@example.com"})
    assert "timeout Too slow" in run("s", failed.short_id)[1]
    shown = json.loads(run("s", done.short_id, "--json")[1])["job"]["result_data"]
    assert shown == {"confirmation_id": "GH-1", "email": "a•••@example.com"}
    filled = make_job("completed", result_data={"fields": [{"question": "City"}, {"question": "Phone"}]})
    assert 'Result data  {"fields": 2}' in run("s", filled.short_id)[1]


# ---- cancel ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("state", sorted(ACTIVE))
def test_cancel_ends_an_active_job_and_names_the_operator(run: Run, state: str) -> None:
    job = make_job(state)
    status, out, _ = run("cancel", job.short_id)
    job.refresh_from_db()
    assert (status, job.status) == (0, "cancelled")
    assert "Cancelled" in out
    assert JobEvent.objects.get(job=job, to_status="cancelled").actor.startswith("cli:")


def test_cancelling_a_finished_job_changes_nothing_and_is_no_error(run: Run) -> None:
    job = make_job("completed")
    status, out, _ = run("c", job.short_id)
    assert status == 0
    assert "completed" in out
    assert not JobEvent.objects.exists()


def test_cancel_all_takes_every_active_job_and_tells_the_count(run: Run) -> None:
    for status in Status:
        make_job(status.value)
    status, out, _ = run("cancel", "--all")
    assert status == 0
    assert f"Cancelled {len(ACTIVE)}." in out
    assert not Job.objects.filter(status__in=[status.value for status in ACTIVE]).exists()
    assert run("cancel", "--all") == (0, "Nothing to cancel.\n", "")


def test_cancel_by_worker_takes_what_is_aimed_at_it_and_what_it_holds(run: Run) -> None:
    aimed = make_job("pending", target_worker_id="adam")
    held = make_job("running", worker_id="adam")
    others = [
        make_job("pending"),
        make_job("running", worker_id="sarah"),
        make_job("failed", worker_id="adam"),
    ]
    report = json.loads(run("cancel", "--worker=adam", "--json")[1])
    assert {entry["id"] for entry in report["outcomes"]} == {str(aimed.id), str(held.id)}
    assert {entry["result"] for entry in report["outcomes"]} == {"done"}
    assert [Job.objects.get(id=job.id).status for job in others] == ["pending", "running", "failed"]


def test_cancel_tells_which_jobs_may_have_sent_their_form(run: Run) -> None:
    sending = make_job("running", submit_armed_at=timezone.now())
    make_job("pending")
    status, out, _ = run("cancel", "--all")
    sending.refresh_from_db()
    assert (status, sending.status) == (1, "paused")
    assert sending.short_id in out
    assert "Cancelled 1, stopped 1 whose form may have been sent" in out


# ---- retry -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("state", ["failed", "cancelled"])
def test_retry_puts_a_job_back_and_keeps_its_target(run: Run, state: str) -> None:
    job = make_job(state, target_worker_id="adam", error_code="timeout")
    status, out, _ = run("retry", job.short_id)
    job.refresh_from_db()
    assert (status, job.status, job.retry_count, job.target_worker_id) == (0, "pending", 1, "adam")
    assert "Back in the queue" in out


@pytest.mark.parametrize("state", sorted(set(Status) - {"failed", "cancelled"}))
def test_retry_refuses_every_other_state(run: Run, state: str) -> None:
    job = make_job(state)
    status, _, err = run("retry", job.short_id)
    assert status == 1
    assert state in err
    assert Job.objects.get(id=job.id).status == state


def test_retry_of_a_job_that_may_have_submitted_must_be_confirmed(run: Run) -> None:
    job = make_job("failed", submit_armed_at=timezone.now())
    status, _, err = run("retry", job.short_id)
    assert status == 1
    assert "--confirm-resubmit" in err
    assert json.loads(run("retry", job.short_id, "--json")[1])["error"]["code"] == "may_have_submitted"
    assert Job.objects.get(id=job.id).status == "failed"
    assert run("retry", job.short_id, "--confirm-resubmit")[0] == 0
    assert Job.objects.get(id=job.id).status == "pending"


# ---- logs --------------------------------------------------------------------------------------------------


def test_logs_tell_time_type_and_message_in_order(run: Run) -> None:
    job = make_job("running")
    lifecycle.complete(claim_of(job), result_data={}, summary="Sent to eve@example.com")
    lines = run("logs", job.short_id)[1].splitlines()
    assert [line.split()[2] for line in lines] == ["status_change", "job_completed"]
    assert "running -> completed  Sent to e•••@example.com" in lines[0]
    document = json.loads(run("l", job.short_id, "--json")[1])
    assert document["status"] == "completed"
    assert [event["event_type"] for event in document["events"]] == ["status_change", "job_completed"]


def test_logs_of_a_job_without_events_say_so(run: Run) -> None:
    assert run("logs", make_job().short_id) == (0, "No events yet.\n", "")


def test_following_a_finished_job_ends_at_once(run: Run) -> None:
    job = make_job("pending")
    lifecycle.cancel(job.id, actor="service")
    status, out, _ = run("logs", job.short_id, "--follow")
    assert status == 0
    assert out.splitlines()[-1] == f"Job {job.short_id} is cancelled."


# ---- usage -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "args",
    [
        [],
        ["status"],
        ["cancel"],
        ["retry"],
        ["logs"],
        ["explode"],
        ["cancel", "a23c", "--all"],
        ["cancel", "--all", "--worker=adam"],
        ["cancel", "--worker="],
        ["list", "--limit=0"],
        ["list", "--limit=x"],
        ["list", "--status=lost"],
    ],
)
def test_wrong_usage_prints_the_usage_and_exits_with_1(args: list[str], capsys: Any) -> None:
    with pytest.raises(SystemExit) as leaving:
        Command().run_from_argv(["manage.py", "job", *args])
    assert leaving.value.code == 1
    assert "usage: manage.py job" in capsys.readouterr().err


@pytest.mark.parametrize("args", [["--help"], ["cancel", "--help"]])
def test_help_is_no_error(args: list[str], capsys: Any) -> None:
    with pytest.raises(SystemExit) as leaving:
        Command().run_from_argv(["manage.py", "job", *args])
    assert leaving.value.code == 0
    assert "cancel" in capsys.readouterr().out


def test_every_status_has_its_colour() -> None:
    assert set(STATUS_STYLES) == set(Status)
