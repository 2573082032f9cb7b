"""Get past what blocks a page: with the user's stored log-in, else with a person beside the open page."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Collection
from typing import Any

from playwright.async_api import Error as PlaywrightError

from workers.context import Run
from workers.engines.base import Engine
from workers.engines.page_window import PageWindow
from workers.handlers.base import picture
from workers.handlers.signing_in import is_private_way, sign_in
from workers.hands.codes import enter_code, wipe_code
from workers.hands.walls import Wall, wall
from workers.outcomes import NeedsHuman

KINDS = frozenset({"captcha", "bot_check", "login", "2fa"})
# A person who resumes without having cleared the page is called again, but not for ever.
CALLS = 5
CLEARED_S = 8.0
LOOK_S = 0.15


async def past(
    run: Run,
    engine: Engine,
    blocked: Wall | None,
    kinds: Collection[str] = KINDS,
    before_sending: Callable[[], Awaitable[None]] | None = None,
) -> Wall | NeedsHuman | None:
    """Clear the way, and return None; or a wall that no person moves; or the call with which the job is parked.

    `before_sending` is awaited before a person's press that may send the form; it has to arm, as is done without it.
    Raises `ClaimLost` when nobody came in time.
    """
    for _ in range(CALLS):
        if blocked is None or blocked.kind not in kinds:
            return blocked
        run.event("blocker_detected", blocked.evidence, page_url=engine.page.url, **blocked.facts)
        if blocked.kind == "login" and (await sign_in(run, engine)).succeeded:
            blocked = await _standing(engine, blocked.kind)
        else:
            blocked = await _with_a_person(run, engine, blocked, before_sending or run.arm_submit)
    return await call(run, engine, blocked) if blocked else None


async def call(run: Run, engine: Engine, blocked: Wall) -> NeedsHuman:
    """Return the call for a person, with a picture of what they are needed for."""
    shot = await picture(run, engine.page, blocked.kind)
    message = f"A person is needed: {blocked.evidence}"
    return NeedsHuman(blocked.kind, message, engine.page.url, shot, blocked.facts)


async def review(run: Run, engine: Engine, fields: list[dict[str, Any]]) -> bool:
    """Show the filled form to a person and wait for the word to send it, for jobs that ask for it.

    Returns whether the person touched the page so that the form may have been sent: then nothing may press again.
    Raises `ClaimLost` when nobody gave it in time: the job is parked then, and is filled in again once approved.
    """
    if run.spec.metadata.get("review") is not True:
        return False
    touched = []

    async def before_sending() -> None:
        await run.arm_submit()
        touched.append(True)

    run.progress("reviewing", 85, "Waiting for approval")
    shot = await picture(run, engine.page, "review")
    text = "The form is filled in and waits for a person's approval to be sent"
    need = NeedsHuman("review", text, engine.page.url, shot, {"fields": fields})
    await run.attend(need, _window(run, engine, before_sending))
    return bool(touched)


def _window(run: Run, engine: Engine, before_sending: Callable[[], Awaitable[None]]) -> PageWindow:
    return PageWindow(engine.page, engine.recording, unsaid=run.confidential, before_sending=before_sending)


async def _with_a_person(
    run: Run, engine: Engine, blocked: Wall, before_sending: Callable[[], Awaitable[None]]
) -> Wall | None:
    """Call a person, type what they gave, and return what still blocks the page.

    Somebody who settled it in another way, on a telephone for one, gives nothing.
    """
    window = _window(run, engine, before_sending)
    given = await run.attend(await call(run, engine, blocked), window)
    if given.credentials and blocked.kind == "login":
        await sign_in(run, engine, given.credentials)
    if not given.code or blocked.kind == "login":
        return await _standing(engine, blocked.kind)
    return await _after_code(run, engine, blocked, given.code)


async def _after_code(run: Run, engine: Engine, blocked: Wall, code: str) -> Wall | None:
    """Type the code, unrecorded, and return what still blocks the page."""
    if not is_private_way(engine.page.url):
        run.event("credential_injection_failed", "The page would send the code over the network in clear")
        return blocked
    await engine.recording.forget()
    run.event("credential_injection_attempted", "Typing the code")
    typed = await enter_code(engine.page, code)
    left = await _standing(engine, blocked.kind)
    if typed and (left is None or left.kind != blocked.kind):
        run.event("credential_injection_succeeded", "The page took the code")
        return left
    await wipe_code(engine.page)
    run.event("credential_injection_failed", "The page did not take the code")
    return left


async def _standing(engine: Engine, kind: str) -> Wall | None:
    """Return what blocks the page once it has had time to go on; the same `kind` has until then to go away.

    Two looks in a row count.
    """
    loop = asyncio.get_running_loop()
    deadline, found, before = loop.time() + CLEARED_S, None, kind
    while loop.time() < deadline:
        await asyncio.sleep(LOOK_S)
        try:
            found = wall(await engine.gaze())
        except PlaywrightError:
            continue
        seen = found.kind if found else ""
        if seen == before and seen != kind:
            return found
        before = seen
    return found
