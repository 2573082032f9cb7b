"""Recognise what only a person gets past: CAPTCHAs, guards against bots, log-ins and codes.

Each finding says how it was made and how sure it is. Structure speaks first; words alone count only on pages that
hold little else, for postings and articles may talk about all of these.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from workers.hands.advance import find_apply
from workers.hands.controls import Control, Obstacles, PageView
from workers.hands.pages import fillable
from workers.hands.text import fold, split_identifier
from workers.hands.vocabulary import said, speaks_of

# A page of more words than this is about something else, whatever it mentions.
SHORT_PAGE = 900
# A longer line tells a story; what stands for itself is shorter.
SHORT_LINE = 120
FRAME = frozenset({"header", "nav", "footer", "banner", "navigation", "contentinfo", "search"})
GUARDS = frozenset({"datadome", "perimeterx", "incapsula"})
CONFIDENCE = {"frame": 0.97, "container": 0.85, "picture": 0.8}


@dataclass(frozen=True, slots=True)
class Wall:
    """What keeps the work from going on. `kind`: captcha, bot_check, login, 2fa, closed, applied, rejected, expired.

    `method` is how it was found: frame, container, picture, guard, fields, words. `captcha_type` names the widget.
    """

    kind: str
    evidence: str
    confidence: float = 1.0
    method: str = "words"
    captcha_type: str = ""

    @property
    def facts(self) -> dict[str, Any]:
        """Return what people and clients are told of it."""
        return {
            "blocker_type": self.kind,
            "confidence": self.confidence,
            "detection_method": self.method,
            "captcha_type": self.captcha_type or None,
        }


def wall(view: PageView) -> Wall | None:
    """Return what blocks the way, or None. A form that can be filled is no wall, save for a CAPTCHA in it."""
    return _built(view.obstacles) or _asked(view) or _worded(view, view.obstacles.guard)


def refusal(messages: Iterable[str]) -> Wall | None:
    """Return what ends the matter where the site turns the application down in so many words: one is there, or it is
    too late."""
    for text in map(fold, messages):
        for kind in ("applied", "closed"):
            if found := said("walls", kind).search(text):
                return Wall(kind, found[0])
    return None


def _built(obstacles: Obstacles) -> Wall | None:
    """Return the widget or guard that the page's structure shows."""
    guard = obstacles.guard
    open_widgets = [w for w in obstacles.widgets if not w.solved]
    if guard == "cloudflare":
        kind = "turnstile" if open_widgets else ""
        return Wall("bot_check", "the site checks the browser (cloudflare)", 0.97, "guard", kind)
    if not open_widgets:
        return None
    first = max(open_widgets, key=lambda w: CONFIDENCE[w.method])
    confidence, name = CONFIDENCE[first.method], first.type.replace("_", " ")
    if first.type in GUARDS:
        return Wall("bot_check", f"the site checks for bots ({name})", confidence, first.method, first.type)
    what = "a CAPTCHA is shown" if first.type == "other" else f"a CAPTCHA is shown ({name})"
    return Wall("captcha", what, confidence, first.method, first.type)


def _asked(view: PageView) -> Wall | None:
    """Return the code or the log-in that the page's fields ask for."""
    text, fields = fold(f"{view.title} {' '.join(view.headings)} {view.text[:6000]}"), fillable(view)
    confidence = _code_confidence(fields, text)
    if confidence:
        return Wall("2fa", "the page asks for a code", confidence, "fields")
    if _asks_password(view):
        return Wall("login", "the page asks to sign in", 0.9, "fields")
    if _asks_name_first(view, fields):
        return Wall("login", "the page asks to sign in, first for the name", 0.8, "fields")
    return None


