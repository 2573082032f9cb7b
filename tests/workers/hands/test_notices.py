"""Notices that have to be read before one can agree to them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from tests.workers.pages import show
from workers.engines.scripted import ScriptedEngine
from workers.hands.form_data import FormData
from workers.hands.report import PageReport

pytestmark = pytest.mark.browser

RULES = "The allotment is kept free of weeds and the gate is shut at night. " * 20
PAGE = f"""<form><div id=other style="height:80px;overflow:auto">{RULES}</div>
<label>Name <input></label>
<div id=rules style="height:80px;overflow:auto">{RULES}</div>
<label><input type=checkbox id=box disabled> I have read the rules and accept them</label></form>
<script>rules.onscroll = () => {{
  if (rules.scrollTop + rules.clientHeight > rules.scrollHeight - 3) box.disabled = false;
}};</script>"""


@pytest.mark.parametrize("given", ["Yes", "No"])
def test_a_notice_is_read_to_its_end_where_its_box_is_to_be_ticked(
    drive: Callable[..., Any], given: str
) -> None:
    async def use(engine: ScriptedEngine) -> tuple[PageReport, list[Any]]:
        await show(engine, PAGE)
        report = await engine.fill(FormData({"I have read the rules and accept them": given}))
        return report, await engine.page.evaluate("() => [box.checked, other.scrollTop]")

    report, held = drive(use)

    assert held == [given == "Yes", 0]
    assert [(f.expected, f.verified) for f in report.filled] == [("true" if given == "Yes" else "", True)]
