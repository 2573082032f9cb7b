"""When a page has turned, what it still wants, and what a press that did nothing leaves behind."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from tests.workers.pages import show
from tests.workers.recording import RecordingRun
from workers.context import JobSpec
from workers.engines.scripted import ScriptedEngine
from workers.handlers.submission import Landing, press
from workers.hands.advance import find_advance
from workers.hands.candidate import Answer, Candidate
from workers.hands.controls import Control, Ref
from workers.hands.plan import Action, Left
from workers.hands.report import Filled, PageReport
from workers.hands.sources import CandidateSource

FORM = (
    "<form onsubmit='return false'><label>Name <input name=name value=Dana></label>"
    "<label>Town <input name=town></label><button type=button{}</button></form>"
)
# A row is added by a button, over which a banner comes at some time after the page.
ROWS = """<h2>Work experience</h2><div id=rows></div><button onclick="add()">Add experience</button><script>
const add = () => { rows.innerHTML += '<label>Company <input></label>'; };
const banner = () => document.body.insertAdjacentHTML('beforeend', `<div id=over role=dialog
  style="position:fixed;inset:0">
  <button onclick="over.remove()">Ablehnen</button><button>Alles akzeptieren</button></div>`);</script>"""
TELLS = " onclick=\"fetch('/told', {method: 'POST', body: 'x'})\">Continue"


def asks(number: int, label: str, **more: Any) -> Control:
    return Control(Ref(0, number), **{"kind": "text", "label": label, **more})


def report(filled: list[Control], *left: Left) -> PageReport:
    entered = (Filled(Action(c, "none", Answer("x", "qa", 1.0)), "x", True) for c in filled)
    return PageReport(tuple(entered), left)


def test_a_page_has_turned_when_it_asks_for_other_things_only() -> None:
    name, town, street = asks(1, "Name"), asks(2, "Town"), asks(3, "Street")
    done = report([name], Left(town, "city", "nothing was stated"))

    assert done.gone_from([street])
    assert not done.gone_from([street, town])
    # Drawn anew, a control is another node that asks the same.
    assert not done.gone_from([asks(9, "Name")])
    assert not done.gone_from([])
    assert not report([], Left(town, "city", "nothing was stated")).gone_from([street])


def test_what_a_page_still_wants_is_what_is_shown_and_was_left_alone() -> None:
    choice, other = asks(1, "Which boat?", kind="radio"), asks(2, "Notes")
    hidden, painted = asks(3, "Trap", hidden="clipped"), asks(4, "Rig", hidden="clipped", face=Ref(0, 40))
    shut, terms = asks(5, "Sail", disabled=True), asks(6, "I agree", kind="checkbox")
    labels = {terms: "consent"}
    left = [Left(c, labels.get(c, "none"), "why") for c in (choice, other, hidden, painted, shut, terms)]
    done = report([], *left)

    assert [x.control for x in done.unanswered()] == [choice, other, painted]
    assert [x.control for x in done.unanswered([asks(8, "Notes")])] == [other]


@pytest.mark.browser
@pytest.mark.parametrize(
    ("button", "marks"),
    [
        (">Continue", ["arm", "disarm"]),
        (">Submit application", ["arm"]),
        (TELLS, ["arm"]),
    ],
)
def test_the_mark_is_taken_back_where_a_button_that_need_not_send_has_done_nothing(
    drive: Callable[..., Any], button: str, marks: list[str]
) -> None:
    run = RecordingRun(JobSpec("1", "apply", "about:blank", "Apply", {}))

    async def use(engine: ScriptedEngine) -> Landing:
        await engine.context.route(
            "**/*", lambda route: route.fulfill(body=FORM.format(button), content_type="text/html")
        )
        await engine.open("http://example.com/apply")
        view = await engine.view()
        advance = find_advance(view)
        assert advance is not None
        return await press(run, engine, advance, view, patience_seconds=1)

    landing = drive(use)

    assert run.arming == marks
    assert landing.armed is (marks == ["arm"])
    reasons = [text for name, text in run.calls if name == "disarm"]
    assert all(reason.startswith("nothing left the page") for reason in reasons)


@pytest.mark.browser
def test_a_star_of_any_shape_makes_a_group_of_boxes_required(drive: Callable[..., Any]) -> None:
    html = (
        "<form><fieldset><legend>Shifts {}</legend><label><input type=checkbox name=s value=a> Mornings</label>"
        "<label><input type=checkbox name=s value=b> Nights</label></fieldset></form>"
    )

    async def use(engine: ScriptedEngine) -> dict[str, bool]:
        found = {}
        for star in ("\u2731", "\uff0a", "*", "(any)"):
            await show(engine, html.format(star))
            (group,) = (await engine.view()).controls
            found[star] = group.kind == "checkboxes" and group.required
        return found

    assert drive(use) == {"\u2731": True, "\uff0a": True, "*": True, "(any)": False}


@pytest.mark.browser
def test_a_banner_that_came_over_the_button_for_a_row_is_declined_first(drive: Callable[..., Any]) -> None:
    who = Candidate.from_input({"user_data": {"work_history": [{"company": "Larkspur Water"}]}})

    async def use(engine: ScriptedEngine) -> tuple[PageReport, int]:
        await show(engine, ROWS)
        await engine.page.evaluate("banner()")
        done = await engine.fill(CandidateSource(who))
        return done, await engine.page.locator("#over").count()

    done, banners = drive(use)

    assert [(f.action.control.question, f.verified) for f in done.filled] == [("Company", True)]
    assert banners == 0