def _worded(view: PageView, guard: str) -> Wall | None:
    """Return what a page says that holds hardly anything to fill in."""
    if len(fillable(view)) > 2:
        return _closed_over(view)
    heard = fold(f"{view.title} {' '.join(view.headings)}")
    text = f"{heard} {fold(view.text[:6000])}"
    if over := refusal([text]):
        return over
    if find_apply(view):
        return None
    short = len(view.text) <= SHORT_PAGE
    if short and (ended := _ended(text)):
        return ended
    for kind, pattern in (("bot_check", "bot"), ("captcha", "captcha")):
        found = said("walls", pattern).search(heard) or (
            said("walls", pattern).search(text) if short else None
        )
        if found:
            return Wall(kind, found[0], 0.9 if guard else 0.7, "guard" if guard else "words", guard)
    own = [c for c in _visible(view) if c.kind != "checkbox" and c.type != "search"]
    found = None if own else said("walls", "login").search(heard if not short else fold(view.text[:3000]))
    return Wall("login", "the page asks to sign in", 0.7) if found else None


def _ended(text: str) -> Wall | None:
    """Return what ended the application on the way: the person's answers, or the site's patience."""
    for kind in ("rejected", "expired"):
        if found := said("walls", kind).search(text):
            return Wall(kind, found[0])
    return None


def _closed_over(view: PageView) -> Wall | None:
    """Return the word that the posting is closed, where the form on its page is for something else."""
    lines = [text for text in map(fold, view.text.splitlines()) if len(text) <= SHORT_LINE]
    if not any(said("walls", "instead").search(text) for text in lines):
        return None
    over = refusal(lines)
    return over if over and over.kind == "closed" else None


def _visible(view: PageView) -> list[Control]:
    return [c for c in view.controls if not c.hidden and c.landmark not in FRAME]


def _code_confidence(fields: list[Control], text: str) -> float:
    """Return how surely the page asks for a one-time code; 0 when it does not."""
    boxes = [c for c in fields if c.kind == "text"]
    spoken = bool(said("walls", "code").search(text))
    if sum(c.maxlength == 1 for c in boxes) >= 4 and spoken:
        return 0.95
    if not boxes or len(fields) > 10 or any(c.kind == "file" for c in fields):
        return 0.0
    if any("one-time-code" in c.autocomplete for c in boxes):
        return 0.95
    named = any(names_code(c) for c in boxes)
    return 0.85 if named and len(boxes) <= 2 and spoken else 0.0


def names_code(control: Control) -> bool:
    """Tell whether the control is called a one-time code, and not some other sort of code."""
    words = split_identifier(f"{control.name} {control.html_id} {control.label}")
    return bool(said("fields", "code").search(words)) and not said("fields", "other_code").search(words)


def _asks_password(view: PageView) -> bool:
    """Tell whether the page's main form wants a password and is no application with an optional account."""
    visible = _visible(view)
    if not any(c.type == "password" for c in visible):
        return False
    others = [c for c in visible if c.type not in {"password", "search"} and c.kind != "checkbox"]
    return len(others) <= 3 and not _uploads(view.controls)


def _asks_name_first(view: PageView, fields: list[Control]) -> bool:
    """Tell whether a lone field wants the name of an account, the password being asked for on the next page."""
    names = [c for c in fields if c.kind == "text" and c.type != "search"]
    if len(names) != 1 or len(fields) > 2 or _uploads(view.controls) or find_apply(view) or _begins(view):
        return False
    if "username" in names[0].autocomplete.lower().split():
        return True
    words = split_identifier(f"{names[0].name} {names[0].html_id} {names[0].label}")
    is_name = names[0].type == "email" or bool(re.search(r"\b(e ?mail|user ?name|login|account)\b", words))
    return is_name and speaks_of(fold(" ".join([view.title, *view.headings[:2]])), "login")


def _begins(view: PageView) -> bool:
    """Tell whether the page says that an application is begun with what it asks for."""
    return bool(said("walls", "begins").search(fold(" ".join(view.headings[:3]))))


def _uploads(controls: Iterable[Control]) -> bool:
    return any(c.kind == "file" for c in controls)
