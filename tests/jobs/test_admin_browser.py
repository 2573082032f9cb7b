"""The console in a real browser: every verb by clicking, live pages, and not one complaint of the browser."""

from __future__ import annotations

import asyncio
import io
import struct
import zlib
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any
from uuid import UUID

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.utils import timezone
from playwright.async_api import Page, async_playwright, expect
from pytest_django.live_server_helper import LiveServer

from jobs import artifacts, lifecycle
from jobs.models import Job, JobEvent
from tests.factories import make_job
from workers.engines.browser import find_chromium

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

Visit = Callable[[Page], Awaitable[None]]

# How long a page may take where the machine is busy; pages that follow the queue look every few seconds.
expect.set_options(timeout=15_000)


@pytest.fixture
def visit(live_server: LiveServer, settings: Any, tmp_path: Any) -> Callable[..., None]:
    """Sign in as an operator and run a visit; anything the browser complains of fails the test."""
    settings.MEDIA_ROOT = str(tmp_path)
    User.objects.create_superuser("olga", "", "secret")

    def run(visit: Visit, **context: Any) -> None:
        complaints = asyncio.run(a_visit(live_server.url, visit, context))
        assert complaints == []

    return run


async def a_visit(address: str, visit: Visit, context: dict[str, Any]) -> list[str]:
    """Sign in as olga and visit; answers what the browser complained of."""
    complaints: list[str] = []
    async with browser_page(address, complaints, context) as page:
        await sign_in(page, "olga")
        await visit(page)
    return complaints


async def sign_in(page: Page, name: str) -> None:
    """Sign in by the form, and wait for the list of jobs to hear the keyboard."""
    await page.goto("/admin/jobs/job/")
    await page.get_by_label("Username").fill(name)
    await page.get_by_label("Password").fill("secret")
    await page.get_by_role("button", name="Log in").click()
    await expect(page.get_by_role("heading", name="Jobs")).to_be_visible()
    await expect(page.locator("#gh-live")).to_be_visible()


@asynccontextmanager
async def browser_page(address: str, complaints: list[str], context: dict[str, Any]) -> AsyncIterator[Page]:
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=find_chromium(""), args=["--no-sandbox"])
        page = await (await browser.new_context(base_url=address, **context)).new_page()
        page.on(
            "console",
            lambda said: complaints.append(said.text) if said.type in {"error", "warning"} else None,
        )
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on(
            "request",
            lambda asked: (
                complaints.append(asked.url) if not asked.url.startswith((address, "data:")) else None
            ),
        )
        yield page
        await browser.close()


async def in_database(call: Callable[[], Any]) -> Any:
    """Run `call` in a thread of its own, where the ORM may be used."""

    def work() -> Any:
        try:
            return call()
        finally:
            connection.close()

    return await asyncio.to_thread(work)


def status_of(job: Job) -> str:
    return Job.objects.get(id=job.id).status


