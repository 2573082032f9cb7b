"""Choices that a dialog over the page offers, and that count once they are confirmed there."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from tests.workers.pages import show
from workers.engines.scripted import ScriptedEngine
from workers.hands.form_data import FormData
from workers.hands.report import PageReport

pytestmark = pytest.mark.browser

# The host of the component carries the question; its button is transparent, and names the value before the question.
PAGE = """<form><x-pick label="Favourite tree"></x-pick></form><script>
customElements.define('x-pick', class extends HTMLElement {
  connectedCallback() {
    this.attachShadow({ mode: 'open' }).innerHTML = `<div>Favourite tree</div>
      <div style="height:30px;position:relative">
      <span aria-hidden=true class=placeholder>Pick one</span><button type=button aria-haspopup=dialog
        aria-label="Pick one, Favourite tree" style="position:absolute;opacity:0;width:1px;height:1px"></button></div>`;
    this.onclick = () => this.ask();
  }
  ask() {
    const over = document.body.appendChild(document.createElement('div')), said = this.shadowRoot.querySelector('span');
    over.setAttribute('role', 'alertdialog');
    over.style = 'position:fixed;inset:0;background:white';
    over.innerHTML = ['Ash', 'Mountain ash', 'Oak'].map((x) => `<button type=button role=radio>${x}</button>`).join('')
      + '<button type=button>Cancel</button><button type=button>OK</button>';
    document.onkeydown = (e) => { if (e.key === 'Escape') over.remove(); };
    let picked = '';
    for (const button of over.children) button.onclick = () => {
      if (button.matches('[role=radio]')) { picked = button.textContent; return; }
      if (button.textContent === 'OK' && picked) { said.textContent = this.dataset.held = picked; said.className = ''; }
      over.remove();
    };
  }
});</script>"""


@pytest.mark.parametrize(("given", "held"), [("Ash", "Ash"), ("Elm", None)])
def test_what_is_picked_in_an_alert_is_confirmed_there(
    drive: Callable[..., Any], given: str, held: str | None
) -> None:
    async def use(engine: ScriptedEngine) -> tuple[PageReport, str | None]:
        await show(engine, PAGE)
        report = await engine.fill(FormData({"Favourite tree": given}))
        return report, await engine.page.evaluate(
            "() => document.querySelector('x-pick').dataset.held ?? null"
        )

    report, found = drive(use)

    assert found == held
    assert [(f.action.control.question, f.verified) for f in report.filled] == [
        ("Favourite tree", bool(held))
    ]
