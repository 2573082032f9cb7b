"""Periods that have not ended: the box that says so, instead of a date."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from tests.workers.pages import show
from workers.engines.scripted import ScriptedEngine
from workers.hands.form_data import FormData
from workers.hands.report import PageReport

pytestmark = pytest.mark.browser

YEARS = "".join(f"<option>{year}</option>" for year in range(2020, 2030))
GROUPED = f"""<fieldset><legend>From</legend><select aria-label=Year><option>Year</option>{YEARS}</select></fieldset>
<fieldset><legend>Until</legend><select id=end aria-label=Year><option value=''>Year</option>{YEARS}</select>
<label><input type=checkbox id=now onchange="end.disabled = this.checked"> I currently work here</label></fieldset>"""
FLAT = """<label>Until <input type=month id=end></label>
<label><input type=checkbox id=now onchange="end.disabled = this.checked"> I currently work here</label>"""
OFFERED = f"""<label>Until <select id=end aria-label=Until><option value=''>Year</option>{YEARS}<option>Present</option>
</select></label><input type=checkbox id=now aria-label=Ticked>"""


@pytest.mark.parametrize(
    ("html", "given", "held"),
    [
        (GROUPED, "Present", ["", True]),
        (GROUPED, "Heute", ["", True]),
        (GROUPED, "May 2024", ["2024", False]),
        (FLAT, "present", ["", True]),
        (FLAT, "May 2024", ["2024-05", False]),
        (OFFERED, "Present", ["Present", False]),
    ],
)
def test_what_goes_on_is_said_by_the_box_for_it(
    drive: Callable[..., Any], html: str, given: str, held: list[Any]
) -> None:
    async def use(engine: ScriptedEngine) -> tuple[PageReport, list[Any]]:
        await show(engine, f"<form>{html}</form>")
        report = await engine.fill(FormData({"Until": given}))
        return report, await engine.page.evaluate("() => [end.value, now.checked]")

    report, found = drive(use)

    assert found == held
    assert not report.failed
