"""Signing in on log-in pages as sites build them: once, with the right fields, leaving no secret behind."""

from __future__ import annotations

import asyncio
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.workers.guarded_site import GuardedSite, guarded_site
from tests.workers.recording import RecordingRun, outcome_of
from workers.context import Credentials, JobSpec
from workers.engines.base import Engine
from workers.executor import attempt
from workers.handlers.signing_in import is_private_way, sign_in
from workers.hands.login import SignIn
from workers.outcomes import Completed, Failed, NeedsHuman, Outcome

NAME, PASSWORD = "rosalind.okafor@example.com", "Tern-heron-4711"
GOOD = Credentials(NAME, PASSWORD)
WRONG = Credentials(NAME, "Magpie-9000")


@pytest.fixture
def site() -> Iterator[GuardedSite]:
    with guarded_site(NAME, PASSWORD) as site:
        yield site


@pytest.fixture
def enter(drive: Callable[..., Any], site: GuardedSite) -> Callable[..., tuple[SignIn, RecordingRun, str]]:
    """Sign in on a page of the site; gives the answer, the run, and what the page's fields hold afterwards."""

    def run(page: str, credentials: Credentials | None) -> tuple[SignIn, RecordingRun, str]:
        recording = RecordingRun(JobSpec("7d3f", "apply", site.url(page), "Apply", {}))
        recording.given = credentials

        async def use(engine: Engine) -> tuple[SignIn, str]:
            await engine.open(site.url(page))
            answer = await sign_in(recording, engine)
            fields = await engine.page.evaluate(
                "[...document.querySelectorAll('input')].map(e => e.value).join()"
            )
            return answer, str(fields)

        answer, fields = drive(use)
        return answer, recording, fields

    return run


@pytest.mark.browser
@pytest.mark.parametrize("page", ["login", "steps", "spa", "unlabelled", "door"])
def test_the_right_password_opens_the_door(page: str, enter: Callable[..., Any], site: GuardedSite) -> None:
    answer, run, _ = enter(page, GOOD)
    assert answer == SignIn(True), site.tries
    assert site.tries == [(NAME, PASSWORD)]
    assert [text.split()[0] for name, text in run.calls if name == "event"] == [
        "credential_injection_attempted",
        "credential_injection_succeeded",
    ]
    assert PASSWORD not in str(run.calls)
    assert NAME not in str(run.calls)


@pytest.mark.browser
@pytest.mark.parametrize("page", ["login", "spa"])
def test_a_wrong_password_is_tried_once_and_taken_out_of_the_page(
    page: str, enter: Callable[..., Any], site: GuardedSite
) -> None:
    answer, run, fields = enter(page, WRONG)
    assert (answer.succeeded, answer.refused, run.refused) == (False, True, True)
    assert site.tries == [(NAME, WRONG.password)]
    assert WRONG.password not in fields
    assert "credential_injection_failed" in str(run.calls)
    assert WRONG.password not in str(run.calls)


@pytest.mark.browser
@pytest.mark.parametrize("page", ["signup", "newsletter"])
def test_other_forms_get_no_password(page: str, enter: Callable[..., Any], site: GuardedSite) -> None:
    answer, run, _ = enter(page, GOOD)
    assert not answer.succeeded
    assert run.given is GOOD, "the credentials were not even asked for"
    assert site.tries == []


def test_a_password_goes_over_tls_or_to_this_machine_only() -> None:
    private = ["https://example.com/", "http://127.0.0.1:8000/", "http://localhost/", "http://[::1]/"]
    assert [is_private_way(address) for address in private] == [True] * 4
    assert not is_private_way("http://example.com/")
    assert not is_private_way("http://10.0.0.7/")


@pytest.mark.browser
def test_an_application_goes_on_behind_the_login(
    site: GuardedSite, loop: asyncio.AbstractEventLoop, browser: Any
) -> None:
    outcome, _, _ = application(site, loop, browser, GOOD)
    assert isinstance(outcome, Completed), outcome
    assert site.tries == [(NAME, PASSWORD)]
    assert len(site.applications) == 1


@pytest.mark.browser
def test_a_refused_login_waits_for_a_person_and_leaves_no_secret(
    site: GuardedSite, loop: asyncio.AbstractEventLoop, browser: Any
) -> None:
    outcome, run, traces = application(site, loop, browser, WRONG)
    assert isinstance(outcome, NeedsHuman), outcome
    assert outcome.interaction_type == "login"
    assert site.tries == [(NAME, WRONG.password)]
    assert WRONG.password not in f"{outcome} {run.calls}"
    assert traces == [], "what was recorded before is thrown away, and nothing is recorded afterwards"


@pytest.mark.browser
def test_a_recording_after_the_login_holds_no_password(
    site: GuardedSite, loop: asyncio.AbstractEventLoop, browser: Any
) -> None:
    site.then = "<h1>No robots wanted</h1><p>Come back in spring.</p>"
    outcome, _, traces = application(site, loop, browser, GOOD)
    assert isinstance(outcome, Failed), outcome
    [content] = traces
    assert b"robots" in content
    assert PASSWORD.encode() not in content
    assert PASSWORD.encode().hex().encode() not in content


def application(
    site: GuardedSite, loop: asyncio.AbstractEventLoop, browser: Any, credentials: Credentials
) -> tuple[Outcome, RecordingRun, list[bytes]]:
    """Apply at a posting behind a log-in, recorded; gives the outcome, the run and the recordings' content."""
    person = {"first_name": "Rosalind", "last_name": "Okafor", "email": NAME}
    run = RecordingRun(JobSpec("7d3f", "apply", site.url("posting"), "Apply", {"user_data": person}))
    run.given = credentials
    traces: list[bytes] = []

    async def keep(trace: Path) -> None:
        with zipfile.ZipFile(trace) as parts:
            traces.append(b"".join(parts.read(name) for name in parts.namelist()))

    outcome = loop.run_until_complete(asyncio.wait_for(outcome_of(attempt(run, browser, keep)), 90))
    return outcome, run, traces
