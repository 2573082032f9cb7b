"""Recognise what a page says: what it is for, and a confirmation. Claims need positive evidence."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from urllib.parse import urlsplit

from workers.hands.controls import Control, PageView
from workers.hands.scope import outside
from workers.hands.text import fold
from workers.hands.vocabulary import said, table

WRITTEN = frozenset({"text", "textarea"})
CONFIRMED_NUMBER = re.compile(
    r"^\s*(?:is|ist|lautet|est|es|\u00e9|\u00e8|luidt)?[\s:\uff1a#\-\u2013]{0,6}((?=[\w\-/]*\d)[A-Za-z0-9][\w\-/]{2,40})"
    r"|^\s*\(\s*[#\u2116]?((?=[\w\-/]*\d)[A-Za-z0-9][\w\-/]{4,40})\s*\)"
)


@dataclass(frozen=True, slots=True)
class Confirmation:
    """The site's own word that it accepted the application."""

    text: str
    number: str = ""


def fillable(view: PageView) -> list[Control]:
    """Return the controls that belong to the page's purpose and can be seen."""
    excluded = outside(view)
    return [
        c for c in view.controls if c.ref not in excluded and (not c.hidden or c.face or c.kind == "file")
    ]


def still_loading(view: PageView) -> bool:
    """Tell whether the page says of itself that what it is for is still on its way, and asks for nothing yet."""
    return not fillable(view) and any(said("doors", "loading").match(fold(line)) for line in _lines(view))


def fetching(view: PageView) -> bool:
    """Tell whether a dialog over the page says that what it will show is still on its way."""
    return any(said("doors", "fetching").search(fold(notice)) for notice in view.notices)


def confirmation(
    view: PageView, before: PageView, *, words: str = "strong", sent: bool = False
) -> Confirmation | None:
    """Return the site's confirmation: words that were not there before the click, and no form left to fill.

    `words` is `strong` for an application, or `plain` for any form that was sent. Where the address says as well
    that it is over, plain thanks are enough. Where something was `sent`, a notice or dialog over the form counts too.
    """
    old = fold(before.text)
    if fillable(view) and lines_anew(said("confirmation", "unfinished"), view, before):
        return None
    if sent and (badge := _badge(view, before)):
        return Confirmation(badge, confirmation_number(view.text))
    words = "plain" if _address_thanks(view, before) else words
    for line in _lines(view):
        if fold(line) in old:
            continue
        if said("walls", "applied").search(fold(line)) and not said("confirmation", "supposing").search(
            fold(line)
        ):
            # “You have applied already. We received your application on 3 May” thanks for another one.
            return None
        if confirms(line, words):
            noticed = sent and any(fold(line) in fold(notice) for notice in view.notices)
            if _form_remains(view, before) and not noticed:
                return None
            return Confirmation(line.strip()[:300], confirmation_number(view.text))
    return None


def _badge(view: PageView, before: PageView) -> str:
    """Return what the button that was pressed has turned into, where that says that one has applied."""
    now, then = (
        [b.text for b in v.buttons if b.disabled and said("buttons", "applied").search(fold(b.text))]
        for v in (view, before)
    )
    return now[0] if now and not then and view.same_document(before) else ""


def confirms(text: str, words: str = "strong") -> bool:
    """Tell whether the words say that the form was accepted."""
    folded = fold(text)
    found = said("confirmation", "strong").search(folded) or said("confirmation", words).search(folded)
    return bool(found) and not said("confirmation", "against").search(folded)


def confirmed_aloud(notices: Iterable[str], *, words: str = "strong") -> Confirmation | None:
    """Return the confirmation that the page gave in a dialog of the browser's, whatever it shows below it."""
    found = next((text for text in notices if confirms(text, words)), None)
    return Confirmation(" ".join(found.split())[:300], confirmation_number(found)) if found else None


def _address_thanks(view: PageView, before: PageView) -> bool:
    """Tell whether another document came whose address speaks of thanks or success, and the form's did not."""
    now, then = (fold(urlsplit(v.url).path) for v in (view, before))
    speaks = said("confirmation", "url")
    return not view.same_document(before) and bool(speaks.search(now)) and not speaks.search(then)


def lines_anew(pattern: re.Pattern[str], view: PageView, before: PageView) -> list[str]:
    """Return what the page says like that and did not say before."""
    old = fold(before.text)
    found = [line.strip() for line in _lines(view) if pattern.search(fold(line)) and fold(line) not in old]
    return list(dict.fromkeys(found))


def notices_anew(pattern: re.Pattern[str], view: PageView, before: PageView) -> list[str]:
    """Return what new dialogs say like that, also where it is what the button that brought them up is called."""
    new = (notice for notice in view.notices if notice not in before.notices)
    return [said for notice in new for said in _sentences(notice) if pattern.search(fold(said))]


def _lines(view: PageView) -> Iterable[str]:
    yield from view.headings
    for line in view.text.splitlines():
        yield from _sentences(line)


def _sentences(text: str) -> list[str]:
    return re.split(r"(?<=[.!?])\s+", text)


def _form_remains(view: PageView, before: PageView) -> bool:
    """Tell whether most of the form that was sent is still there, and what was entered in it."""
    mine = {c.asks: c.value for c in fillable(before) if c.kind != "checkbox"}
    still = [c for c in fillable(view) if c.asks in mine and not c.disabled]
    entered = [c for c in still if c.kind in WRITTEN and mine[c.asks]]
    if entered and not any(c.value for c in entered):
        # Emptied for the next one.
        return False
    return bool(mine) and len(still) * 2 > len(mine) and urlsplit(view.url)[:3] == urlsplit(before.url)[:3]


def confirmation_number(text: str) -> str:
    """Return the number by which the site knows the application, or nothing."""
    lines = [" ".join(line.split()) for line in text.splitlines()]
    for index, line in enumerate(lines):
        for match in _number_words().finditer(line):
            rest = line[match.end() :].strip() or (lines[index + 1] if index + 1 < len(lines) else "")
            found = CONFIRMED_NUMBER.match(rest)
            if found:
                return (found[1] or found[2]).strip("-/")
    return ""


@cache
def _number_words() -> re.Pattern[str]:
    return re.compile("|".join(table("_pages")["confirmation"]["number"]), re.IGNORECASE)
