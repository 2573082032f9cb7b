"""Files that are asked for by a button, without any file field on the page."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.workers.pages import show
from workers.engines.scripted import ScriptedEngine
from workers.hands.form_data import FormData
from workers.hands.report import PageReport

pytestmark = pytest.mark.browser

# The field is made once the menu is asked for it, and never put into the page.
PAGE = """<form><div>Photo of the dog <button type=button>Attach</button></div>
<div>Photo of the cat <button type=button>Attach</button></div></form><script>
const choose = (row) => {
  const field = document.createElement('input');
  field.type = 'file';
  field.onchange = () => { row.lastChild.textContent = field.files[0].name; };
  field.click();
};
for (const button of document.querySelectorAll('button')) button.onclick = () => {
  const row = button.parentElement, menu = row.appendChild(document.createElement('ul'));
  row.append(document.createElement('b'));
  menu.innerHTML = '<li role=menuitem>Dropbox</li><li role=menuitem>%s</li>';
  menu.onclick = (e) => { if (e.target === menu.lastChild) choose(row); menu.remove(); };
};</script>"""


@pytest.mark.parametrize(("entry", "held"), [("From this computer", "cat.pdf"), ("Google Drive", "")])
def test_a_menu_is_asked_for_the_file_that_is_at_hand(
    drive: Callable[..., Any], tmp_path: Path, entry: str, held: str
) -> None:
    (tmp_path / "cat.pdf").write_bytes(b"%PDF-1.4")
    source = FormData({"Photo of the cat": "cat.pdf"}, {"cat.pdf": tmp_path / "cat.pdf"})

    async def use(engine: ScriptedEngine) -> tuple[PageReport, list[str]]:
        await show(engine, PAGE % entry)
        report = await engine.fill(source)
        return report, await engine.page.locator("b").all_inner_texts()

    report, shown = drive(use)

    assert shown == [held]
    assert [(f.action.control.question, f.verified) for f in report.filled] == [
        ("Photo of the cat", bool(held))
    ]
