"""One attempt at one job: in the browser's thread up to an outcome, in the main thread one lifecycle call."""

from __future__ import annotations

import asyncio
import logging
import tempfile
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any, Protocol, cast

from playwright.async_api import BrowserContext, StorageState
from playwright.async_api import Error as BrowserError
from playwright.async_api import TimeoutError as BrowserTimeout

from jobs import lifecycle
from jobs.models import Claim, Job
from workers.context import ClaimLost, InvalidInput, ResumeUnavailable, Run
from workers.engines import ENGINES
from workers.engines.base import Engine
from workers.engines.browser import BrowserHost, BrowserUnavailable
from workers.handlers import HANDLERS
from workers.outcomes import Completed, Failed, NeedsHuman, Outcome

log = logging.getLogger(__name__)

DEFAULT_ENGINE = "scripted"
TRACE_SECONDS = 20.0
STATE_SECONDS = 5.0

KeepTrace = Callable[[Path], Awaitable[None]]


class SessionStore(Protocol):
    """Where the state of the job's site in the user's browser is kept from run to run."""

    async def restored_session(self) -> dict[str, Any] | None: ...

    async def save_session(self, state: Mapping[str, Any]) -> None: ...


async def attempt(
    run: Run,
    host: BrowserHost,
    keep_trace: KeepTrace | None = None,
    store: SessionStore | None = None,
) -> Outcome:
    """Run the job's handler in a fresh browser context, under the job's time limit; always an outcome.

    `keep_trace` takes the recording of a run that did not complete; without it nothing is recorded. With a
    `store` the site finds what it left in the user's browser, and what it leaves is kept unless the run failed.
    Raises CancelledError when the attempt is stopped and ClaimLost when the job belongs to somebody else: then
    there is nothing to report. The context is closed in either case.
    """
    try:
        HANDLERS[run.spec.job_type].validate(run.spec)
        async with host.context(run.spec.id) as context:
            if store:
                await _restore(store, context)
            context.on("close", lambda _: run.page_gone())
            engine = ENGINES[DEFAULT_ENGINE](context, run.pace)
            recorded = _recorded(run, engine, keep_trace) if keep_trace else _handle(run, engine)
            outcome = await recorded
            if store and not isinstance(outcome, Failed):
                await _save(store, context)
            return outcome
    except (InvalidInput, BrowserUnavailable, BrowserError) as error:
        return failure(error, run)


async def _restore(store: SessionStore, context: BrowserContext) -> None:
    state = await store.restored_session()
    if state:
        # It spares the user a log-in; a run can do without.
        with suppress(BrowserError, TimeoutError):
            async with asyncio.timeout(STATE_SECONDS):
                await context.set_storage_state(cast(StorageState, state))


async def _save(store: SessionStore, context: BrowserContext) -> None:
    try:
        async with asyncio.timeout(STATE_SECONDS):
            state = await context.storage_state()
    except (BrowserError, TimeoutError):
        return
    await store.save_session(cast(Mapping[str, Any], state))


async def _handle(run: Run, engine: Engine) -> Outcome:
    try:
        async with run.clock.running():
            return await HANDLERS[run.spec.job_type].run(run, engine)
    except ClaimLost:
        raise
    except Exception as error:
        return failure(error, run)
    finally:
        run.spend(actions=engine.actions)


async def _recorded(run: Run, engine: Engine, keep_trace: KeepTrace) -> Outcome:
    await engine.recording.start()
    outcome = await _handle(run, engine)
    if isinstance(outcome, Completed):
        return outcome
    with tempfile.TemporaryDirectory(prefix="ghosthands-") as folder:
        trace = Path(folder) / "trace.zip"
        # The recording helps people; it may not change what became of the job.
        with suppress(BrowserError, TimeoutError, OSError):
            async with asyncio.timeout(TRACE_SECONDS):
                if await engine.recording.save(trace):
                    await keep_trace(trace)
    return outcome


def failure(error: Exception, run: Run) -> Failed:
    """Name what went wrong. The message is for people and holds no personal data."""
    match error:
        case InvalidInput():
            return Failed("validation_error", str(error), {"field": error.field_name})
        case ResumeUnavailable():
            return Failed("validation_error", str(error), {"field": "resume"})
        case BrowserUnavailable():
            return Failed("browser_crashed", str(error))
        case BrowserTimeout():
            return Failed("timeout", "The page did not answer in time")
        case TimeoutError():
            return Failed("timeout", f"The job took longer than its {run.spec.timeout_seconds} s")
        case BrowserError():
            return _browser_failure(error)
    log.exception("job %s failed in an unforeseen way", run.spec.id, exc_info=error)
    return Failed("internal_error", f"Unforeseen {type(error).__name__} in the {run.spec.job_type} handler")


def _browser_failure(error: BrowserError) -> Failed:
    text = error.message.partition("\n")[0]
    if "has been closed" in text or "crashed" in text or "disconnected" in text:
        return Failed("browser_crashed", "The browser or its page went away")
    if "net::" in text:
        code = text.partition("net::")[2].split(" ")[0]
        return Failed("network_error", f"The page could not be loaded ({code})")
    return Failed("internal_error", "The browser refused a command", {"browser": text[:200]})


def settle(claim: Claim, outcome: Outcome) -> Job:
    """Report the outcome of an attempt, in exactly one lifecycle call. Raises LostClaim."""
    match outcome:
        case Completed(result_data, summary):
            return lifecycle.complete(claim, result_data=result_data, summary=summary)
        case Failed(code, message, details):
            return lifecycle.fail(claim, code=code, message=message, details=details)
        case NeedsHuman(interaction_type, message):
            return lifecycle.pause(
                claim,
                interaction_type=interaction_type,
                message=message,
                interaction=outcome.interaction,
            )