def picture() -> bytes:
    """Give a PNG of one pixel."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    file = io.BytesIO(b"\x89PNG\r\n\x1a\n")
    file.seek(0, io.SEEK_END)
    file.write(chunk(b"IHDR", struct.pack(">IIBBBBB", 1, 1, 8, 2, 0, 0, 0)))
    file.write(chunk(b"IDAT", zlib.compress(b"\0\xff\0\0")) + chunk(b"IEND", b""))
    return file.getvalue()


def row(page: Page, job: Job) -> Any:
    return page.locator(f"tr[data-job='{job.short_id}']")


def test_cancel_and_retry_from_rows_and_from_ticks(visit: Callable[..., None]) -> None:
    waiting, failed, done = make_job("pending"), make_job("failed"), make_job("completed")

    async def steps(page: Page) -> None:
        await page.goto("/admin/jobs/job/?type=apply")
        await expect(row(page, done).get_by_role("button")).to_have_count(0)
        await row(page, waiting).get_by_role("button", name="Cancel").click()
        await expect(page.locator(".messagelist")).to_contain_text(f"Job {waiting.short_id} is cancelled.")
        assert page.url.endswith("?type=apply")
        await row(page, failed).get_by_role("button", name="Retry").click()
        await expect(page.locator(".messagelist")).to_contain_text("is back in the queue")
        await expect(page.locator("#bulk-retry")).to_be_disabled()
        await page.get_by_label("Tick every job of this page").check()
        await page.locator("#bulk-retry").click()
        await expect(page.get_by_role("heading", name="Retry: 3 jobs?")).to_be_visible()
        await expect(page.get_by_text("2 skipped (neither failed nor cancelled)")).to_be_visible()
        await page.get_by_role("button", name="Retry", exact=True).click()
        await expect(page.locator(".messagelist")).to_contain_text("Retried 1, skipped 2")
        assert page.url.endswith("?type=apply")
        await row(page, waiting).get_by_role("checkbox").check()
        await row(page, failed).get_by_role("checkbox").check()
        await expect(page.get_by_text("2 ticked")).to_be_visible()
        await page.locator("#bulk-cancel").click()
        await page.get_by_role("button", name="Cancel", exact=True).click()
        await expect(page.locator(".messagelist")).to_contain_text("Cancelled 2.")

    visit(steps)
    assert [status_of(job) for job in (waiting, failed, done)] == ["cancelled", "cancelled", "completed"]


def test_the_job_page_acts_asks_and_shows_pictures(visit: Callable[..., None]) -> None:
    job = make_job("failed", submit_armed_at=timezone.now())
    name = artifacts.save(job.id, "before submit", picture())
    Job.objects.filter(id=job.id).update(screenshot_urls=[name])
    JobEvent.objects.create(
        job=job, event_type="screenshot", message="Before submit", metadata={"screenshot": name, "page": 3}
    )

    async def steps(page: Page) -> None:
        await page.get_by_role("link", name=f"apply {job.short_id}").click()
        image = page.get_by_role("img", name="Before submit")
        await expect(image).to_be_visible()
        assert await image.evaluate("image => image.decode().then(() => image.naturalWidth)") == 1
        await page.get_by_text("details").click()
        await expect(page.get_by_text('"page": 3')).to_be_visible()
        await page.locator("#retry").click()
        await expect(page.get_by_role("heading", name="Send it again?")).to_be_visible()
        await page.get_by_role("link", name="Leave it alone").click()
        await expect(page.locator(".gh-badge").first).to_have_text("Failed")
        await page.locator("#retry").click()
        await page.get_by_role("button", name="Retry, it was not sent").click()
        await expect(page.locator(".messagelist")).to_contain_text("is back in the queue")
        await page.locator("#cancel").click()
        await expect(page.locator(".gh-badge").first).to_have_text("Cancelled")

    visit(steps)
    assert status_of(job) == "cancelled"


def test_pages_follow_the_queue_but_never_under_the_operators_hands(visit: Callable[..., None]) -> None:
    job, other = make_job("pending"), make_job("pending")

    def cancels(target: Job) -> Callable[[], Job]:
        return lambda: lifecycle.cancel(target.id, actor="service")

    async def steps(page: Page) -> None:
        await in_database(cancels(job))
        await expect(row(page, job)).to_contain_text("Cancelled")
        await row(page, other).get_by_role("checkbox").check()
        await in_database(cancels(other))
        await in_database(lambda: make_job("pending", id=UUID(int=1)))
        await expect(row(page, other)).to_contain_text("Cancelled")
        await expect(row(page, other).get_by_role("checkbox")).to_be_checked()
        await expect(page.locator("tr[data-job='00000000']")).to_have_count(0)
        await row(page, other).get_by_role("checkbox").uncheck()
        await expect(page.locator("tr[data-job='00000000']")).to_have_count(1)

    visit(steps)


def test_an_open_job_page_follows_its_job_and_keeps_what_was_opened(visit: Callable[..., None]) -> None:
    job = make_job("pending")
    JobEvent.objects.create(job=job, event_type="note", message="First", metadata={"page": 3})

    async def steps(page: Page) -> None:
        await page.goto(f"/admin/jobs/job/{job.id}/change/")
        await page.get_by_text("details").click()
        await in_database(lambda: JobEvent.objects.create(job=job, event_type="note", message="Second"))
        await expect(page.locator(".gh-timeline")).to_contain_text("Second")
        await expect(page.get_by_text('"page": 3')).to_be_visible()
        await in_database(lambda: lifecycle.cancel(job.id, actor="service"))
        await expect(page.locator(".gh-head .gh-badge")).to_have_text("Cancelled")
        await expect(page.locator("#gh-live")).to_be_hidden()

    visit(steps)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_finding_and_reading_work_on_a_narrow_screen_too(visit: Callable[..., None], scheme: str) -> None:
    wanted = make_job("pending", job_type="scrape", target_url="https://narrow.example.com/" + "long/" * 40)
    other = make_job("pending")

    async def steps(page: Page) -> None:
        await page.keyboard.press("/")
        await page.keyboard.type("narrow.example")
        await page.keyboard.press("Enter")
        await expect(row(page, wanted)).to_be_visible()
        await expect(row(page, other)).to_have_count(0)
        await page.get_by_role("link", name="Clear").click()
        await page.get_by_label("Type").select_option("scrape")
        await page.wait_for_url("**/?type=scrape")
        await page.get_by_role("link", name=f"scrape {wanted.short_id}").click()
        await expect(page.get_by_role("heading", name="Facts")).to_be_visible()
        await page.get_by_role("button", name="Copy the command Follow").click()
        await expect(page.locator(".gh-command button").first).not_to_have_text("copy")
        for place in (
            "/admin/",
            "/admin/jobs/job/",
            "/admin/jobs/worker/",
            f"/admin/jobs/job/{wanted.id}/change/",
        ):
            await page.goto(place)
            assert await page.evaluate("document.documentElement.scrollWidth <= innerWidth"), place

    visit(steps, viewport={"width": 390, "height": 800}, color_scheme=scheme)
