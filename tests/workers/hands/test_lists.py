"""Lists that come up while one types, and what a field shows that nobody can type into."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from tests.workers.pages import show
from workers.engines.scripted import ScriptedEngine
from workers.hands.form_data import FormData

pytestmark = pytest.mark.browser

# Rows without a role below a field: `offer` draws them all and shows those that hold the words, `take` takes one.
OFFERS = """<style>#list { position: absolute; background: #fff; width: 300px } label { display: block }
.row { display: none } .row.found { display: block }</style><form><label for=field>Harbour</label>
<div style="width: 300px; position: relative"><input id=field style="width: 290px">
<div id=painted></div><div id=list hidden></div></div></form><script>
const offer = () => {
  list.innerHTML = '';
  for (const name of ['North Haven', 'Haven', 'Haven Point', 'Sandbank']) {
    const row = document.createElement('div');
    row.className = name.toLowerCase().includes(field.value.toLowerCase()) ? 'row found' : 'row';
    row.textContent = name;
    row.onmousedown = (event) => event.preventDefault();
    row.onclick = () => { take(name); list.hidden = true; };
    list.append(row);
  }
  list.hidden = false;
};
const first = () => list.querySelector('.found');</script>"""
# What is taken is painted beside the field, or written into it.
PAINTS = "<script>const take = (row) => { painted.textContent = row; field.value = ''; };</script>"
KEEPS = "<script>let taken = ''; const take = (row) => { field.value = taken = row; };</script>"
# Whoever leaves the field takes the first row.
GREEDY = """<script>field.onfocus = field.oninput = offer;
field.onblur = () => {
  if (field.value && first()) take(first().textContent);
  field.value = ''; list.hidden = true;
};</script>"""
# The list is slow to come, and what nobody took from it is thrown away.
SLOW = """<script>let due;
field.oninput = () => { clearTimeout(due); due = setTimeout(offer, 350); };
field.onblur = () => {
  clearTimeout(due); list.hidden = true;
  if (field.value !== taken) field.value = '';
};</script>"""
# Words of one's own are refused a moment after the field was left.
STRICT = """<p class=error id=fault></p><script>field.oninput = offer;
field.onblur = () => setTimeout(() => {
  list.hidden = true;
  fault.textContent = field.value && field.value !== taken ? 'Please choose from the list' : '';
}, 100);</script>"""


@pytest.fixture
def enter(drive: Callable[..., Any]) -> Callable[..., tuple[list[tuple[str, bool]], str]]:
    """Fill the page from labelled values; return what the report claims, and what the page says of itself."""

    def run(html: str, values: dict[str, str], held: str) -> tuple[list[tuple[str, bool]], str]:
        async def use(engine: ScriptedEngine) -> tuple[list[tuple[str, bool]], str]:
            await show(engine, html)
            report = await engine.lasting(await engine.fill(FormData(values)))
            claims = [(f.expected, f.verified) for f in report.filled]
            return claims, await engine.page.evaluate(held)

        found: tuple[list[tuple[str, bool]], str] = drive(use)
        return found

    return run


def test_a_row_without_a_role_is_taken_before_the_field_takes_the_first(enter: Callable[..., Any]) -> None:
    claims, held = enter(OFFERS + PAINTS + GREEDY, {"Harbour": "Haven"}, "painted.textContent")

    assert (claims, held) == ([("Haven", True)], "Haven")


def test_words_that_no_row_says_are_taken_out_of_a_search_that_is_not_sent(enter: Callable[..., Any]) -> None:
    drawn = OFFERS.replace("<input", "<input type=hidden name=harbour><input").replace(
        "<div", "<div class=dropdown", 1
    )
    claims, held = enter(drawn + PAINTS + GREEDY, {"Harbour": "aven"}, "painted.textContent")

    assert ([verified for _, verified in claims], held) == ([False], "")


def test_a_slow_list_is_waited_for_where_the_field_threw_the_words_away(enter: Callable[..., Any]) -> None:
    claims, held = enter(OFFERS + KEEPS + SLOW, {"Harbour": "Haven"}, "taken")

    assert (claims, held) == ([("Haven", True)], "Haven")


@pytest.mark.parametrize(("value", "kept"), [("Haven", True), ("Havenwater", False)])
def test_what_the_page_refuses_once_the_field_is_left_is_not_filled(
    enter: Callable[..., Any], value: str, kept: bool
) -> None:
    claims, held = enter(OFFERS + KEEPS + STRICT, {"Harbour": value}, "taken")

    assert ([verified for _, verified in claims], held) == ([kept], value if kept else "")


@pytest.mark.parametrize(("value", "kept"), [("8", True), ("30", False)])
def test_a_number_that_only_a_slider_sets_is_set_by_it_or_left_as_it_was(
    enter: Callable[..., Any], value: str, kept: bool
) -> None:
    html = """<form><label>Loudness <input id=loud readonly value=4></label><div style="position: relative">
    <b id=knob tabindex=0 style="position: absolute; width: 20px; height: 20px"></b></div></form><script>
    knob.onkeydown = (event) => {
      const now = { Home: 0, ArrowRight: Math.min(11, +loud.value + 1) }[event.key];
      if (now !== undefined) loud.value = now;
    };</script>"""
    claims, held = enter(html, {"Loudness": value}, "loud.value")

    assert ([verified for _, verified in claims], held) == ([kept], value if kept else "4")


# Each choice closes the list, which fades; entries bear the role of options, with a sign to take them away.
CLOSING = """<form><label for=field>Sails</label><div id=box style="width: 300px"><span id=chosen role=listbox></span>
<input id=field aria-autocomplete=list role=combobox><select id=kept multiple hidden></select></div></form><script>
let open = null, fading = false, names = ['Genoa', 'Jib', 'Storm jib'];
const close = () => {
  const old = open; open = null; fading = true;
  setTimeout(() => { old.remove(); fading = false; }, 300);
};
const add = (name) => {
  kept.add(new Option(name, name, true, true)); field.value = ''; if (open) close();
  chosen.innerHTML += `<span role=option class=chip>${name}<i class=chip-remove>\u2715</i></span>`;
};
const draw = () => {
  if (fading) return setTimeout(draw, 320);
  if (!open) box.append(open = Object.assign(document.createElement('ul'), { role: 'listbox' }));
  const held = names.filter((name) => name.toLowerCase().includes(field.value.toLowerCase()));
  open.innerHTML = held.map((name) => `<li role=option>${name}</li>`).join('') +
    (field.value && !names.includes(field.value) ? `<li role=option>Add ${field.value}\u2026</li>` : '');
  for (const row of open.children) {
    row.onmousedown = (event) => event.preventDefault();
    row.onclick = () => add(row.textContent.replace(/^Add |\u2026$/g, ''));
  }
};
field.onclick = field.oninput = draw;
field.onblur = () => { field.value = ''; };
</script>"""


def test_several_are_chosen_from_a_list_that_closes_each_time_and_makes_what_it_lacks(
    enter: Callable[..., Any],
) -> None:
    claims, held = enter(
        CLOSING, {"Sails": "Jib, Spinnaker, Genoa"}, "[...kept.options].map((x) => x.text).join()"
    )

    assert (claims, held) == ([("Jib | Spinnaker | Genoa", True)], "Jib,Spinnaker,Genoa")


# The box around a field that only shows what was chosen is the control; the list draws only what is in view.
VIRTUAL = """<form><div id=box role=combobox aria-haspopup=listbox aria-owns=menu style="width: 300px; height: 40px;
position: relative"><label for=shown>Berth</label><span id=picked></span><input id=shown readonly aria-label=Open
style="position: absolute; inset: 0; opacity: 0"></div></form><script>
const berths = Array.from({ length: 200 }, (_, i) => `Berth ${100 + i}`);
box.onclick = () => {
  if (window.menu) return;
  document.body.insertAdjacentHTML('beforeend', '<div id=menu role=listbox style="height: 120px; overflow-y: auto">' +
    '<div style="height: 4000px; position: relative"></div></div>');
  const draw = () => {
    const from = Math.floor(menu.scrollTop / 20);
    menu.firstChild.innerHTML = berths.slice(from, from + 8).map((name, i) => `<div role=option
      style="position: absolute; top: ${20 * (from + i)}px">${name}</div>`).join('');
    for (const row of menu.firstChild.children) {
      row.onclick = () => { picked.textContent = row.textContent; menu.remove(); };
    }
  };
  menu.onscroll = draw; draw();
};
</script>"""


def test_a_list_in_order_that_draws_only_what_is_in_view_is_named_after_the_field_within(
    enter: Callable[..., Any],
) -> None:
    claims, held = enter(VIRTUAL, {"Berth": "Berth 288"}, "picked.textContent")

    assert (claims, held) == ([("Berth 288", True)], "Berth 288")


# A list that shows the first of its rows only: the next come by a row that says so, or at the end of the list.
SHORT = """<form><label for=open>Anchorage</label><button type=button id=face aria-haspopup=listbox>Select</button>
<ul id=list role=listbox hidden style="height: 90px; overflow-y: auto"></ul></form><script>
const bays = [...Array(20).keys()].map((i) => `Bay ${i}`).concat('Whale Bay North', 'Whale Bay');
let count = 6;
const pick = (name) => { face.textContent = name; list.hidden = true; };
const more = () => { list.lastChild.remove(); setTimeout(() => { count += 8; draw(); }, 400); };
const draw = () => {
  list.innerHTML = '';
  const row = (name, act) => {
    const li = document.createElement('li');
    li.role = 'option'; li.textContent = name; li.onclick = act; list.append(li);
  };
  bays.slice(0, count).forEach((name) => row(name, () => pick(name)));
  if (count < bays.length) MORE
};
face.onclick = () => { list.hidden = false; draw(); };
</script>"""
BY_ROW = "row('View more', more);"
AT_ITS_END = """list.onscroll = () => {
  if (list.scrollTop + 90 < list.scrollHeight - 20) return;
  list.onscroll = null; setTimeout(() => { count += 8; draw(); }, 400);
};"""


@pytest.mark.parametrize("way", [BY_ROW, AT_ITS_END])
def test_a_list_that_shows_more_when_asked_is_asked_for_the_value_itself(
    enter: Callable[..., Any], way: str
) -> None:
    html = SHORT.replace("MORE", way)

    assert enter(html, {"Anchorage": "Whale Bay"}, "face.textContent") == ([("Whale Bay", True)], "Whale Bay")


# A tree whose branches can be chosen as well as its leaves; a click beside the words chooses nothing.
TREE = """<form><div id=label>Trade</div><div id=box role=combobox aria-haspopup=tree aria-labelledby=label tabindex=0
style="width: 300px; height: 24px"></div></form><div id=tree role=tree hidden></div><script>
const pick = (name) => { box.textContent = name; tree.hidden = true; };
const item = (name, held) => {
  const own = document.createElement('div');
  own.role = 'treeitem';
  own.innerHTML = '<span style="display: inline-block; width: 16px">+</span><b></b>';
  own.children[1].textContent = name; own.children[1].onclick = () => pick(name);
  if (!held) { own.firstChild.remove(); return own; }
  own.ariaExpanded = 'false';
  own.firstChild.onclick = () => {
    own.ariaExpanded = 'true';
    own.append(Object.assign(document.createElement('div'), { role: 'group' }));
    own.lastChild.append(...held.map((leaf) => item(leaf)));
  };
  return own;
};
tree.append(item('Building', ['Masonry', 'Repair']), item('Boats', ['Rigging', 'Repair']));
box.onclick = () => { tree.hidden = false; };
</script>"""


@pytest.mark.parametrize(
    ("value", "held"),
    [("Rigging", "Rigging"), ("Boats > Repair", "Repair"), ("Boats > Masonry", ""), ("Boats", "Boats")],
)
def test_a_leaf_of_a_tree_is_looked_for_in_its_branches(
    enter: Callable[..., Any], value: str, held: str
) -> None:
    claims, shown = enter(TREE, {"Trade": value}, "box.textContent")

    assert ([verified for _, verified in claims], shown) == ([bool(held)], held)


def test_rows_whose_choice_a_hidden_field_carries_are_choices(enter: Callable[..., Any]) -> None:
    html = """<style>.offer li { cursor: pointer }</style><form><p>Which watch do you take?</p>
    <ul class=offer><li>First dog watch</li><li>First watch</li></ul><input type=hidden name=watch>
    <p>What you need</p><ul><li>Boots</li><li>Gloves</li></ul><input type=hidden name=token></form><script>
    for (const row of document.querySelectorAll('.offer li')) row.onclick = () => {
      for (const other of row.parentNode.children) other.className = other === row ? 'selected' : '';
      document.querySelector('[name=watch]').value = row.textContent;
    };</script>"""
    values = {"Which watch do you take?": "First watch", "What you need": "Boots"}
    claims, held = enter(html, values, "document.querySelector('[name=watch]').value")

    assert (claims, held) == ([("First watch", True)], "First watch")


def test_a_place_is_split_over_lists_of_which_each_loads_the_next(enter: Callable[..., Any]) -> None:
    html = """<form><fieldset><legend>Location</legend>
    <label>Country <select id=land><option value="">Select<option>Canada<option>United States</select></label>
    <label>State / Province <select id=part disabled><option value="">Select</select></label>
    <label>City <select id=town disabled><option value="">Select</select></label></fieldset></form><script>
    const load = (list, names) => {
      list.disabled = true; list.innerHTML = '<option value="">Loading\u2026';
      setTimeout(() => {
        list.innerHTML = '<option value="">Select' + names.map((name) => `<option>${name}`).join('');
        list.disabled = false;
      }, 600);
    };
    land.onchange = () => load(part, ['Ontario', 'Quebec']);
    part.onchange = () => load(town, ['Hamilton', 'Toronto']);</script>"""
    claims, held = enter(
        html, {"Location": "Hamilton, Ontario, Canada"}, "land.value + part.value + town.value"
    )

    assert ([verified for _, verified in claims], held) == ([True] * 3, "CanadaOntarioHamilton")
