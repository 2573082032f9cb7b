"""The recording of a run, opened in the viewer that Playwright ships: by whom, and what it shows."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import pytest
from cryptography.fernet import Fernet
from django.core.files.storage import default_storage
from django.test import Client
from playwright.async_api import Page, async_playwright, expect
from pytest_django.live_server_helper import LiveServer

from jobs import artifacts
from jobs.models import Job
from tests.factories import make_job, make_person
from workers.engines.browser import find_chromium

FORM = (
    "<title>Careers</title><h1 onclick='document.title=1'>Apply here</h1><label>Name <input></label>"
    "<img src=x onerror=\"parent.document.title='broken out'\"><button>Next</button>"
)


@pytest.fixture(autouse=True)
def storage(settings: Any, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = str(tmp_path)
    settings.GH_ENCRYPTION_KEYS = [Fernet.generate_key().decode()]


def recorded(content: bytes = b"PK") -> Job:
    job = make_job("failed")
    name = artifacts.save(job.id, "trace", content, kind="zip")
    Job.objects.filter(id=job.id).update(artifact_urls=[name])
    job.refresh_from_db()
    return job


@pytest.mark.django_db
class TestWhoMayOpenIt:
    def test_an_administrator_and_the_history_tells(self, client: Client) -> None:
        job = recorded()
        client.force_login(make_person("administrator"))
        opened = client.get(f"/replay/{job.id}/1/")
        assert opened["Location"].startswith("/replay/viewer/index.html?trace=")
        assert client.get(f"/replay/{job.id}/1/recording.zip").content == b"PK"
        event = job.events.get(event_type="recording_opened")
        assert event.actor == "admin:administrator"

    @pytest.mark.parametrize(("role", "number"), [("operator", 0), ("administrator", 1)])
    def test_the_jobs_page_leads_there_whoever_may(self, client: Client, role: str, number: int) -> None:
        job = recorded()
        client.force_login(make_person(role))
        page = client.get(f"/admin/jobs/job/{job.id}/change/").content.decode()
        assert page.count(f'href="/replay/{job.id}/1/"') == number

    @pytest.mark.parametrize("role", ["viewer", "operator"])
    def test_nobody_below(self, client: Client, role: str) -> None:
        job = recorded()
        client.force_login(make_person(role))
        for address in (
            f"/replay/{job.id}/1/",
            f"/replay/{job.id}/1/recording.zip",
            "/replay/viewer/index.html",
        ):
            assert client.get(address).status_code == 403
        assert client.get(f"/{job.artifact_urls[0]}").status_code == 404
        assert not job.events.filter(event_type="recording_opened").exists()

    def test_a_stranger_is_asked_who_he_is(self, client: Client) -> None:
        assert client.get(f"/replay/{recorded().id}/1/")["Location"].startswith("/admin/login/")

    def test_it_lies_there_encrypted(self) -> None:
        job = recorded(b"PK secret")
        with default_storage.open(job.artifact_urls[0]) as stored:
            assert b"secret" not in stored.read()

    @pytest.mark.parametrize("rest", ["2/", "0/", "2/recording.zip"])
    def test_what_is_not_there_is_404(self, client: Client, rest: str) -> None:
        client.force_login(make_person("administrator"))
        assert client.get(f"/replay/{recorded().id}/{rest}").status_code == 404

    @pytest.mark.parametrize("file", ["/replay/viewer/index.html", "/static/ghosthands/parts.css"])
    def test_files_come_whole_as_the_asynchronous_server_wants_them(self, client: Client, file: str) -> None:
        client.force_login(make_person("administrator"))
        answer = client.get(file)
        assert not answer.streaming
        assert len(answer.content) == int(answer["Content-Length"]) > 0
        since = {"If-Modified-Since": answer["Last-Modified"]}
        assert client.get(file, headers=since).status_code == 304
        assert client.head(file).content == b""

    def test_the_viewers_folder_is_not_left(self, client: Client) -> None:
        client.force_login(make_person("administrator"))
        assert client.get("/replay/viewer/%2e%2e/%2e%2e/%2e%2e/package.json").status_code == 400


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
def test_it_shows_the_run_without_the_pages_scripts(live_server: LiveServer, tmp_path: Path) -> None:
    make_person("administrator")
    trace = tmp_path / "trace.zip"

    async def record() -> None:
        async with async_playwright() as playwright:
            browser = await playwright.chromium.launch(
                executable_path=find_chromium(""), args=["--no-sandbox"]
            )
            context = await browser.new_context()
            await context.tracing.start(screenshots=True, snapshots=True)
            page = await context.new_page()
            await page.route("**/*", lambda route: route.fulfill(body=FORM, content_type="text/html"))
            await page.goto("http://careers.example/")
            await page.fill("input", "Dana Whitlock")
            await page.click("button")
            await context.tracing.stop(path=trace)
            await browser.close()

    asyncio.run(record())
    job = recorded(trace.read_bytes())

    async def replay() -> list[str]:
        strangers: list[str] = []
        async with async_playwright() as playwright:
            browser = await playwright.chromium.launch(
                executable_path=find_chromium(""), args=["--no-sandbox"]
            )
            page = await browser.new_page(base_url=live_server.url)
            page.on("response", lambda got: None if got.from_service_worker else strangers.append(got.url))
            page.on("requestfailed", lambda failed: strangers.append(failed.url))
            await page.goto(f"/replay/{job.id}/1/")
            await page.get_by_label("Username").fill("administrator")
            await page.get_by_label("Password").fill("secret")
            await page.get_by_role("button", name="Log in").click()
            await _look_through(page)
            await browser.close()
        return [url for url in strangers if not url.startswith((live_server.url, "data:", "blob:"))]

    assert asyncio.run(replay()) == []


async def _look_through(page: Page) -> None:
    await expect(page.get_by_text("Fill")).to_be_visible()
    await page.get_by_text("Fill").click()
    moment = page.frame_locator("iframe.snapshot-visible")
    await expect(moment.get_by_role("heading", name="Apply here")).to_be_visible()
    await expect(page).not_to_have_title("broken out")
