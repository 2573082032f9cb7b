"""Which controls belong to the application: no honeypots, no search box, no newsletter, no log-in in the header."""

from __future__ import annotations

from workers.hands.controls import Control, PageView, Ref
from workers.hands.text import fold, split_identifier
from workers.hands.vocabulary import said


def outside(view: PageView) -> dict[Ref, str]:
    """Return the controls that are to be left alone whatever they ask, each with the reason."""
    foreign = foreign_forms(view)
    return {c.ref: why for c in view.controls if (why := _reason(c, foreign))}


def elsewhere(view: PageView) -> dict[Ref, str]:
    """Return the controls of small forms with a purpose of their own (a search, a newsletter, a log-in)."""
    foreign = foreign_forms(view)
    return {c.ref: foreign[c.form] for c in view.controls if c.form in foreign and c.form is not None}


def _reason(control: Control, foreign: dict[Ref, str]) -> str:
    named = split_identifier(f"{control.name} {control.html_id} {control.automation}")
    if said("forms", "trap").search(f"{named} {fold(control.question)}"):
        return "a trap for machines"
    if not control.reachable and not control.panel:
        return f"nobody can see it ({control.hidden})"
    if (
        control.kind in {"text", "checkbox"}
        and control.aria_hidden
        and (control.hidden or control.tabindex == "-1")
    ):
        return "a hidden twin of another control"
    if control.form in foreign and control.form is not None:
        return foreign[control.form]
    if control.landmark in {"search", "nav", "navigation"}:
        return "part of the page's navigation"
    return ""


def foreign_forms(view: PageView) -> dict[Ref, str]:
    """Return the small forms with a purpose of their own, each with what that is."""
    members: dict[Ref, list[Control]] = {}
    for control in view.controls:
        if control.form and not control.hidden:
            members.setdefault(control.form, []).append(control)
    purposes = {
        form.ref: _purpose(
            members.get(form.ref, []), [b.text for b in view.buttons if b.form == form.ref], form.marker
        )
        for form in view.forms
    }
    return {form: why for form, why in purposes.items() if why}


def _searches(control: Control) -> bool:
    """Tell whether the control searches the site; one that has a list may only be of the kind that can be searched."""
    asks = f"{control.question} {control.placeholder}"
    nameless = not (control.label or control.near or control.value)
    named = control.kind == "text" or nameless or said("forms", "other_purpose").search(fold(asks))
    return control.landmark == "search" or (control.type == "search" and bool(named))


def _purpose(controls: list[Control], buttons: list[str], marker: str) -> str:
    """Return what a small form beside the application is for, or nothing."""
    if not controls or len(controls) > 4 or any(c.kind in {"file", "textarea"} for c in controls):
        return ""
    named = " ".join(s for c in controls for s in c.sections[:1])
    words = fold(f"{' '.join(buttons)} {named}") + " " + split_identifier(marker)
    if any(_searches(c) for c in controls):
        return "a search form"
    in_frame = any(c.landmark in {"header", "footer", "aside", "banner", "contentinfo"} for c in controls)
    asked = " ".join(fold(c.question) for c in controls)
    if len(controls) <= 2 and said("forms", "subscribe").search(f"{words} {asked}"):
        return "a newsletter form"
    if any(c.type == "password" for c in controls) and len(controls) <= 3:
        return "a log-in form"
    return "a form of the page's frame" if in_frame and said("forms", "other_purpose").search(words) else ""
