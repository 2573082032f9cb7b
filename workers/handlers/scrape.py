"""`scrape`: read a page into the job's result.

`input_data.fields` names what to read, each a CSS selector or `{"selector", "attr", "all"}`; without it the
page's JSON-LD, metadata, tables, lists and main text are read. `input_data.schema` is a JSON Schema that the
data must meet.
"""

from __future__ import annotations

import contextlib
from collections.abc import Mapping
from typing import Any

from playwright.async_api import Page
from playwright.async_api import TimeoutError as BrowserTimeout
from referencing.exceptions import Unresolvable

from workers.context import InvalidInput, JobSpec, Run
from workers.engines.base import Engine
from workers.handlers.base import picture
from workers.handlers.extraction import read_page, read_picks
from workers.handlers.navigation import visit
from workers.handlers.people import past
from workers.handlers.structured import bound
from workers.hands.walls import Wall, wall
from workers.inputs import check_scrape
from workers.inputs.picks import Pick, parse_fields
from workers.inputs.schemas import schema_validator
from workers.outcomes import Completed, Failed, Outcome

SETTLE_SECONDS = 5.0
THIN_TEXT = 500
BLOCKERS = frozenset({"captcha", "bot_check"})


class ScrapeHandler:
    """Reads the target page; changes nothing on it.

    Units: `appear_seconds` is how long a field may take to appear.
    """

    def __init__(self, appear_seconds: float = 10.0) -> None:
        self._appear_seconds = appear_seconds

    def validate(self, spec: JobSpec) -> None:
        """Raises InvalidInput naming the part of `input_data` that cannot be worked with."""
        check_scrape(spec.input_data)

    async def run(self, run: Run, engine: Engine) -> Outcome:
        """Answer Completed with the data; Failed when the page is an error or the data do not fit the schema.

        Shape: `{"data": {...}, "final_url", "missing": [field], "truncated": bool}`.
        """
        run.progress("navigating", 10)
        failure = await visit(engine, run.spec.target_url)
        if failure is not None:
            left = await _cleared(run, engine, BLOCKERS, failure)
            if left:
                return left
        run.progress("extracting_results", 50)
        await _settle(engine.page)
        # A picture is evidence, not the result: a page that does not hold still is read all the same.
        with contextlib.suppress(BrowserTimeout):
            await picture(run, engine.page, "page")
        picks = parse_fields(run.spec.input_data)
        if picks:
            return await self._pick(run, engine, picks)
        data = await read_page(engine.page)
        # A page with a CAPTCHA beside its content is read; one that is hardly more than it is not.
        if _is_thin(data):
            there = _outcome(data, [], run.spec, engine.page.url)
            left = await _cleared(run, engine, BLOCKERS, there)
            if left:
                return left
            data = await read_page(engine.page)
        return _outcome(data, [], run.spec, engine.page.url)

    async def _pick(self, run: Run, engine: Engine, picks: Mapping[str, Pick]) -> Outcome:
        data = await read_picks(engine.page, picks, self._appear_seconds)
        missing = [name for name in picks if data[name] is None or data[name] == []]
        if len(missing) < len(picks):
            return _outcome(data, missing, run.spec, engine.page.url)
        sentence = f"the page holds none of the fields {', '.join(missing)}"
        none_there = Failed("element_not_found", sentence[:500])
        return await _cleared(run, engine, BLOCKERS | {"login", "2fa"}, none_there) or await self._pick(
            run, engine, picks
        )


async def _settle(page: Page) -> None:
    """Give a page that builds itself by script the time to do so."""
    with contextlib.suppress(BrowserTimeout):
        await page.wait_for_load_state("networkidle", timeout=SETTLE_SECONDS * 1000)


async def _cleared(run: Run, engine: Engine, kinds: frozenset[str], otherwise: Outcome) -> Outcome | None:
    """Have what blocks the page cleared, and return None; `otherwise` when nothing of these kinds does."""
    blocked = wall(await engine.glance())
    if blocked is None or blocked.kind not in kinds:
        return otherwise
    left = await past(run, engine, blocked, kinds)
    return otherwise if isinstance(left, Wall) else left


def _is_thin(data: Mapping[str, Any]) -> bool:
    return not data["json_ld"] and not data["tables"] and len(data["text"]) < THIN_TEXT


def _outcome(data: dict[str, Any], missing: list[str], spec: JobSpec, final_url: str) -> Outcome:
    problems = _problems(data, spec.input_data)
    if problems:
        message = "; ".join(f"{path}: {text}" for path, text in problems)
        paths = [path for path, _ in problems]
        return Failed("validation_error", f"the data do not fit the schema: {message}", {"paths": paths})
    bounded, truncated = bound(data)
    result = {"data": bounded, "final_url": final_url, "missing": missing, "truncated": truncated}
    return Completed(result, _summary(data, missing, spec.input_data))


def _problems(data: dict[str, Any], input_data: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Return the path and the sentence of at most ten places where the data do not fit the schema."""
    validator = schema_validator(input_data)
    if validator is None:
        return []
    try:
        errors = sorted(validator.iter_errors(data), key=lambda error: error.json_path)
    except Unresolvable as error:
        raise InvalidInput("schema", f"refers to {error.ref!r}, which it does not hold") from None
    return [(error.json_path.removeprefix("$."), error.message[:200]) for error in errors[:10]]


def _summary(data: dict[str, Any], missing: list[str], input_data: Mapping[str, Any]) -> str:
    if input_data.get("fields"):
        return f"Read {len(data) - len(missing)} of {len(data)} fields"
    kinds = sorted({str(node.get("@type")) for node in data["json_ld"] if node.get("@type")})
    return f"Read the page: {', '.join(kinds)[:100] or 'no structured data'}, {len(data['tables'])} tables"
