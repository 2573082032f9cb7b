"""Editors for longer texts: pages of their own, within a frame, that take the place of a plain field."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from tests.workers.pages import show
from workers.engines.scripted import ScriptedEngine
from workers.hands.form_data import FormData

pytestmark = pytest.mark.browser

# The editor's page names itself; what it is for is said by the label of the field that it hides.
EDITOR = """<h3>About you</h3><label for=why>Why this bakery?</label><textarea id=why></textarea>
<label for=town>Town</label><input id=town><script>
const edit = () => {
  why.style.display = 'none';
  why.insertAdjacentHTML('afterend', '<div><div><div><iframe title="Rich text editor"></iframe></div></div></div>');
  const page = document.querySelector('iframe').contentDocument;
  page.write('<body contenteditable=true aria-label="Rich text. Press ALT-0 for help"><p><br></p></body>');
  page.close();
};
const begin = %s;
</script>"""


@pytest.mark.parametrize(
    "begin",
    [
        "edit()",
        # While the form is filled, and after it was.
        "why.addEventListener('input', () => setTimeout(edit, 60))",
        "why.addEventListener('input', () => setTimeout(edit, 400))",
        # While it is first looked at, and when the plain field is about to be filled.
        "setTimeout(edit, 30)",
        "setTimeout(edit, 500)",
        "why.addEventListener('focus', edit)",
    ],
)
def test_an_editor_in_a_frame_takes_the_text_of_the_field_that_it_hides(
    drive: Callable[..., Any], begin: str
) -> None:
    wanted = {"Why this bakery?": "I bake at night.", "Town": "Bath"}

    async def use(engine: ScriptedEngine) -> tuple[list[tuple[str, bool]], str]:
        await show(engine, EDITOR % begin)
        report = await engine.lasting(await engine.fill(FormData(wanted)))
        text = await engine.page.frames[-1].inner_text("body")
        return [(f.action.control.kind, f.verified) for f in report.filled], text.strip()

    filled, text = drive(use)

    assert text == wanted["Why this bakery?"]
    assert ("richtext", True) in filled
    assert all(verified for _, verified in filled)
