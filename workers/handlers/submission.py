"""Press the button that may send the form, once, and say what the site made of it.

The mark "a submission may happen" is committed before the click and taken back only on positive evidence that
the form was not accepted. No click is ever repeated.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass, replace

from playwright.async_api import Error as PlaywrightError

from workers.context import Run
from workers.engines.base import Engine
from workers.hands.advance import (
    Advance,
    Objection,
    blocked_by_browser,
    find_advance,
    find_banner,
    find_second_thought,
    further_step,
    objections,
    plain_objections,
)
from workers.hands.controls import Button, PageView
from workers.hands.doors import dismisses
from workers.hands.pages import Confirmation, confirmation, confirmed_aloud, fillable
from workers.hands.text import fold
from workers.hands.verify import CannotEnter
from workers.hands.vocabulary import said
from workers.hands.walls import Wall, refusal, wall

LANDING_S = 25.0
LOOK_S = 0.06
# Things that lie over a button one on another: a banner, a pop-up, a chat.
COVERS = 4
# A button that is drawn anew more often than this is not waited for.
REDRAWN = 6
# Answers by which a server says that it did not take what was sent: for what it holds, or for now.
REFUSED = frozenset({400, 422})
# Answers by which a server says that it took nothing, for whatever reason.
UNTAKEN = frozenset(range(400, 500))
PUT_OFF = frozenset({429})
# Walls that end the matter: nothing is sent any more, whoever comes to help.
OVER = frozenset({"applied", "closed", "rejected"})


@dataclass(frozen=True, slots=True)
class Landing:
    """Where a press led. Exactly one of the first five says so; none of them means nobody can tell.

    `asks` is the button that sends, where the page asks first whether it should.
    """

    view: PageView
    confirmed: Confirmation | None = None
    objections: tuple[Objection, ...] = ()
    wall: Wall | None = None
    asks: Button | None = None
    moved: bool = False
    armed: bool = False


async def press(
    run: Run,
    engine: Engine,
    advance: Advance,
    before: PageView,
    *,
    patience_seconds: float = LANDING_S,
    words: str = "strong",
) -> Landing:
    """Press once and return where that led.

    1. A form that the browser itself would not send is not pressed at all.
    2. The button must be free to press before anything is armed.
    3. Unless it is certain that the button merely turns the page, the mark is committed.
    4. One click; one that fails after arming counts as having happened.
    5. The page is watched until it confirms, objects, turns or the time is up.
    6. Where it asks whether it should send, and nothing was sent so far, its own button is clicked, once as well.
    """
    aimed = await _aimed(engine, advance, before)
    if isinstance(aimed, Landing):
        return aimed
    advance = aimed
    if advance.sends:
        await run.arm_submit()
        run.event("form_submitted", "Pressing the button that may send the form")
    try:
        await engine.press_once(advance)
    except (PlaywrightError, CannotEnter):
        if not advance.sends:
            raise
        return Landing(before, armed=True)
    landing = await watch(run, engine, advance, before, patience_seconds=patience_seconds, words=words)
    if landing.asks is None or engine.sent:
        return landing
    if not advance.sends:
        await run.arm_submit()
    run.event("form_submitted", f"Pressing “{landing.asks.text}”: the site asks before it sends")
    again = Advance(landing.asks, sends=True, surely_sends=advance.surely_sends)
    try:
        await engine.press_once(again)
    except (PlaywrightError, CannotEnter):
        return Landing(landing.view, armed=True)
    return await watch(run, engine, again, landing.view, patience_seconds=patience_seconds, words=words)


async def _aimed(engine: Engine, advance: Advance, before: PageView) -> Advance | Landing:
    """Return the button as it can be pressed now, also where the page has drawn it anew; or why it cannot be."""
    blocked = tuple(
        o
        for o in blocked_by_browser(before)
        if o.control and o.control.form == advance.button.form and not o.control.hidden
    )
    if blocked:
        return Landing(before, objections=blocked)
    for _ in range(REDRAWN):
        if await _free(engine, advance.button):
            return advance
        again = find_advance(await engine.view())
        if not again or again.button.ref == advance.button.ref or again.button.text != advance.button.text:
            break
        advance = replace(advance, button=again.button)
    now = await engine.view()
    if _moved(now, before):
        # The last answer alone has turned the page.
        return Landing(now, moved=True)
    return Landing(before, objections=(Objection(f"“{advance.button.text}” cannot be pressed"),))


async def _free(engine: Engine, button: Button) -> bool:
    """Close what lies over the button, one thing after another, and tell whether it can be pressed now."""
    for _ in range(COVERS):
        if await engine.pressable(button):
            return True
        closing = next(filter(dismisses, await engine.covering(button)), None) or find_banner(
            await engine.view()
        )
        if closing is None or closing.ref == button.ref:
            break
        await engine.follow(closing)
    return await engine.ready(button)


async def watch(
    run: Run,
    engine: Engine,
    advance: Advance,
    before: PageView,
    *,
    patience_seconds: float = LANDING_S,
    words: str = "strong",
) -> Landing:
    """Watch on where an earlier press led, without pressing again: something that stood in the way is gone."""
    landing = await _land(engine, before, patience_seconds, words)
    return await _disarmed(run, engine, advance, landing, before) if advance.sends else landing


async def _land(engine: Engine, before: PageView, patience_seconds: float, words: str) -> Landing:
    """Watch the page; a verdict counts when it is given of a page at rest, or by two looks in a row."""
    last: Landing | None = None
    # A page that is being left may not answer before the next one has come, however long that takes.
    with suppress(TimeoutError):
        async with asyncio.timeout(patience_seconds):
            while True:
                if last is None or last.view.at_rest or last.view.same_document(before):
                    # Another document that is still on its way needs no stirring.
                    await engine.stir()
                try:
                    now = await _verdict(engine, await engine.gaze(), before, words)
                except PlaywrightError:
                    await asyncio.sleep(LOOK_S)
                    continue
                certain = _at_rest_elsewhere(now.view, before) or bool(last and _same(last, now))
                if certain and (now.confirmed or now.objections or now.wall or now.asks or now.moved):
                    return now
                last = now
    last = last or Landing(before)
    standing = _standing(engine, last.view, before)
    return replace(last, objections=standing) if standing else last


def answered(engine: Engine, statuses: frozenset[int]) -> bool:
    """Tell whether the site gave one of the statuses to each thing that was sent since the last armed press."""
    return len(engine.answers) == len(engine.sent) > 0 and statuses.issuperset(engine.answers)


def _standing(engine: Engine, view: PageView, before: PageView) -> tuple[Objection, ...]:
    """Return the complaints of before that still stand, where nothing left the page or nothing was taken; with those
    of the browser, which shows them beside the page, where nothing left it."""
    unheard = engine.silent or answered(engine, REFUSED)
    if not (unheard and view.same_document(before) and _same_form(view, before)):
        return ()
    browsers = [o for o in blocked_by_browser(view) if o.control and not o.control.hidden]
    return (*objections(view), *(browsers if engine.silent else ()))


def _at_rest_elsewhere(view: PageView, before: PageView) -> bool:
    """Tell whether another document has come to rest; one that stays may still be on its way to something else."""
    return view.at_rest and not view.same_document(before)


async def _verdict(engine: Engine, view: PageView, before: PageView, words: str) -> Landing:
    confirmed = confirmation(view, before, words=words, sent=bool(engine.sent)) or confirmed_aloud(
        engine.alerts, words=words
    )
    if confirmed and not answered(engine, UNTAKEN):
        return Landing(view, confirmed=confirmed)
    asks = None if engine.sent else find_second_thought(view, before)
    if asks:
        return Landing(view, asks=asks)
    heard = [*objections(view, before), *(Objection(a) for a in engine.alerts)]
    if not heard and not (engine.sent and view.same_document(before)):
        heard = plain_objections(view, before)
    blocked = refusal(o.message for o in heard) or wall(view)
    refused = _refusals(engine, heard)
    if refused and _same_form(view, before) and not (blocked and blocked.kind in OVER):
        return Landing(view, objections=refused)
    if blocked:
        return Landing(view, wall=blocked)
    return Landing(view, moved=_moved(view, before))


def _refusals(engine: Engine, heard: Iterable[Objection]) -> tuple[Objection, ...]:
    """Return what shows that the form was not accepted.

    Once something was sent, a complaint that is about no field and no entry tells nothing: the site may have the
    application all the same.
    """
    heard = [o for o in heard if not said("confirmation", "busy").search(fold(o.message))]
    if engine.sent:
        heard = [o for o in heard if o.control or said("confirmation", "refused").search(fold(o.message))]
    return tuple(heard)


def _same(one: Landing, other: Landing) -> bool:
    return (one.confirmed, one.objections, one.wall and one.wall.kind, one.asks, one.moved) == (
        other.confirmed, other.objections, other.wall and other.wall.kind, other.asks, other.moved,
    )  # fmt: skip


def _names(view: PageView) -> set[tuple[str, ...]]:
    """Return the fields that are shown; an upload field that nothing stands for is part of another step."""
    return {c.asks for c in fillable(view) if c.face or not c.hidden}


def _same_form(view: PageView, before: PageView) -> bool:
    """Tell whether the form that was sent is on the page again."""
    mine = _names(before)
    return bool(mine & _names(view)) or not mine


def _moved(view: PageView, before: PageView) -> bool:
    """Tell whether another step of the form is shown: mostly other fields, or the same address turned into a review."""
    old, new = _names(before), _names(view)
    if new - old and len(old & new) * 2 <= len(old):
        return True
    # What frames every step, as the choice of a language, is no part of any.
    if not view.same_document(before) and new - old and len(new - old) >= len(old & new):
        return True
    # A heading that goes away may be the rest of the step before, sliding out.
    return not new and bool(set(view.headings) - set(before.headings))


async def _disarmed(
    run: Run, engine: Engine, advance: Advance, landing: Landing, before: PageView
) -> Landing:
    """Take the mark back when the site shows its own objections, or plainly a further step of the form."""
    if landing.objections:
        await run.disarm_submit("the site showed its own errors on the same form")
        return landing
    goes_on = fillable(landing.view) or find_advance(landing.view)
    if landing.moved and goes_on and _is_a_step(engine, advance, landing.view, before):
        await run.disarm_submit("the site showed a further step of the form")
        return landing
    if landing.moved:
        return Landing(landing.view, armed=True)
    if _unheard(engine, advance, landing, before):
        await run.disarm_submit("nothing left the page, and the form is as it was")
        return landing
    return replace(landing, armed=True)


def _unheard(engine: Engine, advance: Advance, landing: Landing, before: PageView) -> bool:
    """Tell whether a button that need not send has done nothing at all: no page and no word of success came, and
    nothing left the page."""
    idle = engine.silent and not (landing.confirmed or landing.wall or landing.asks)
    return (
        idle
        and not advance.surely_sends
        and landing.view.same_document(before)
        and bool(_names(landing.view))
        and _names(landing.view) == _names(before)
    )


def _is_a_step(engine: Engine, advance: Advance, view: PageView, before: PageView) -> bool:
    """Tell whether one more step came: by the button's words, for nothing left the page, or as the site says."""
    return not advance.surely_sends or engine.silent or further_step(view, before)
