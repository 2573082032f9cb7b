"""Log in with a name and a password: find the form from its structure, fill it, press once, see whether it is gone.

What is typed is read from nowhere but the page's own fields, and leaves them again when the site refuses it.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from urllib.parse import urlsplit

from playwright.async_api import Error as PlaywrightError
from playwright.async_api import Page

from workers.context import Credentials
from workers.hands.act import node
from workers.hands.advance import find_advance, objections
from workers.hands.classify import classify
from workers.hands.controls import Button, Control, PageView, Ref
from workers.hands.observe import Eyes
from workers.hands.text import fold
from workers.hands.verify import CannotEnter
from workers.hands.vocabulary import said, speaks_of, word_set
from workers.hands.walls import wall

ANSWER_S = 20.0
LOOK_S = 0.1
TYPE_MS = 4000
PRESS_MS = 8000
FRAME = frozenset({"header", "nav", "navigation", "banner", "footer", "contentinfo", "search"})
NAMES = frozenset({"username", "email", "phone"})


@dataclass(frozen=True, slots=True)
class LoginForm:
    """A log-in form, or one step of it; `last` is the password, or the name where nothing else is asked for yet."""

    name: Control | None
    password: Control | None
    last: Control
    button: Button | None


@dataclass(frozen=True, slots=True)
class SignIn:
    """How a try to log in ended; `refused` says that the site did not take what was typed."""

    succeeded: bool
    reason: str = ""
    refused: bool = False


def find_login(view: PageView) -> LoginForm | None:
    """Return the form that somebody with an account fills in, or None.

    Forms that ask for a new password, for it twice, or for much besides are no log-in.
    """
    groups: dict[Ref | None, list[Control]] = {}
    for control in view.controls:
        if _is_written(control):
            groups.setdefault(control.form, []).append(control)
    found = [form for ref, members in groups.items() if (form := _as_login(view, ref, members))]
    return max(found, key=lambda form: form.password is not None, default=None)


def find_door(view: PageView) -> Button | None:
    """Return what leads to the site's own log-in form."""
    ours = [b for b in view.buttons if b.landmark not in {"footer", "contentinfo"} and not b.disabled]
    return next((b for b in ours if _speaks_of_login(b) and not _leads_to_others(view, b)), None)


class LoginPage:
    """The page shown now, with its log-in form."""

    def __init__(self, page: Page, eyes: Eyes, view: PageView, form: LoginForm) -> None:
        self._page = page
        self._eyes = eyes
        self._view = view
        self._form = form

    @classmethod
    async def look(cls, page: Page) -> LoginPage | None:
        """Return the log-in page, or None when the page shows no such form."""
        eyes = Eyes(page)
        view = await eyes.steady()
        form = find_login(view)
        return cls(page, eyes, view, form) if form else None

    @property
    def address(self) -> str:
        """Return the address of the document that would get the password."""
        return self._view.frame_urls.get(self._form.last.ref.frame, self._view.url)

    async def sign_in(self, credentials: Credentials) -> SignIn:
        """Fill the form, over two steps where it has two, press once each, and tell whether it is gone."""
        host = urlsplit(self.address).hostname
        try:
            answer = await self._step(credentials)
            if answer is None and self._form.password is not None:
                if urlsplit(self.address).hostname != host:
                    return SignIn(False, "the log-in goes on at another site")
                answer = await self._step(credentials)
        except (PlaywrightError, CannotEnter):
            # Playwright's words may hold what was typed.
            answer = SignIn(False, "the log-in form could not be filled")
        answer = answer or SignIn(False, "the log-in form asks for nothing known")
        if not answer.succeeded:
            await self._wipe()
        return answer

    async def _step(self, credentials: Credentials) -> SignIn | None:
        """Fill and press what is shown; None when the password is asked for next."""
        form, before = self._form, self._view
        for control, text in ((form.name, credentials.username), (form.password, credentials.password)):
            if control is not None:
                await self._type(control, text)
        await self._press(form)
        deadline = asyncio.get_running_loop().time() + ANSWER_S
        while asyncio.get_running_loop().time() < deadline:
            await asyncio.sleep(LOOK_S)
            with suppress(PlaywrightError):
                self._view = await self._eyes.steady()
                found = find_login(self._view)
                if found and form.password is None and found.password:
                    self._form = found
                    return None
                if answer := await self._answer(before, found):
                    return answer
        return SignIn(False, "the log-in form is still there")

    async def _answer(self, before: PageView, found: LoginForm | None) -> SignIn | None:
        """Return what the page makes of the try, or None when it has not answered yet."""
        view = self._view
        if found is None:
            blocked = wall(view)
            return None if blocked and blocked.kind == "login" else SignIn(True)
        self._form = found
        busy = said("confirmation", "busy")
        complaints = [o.message for o in objections(view, before) if not busy.search(fold(o.message))]
        if complaints or not view.same_document(before):
            return SignIn(False, "the site does not accept the name or the password", refused=True)
        return None

    async def _type(self, control: Control, text: str) -> None:
        handle = await node(self._eyes, control.ref)
        await handle.fill(text, timeout=TYPE_MS)
        if await handle.input_value(timeout=TYPE_MS) != text:
            await handle.fill("", timeout=TYPE_MS)
            await handle.type(text, delay=5)

    async def _press(self, form: LoginForm) -> None:
        if form.button is None:
            await (await node(self._eyes, form.last.ref)).press("Enter", no_wait_after=True)
            return
        await (await node(self._eyes, form.button.ref)).click(timeout=PRESS_MS, no_wait_after=True)

    async def _wipe(self) -> None:
        """Take the secret back out of the page, so that no picture shows it."""
        with suppress(PlaywrightError, CannotEnter):
            for control in find_passwords(await self._eyes.look()):
                await (await node(self._eyes, control.ref)).fill("", timeout=TYPE_MS)
            if self._form.password:
                await (await node(self._eyes, self._form.password.ref)).fill("", timeout=TYPE_MS)


