"""What a stated value says beyond the option that was chosen for it, kept until a field asks for it."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from workers.hands.candidate import Answer
from workers.hands.controls import Control, PageView, Ref
from workers.hands.options import bare_idea, says, spellings
from workers.hands.plan import Action
from workers.hands.text import fold
from workers.hands.vocabulary import said

# “Yes, a ramp”, “Yes - a ramp”, “Yes (a ramp)”.
MORE = re.compile(r"\s*(\w+)\s*(?:[,;:.\u2013\u2014-]\s*(?P<on>.+?)|\((?P<within>.+)\)\.?)\s*", re.DOTALL)
# “Employee referral: Ana Costa”, “Recruitment agency (Hays)”.
DETAILED = re.compile(
    r"\s*(?P<named>[^:(]+?)\s*(?::\s|\s[\u2013\u2014-]\s|\()\s*(?P<detail>.+?)\)?\s*", re.DOTALL
)
WORDS = frozenset({"text", "textarea"})


@dataclass(frozen=True, slots=True)
class _Rest:
    """What followed the words that a choice took, and what the page asked for when they were given; `detail` where they
    were more than a yes or no."""

    answer: Answer
    choice: Ref
    asked: frozenset[tuple[str, ...]]
    detail: bool


class Unsaid:
    """The words that the page has not taken yet, of all that was entered into it."""

    def __init__(self) -> None:
        self._otherwise: Answer | None = None
        self._rests: list[_Rest] = []
        self._shown: tuple[Control, ...] = ()

    def see(self, view: PageView) -> None:
        """Learn what the page shows now."""
        self._shown = tuple(c for c in view.controls if c.face or not c.hidden)

    def note(self, action: Action, chosen: str) -> None:
        """Remember what the chosen option left out: a name that the list has not, or the details of a yes or no."""
        other = said("options", "other")
        if other.match(fold(chosen)) and not other.match(fold(action.answer.text)):
            self._otherwise = action.answer
        elif action.control.kind not in WORDS:
            rest, detail = _beyond(action.answer, chosen), _detail(action.answer.text, chosen)
            asked = frozenset(c.asks for c in self._shown)
            told = replace(action.answer, text=rest or detail, also=())
            self._rests += [_Rest(told, action.control.ref, asked, not rest)] if told.text else []

    def words_for(self, control: Control) -> Answer | None:
        """Return the words that the field asks for, once, if it is one for them."""
        if control.hidden or control.disabled or control.value or control.kind not in WORDS:
            return None
        asked = fold(control.question)
        if self._otherwise and control.kind == "text" and said("fields", "specify").search(asked):
            answer, self._otherwise = self._otherwise, None
            return answer
        rest = next((r for r in self._rests if self._follows(control, r)), None)
        if rest is None:
            return None
        self._rests.remove(rest)
        return rest.answer

    def _follows(self, control: Control, rest: _Rest) -> bool:
        """Tell whether the field comes right after the choice, and asks on or has come with its answer."""
        refs = [c.ref for c in self._shown]
        if control.ref not in refs or rest.choice not in refs:
            return False
        asked, came = fold(control.question), control.asks not in rest.asked
        wanted = said("fields", "asks_on").search(asked) or (came and self._open_to(control, rest))
        return bool(wanted) and refs.index(control.ref) == refs.index(rest.choice) + 1

    def _open_to(self, control: Control, rest: _Rest) -> bool:
        """Tell whether a field that has come with the choice may ask for what was said with it."""
        asked = fold(control.question)
        if not rest.detail:
            return control.kind == "textarea" or bool(said("fields", "asks_what").search(asked))
        # Of several fields that came, each asks for a part of it.
        come = [c for c in self._shown if c.kind in WORDS and c.asks not in rest.asked]
        return len(come) == 1 and bool(said("fields", "asks_name").search(asked))


def _beyond(answer: Answer, chosen: str) -> str:
    """Return what the stated value adds to its yes or no, where the chosen option says no more than that."""
    return next((rest for text in (answer.text, *answer.also) if (rest := _after(text, chosen))), "")


def _after(text: str, chosen: str) -> str:
    found = MORE.fullmatch(text)
    idea = bare_idea(found[1]) if found else ""
    if not found or idea not in {"yes", "no"}:
        return ""
    rest = (found["on"] or found["within"]).strip()
    # A box that is ticked says yes.
    took = says(chosen, idea) or (chosen, idea) == ("true", "yes")
    return rest if took and fold(rest) not in fold(chosen) else ""


def _detail(text: str, chosen: str) -> str:
    """Return what the stated value says of the chosen option beside its name."""
    found = DETAILED.fullmatch(text)
    return found["detail"].strip() if found and fold(found["named"]) in spellings(chosen) else ""
