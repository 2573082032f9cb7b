"""Recognise what a page is: a wall, a closed posting, a confirmation. Claims need positive evidence."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from urllib.parse import urlsplit

from playwright.async_api import Error as PlaywrightError
from playwright.async_api import Page

from workers.hands.controls import Control, PageView
from workers.hands.scope import outside
from workers.hands.text import fold, split_identifier
from workers.hands.vocabulary import table

CHALLENGE = (
    "iframe[src*='recaptcha/api2/bframe'],iframe[src*='recaptcha/api2/anchor'],iframe[src*='enterprise/anchor'],"
    "iframe[src*='hcaptcha.com'],iframe[src*='challenges.cloudflare.com'],iframe[title*='challenge' i],"
    "iframe[title*='captcha' i],.g-recaptcha:not([data-size=invisible]),.h-captcha:not([data-size=invisible]),"
    ".cf-turnstile,#captcha,[class*='captcha-box']"
)
CONFIRMED_NUMBER = re.compile(r"^[\s:#\-\u2013is]{0,6}((?=[\w\-/]*\d)[A-Za-z0-9][\w\-/]{2,40})")


@cache
def said(section: str, name: str) -> re.Pattern[str]:
    """Return the pattern for one thing that pages or buttons say."""
    return re.compile("|".join(f"(?:{p})" for p in table("_pages")[section][name]))


@dataclass(frozen=True, slots=True)
class Wall:
    """What keeps the application from going on. `kind`: captcha, login, 2fa, closed, applied."""

    kind: str
    evidence: str


@dataclass(frozen=True, slots=True)
class Confirmation:
    """The site's own word that it accepted the application."""

    text: str
    number: str = ""


async def wall(page: Page, view: PageView) -> Wall | None:
    """Return what blocks the way, or None. A form that can be filled is no wall, save for a CAPTCHA in it."""
    challenge = await _challenge(page)
    if challenge:
        return Wall("captcha", challenge)
    text, fields = fold(f"{view.title} {' '.join(view.headings)} {view.text[:6000]}"), fillable(view)
    if _asks_code(fields, text):
        return Wall("2fa", "the page asks for a code")
    if _asks_login(view):
        return Wall("login", "the page asks to sign in")
    if len(fields) > 2:
        return None
    for kind in ("applied", "closed", "captcha"):
        found = said("walls", kind).search(text)
        if found:
            return Wall(kind, found[0])
    return None


async def _challenge(page: Page) -> str:
    """Return the visible CAPTCHA of the page; the badges of invisible ones do not stop anyone."""
    for element in await page.query_selector_all(CHALLENGE):
        try:
            source = await element.get_attribute("src") or ""
            box = await element.bounding_box() if await element.is_visible() else None
        except PlaywrightError:
            continue
        if box and box["width"] > 120 and box["height"] > 40 and "size=invisible" not in source:
            return "a CAPTCHA is shown"
    return ""


def fillable(view: PageView) -> list[Control]:
    """Return the controls that belong to the page's purpose and can be seen."""
    excluded = outside(view)
    return [c for c in view.controls if c.ref not in excluded and not (c.hidden and c.kind != "file")]


def _asks_code(fields: list[Control], text: str) -> bool:
    boxes = [c for c in fields if c.kind == "text"]
    if sum(c.maxlength == 1 for c in boxes) >= 4 and said("walls", "code").search(text):
        return True
    if not boxes or len(fields) > 10 or any(c.kind == "file" for c in fields):
        return False
    if any("one-time-code" in c.autocomplete for c in boxes):
        return True
    named = any(
        re.search(r"\b(code|otp|pin)\b", split_identifier(f"{c.name} {c.html_id} {c.label}")) for c in boxes
    )
    return named and len(boxes) <= 2 and bool(said("walls", "code").search(text))


def _asks_login(view: PageView) -> bool:
    """Tell whether the page's main form wants a password and is no application with an optional account."""
    visible = [
        c for c in view.controls if not c.hidden and c.landmark not in {"header", "nav", "footer", "banner"}
    ]
    if not any(c.type == "password" for c in visible):
        text = fold(view.text[:3000])
        return not [c for c in visible if c.kind != "checkbox" and c.type != "search"] and bool(
            said("walls", "login").search(text)
        )
    others = [
        c for c in visible if c.type != "password" and c.kind not in {"checkbox"} and c.type != "search"
    ]
    return len(others) <= 3 and not any(c.kind == "file" for c in view.controls)


def confirmation(view: PageView, before: PageView, *, words: str = "strong") -> Confirmation | None:
    """Return the site's confirmation: words that were not there before the click, and no form left to fill.

    `words` is `strong` for an application, or `plain` for any form that was sent.
    """
    old = fold(before.text)
    for line in _lines(view):
        if confirms(line, words) and fold(line) not in old:
            if _form_remains(view, before):
                return None
            return Confirmation(line.strip()[:300], confirmation_number(view.text))
    return None


def confirms(text: str, words: str = "strong") -> bool:
    """Tell whether the words say that the form was accepted."""
    folded = fold(text)
    found = said("confirmation", "strong").search(folded) or said("confirmation", words).search(folded)
    return bool(found) and not said("confirmation", "against").search(folded)


def confirmed_aloud(notices: Iterable[str], *, words: str = "strong") -> Confirmation | None:
    """Return the confirmation that the page gave in a dialog of the browser's, whatever it shows below it."""
    found = next((text for text in notices if confirms(text, words)), None)
    return Confirmation(" ".join(found.split())[:300], confirmation_number(found)) if found else None


def _lines(view: PageView) -> Iterable[str]:
    yield from view.headings
    for line in view.text.splitlines():
        yield from re.split(r"(?<=[.!?])\s+", line)


def _form_remains(view: PageView, before: PageView) -> bool:
    """Tell whether most of the form that was sent is still there to be filled."""
    mine = {c.signature for c in fillable(before) if c.kind != "checkbox"}
    still = [c for c in fillable(view) if c.signature in mine]
    return bool(mine) and len(still) * 2 > len(mine) and urlsplit(view.url)[:3] == urlsplit(before.url)[:3]


def confirmation_number(text: str) -> str:
    """Return the number by which the site knows the application, or nothing."""
    lines = [" ".join(line.split()) for line in text.splitlines()]
    for index, line in enumerate(lines):
        for match in _number_words().finditer(line):
            rest = line[match.end() :].strip() or (lines[index + 1] if index + 1 < len(lines) else "")
            found = CONFIRMED_NUMBER.match(rest)
            if found:
                return found[1].strip("-/")
    return ""


@cache
def _number_words() -> re.Pattern[str]:
    return re.compile("|".join(table("_pages")["confirmation"]["number"]), re.IGNORECASE)
