"""Find the button that goes on, and read what the site objects to."""

from __future__ import annotations

import re
from dataclasses import dataclass

from workers.hands.controls import Button, Control, Message, PageView, Ref
from workers.hands.doors import find_consent
from workers.hands.pages import WRITTEN, fillable, lines_anew, notices_anew
from workers.hands.scope import foreign_forms, outside
from workers.hands.text import fold
from workers.hands.vocabulary import said

# Fields that stand in no form element are one all the same when there are so many.
LEAST_OF_A_FORM = 3
FRAME = frozenset({"header", "banner", "footer", "contentinfo"})


@dataclass(frozen=True, slots=True)
class Advance:
    """The button that goes on. `sends` is False only when it is certain that it merely turns the page."""

    button: Button
    sends: bool
    surely_sends: bool


@dataclass(frozen=True, slots=True)
class Objection:
    """What the site finds wrong: with one control, or with the page."""

    message: str
    control: Control | None = None


def find_advance(view: PageView) -> Advance | None:
    """Return the button that turns the page or sends the form, preferring the one in the form being filled."""
    form, foreign = _main_form(view), foreign_forms(view)
    ranked: list[tuple[int, Advance]] = []
    for order, button in enumerate(view.buttons):
        rank = 0 if button.form in foreign else _rank(button, form, order)
        if rank:
            ranked.append((rank, _advance(view, button)))
    if not ranked:
        return None
    best = max(ranked, key=lambda item: item[0])[1]
    return _instead(best, ranked, form) if best.button.disabled else best


def _main_form(view: PageView) -> Ref | None:
    """Return the form that most was entered in, of those beside each other; None where there is none around it."""
    groups: dict[Ref | None, list[Control]] = {}
    for control in fillable(view):
        groups.setdefault(control.form, []).append(control)
    return max(
        groups, key=lambda form: (sum(bool(c.value) for c in groups[form]), len(groups[form])), default=None
    )


def _instead(locked: Advance, ranked: list[tuple[int, Advance]], form: Ref | None) -> Advance:
    """Return the button that a locked one waits for: it shows on every step, or the form is to be looked over first."""
    own = {form, locked.button.form}
    turning = [
        (rank, a)
        for rank, a in ranked
        if not a.button.disabled and a.button.form in own and not (a.sends or a.surely_sends)
    ]
    return max(turning, key=lambda item: item[0])[1] if turning else locked


def _rank(button: Button, form: Ref | None, order: int) -> int:
    text = fold(button.text)
    if button.landmark in {"nav", "search", "header", "navigation", "banner"} or button.popup:
        return 0
    kinds = [k for k in ("submit", "next", "maybe_next") if said("buttons", k).search(text)]
    if said("buttons", "never").search(text) and kinds[:1] != ["submit"]:
        return 0
    in_form = button.form == form
    typed = button.type == "submit" and in_form and form is not None
    if not kinds and not typed:
        return 0
    if button.tag == "a" and not kinds:
        return 0
    words = {"next": 300, "submit": 400, "maybe_next": 200}.get(kinds[0], 0) if kinds else 100
    place = 100 if in_form else -250 if button.form else 0
    return 300 + words + (150 if typed else 0) + place + min(order, 99)


def _advance(view: PageView, button: Button) -> Advance:
    text = fold(button.text)
    submits = bool(said("buttons", "submit").search(text)) and not said("buttons", "step").search(text)
    turns = bool(said("buttons", "next").search(text)) and not submits
    perhaps = bool(said("buttons", "maybe_next").search(text)) and not submits
    more = steps_left(view)
    safe = (turns and more is not False) or (perhaps and more is True)
    return Advance(button, sends=not safe, surely_sends=submits and not _leads_away(button, view))


def _leads_away(button: Button, view: PageView) -> bool:
    """Tell whether the button is a mere link to another page."""
    there, here = button.href.split("#")[0], view.url.split("#")[0]
    return button.tag == "a" and there.startswith("http") and there != here


def find_second_thought(view: PageView, before: PageView) -> Button | None:
    """Return the button that sends, where the page asks, instead of sending, whether it should.

    Guarantees: both that button and one to take it back are new, and so are the words that ask.
    """
    if fillable(view) and not view.same_document(before):
        # Another page with things to fill in is a step of the form.
        return None
    known, old = {b.ref for b in before.buttons}, {fold(b.text) for b in before.buttons}
    new = [b for b in view.buttons if b.ref not in known and not b.disabled]
    agreeing = [b for b in new if said("buttons", "yes").search(fold(b.text))]
    if len(agreeing) > 1:
        # The form's own button may have been drawn anew.
        agreeing = [b for b in agreeing if fold(b.text) not in old]
    asks = said("confirmation", "asks")
    asked = lines_anew(asks, view, before) or notices_anew(asks, view, before)
    refusing = any(said("buttons", "no").search(fold(b.text)) for b in new)
    return agreeing[0] if asked and refusing and len(agreeing) == 1 else None


