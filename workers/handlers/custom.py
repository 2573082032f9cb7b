"""`custom`: carry out a list of steps, in order, stopping at the first that fails.

`workers.inputs.steps` documents the steps. They are the caller's explicit order: what a click sends off is sent.
A click that must not happen twice says `"submits": true`; then a durable mark is made before it, and a job that
breaks off afterwards goes to a person instead of being run again. What is typed appears in no event and no error.
"""

from __future__ import annotations

import contextlib
from collections.abc import Awaitable, Callable
from typing import Any, Literal, cast

from playwright.async_api import Error, Locator, Page
from playwright.async_api import TimeoutError as BrowserTimeout

from workers.context import JobSpec, Run
from workers.engines.base import Engine
from workers.handlers.base import picture
from workers.handlers.extraction import is_bad_selector, read_pick
from workers.handlers.navigation import refused, visit
from workers.handlers.people import past
from workers.handlers.structured import bound
from workers.hands.walls import wall
from workers.inputs.picks import parse_pick
from workers.inputs.steps import Step, parse_steps
from workers.outcomes import Completed, Failed, Outcome

PROGRESS = {
    "goto": "navigating",
    "wait_for": "navigating",
    "upload": "uploading_resume",
    "extract": "extracting_results",
    "screenshot": "extracting_results",
}
TAB_SECONDS = 3.0
BLOCKERS = frozenset({"captcha", "bot_check"})
OPENS_TAB = """(element) => {
  const opener = element.closest("a[href]") ?? element.closest("form");
  return !["", "_self", "_parent", "_top"].includes((opener?.getAttribute("target") ?? "").toLowerCase());
}"""

State = Literal["attached", "detached", "hidden", "visible"]


