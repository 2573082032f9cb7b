"""Fleet, callbacks and what is kept of users, by clicking, on a wide and on a narrow screen."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from cryptography.fernet import Fernet
from django.db.models.functions import Now
from playwright.async_api import Page, expect

from jobs import credentials, registry, sessions
from jobs.models import BrowserSession, Credential, QueuePause, Worker
from tests.factories import USER, make_job
from tests.jobs.test_admin_browser import visit
from valet.models import CallbackDelivery

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

__all__ = ["visit"]


@pytest.fixture(autouse=True)
def installation(settings: Any, db: Any) -> None:
    """One worker with a job, one stranded job, one callback that was given up, one log-in."""
    settings.GH_ENCRYPTION_KEYS = [Fernet.generate_key().decode()]
    registry.register("adam", metadata={"max_concurrent": 2, "version": "0.1.0", "job_types": ["apply"]})
    make_job("running")
    make_job("pending", target_worker_id="nobody")
    job = make_job("completed", callback_url="https://valet.example.com/hook")
    CallbackDelivery.objects.create(job=job, status="completed", payload={}, attempts=12, dead_at=Now())
    cookie = {"name": "a", "value": "b", "domain": "jobs.example.com", "path": "/"}
    sessions.save(USER, "https://jobs.example.com/", {"cookies": [cookie], "origins": []})
    credentials.put(USER, "workday", username="test@example.com", password="pa55")


def test_a_worker_is_drained_jobs_are_sent_elsewhere_and_a_host_is_paused(visit: Callable[..., None]) -> None:
    async def steps(page: Page) -> None:
        said = page.locator(".messagelist")
        await page.keyboard.press("g")
        await page.keyboard.press("w")
        await page.get_by_role("button", name="Drain adam").click()
        await expect(said).to_contain_text("Worker adam claims nothing more")
        await page.get_by_role("button", name="Let adam claim again").click()
        await expect(said).to_contain_text("Worker adam claims again")
        await page.get_by_label("Host or job type").fill("https://jobs.example.com/1")
        await page.get_by_label("Reason").fill("They block us")
        await page.get_by_role("button", name="Pause", exact=True).click()
        await expect(page.locator("#gh-pauses")).to_contain_text("They block us")
        await page.get_by_role("button", name="Unpause jobs.example.com").click()
        await expect(page.get_by_text("Nothing is paused.")).to_be_visible()
        await page.get_by_role("button", name="Send the jobs for nobody").click()
        await page.get_by_label("Worker").fill("adam")
        await page.get_by_role("button", name="Send to worker").click()
        await expect(said).to_contain_text("waits for its new worker")
        await page.goto("/admin/jobs/worker/")
        await page.get_by_role("button", name="Deregister adam").click()
        await page.get_by_label("fails now").check()
        await page.get_by_role("button", name="Deregister", exact=True).click()
        await expect(said).to_contain_text("Out of service: adam. 1 job failed.")
        await expect(page.locator("#gh-acts")).to_contain_text("Taken out of service.")

    visit(steps)
    assert not QueuePause.objects.exists()
    assert Worker.objects.get().deregistered_at is not None


def test_callbacks_are_sent_again_and_log_ins_erased(visit: Callable[..., None]) -> None:
    async def steps(page: Page) -> None:
        said = page.locator(".messagelist")
        await page.get_by_role("link", name="Callbacks").click()
        await page.get_by_role("link", name="Given up").click()
        await page.locator("#send-all").click()
        await page.get_by_role("button", name="Send again").click()
        await expect(said).to_contain_text("1 callback will be sent")
        for tab in ("Sessions", "Credentials"):
            await page.get_by_role("link", name="Data").click()
            await page.get_by_role("link", name=tab).click()
            await page.get_by_role("link", name=str(USER)).click()
            await page.get_by_role("button", name="Erase all of this user").click()
            await page.get_by_role("button", name="Erase", exact=True).click()
            await expect(said).to_contain_text("Erased 1 of user")

    visit(steps)
    assert CallbackDelivery.objects.get().dead_at is None
    assert not BrowserSession.objects.exists()
    assert not Credential.objects.exists()


def test_the_pages_fit_a_narrow_screen(visit: Callable[..., None]) -> None:
    async def steps(page: Page) -> None:
        for place in (
            "jobs/worker/",
            "valet/callbackdelivery/?state=dead",
            "jobs/browsersession/",
            "jobs/credential/",
            "jobs/rememberedanswer/",
            "jobs/servicekey/",
        ):
            await page.goto(f"/admin/{place}")
            assert await page.evaluate("document.documentElement.scrollWidth <= innerWidth"), place
            await expect(page.locator("#gh-nav [aria-current]")).to_be_in_viewport()

    visit(steps, viewport={"width": 390, "height": 844}, color_scheme="dark")
