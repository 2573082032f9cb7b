"""Which pages could answer to what is entered."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from tests.workers.pages import show
from workers.engines.scripted import ScriptedEngine
from workers.hands.controls import Control
from workers.hands.listeners import Listeners

pytestmark = pytest.mark.browser

FIELD = "<label>City <input id=c></label>"
SHADOW = (
    "const root = document.body.appendChild(document.createElement('div')).attachShadow({mode: 'MODE'});"
    "root.innerHTML = '<input>';"
)


@pytest.mark.parametrize(
    ("html", "expected"),
    [
        (FIELD, False),
        (
            FIELD + "<script>addEventListener('load', () => 1); addEventListener('scroll', () => 1)</script>",
            False,
        ),
        (FIELD.replace("id=c", "id=c oninput='1'"), True),
        (FIELD + "<script>c.addEventListener('keyup', () => 1)</script>", True),
        (FIELD + "<script>document.addEventListener('focusout', () => 1, true)</script>", True),
        (FIELD + "<script>addEventListener('change', () => 1)</script>", True),
        (f"<script>{SHADOW.replace('MODE', 'open')} root.firstChild.onchange = () => 1</script>", True),
        (f"<script>{SHADOW.replace('MODE', 'closed')} root.firstChild.onchange = () => 1</script>", True),
        (FIELD + "<iframe srcdoc='<input>'></iframe>", True),
    ],
)
def test_a_page_listens_when_anything_on_it_could_learn_of_an_answer(
    drive: Callable[..., Any], html: str, expected: bool
) -> None:
    async def ask(engine: ScriptedEngine) -> bool:
        page = await engine.context.new_page()
        await page.set_content(f"<body>{html}</body>")
        # Playwright's own means of clicking are not mistaken for the page's.
        await page.click("body")
        return await Listeners(page).any()

    assert drive(ask) is expected


PLACES = """
<form>
  <div><label for=a>A</label><input id=a></div>
  <div><label id=lb for=b>B</label><input id=b></div>
  <div id=wrap><p><label for=c>C</label><input id=c></p></div>
  <fieldset>
    <label><input type=radio name=r id=r1> R1</label><label id=second><input type=radio name=r> R2</label>
  </fieldset>
</form>
"""


@pytest.mark.parametrize(
    ("place", "heard"),
    [
        ("document.querySelector('#a')", {"a"}),
        ("document.querySelector('#lb')", {"b"}),
        ("document.querySelector('#wrap')", {"c"}),
        ("document.querySelector('#second')", {"r1"}),
        ("document.querySelector('form')", {"a", "b", "c", "r1"}),
        ("document", {"a", "b", "c", "r1"}),
        ("window", {"a", "b", "c", "r1"}),
    ],
)
def test_an_answer_is_heard_where_something_listens_around_or_beside_it(
    drive: Callable[..., Any], place: str, heard: set[str]
) -> None:
    async def ask(engine: ScriptedEngine) -> set[str]:
        await show(engine, PLACES + f"<script>{place}.addEventListener('change', () => 1)</script>")
        controls: tuple[Control, ...] = (await engine.view()).controls
        found = await engine.eyes.hearing([control.ref for control in controls])
        return {control.html_id for control in controls if control.ref in found}

    assert drive(ask) == heard
