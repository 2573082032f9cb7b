"""Statements that are accepted not by a box but by a link: what it opens has a button that accepts."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

from workers.hands.candidate import Answer
from workers.hands.controls import Button, Control, PageView
from workers.hands.doors import find_accept, find_terms
from workers.hands.observe import Eyes
from workers.hands.options import says
from workers.hands.plan import Action, Source
from workers.hands.report import Filled
from workers.hands.text import fold
from workers.hands.vocabulary import word_set

# The text to be accepted comes within this, and the page says within this that it was.
PATIENCE_S = 4.0


async def agree(
    eyes: Eyes, follow: Callable[[Button], Awaitable[PageView]], view: PageView, source: Source
) -> list[Filled]:
    """Accept the statement that the page's link opens, where it is stated that somebody accepts it."""
    link = find_terms(view)
    title = " ".join(w for w in fold(link.text).split() if w not in word_set("of_agreeing")) if link else ""
    stated = source.entries(title) if title else ()
    if not (link and stated):
        return []
    action = Action(Control(link.ref, "link", label=title), "consent", Answer("Yes", "form_data", 0.8))
    if not says(stated[0], "yes"):
        return [Filled(action, "", False, "the answer does not say that it is accepted")]
    await follow(link)
    accept = find_accept(await _until(eyes, lambda now: find_accept(now) is not None))
    if accept:
        await follow(accept)
        if not _offered(link, await _until(eyes, lambda now: not _offered(link, now))):
            return [Filled(action, "Yes", True)]
    await eyes.page.keyboard.press("Escape")
    return [Filled(action, "", False, "the page does not take the acceptance")]


def _offered(link: Button, view: PageView) -> bool:
    """Tell whether the statement is still to be accepted, or open."""
    return find_accept(view) is not None or any(b.text == link.text for b in view.buttons)


async def _until(eyes: Eyes, shows: Callable[[PageView], bool]) -> PageView:
    """Return the page once it shows that, or as it is when it never does."""
    clock = asyncio.get_running_loop().time
    deadline = clock() + PATIENCE_S
    view = await eyes.look()
    while not shows(view) and clock() < deadline:
        await eyes.stir()
        view = await eyes.look()
    return view
