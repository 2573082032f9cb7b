"""Dates that are chosen rather than written: in a calendar that opens, or part by part in segments."""

from __future__ import annotations

import asyncio
import re
from typing import Any

from playwright.async_api import ElementHandle

from workers.hands.controls import Control, Ref
from workers.hands.dates import Day, parse
from workers.hands.observe import Eyes, ask
from workers.hands.plan import Action
from workers.hands.verify import CannotEnter

CLICK_MS = 3000
OPENING_S = 0.3
GLANCE_S = 0.05
# Steps to come to a date. What stands in the calendar's head takes a few; turning month by month takes many.
STEPS = 150
SHORTCUTS = 8
DRILLS = 2


async def pick_date(eyes: Eyes, action: Action) -> str:
    """Choose the day or month in the calendar that the control opens; return what the control shows then."""
    day = parse(action.answer.text)
    if day is None or not day.month:
        raise CannotEnter("the field is read-only")
    if not await calendar_open(eyes, action.control, OPENING_S):
        raise CannotEnter("no calendar opens")
    await _come_to(eyes, action.control, day)
    painted = str(await eyes.ask(action.control.ref, "read") or "")
    await close_calendar(eyes, action.control)
    if not reads_as(painted, day):
        raise CannotEnter("the calendar shows another day")
    return painted


async def calendar_open(eyes: Eyes, control: Control, patience: float) -> bool:
    """Tell whether a calendar is on the screen, or comes within the given seconds."""
    deadline = asyncio.get_running_loop().time() + patience
    while not await ask(eyes.frame(control.ref.frame), "calendarOpen"):
        if asyncio.get_running_loop().time() > deadline:
            return False
        await asyncio.sleep(GLANCE_S)
    return True


async def close_calendar(eyes: Eyes, control: Control) -> None:
    """Close a calendar that stays open over the next fields."""
    for key in ("Escape", "Tab"):
        if not await calendar_open(eyes, control, 0.1):
            return
        await eyes.page.keyboard.press(key)


async def _come_to(eyes: Eyes, control: Control, day: Day) -> None:
    shortcuts = drills = 0
    taken = False
    for _ in range(STEPS):
        wanted = {"year": day.year, "month": day.month, "day": day.day or 0, "drills": drills < DRILLS}
        step = await ask(eyes.frame(control.ref.frame), "turnCalendar", wanted)
        if not step and taken:
            # It closes by itself once there is nothing more to choose; what it left in the field is read then.
            return
        if not step:
            break
        await _take(eyes, control, step)
        taken = True
        await asyncio.sleep(GLANCE_S)
        if step.get("last"):
            return
        drills += bool(step.get("drill"))
        shortcuts += "click" not in step
        if shortcuts > SHORTCUTS:
            break
    raise CannotEnter("the calendar does not reach the day")


async def _take(eyes: Eyes, control: Control, step: dict[str, Any]) -> None:
    """Do one step in the calendar: press, choose or write."""
    node = step.get("click") or step.get("choose") or step["write"]
    handle = await eyes.handle(Ref(control.ref.frame, node))
    if handle is None:
        raise CannotEnter("the calendar was drawn anew")
    if "choose" in step:
        await handle.select_option(index=step["index"], timeout=CLICK_MS, force=True)
    elif "write" in step:
        await _write(handle, step["text"])
    else:
        await handle.click(timeout=CLICK_MS)


async def _write(handle: ElementHandle, text: str) -> None:
    await handle.click(timeout=CLICK_MS, click_count=3)
    await handle.type(text, delay=5)


def reads_as(painted: str, day: Day) -> bool:
    """Tell whether the painted text is the date, in whatever order its numbers stand."""
    found = parse(painted)
    if found and (found.year, found.month) == (day.year, day.month) and found.day in {day.day, None}:
        # A field for months shows no day.
        return True
    numbers = sorted(int(n) for n in re.findall(r"\d+", painted))
    return numbers in (
        sorted(n for n in (day.year, day.month, day.day) if n),
        sorted(n for n in (day.year % 100, day.month, day.day) if n),
    )


async def enter_segments(eyes: Eyes, action: Action) -> str:
    """Type each part of the date into its own segment; return the parts in the order of the page."""
    day = parse(action.answer.text)
    control = await eyes.again(action.control.ref) or action.control
    parts = {"year": day.year, "month": day.month, "day": day.day} if day else {}
    wanted = [parts.get(o.text) for o in control.options]
    if any(o.text not in parts or not n for o, n in zip(control.options, wanted, strict=True)):
        raise CannotEnter("the field asks for more than the stated date")
    for _ in range(2):
        for place, number in enumerate(wanted):
            await _segment(eyes, control, place, int(number or 0))
        now = await eyes.again(control.ref) or control
        if [o.value.lstrip("0") for o in now.options] == [str(n) for n in wanted]:
            return now.value
    raise CannotEnter("the segments do not keep the date")


async def _segment(eyes: Eyes, control: Control, place: int, number: int) -> None:
    """Type one part; segments that are drawn anew when the field is entered are found again by their place."""
    now = await eyes.again(control.ref) or control
    option = now.options[place]
    if option.value.lstrip("0") == str(number):
        return
    handle = await eyes.handle(option.ref)
    if handle is None:
        raise CannotEnter("the page drew the control anew")
    await handle.evaluate("e => e.scrollIntoView({block: 'center'})")
    await handle.click(timeout=CLICK_MS, force=True)
    await handle.focus()
    await eyes.page.keyboard.type(str(number) if option.text == "year" else f"{number:02}", delay=10)
