"""What stands between a posting and its form, and between the form and its sending: terms, and ways round a log-in."""

from __future__ import annotations

from workers.hands.controls import Button, PageView
from workers.hands.pages import fillable
from workers.hands.text import fold
from workers.hands.vocabulary import said

CROSSES = frozenset({"\u00d7", "\u2715", "\u2716", "\u2a2f", "x", "X"})
FRAME = frozenset({"nav", "navigation", "footer", "contentinfo"})


def find_way_in(view: PageView) -> Button | None:
    """Return what leads on from a page that asks for nothing: agreeing to its terms, reading it, having no account."""
    return None if fillable(view) else _first_saying(view, "way_in") or find_guest(view)


def find_language(view: PageView) -> Button | None:
    """Return the way to the English pages of a site that first asks for a country or a language."""
    if fillable(view) or not any(
        said("doors", "tongues").search(fold(h)) for h in (view.title, *view.headings)
    ):
        return None
    ours = [b for b in view.buttons if not b.disabled and "english" in fold(b.text).split()]
    return min(ours, key=lambda b: len(b.text), default=None)


def find_guest(view: PageView) -> Button | None:
    """Return the way to apply without an account, where the page offers one beside its log-in."""
    return _first_saying(view, "guest")


def find_terms(view: PageView) -> Button | None:
    """Return what opens, on the same page, terms that are to be read and accepted."""
    found = _first_saying(view, "terms")
    return (
        found
        if found
        and found.href.split("#")[0] in {"", "javascript:;", "javascript:void(0)", view.url.split("#")[0]}
        else None
    )


def find_consent(view: PageView) -> Button | None:
    """Return the button of a dialog over the page that agrees to the processing of what one applies with, where the
    dialog offers to refuse that as well and asks for nothing else."""
    asked = [fold(notice) for notice in view.notices if said("confirmation", "consents").search(fold(notice))]
    accept = find_accept(view) if asked and not any("cookie" in notice for notice in asked) else None
    beside = [b for b in view.buttons if accept and b.dialog == accept.dialog]
    refusing = any(said("buttons", what).search(fold(b.text)) for b in beside for what in ("refuses", "no"))
    asks_more = any(accept and c.dialog == accept.dialog for c in fillable(view))
    return accept if accept and accept.dialog and refusing and not asks_more else None


def find_by_hand(view: PageView) -> Button | None:
    """Return what shows the plain fields of an address, in the stead of a search for it."""
    return _first_saying(view, "by_hand")


def find_unfolding(view: PageView) -> Button | None:
    """Return what opens all parts of the form at once, where some are folded."""
    return _first_saying(view, "unfolds") if any(c.panel for c in view.controls) else None


def find_accept(view: PageView) -> Button | None:
    """Return the button that accepts the terms that are shown."""
    return _first_saying(view, "accept")


def dismisses(button: Button) -> bool:
    """Tell whether the button closes what it stands in, and agrees to nothing but cookies."""
    text = fold(button.text)
    named = said("buttons", "dismiss").search(text) or said("buttons", "banner").search(text)
    return not button.disabled and (bool(named) or button.text.strip() in CROSSES)


def _first_saying(view: PageView, what: str) -> Button | None:
    ours = [b for b in view.buttons if not b.disabled and b.landmark not in FRAME]
    return next((b for b in ours if said("buttons", what).search(fold(b.text))), None)
