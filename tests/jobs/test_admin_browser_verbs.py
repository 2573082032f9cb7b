"""The rest of the console's verbs by clicking and by keyboard, as people with a role."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.auth.models import User
from playwright.async_api import Page, expect

from jobs import lifecycle, registry
from jobs.models import Job, JobEvent
from tests.factories import PROFILE, make_job
from tests.jobs.test_admin_browser import a_visit, in_database, row, status_of, visit
from tests.serving import web_server

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

__all__ = ["visit"]


def test_one_failure_is_retried_from_the_dashboard(visit: Callable[..., None]) -> None:
    alike = [
        make_job("failed", error_code="timeout", error_details={"message": f"Waited {n} s"}) for n in (30, 45)
    ]
    other = make_job("failed", error_code="posting_closed", error_details={"message": "Closed"})

    async def steps(page: Page) -> None:
        await page.keyboard.press("g")
        await page.keyboard.press("d")
        await expect(page.get_by_role("heading", name="Dashboard")).to_be_visible()
        await page.get_by_role("button", name="Retry group: timeout").click()
        await expect(page.get_by_text("2 retried")).to_be_visible()
        await page.get_by_role("button", name="Retry", exact=True).click()
        await expect(page.locator(".messagelist")).to_contain_text("Retried 2.")

    visit(steps)
    assert [status_of(job) for job in (*alike, other)] == ["pending", "pending", "failed"]


def test_everything_that_matches_goes_to_another_worker(visit: Callable[..., None]) -> None:
    registry.register("sarah")
    jobs = [make_job("pending", job_type="scrape") for _ in range(3)]
    other = make_job("pending")

    async def steps(page: Page) -> None:
        await expect(page.locator("#gh-every")).to_have_count(0)
        await page.goto("/admin/jobs/job/?type=scrape")
        await page.get_by_label("all 3 that match").check()
        await page.locator("#bulk-retarget").click()
        await page.get_by_label("Worker").fill("sarah")
        await page.get_by_role("button", name="Send to worker").click()
        await expect(page.locator(".messagelist")).to_contain_text("Re-targeted 3.")
        await expect(row(page, jobs[0])).to_contain_text("sarah")

    visit(steps)
    assert Job.objects.get(id=other.id).target_worker_id is None


def test_the_keyboard_walks_ticks_opens_and_acts(visit: Callable[..., None]) -> None:
    older, newer = make_job("pending"), make_job("pending")

    async def steps(page: Page) -> None:
        await page.keyboard.press("?")
        await expect(page.get_by_role("dialog")).to_be_visible()
        await page.keyboard.press("Escape")
        for key in ("j", "j", "x"):
            await page.keyboard.press(key)
        await expect(row(page, older).get_by_role("checkbox")).to_be_checked()
        await page.keyboard.press("x")
        await page.keyboard.press("c")
        await expect(row(page, older).get_by_role("button")).to_be_focused()
        await page.keyboard.press("c")
        await expect(page.locator(".messagelist")).to_contain_text(f"Job {older.short_id} is cancelled.")
        await page.keyboard.press("j")
        await page.keyboard.press("Enter")
        await expect(page.get_by_role("heading", name=newer.short_id)).to_be_visible()

    visit(steps)
    assert (status_of(older), status_of(newer)) == ("cancelled", "pending")


def test_a_job_is_sent_on_resumed_and_looked_at_in_clear(visit: Callable[..., None]) -> None:
    waiting = make_job("pending", target_worker_id="nobody")
    asking = make_job("paused", interaction_type="login")

    async def steps(page: Page) -> None:
        await page.goto(f"/admin/jobs/job/{waiting.id}/change/")
        await expect(page.get_by_text("Only worker nobody may take it")).to_be_visible()
        await page.get_by_role("button", name="Send to worker").click()
        await page.get_by_label("Worker").fill("")
        await page.get_by_role("button", name="Send", exact=True).click()
        await expect(page.get_by_text("No worker is running")).to_be_visible()
        await page.get_by_role("button", name="Reveal").click()
        await expect(page.get_by_text(PROFILE["email"])).to_be_visible()
        await expect(page.get_by_text("Data revealed")).to_be_visible()
        await page.get_by_role("link", name="Mask again").click()
        await expect(page.get_by_text(PROFILE["email"])).to_have_count(0)
        await page.goto(f"/admin/jobs/job/{asking.id}/change/")
        await page.get_by_role("link", name="Answer").click()
        await page.get_by_role("button", name="Go on").click()
        await expect(page.locator(".messagelist")).to_contain_text("goes on")

    visit(steps)
    assert status_of(asking) == "pending"
    assert JobEvent.objects.get(event_type="data_revealed").actor == "admin:olga"


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_dashboard_fits_a_narrow_screen(visit: Callable[..., None], scheme: Any) -> None:
    make_job("completed")
    make_job("failed", error_code="timeout", error_details={"message": "Waited " + "long " * 60})

    async def steps(page: Page) -> None:
        await page.goto("/admin/")
        await expect(page.get_by_text("1 completed, 1 failed")).to_have_count(1)
        assert await page.evaluate("document.documentElement.scrollWidth <= innerWidth")

    visit(steps, viewport={"width": 390, "height": 844}, color_scheme=scheme)


@pytest.mark.process
def test_the_server_tells_the_list_and_the_dashboard_of_changes_at_once() -> None:
    User.objects.create_superuser("olga", "", "secret")
    job, other = make_job("pending"), make_job("pending")

    async def steps(page: Page) -> None:
        # With the stream open a page looks by itself every 20 s only.
        await expect(page.locator("#gh-live[data-by=stream]")).to_be_visible()
        await in_database(lambda: lifecycle.cancel(job.id, actor="service"))
        await expect(row(page, job)).to_contain_text("Cancelled", timeout=10_000)
        await page.goto("/admin/")
        await expect(page.locator("#gh-live[data-by=stream]")).to_be_visible()
        await expect(page.locator(".gh-tile").first).to_contain_text("1")
        await in_database(lambda: lifecycle.cancel(other.id, actor="service"))
        await expect(page.locator(".gh-tile").first).to_contain_text("0")

    with web_server() as server:
        assert asyncio.run(a_visit(server.url, steps, {})) == []
