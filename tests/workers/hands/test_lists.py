"""Lists that come up while one types, and what a field shows that nobody can type into."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from tests.workers.pages import show
from workers.engines.scripted import ScriptedEngine
from workers.hands.sources import FormData

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
