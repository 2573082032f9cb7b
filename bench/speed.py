"""How long the hands take, beside a script that was written for the page and knows every selector.

Both work the same pages in the same browser, turn by turn, with the same trusted input; the script checks nothing.
The ratio is what counts: the times depend on the machine and on what else it does. Every turn of the hands is held
against the script's turns just before and just after it, so that a machine that slows down slows both.
"""

from __future__ import annotations

import asyncio
import statistics
import tempfile
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path
from typing import Any
from unittest.mock import patch

import httpx
from django.conf import settings
from playwright.async_api import Browser, BrowserContext, async_playwright
from rich.console import Console
from rich.table import Table

from bench.speed_pages import FIELDS, PERSON, STATED, apply_knowingly, fill_knowingly, form_page
from ghosthands.jobboard.sample import PROFILE, answers, resume_pdf
from ghosthands.processes import Children
from ghosthands.stack import POSTING, listen, port_of
from workers.context import Clock, Help, JobSpec
from workers.engines.browser import VIEWPORT, find_chromium
from workers.engines.scripted import ScriptedEngine
from workers.handlers.apply import ApplyHandler
from workers.hands.candidate import Candidate
from workers.hands.observe import Eyes
from workers.hands.sources import CandidateSource
from workers.outcomes import Completed, NeedsHuman
from workers.window import Window

LOOKS = 30
ROUNDS = 15
START_SECONDS = 60.0
BUDGETS = {"observe_ms": 50.0, "page_ratio": 1.5, "application_ratio": 1.3}

Work = Callable[[BrowserContext], Awaitable[float]]


@dataclass(frozen=True, slots=True)
class Side:
    """One side's turns: the seconds of each, and how many calls to the browser's driver it made."""

    seconds: list[float] = field(default_factory=list)
    calls: list[int] = field(default_factory=list)


def run(console: Console) -> dict[str, Any]:
    """Measure a look, a page and an application."""
    figures = asyncio.run(_measured())
    table = Table(title="Speed of the hands", title_justify="left")
    for heading in ("", "hands", "script", "ratio", "budget", "calls"):
        table.add_column(heading, justify="right" if heading else "left")
    table.add_row("60 controls, one look", f"{figures['observe_ms']:.0f} ms", "", "", "50 ms", "")
    for name, title in (("page", f"{len(FIELDS)}-field page"), ("application", "three-page application")):
        hands, script = figures[f"{name}_ms"]
        table.add_row(
            title,
            f"{hands:.0f} ms",
            f"{script:.0f} ms",
            f"{figures[f'{name}_ratio']:.2f}",
            f"{BUDGETS[f'{name}_ratio']}",
            "{} / {}".format(*figures[f"{name}_calls"]),
        )
    console.print(table)
    return figures | {"budgets": BUDGETS}


async def _measured() -> dict[str, Any]:
    with tempfile.TemporaryDirectory() as scratch:
        resume = Path(scratch) / "dana-whitlock-resume.pdf"
        resume.write_bytes(resume_pdf())
        async with async_playwright() as playwright, job_board(Path(scratch)) as posting:
            browser = await playwright.chromium.launch(
                executable_path=find_chromium(""), args=["--no-sandbox"]
            )
            look = await _looks(browser)
            page = await alternated(
                browser, lambda c: _hands_fill(c, resume), lambda c: _script_fills(c, resume)
            )
            application = await alternated(
                browser,
                lambda c: _hands_apply(c, posting, resume),
                lambda c: _script_applies(c, posting, resume),
            )
            await browser.close()
    return {"observe_ms": look} | _figures("page", *page) | _figures("application", *application)


def _figures(name: str, hands: Side, script: Side) -> dict[str, Any]:
    """Return the medians, and the median of the ratios of each turn to the script's on both sides of it."""
    beside = [statistics.mean(pair) for pair in pairwise(script.seconds)]
    ratios = [took / script_took for took, script_took in zip(hands.seconds, beside, strict=True)]
    sides = (hands, script)
    return {
        f"{name}_ms": [round(statistics.median(side.seconds) * 1_000, 1) for side in sides],
        f"{name}_ratio": round(statistics.median(ratios), 2),
        f"{name}_calls": [round(statistics.median(side.calls)) for side in sides],
    }


@asynccontextmanager
async def job_board(scratch: Path) -> AsyncIterator[str]:
    """Serve the bundled job board on loopback from a process of its own; gives the address of a posting."""
    listener = listen(3900)
    base = f"http://127.0.0.1:{port_of(listener)}"
    env = {"GH_JOB_BOARD": "1", "GH_DATA_DIR": str(scratch / "data"), "DATABASE_URL": settings.DATABASE_URL}
    with Children(scratch / "logs") as children, listener:
        descriptor = listener.fileno()
        children.start(
            "web",
            "-m",
            "gunicorn",
            f"--bind=fd://{descriptor}",
            env=env,
            cwd=settings.BASE_DIR,
            keep=[descriptor],
        )
        async with httpx.AsyncClient(trust_env=False) as client, asyncio.timeout(START_SECONDS):
            while not (await client.get(f"{base}/health", timeout=START_SECONDS)).is_success:
                children.check()
        yield f"{base}/{POSTING}"


