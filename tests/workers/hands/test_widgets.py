"""Widgets that say little of what they are, change behind one's back, or take a value in a way of their own."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.workers.pages import show
from workers.engines.scripted import ScriptedEngine
from workers.hands.candidate import Candidate
from workers.hands.form_data import FormData
from workers.hands.report import PageReport
from workers.hands.sources import CandidateSource

pytestmark = pytest.mark.browser

SITES = Path(__file__).parents[2] / "sites"
PAGE = SITES / "uncommon.html"
KITCHEN = {
    "Toppings": ("Olives, Cheese", "top", ["olives", "cheese"]),
    "Favourite spice": ("Mint salt", "spice", "Mint salt"),
    "How was the soup?": ("4", "soup", "4"),
    "How hungry are you?": ("9", "hunger", "9"),
    "Which crust do you like?": ("Thin", "crust", "thin"),
    "Number of guests": ("6", "guests", "6"),
    "Oven": ("Wood", "oven", "Wood"),
    "Notes on the recipe": ("No salt", "notes", "No salt"),
    "Street of the party": ("Long Lane 3", "street", "Long Lane 3"),
    "Drink": ("Water", "drink", "Water"),
    "Origin of the ham": ("Modena, Emilia, Italy", "origin", "Italy/Emilia/Modena"),
    "Number to ring": ("(503) 555-0142", "ring", "+1 503 5550142"),
    "Cost of the meal": ("20 - 35 €", "cost", ["EUR", "20", "35"]),
}
EXPECTED = {
    "Allergies": ("Nuts | Milk", "al", ["nuts", "milk"]),
    "Owns a piano": ("No", "piano", "No"),
    "Day of arrival": ("2027-04-09", "day", "April 9 2027"),
    "Herbs": ("Basil | Thyme", "herbs", ["Basil", "Thyme"]),
    "Season": ("Autumn", "season", "Autumn"),
    "Quality of sleep": ("4", "sleep", 4),
    "Instruments": ("Drum | Harp", "inst", ["Drum", "Harp"]),
    "Dish": ("Pie > Leek", "dish", "Pie/Leek"),
    "Locker": ("Locker 2345", "locker", 2345),
    "Telephone": ("+39 06 1234 5678", "bell", "+39 0612345678"),
    "Needs a lift": ("Yes", "lift", True),
    "Room": ("Green room", "room", "Green room"),
    "Seat": ("Aisle", "seat", "Aisle"),
    "Shoe size": ("43", "shoe", "43"),
    "Map": ("map.pdf", "map", "map.pdf"),
}


@pytest.fixture
def enter(drive: Callable[..., Any], tmp_path: Path) -> Callable[..., tuple[PageReport, dict[str, Any]]]:
    """Fill the page from labelled values; return the report and what the page itself holds then."""
    (tmp_path / "map.pdf").write_bytes(b"%PDF-1.4")

    def run(values: dict[str, str]) -> tuple[PageReport, dict[str, Any]]:
        async def use(engine: ScriptedEngine) -> tuple[PageReport, dict[str, Any]]:
            await engine.open(PAGE.as_uri())
            report = await engine.fill(FormData(values, {"map.pdf": tmp_path / "map.pdf"}))
            held = await engine.page.evaluate(
                "() => { collect(); return document.getElementById('state').value; }"
            )
            return report, json.loads(held)

        found: tuple[PageReport, dict[str, Any]] = drive(use)
        return found

    return run


def test_widgets_that_say_little_of_themselves(enter: Callable[..., Any]) -> None:
    report, held = enter({question: value for question, (value, _, _) in EXPECTED.items()})

    assert [(f.action.control.question, f.reason) for f in report.failed] == []
    assert {key: held.get(key) for _, key, _ in EXPECTED.values()} == {
        key: v for _, key, v in EXPECTED.values()
    }


def test_what_a_list_does_not_hold_is_not_entered(enter: Callable[..., Any]) -> None:
    report, held = enter({"Season": "Winter", "Dish": "Pie > Barley", "Locker": "Locker 9000"})

    assert {"season", "dish", "locker"} & held.keys() == set()
    assert len(report.failed) == 3


def test_widgets_whose_values_are_named_found_or_split_in_other_ways(drive: Callable[..., Any]) -> None:
    async def use(engine: ScriptedEngine) -> tuple[PageReport, dict[str, Any]]:
        await engine.open((SITES / "kitchen.html").as_uri())
        report = await engine.fill(FormData({question: value for question, (value, _, _) in KITCHEN.items()}))
        return report, await engine.page.evaluate("() => held()")

    report, found = drive(use)

    assert [(f.action.control.question, f.reason) for f in report.failed] == []
    assert found == {key: expected for _, key, expected in KITCHEN.values()}


def test_lists_that_fade_over_the_next_field_entries_made_by_a_key_and_fields_that_only_hear_keys(
    drive: Callable[..., Any],
) -> None:
    wanted = {"Colour": "Silver", "Frame size": "Medium", "Saddle": "Wide", "Day of delivery": "2027-03-15"}

    async def use(engine: ScriptedEngine) -> tuple[PageReport, dict[str, Any]]:
        await engine.open((SITES / "fading.html").as_uri())
        report = await engine.fill(FormData(wanted | {"Extras": "lamp | mudguards"}))
        return report, await engine.page.evaluate("() => held")

    report, held = drive(use)

    assert [(f.action.control.question, f.reason) for f in report.failed] == []
    assert held == {
        "colour": "Silver",
        "size": "Medium",
        "saddle": "Wide",
        "extras": ["lamp", "mudguards"],
        "day": "03/15/2027",
    }


def test_words_are_never_handed_over_as_a_file(drive: Callable[..., Any]) -> None:
    async def use(engine: ScriptedEngine) -> PageReport:
        await show(engine, "<label>Cover letter <input type=file></label><label>Name <input></label>")
        return await engine.fill(FormData({"Cover letter": "I mend bicycles.", "Name": "Dana"}))

    report: PageReport = drive(use)

    assert [f.action.control.question for f in report.filled] == ["Name"]
    assert [x.reason for x in report.left] == ["the value given is not one of the files"]


@pytest.mark.parametrize(("times", "kept"), [(1, True), (9, False)])
def test_a_value_that_the_page_wipes_every_time_is_not_filled(
    drive: Callable[..., Any], times: int, kept: bool
) -> None:
    wiping = "left-- && setTimeout(() => { code.value = ''; }, 90)"
    html = (
        f"<label>Code <input id=code></label><script>left = {times}; code.onchange = () => {wiping}</script>"
    )

    async def use(engine: ScriptedEngine) -> tuple[PageReport, str]:
        await show(engine, html)
        report = await engine.lasting(await engine.fill(FormData({"Code": "K-12"})))
        return report, await engine.page.input_value("#code")

    report, held = drive(use)

    assert [f.verified for f in report.filled] == [kept]
    assert held == ("K-12" if kept else "")


def test_a_box_that_something_lies_over_for_good_takes_the_key(drive: Callable[..., Any]) -> None:
    html = "<label><input type=checkbox id=box> Vegetarian</label><div style='position:fixed;inset:0'></div>"

    async def use(engine: ScriptedEngine) -> tuple[PageReport, bool]:
        await show(engine, html)
        return await engine.fill(FormData({"Vegetarian": "Yes"})), await engine.page.is_checked("#box")

    report, checked = drive(use)

    assert ([f.verified for f in report.filled], checked) == ([True], True)


# Two handles that stop at each other; keys move them by fives. How a page names them differs.
SPAN = """<div><div>Weekly hours</div><div id=track><span><i role=slider tabindex=0 %s></i></span>
<span><i role=slider tabindex=0 %s></i></span></div></div><script>
const ends = [0, 30], handles = document.querySelectorAll('i');
const draw = () => handles.forEach((x, i) => {
  x.style = `position:absolute;width:9px;height:9px;top:40px;left:${50 + 4 * ends[i]}px`;
  x.setAttribute('aria-valuenow', ends[i]);
  x.setAttribute('aria-valuemin', i ? ends[0] : 0);
  x.setAttribute('aria-valuemax', i ? 60 : ends[1]);
});
handles.forEach((x, i) => { x.onkeydown = (e) => {
  const to = { Home: 0, ArrowRight: ends[i] + 5 }[e.key];
  if (to !== undefined) ends[i] = i ? Math.max(ends[0], Math.min(60, to)) : Math.min(ends[1], to);
  draw();
}; });
draw();</script>"""
NAMES = [("aria-label=From", "aria-label=To"), ("", ""), ("aria-label='Weekly hours'",) * 2]


@pytest.mark.parametrize("names", NAMES)
@pytest.mark.parametrize(
    ("value", "ends", "kept"),
    [
        ("10 - 20", [10, 20], [True, True]),
        # The lower one cannot be reached before the upper one has moved.
        ("35 - 45", [35, 45], [True, True]),
        # No step leads there: what cannot be entered is as it was.
        ("12 - 20", [0, 20], [True, False]),
    ],
)
def test_the_two_handles_of_a_slider_take_the_ends_of_a_span(
    drive: Callable[..., Any], names: tuple[str, str], value: str, ends: list[int], kept: list[bool]
) -> None:
    async def use(engine: ScriptedEngine) -> tuple[list[bool], list[int]]:
        await show(engine, SPAN % names)
        report = await engine.fill(FormData({"Weekly hours": value}))
        return [f.verified for f in report.filled], await engine.page.evaluate("() => ends")

    verified, shown = drive(use)

    assert (sorted(verified, reverse=True), shown) == (kept, ends)


def test_a_stated_span_answers_both_handles_of_a_slider(drive: Callable[..., Any]) -> None:
    async def use(engine: ScriptedEngine) -> list[int]:
        await show(engine, SPAN % ("", ""))
        await engine.fill(CandidateSource(Candidate({}, {"Weekly hours": "15 - 25"})))
        found: list[int] = await engine.page.evaluate("() => ends")
        return found

    assert drive(use) == [15, 25]


@pytest.mark.parametrize(("value", "held"), [("$40", "40"), ("45", "20"), ("400", "20")])
def test_a_native_slider_keeps_its_value_where_it_cannot_take_the_stated_one(
    drive: Callable[..., Any], value: str, held: str
) -> None:
    async def use(engine: ScriptedEngine) -> tuple[list[bool], str]:
        html = "<label>Fare <input id=fare type=range min=0 max=100 step=10 value=20></label>"
        await show(engine, html)
        report = await engine.fill(FormData({"Fare": value}))
        return [f.verified for f in report.filled], await engine.page.input_value("#fare")

    assert drive(use) == ([held != "20"], held)


# A dialog with two columns that a press on a row turns, slowly; the field takes what they show by a button.
WHEELS = """<form><span id=built-label>Built in</span>
<button type=button id=built aria-labelledby="built-label built" aria-haspopup=dialog>Select</button></form><script>
const months = 'January February March April May June July August September October November December'.split(' ');
const years = [...Array(40).keys()].map((n) => String(1990 + n)), at = [0, 0];
built.onclick = () => {
  const box = document.createElement('div');
  box.innerHTML = '<div role=dialog aria-modal=true><button>Cancel</button><button id=ok>Done</button></div>';
  [months, years].forEach((texts, n) => {
    const column = document.createElement('div');
    column.style = 'height:60px;overflow:auto;width:90px';
    column.setAttribute('role', 'slider');
    column.setAttribute('aria-label', n ? 'Year' : 'Month');
    for (const [i, text] of texts.entries()) {
      const row = document.createElement('button');
      row.textContent = text;
      row.style = 'display:block';
      row.onclick = () => setTimeout(() => { at[n] = i; column.setAttribute('aria-valuetext', text); }, 150);
      column.append(row);
    }
    column.setAttribute('aria-valuetext', texts[0]);
    box.firstElementChild.append(column);
  });
  document.body.append(box);
  ok.onclick = () => { built.textContent = `${months[at[0]]} ${years[at[1]]}`; box.remove(); };
};</script>"""


@pytest.mark.parametrize(("value", "shown"), [("2021-05", "May 2021"), ("1990-01", "January 1990")])
def test_a_dialog_of_columns_turns_each_part_of_a_date_into_view(
    drive: Callable[..., Any], value: str, shown: str
) -> None:
    async def use(engine: ScriptedEngine) -> tuple[list[tuple[bool, str]], str]:
        await show(engine, WHEELS)
        report = await engine.fill(FormData({"Built in": value}))
        return [(f.verified, f.reason) for f in report.filled], await engine.page.inner_text("#built")

    assert drive(use) == ([(True, "")], shown)
