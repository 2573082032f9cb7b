"""What the page script reads: questions, groups, traps, and handles that stay with their node."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

import pytest

from tests.workers.pages import show
from workers.engines.scripted import ScriptedEngine
from workers.hands.controls import Control, PageView
from workers.hands.options import real_options
from workers.hands.scope import outside

pytestmark = pytest.mark.browser

FIELDS = """
<div style="position:absolute;left:-5000px"><input name="fax_number2"></div>
<input id="bot" name="beecatcher" type="text">
<form role="search"><input name="q" type="search"></form>
<form id="news"><input type="email" name="news"><button>Subscribe</button></form>
<form id="main">
  <div><h3>Preferred name</h3><input id="heading"></div>
  <div><input id="below"><span>Referral code</span></div>
  <table><thead><tr><th></th><th>Company</th></tr></thead>
    <tr><th>Job 1</th><td><input id="cell"></td></tr></table>
  <fieldset><legend>Do you smoke?</legend><div>
    <label><input type="radio" name="smoke">Yes</label>
    <label><input type="radio" name="smoke">No</label></div></fieldset>
  <fieldset><legend>Privacy</legend>
    <label><input type="checkbox" name="c1">I agree to the privacy policy</label>
    <label><input type="checkbox" name="c2">Send me news</label></fieldset>
  <label for="sel">Country *</label><select id="sel"><option value="">Select</option><option>Chad</option></select>
  <div><span id="a">Suffix</span>
    <input id="combo" role="combobox" aria-labelledby="a" aria-describedby="h"></div>
  <p id="h">As in your passport</p>
  <input required aria-hidden="true" tabindex="-1" style="opacity:0">
  <textarea aria-label="Cover letter" required></textarea>
  <input type="file" id="file" style="display:none"><button type="button">Attach</button>
</form>
"""


@pytest.fixture
def look(drive: Callable[..., Any]) -> Callable[[str], PageView]:
    def run(html: str) -> PageView:
        async def use(engine: ScriptedEngine) -> PageView:
            await show(engine, html)
            return await engine.view()

        view: PageView = drive(use)
        return view

    return run


def by_id(view: PageView, html_id: str) -> Control:
    return next(c for c in view.controls if c.html_id == html_id)


def test_questions_are_found_wherever_they_stand(look: Callable[[str], PageView]) -> None:
    view = look(FIELDS)

    assert by_id(view, "heading").question == "Preferred name"
    assert by_id(view, "below").question == "Referral code"
    assert by_id(view, "cell").cell == "Job 1 Company"
    assert (by_id(view, "sel").question, by_id(view, "sel").required) == ("Country *", True)
    assert (by_id(view, "combo").kind, by_id(view, "combo").label) == ("combobox", "Suffix")
    assert by_id(view, "combo").help == "As in your passport"
    assert by_id(view, "file").reachable
    smoking = next(c for c in view.controls if c.kind == "radio")
    assert (smoking.question, [o.text for o in smoking.options]) == ("Do you smoke?", ["Yes", "No"])
    assert [c.label for c in view.controls if c.kind == "checkbox"] == [
        "I agree to the privacy policy",
        "Send me news",
    ]


def test_what_is_not_the_applications_is_left_alone(look: Callable[[str], PageView]) -> None:
    view = look(FIELDS)

    reasons = {c.name or c.html_id: why for c in view.controls if (why := outside(view).get(c.ref))}
    assert set(reasons) == {"fax_number2", "beecatcher", "q", "news", ""}


PAINTED = """
<div class="box"><div class="input-placeholder">Mobile number</div><input id="drawn"></div>
<div role="combobox" id="menu" aria-haspopup="listbox" aria-label="Country" tabindex="0">
  <div><span class="placeholder">Select country</span></div>
  <div role="listbox"><input id="find" aria-label="Search countries"><div role="option">Chad</div></div>
