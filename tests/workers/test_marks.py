"""The mark before a submission, where a person beside the page presses what bars the way to the form."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from tests.workers.conftest import PERSON
from tests.workers.recording import RecordingRun
from tests.workers.sites import Site
from workers.context import Help, JobSpec
from workers.handlers.apply import ApplyHandler
from workers.outcomes import Failed, NeedsHuman
from workers.window import Touch, Window

pytestmark = pytest.mark.browser


class Pressed(RecordingRun):
    """A run with a person who presses the page once, this far from its top in pixels."""

    at: float = 0

    async def attend(self, need: NeedsHuman, window: Window) -> Help:
        await window.touch(Touch("click", 60 / 1280, self.at / 900, ""))
        return Help()


@pytest.mark.parametrize(
    ("at", "marks"),
    [(20, []), (120, ["arm", "disarm"])],
    ids=["a button of the puzzle's own", "a button of the page"],
)
def test_a_press_before_the_form_leaves_no_mark(
    drive: Callable[..., Any], site: Site, at: float, marks: list[str]
) -> None:
    run = Pressed(JobSpec("7d3f", "apply", site.url("puzzle.html"), "Apply", {"user_data": PERSON}))
    run.at = at

    outcome = drive(lambda engine: ApplyHandler(patience_seconds=1).run(run, engine))

    assert isinstance(outcome, Failed), outcome
    assert outcome.message == "The page has no button to go on"
    assert run.arming == marks