def steps_left(view: PageView) -> bool | None:
    """Return whether the page says that steps follow; None when it does not say."""
    found = said("forms", "step").search(fold(view.text[:8000].replace("/", " / ").replace(" / ", " of ")))
    return int(found[1]) < int(found[2]) if found else None


def further_step(view: PageView, before: PageView) -> bool:
    """Tell whether the page says anew that more is to be filled in before the application counts."""
    told = any(lines_anew(said("confirmation", what), view, before) for what in ("unfinished", "further"))
    return told or bool(
        steps_left(view) and steps_left(before) is not None and not view.same_document(before)
    )


def find_apply(view: PageView) -> Button | None:
    """Return the button or link of a posting that leads to its form; never a button of the form itself, which sends."""
    found = [
        b
        for b in view.buttons
        if said("buttons", "apply").search(fold(b.text)) and not said("buttons", "never").search(fold(b.text))
    ]
    beyond = outside(view)
    asked = [c for c in view.controls if c.ref not in beyond and (c.reachable or c.panel)]
    filled_in: set[Ref | None] = {c.form for c in asked if c.form}
    loose = [c for c in asked if c.form is None and c.kind != "file" and c.landmark not in FRAME]
    if len(loose) >= LEAST_OF_A_FORM:
        filled_in.add(None)
    found = [b for b in found if b.tag == "a" or b.form not in filled_in]
    found = [b for b in found if not b.disabled and b.landmark not in {"footer", "contentinfo"}]
    # What names the site above each of its pages, and leads back to this one, leads nowhere.
    found = [
        b
        for b in found
        if not (b.landmark in {"header", "banner"} and b.href.rstrip("/") == view.url.rstrip("/"))
    ]
    # What an open dialog offers comes before the button that opened it.
    return (
        min(found, key=lambda b: (b.dialog is None, b.href.startswith("mailto:"), len(b.text)))
        if found
        else None
    )


def find_banner(view: PageView) -> Button | None:
    """Return the button that closes a cookie banner, refusing where that is offered; or that agrees, in a dialog over
    the page, to what nobody can apply without.

    One that does not say cookie is known by what it offers: a dialog to accept something in, or to refuse it.
    """
    if consent := find_consent(view):
        return consent
    found = [b for b in view.buttons if said("buttons", "banner").search(fold(b.text)) and b.form is None]
    refusing = [b for b in found if said("buttons", "refuses").search(fold(b.text))]
    if "cookie" in fold(view.text):
        return next(iter([*refusing, *found]), None)
    return next((b for b in refusing if b.dialog and sum(x.dialog == b.dialog for x in found) > 1), None)


def objections(view: PageView, before: PageView | None = None) -> list[Objection]:
    """Return what the site says is wrong.

    With `before`, only what is new: objections that the same document showed already are no answer to a press.
    """
    found = _said_of_controls(view)
    own = {fold(o.message) for o in found}
    loose = [m for m in view.messages if fold(m.text) not in own and re.search(r"[a-z]{3}", fold(m.text))]
    found += [Objection(m.text, _about(m, view)) for m in loose]
    if before is None or not view.same_document(before):
        return found
    stale = {(fold(o.message), o.control and o.control.asks) for o in objections(before)}
    return [o for o in found if (fold(o.message), o.control and o.control.asks) not in stale]


def plain_objections(view: PageView, before: PageView) -> list[Objection]:
    """Return what the form says anew about what is to be filled in, though nothing marks it as a complaint."""
    if len(fillable(view)) < len(fillable(before)) or not _same_fields(view, before):
        return []
    found = lines_anew(said("confirmation", "demands"), view, before)
    return [Objection(line, _about(Message(line), view)) for line in found]


def _same_fields(view: PageView, before: PageView) -> bool:
    """Tell whether a form that came anew is the one that was there, with what was entered in it."""
    entered = {(c.asks, c.value) for c in fillable(before) if c.kind in WRITTEN and c.value}
    kept = entered & {(c.asks, c.value) for c in fillable(view)}
    return view.same_document(before) or len(kept) * 2 > len(entered)


def _said_of_controls(view: PageView) -> list[Objection]:
    return [Objection(c.invalid, c) for c in view.controls if c.invalid and not (c.hidden and not c.face)]


def blocked_by_browser(view: PageView) -> list[Objection]:
    """Return the controls that the browser itself will not send; with any, a click on submit sends nothing."""
    free = {f.ref for f in view.forms if f.novalidate}
    return [
        Objection(c.validity, c) for c in view.controls
        if c.validity and c.form and c.form not in free and not c.disabled
    ]  # fmt: skip


def _about(message: Message, view: PageView) -> Control | None:
    """Return the control that a message stands beside, or names."""
    if message.about and (control := view.control(message.about)):
        return control
    text = fold(message.text)
    named = [
        c for c in view.controls if not c.hidden and len(fold(c.question)) > 3 and fold(c.question) in text
    ]
    return max(named, key=lambda c: len(c.question)) if named else None
