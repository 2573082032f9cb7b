"""The page to try the API, in a real browser: offline, under the strict policy."""

from __future__ import annotations

import asyncio

import pytest
from playwright.async_api import async_playwright
from pytest_django.live_server_helper import LiveServer

from tests.factories import make_job
from workers.engines.browser import find_chromium


async def try_list(address: str, key: str) -> tuple[str, list[str], set[str]]:
    """List jobs from the page; answers the status shown, what the console complained of, and the hosts asked."""
    complaints: list[str] = []
    hosts: set[str] = set()
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=find_chromium(""), args=["--no-sandbox"])
        page = await browser.new_page()
        page.on(
            "console", lambda message: complaints.append(message.text) if message.type == "error" else None
        )
        page.on("request", lambda request: hosts.add(request.url.partition("//")[2].partition("/")[0]))
        await page.goto(f"{address}/api/v1/gh/schema/ui/")
        await page.click("button.authorize")
        await page.locator(".auth-container", has_text="serviceKey").locator("input").fill(key)
        await page.locator(".auth-container", has_text="serviceKey").locator("button.authorize").click()
        await page.locator("button.btn-done").first.click()
        await page.click("#operations-Jobs-list_jobs .opblock-summary-control")
        await page.click("text=Try it out")
        await page.click("button.execute")
        status = await page.inner_text(".live-responses-table tbody .response-col_status")
        await browser.close()
    return status, complaints, {host for host in hosts if host}


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
def test_jobs_can_be_listed_from_the_page(live_server: LiveServer) -> None:
    make_job()
    status, complaints, hosts = asyncio.run(try_list(live_server.url, "test-service-key"))
    assert status.startswith("200")
    assert complaints == []
    assert hosts == {live_server.url.removeprefix("http://")}
