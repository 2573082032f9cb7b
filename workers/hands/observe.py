"""Read a page: one injected script per frame returns every control, button and message at once."""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import Callable, Collection, Mapping
from contextlib import suppress
from dataclasses import replace
from functools import cache
from importlib.resources import files
from typing import Any, Final

from playwright.async_api import ElementHandle, Frame, Page
from playwright.async_api import Error as PlaywrightError

from workers.hands.controls import (
    Control,
    Form,
    Message,
    Obstacles,
    PageView,
    Ref,
    Widget,
    button_from,
    control_from,
)
from workers.hands.listeners import Listeners

SCRIPTS = (
    "dom.js",
    "veiled.js",
    "walls.js",
    "duals.js",
    "uploads.js",
    "controls.js",
    "rows.js",
    "observe.js",
    "calendar.js",
    "stillness.js",
    "turn.js",
    "phones.js",
    "notices.js",
    "popup.js",
)
# Widgets of other houses that hold no field of the application.
FOREIGN_FRAME = re.compile(
    r"recaptcha|hcaptcha|challenges\.cloudflare|doubleclick|googletagmanager|about:srcdoc#ad"
)
NOT_INSTALLED = "GhostHands script is missing"
STILL_S = 0.06
# How long a look waits for a page to come to rest; where one never does, two looks that agree count as well.
REST_MS = 60
# What changes without the page's own document noticing, as frames do, is found by looking this often.
STIR_MS = 120
SETTLE_S = 8.0
# A page that stood still this long ago, and was not touched since, need not be looked at again.
FRESH_S = 0.1
# A page that stays tells within this whether it took a click.
HEARD_S = 2.0
# What is seen of a frame that is on its way to another document.
LOST: Final[Mapping[str, Any]] = {}


@cache
def page_script() -> str:
    """Return the script that installs the hands' eyes in a frame; installing twice changes nothing."""
    folder = files("workers.hands") / "js"
    body = "\n".join((folder / name).read_text(encoding="utf-8") for name in SCRIPTS)
    return f"() => {{ const k = Symbol.for('gh.eyes'); if (!window[k]) window[k] = (() => {{ {body} }})(); }}"


async def ask(frame: Frame, call: str, argument: Any = None) -> Any:
    """Run one of the page script's functions in the frame, installing the script when it is not there yet."""
    # As text: a large value takes Playwright several times longer to bring over than the page to make it.
    expression = (
        f"(arg) => {{ const eyes = window[Symbol.for('gh.eyes')]; if (!eyes) return '{NOT_INSTALLED}';"
        f" const text = (found) => JSON.stringify(found ?? null), found = eyes.{call}(arg);"
        " return found && typeof found.then === 'function' ? found.then(text) : text(found); }"
    )
    answer = await frame.evaluate(expression, argument)
    if answer == NOT_INSTALLED:
        await frame.evaluate(page_script())
        answer = await frame.evaluate(expression, argument)
    return json.loads(answer)


