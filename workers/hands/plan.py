"""Decide, before touching anything, what goes into each control of a page and what is left alone, and why."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Protocol

from workers.hands.candidate import Answer
from workers.hands.context import guesses
from workers.hands.controls import Control, PageView, Ref
from workers.hands.scope import outside

# Labels that are never filled, whatever the form.
NEVER = frozenset({"none", "marketing_optin"})


@dataclass(frozen=True, slots=True)
class Action:
    """One control, and what to enter into it; `row` counts the jobs or schools from 0.

    `lost` says that the page did not keep it when it was entered before.
    """

    control: Control
    label: str
    answer: Answer
    row: int = 0
    lost: bool = False


@dataclass(frozen=True, slots=True)
class Left:
    """One control that is left alone, and why; `needed` when the form cannot be sent without it."""

    control: Control
    label: str
    reason: str
    needed: bool = False
    row: int = 0


@dataclass(frozen=True, slots=True)
class Plan:
    """What to do with one page."""

    actions: tuple[Action, ...] = ()
    left: tuple[Left, ...] = ()

    @property
    def questions(self) -> tuple[Left, ...]:
        """Return the required controls that nothing answers."""
        return tuple(x for x in self.left if x.needed)


class Source(Protocol):
    """Where the values come from: a candidate, or labelled form data."""

    @property
    def refused(self) -> Mapping[tuple[str, ...], str]:
        """Return what the site said against the entries of controls, known by their signature, wherever it did."""

    def see(self, labels: frozenset[str]) -> None:
        """Learn which labels the page asks for, before it is planned: a value may be split over several."""

    def rows(self, kind: str) -> int:
        """Return how many rows of `work` or `study` there is something to say about."""

    def listed(self, kind: str, text: str) -> bool:
        """Tell whether the text names the next job or school already."""

    def opened(self, kind: str) -> None:
        """Learn that the form asks for the next job or school, and takes them one by one."""

    def kept(self, kind: str) -> None:
        """Learn that the form has the job or school it asked for, and asks for no more until another is opened."""

    def entries(self, title: str) -> Sequence[str]:
        """Return what is to be listed under the title, one by one, and that no control has taken."""

    def resolve(self, control: Control, label: str, row: int) -> Answer | str:
        """Return the value for the control, or the reason why there is none."""


def plan(view: PageView, source: Source, done: Mapping[Ref, str] | None = None) -> Plan:
    """Return the plan for a page; controls in `done` are settled already and not planned again."""
    excluded, labels, rows = outside(view), guesses(view), Counter[str]()
    source.see(frozenset(g.label for ref, g in labels.items() if ref not in excluded))
    actions: list[Action] = []
    left: list[Left] = []
    before = ""
    for control in (_as_refused(c, source) for c in view.controls):
        guess = labels[control.ref]
        # Month and year of one date stand side by side, in one row.
        if not (guess.label == before and before.endswith("_date")):
            rows[guess.label] += 1
        before, row = guess.label, rows[guess.label] - 1
        if control.ref in (done or {}):
            continue
        reason = excluded.get(control.ref) or ("it is switched off" if control.disabled else "")
        found = reason or source.resolve(control, guess.label, row)
        if isinstance(found, Answer):
            actions.append(Action(control, guess.label, found, row))
        else:
            left.append(Left(control, guess.label, found, not reason and _needed(control), row))
    return Plan(tuple(actions), tuple(left))


def _as_refused(control: Control, source: Source) -> Control:
    """Return the control with what the site said against its entry, also where it said so elsewhere on the page."""
    message = source.refused.get(control.asks)
    return replace(control, invalid=message) if message and not control.invalid else control


def _needed(control: Control) -> bool:
    """Tell whether the form wants something that is not there yet."""
    if control.kind == "checkbox":
        return control.required and control.value != "true"
    return (control.required or bool(control.invalid)) and not control.value
