"""Questions that a heading, a caption or the button of a panel begins, and the words beside each control end."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from tests.workers.pages import show
from workers.engines.scripted import ScriptedEngine
from workers.hands.candidate import Candidate
from workers.hands.form_data import FormData
from workers.hands.plan import Source
from workers.hands.sources import CandidateSource

pytestmark = pytest.mark.browser

GRID = """<table><caption>When can you help?</caption><thead><tr><td></td><th>Early</th><th>Late</th></tr></thead>
<tbody><tr><th>Monday</th><td><input type=checkbox name=mon[] value=0></td>
<td><input type=checkbox name=mon[] value=1></td></tr>
<tr><th>Friday</th><td><input type=checkbox name=fri[] value=0></td>
<td><input type=checkbox name=fri[] value=1></td></tr></tbody></table>"""
# What each box says stands in the next cell; ticking one takes the others back.
TABLE = """<h3>Self-identification</h3><p>Nobody who decides sees it.</p><p>Please check one of the boxes below:</p>
<table>%s</table><script>const boxes = [...document.querySelectorAll('input')];
for (const x of boxes) x.onchange = () => { for (const y of boxes) if (y !== x) y.checked = false; };</script>"""
CHOICES = (
    "Yes, I have a disability, or have had one in the past",
    "No, I do not have a disability and have not had one in the past",
    "I do not want to answer",
)
ROWS = "".join(
    f"<tr><td><input type=checkbox name=d{n}></td><td>{text}</td></tr>" for n, text in enumerate(CHOICES)
)
PANELS = """<style>.shut{visibility:hidden;max-height:0;overflow:hidden}</style>%s<script>
for (const b of document.querySelectorAll('button')) b.onclick = () => b.nextElementSibling.classList.toggle('shut');
</script>"""
PANEL = """<button type=button aria-controls=%(id)s>%(head)s</button><div class="%(shut)s"><div id=%(id)s>
<label>Phone number <input type=tel id=%(id)s-tel></label></div></div>"""
ACCORDION = PANELS % "".join(
    PANEL % {"id": name, "head": head, "shut": shut}
    for name, head, shut in (("own", "Personal details", ""), ("kin", "Emergency contact", "shut"))
)


async def ticked(engine: ScriptedEngine) -> list[int]:
    """Return which boxes of the page are ticked, by their place."""
    found: list[int] = await engine.page.evaluate(
        "() => [...document.querySelectorAll('input')].flatMap((x, i) => x.checked ? [i] : [])"
    )
    return found


@pytest.mark.parametrize(
    "source",
    [
        FormData({"When can you help? Friday": "Early, Late"}),
        CandidateSource(Candidate({}, {"When can you help? Friday": "Early, Late"})),
    ],
)
def test_a_row_of_a_grid_is_asked_by_its_caption_and_its_heading(
    drive: Callable[..., Any], source: Source
) -> None:
    async def use(engine: ScriptedEngine) -> list[int]:
        await show(engine, GRID)
        await engine.fill(source)
        return await ticked(engine)

    assert drive(use) == [2, 3]


@pytest.mark.parametrize(
    ("source", "chosen"),
    [
        (FormData({"Self-identification": "I don't wish to answer"}), [2]),
        (CandidateSource(Candidate({}, {"Disability": "Decline"})), [2]),
        (CandidateSource(Candidate({}, {"Do you have a disability?": "No"})), [1]),
        # What was not stated of oneself is declined.
        (CandidateSource(Candidate({})), [2]),
    ],
)
def test_boxes_of_which_one_is_to_be_ticked_are_one_question(
    drive: Callable[..., Any], source: Source, chosen: list[int]
) -> None:
    async def use(engine: ScriptedEngine) -> list[int]:
        await show(engine, TABLE % ROWS)
        report = await engine.fill(source)
        assert [(f.verified, f.expected) for f in report.filled] == [(True, CHOICES[chosen[0]])]
        return await ticked(engine)

    assert drive(use) == chosen


@pytest.mark.parametrize(
    ("source", "held"),
    [
        (FormData({"Emergency contact phone number": "503 555 0187"}), ["", "503 555 0187"]),
        (CandidateSource(Candidate({"phone": "503 555 0142"})), ["503 555 0142", ""]),
        (
            CandidateSource(Candidate({}, {"Emergency contact - phone number": "503 555 0187"})),
            ["", "503 555 0187"],
        ),
    ],
)
def test_the_button_of_a_panel_says_whose_number_is_asked_for_in_it(
    drive: Callable[..., Any], source: Source, held: list[str]
) -> None:
    async def use(engine: ScriptedEngine) -> list[str]:
        await show(engine, ACCORDION)
        await engine.fill(source)
        return [await engine.page.input_value(f"#{name}-tel") for name in ("own", "kin")]

    assert drive(use) == held


# Three boxes under one heading, and another question behind them.
BOXES = """<div>Heading<div>%s</div></div><label>Notes <input></label>"""
PHONE = BOXES.replace("Heading", "Phone number") % "-".join(f"<input maxlength={n}>" for n in (3, 3, 4))
CODE = BOXES.replace("Heading", "Locker code") % "-".join(
    f"<input maxlength=2 aria-label='{n} pair'>" for n in ("First", "Second", "Third")
)
KIN = f"<fieldset><legend>Emergency contact</legend>{PHONE}</fieldset>"


@pytest.mark.parametrize(
    ("html", "source", "held"),
    [
        (CODE, FormData({"Locker code": "20-45-17"}), ["20", "45", "17"]),
        (CODE, FormData({"Locker code": "204517"}), ["20", "45", "17"]),
        (CODE, CandidateSource(Candidate({}, {"Locker code": "20 45 17"})), ["20", "45", "17"]),
        # What does not fall into just these parts is not cut up.
        (CODE, FormData({"Locker code": "2045-17"}), ["", "", ""]),
        (CODE, FormData({"Locker code": "20451"}), ["", "", ""]),
        (PHONE, FormData({"Phone number": "(503) 555-0187"}), ["503", "555", "0187"]),
        (PHONE, CandidateSource(Candidate({"phone": "+15035550187"})), ["503", "555", "0187"]),
        (KIN, CandidateSource(Candidate({"phone": "+15035550187"})), ["", "", ""]),
    ],
)
def test_boxes_in_a_row_share_one_value(
    drive: Callable[..., Any], html: str, source: Source, held: list[str]
) -> None:
    async def use(engine: ScriptedEngine) -> tuple[list[str], int]:
        await show(engine, html)
        report = await engine.fill(source)
        found = await engine.page.evaluate(
            "() => [...document.querySelectorAll('input')].map((x) => x.value)"
        )
        return found, sum(f.verified for f in report.filled)

    assert drive(use) == ([*held, ""], sum(map(bool, held)))


def test_the_parts_of_a_name_are_asked_for_within_their_group(drive: Callable[..., Any]) -> None:
    fields = "".join(f"<label>{x} <input></label>" for x in ("First name", "Middle name", "*Last name"))
    html = f"<fieldset><legend>Legal name</legend>{fields}</fieldset><label>Last name of a friend <input></label>"

    async def use(engine: ScriptedEngine) -> list[str]:
        await show(engine, html)
        await engine.fill(FormData({"Legal name": "Dana Elaine Whitfield"}))
        found: list[str] = await engine.page.evaluate(
            "() => [...document.querySelectorAll('input')].map((x) => x.value)"
        )
        return found

    assert drive(use) == ["Dana", "Elaine", "Whitfield", ""]


@pytest.mark.parametrize("kind", ["li", "div"])
def test_pills_may_stand_in_an_item_each(drive: Callable[..., Any], kind: str) -> None:
    """A list holds its buttons each in an item of its own; boxes of a page's layout make no question of theirs."""
    pill = f"<{kind}><button type=button aria-pressed=false>%s</button></{kind}>"
    html = f"<p id=q>Which shift?</p><ul role=group aria-labelledby=q>{pill % 'Day'}{pill % 'Night'}</ul>"

    async def scenario(engine: ScriptedEngine) -> list[tuple[str, str]]:
        await show(engine, html)
        return [(c.kind, c.question) for c in (await engine.view()).controls]

    assert drive(scenario) == ([("pills", "Which shift?")] if kind == "li" else [])


