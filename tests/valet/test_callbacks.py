"""Callbacks over real HTTP, to a receiver that does what receivers do: fail, hang, redirect, come back."""

from __future__ import annotations

import base64
import json
import threading
from collections.abc import Iterator
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connections
from django.db.models import F
from standardwebhooks import Webhook

from jobs import claims, lifecycle
from jobs.models import Job
from tests.factories import claim_of, make_job
from valet import callbacks, sending
from valet.models import CallbackDelivery

TOKEN = "s3cret"


class Receiver:
    """Answers with the given statuses, then with 200; keeps what arrived."""

    def __init__(self) -> None:
        self.answers: list[int | str] = []
        self.got: list[tuple[str, dict[str, str], bytes]] = []
        self.go = threading.Event()
        receiver = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                receiver.got.append((self.path, dict(self.headers), body))
                answer = receiver.answers.pop(0) if receiver.answers else 200
                if answer == "hang":
                    receiver.go.wait(30)
                    return
                if answer == "die":
                    return
                self.send_response(int(answer))
                if answer == 302:
                    self.send_header("Location", "/elsewhere")
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, *args: object) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}/hook?token={TOKEN}"

    def statuses(self) -> list[str]:
        return [json.loads(body)["status"] for _, _, body in self.got]


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    receiver = Receiver()
    thread = threading.Thread(target=receiver.server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    yield receiver
    receiver.go.set()
    receiver.server.shutdown()
    thread.join()
    receiver.server.server_close()


def running_job(receiver: Receiver, **fields: Any) -> Job:
    job = make_job("queued", callback_url=receiver.url, valet_task_id="t-1", **fields)
    return lifecycle.start(claim_of(job), engine_type="scripted")


def let_time_pass() -> None:
    """Make every waiting callback due."""
    CallbackDelivery.objects.update(next_attempt_at=F("created_at") - timedelta(minutes=1))


def deliver_all() -> None:
    for _ in range(20):
        let_time_pass()
        if not callbacks.deliver_due():
            return


# ---- What is told


@pytest.mark.django_db
def test_a_run_is_told_in_order(receiver: Receiver) -> None:
    job = running_job(receiver, llm_cost_cents=0.4)
    lifecycle.complete(claim_of(job), result_data={"confirmation_id": "APP-1"}, summary="Sent")
    deliver_all()
    assert receiver.statuses() == ["running", "completed"]
    path, headers, body = receiver.got[-1]
    said = json.loads(body)
    assert (path, headers["User-Agent"]) == (f"/hook?token={TOKEN}", "GhostHands-Callback/1.0")
    assert (said["job_id"], said["valet_task_id"], said["worker_id"]) == (str(job.id), "t-1", "adam")
    assert (said["result_data"], said["result_summary"]) == ({"confirmation_id": "APP-1"}, "Sent")
    assert said["cost"]["total_cost_usd"] == pytest.approx(0.004)
    assert said["completed_at"].endswith("Z")


@pytest.mark.django_db
def test_only_the_last_failure_is_told(receiver: Receiver) -> None:
    job = running_job(receiver, max_retries=1)
    again = lifecycle.fail(claim_of(job), code="network_error", message="Down")
    assert again.status == "pending"
    Job.objects.update(scheduled_at=None)
    [job] = claims.claim_jobs("adam", job_types=["apply"])
    lifecycle.start(job.claim, engine_type="scripted")
    lifecycle.fail(job.claim, code="network_error", message="Still down")
    deliver_all()
    assert receiver.statuses() == ["running", "running", "failed"]
    said = json.loads(receiver.got[-1][2])
    assert (said["error_code"], said["error_message"]) == ("network_error", "Still down")


@pytest.mark.django_db
def test_a_person_is_called_with_a_picture(receiver: Receiver, settings: Any) -> None:
    settings.GH_PUBLIC_URL = "https://gh.example.com"
    job = running_job(receiver)
    picture = f"artifacts/{job.id}/captcha-x.png"
    lifecycle.pause(
        claim_of(job),
        interaction_type="captcha",
        message="A puzzle",
        interaction={"page_url": "https://jobs.example.com", "screenshot_url": picture},
    )
    deliver_all()
    said = json.loads(receiver.got[-1][2])
    assert said["status"] == "needs_human"
    assert said["interaction"]["type"] == "captcha"
    assert said["interaction"]["screenshot_url"].startswith(f"https://gh.example.com/{picture}?signature=")


@pytest.mark.django_db
def test_a_job_without_an_address_tells_nobody() -> None:
    job = make_job("queued")
    lifecycle.start(claim_of(job), engine_type="scripted")
    assert not CallbackDelivery.objects.exists()


@pytest.mark.django_db
def test_cancelled_and_expired_are_told(receiver: Receiver) -> None:
    lifecycle.cancel(make_job(callback_url=receiver.url).id, actor="service")
    lifecycle.expire(make_job("paused", callback_url=receiver.url).id, actor="system", message="Late")
    deliver_all()
    assert sorted(receiver.statuses()) == ["cancelled", "expired"]


# ---- Who it comes from


@pytest.mark.django_db
def test_the_signature_verifies_with_the_public_library(receiver: Receiver, settings: Any) -> None:
    running_job(receiver)
    deliver_all()
    _, headers, body = receiver.got[0]
    secret = "whsec_" + base64.b64encode(settings.GH_SERVICE_SECRET.encode()).decode()
    assert Webhook(secret).verify(body, headers)["status"] == "running"
    assert "X-GH-Service-Key" not in headers


@pytest.mark.django_db
def test_the_key_is_shown_to_named_hosts_only(receiver: Receiver, settings: Any) -> None:
    settings.GH_CALLBACK_KEY_HOSTS = ["127.0.0.1"]
    running_job(receiver)
    deliver_all()
    assert receiver.got[0][1]["X-GH-Service-Key"] == settings.GH_SERVICE_SECRET


# ---- When it cannot be told


@pytest.mark.django_db
def test_a_failing_receiver_delays_but_never_reorders(receiver: Receiver) -> None:
    receiver.answers = [500, "die", 302]
    job = running_job(receiver)
    lifecycle.complete(claim_of(job), result_data={}, summary="Done")
    deliver_all()
    assert receiver.statuses() == ["running"] * 4 + ["completed"]
    ids = {headers["webhook-id"] for _, headers, _ in receiver.got[:4]}
    assert len(ids) == 1
    assert [path for path, _, _ in receiver.got if path == "/elsewhere"] == []


@pytest.mark.django_db
def test_each_failure_waits_longer(receiver: Receiver) -> None:
    receiver.answers = [500] * 3
    running_job(receiver)
    waits = []
    for _ in range(3):
        let_time_pass()
        callbacks.deliver_due()
        row = CallbackDelivery.objects.annotate(wait=F("next_attempt_at") - callbacks.Now()).get()
        waits.append(round(row.wait.total_seconds()))
    assert waits == [1, 3, 10]
    assert row.last_error == "The receiver answered 500"
    assert callbacks.deliver_due() == 0


@pytest.mark.django_db
def test_a_receiver_that_hangs_is_left(receiver: Receiver, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sending, "TRY_SECONDS", 0.3)
    receiver.answers = ["hang"]
    running_job(receiver)
    callbacks.deliver_due()
    assert "No answer within" in CallbackDelivery.objects.get().last_error
    deliver_all()
    assert CallbackDelivery.objects.get().delivered_at is not None


@pytest.mark.django_db
def test_after_a_day_it_is_given_up_and_the_next_goes_on(receiver: Receiver) -> None:
    receiver.answers = [500]
    job = running_job(receiver)
    lifecycle.complete(claim_of(job), result_data={}, summary="Done")
    CallbackDelivery.objects.filter(status="running").update(attempts=len(callbacks.DELAYS))
    deliver_all()
    first, second = CallbackDelivery.objects.order_by("id")
    assert (first.dead_at is not None, first.last_error) == (True, "The receiver answered 500")
    assert second.delivered_at is not None
    assert 0.9 < sum(callbacks.DELAYS) / 86_400 < 1.1


@pytest.mark.django_db
@pytest.mark.parametrize("url", ["http://10.0.0.1/hook", "http://localhost:1/hook", "ftp://x.example/hook"])
def test_addresses_that_may_not_be_reached_are_not(settings: Any, url: str) -> None:
    settings.GH_ALLOWED_NETWORKS = ()
    lifecycle.start(claim_of(make_job("queued", callback_url=url)), engine_type="scripted")
    assert callbacks.deliver_due() == 1
    assert CallbackDelivery.objects.get().last_error.startswith("Not sent")


# ---- Crashes and races


@pytest.mark.django_db
def test_a_change_that_is_rolled_back_is_not_told(receiver: Receiver) -> None:
    job = make_job("queued", callback_url=receiver.url)
    with pytest.raises(lifecycle.LostClaim):
        lifecycle.start(lifecycle.Claim(job.id, "sarah", 1), engine_type="scripted")
    assert not CallbackDelivery.objects.exists()


@pytest.mark.django_db
def test_what_a_courier_took_to_its_grave_is_sent_by_the_next(receiver: Receiver) -> None:
    running_job(receiver)
    [row] = callbacks._take(1)
    assert callbacks.deliver_due() == 0
    CallbackDelivery.objects.filter(id=row.id).update(next_attempt_at=callbacks.Now())
    assert callbacks.deliver_due() == 1
    assert receiver.statuses() == ["running"]


@pytest.mark.django_db(transaction=True)
def test_several_couriers_send_everything_once_and_in_order(receiver: Receiver) -> None:
    for _ in range(10):
        job = running_job(receiver)
        lifecycle.complete(claim_of(job), result_data={}, summary="Done")

    def courier() -> None:
        try:
            idle = 0
            while idle < 10:
                idle = 0 if callbacks.deliver_due(limit=3) else idle + 1
        finally:
            connections.close_all()

    threads = [threading.Thread(target=courier) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    by_job: dict[str, list[str]] = {}
    for _, _, body in receiver.got:
        said = json.loads(body)
        by_job.setdefault(said["job_id"], []).append(said["status"])
    assert list(by_job.values()) == [["running", "completed"]] * 10


@pytest.mark.django_db
def test_the_command_sends_what_is_due(receiver: Receiver, capsys: pytest.CaptureFixture[str]) -> None:
    running_job(receiver)
    call_command("deliver_callbacks", "--once")
    assert receiver.statuses() == ["running"]
    assert "1 tried" in capsys.readouterr().out
