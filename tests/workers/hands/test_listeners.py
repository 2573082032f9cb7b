"""Which pages could answer to what is entered."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from workers.engines.scripted import ScriptedEngine
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
