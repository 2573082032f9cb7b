"""Callbacks in the console: listed without what they say, sent again, in order and never as old news."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.contrib.admin.models import LogEntry
from django.db.models.functions import Now
from django.test import Client

from jobs.models import Job, JobEvent
from tests.factories import make_job, make_person
from valet import callbacks
from valet.models import CallbackDelivery

LIST = "/admin/valet/callbackdelivery/"
AGAIN = f"{LIST}send-again/"
QUERY_BUDGET = 12
HOOK = "https://valet.example.com/hook?token=s3cret"

pytestmark = pytest.mark.django_db


@pytest.fixture
def operator(client: Client) -> Client:
    client.force_login(make_person("operator"))
    return client


def callback(job: Job | None = None, status: str = "completed", **columns: Any) -> CallbackDelivery:
    job = job or make_job("completed", callback_url=HOOK)
    row = CallbackDelivery.objects.create(
        job=job, status=status, payload={"result_data": {"email": "test@example.com"}}, **columns
    )
    row.refresh_from_db()
    return row


def dead(job: Job | None = None, status: str = "completed", **columns: Any) -> CallbackDelivery:
    return callback(
        job, status, dead_at=Now(), attempts=12, last_error="The receiver answered 500", **columns
    )


def told(answer: Any) -> str:
    return " ".join(str(message) for message in answer.context["messages"])


def send(client: Client, query: str = "", **form: Any) -> str:
    return told(client.post(f"{AGAIN}?list={query}", form, follow=True))


def test_the_tabs_tell_what_waits_what_was_given_up_and_what_arrived(operator: Client) -> None:
    callback(next_attempt_at=Now() + timedelta(hours=3), attempts=5)
    given_up = dead()
    callback(delivered_at=Now())
    page = operator.get(LIST).content.decode()
    for words in ("Waiting <b>1</b>", "Given up <b>1</b>", "Delivered <b>1</b>", "in 2h", "Send now"):
        assert words in page
    page = operator.get(f"{LIST}?state=dead").content.decode()
    for words in (given_up.job.short_id, "valet.example.com/hook", "The receiver answered 500", "Send again"):
        assert words in page
    assert "Send again" not in operator.get(f"{LIST}?state=delivered").content.decode()
    for state in ("", "dead", "delivered"):
        page = operator.get(f"{LIST}?state={state}").content.decode()
        assert "s3cret" not in page
        assert "test@example.com" not in page


def test_one_that_was_given_up_is_sent_again(operator: Client) -> None:
    row = dead()
    assert send(operator, delivery=row.id) == "1 callback will be sent within seconds."
    row.refresh_from_db()
    assert (row.dead_at, row.attempts) == (None, 0)
    assert callbacks.RESENT in JobEvent.objects.filter(job=row.job).values_list("event_type", flat=True)
    assert JobEvent.objects.get(event_type=callbacks.RESENT).actor == "admin:operator"
    assert LogEntry.objects.get().change_message == "Sent again."


def test_one_whose_next_try_is_far_away_goes_now_but_not_while_it_is_sent(operator: Client) -> None:
    far = callback(next_attempt_at=Now() + timedelta(hours=8), attempts=9)
    under_way = callback(next_attempt_at=Now() + callbacks.LEASE, attempts=1)
    arrived = callback(delivered_at=Now())
    assert "1 callback" in send(operator, delivery=far.id)
    for row in (under_way, arrived):
        assert "not sent again while it is under way" in send(operator, delivery=row.id)
    assert "not sent again" in send(operator, delivery="x")
    assert set(CallbackDelivery.objects.filter(attempts=0).values_list("id", flat=True)) == {
        far.id,
        arrived.id,
    }


def test_what_a_later_one_has_overtaken_is_no_news(operator: Client) -> None:
    job = make_job("completed", callback_url=HOOK)
    old = dead(job, "running")
    callback(job, "completed", delivered_at=Now())
    assert "a later one has arrived" in operator.get(f"{LIST}?state=dead").content.decode()
    assert "not sent again" in send(operator, delivery=old.id)
    old.refresh_from_db()
    assert old.dead_at is not None


def test_all_that_match_are_sent_once_that_was_confirmed(operator: Client) -> None:
    wanted = [dead() for _ in range(3)]
    other = dead(status="running")
    asked = operator.post(f"{AGAIN}?list=state%3Ddead%26says%3Dcompleted", {"every": "filter"})
    assert "<b>3</b> will be sent" in asked.content.decode()
    assert CallbackDelivery.objects.filter(dead_at=None).count() == 0
    said = send(operator, "state%3Ddead%26says%3Dcompleted", every="filter", go="1")
    assert said == "3 callbacks will be sent within seconds."
    alive = set(CallbackDelivery.objects.filter(dead_at=None).values_list("id", flat=True))
    assert alive == {row.id for row in wanted}
    assert other.id not in alive


def test_a_job_is_found_by_the_start_of_its_id(operator: Client) -> None:
    wanted, other = dead(), dead()
    page = operator.get(f"{LIST}?state=dead&job={wanted.job.short_id}").content.decode()
    assert wanted.job.short_id in page
    assert other.job.short_id not in page
    assert "No callback fits" in operator.get(f"{LIST}?state=dead&job=zz").content.decode()


def test_a_viewer_looks_on(client: Client) -> None:
    client.force_login(make_person("viewer"))
    row = dead()
    assert "Send again" not in client.get(f"{LIST}?state=dead").content.decode()
    assert client.post(AGAIN, {"delivery": row.id}).status_code == 403
    assert client.get(AGAIN).status_code == 405
    row.refresh_from_db()
    assert row.dead_at is not None


def test_the_list_keeps_to_its_query_budget(operator: Client, django_assert_max_num_queries: Any) -> None:
    for _ in range(60):
        dead()
    for query in ("state=dead&says=completed", "state=dead&says=completed&job=a", "state=dead"):
        with django_assert_max_num_queries(QUERY_BUDGET):
            page = operator.get(f"{LIST}?{query}").content.decode()
    assert page.count("Send again</button>") == 50
    assert operator.get(f"{LIST}?state=dead&page=2").content.decode().count("Send again</button>") == 10
