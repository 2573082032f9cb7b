"""Type a code that the site sent to a person into the page that asks for it, and press once."""

from __future__ import annotations

import re
from contextlib import suppress

from playwright.async_api import Error as PlaywrightError
from playwright.async_api import Page

from workers.hands.act import node
from workers.hands.controls import Button, Control, PageView
from workers.hands.observe import Eyes
from workers.hands.pages import fillable
from workers.hands.text import fold
from workers.hands.verify import CannotEnter
from workers.hands.vocabulary import said
from workers.hands.walls import names_code

TYPE_MS = 4000
PRESS_MS = 8000
# Pictures cover what is marked like this.
MARK = "element => element.setAttribute('data-private', '')"


async def enter_code(page: Page, code: str) -> bool:
    """Type the code, over several boxes where there are several, and press; False when nothing asks for one.

    Guarantees: never raises with words that may hold the code.
    """
    eyes = Eyes(page)
    view = await eyes.steady()
    boxes = code_boxes(view)
    if not boxes:
        return False
    with suppress(PlaywrightError, CannotEnter):
        await _type(eyes, boxes, _plain(code, boxes))
        # Some pages go on by themselves with the last digit; then there is no button to press any more.
        await _press(eyes, view, boxes)
    return True


async def wipe_code(page: Page) -> None:
    """Take the code back out of a page that did not accept it, so that no picture shows it."""
    eyes = Eyes(page)
    with suppress(PlaywrightError, CannotEnter):
        for box in code_boxes(await eyes.look()):
            await (await node(eyes, box.ref)).fill("", timeout=TYPE_MS)


def code_boxes(view: PageView) -> list[Control]:
    """Return the box for the code, or the boxes for its single characters, in order."""
    boxes = [c for c in fillable(view) if c.kind == "text" and not (c.disabled or c.readonly)]
    single = [c for c in boxes if c.maxlength == 1]
    if len(single) >= 4:
        return single
    told = [c for c in boxes if "one-time-code" in c.autocomplete] or [c for c in boxes if names_code(c)]
    told = told or [
        c for c in boxes if re.search(r"captcha|characters", fold(f"{c.name} {c.html_id} {c.label}"))
    ]
    return told[:1]


def _plain(code: str, boxes: list[Control]) -> str:
    """Return the code without the blanks and dashes that people write into it, unless the box has room for them."""
    packed = re.sub(r"[\s\-]", "", code)
    roomy = len(boxes) == 1 and (boxes[0].maxlength == 0 or boxes[0].maxlength >= len(code))
    return code.strip() if roomy and not packed.isdigit() else packed


async def _type(eyes: Eyes, boxes: list[Control], code: str) -> None:
    parts = list(code) if len(boxes) > 1 else [code]
    for box, part in zip(boxes, parts, strict=False):
        handle = await node(eyes, box.ref)
        await handle.evaluate(MARK)
        await handle.fill("", timeout=TYPE_MS)
        await handle.type(part, delay=5, timeout=TYPE_MS)


async def _press(eyes: Eyes, view: PageView, boxes: list[Control]) -> None:
    button = _button(view, boxes)
    handle = await node(eyes, button.ref if button else boxes[-1].ref)
    if button:
        await handle.click(timeout=PRESS_MS, no_wait_after=True)
    else:
        await handle.press("Enter", timeout=PRESS_MS, no_wait_after=True)


def _button(view: PageView, boxes: list[Control]) -> Button | None:
    ours = [b for b in view.buttons if b.form == boxes[0].form and not b.popup]
    said_so = [
        b
        for b in ours
        if said("buttons", "confirms_code").search(fold(b.text))
        and not said("buttons", "never").search(fold(b.text))
    ]
    typed = [b for b in ours if b.type == "submit" and b.tag != "a"]
    return next(iter([*(b for b in said_so if b in typed), *said_so, *typed]), None)
