"""Fields of several parts or several entries: a currency beside an amount, transparent parts of a date, chips."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from tests.workers.pages import show
from workers.engines.scripted import ScriptedEngine
from workers.hands.form_data import FormData

pytestmark = pytest.mark.browser

Enter = Callable[[str, dict[str, str], str], tuple[list[tuple[str, bool]], Any]]

# A list of its own in one line with the amount; nothing names it but what it shows.
PAY = """<form><div style="display: flex"><div role=none style="position: relative">
<input type=search role=combobox aria-expanded=false aria-controls=money readonly id=sign value=%s style="width: 60px">
<ul role=listbox id=money hidden style="position: absolute; margin: 0; top: 30px">%s</ul></div>
<input id=sum inputmode=decimal aria-label="Expected pay"></div></form><script>
sign.onclick = () => { money.hidden = false; };
for (const row of money.children) {
  row.onclick = () => { sign.value = row.textContent; money.hidden = true; };
}</script>"""

# The text fields only hear keys, and a neighbour paints what they hold.
DATE = """<style>.part { position: relative; display: inline-block; width: 50px; height: 20px }
input { position: absolute; inset: 0; width: 100%; opacity: 0 }</style>
<form><h3>Job 1</h3><div id=host></div></form><script>
for (const name of ['From', 'To']) {
  host.insertAdjacentHTML('beforeend', `<fieldset><legend>${name}</legend></fieldset>`);
  for (const [part, letters] of [['Month', 'MM'], ['Year', 'YYYY']]) {
    const box = document.createElement('div'); box.className = 'part';
    box.innerHTML = `<div aria-hidden=true>${letters}</div>
      <input role=spinbutton aria-label=${part} aria-valuetext=${letters}>`;
    const [shown, field] = box.children; let typed = '';
    const paint = () => {
      field.value = typed; shown.textContent = typed || letters;
      field.setAttribute('aria-valuetext', typed || letters);
    };
    field.onkeydown = (e) => {
      if (/^\\d$/.test(e.key)) typed = (typed + e.key).slice(-letters.length);
      else if (/Delete|Backspace/.test(e.key)) typed = '';
      if (!e.ctrlKey && e.key !== 'Tab') e.preventDefault();
      paint();
    };
    field.oninput = paint;
    host.lastElementChild.append(box);
  }
}</script>"""

# The question stands in a column beside the boxes, each layer of which is a box of its own.
BOXES = """<style>.day input { opacity: 0 }</style><form><div><div><label for=no>Which shifts can you take?</label>
</div><div><div><div><div id=days></div></div></div></div></div><label>Name <input></label></form><script>
for (const x of ['Early', 'Late', 'Night']) {
  const box = `<label class=day><span><input type=checkbox value=${x}></span><span>${x}</span></label>`;
  days.insertAdjacentHTML('beforeend', box);
}
</script>"""

# Chips in a grid beside the field; a list that offers some of them, and a key that makes one of any words.
CHIPS = """<style>#list { position: absolute; background: #fff }</style><form><label for=field>Crafts</label>
<div class="%s"><div role=grid id=grid></div>
<input id=field role=combobox aria-autocomplete=list aria-expanded=false></div>
<ul role=listbox id=list hidden></ul></form><script>
const held = [];
const keep = (text) => {
  if (held.includes(text)) return;
  held.push(text); field.value = ''; list.hidden = true;
  grid.insertAdjacentHTML('beforeend', `<div role=row><span role=gridcell>${text}</span>
    <span role=gridcell><button type=button aria-label="remove ${text}">x</button></span></div>`);
};
const offer = () => {
  list.innerHTML = '';
  for (const name of ['Wood', 'Woodcut', 'Glass', 'Lime']) {
    if (!name.toLowerCase().includes(field.value.toLowerCase()) || held.includes(name)) continue;
    const row = document.createElement('li'); row.setAttribute('role', 'option'); row.textContent = name;
    row.onmousedown = (e) => e.preventDefault();
    row.onclick = () => keep(name);
    list.append(row);
  }
  list.hidden = !list.children.length;
};
field.onfocus = field.onclick = field.oninput = offer;
field.onblur = () => { list.hidden = true; };
field.onkeydown = (e) => {
  if (e.key === 'Enter' && field.value) { e.preventDefault(); keep(field.value); }
};</script>"""

# A list that makes an entry of what it lacks; only the open list says that it takes several.
TAGS = """<form><label for=field>Instruments</label><div><span id=held></span>
<input id=field role=combobox aria-autocomplete=list aria-controls=list></div>
<div role=listbox id=list aria-multiselectable=true hidden></div></form><script>
const names = [];
const offer = () => {
  const words = field.value;
  const own = ['Drum', 'Harp', 'Newbury pipe'].filter((x) => x.includes(words) && !names.includes(x));
  list.innerHTML = '';
  for (const text of words && !own.includes(words) ? [...own, `Create "${words}"`] : own) {
    const row = document.createElement('div'); row.setAttribute('role', 'option'); row.textContent = text;
    row.onmousedown = (e) => e.preventDefault();
    row.onclick = () => {
      names.push(text.startsWith('Create') ? words : text);
      held.innerHTML = names.map((x) => `<span><span class=multi-value__label>${x}</span>
        <i aria-label="Remove ${x}">x</i></span>`).join('');
      field.value = ''; offer();
    };
    list.append(row);
  }
  list.hidden = false;
};
field.onfocus = field.onclick = field.oninput = offer;
field.onblur = () => { list.hidden = true; field.value = ''; };</script>"""


@pytest.fixture
def enter(drive: Callable[..., Any]) -> Enter:
    """Fill the page; return what is claimed of each control that was filled, and what the page says it holds."""

    def run(html: str, values: dict[str, str], held: str) -> tuple[list[tuple[str, bool]], Any]:
        async def use(engine: ScriptedEngine) -> tuple[list[tuple[str, bool]], Any]:
            await show(engine, html)
            report = await engine.fill(FormData(values))
            return [(f.expected, f.verified) for f in report.filled], await engine.page.evaluate(held)

        found: tuple[list[tuple[str, bool]], Any] = drive(use)
        return found

    return run


@pytest.mark.parametrize(
    ("shown", "offered", "wanted"),
    [
        ("USD", ("USD", "EUR", "GBP"), "EUR"),
        ("$", ("$", "£", "€"), "€"),
        ("USD", ("USD - US Dollar", "EUR - Euro"), "EUR - Euro"),
    ],
)
def test_the_currency_is_set_beside_the_amount(
    enter: Enter, shown: str, offered: tuple[str, ...], wanted: str
) -> None:
    rows = "".join(f"<li role=option>{text}</li>" for text in offered)

    claims, held = enter(PAY % (shown, rows), {"Expected pay": "EUR 65,000"}, "[sign.value, sum.value]")

    assert held == [wanted, "65000"]
    assert claims == [(wanted, True), ("65000", True)]


def test_parts_of_a_date_that_a_neighbour_paints(enter: Enter) -> None:
    shown = "[...document.querySelectorAll('[aria-hidden]')].map((x) => x.textContent)"

    claims, held = enter(DATE, {"From": "2021-03"}, shown)

    assert held == ["03", "2021", "MM", "YYYY"]
    assert claims == [("03", True), ("2021", True)]


@pytest.mark.parametrize("given", ["Early, Night", "Early and Night", "Early & Night"])
def test_boxes_whose_question_stands_beside_their_layers(enter: Enter, given: str) -> None:
    ticked = "[...document.querySelectorAll(':checked')].map((x) => x.value)"

    claims, held = enter(BOXES, {"Which shifts can you take?": given}, ticked)

    assert held == ["Early", "Night"]
    assert claims == [("Early | Night", True)]


@pytest.mark.parametrize(
    ("given", "entries"),
    [
        ("Wood, Clay, Lime wash", ["Wood", "Clay", "Lime wash"]),
        ("Glass, Clay", ["Glass", "Clay"]),
    ],
)
def test_a_field_of_chips_takes_each_value_by_itself(enter: Enter, given: str, entries: list[str]) -> None:
    claims, held = enter(CHIPS % "chip-field", {"Crafts": given}, "held")

    assert held == entries
    assert claims == [(" | ".join(entries), True)]


@pytest.mark.parametrize("given", ["Drum, Harp, Lute", "Drum, Lute", "Newbury pipe, Harp", "Lute, Harp case"])
def test_a_list_that_takes_several_makes_an_entry_of_each(enter: Enter, given: str) -> None:
    claims, held = enter(TAGS, {"Instruments": given}, "names")

    assert held == given.split(", ")
    assert claims == [(" | ".join(held), True)]


# A list that is searched; of a branch only what lies below it can be chosen, and the words stay until it is left.
BRANCHES = """<form><label for=field>Craft</label><div><span id=kept class=single-value></span>
<input id=field role=combobox aria-autocomplete=list aria-controls=list></div>
<div role=listbox id=list hidden></div></form><script>
const all = { Stone: ['Stone', 'Slate'], Wood: ['Carving', 'Turning'] };
const show = (texts, take) => {
  list.innerHTML = '';
  for (const text of texts) {
    const row = document.createElement('div'); row.setAttribute('role', 'option'); row.textContent = text;
    row.onmousedown = (e) => e.preventDefault();
    row.onclick = () => take(text);
    list.append(row);
  }
  list.hidden = !texts.length;
};
const keep = (text) => { kept.textContent = text; field.value = ''; list.hidden = true; };
const opens = (text) => setTimeout(() => show(all[text.slice(0, -2)], keep), 150);
const begin = () => { if (%s) show(Object.keys(all).map((x) => `${x} \u203a`), opens); };
const search = () => show(Object.keys(all).filter((x) => field.value && x.includes(field.value)), () => {});
field.onclick = begin;
field.oninput = search;
field.onblur = () => { list.hidden = true; field.value = ''; };</script>"""


def test_a_branch_leads_to_the_entry_of_its_name(enter: Enter) -> None:
    claims, held = enter(BRANCHES % "true", {"Craft": "Stone"}, "kept.textContent")

    assert held == "Stone"
    assert claims == [("Stone", True)]


def test_words_that_only_searched_a_list_are_no_answer(enter: Enter) -> None:
    claims, held = enter(BRANCHES % "false", {"Craft": "Stone"}, "kept.textContent")

    assert (held, [shown for _, shown in claims]) == ("", [False])
