"""Two lists side by side, between which entries are moved."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from tests.workers.pages import show
from workers.engines.scripted import ScriptedEngine
from workers.hands.form_data import FormData
from workers.hands.report import PageReport

pytestmark = pytest.mark.browser

STYLE = "<style>.two{display:flex}select{width:90px}ul{width:120px;height:120px;padding:0}.gone{display:none}</style>"
# A choice that nobody sees, and what is painted for it: a click moves an entry over.
CLICKED = """<label for=tunes>Tunes</label><select multiple id=tunes style="position:absolute;left:-9999px">
<option>Jig<option>Jig slow<option>Reel<option>Polka</select>
<div class=two><div>All<ul id=from></ul></div><div>Mine<ul id=to></ul></div></div><script>
for (const option of tunes.options) {
  const rows = [from, to].map((list) => list.appendChild(document.createElement('li')));
  const paint = () => rows.forEach((row, i) => { row.className = option.selected === !!i ? '' : 'gone'; });
  rows.forEach((row, i) => { row.textContent = option.text; row.onclick = () => { option.selected = !i; paint(); }; });
  paint();
}</script>"""
# The same, but what is highlighted is moved by a button above each list, with a search beside it.
PRESSED = """<label for=tunes>Tunes</label><div class=two>
<div>All<input placeholder=Filter><button type=button title="Move all">&raquo;</button>
<button type=button title="Move selected" onclick="move(from, true)">&rsaquo;</button>
<select multiple id=from></select></div>
<div>Mine<input placeholder=Filter>
<button type=button title="Remove selected" onclick="move(into, false)">&lsaquo;</button>
<select multiple id=into></select><div id=to></div></div></div><select multiple id=tunes style="display:none">
<option>Jig<option>Jig slow<option>Reel<option>Polka</select><script>
const paint = () => {
  from.innerHTML = into.innerHTML = to.textContent = '';
  for (const x of tunes.options) (x.selected ? into : from).add(new Option(x.text, x.index));
  to.textContent = [...into.options].map((x) => x.text).join(' ');
};
const move = (list, on) => {
  for (const x of list.selectedOptions) tunes.options[x.value].selected = on;
  paint();
};
paint();</script>"""
# Each list has a name of its own, the question is that of the group; a button moves what is highlighted.
NAMED = """<div role=group aria-labelledby=what><p id=what>Tunes</p><div class=two>
<div><b id=a>Available</b><ul id=from role=listbox aria-labelledby=a></ul></div>
<div><button type=button title="Move to Selected" onclick="over()">&gt;</button></div>
<div><b id=s>Selected</b><ul id=to role=listbox aria-labelledby=s></ul></div></div></div><script>
let lit;
for (const text of ['Jig', 'Jig slow', 'Reel', 'Polka']) {
  const row = from.appendChild(document.createElement('li'));
  row.setAttribute('role', 'option'); row.textContent = text; row.onclick = () => { lit = row; };
}
const over = () => to.append(lit);</script>"""


@pytest.mark.parametrize("html", [CLICKED, PRESSED, NAMED])
@pytest.mark.parametrize(("given", "moved"), [("Reel, Jig", ["Jig", "Reel"]), ("Waltz", [])])
def test_what_is_chosen_stands_in_the_second_list(
    drive: Callable[..., Any], html: str, given: str, moved: list[str]
) -> None:
    async def use(engine: ScriptedEngine) -> tuple[PageReport, list[str]]:
        await show(engine, f"{STYLE}<form>{html}</form>")
        report = await engine.fill(FormData({"Tunes": given}))
        return report, (await engine.page.locator("#to").inner_text()).split()

    report, held = drive(use)

    assert sorted(held) == moved
    assert [f.verified for f in report.filled] == [bool(moved)]
