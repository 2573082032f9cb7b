"""Where the values of any other form come from: labelled data, `{label: value}`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from workers.hands.candidate import Answer
from workers.hands.classify import classify
from workers.hands.controls import Control, Ref
from workers.hands.dates import part_asked
from workers.hands.grids import in_section
from workers.hands.parts import ENDS, part_for, share, street_and_unit
from workers.hands.rows import ROWS, kind_of
from workers.hands.sources import offers
from workers.hands.text import fold, split_identifier
from workers.hands.vocabulary import ongoing, word_set


class FormData:
    """Answers a form from `{label: value}`; each label is used for the controls it fits best."""

    def __init__(self, values: Mapping[str, str], files: Mapping[str, Path] | None = None) -> None:
        self.values = {k: str(v) for k, v in values.items()}
        self.files = dict(files or {})
        self.used: set[str] = set()
        self.refused: dict[tuple[str, ...], str] = {}
        self._asked: frozenset[str] = frozenset()
        self._kept: set[str] = set()
        self._labels = {k: classify(Control(Ref(0, 0), "text", label=k)).label for k in self.values}

    def see(self, labels: frozenset[str]) -> None:
        """Learn which labels the page asks for."""
        self._asked = labels

    def rows(self, kind: str) -> int:
        """Return one where something is given for a row of that kind: what is given for more has labels of its own."""
        given = any(label in ROWS and kind_of(label) == kind for label in self._labels.values())
        return int(given and kind not in self._kept)

    def listed(self, kind: str, text: str) -> bool:
        """Return False: what is given is to be entered, whatever the page names."""
        return False

    def opened(self, kind: str) -> None:
        """Learn nothing: there is one row of a kind."""

    def kept(self, kind: str) -> None:
        """Learn that the form has the row."""
        self._kept.add(kind)

    def resolve(self, control: Control, label: str, row: int) -> Answer | str:
        """Return the value whose label names the control, or its part of a value that another control takes."""
        named = [(score, key) for key in self.values if (score := naming(key, control))]
        for key in self.values:
            part = self._part(key, control, label, named)
            if part:
                self.used.add(key)
                return part
        if not named:
            return "no given label names it"
        score, key = max(named)
        if control.kind == "file" and self.values[key] not in self.files:
            return "the value given is not one of the files"
        if _takes_dates(control) and ongoing(self.values[key]) and not offers(control, self.values[key]):
            return "it has not ended"
        return self._whole(score, key, control)

    def _part(self, key: str, control: Control, label: str, named: list[tuple[float, str]]) -> Answer | None:
        """Return the part of the value that the control takes: nothing names it better, and it stands in its group."""
        if any(k != key and score > 0.8 for score, k in named):
            return None
        whole, kind = Answer(self.values[key], "form_data", 0.9), self._labels[key]
        close = fold(key) in map(fold, control.sections) or any(k == key for _, k in named)
        if close and (text := share(control, whole.text)):
            return replace(whole, text=text, reason=f"part of “{key}”")
        if not close and label not in ENDS and kind not in {"phone", "address_line1"}:
            return None
        return part_for(control, label, whole, kind, self._asked)

    def _whole(self, score: float, key: str, control: Control) -> Answer:
        self.used.add(key)
        value = self.values[key]
        if control.kind == "file":
            return Answer(str(self.files[value]), "file", 1.0, key)
        if self._labels[key] == "address_line1" and "address_line2" in self._asked:
            value = street_and_unit(value)[0]
        return Answer(value, "form_data", score, f"given for “{key}”")

    def entries(self, title: str) -> Sequence[str]:
        """Return the single values under a label of that name that no control has taken."""
        key = next((k for k in self.unused if singular(k) == singular(title)), "")
        if not key:
            return ()
        self.used.add(key)
        several = next((sign for sign in ("|", "\n", ";", ",") if sign in self.values[key]), "|")
        return [part.strip() for part in self.values[key].split(several) if part.strip()]

    @property
    def unused(self) -> list[str]:
        """Return the labels that no control of any page took."""
        return [key for key in self.values if key not in self.used]


def singular(text: str) -> frozenset[str]:
    """Return the words of a title, whether it names one or many."""
    return frozenset(w.rstrip("s") for w in fold(text).split() if w not in word_set("small"))


def naming(key: str, control: Control) -> float:
    """Return how well a caller's label names the control, 0 (not at all) to 1."""
    wanted = fold(key)
    own = [fold(x) for x in (control.label, control.near, control.cell, control.placeholder) if x]
    if wanted in {fold(text) for text in in_section(control)}:
        return 0.95
    beside = bool(control.label) and wanted != fold(control.label) and wanted == fold(control.near)
    ids = [split_identifier(x) for x in (control.html_id, control.name, control.automation) if x]
    if beside and key not in {control.name, control.html_id}:
        # What stands before a control that has a name of its own may belong to the one above it.
        return 0.85
    if wanted in own or key in {control.name, control.html_id}:
        return 1.0
    if wanted in ids:
        return 0.95
    # What only begins alike counts where it is the control's own name, not where it merely stands before it.
    called = (
        [fold(x) for x in (control.label, control.cell, control.placeholder) if x] if control.label else own
    )
    return max((_overlap(wanted, text) for text in called), default=0.0)


def _overlap(wanted: str, text: str) -> float:
    a, b = set(wanted.split()), set(text.split())
    if not a or not b:
        return 0.0
    if text.startswith(wanted + " ") or wanted.startswith(text + " "):
        return 0.6 + 0.3 * len(a & b) / len(a | b)
    share = len(a & b) / len(a | b)
    # “Rate your Excel skills” is not “Rate your Word skills”: where each has a word of its own, most must be shared.
    least = 0.8 if a - b and b - a else 0.6
    return 0.9 * share if share >= least else 0.0


def _takes_dates(control: Control) -> bool:
    """Tell whether nothing but a date, or a part of one, can be entered."""
    return bool(part_asked(control)) or control.type in {"date", "month", "week"}