class Eyes:
    """Looks at one page. Frames keep their number for as long as the page lives.

    Guarantees: whatever is done to the page goes through `handle`, so that no look from before counts after it.
    """

    def __init__(self, page: Page, *, busy: Callable[[], bool] = lambda: False) -> None:
        self.page = page
        self._listeners = Listeners(page)
        self._busy = busy
        self._frames: list[Frame] = []
        self._seen: PageView | None = None
        self._since = self._seen_at = 0.0
        self._moment = ""
        self._touches = 0
        self._lost = False
        self._documents: dict[int, str] = {}
        self._heard = ("", False)

    def frame(self, number: int) -> Frame:
        """Return the frame with that number."""
        return self._frames[number]

    def _number(self, frame: Frame) -> int:
        if frame not in self._frames:
            self._frames.append(frame)
        return self._frames.index(frame)

    async def look(self, *, patience_ms: int = 0) -> PageView:
        """Return everything a person could see and fill in now, in all frames.

        With patience the look waits for the page to come to rest: loaded, unchanged for a moment, nothing due.
        """
        frames = self._shown_frames()
        seen = await asyncio.gather(*(self._look_at(f, patience_ms) for f in frames))
        parts = [(self._number(f), raw) for f, raw in zip(frames, seen, strict=True) if raw]
        # A frame that came during the look was not looked at.
        self._lost = any(raw == LOST for raw in seen) or self._shown_frames() != frames
        rests = bool(parts) and not (self._lost or self._busy()) and all(raw["rest"] for _, raw in parts)
        view = _joined(self.page, parts, at_rest=rests)
        self._moment = parts[0][1]["moment"] if parts else ""
        self._documents = {number: raw["document"] for number, raw in parts}
        self._seen_at = asyncio.get_running_loop().time()
        if self._seen is None or outline(view) != outline(self._seen):
            self._since = self._seen_at
        self._seen = view
        return view

    def _shown_frames(self) -> list[Frame]:
        return [f for f in self.page.frames if not f.is_detached() and not FOREIGN_FRAME.search(f.url)]

    async def steady(self) -> PageView:
        """Return the page once it has stood still for a moment, or as it is when it never does."""
        loop = asyncio.get_running_loop()
        if self._seen and self._stands_still() and loop.time() - self._seen_at < FRESH_S:
            return self._seen
        deadline = loop.time() + SETTLE_S
        while True:
            began = loop.time()
            view = await self.look(patience_ms=REST_MS)
            if self._stands_still() or loop.time() > deadline:
                return view
            await asyncio.sleep(began + STILL_S - loop.time())

    async def stir(self) -> bool:
        """Wait a moment for the page to change since the last look, or to go elsewhere, and tell whether it did."""
        asked = {"mark": self._moment, "patience": STIR_MS}
        with suppress(PlaywrightError):
            return bool(await ask(self.page.main_frame, "changedSince", asked))
        return True

    async def listened_to(self) -> bool:
        """Tell whether anything on the page could notice an answer; asked anew once a look has found it changed."""
        before, heard = self._heard
        same = self._moment.split("/")[0] == before.split("/")[0] if heard else self._moment == before
        if not (self._moment and same):
            self._heard = (self._moment, await self._listeners.any())
        return self._heard[1]

    async def hearing(self, refs: Collection[Ref]) -> frozenset[Ref]:
        """Return those of the controls to whose answers the page could react."""
        if not await self.listened_to():
            return frozenset()
        near = {ref.node: ref for ref in refs if self.in_main_frame(ref)}
        heard = await self._listeners.of(list(near)) if near else frozenset()
        return frozenset(ref for ref in refs if ref.node not in near or ref.node in heard)

    async def moving(self) -> bool:
        """Tell whether something slides or fades on the page this instant."""
        return bool(await ask(self.page.main_frame, "moves", None))

    async def rest(self, ref: Ref) -> None:
        """Return once the frame that holds the node is at rest, or after a moment all the same."""
        await ask(self.frame(ref.frame), "rests", REST_MS)

    async def settled_menu(self, ref: Ref) -> list[dict[str, Any]]:
        """Return the options of the control's open menu if the page is at rest with them and waits for no answer."""
        asked = {"id": ref.node, "still": REST_MS}
        found = await ask(self.frame(ref.frame), "menuAtRest", asked)
        return found["options"] if found["rest"] and not self._busy() else []

    @property
    def mark(self) -> tuple[int, str]:
        """What stays the same while nothing is done to the page and it does not change, as far as the last look saw."""
        return self._touches, self._moment

    def _touch(self) -> None:
        self._touches += 1
        self._seen = None

    def _stands_still(self) -> bool:
        """Tell whether the page was at rest, or two looks a moment apart, nothing done in between, saw the same."""
        view = self._seen
        if not (view and (view.text.strip() or view.controls)):
            return False
        return view.at_rest or (not self._lost and self._seen_at - self._since >= STILL_S)

    async def _look_at(self, frame: Frame, patience_ms: int) -> Mapping[str, Any] | None:
        """Return what the frame shows; None for one that shows nothing, being hidden or next to nothing."""
        try:
            if frame.parent_frame and not await _has_size(frame):
                return None
            raw: Mapping[str, Any] = await self._see(frame, patience_ms)
        except PlaywrightError as error:
            if frame.parent_frame is None and "navigat" not in str(error) and "destroyed" not in str(error):
                raise
            return LOST
        return raw

    async def _see(self, frame: Frame, patience_ms: int) -> Any:
        if not patience_ms:
            return await ask(frame, "observe")
        heard = self._heard != (self._moment, False)
        touched = self._documents.get(self._number(frame), "") if self._seen is None and heard else ""
        return await ask(frame, "observeAtRest", {"patience": patience_ms, "touched": touched})

    async def click(self, ref: Ref, *, timeout_ms: int) -> bool:
        """Click the node once, where it lies now or as soon as it lies open; False when the page has thrown it away.

        Nothing is waited for after the click. Raises Playwright's errors.
        """
        try:
            async with asyncio.timeout(timeout_ms / 1000):
                if self.in_main_frame(ref) and await self._click_now(ref):
                    return True
        except TimeoutError as error:
            raise PlaywrightError("the page did not take the click in time") from error
        handle = await self.handle(ref)
        if handle is not None:
            await handle.click(timeout=timeout_ms, no_wait_after=True)
        return handle is not None

    async def _click_now(self, ref: Ref) -> bool:
        """Click where the node lies, and tell whether it was hit: a click that would miss is kept from the page."""
        self._touch()
        point = await ask(self.page.main_frame, "aim", ref.node)
        if point is None:
            return False
        await self.page.mouse.click(point["x"], point["y"])
        with suppress(PlaywrightError, TimeoutError):
            async with asyncio.timeout(HEARD_S):
                return not await ask(self.page.main_frame, "hasMissed")
        # The click has led elsewhere; a page that is being left answers no more until the next one has come.
        return True

    async def handle(self, ref: Ref) -> ElementHandle | None:
        """Return the node itself, or None when the page has thrown it away."""
        self._touch()
        frame = self.frame(ref.frame)
        if frame.is_detached():
            return None
        found = await frame.evaluate_handle(
            "(id) => { const eyes = window[Symbol.for('gh.eyes')]; return eyes ? eyes.nodeOf(id) : null; }",
            ref.node,
        )
        return found.as_element()

    async def ask(self, ref: Ref, call: str) -> Any:
        """Run one of the page script's functions on the node."""
        return await ask(self.frame(ref.frame), call, ref.node)

    def in_main_frame(self, ref: Ref) -> bool:
        """Tell whether the node is in the page itself, where points on the screen are the page's own."""
        return self.frame(ref.frame) is self.page.main_frame

    async def turn(
        self, last: Mapping[str, Any] | None, following: Mapping[str, Any] | None
    ) -> dict[str, Any]:
        """Finish the field before and make the next ready; both are of the main frame.

        Shape: `control` is the field before as it is now, `point` what the next input needs; either may be None.
        """
        self._touch()
        answer: dict[str, Any] = await ask(self.page.main_frame, "turn", {"last": last, "next": following})
        return answer

    async def again(self, ref: Ref) -> Control | None:
        """Read one control anew, with its present value and options."""
        raw = await self.ask(ref, "describe")
        return control_from(ref.frame, raw) if raw else None


