"""The field report: for every control what was done and why, without showing anyone's data."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from pathlib import PurePath
from typing import Any

from workers.hands.controls import CHOICE_KINDS, Control
from workers.hands.options import real_options
from workers.hands.plan import Action, Left
from workers.hands.reach import reach
from workers.hands.rows import ROWS, asked_as


@dataclass(frozen=True, slots=True)
class Filled:
    """One control after the attempt; `verified` only when the page was seen to show the value."""

    action: Action
    expected: str
    verified: bool
    reason: str = ""


@dataclass(frozen=True, slots=True)
class PageReport:
    """What became of one page's controls."""

    filled: tuple[Filled, ...] = ()
    left: tuple[Left, ...] = ()

    def with_more(self, more: PageReport) -> PageReport:
        """Return what became of these controls and of more."""
        return PageReport((*self.filled, *more.filled), (*self.left, *more.left))

    def gone_from(self, shown: Collection[Control]) -> bool:
        """Tell whether the page now asks for other things only, though nothing was pressed since these."""
        return bool(self.filled and shown) and self.asks.isdisjoint(c.asks for c in shown)

    @property
    def asks(self) -> set[tuple[str, ...]]:
        """Return what the controls ask for, as they are known by wherever they are drawn anew."""
        return {f.action.control.asks for f in self.filled} | {x.control.asks for x in self.left}

    def recalled(self, named: Collection[Control]) -> tuple[Left, ...]:
        """Return those of the controls that were answered from memory, to be asked anew: the site took them not."""
        names = {c.asks for c in named}
        return tuple(
            Left(
                f.action.control,
                f.action.label,
                "the site does not take the answer given before",
                True,
                f.action.row,
            )
            for f in self.filled
            if f.action.answer.source == "memory" and f.action.control.asks in names
        )

    @property
    def choices(self) -> tuple[Left, ...]:
        """Return the choices that are shown and were left alone, without those that the page had made already."""
        return tuple(x for x in self.unanswered() if x.control.kind in CHOICE_KINDS and not x.control.value)

    def unanswered(self, named: Collection[Control] = ()) -> tuple[Left, ...]:
        """Return the controls that are shown and were left alone, of those that are `named` where any are."""
        names = {c.asks for c in named}
        return tuple(
            x
            for x in self.left
            if (x.control.face or not x.control.hidden)
            and not x.control.disabled
            and x.label not in {"consent", "marketing_optin"}
            and (x.control.asks in names or not names)
        )

    @property
    def questions(self) -> tuple[Left, ...]:
        """Return the required controls that nothing answers, or whose answer the page would not take."""
        refused = (
            Left(f.action.control, f.action.label, f.reason, True, f.action.row)
            for f in self.failed
            if f.action.control.required
        )
        return (*(x for x in self.left if x.needed), *refused)

    @property
    def failed(self) -> tuple[Filled, ...]:
        """Return the controls whose value could not be entered."""
        return tuple(f for f in self.filled if not f.verified)

    def rows(self, page: int = 1) -> list[dict[str, Any]]:
        """Return the report as plain values.

        Shape: page, question, label, kind, required, source, confidence, verified, value (masked), reason.
        """
        entered = [_row(f.action.control, f.action.label, page) | _outcome(f) for f in self.filled]
        left = [
            _row(x.control, x.label, page)
            | {"source": "", "confidence": 0.0, "verified": False, "value": "", "reason": x.reason}
            for x in self.left
            if not x.control.hidden
        ]
        return entered + left


def _row(control: Control, label: str, page: int) -> dict[str, Any]:
    return {
        "page": page,
        "question": control.question[:300],
        "label": label,
        "kind": control.kind,
        "required": control.required,
    }


def _outcome(filled: Filled) -> dict[str, Any]:
    answer = filled.action.answer
    return {
        "source": answer.source,
        "confidence": round(answer.confidence, 2),
        "verified": filled.verified,
        "value": masked(answer.text, answer.source),
        "reason": filled.reason or answer.reason,
    }


def masked(value: str, source: str = "") -> str:
    """Return a hint of the value that tells nobody what it is."""
    if source == "file":
        return f"•••{PurePath(value).suffix}"
    return f"{value[0]}•••" if len(value) > 3 else "•••"


def questions_for_people(left: Iterable[Left]) -> list[dict[str, Any]]:
    """Return the unanswered questions as plain values for whoever answers them.

    Shape: question (with its row where the page asks it of several jobs or schools), section, row (from 1, or
    None), label, kind, options, help, reason, memory (how far an answer may be kept).
    """
    return [
        {
            "question": asked_as(x.control, x.label, x.row)[:500],
            "section": x.control.sections[0] if x.control.sections else "",
            "row": x.row + 1 if x.label in ROWS else None,
            "label": x.label,
            "kind": "password" if x.control.type == "password" else x.control.kind,
            "options": [o.text for o in real_options(x.control.options)][:60],
            "help": x.control.help,
            "reason": x.reason,
            "memory": reach(x.control, x.label),
        }
        for x in left
    ]