async def alternated(browser: Browser, hands: Work, script: Work) -> tuple[Side, Side]:
    """Return both sides' turns: the script's first and last, the hands' in between, each in a fresh context.

    One turn of each warms up.
    """
    sides = (Side(), Side())
    for work in (hands, script):
        await _turn(browser, work, Side())
    await _turn(browser, script, sides[1])
    for _ in range(ROUNDS):
        await _turn(browser, hands, sides[0])
        await _turn(browser, script, sides[1])
    return sides


async def _turn(browser: Browser, work: Work, side: Side) -> None:
    context = await browser.new_context(viewport=VIEWPORT)
    with _calls(browser) as sent:
        side.seconds.append(await work(context))
    side.calls.append(len(sent))
    await context.close()


@contextmanager
def _calls(browser: Browser) -> Iterator[list[str]]:
    """Give the list of what the browser's driver is asked from now on; Playwright itself keeps no count."""
    sent: list[str] = []
    wire: Any = type(browser._impl_obj._connection)
    # Public in some versions, private in others.
    name = next(name for name in dir(wire) if name.endswith("send_message_to_server"))
    send = getattr(wire, name)

    def noted(connection: Any, target: Any, method: str, *rest: Any) -> Any:
        sent.append(method)
        return send(connection, target, method, *rest)

    with patch.object(wire, name, noted):
        yield sent


async def _looks(browser: Browser) -> float:
    page = await browser.new_page()
    await page.set_content(form_page(copies=2))
    eyes, times = Eyes(page), []
    view = await eyes.look()
    if len(view.controls) != 2 * len(FIELDS):
        raise RuntimeError(f"{len(view.controls)} controls were seen")
    for _ in range(LOOKS):
        began = time.perf_counter()
        await eyes.look()
        times.append(time.perf_counter() - began)
    await page.close()
    return round(statistics.median(times) * 1_000, 1)


async def _hands_fill(context: BrowserContext, resume: Path) -> float:
    engine = ScriptedEngine(context)
    await context.route("**/form", lambda route: route.fulfill(body=form_page(), content_type="text/html"))
    await engine.open("http://form.example.com/form")
    source = CandidateSource(Candidate.from_input({"user_data": PERSON, "qa_overrides": STATED}, resume))
    began = time.perf_counter()
    report = await engine.fill(source)
    took = time.perf_counter() - began
    lacking = [f"{row['question']}: {row['reason']}" for row in report.rows() if not row["verified"]]
    if lacking:
        raise RuntimeError(f"not filled: {lacking}")
    return took


async def _script_fills(context: BrowserContext, resume: Path) -> float:
    page = await context.new_page()
    await page.route("**/form", lambda route: route.fulfill(body=form_page(), content_type="text/html"))
    await page.goto("http://form.example.com/form")
    began = time.perf_counter()
    await fill_knowingly(page, resume)
    return time.perf_counter() - began


class _Run:
    """A run that only has its resume; what a queue would add is measured elsewhere."""

    def __init__(self, spec: JobSpec, resume: Path) -> None:
        self.spec, self._resume = spec, resume
        self.clock = Clock(spec.timeout_seconds)

    def progress(self, step: str, pct: int, description: str = "") -> None: ...

    def event(self, event_type: str, message: str = "", **metadata: Any) -> None: ...

    async def arm_submit(self) -> None: ...

    async def disarm_submit(self, reason: str) -> None: ...

    async def save_screenshot(self, name: str, png: bytes) -> str:
        return name

    async def resume_file(self) -> Path | None:
        return self._resume

    async def cover_letter_file(self) -> Path | None: ...

    async def pace(self, address: str) -> None: ...

    def spend(self, *, actions: int) -> None: ...

    async def attend(self, need: NeedsHuman, window: Window) -> Help:
        raise RuntimeError(f"nobody is here: {need.message}")

    def confidential(self) -> tuple[str, ...]:
        return ()

    def page_gone(self) -> None: ...

    async def credentials(self, address: str) -> None: ...

    async def credentials_refused(self) -> None: ...


async def _hands_apply(context: BrowserContext, posting: str, resume: Path) -> float:
    stated = {"user_data": PROFILE, "qa_overrides": answers()}
    run = _Run(JobSpec("bench", "apply", posting, "Apply", stated), resume)
    began = time.perf_counter()
    outcome = await ApplyHandler().run(run, ScriptedEngine(context))
    took = time.perf_counter() - began
    if not isinstance(outcome, Completed):
        raise RuntimeError(f"the application did not complete: {outcome}")
    return took


async def _script_applies(context: BrowserContext, posting: str, resume: Path) -> float:
    page = await context.new_page()
    began = time.perf_counter()
    await apply_knowingly(page, posting, resume)
    return time.perf_counter() - began
