"""Operators and administrators at their work, by clicking: what the other browser tests leave out."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest
from cryptography.fernet import Fernet
from django.contrib.auth.models import User
from django.db.models.functions import Now
from playwright.async_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from jobs import credentials, memory
from jobs.models import Credential, Job, RememberedAnswer, ServiceKey
from tests.factories import USER, make_job, make_person
from tests.jobs.test_admin_browser import browser_page, row, sign_in, status_of
from valet.models import CallbackDelivery

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

As = Callable[[str, Callable[[Page], Awaitable[None]]], None]


@pytest.fixture
def as_role(live_server: LiveServer, settings: Any, tmp_path: Path) -> As:
    """Run steps as somebody with a role; anything the browser complains of fails the test."""
    settings.MEDIA_ROOT = str(tmp_path)
    settings.GH_ENCRYPTION_KEYS = [Fernet.generate_key().decode()]

    def run(role: str, steps: Callable[[Page], Awaitable[None]]) -> None:
        complaints: list[str] = []

        async def work() -> None:
            async with browser_page(live_server.url, complaints, {}) as page:
                await sign_in(page, role)
                await steps(page)

        make_person(role)
        asyncio.run(work())
        assert complaints == []

    return run


def asking(kind: str, **fields: Any) -> Job:
    return make_job(
        "paused", paused_at=Now(), interaction_type=kind, interaction_data={"message": kind}, **fields
    )


def test_an_operator_answers_judges_sends_and_takes_the_list_along(as_role: As) -> None:
    code, unsure, hopeless = (
        asking("2fa"),
        asking("verify_submission", submit_armed_at=Now()),
        asking("login"),
    )
    captchas = [asking("captcha", job_type="scrape") for _ in range(2)]
    told = make_job("completed", callback_url="https://valet.example.com/hook")
    CallbackDelivery.objects.create(job=told, status="completed", payload={}, attempts=12, dead_at=Now())

    async def steps(page: Page) -> None:
        said = page.locator(".messagelist")
        await page.get_by_role("link", name="Needs human").first.click()
        await row(page, code).get_by_role("link", name="Answer").click()
        await page.get_by_label("Code").fill("493817")
        await page.get_by_role("button", name="Go on").click()
        await expect(said).to_contain_text("goes on: it is pending")
        await page.goto(f"/admin/jobs/job/{unsure.id}/attend/")
        await page.get_by_label("It was sent").check()
        await page.get_by_role("button", name="Go on").click()
        await expect(said).to_contain_text("completed")
        await page.goto(f"/admin/jobs/job/{hopeless.id}/attend/")
        await page.get_by_role("button", name="Cancel the job").click()
        await expect(said).to_contain_text("is cancelled")
        await page.goto("/admin/jobs/job/?type=scrape")
        await page.get_by_label("all 2 that match").check()
        await page.locator("#bulk-resume").click()
        await page.get_by_role("button", name="Resume", exact=True).click()
        await expect(said).to_contain_text("Resumed 2.")
        async with page.expect_download() as download:
            await page.get_by_role("link", name="CSV").click()
        assert captchas[0].short_id in Path(await (await download.value).path()).read_text()
        await page.goto("/admin/valet/callbackdelivery/?state=dead")
        await page.get_by_role("button", name=f"Send completed of {told.short_id} again").click()
        await expect(said).to_contain_text("1 callback will be sent")
        await page.goto(f"/admin/jobs/job/{told.id}/change/")
        await expect(page.get_by_role("button", name="Reveal")).to_have_count(0)
        await page.goto("/admin/jobs/worker/")
        await expect(page.locator("#gh-nav").get_by_text("Data")).to_have_count(0)
        await expect(page.get_by_role("button", name="Pause")).to_have_count(0)

    as_role("operator", steps)
    assert [status_of(job) for job in (code, unsure, hopeless)] == ["pending", "completed", "cancelled"]
    assert {status_of(job) for job in captchas} == {"pending"}
    assert CallbackDelivery.objects.get().dead_at is None


def test_an_administrator_issues_revokes_erases_corrects_and_appoints(as_role: As) -> None:
    async def steps(page: Page) -> None:
        said = page.locator(".messagelist")
        await page.goto("/admin/jobs/servicekey/")
        await page.get_by_label("Name").fill("valet staging")
        await page.get_by_role("button", name="Issue").click()
        await expect(page.get_by_text("shown now and never again")).to_be_visible()
        await page.get_by_role("button", name="Copy the key").click()
        await expect(page.locator(".gh-copy").first).not_to_have_text("copy")
        await page.get_by_role("link", name="I have copied them").click()
        await page.get_by_role("button", name="Revoke the key valet staging").click()
        await expect(said).to_contain_text("opens nothing any more")
        await page.goto("/admin/jobs/credential/")
        await page.get_by_role("button", name="Erase workday").click()
        await page.get_by_role("button", name="Erase", exact=True).click()
        await expect(said).to_contain_text("Erased 1 of user")
        await page.goto(f"/admin/jobs/rememberedanswer/?q={USER}")
        await page.get_by_role("link", name="Notice period").click()
        await page.get_by_label("Answer").fill("3 months")
        await page.get_by_role("button", name="Save", exact=True).click()
        await expect(said).to_contain_text("changed successfully")
        await page.goto("/admin/auth/user/add/")
        await page.get_by_label("Username").fill("nora")
        await page.get_by_label("Password:", exact=True).fill("Tr0ub4dor&3")
        await page.get_by_label("Password confirmation").fill("Tr0ub4dor&3")
        await page.get_by_role("button", name="Save", exact=True).click()
        await page.get_by_label("Staff status").check()
        await page.get_by_label("operator").check()
        await page.get_by_role("button", name="Save", exact=True).click()
        await expect(said).to_contain_text("changed successfully")
        await page.get_by_role("button", name="Log out").click()
        await page.goto("/admin/")
        await expect(page.get_by_label("Username")).to_be_visible()

    job = make_job("completed", user_id=USER)
    memory.remember(job, [{"question": "Notice period"}], {"Notice period": "4 weeks"}, answered_by="valet")
    credentials.put(USER, "workday", username="test@example.com", password="pa55")
    as_role("administrator", steps)
    assert ServiceKey.objects.get().revoked_at is not None
    assert not Credential.objects.exists()
    corrected = RememberedAnswer.objects.get()
    assert (corrected.answer, corrected.answered_by) == ("3 months", "admin:administrator")
    nora = User.objects.get(username="nora")
    assert [group.name for group in nora.groups.all()] == ["operator"]
    assert nora.is_staff
