"""Whole applications on pages as application sites are built: the right end, the right values, one submission."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from tests.workers.flows.catalogue import FLOWS
from tests.workers.flows.play import Flow, play
from workers.engines.browser import BrowserHost


@pytest.mark.browser
@pytest.mark.parametrize("flow", FLOWS, ids=lambda flow: flow.name)
def test_flow(flow: Flow, loop: asyncio.AbstractEventLoop, browser: BrowserHost, tmp_path: Path) -> None:
    played = loop.run_until_complete(asyncio.wait_for(play(flow, browser, tmp_path), 90))

    assert played.faults == ()
