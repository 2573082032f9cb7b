"""What an answer says beyond its yes or no, and the field that a page has for it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from tests.workers.pages import show
from workers.engines.scripted import ScriptedEngine
from workers.hands.candidate import Candidate
from workers.hands.form_data import FormData
from workers.hands.plan import Source
from workers.hands.report import PageReport
from workers.hands.sources import CandidateSource

pytestmark = pytest.mark.browser

ASKED = "Do you need a parking space?"
CHOICE = f"""<fieldset><legend>{ASKED}</legend>
<label><input type=radio name=p value=yes onclick="more.hidden = false"> Yes</label><div id=more hidden>{{}}</div>
<label><input type=radio name=p value=no onclick="more.hidden = true"> No</label></fieldset>"""
KINDLY = "<label>Tell us what for <textarea id=on></textarea></label>"
NUMBER = "<label>Plate number <input id=on></label>"
BELOW = "<label>If so, please explain <input id=on></label>"
BESIDE = "<label>Please describe your car <textarea id=on></textarea></label>"


@pytest.fixture
def enter(drive: Callable[..., Any]) -> Callable[..., tuple[PageReport, str, bool]]:
    """Fill the page; return the report, what stands in the field beside the choice, and whether yes was chosen."""

    def run(html: str, source: Source) -> tuple[PageReport, str, bool]:
        async def use(engine: ScriptedEngine) -> tuple[PageReport, str, bool]:
            await show(engine, f"<form>{html}<label>Anything else? <textarea></textarea></label></form>")
            report = await engine.fill(source)
            yes = await engine.page.is_checked("[value=yes]")
            return report, await engine.page.input_value("#on"), yes

        found: tuple[PageReport, str, bool] = drive(use)
        return found

    return run


@pytest.mark.parametrize("given", ["Yes, for a van", "Yes (for a van)", "yes - for a van"])
def test_the_field_that_a_yes_brings_takes_what_was_said_with_it(
    enter: Callable[..., Any], given: str
) -> None:
    report, held, yes = enter(CHOICE.format(KINDLY), FormData({ASKED: given}))

    assert (held, yes) == ("for a van", True)
    assert [(f.expected, f.verified) for f in report.filled] == [("Yes", True), ("for a van", True)]


def test_it_takes_what_a_candidate_said_with_it_as_well(enter: Callable[..., Any]) -> None:
    who = Candidate.from_input({"user_data": {}, "qa_overrides": {ASKED: "Yes, for a van"}})

    report, held, yes = enter(CHOICE.format(KINDLY), CandidateSource(who))

    assert (held, yes) == ("for a van", True)
    assert not report.failed


def test_a_field_that_stands_below_the_choice_takes_it_only_where_it_asks_on(
    enter: Callable[..., Any],
) -> None:
    source = FormData({ASKED: "Yes, for a van"})

    assert enter(CHOICE.format("") + BELOW, source)[1:] == ("for a van", True)
    assert enter(CHOICE.format("") + BESIDE, source)[1:] == ("", True)


def test_a_field_for_something_else_is_left_alone(enter: Callable[..., Any]) -> None:
    report, held, yes = enter(CHOICE.format(NUMBER), FormData({ASKED: "Yes, for a van"}))

    assert (held, yes) == ("", True)
    assert "Plate number" in [x.control.question for x in report.left]


def test_a_bare_answer_leaves_the_field_to_others(enter: Callable[..., Any]) -> None:
    report, held, yes = enter(CHOICE.format(KINDLY), FormData({ASKED: "Yes"}))

    assert (held, yes) == ("", True)
    assert "Tell us what for" in [x.control.question for x in report.left]


KIND = """<label>How did you hear of us? <select id=kind onchange="setTimeout(draw, 150)">
<option value=''>Choose</option><option>Friend of the house</option><option>Agency</option><option>Other</option>
</select></label><div id=slot></div><script>const draw = () => { slot.innerHTML = kind.value ? `%s` : ''; };</script>"""
NAMED = "<label>Name of that friend <input id=on></label>"


@pytest.mark.parametrize(
    ("given", "brought", "held"),
    [
        ("Friend of the house: Ida Roth", NAMED, "Ida Roth"),
        ("Friend of the house (Ida Roth)", "<label>Who was it? <input id=on></label>", "Ida Roth"),
        ("Friend of the house - Ida Roth", "<label>E-mail of the friend <input id=on></label>", ""),
        ("Friend of the house: Ida Roth", NAMED + "<label>Their department <input></label>", ""),
        ("Agency: Roth & Co", "<label>Which agency? <input id=on></label>", "Roth & Co"),
        ("Other: a poster", "<label>Please specify <input id=on></label>", "a poster"),
    ],
)
def test_the_field_that_a_choice_brings_takes_what_was_said_beside_its_name(
    drive: Callable[..., Any], given: str, brought: str, held: str
) -> None:
    async def use(engine: ScriptedEngine) -> tuple[PageReport, str]:
        await show(
            engine, f"<form>{KIND % brought}<label>Anything else? <textarea></textarea></label></form>"
        )
        report = await engine.fill(FormData({"How did you hear of us?": given}))
        return report, await engine.page.input_value("#on")

    report, found = drive(use)

    assert found == held
    assert [f.expected for f in report.filled][1:] == [held] * bool(held)
    assert not report.failed
