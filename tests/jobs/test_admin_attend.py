"""Answering a waiting job in the console: every kind of question, and the open page itself."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from cryptography.fernet import Fernet
from django.db.models.functions import Now
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from playwright.async_api import Page, expect

from jobs import remote
from jobs.models import Job, JobEvent, RemoteView, SealedResolution
from tests.factories import USER, claim_of, make_job, make_person
from tests.jobs.test_admin_browser import in_database, picture, visit

pytestmark = pytest.mark.django_db(transaction=True)

__all__ = ["visit"]

QUESTIONS = [
    {"question": "Do you need sponsorship?", "kind": "radio", "options": ["Yes", "No"], "reason": ""},
    {"question": "Notice period", "kind": "text", "options": [], "help": "in weeks", "reason": ""},
    {"question": "Country", "kind": "select", "options": [f"Country {n}" for n in range(20)], "reason": ""},
    {"question": "Resume", "kind": "file", "options": [], "help": "", "reason": ""},
]


@pytest.fixture(autouse=True)
def encryption_key(settings: Any) -> None:
    settings.GH_ENCRYPTION_KEYS = [Fernet.generate_key().decode()]


def waiting(kind: str, attended: bool = False, **data: Any) -> Job:
    held = {"worker_id": "adam", "attempt": 1, "last_heartbeat": Now()}
    until = {"attended_until": Now() + timedelta(seconds=300), **held} if attended else {}
    return make_job(
        "paused",
        user_id=USER,
        paused_at=Now(),
        interaction_type=kind,
        interaction_data={"message": "A person is needed", "page_url": "https://x.example/", **data},
        **until,
    )


def address(job: Job, page: str = "") -> str:
    return reverse(f"admin:jobs_job_attend{page}", args=[job.id])


@pytest.mark.browser
def test_questions_are_answered_and_the_job_runs_again(visit: Callable[..., None]) -> None:
    job = waiting("question", questions=QUESTIONS)

    async def steps(page: Page) -> None:
        await page.goto(address(job))
        await expect(page.get_by_text("A file cannot be given here")).to_be_visible()
        await page.get_by_label("Country").select_option("Country 7")
        await page.get_by_label("No", exact=True).check()
        await page.get_by_label("Notice period").fill("4")
        await page.get_by_role("button", name="Go on").click()
        await expect(page.locator(".messagelist")).to_contain_text("goes on: it is pending")

    visit(steps)
    job.refresh_from_db()
    assert job.status == "pending"
    assert job.input_data["qa_overrides"] == {
        "Do you need sponsorship?": "No",
        "Notice period": "4",
        "Country": "Country 7",
    }
    resumed = JobEvent.objects.get(job=job, event_type="hitl_resumed")
    assert resumed.actor == "admin:olga"


@pytest.mark.browser
def test_the_open_page_is_seen_clicked_and_typed_into(visit: Callable[..., None]) -> None:
    job = waiting("captcha", attended=True)
    RemoteView.objects.create(
        job=job, watched_until=timezone.now(), picture=picture(), width=1280, height=900
    )

    async def steps(page: Page) -> None:
        await page.goto(address(job))
        await expect(page.get_by_text("Live", exact=True)).to_be_visible()
        frame = page.locator("#gh-remote")
        box = await frame.locator("img").bounding_box()
        assert box
        await frame.click(position={"x": box["width"] / 4, "y": box["height"] / 2})
        await page.keyboard.type("sesame")
        await page.keyboard.press("Enter")
        for _ in range(200):
            touches.extend(await in_database(lambda: remote.take_touches(claim_of(job))) or [])
            if touches and touches[-1].kind == "key":
                break
            await page.wait_for_timeout(50)

    touches: list[remote.Touch] = []
    visit(steps)
    click, *texts, key = touches
    assert (click.kind, round(click.x, 2), round(click.y, 2)) == ("click", 0.25, 0.5)
    # However slowly it was typed.
    assert "".join(text.text for text in texts) == "sesame"
    assert (key.kind, key.text) == ("key", "Enter")
    told = " ".join(str(message) for message in job.events.values_list("message", flat=True))
    assert "Looked at the open page" in told
    assert "sesame" not in told


@pytest.mark.browser
def test_a_page_that_is_gone_says_so(visit: Callable[..., None]) -> None:
    job = waiting("captcha", attended=True)

    async def steps(page: Page) -> None:
        await page.goto(address(job))
        await in_database(lambda: Job.objects.filter(id=job.id).update(attended_until=None))
        await expect(page.get_by_text("No worker keeps this job's page open any more")).to_be_visible()

    visit(steps)


def test_a_worker_that_lost_the_job_takes_no_touch_and_shows_nothing() -> None:
    job = waiting("captcha", attended=True)
    lost = claim_of(job)
    remote.look(job.id, actor="admin:olga")
    remote.touch(job.id, remote.Touch("text", text="sesame"), actor="admin:olga")
    Job.objects.filter(id=job.id).update(worker_id="eva", attempt=2)
    job.refresh_from_db()
    assert remote.take_touches(lost) is None
    remote.show(lost, b"another page", width=1, height=1)
    assert RemoteView.objects.get().picture is None
    remote.show(claim_of(job), b"the page", width=1, height=1)
    assert bytes(RemoteView.objects.get().picture or b"") == b"the page"
    assert [touch.text for touch in remote.take_touches(claim_of(job)) or []] == ["sesame"]


class TestByForm:
    def sign_in(self, client: Client, role: str) -> None:
        client.force_login(make_person(role))

    def test_a_viewer_may_do_none_of_it(self, client: Client) -> None:
        job = waiting("captcha", attended=True)
        self.sign_in(client, "viewer")
        assert client.get(address(job)).status_code == 403
        assert client.post(address(job), {}).status_code == 403
        assert client.get(address(job, "_picture")).status_code == 403
        assert client.post(address(job, "_touch"), "{}", content_type="application/json").status_code == 403
        job.refresh_from_db()
        assert job.status == "paused"

    def test_nothing_is_done_without_the_csrf_token(self) -> None:
        client = Client(enforce_csrf_checks=True)
        self.sign_in(client, "operator")
        job = waiting("captcha", attended=True)
        assert client.post(address(job), {}).status_code == 403
        touch = {"kind": "click", "x": 0.5, "y": 0.5}
        assert client.post(address(job, "_touch"), touch, content_type="application/json").status_code == 403

    def test_a_code_is_kept_encrypted_until_the_worker_reads_it(self, client: Client) -> None:
        job = waiting("2fa", attended=True)
        self.sign_in(client, "operator")
        client.post(address(job), {"code": "493817", "notes": "by telephone"})
        job.refresh_from_db()
        assert job.status == "running"
        sealed = SealedResolution.objects.get(job=job).sealed
        assert sealed is not None
        assert b"493817" not in bytes(sealed)
        assert "493817" not in str(list(job.events.values()))

    def test_a_form_that_may_have_been_sent_needs_a_verdict(self, client: Client) -> None:
        job = waiting("verify_submission")
        Job.objects.filter(id=job.id).update(submit_armed_at=Now())
        self.sign_in(client, "operator")
        refused = client.post(address(job), {"notes": "go"}, follow=True)
        assert "may have been sent already" in refused.content.decode()
        job.refresh_from_db()
        assert job.status == "paused"
        client.post(address(job), {"submitted": "yes"})
        job.refresh_from_db()
        assert job.status == "completed"

    def test_open_questions_are_named(self, client: Client) -> None:
        job = waiting("question", questions=QUESTIONS)
        self.sign_in(client, "operator")
        answer = client.post(address(job), {"answer-0": "No"})
        assert "Still open: Notice period" in answer.content.decode()
        job.refresh_from_db()
        assert job.status == "paused"

    def test_a_job_that_waits_for_nobody_leads_to_its_page(self, client: Client) -> None:
        self.sign_in(client, "operator")
        job = make_job("running")
        assert client.get(address(job))["Location"] == reverse("admin:jobs_job_change", args=[job.id])

    @pytest.mark.parametrize("body", ["", "[]", '{"kind": "drag"}', '{"kind": "click", "x": 7}'])
    def test_what_is_no_touch_is_refused_in_words(self, client: Client, body: str) -> None:
        self.sign_in(client, "operator")
        job = waiting("captcha", attended=True)
        answer = client.post(address(job, "_touch"), body, content_type="application/json")
        assert answer.status_code == 422
        assert answer.json()["message"]
