"""A statement that is accepted by the button of what its link opens."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from tests.workers.pages import show
from workers.engines.scripted import ScriptedEngine
from workers.hands.form_data import FormData
from workers.hands.report import PageReport

pytestmark = pytest.mark.browser

# The text is fetched; only then can it be accepted.
PAGE = """<form><label>Name <input></label><p>Harbour rules <a href="#" role=button id=link>Read and accept the harbour
rules</a></p></form><script>
link.onclick = (e) => {
  e.preventDefault();
  const over = document.body.appendChild(document.createElement('div'));
  over.setAttribute('role', 'dialog');
  over.innerHTML = '<p>Loading</p><footer><button type=button disabled>Accept</button>'
    + '<button type=button>Decline</button></footer>';
  setTimeout(() => {
    over.firstChild.textContent = 'No swimming.';
    over.querySelector('button').disabled = false;
  }, 300);
  for (const button of over.querySelectorAll('button')) button.onclick = () => {
    if (button.textContent === 'Accept' && %s) link.textContent = 'You have accepted the harbour rules';
    over.remove();
  };
};</script>"""


@pytest.mark.parametrize(
    ("takes", "given", "accepted"), [(1, "Yes, I accept", True), (0, "Yes", False), (1, "No", False)]
)
def test_a_statement_is_accepted_through_its_link(
    drive: Callable[..., Any], takes: int, given: str, accepted: bool
) -> None:
    async def use(engine: ScriptedEngine) -> tuple[PageReport, str]:
        await show(engine, PAGE % takes)
        report = await engine.fill(FormData({"Harbour rules": given}))
        return report, await engine.page.inner_text("#link")

    report, said = drive(use)

    assert ("You have accepted" in said) is accepted
    assert [f.verified for f in report.filled] == [accepted]
