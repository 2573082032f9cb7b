"""Lists that a form keeps under a title: a row for each entry, or a dialog that adds it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from tests.workers.pages import show
from workers.engines.scripted import ScriptedEngine
from workers.hands.form_data import FormData
from workers.hands.report import PageReport

pytestmark = pytest.mark.browser

# Each row added draws all of them anew.
ROWS = """<form><label>Name <input value=Dana></label><div><label>Boats</label><div id=host></div></div></form><script>
const held = [''];
const draw = () => {
  host.innerHTML = held.map(() => '<label>Boat name <input></label>').join('')
    + '<button type=button>+ Add another</button>';
  host.querySelectorAll('input').forEach((x, i) => { x.value = held[i]; x.oninput = () => { held[i] = x.value; }; });
  host.querySelector('button').onclick = () => { if (held.length < 3) held.push(''); draw(); };
};
draw();</script>"""
DIALOG = """<form><h3>Boats</h3><button type=button onclick="over.showModal()">Add boat</button><ul id=list></ul></form>
<dialog id=over><label>Boat <select id=kind><option value=''>Choose<option>Dinghy<option>Yacht</select></label>
<fieldset><legend>Condition</legend><label><input type=radio name=c value=Poor checked> Poor</label>
<label><input type=radio name=c value=Good> Good</label></fieldset>
<button type=button onclick="over.close()">Cancel</button><button type=button id=keep>Save</button></dialog><script>
const held = [];
keep.onclick = () => setTimeout(() => {
  const entry = kind.value + ', ' + over.querySelector(':checked[name=c]').value;
  if (!%s) { held.push(entry); list.innerHTML += `<li>${entry}</li>`; }
  kind.value = '';
  over.close();
}, 200);</script>"""


@pytest.mark.parametrize(
    ("html", "given", "held", "verified"),
    [
        (ROWS, "Heron, Tern", ["Heron", "Tern"], [True, True]),
        (ROWS, "Heron", ["Heron"], [True]),
        # Where there are fewer rows to be had than entries, none is entered.
        (ROWS, "Heron, Tern, Gull, Auk", ["", "", ""], [False]),
        (DIALOG % 0, "Yacht - Good, Dinghy (Poor)", ["Yacht, Good", "Dinghy, Poor"], [True, True]),
        # The dialog would say more than was stated, or has no such choice, or keeps nothing.
        (DIALOG % 0, "Yacht", [], [False]),
        (DIALOG % 0, "Raft - Good", [], [False]),
        (DIALOG % 1, "Yacht - Good", [], [False]),
    ],
)
def test_each_entry_of_a_list_is_added(
    drive: Callable[..., Any], html: str, given: str, held: list[str], verified: list[bool]
) -> None:
    async def use(engine: ScriptedEngine) -> tuple[PageReport, list[str]]:
        await show(engine, html)
        report = await engine.lasting(await engine.fill(FormData({"Boats": given})))
        return report, await engine.page.evaluate("() => held")

    report, found = drive(use)

    assert found == held
    assert [f.verified for f in report.filled] == verified
