"""`manage.py job resume`, and remembered answers in the console."""

from __future__ import annotations

import io
import json
import sys
from typing import Any

import pytest
from cryptography.fernet import Fernet
from django.core.management import CommandError, call_command
from django.db.models.functions import Now
from django.test import Client

from jobs import claims, lifecycle
from jobs.models import Job, RememberedAnswer
from tests.factories import USER, make_job

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def keys(settings: Any) -> None:
    settings.GH_ENCRYPTION_KEYS = [Fernet.generate_key().decode()]


def run(*args: str) -> tuple[int, str]:
    out = io.StringIO()
    try:
        call_command("job", "resume", *args, stdout=out, stderr=out)
    except SystemExit as leaving:
        return int(leaving.code or 0), out.getvalue()
    return 0, out.getvalue()


def given_to(job: Job) -> Any:
    [claimed] = claims.claim_jobs("adam", job_types=["apply"])
    assert claimed.id == job.id
    given = lifecycle.take_resolution(claimed.claim)
    return given and given.secrets


def test_answers_are_given_on_the_command_line() -> None:
    job = make_job("paused", interaction_type="question")
    assert run(
        job.short_id, "--answer", "Remote?=Yes", "--answer", "1 + 1 = 2?=a=b", "--note", "as told"
    ) == (
        0,
        "Resumed: back in the queue.\n",
    )
    job.refresh_from_db()
    assert job.input_data["qa_overrides"] == {"Remote?": "Yes", "1 + 1 = 2?": "a=b"}
    assert job.events.get(event_type="hitl_resumed").actor.startswith("cli:")
    with pytest.raises(CommandError, match="Question=Answer"):
        run(job.short_id, "--answer", "Remote?")


@pytest.mark.parametrize(
    ("arguments", "piped", "secrets"),
    [
        (["--code=493817"], "", {"code": "493817"}),
        (["--code"], "493817\n", {"code": "493817"}),
        (["--login"], "ada\npa55-phrase\n", {"username": "ada", "password": "pa55-phrase"}),
    ],
)
def test_secrets_are_given_or_piped_and_never_repeated(
    monkeypatch: pytest.MonkeyPatch, arguments: list[str], piped: str, secrets: dict[str, str]
) -> None:
    monkeypatch.setattr(sys, "stdin", io.StringIO(piped))
    job = make_job("paused", interaction_type="2fa")
    status, out = run(job.short_id, *arguments, "--json")
    assert (status, json.loads(out)["job"]["status"]) == (0, "pending")
    assert "493817" not in out
    assert given_to(job) == secrets


def test_a_secret_that_nobody_gives_is_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", io.StringIO(""))
    status, out = run(make_job("paused").short_id, "--code")
    assert (status, "pipe it in" in out) == (1, True)


def test_a_form_that_may_have_been_sent_needs_a_verdict() -> None:
    job = make_job("paused", interaction_type="verify_submission", submit_armed_at=Now())
    status, out = run(job.short_id)
    assert (status, "may have been sent" in out) == (1, True)
    assert run(job.short_id, "--submitted=yes") == (0, "Completed, as you verified.\n")
    assert run(job.short_id)[0] == 1


def test_a_remembered_answer_is_corrected_and_erased_in_the_console(admin_client: Client) -> None:
    answer = RememberedAnswer.objects.create(
        user_id=USER, question="Remote?", question_key="remote", answer="Yes"
    )
    page = admin_client.get("/admin/jobs/rememberedanswer/", {"q": "remote"}).content.decode()
    assert "Remote?" in page
    change = f"/admin/jobs/rememberedanswer/{answer.id}/change/"
    assert 'name="question"' not in admin_client.get(change).content.decode()
    assert admin_client.post(change, {"answer": "No"}).status_code == 302
    answer.refresh_from_db()
    assert (answer.answer, answer.answered_by) == ("No", "admin:admin")
    assert admin_client.get("/admin/jobs/rememberedanswer/add/").status_code == 403
    erase = f"/admin/jobs/rememberedanswer/{answer.id}/delete/"
    assert admin_client.post(erase, {"post": "yes"}).status_code == 302
    assert not RememberedAnswer.objects.exists()