def outline(view: PageView) -> tuple[object, ...]:
    """Return what is the same in two looks at a page that stands still."""
    return (
        view.url,
        len(view.text),
        tuple(c.signature for c in view.controls),
        tuple(c.disabled for c in view.controls),
    )


async def _has_size(frame: Frame) -> bool:
    box = await (await frame.frame_element()).bounding_box()
    return bool(box and box["width"] > 40 and box["height"] > 20)


def _with_message(control: Control, messages: list[Message]) -> Control:
    """Return the control with the message that stands beside it, if it is not marked as invalid itself."""
    nodes = {control.ref, *(o.ref for o in control.options)}
    said = next((m.text for m in messages if m.about in nodes), "")
    return replace(control, invalid=said) if said and not control.invalid else control


def _joined(page: Page, parts: list[tuple[int, Mapping[str, Any]]], *, at_rest: bool) -> PageView:
    controls = [control_from(n, c) for n, raw in parts for c in raw["controls"]]
    buttons = [button_from(n, b) for n, raw in parts for b in raw["buttons"]]
    asking = {c.dialog for c in controls}
    dialogs = {n: [Ref(n, node) for node in raw["dialogs"]] for n, raw in parts}
    dialogs = {n: found for n, found in dialogs.items() if found and found[0] in asking}
    # A modal covers the rest of its frame: only what is in it can be worked, or in what lies over it.
    controls = [c for c in controls if c.ref.frame not in dialogs or c.dialog == dialogs[c.ref.frame][0]]
    buttons = [b for b in buttons if b.ref.frame not in dialogs or b.dialog in dialogs[b.ref.frame]]
    main = parts[0][1] if parts else {}
    obstacles = main.get("obstacles", {})
    messages = [
        Message(m["text"], Ref(n, m["about"]) if m["about"] else None)
        for n, raw in parts
        for m in raw["messages"]
    ]
    return PageView(
        url=page.url,
        document=main.get("document", ""),
        title=main.get("title", ""),
        lang=main.get("lang", ""),
        text="\n".join(raw["text"] for _, raw in parts),
        controls=tuple(_with_message(c, messages) for c in controls),
        buttons=tuple(buttons),
        forms=tuple(
            Form(Ref(n, f["id"]), f["action"], f["method"], f["novalidate"], f["marker"])
            for n, raw in parts
            for f in raw["forms"]
        ),
        headings=tuple(h for _, raw in parts for h in raw["headings"]),
        messages=tuple(messages),
        notices=tuple(text for _, raw in parts for text in raw["notices"]),
        frame_urls={n: raw["url"] for n, raw in parts},
        obstacles=Obstacles(
            tuple(Widget(**w) for w in obstacles.get("widgets", ())), obstacles.get("guard", "")
        ),
        at_rest=at_rest,
    )