</div>
"""


def test_painted_hints_and_menus_with_a_search_of_their_own(look: Callable[[str], PageView]) -> None:
    view = look(PAINTED)

    assert by_id(view, "drawn").question == "Mobile number"
    assert (by_id(view, "menu").kind, by_id(view, "menu").label) == ("listbutton", "Country")
    assert not [c for c in view.controls if c.html_id == "find"]


def test_the_names_of_icons_are_not_read(look: Callable[[str], PageView]) -> None:
    view = look(
        "<label>Email <i class='material-icons'>mail</i> <input></label>"
        "<button>Next <span class='material-symbols-outlined'>arrow_forward</span></button>"
        "<button><mat-icon>send</mat-icon> Submit</button>"
    )

    assert [c.label for c in view.controls] == ["Email"]
    assert [b.text for b in view.buttons] == ["Next", "Submit"]


def test_boxes_are_one_question_only_where_they_are_choices(look: Callable[[str], PageView]) -> None:
    view = look(
        "<div><dl><dt>Nome</dt><dd>Ana</dd></dl>"
        "<div><input type=checkbox id=a><label for=a>Aceito a política *</label></div>"
        "<div><input type=checkbox id=b><label for=b>Quero receber alertas</label></div></div>"
        "<fieldset><legend>Please check one of the boxes below: *</legend>"
        "<div><input type=checkbox id=c><label for=c>Yes, I have a disability, or had one</label></div>"
        "<div><input type=checkbox id=d><label for=d>I do not want to answer</label></div></fieldset>"
    )

    assert [(c.kind, len(c.options), c.required) for c in view.controls] == [
        ("checkbox", 0, True), ("checkbox", 0, False), ("checkboxes", 2, True),
    ]  # fmt: skip


def test_a_page_may_call_its_own_things_by_the_browsers_names(look: Callable[[str], PageView]) -> None:
    view = look(
        "<label for='a.b'>Town</label><input id='a.b'><script>const CSS = 'body { margin: 0 }'</script>"
    )

    assert [c.label for c in view.controls] == ["Town"]


def test_handles_stay_with_their_node(drive: Callable[..., Any]) -> None:
    async def use(engine: ScriptedEngine) -> tuple[bool, bool]:
        await show(engine, "<label>A <input id=a></label><label>B <input id=b></label>")
        first = await engine.view()
        await engine.page.evaluate(
            "document.querySelector('label').replaceWith(document.querySelectorAll('label')[1])"
        )
        second = await engine.view()
        kept = by_id(second, "b").ref == by_id(first, "b").ref
        return kept, await engine.eyes.handle(by_id(first, "a").ref) is None

    assert drive(use) == (True, True)


def test_sixty_controls_are_read_at_once(drive: Callable[..., Any]) -> None:
    rows = "".join(f"<p><label for=f{i}>Question {i}</label><input id=f{i}></p>" for i in range(60))

    async def use(engine: ScriptedEngine) -> list[float]:
        await show(engine, f"<form>{rows}</form>")
        await engine.view()
        took = []
        for _ in range(5):
            started = time.perf_counter()
            await engine.glance()
            took.append(time.perf_counter() - started)
        return took

    # The budget is 50 ms on an idle machine; this catches what grows with the square of the controls.
    assert min(drive(use)) < 0.4


BOXES = """
<form class="ij-SearchBox"><input id="where" placeholder="Provincia"></form>
<form class="research-form"><input id="name" placeholder="Name"></form>
<form class="job-search-apply"><input id="own" placeholder="Name"><input type="file"></form>
"""


def test_a_box_to_search_a_site_with_is_known_by_what_its_form_is_called(
    look: Callable[[str], PageView],
) -> None:
    view = look(BOXES)

    assert by_id(view, "where").landmark == "search"
    assert not by_id(view, "name").landmark
    assert not by_id(view, "own").landmark


ASKING = """
<select id="drive">
  <option value="">Do you hold a driver licence? *</option><option>Yes</option><option>No</option>
</select>
<select id="state"><option value="">State</option><option>Ohio</option><option>Utah</option></select>
"""


def test_a_list_may_ask_by_its_first_option(look: Callable[[str], PageView]) -> None:
    drive, state = (by_id(look(ASKING), name) for name in ("drive", "state"))

    assert (drive.question, drive.required, drive.value) == ("Do you hold a driver licence? *", True, "")
    assert [o.text for o in real_options(drive.options)] == ["Yes", "No"]
    assert not state.label
