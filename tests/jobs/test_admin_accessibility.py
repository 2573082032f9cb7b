"""Every page of the console as axe-core sees it: WCAG 2.2 AA and good practice, light and dark, wide and narrow."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.base import AXE_SCRIPT
from cryptography.fernet import Fernet
from django.contrib.auth.models import User
from playwright.async_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from tests.factories import make_person
from tests.jobs.console_pages import fill, places
from tests.jobs.test_admin_browser import browser_page, picture, sign_in

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
# What depends on colours, on the layout, and on words that a narrow screen has no room for.
LOOKS = ["color-contrast", "link-in-text-block", "target-size", "scrollable-region-focusable"]
LOOKS += ["link-name", "button-name", "label", "select-name"]
CHECK = """rules => axe.run({runOnly: rules, resultTypes: ["violations"]}).then(found => found.violations.flatMap(
    one => one.nodes.map(node => `${one.id}: ${node.target}: ${node.any.concat(node.all, node.none)[0]?.message}`)))"""
LIGHT, DARK = ("light", 1360, RULES), ("dark", 390, LOOKS)


async def faults(page: Page) -> list[str]:
    """Give what is wrong with the open page, and whether it is wider than its window."""
    await page.evaluate(AXE_SCRIPT)
    found = []
    for scheme, width, rules in (LIGHT, DARK):
        await page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
        await page.set_viewport_size({"width": width, "height": 844})
        found += [f"{scheme}: {fault}" for fault in await page.evaluate(CHECK, rules)]
        if await page.evaluate("document.documentElement.scrollWidth > innerWidth"):
            found.append(f"{scheme}: wider than its window")
        if await page.evaluate(
            "[...document.querySelectorAll('.results')].some(l => l.scrollWidth > l.clientWidth)"
        ):
            found.append(f"{scheme}: a list wider than its window")
    await page.set_viewport_size({"width": LIGHT[1], "height": 844})
    return found


def test_no_page_shuts_anybody_out(live_server: LiveServer, settings: Any, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = str(tmp_path)
    settings.GH_ENCRYPTION_KEYS = [Fernet.generate_key().decode()]
    User.objects.create_superuser("olga", "", "secret")
    pages = places(fill(picture()))
    found: list[str] = []

    async def walk() -> None:
        complaints: list[str] = []
        async with browser_page(live_server.url, complaints, {}) as page:
            await sign_in(page, "olga")
            for place in pages:
                await place.open(page)
                found.extend(f"{place.name}: {wrong}" for wrong in (*complaints, *await faults(page)))
                # axe styles elements of its own.
                complaints.clear()

    asyncio.run(walk())
    assert not found, "\n".join(found)


def test_nor_does_a_page_for_strangers_or_faults(live_server: LiveServer) -> None:
    make_person("viewer")
    User.objects.create_user("nora", password="secret", is_staff=True)
    found: list[str] = []

    async def check(page: Page, heading: str) -> None:
        await expect(page.get_by_role("heading", name=heading)).to_have_count(1)
        found.extend(f"{heading}: {wrong}" for wrong in await faults(page))

    async def walk() -> None:
        async with browser_page(live_server.url, [], {}) as page:
            await page.goto("/admin/login/")
            await check(page, "Log in to GhostHands")
            await sign_in(page, "viewer")
            await page.goto("/admin/nowhere/")
            await check(page, "There is no such page")
            await page.goto("/admin/jobs/servicekey/")
            await check(page, "Your role does not allow this")
            await page.goto("/admin/")
            await page.get_by_role("button", name="Log out").click()
            await check(page, "You are logged out")
            await page.get_by_role("link", name="Log in again").click()
            await page.get_by_label("Username").fill("viewer")
            await page.get_by_label("Password").fill("secret")
            await page.context.clear_cookies()
            await page.get_by_role("button", name="Log in").click()
            await check(page, "Nothing was done")
            await page.goto("/admin/")
            await page.get_by_label("Username").fill("nora")
            await page.get_by_label("Password").fill("secret")
            await page.get_by_role("button", name="Log in").click()
            await check(page, "A role is missing")

    asyncio.run(walk())
    assert not found, "\n".join(found)
