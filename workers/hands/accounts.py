"""Forms about an account: a log-in or a change of password is left alone, a new account asks for a person's e-mail."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from workers.hands.classify import Guess
from workers.hands.controls import Control, PageView, Ref
from workers.hands.text import fold, split_identifier
from workers.hands.vocabulary import first_spoken_of, labels, never_asked, said, speaks_of, word_set

Guesses = dict[Ref, Guess]
WRITTEN = frozenset({"text", "combobox", "select"})
FRAME = frozenset({"header", "nav", "navigation", "banner", "footer", "contentinfo"})


def settle_accounts(view: PageView, found: Guesses) -> Guesses:
    """Return the guesses with those in log-in forms taken back, and log-in names of new accounts told apart."""
    groups: dict[Ref | None, list[Control]] = {}
    for control in view.controls:
        if control.kind in WRITTEN and control.type != "search" and not _decoy(control):
            groups.setdefault(control.form, []).append(control)
    for form, members in groups.items():
        group = _Group(view, form, members, found, alone=len(groups) == 1)
        if group.is_login():
            found |= {c.ref: Guess("none", 0.85, "in a log-in form") for c in members}
        elif group.passwords or group.purpose == "signup" or group.begins:
            found |= dict(_new_account(view, form, members, found))
    return {ref: _left(guess) if guess.label == "username" else guess for ref, guess in found.items()}


def _left(guess: Guess) -> Guess:
    return replace(guess, label="none")


def _decoy(control: Control) -> bool:
    return bool(never_asked(split_identifier(f"{control.html_id} {control.name}")))


def _new_account(
    view: PageView, form: Ref | None, members: Iterable[Control], found: Guesses
) -> Iterable[tuple[Ref, Guess]]:
    """Yield what a new account changes: its name is the e-mail address, and a firm's account is no work history."""
    own = [c for c in view.controls if c.form == form]
    applies = any(c.kind == "file" or found[c.ref].label in labels("of_a_career") for c in own)
    applies = applies or any(set(fold(s).split()) & word_set("work") for c in own for s in c.sections)
    for control in members:
        guess = found[control.ref]
        asked = fold(f"{control.label} {control.placeholder} {control.near}")
        if guess.label == "username" and (speaks_of(asked, "email") or _only_email(control, asked)):
            yield control.ref, Guess("email", 0.8, "the e-mail address of a new account")
        elif guess.label in labels("of_the_account") and not applies and not control.sections[1:]:
            yield control.ref, Guess("none", 0.7, "about the account that is made")


def _only_email(control: Control, asked: str) -> bool:
    return control.type == "email" and not asked


class _Group:
    """The controls of one form, or those outside of any, and what the form says it is for."""

    def __init__(
        self, view: PageView, form: Ref | None, members: Sequence[Control], found: Guesses, *, alone: bool
    ) -> None:
        shown = [c for c in members if not c.hidden]
        # A password that shows up after the name belongs to the form as well, when it is the page's only one.
        every = [c for c in members if _is_password(c)]
        self.passwords = [c for c in every if not c.hidden] or (every[:1] if alone else [])
        self.others = [c for c in shown if not _is_password(c)]
        self.asked = {found[c.ref].label for c in self.others}
        # “Sign in with” somebody else stands above a form for a new account as well: it speaks last.
        pressed, self.elsewhere = _pressed(view, form)
        self.says = f"{pressed} {_said_by(view, form)} {_named(self.others)}"
        own = [*(self.others[0].sections if self.others else ()), *(c.near for c in self.others)]
        self.around = fold(" ".join([view.title, *view.headings[:3]] if alone else own))
        # Some sites know an application by its e-mail address and ask for that first, without an account.
        framed = any(c.landmark in FRAME for c in self.others)
        self.begins = not framed and bool(said("walls", "begins").search(fold(view.text[:3000])))

    @property
    def purpose(self) -> str:
        """Return login or signup, as the form says first, or nothing."""
        texts = (self.says, self.around, self.elsewhere)
        return next((found for text in texts if (found := first_spoken_of(text, ("login", "signup")))), "")

    def is_login(self) -> bool:
        """Tell whether the form is for somebody who has an account: to log in, or to change the password."""
        few = len({c.name or c.html_id or c.question for c in self.others}) <= 2
        if len(self.asked & labels("of_a_person")) > 1 or not (self.others or self.passwords):
            return False
        if any(c.autocomplete.endswith("current-password") for c in self.passwords):
            return True
        if few and (speaks_of(self.says, "reset") or speaks_of(self.around, "reset")):
            return True
        if len(self.passwords) > 1 or not few or self._asks_twice() or self.purpose == "signup":
            return False
        if self.purpose != "login" and any(c.autocomplete == "new-password" for c in self.passwords):
            return False
        return bool(self.passwords) or (self.purpose == "login" and not self.begins)

    def _asks_twice(self) -> bool:
        """Tell whether something is to be repeated or made up, as only a new account asks."""
        asked = " ".join(f"{c.question} {c.placeholder}" for c in (*self.others, *self.passwords))
        return speaks_of(fold(asked), "new_password")


def _said_by(view: PageView, form: Ref | None) -> str:
    """Return what the form's own names say, folded."""
    about = next((f for f in view.forms if f.ref == form), None)
    # A form without an address of its own reports the page's, which says nothing more.
    return (
        split_identifier(f"{about.marker} {about.action if about.action != view.url else ''}")
        if about
        else ""
    )


def _pressed(view: PageView, form: Ref | None) -> tuple[str, str]:
    """Return what the form's own buttons say, and those that lead to somebody else's log-in."""
    said = [fold(b.text) for b in view.buttons if b.form == form and b.tag != "a" and b.landmark not in FRAME]
    elsewhere = [text for text in said if set(text.split()) & word_set("elsewhere")]
    return " ".join(text for text in said if text not in elsewhere), " ".join(elsewhere)


def _named(others: Sequence[Control]) -> str:
    """Return the names of the only control beside the password, split into words."""
    return split_identifier(f"{others[0].html_id} {others[0].name}") if len(others) == 1 else ""


def _is_password(control: Control) -> bool:
    return control.type == "password" or "password" in fold(f"{control.label} {control.placeholder}").split()
