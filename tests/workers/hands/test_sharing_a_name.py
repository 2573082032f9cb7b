"""Things to fill in that share one name: parts of a date, boxes of one question, an editor and the field it hides."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from tests.workers.pages import show
from workers.engines.scripted import ScriptedEngine
from workers.hands.form_data import FormData
from workers.hands.report import PageReport

pytestmark = pytest.mark.browser

# The label is for the first list alone.
DATE = """<form><label for=d>Launched</label><br><select id=d name=l3></select> <select name=l2></select>
<select name=l1></select></form><script>
const fill = (list, texts) => ['', ...texts].forEach((text, i) => list.add(new Option(text, i || '')));
const [d, m, y] = document.querySelectorAll('select');
fill(d, [...Array(31).keys()].map((i) => i + 1));
fill(m, [...Array(12).keys()].map((i) => new Date(2000, i).toLocaleString('en', { month: 'long' })));
fill(y, [...Array(40).keys()].map((i) => 2000 - i));</script>"""
# Long names, and one that speaks in the first person.
BOXES = """<form><fieldset><legend>Waters sailed (select all that apply)</legend>
<label><input type=checkbox name=b>Baltic Sea (with the Gulf of Bothnia and the Gulf of Finland, and the sounds)</label>
<label><input type=checkbox name=n>North Sea</label>
<label><input type=checkbox name=x>I would rather not say</label></fieldset></form>"""
# What is typed becomes an entry by a key; the field that is sent is off the page, and the label is its.
ENTRIES = """<form><label for=kept>Boats</label><small>Press enter after each one</small><div id=box>
<span id=typed class=tag-input contenteditable
 role=textbox aria-autocomplete=both style="display:inline-block;min-width:90px"></span></div>
<input id=kept tabindex=-1 style="position:absolute;left:-9999px"></form><script>
const add = () => {
  if (!typed.textContent.trim()) return;
  const entry = document.createElement('div');
  entry.style.display = 'inline-block'; entry.contentEditable = false;
  entry.innerHTML = '<b></b><button type=button aria-label=Remove>x</button>';
  entry.firstChild.textContent = typed.textContent.trim();
  box.insertBefore(entry, typed); typed.textContent = '';
  kept.value = [...box.querySelectorAll('b')].map((x) => x.textContent).join('|');
};
typed.onkeydown = (event) => { if (event.key === 'Enter') { event.preventDefault(); add(); } };
typed.onblur = add;</script>"""
# A pronoun that is not in the list has a field of its own once another one is asked for.
OTHERS = """<form><p>Pronouns</p><label><input type=radio name=p value=she>She/her</label>
<label><input type=radio name=p value=own>Use other pronouns</label><div id=own></div></form><script>
document.querySelector('form').onchange = (event) => {
  if (event.target.value === 'own') own.innerHTML = '<input aria-label="Type your pronouns">';
};</script>"""
CHOSEN = "[...document.querySelectorAll('select')].map((x) => x.selectedOptions[0].text).join(' ')"
TICKED = "[...document.querySelectorAll(':checked')].map((x) => x.name).join('')"


@pytest.mark.parametrize(
    ("html", "values", "read", "held"),
    [
        (DATE, {"Launched": "1974-05-09"}, CHOSEN, "9 May 1974"),
        (BOXES, {"Waters sailed (select all that apply)": "Baltic Sea, North Sea"}, TICKED, "bn"),
        (ENTRIES, {"Boats": "Folkboat, Optimist"}, "kept.value", "Folkboat|Optimist"),
        (OTHERS, {"Pronouns": "ze/zir"}, "own.firstChild.value", "ze/zir"),
    ],
    ids=["date", "boxes", "entries", "others"],
)
def test_each_takes_its_part(
    drive: Callable[..., Any], html: str, values: dict[str, str], read: str, held: str
) -> None:
    async def use(engine: ScriptedEngine) -> tuple[PageReport, str]:
        await show(engine, html)
        return await engine.fill(FormData(values)), await engine.page.evaluate(read)

    report, found = drive(use)

    assert found == held
    assert all(f.verified for f in report.filled)
