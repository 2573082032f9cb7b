from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine, Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest

from tests.workers.recording import RecordingRun, outcome_of
from tests.workers.sites import Site, serve
from workers.context import Help, JobSpec
from workers.engines.browser import BrowserHost, find_chromium
from workers.engines.scripted import ScriptedEngine
from workers.handlers import HANDLERS
from workers.outcomes import Outcome

PERSON: dict[str, Any] = {
    "first_name": "Rosalind",
    "last_name": "Okafor",
    "email": "rosalind.okafor@example.com",
    "phone": "+1 503 555 0142",
    "address": "18 Juniper Lane",
    "city": "Portland",
    "state": "Oregon",
    "zip": "97205",
    "country": "United States",
    "linkedin_url": "https://www.linkedin.com/in/rosalind-okafor-example",
    "years_of_experience": 9,
    "salary_expectation": "95000",
    "skills": ["Python", "SQL"],
    "education": [
        {
            "institution": "Reed College",
            "degree": "Bachelor of Arts",
            "field": "Physics",
            "graduation_year": 2014,
        }
    ],
    "work_history": [
        {
            "company": "Millrace Labs",
            "title": "Data engineer",
            "start_date": "2019-03",
            "end_date": "2024-06",
        },
        {"company": "Tansy & Co", "title": "Analyst", "start_date": "2014-09", "end_date": "2019-02"},
    ],
}
ANSWERS = {
    "Are you authorized to work in the United States?": "Yes",
    "Will you need visa sponsorship?": "No",
    "When could you start?": "2027-03-01",
    "How did you hear about us?": "LinkedIn",
}


@pytest.fixture(scope="session")
def loop() -> Iterator[asyncio.AbstractEventLoop]:
    made = asyncio.new_event_loop()
    yield made
    made.close()


@pytest.fixture(scope="session")
def browser(loop: asyncio.AbstractEventLoop) -> Iterator[BrowserHost]:
    """One Chromium for all pages of the session; each test gets a context of its own."""
    host = BrowserHost(find_chromium(""), restart_after=10_000)
    yield host
    loop.run_until_complete(host.close())


@pytest.fixture
def drive(loop: asyncio.AbstractEventLoop, browser: BrowserHost) -> Callable[..., Any]:
    """Run `use(engine)` with an engine in a fresh context and return what it returns."""

    async def run(use: Callable[[ScriptedEngine], Coroutine[Any, Any, Any]]) -> Any:
        async with browser.context() as context:
            return await use(ScriptedEngine(context))

    return lambda use: loop.run_until_complete(asyncio.wait_for(run(use), 90))


@pytest.fixture
def site() -> Iterator[Site]:
    made = Site()
    server = serve(made)
    yield made
    server.shutdown()
    server.server_close()


@pytest.fixture
def resume(tmp_path: Path) -> Path:
    path = tmp_path / "okafor-resume.pdf"
    path.write_bytes(b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n")
    return path


@pytest.fixture
def handle(
    drive: Callable[..., Any], site: Site, resume: Path
) -> Callable[..., tuple[Outcome, RecordingRun]]:
    """Run a handler on a page of the test site and return its outcome with what it reported.

    `helps` is what people give when they are called; once nobody is left, the outcome is the call.
    """

    def run(
        job_type: str,
        page: str,
        input_data: dict[str, Any],
        *,
        helps: Sequence[Help] = (),
        metadata: dict[str, Any] | None = None,
        remembered: dict[str, str] | None = None,
        **options: Any,
    ) -> tuple[Outcome, RecordingRun]:
        spec = JobSpec(
            "7d3f",
            job_type,
            site.url(page),
            "Do the chore",
            input_data,
            metadata=metadata or {},
            remembered=remembered or {},
        )
        recording = RecordingRun(spec, resume=resume, **options)
        HANDLERS[job_type].validate(spec)
        recording.helps = list(helps)
        outcome = drive(lambda engine: outcome_of(HANDLERS[job_type].run(recording, engine)))
        return outcome, recording

    return run


@pytest.fixture
def apply(handle: Callable[..., Any]) -> Callable[..., tuple[Outcome, RecordingRun]]:
    """Apply on a page of the test site as the test person; `answers` and `person` add to what is stated."""

    def run(
        page: str,
        *,
        answers: dict[str, str] | None = None,
        person: dict[str, Any] | None = None,
        **options: Any,
    ) -> Any:
        stated = {"user_data": PERSON | (person or {}), "qa_overrides": ANSWERS | (answers or {})}
        return handle("apply", page, stated, **options)

    return run