def test_a_number_beside_its_countrys_code_is_written_without_it_whatever_the_fields_type(
    drive: Callable[..., Any],
) -> None:
    html = """<div><label for=c>Country code</label><select id=c><option>United Kingdom +44
      <option selected>United States +1</select>
      <label for=p>Phone number</label><input id=p name=phone></div>"""

    async def scenario(engine: ScriptedEngine) -> str:
        await show(engine, html)
        await engine.fill(CandidateSource(Candidate({"phone": "+1 541 555 0117"})))
        return str(await engine.page.evaluate("p.value"))

    assert drive(scenario) == "5415550117"


def test_what_stands_over_somebodys_name_as_well_is_no_section_of_jobs(drive: Callable[..., Any]) -> None:
    html = """<h1>Careers: Harbour pilot</h1><h2>Profile information</h2><label>First name <input></label>
      <label>Street <input></label><label>City <input id=city></label>
      <h2>Work experience</h2><label>Company <input></label><label>City <input id=work></label>"""
    person = {"city": "Eugene", "work_history": [{"company": "Oakum Bridges", "location": "Bend"}]}

    async def scenario(engine: ScriptedEngine) -> list[str]:
        await show(engine, html)
        await engine.fill(CandidateSource(Candidate(person)))
        values: list[str] = await engine.page.evaluate("[city.value, work.value]")
        return values

    assert drive(scenario) == ["Eugene", "Bend"]


def test_the_month_of_a_date_is_known_from_an_answer_where_the_profile_has_its_year_alone(
    drive: Callable[..., Any],
) -> None:
    html = """<h2>Education</h2><label>School <input></label><label>End date month <select id=m><option value="">
      <option>May<option>June</select></label><label>End date year <input id=y></label>"""
    person = {"education": [{"institution": "Oregon State University", "graduation_year": 2015}]}
    told = {"Which month and year did you graduate?": "June 2015"}

    async def scenario(engine: ScriptedEngine) -> list[str]:
        await show(engine, html)
        await engine.fill(CandidateSource(Candidate(person, told)))
        values: list[str] = await engine.page.evaluate("[m.value, y.value]")
        return values

    assert drive(scenario) == ["June", "2015"]
