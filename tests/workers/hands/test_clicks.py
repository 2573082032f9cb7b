"""Clicks land once and only where they are meant to, and pictures leave no trace in a page."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from playwright.async_api import Error as PlaywrightError

from tests.workers.pages import show
from workers.engines.scripted import ScriptedEngine
from workers.hands.advance import Advance
from workers.hands.controls import Button
from workers.hands.privacy import full_picture
from workers.hands.verify import CannotEnter

pytestmark = pytest.mark.browser

PAGE = """
<button type="button" id="go">Send</button> <div id="veil" style="position:fixed"></div>
<script>
  heard = [];
  for (const name of ["pointerdown", "click"]) {
    document.addEventListener(name, (event) => heard.push(`${name} ${event.target.id}`));
  }
</script>
"""
# Something comes to lie over the button as the pointer gets there, and goes away again.
VEIL = """
<script>
  addEventListener("mousemove", () => {
    veil.style.inset = "0";
    setTimeout(() => veil.remove(), 300);
  }, { once: true });
</script>
"""
# The button is replaced by one like it, or by two, as the pointer gets there.
REDRAWN = """
<script>
  addEventListener("mousemove", () => { go.outerHTML = `${go.outerHTML}AGAIN`; }, { once: true });
</script>
"""
# The list goes away as soon as the button of the mouse is down.
PRESSED = "<script>go.addEventListener('mousedown', () => { heard.push('pressed'); go.remove(); })</script>"


async def _pressed(engine: ScriptedEngine, html: str) -> list[str]:
    await show(engine, html)
    button: Button = (await engine.view()).buttons[0]
    assert await engine.eyes.click(button.ref, timeout_ms=4000)
    heard: list[str] = await engine.page.evaluate("heard")
    return heard


@pytest.mark.parametrize(
    ("html", "expected"),
    [
        (PAGE, ["pointerdown go", "click go"]),
        (PAGE + VEIL, ["pointerdown go", "click go"]),
        (PAGE + PRESSED, ["pointerdown go", "pressed"]),
        (
            PAGE.replace("position:fixed", "position:fixed;inset:0;pointer-events:none"),
            ["pointerdown go", "click go"],
        ),
    ],
)
def test_a_click_reaches_the_page_once_and_nothing_else_is_hit(
    drive: Callable[..., Any], html: str, expected: list[str]
) -> None:
    assert drive(lambda engine: _pressed(engine, html)) == expected


def test_a_node_that_was_thrown_away_is_not_clicked(drive: Callable[..., Any]) -> None:
    async def use(engine: ScriptedEngine) -> bool:
        await show(engine, PAGE)
        button = (await engine.view()).buttons[0]
        await engine.page.evaluate("go.remove()")
        return await engine.eyes.click(button.ref, timeout_ms=4000)

    assert drive(use) is False


@pytest.mark.parametrize("again", ["", "<button type='button'>Send</button>"])
def test_a_button_drawn_anew_under_the_pointer_is_pressed_once_if_it_is_plain_which_it_is(
    drive: Callable[..., Any], again: str
) -> None:
    """What had become of the first click is certain: it was kept from the page."""

    async def use(engine: ScriptedEngine) -> list[str]:
        await show(engine, PAGE + REDRAWN.replace("AGAIN", again))
        advance = Advance((await engine.view()).buttons[0], sends=True, surely_sends=True)
        if again:
            with pytest.raises(CannotEnter):
                await engine.press_once(advance)
        else:
            await engine.press_once(advance)
        heard: list[str] = await engine.page.evaluate("heard")
        return heard

    assert drive(use) == ([] if again else ["pointerdown go", "click go"])


def test_a_picture_counts_for_what_was_not_touched_and_did_not_change_since(
    drive: Callable[..., Any],
) -> None:
    async def use(engine: ScriptedEngine) -> list[bool]:
        await show(engine, PAGE + "<input id=i autofocus>")
        button = (await engine.view()).buttons[0]
        same = []
        for act in (
            full_picture(engine.page, (), 6000),
            engine.page.evaluate("veil.textContent = 'new'"),
            engine.eyes.click(button.ref, timeout_ms=4000),
        ):
            mark = engine.mark
            await act
            await engine.eyes.look()
            same.append(mark == engine.mark)
        return same

    assert drive(use) == [True, False, False]


def test_a_page_that_hangs_does_not_hold_a_click_for_ever(drive: Callable[..., Any]) -> None:
    async def use(engine: ScriptedEngine) -> None:
        await show(engine, PAGE + "<script>go.onmousedown = () => { for (;;); }</script>")
        button = (await engine.view()).buttons[0]
        with pytest.raises(PlaywrightError, match="in time"):
            await engine.eyes.click(button.ref, timeout_ms=500)

    drive(use)
