"""People in the loop, whole: a worker in this process, a real browser, and a person who answers over REST."""

from __future__ import annotations

import base64
import io
import json
import logging
import threading
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from cryptography.fernet import Fernet
from django.db import connection, connections
from rest_framework.test import APIClient
from standardwebhooks import Webhook

from jobs import encryption, lifecycle
from jobs.models import Job, RememberedAnswer
from tests.factories import USER, make_job
from tests.valet.test_callbacks import Receiver
from tests.workers.blocked_site import CODE, FIRST_WORDS, PASSWORD, BlockedSite, blocked_site
from tests.workers.processes import database_url, eventually, worker
from valet import callbacks
from valet.models import CallbackDelivery
from workers.runner import Limits, Runner

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

Person = Callable[[Job], None]


@pytest.fixture(autouse=True)
def set_up(settings: Any, tmp_path: Path) -> None:
    settings.DATABASE_DIRECT_URL = database_url()
    settings.GH_POLL_SECONDS = 0.5
    settings.MEDIA_ROOT = str(tmp_path)
    settings.GH_ENCRYPTION_KEYS = [Fernet.generate_key().decode()]
    settings.WORKER_ERRANDS = {}
    settings.GH_PUBLIC_URL = "https://gh.example.com"


@pytest.fixture
def site() -> Iterator[BlockedSite]:
    with blocked_site() as site:
        yield site


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    receiver = Receiver()
    thread = threading.Thread(target=receiver.server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    yield receiver
    receiver.server.shutdown()
    thread.join()
    receiver.server.server_close()


def application(url: str, **fields: Any) -> Job:
    return make_job(job_type="apply", target_url=url, user_id=USER, **fields)


def run(job: Job, *people: Person) -> Job:
    """Run a worker once; each time the job waits for a person beside its page, the next one acts."""
    failed: list[BaseException] = []

    def act() -> None:
        try:
            for person in people:
                eventually(lambda: Job.objects.get(id=job.id).is_attended, "the call for a person")
                person(Job.objects.get(id=job.id))
        except BaseException as error:
            failed.append(error)
            lifecycle.cancel(job.id, actor="test")
        finally:
            connections.close_all()

    acting = threading.Thread(target=act)
    acting.start()
    Runner("adam", Limits(once=True)).run()
    acting.join()
    assert failed == []
    job.refresh_from_db()
    return job


def resume(api: APIClient, job: Job, body: Any = None) -> Any:
    answer = api.post(f"/api/v1/gh/valet/resume/{job.id}", body, format="json")
    assert answer.status_code == 200, answer.content
    return answer.json()


def said(**data: Any) -> dict[str, Any]:
    return {"resolution_type": "code_entry", "resolution_data": data}


def deliver_all() -> None:
    for _ in range(20):
        CallbackDelivery.objects.update(next_attempt_at=callbacks.Now())
        if not callbacks.deliver_due():
            return


def test_a_captcha_is_solved_by_a_person_and_everybody_hears_of_it_in_order(
    site: BlockedSite, receiver: Receiver, api: APIClient, settings: Any
) -> None:
    receiver.answers = [500, "die", 302]
    job = application(f"{site.url}/captcha", callback_url=receiver.url, valet_task_id="t-9")

    def person(waiting: Job) -> None:
        shown = api.get(f"/api/v1/gh/valet/status/{job.id}").json()["interaction"]
        assert (shown["type"], shown["attended"], shown["timeout_seconds"]) == ("captcha", True, 300)
        assert shown["metadata"]["captcha_type"] == "hcaptcha"
        assert shown["page_url"] == f"{site.url}/captcha"
        site.solved.set()
        answer = resume(api, waiting)
        assert answer == {
            "job_id": str(job.id),
            "status": "running",
            "job_status": "running",
            "resolved_by": "human",
            "resolution_type": "manual",
        }

    done = run(job, person)

    assert (done.status, done.result_data["confirmation_id"]) == ("completed", "BL-2210")
    assert (done.attempt, len(site.sent)) == (1, 1)
    deliver_all()
    assert receiver.statuses() == ["running"] * 4 + ["needs_human", "resumed", "completed"]
    secret = "whsec_" + base64.b64encode(settings.GH_SERVICE_SECRET.encode()).decode()
    bodies = [Webhook(secret).verify(body, headers) for _, headers, body in receiver.got]
    asked = bodies[4]["interaction"]
    assert asked["screenshot_url"].startswith(f"https://gh.example.com/artifacts/{job.id}/captcha-")
    assert asked["metadata"]["blocker_confidence"] > 0.8
    assert bodies[-1]["result_data"]["confirmation_id"] == "BL-2210"


def test_a_password_and_a_code_are_typed_and_are_nowhere_afterwards(
    site: BlockedSite, api: APIClient, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    job = application(f"{site.url}/members", metadata={"review": True})
    wrong = "271828"
    done = run(
        job,
        lambda waiting: resume(api, waiting, said(username="rosalind", password=PASSWORD)),
        lambda waiting: resume(api, waiting, said(code=wrong) | {"notes": f"it said {wrong}"}),
        lambda waiting: resume(api, waiting, said(code=f"{CODE[:3]} {CODE[3:]}")),
        lambda waiting: lifecycle.cancel(waiting.id, actor="test") and None,
    )
    assert (done.status, site.sent) == ("cancelled", [])
    assert site.tries == ["password True", "code False", "code True"]
    kinds = list(job.events.values_list("event_type", flat=True))
    assert kinds.count("credential_injection_succeeded") == 2
    assert kinds.count("credential_injection_failed") == 1

    everything = [dump_of_the_database(), caplog.text, *(texts_in(path) for path in files(tmp_path))]
    for path in ("jobs/{}", "jobs/{}/events?limit=200", "jobs/{}/status", "valet/status/{}"):
        everything.append(api.get(f"/api/v1/gh/{path.format(job.id)}").content.decode())
    for secret in (PASSWORD, CODE, wrong, f"{CODE[:3]} {CODE[3:]}"):
        assert [text[max(0, text.find(secret) - 200) :][:400] for text in everything if secret in text] == []


def test_a_question_is_answered_once_and_not_asked_again_in_other_words(
    site: BlockedSite, api: APIClient
) -> None:
    first = run(application(f"{site.url}/visa"))
    assert (first.status, first.interaction_type, first.is_attended) == ("paused", "question", False)
    [question] = api.get(f"/api/v1/gh/valet/status/{first.id}").json()["interaction"]["questions"]
    assert (question["question"], question["options"]) == (FIRST_WORDS, ["Yes", "No"])

    answer = resume(api, first, {"resolution_data": {"answers": {question["question"]: "No"}}})
    assert (answer["status"], answer["job_status"]) == ("running", "pending")
    assert run(first).status == "completed"
    assert RememberedAnswer.objects.get().site == ""

    second = run(application(f"{site.url}/sponsor"))
    assert second.status == "completed", second.interaction_data
    assert [form["visa"] for form in site.sent] == [["n"], ["n"]]
    [row] = [row for row in second.result_data["fields"] if row["source"] == "memory"]
    assert row["verified"] is True


def test_nothing_is_sent_before_it_was_looked_at(site: BlockedSite, api: APIClient, settings: Any) -> None:
    settings.GH_ATTEND_SECONDS = 1
    job = run(application(f"{site.url}/plain", metadata={"review": True}))
    assert (job.status, job.interaction_type, job.is_attended) == ("paused", "review", False)
    assert site.sent == []
    shown = api.get(f"/api/v1/gh/valet/status/{job.id}").json()["interaction"]
    assert "review-" in shown["screenshot_url"]
    assert {row["question"] for row in shown["fields"]} == {"First name", "Last name", "Email"}

    resume(api, job)
    assert (run(job).status, len(site.sent)) == ("completed", 1)
    settings.GH_ATTEND_SECONDS = 300
    other = application(f"{site.url}/plain", metadata={"review": True})
    assert run(other, lambda waiting: resume(api, waiting) and None).status == "completed"
    assert len(site.sent) == 2


def test_nobody_comes(site: BlockedSite, settings: Any, receiver: Receiver) -> None:
    settings.GH_ATTEND_SECONDS = 1
    job = run(application(f"{site.url}/captcha", callback_url=receiver.url))
    assert (job.status, job.error_code, job.retry_count) == ("failed", "hitl_timeout", 0)
    deliver_all()
    assert receiver.statuses() == ["running", "needs_human", "failed"]


@pytest.mark.process
def test_a_worker_that_dies_beside_the_page_leaves_the_job_to_be_resumed(
    site: BlockedSite, api: APIClient
) -> None:
    job = application(f"{site.url}/captcha")
    with worker("adam") as process:
        eventually(lambda: Job.objects.get(id=job.id).is_attended, "the call for a person")
        process.kill()
    site.solved.set()
    done = run(job)
    assert (done.status, done.interaction_type, done.is_attended) == ("paused", "captcha", False)
    assert resume(api, job)["job_status"] == "pending"
    done = run(job)
    assert (done.status, done.attempt, len(site.sent)) == ("completed", 2, 1)


def test_a_worker_that_is_stopped_beside_the_page_parks_the_job(site: BlockedSite) -> None:
    job = application(f"{site.url}/captcha")
    runner = Runner("adam", Limits(drain_seconds=0.1))

    def stop() -> None:
        try:
            eventually(lambda: Job.objects.get(id=job.id).is_attended, "the call for a person")
        finally:
            connections.close_all()
            runner.mailbox.post(runner.drain)

    stopping = threading.Thread(target=stop)
    stopping.start()
    runner.run()
    stopping.join()
    job.refresh_from_db()
    assert (job.status, job.interaction_type, job.is_attended) == ("paused", "captcha", False)


def dump_of_the_database() -> str:
    """Give every row of every table, as text."""
    with connection.cursor() as cursor:
        texts = []
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f'SELECT row_to_json(t)::text FROM "{table}" AS t')
            texts += [row[0] for row in cursor.fetchall()]
    return "\n".join(texts)


def files(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]


def texts_in(path: Path) -> str:
    """Give what a file holds, decrypted and unpacked."""
    content = path.read_bytes()
    if path.suffix != ".zip":
        return content.decode("latin-1")
    with zipfile.ZipFile(io.BytesIO(encryption.decrypt(content))) as archive:
        return json.dumps([archive.read(name).decode("latin-1") for name in archive.namelist()])
