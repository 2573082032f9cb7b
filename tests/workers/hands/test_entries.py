"""Jobs and schools that a form takes one by one, each kept by a button of its own."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from tests.workers.pages import show
from workers.engines.scripted import ScriptedEngine
from workers.hands.candidate import Candidate
from workers.hands.report import PageReport
from workers.hands.sources import CandidateSource

pytestmark = pytest.mark.browser

JOBS = [
    {"company": "Saltmarsh Looms", "title": "Weaver", "start_date": "2021-04", "end_date": "Present"},
    {"company": "Heron & Daughters", "title": "Dyer", "start_date": "2017-02", "end_date": "2021-03"},
]
# The entry's own fields are in the page from the beginning, put away. `wants` names what it does not go without.
PAGE = """<form onsubmit='sent=1;return false'><h2>Work experience</h2><ul id=kept></ul>{cards}
<button type=button id=add onclick='box.hidden=false;add.hidden=true'>Add experience</button>
<div id=box hidden><label>Job title <input id=t {marks}></label><label>Company <input id=c></label>
<label>Reason for leaving <input id=w {more}></label>
<label><input type=checkbox id=now> I currently work here</label><p id=no role=alert></p>
<button type={type} id=keep>Save experience</button><button type=button id=drop>Cancel</button></div>
<label>First name <input name=first></label><button>Submit application</button></form><script>
const shut = () => {{ box.hidden = true; add.hidden = false; for (const x of [t, c, w]) x.value = '' }};
drop.onclick = shut;
keep.onclick = () => {{
  if (!t.value || !c.value || ({wants})) {{ no.textContent = 'Tell us why you left.'; return }}
  kept.innerHTML += `<li>${{t.value}}, ${{c.value}}${{now.checked ? ' (now)' : ''}}</li>`;
  now.checked = false; shut() }};
</script>"""
ENTRIES = ["Weaver, Saltmarsh Looms (now)", "Dyer, Heron & Daughters"]


def page(**parts: str) -> str:
    return PAGE.format(**{"cards": "", "marks": "", "more": "", "type": "button", "wants": "false", **parts})


def fill(drive: Callable[..., Any], html: str) -> tuple[PageReport, list[str], dict[str, Any]]:
    """Return the report, the entries that the form has kept, and what the page looks like afterwards."""

    async def scenario(engine: ScriptedEngine) -> tuple[PageReport, list[str], dict[str, Any]]:
        await show(engine, html)
        who = Candidate({"first_name": "Imke", "work_history": JOBS})
        report = await engine.fill(CandidateSource(who))
        kept = await engine.page.evaluate("[...kept.children].map(x => x.textContent)")
        state = (
            "({first: document.querySelector('[name=first]').value, open: !box.hidden, sent: !!window.sent})"
        )
        return report, kept, await engine.page.evaluate(state)

    result: tuple[PageReport, list[str], dict[str, Any]] = drive(scenario)
    return result


def claimed(report: PageReport) -> list[str]:
    return [f.action.control.label for f in report.filled if f.verified]


def test_each_job_is_kept_by_the_entrys_own_button(drive: Callable[..., Any]) -> None:
    report, kept, state = fill(drive, page())

    assert kept == ENTRIES
    assert claimed(report).count("Company") == claimed(report).count("Job title") == 2
    assert state == {"first": "Imke", "open": False, "sent": False}


def test_an_entry_that_the_form_does_not_keep_is_given_up_and_not_claimed(drive: Callable[..., Any]) -> None:
    report, kept, state = fill(drive, page(wants="!w.value"))

    assert kept == []
    assert claimed(report) == ["First name"]
    assert {x.reason for x in report.left if x.control.label == "Company"} == {"Tell us why you left."}
    # Half an entry would keep the form from being sent.
    assert state == {"first": "Imke", "open": False, "sent": False}


def test_an_entry_that_asks_for_more_stays_open_and_asks(drive: Callable[..., Any]) -> None:
    report, kept, state = fill(drive, page(more="required", wants="!w.value"))

    assert kept == []
    assert [x.control.label for x in report.questions] == ["Reason for leaving"]
    assert state["open"]


def test_what_a_site_has_read_from_the_resume_is_not_entered_twice(drive: Callable[..., Any]) -> None:
    report, kept, _ = fill(drive, page(cards="<div><b>Weaver</b> at Saltmarsh Looms <i>Edit</i></div>"))

    assert kept == ENTRIES[1:]
    assert claimed(report).count("Company") == 1


def test_a_button_that_could_send_the_form_keeps_nothing(drive: Callable[..., Any]) -> None:
    _, kept, state = fill(drive, page(type="submit"))

    assert kept == []
    assert not state["sent"]