class StepFailed(Exception):
    """The step could not be done; `code` is the job's error code. The message holds nothing that was typed."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


class CustomHandler:
    """Carries out the steps of `input_data.steps`."""

    def validate(self, spec: JobSpec) -> None:
        """Raises InvalidInput naming the step and key that cannot be worked with."""
        parse_steps(spec.input_data)

    async def run(self, run: Run, engine: Engine) -> Outcome:
        """Open the target page, unless the first step goes elsewhere, and carry out the steps.

        Shape: `{"data": {name: value}, "screenshots": {name: path}, "final_url", "steps_completed",
        "truncated"}`.
        """
        return await _Walk(run, engine).carry_out(parse_steps(run.spec.input_data))


class _Walk:
    """One run through the steps, and what it has gathered."""

    def __init__(self, run: Run, engine: Engine) -> None:
        self.run = run
        self.engine = engine
        self.data: dict[str, Any] = {}
        self.screenshots: dict[str, str] = {}
        self._is_open = False

    @property
    def page(self) -> Page:
        """The tab that was opened last."""
        return self.engine.page.context.pages[-1]

    async def carry_out(self, steps: list[Step]) -> Outcome:
        if steps[0].action != "goto":
            failure = await self.open(self.run.spec.target_url)
            if failure is not None:
                return failure
        for step in steps:
            failed = await self._try(step, len(steps))
            if failed is not None:
                return failed
        data, truncated = bound(self.data)
        result = {
            "data": data,
            "screenshots": self.screenshots,
            "final_url": self.page.url,
            "steps_completed": len(steps),
            "truncated": truncated,
        }
        return Completed(result, f"Carried out {len(steps)} steps")

    async def open(self, url: str, seconds: float = 30.0) -> Failed | None:
        """Load an address: the first with the engine, later ones in the current tab."""
        if not self._is_open:
            failure = await visit(self.engine, url)
            self._is_open = True
            return failure
        await self.engine.pace(url)
        await self.page.goto(url, timeout=seconds * 1000)
        return await refused(self.page)

    async def _try(self, step: Step, total: int) -> Failed | None:
        pct = 5 + 90 * (step.number - 1) // total
        said = f"step {step.number} of {total}: {step.action}"
        self.run.progress(_progress(step), pct, said)
        self.run.event("step_started", said, step=step.number, action=step.action)
        fault = await self._once(step)
        if fault and await self._cleared(step):
            fault = await self._once(step)
        if fault:
            return await self._failed(step, *fault)
        self.engine.actions = step.number
        self.run.event("step_completed", said, step=step.number, action=step.action, action_count=step.number)
        return None

    async def _once(self, step: Step) -> tuple[str, str] | None:
        """Carry the step out, and return None, or a code and a sentence for what went wrong."""
        try:
            await ACTIONS[step.action](self, step)
        except StepFailed as failed:
            return failed.code, str(failed)
        except Error as error:
            return _explain(step, error)
        return None

    async def _cleared(self, step: Step) -> bool:
        """Have a person clear what blocked the step, which is then done again; never one that submits."""
        with contextlib.suppress(Error, IndexError):
            if step.options.get("submits") or self.page != self.engine.page:
                return False
            blocked = wall(await self.engine.glance())
            if blocked is not None and blocked.kind in BLOCKERS:
                return await past(self.run, self.engine, blocked, BLOCKERS) is None
        return False

    async def _failed(self, step: Step, code: str, sentence: str) -> Failed:
        # The page as it stood explains more than the sentence; when it is gone, the sentence has to do.
        with contextlib.suppress(Error, IndexError):
            await picture(self.run, self.page, f"failed-step-{step.number}")
            blocked = wall(await self.engine.glance())
            if blocked is not None and blocked.kind in BLOCKERS:
                code, sentence = "captcha_blocked", f"{blocked.evidence}; {sentence}"
        details = {"step": step.number, "action": step.action, "steps_completed": step.number - 1}
        return Failed(code, f"step {step.number} ({step.action}): {sentence}", details)

    async def element(self, step: Step) -> Locator:
        """Return the one element a step is about, once it is there.

        Raises StepFailed when there is none in time, or several that a person could mean.
        """
        selector, found = step.text("selector"), self.page.locator(step.text("selector"))
        try:
            await found.first.wait_for(state="attached", timeout=step.timeout_seconds * 1000)
        except BrowserTimeout:
            raise StepFailed("element_not_found", f"no element matches {_within(selector, step)}") from None
        if await found.count() == 1:
            return found
        visible = found.filter(visible=True)
        if await visible.count() == 1:
            return visible
        count = await found.count()
        raise StepFailed("validation_error", f"{count} elements match {selector!r}; it must tell one apart")


async def _goto(walk: _Walk, step: Step) -> None:
    failure = await walk.open(step.text("url"), step.timeout_seconds)
    if failure is not None:
        raise StepFailed(failure.code, failure.message)


async def _click(walk: _Walk, step: Step) -> None:
    element = await walk.element(step)
    if step.options.get("submits"):
        # Everything that can go wrong before the click goes wrong before the mark.
        await element.click(trial=True, timeout=step.timeout_seconds * 1000)
        await walk.run.arm_submit()
    context, opens_tab = walk.page.context, await element.evaluate(OPENS_TAB)
    tabs = len(context.pages)
    await element.click(timeout=step.timeout_seconds * 1000)
    if opens_tab and len(context.pages) == tabs:
        # The tab is announced a moment after the click; the next step is meant for it.
        with contextlib.suppress(BrowserTimeout):
            await context.wait_for_event("page", timeout=TAB_SECONDS * 1000)


async def _fill(walk: _Walk, step: Step) -> None:
    await (await walk.element(step)).fill(step.text("value"), timeout=step.timeout_seconds * 1000)


async def _select(walk: _Walk, step: Step) -> None:
    value = step.options["value"]
    wanted = [str(item) for item in (value if isinstance(value, list) else [value])]
    element = await walk.element(step)
    try:
        await element.select_option(wanted, timeout=step.timeout_seconds * 1000)
    except BrowserTimeout:
        sentence = f"no such option can be chosen in {_within(step.text('selector'), step)}"
        raise StepFailed("element_not_found", sentence) from None


async def _upload(walk: _Walk, step: Step) -> None:
    resume = await walk.run.resume_file()
    if resume is None:
        raise StepFailed("validation_error", "the job has no resume to upload")
    await (await walk.element(step)).set_input_files(resume, timeout=step.timeout_seconds * 1000)


async def _wait_for(walk: _Walk, step: Step) -> None:
    timeout = step.timeout_seconds * 1000
    url, text, selector = step.text("url"), step.text("text"), step.text("selector")
    try:
        if url:
            await walk.page.wait_for_url(lambda now: url in now, wait_until="commit", timeout=timeout)
        elif text:
            await walk.page.get_by_text(text).filter(visible=True).first.wait_for(timeout=timeout)
        else:
            await _wait_for_state(walk.page.locator(selector), step.text("state") or "visible", timeout)
    except BrowserTimeout:
        raise StepFailed(
            "timeout", f"this did not come true: {_within(url or text or selector, step)}"
        ) from None


async def _wait_for_state(found: Locator, state: str, timeout: float) -> None:
    if state in {"visible", "hidden"}:
        # One visible match makes it visible, and only none at all makes it hidden.
        found, state = found.filter(visible=True), "attached" if state == "visible" else "detached"
    await found.first.wait_for(state=cast(State, state), timeout=timeout)


async def _extract(walk: _Walk, step: Step) -> None:
    pick = parse_pick({key: step.options.get(key) for key in PICK_KEYS if key in step.options}, "step")
    try:
        await walk.page.locator(pick.selector).first.wait_for(
            state="attached", timeout=step.timeout_seconds * 1000
        )
    except BrowserTimeout:
        raise StepFailed("element_not_found", f"no element matches {_within(pick.selector, step)}") from None
    walk.data[step.text("name")] = await read_pick(walk.page, pick, "step")


async def _screenshot(walk: _Walk, step: Step) -> None:
    name = step.text("name") or f"step-{step.number}"
    walk.screenshots[name] = await picture(walk.run, walk.page, name)


PICK_KEYS = ("selector", "attr", "all")
ACTIONS: dict[str, Callable[[_Walk, Step], Awaitable[None]]] = {
    "goto": _goto,
    "click": _click,
    "fill": _fill,
    "select": _select,
    "upload": _upload,
    "wait_for": _wait_for,
    "extract": _extract,
    "screenshot": _screenshot,
}


def _progress(step: Step) -> str:
    return "submitting" if step.options.get("submits") else PROGRESS.get(step.action, "filling_form")


def _within(what: str, step: Step) -> str:
    return f"{what!r} within {step.timeout_seconds:g} s"


def _explain(step: Step, error: Error) -> tuple[str, str]:
    """Return a code and a sentence for what Playwright reported; its own text may hold what was typed."""
    said, selector = error.message, step.text("selector")
    if isinstance(error, BrowserTimeout):
        what = f"; the element {selector!r} is covered, disabled or hidden" if selector else ""
        return "timeout", f"not done within {step.timeout_seconds:g} s{what}"
    if "net::" in said:
        return "network_error", f"the page could not be loaded ({said.partition('net::')[2].split()[0]})"
    if is_bad_selector(error):
        return "validation_error", f"{selector!r} is not a selector that browsers understand"
    if any(sign in said for sign in ("has been closed", "crashed", "disconnected")):
        return "browser_crashed", "the browser or its page went away"
    return "validation_error", f"the element {selector!r} cannot be used for {step.action}"
