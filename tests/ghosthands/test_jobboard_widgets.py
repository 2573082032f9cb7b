"""The job board's office picker in a real browser, by keyboard and by mouse."""

from __future__ import annotations

import asyncio
import uuid
from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest
from playwright.async_api import Page, expect
from pytest_django import Settings
from pytest_django.live_server_helper import LiveServer

from ghosthands.jobboard import records
from ghosthands.jobboard.forms import OFFICES
from workers.engines.browser import BrowserHost, find_chromium

pytestmark = pytest.mark.browser


@pytest.fixture
def on_questions(live_server: LiveServer, settings: Settings, tmp_path: Path) -> Callable[..., None]:
    """Run a coroutine function on the page with the questions; fail if the page complained about anything."""
    settings.GH_DATA_DIR = tmp_path
    draft = uuid.uuid4()
    for page in ("contact", "experience"):
        records.save_page(draft.hex, page, {})

    async def run(use: Callable[[Page], Awaitable[None]]) -> None:
        host, complaints = BrowserHost(find_chromium("")), list[str]()
        try:
            async with host.context() as context:
                page = await context.new_page()
                page.on("console", lambda message: complaints.append(message.text))
                page.on("pageerror", lambda error: complaints.append(str(error)))
                await page.goto(f"{live_server.url}/board/jobs/data-analyst/apply/{draft}/screening")
                await use(page)
        finally:
            await host.close()
        assert complaints == []

    return lambda use: asyncio.run(run(use))


def test_the_office_picker_works_by_keyboard_and_by_mouse(on_questions: Callable[..., None]) -> None:
    async def use(page: Page) -> None:
        picker = page.get_by_role("combobox", name="Preferred office")
        options = page.get_by_role("listbox", name="Offices").get_by_role("option")
        await expect(picker).to_have_attribute("aria-expanded", "false")

        await picker.press_sequentially("remote")
        await expect(options).to_have_text(["Remote (Europe)", "Remote (United States)"])
        await picker.press("ArrowDown")
        await picker.press("ArrowDown")
        await expect(picker).to_have_attribute("aria-activedescendant", "office-1")
        await picker.press("Enter")
        await expect(picker).to_have_value("Remote (United States)")
        await expect(picker).to_have_attribute("aria-expanded", "false")

        await picker.click()
        await expect(options).to_have_text(list(OFFICES))
        await options.filter(has_text="Lyon").click()
        await expect(picker).to_have_value("Lyon, France")

    on_questions(use)


def test_the_office_picker_takes_nothing_that_is_not_in_its_list(on_questions: Callable[..., None]) -> None:
    async def use(page: Page) -> None:
        picker = page.get_by_role("combobox", name="Preferred office")
        await picker.press_sequentially("Atlantis")
        await expect(page.get_by_text("No office by that name")).to_be_visible()
        await picker.press("Escape")
        await expect(page.get_by_role("listbox")).to_be_hidden()
        await picker.press("Tab")
        await expect(picker).to_have_value("")

    on_questions(use)
