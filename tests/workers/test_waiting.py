"""Waiting for a person: the job's time stands still, a hint is heard at once, and secrets stay unsaid."""

from __future__ import annotations

import asyncio

import pytest

from workers.attendance import Attendance
from workers.context import Clock, JobSpec
from workers.discretion import Discretion
from workers.mailbox import Mailbox
from workers.outcomes import Failed, NeedsHuman


def test_the_time_of_a_job_stands_still_meanwhile() -> None:
    async def work() -> None:
        clock = Clock(0.2)
        async with clock.running():
            with clock.stopped():
                await asyncio.sleep(0.5)
            await asyncio.sleep(30)

    started = asyncio.run(timed(work()))
    assert 0.5 < started < 5


async def timed(work: object) -> float:
    loop = asyncio.get_running_loop()
    begun = loop.time()
    with pytest.raises(TimeoutError):
        await work  # type: ignore[misc]
    return loop.time() - begun


def test_a_wait_looks_when_it_is_told_to() -> None:
    async def wait() -> str:
        looks = iter([None, None, "came"])
        woken = asyncio.Event()

        async def look() -> str | None:
            woken.set()
            return next(looks)

        attendance = Attendance(look)
        waiting = asyncio.ensure_future(attendance.wait())
        for _ in range(2):
            await woken.wait()
            woken.clear()
            attendance.hasten()
        async with asyncio.timeout(5):
            return await waiting

    assert asyncio.run(wait()) == "came"


def test_secrets_are_masked_wherever_a_page_repeats_them() -> None:
    discretion = Discretion({"code": "493 817", "answers": {"Pass phrase": "tangerine"}, "short": "no"})
    failed = Failed("validation_error", "The code 493817 is wrong", {"messages": ["not tangerine", "no"]})
    assert discretion.hush(failed) == Failed(
        "validation_error", "The code ••• is wrong", {"messages": ["not •••", "no"]}
    )
    need = NeedsHuman("2fa", "A code", "https://example.com/?code=493817", "", {"n": 1})
    assert discretion.hush(need).page_url == "https://example.com/?code=•••"
    spec = JobSpec("1", "apply", "u", "493817", {})
    assert Discretion().hush(spec) is spec


def test_a_call_that_nobody_waits_for_is_not_made() -> None:
    mailbox, made = Mailbox(), []
    mailbox.ask(lambda: made.append(1)).cancel()
    kept = mailbox.ask(lambda: made.append(2))
    mailbox.serve_waiting()
    assert (made, kept.result()) == ([2], None)
