"""One attempt in a real browser: whatever goes wrong, an outcome that names it; and its recording."""

from __future__ import annotations

import asyncio
import zipfile
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from playwright.async_api import Error as BrowserError

from tests.workers.held_site import HeldSite, held_site
from tests.workers.recording import RecordingRun
from workers.context import ClaimLost, InvalidInput, JobSpec, ResumeUnavailable
from workers.engines.browser import BrowserHost, BrowserUnavailable, find_chromium
from workers.executor import attempt, failure
from workers.outcomes import Completed, Failed


@pytest.fixture
def site() -> Iterator[HeldSite]:
    with held_site() as site:
        yield site


@asynccontextmanager
async def browser() -> AsyncIterator[BrowserHost]:
    host = BrowserHost(find_chromium(""))
    try:
        yield host
    finally:
        await host.close()


def spec(job_type: str, url: str, **fields: Any) -> JobSpec:
    return JobSpec(
        id="00000000-0000-4000-8000-000000000000",
        job_type=job_type,
        target_url=url,
        task_description="",
        input_data=fields.pop("input_data", {}),
        **fields,
    )


def run_attempt(job: JobSpec, keep_trace: Callable[[Path], Awaitable[None]] | None = None) -> Any:
    async def main() -> Any:
        async with browser() as host:
            return await attempt(RecordingRun(job), host, keep_trace)

    return asyncio.run(main())


@pytest.mark.browser
def test_a_page_that_does_not_answer_in_time(site: HeldSite) -> None:
    outcome = run_attempt(spec("scrape", f"{site.url}/held", timeout_seconds=3))
    assert isinstance(outcome, Failed)
    assert (outcome.code, outcome.message) == ("timeout", "The job took longer than its 3 s")
    assert site.left.wait(10)


@pytest.mark.browser
def test_a_page_that_nobody_serves() -> None:
    outcome = run_attempt(spec("scrape", "http://127.0.0.1:9/"))
    assert isinstance(outcome, Failed)
    assert outcome.code == "network_error"


@pytest.mark.browser
def test_input_that_makes_no_sense_needs_no_browser() -> None:
    outcome = run_attempt(spec("custom", "http://127.0.0.1:9/", input_data={"steps": []}))
    assert isinstance(outcome, Failed)
    assert (outcome.code, outcome.details["field"]) == ("validation_error", "steps")


@pytest.mark.browser
def test_only_a_run_that_did_not_complete_leaves_a_recording(site: HeldSite, tmp_path: Path) -> None:
    kept: list[set[str]] = []

    async def keep(trace: Path) -> None:
        kept.append(set(zipfile.ZipFile(trace).namelist()))

    missing = {"steps": [{"action": "click", "selector": "#none", "timeout_seconds": 1}]}
    assert isinstance(run_attempt(spec("scrape", f"{site.url}/page"), keep), Completed)
    assert isinstance(run_attempt(spec("custom", f"{site.url}/page", input_data=missing), keep), Failed)
    [names] = kept
    assert "trace.trace" in names


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (InvalidInput("steps", "must be a list"), "validation_error"),
        (ResumeUnavailable("too large"), "validation_error"),
        (BrowserUnavailable("no Chromium"), "browser_crashed"),
        (BrowserError("Page.click: Target page, context or browser has been closed"), "browser_crashed"),
        (BrowserError("Page.goto: net::ERR_CONNECTION_REFUSED at http://x"), "network_error"),
        (BrowserError("Frame.click: Unexpected"), "internal_error"),
        (ZeroDivisionError("division by zero"), "internal_error"),
    ],
)
def test_every_error_has_a_name_and_tells_nothing_personal(error: Exception, code: str) -> None:
    outcome = failure(error, RecordingRun(spec("scrape", "http://x")))
    assert outcome.code == code
    assert "division" not in outcome.message


@pytest.mark.browser
def test_a_lost_claim_is_no_outcome(site: HeldSite) -> None:
    class Lost(RecordingRun):
        def progress(self, *args: Any, **kwargs: Any) -> None:
            raise ClaimLost("rescued")

    async def main() -> None:
        async with browser() as host:
            await attempt(Lost(spec("scrape", f"{site.url}/page")), host)

    with pytest.raises(ClaimLost):
        asyncio.run(main())
