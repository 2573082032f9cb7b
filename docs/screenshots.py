"""Regenerate the README's pictures: a scratch database, one real application, an invented day, a real Chromium."""

from __future__ import annotations

import os
import secrets
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "ghosthands.settings")
django.setup()

import httpx  # noqa: E402
from django.conf import settings  # noqa: E402
from django.contrib.auth.models import User  # noqa: E402
from django.db import connection  # noqa: E402
from playwright.sync_api import Page, ViewportSize, sync_playwright  # noqa: E402

from bench.claims import scratch_database  # noqa: E402
from docs.seed import Day  # noqa: E402
from ghosthands.jobboard import sample  # noqa: E402
from ghosthands.processes import Children  # noqa: E402
from ghosthands.stack import POSTING, listen, start_stack  # noqa: E402
from jobs import artifacts  # noqa: E402
from jobs.models import Job  # noqa: E402
from workers.engines.browser import find_chromium  # noqa: E402

FOLDER = Path(__file__).parent
WIDE: ViewportSize = {"width": 1360, "height": 850}
NARROW: ViewportSize = {"width": 390, "height": 844}
PASSWORD = secrets.token_urlsafe(12)


def main() -> None:
    """Write every picture into `OUT` or this folder."""
    folder = Path(os.environ.get("OUT") or FOLDER)
    folder.mkdir(parents=True, exist_ok=True)
    with (
        tempfile.TemporaryDirectory() as data,
        scratch_database("gh_screenshots"),
        Children(Path(data)) as children,
    ):
        settings.DATABASE_URL = _scratch_address()
        settings.MEDIA_ROOT = str(Path(data, "media"))
        os.environ["GH_MEDIA_DIR"] = settings.MEDIA_ROOT
        User.objects.create_superuser("operator", "", PASSWORD)
        key = secrets.token_urlsafe(24)
        listener = listen(3200)
        base = start_stack(children, listener, service_key=key, worker_id="adam")
        job_id = apply(base, key)
        Day().fill()
        take_all(base, job_id, asked_about(job_id), folder)


def apply(base: str, key: str) -> str:
    """Send one real application, and wait until it has ended."""
    api = httpx.Client(base_url=base, headers={"X-GH-Service-Key": key}, trust_env=False)
    application = {
        "valet_task_id": "task-1",
        "valet_user_id": "00000000-0000-4000-8000-000000000001",
        "target_url": f"{base}/{POSTING}",
        "profile": sample.PROFILE,
        "resume": {"download_url": f"{base}/board/files/resume.pdf"},
        "qa_answers": sample.answers(),
        "target_worker_id": "adam",
    }
    job_id = str(api.post("/api/v1/gh/valet/apply", json=application).raise_for_status().json()["job_id"])
    deadline = time.monotonic() + 120
    while api.get(f"/api/v1/gh/valet/status/{job_id}").json()["status"] != "completed":
        if time.monotonic() > deadline:
            raise SystemExit("The application did not complete; no picture was changed.")
        time.sleep(0.5)
    return job_id


def asked_about(job_id: str) -> str:
    """Give the job that asks something, with a picture of the page on which the real application began."""
    seen = next(name for name in Job.objects.get(id=job_id).screenshot_urls if artifacts.read(name))
    asking = Job.objects.get(interaction_type="question")
    name = artifacts.save(asking.id, "question", artifacts.read(seen) or b"")
    Job.objects.filter(id=asking.id).update(screenshot_urls=[name])
    return str(asking.id)


def take_all(base: str, job_id: str, asking_id: str, folder: Path) -> None:
    """Open each page and write its picture."""
    shots = (
        ("dashboard", "/admin/", "light", WIDE),
        ("jobs", "/admin/jobs/job/", "dark", WIDE),
        ("job-page", f"/admin/jobs/job/{job_id}/change/", "light", WIDE),
        ("answer", f"/admin/jobs/job/{asking_id}/attend/", "light", WIDE),
        ("workers", "/admin/jobs/worker/", "dark", WIDE),
        ("dashboard-narrow", "/admin/", "dark", NARROW),
    )
    with browser_page() as open_page:
        for name, address, scheme, size in shots:
            page = open_page(base, scheme, size)
            page.goto(base + address)
            for image in page.get_by_role("img").and_(page.locator("img")).all():
                image.evaluate("image => { image.loading = 'eager'; return image.decode(); }")
            page.screenshot(path=folder / f"{name}.png")
            page.context.close()


@contextmanager
def browser_page() -> Iterator[Callable[[str, str, ViewportSize], Page]]:
    """Give a function that opens a signed-in page."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=find_chromium(""), args=["--no-sandbox"])

        def open_page(base: str, scheme: str, size: ViewportSize) -> Page:
            page = browser.new_context(
                color_scheme=scheme, viewport=size, timezone_id="Europe/Berlin"
            ).new_page()
            page.goto(f"{base}/admin/login/")
            page.get_by_label("Username").fill("operator")
            page.get_by_label("Password").fill(PASSWORD)
            page.get_by_role("button", name="Log in").click()
            return page

        yield open_page
        browser.close()


def _scratch_address() -> str:
    parts = urlsplit(settings.DATABASE_URL)
    return urlunsplit(parts._replace(path="/" + connection.settings_dict["NAME"]))


if __name__ == "__main__":
    main()