def find_passwords(view: PageView) -> list[Control]:
    """Return the controls that hold a password."""
    return [c for c in view.controls if c.type == "password"]


def _is_written(control: Control) -> bool:
    usable = not (control.hidden or control.disabled or control.readonly)
    return (
        usable
        and control.kind in {"text", "combobox"}
        and control.type != "search"
        and (control.landmark not in FRAME)
    )


def _as_login(view: PageView, ref: Ref | None, members: list[Control]) -> LoginForm | None:
    passwords = [c for c in members if c.type == "password"]
    others = [c for c in members if c.type != "password"]
    if len(passwords) > 1 or len(others) > 2 or _applies(view, ref):
        return None
    if any(c.autocomplete.endswith(("new-password", "one-time-code")) for c in members):
        return None
    names = [c for c in others if _is_name(c)]
    button = _button(view, ref, members)
    if passwords:
        name = names[0] if names else next(iter(others), None)
        return LoginForm(name, passwords[0], passwords[0], button)
    if len(others) == 1 and names and _is_first_step(view, names[0], button):
        return LoginForm(names[0], None, names[0], button)
    return None


def _applies(view: PageView, ref: Ref | None) -> bool:
    return any(c.kind == "file" and c.form == ref for c in view.controls)


def _is_name(control: Control) -> bool:
    if set(control.autocomplete.lower().split()) & {"username", "email", "webauthn"}:
        return True
    guess = classify(control)
    return guess.label in NAMES or control.type == "email"


def _is_first_step(view: PageView, name: Control, button: Button | None) -> bool:
    """Tell whether a lone name is asked for in order to log in, not for a newsletter."""
    if "username" in name.autocomplete.lower().split():
        return True
    around = fold(" ".join([view.title, *view.headings[:3], button.text if button else ""]))
    return speaks_of(around, "login")


def _button(view: PageView, ref: Ref | None, members: Iterable[Control]) -> Button | None:
    """Return the form's own button that sends it; some forms have none and hear the Enter key."""
    ours = [b for b in view.buttons if b.form == ref and not b.disabled and b.landmark not in FRAME]
    ours = [b for b in ours if not _is_beside(fold(b.text))]
    spoken = [b for b in ours if speaks_of(fold(b.text), "login")]
    typed = [b for b in ours if b.type == "submit" and b.tag != "a"]
    turning = [b for b in ours if said("buttons", "next").search(fold(b.text))]
    if ref is None and not spoken:
        advance = find_advance(view)
        turning = [advance.button] if advance else turning
    return next(iter([*(b for b in spoken if b in typed), *typed, *spoken, *turning]), None)


def _is_beside(text: str) -> bool:
    """Tell whether a button of a log-in form does something else: another firm's log-in, a lost password."""
    others = set(text.split()) & word_set("elsewhere")
    return bool(others) or speaks_of(text, "reset") or speaks_of(text, "signup")


def _speaks_of_login(button: Button) -> bool:
    text = fold(button.text)
    return len(text.split()) <= 6 and speaks_of(text, "login") and not _is_beside(text)


def _leads_to_others(view: PageView, button: Button) -> bool:
    there = urlsplit(button.href).hostname if button.href.startswith("http") else None
    return there is not None and there != urlsplit(view.url).hostname
