"""Where a page's values come from: the candidate of an application, or labelled form data."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from workers.hands.answers import Answers
from workers.hands.candidate import Answer, Candidate
from workers.hands.classify import PROFILE_LABELS
from workers.hands.controls import Control
from workers.hands.plan import NEVER
from workers.hands.render import extension
from workers.hands.text import fold, split_identifier

EEO_NOTHING = "nothing was given, and the page offers no way to decline"


class CandidateSource:
    """Answers a form from a candidate: profile, files and screening answers."""

    def __init__(self, who: Candidate) -> None:
        self.who = who
        self.answers = Answers(who)

    def resolve(self, control: Control, label: str, row: int) -> Answer | str:
        """Return what the candidate stated for the control, or why nothing can be entered."""
        if control.kind == "file":
            return self._file(label)
        if label in {"consent", "marketing_optin"} or control.kind == "checkbox":
            return self._box(control, label)
        stated = self.answers.find(control.question, control.options)
        if stated and (label == "none" or label not in PROFILE_LABELS):
            return stated
        if label in NEVER:
            return "nothing known asks like this"
        return self._profile(control, label, row) or stated or f"nothing was stated about {label}"

    def _profile(self, control: Control, label: str, row: int) -> Answer | None:
        if label not in PROFILE_LABELS:
            return self.answers.find(control.question, control.options, label)
        if label == "phone_extension":
            text = extension(self.who.text("phone"))
            return Answer(text, reason="profile: phone") if text else None
        return self.who.value(
            label,
            row
            if self.who.rows(label) > 1 or row == 0
            else 0
            if self.who.rows(label) == 1 and not _rows(label)
            else row,
        )

    def _file(self, label: str) -> Answer | str:
        path: Path | None = {"resume_file": self.who.resume, "cover_letter_file": self.who.cover_letter}.get(
            label
        )
        return Answer(str(path), "file", 1.0, label) if path else f"no file was given for {label}"

    def _box(self, control: Control, label: str) -> Answer | str:
        """Tick what must be ticked to apply or was stated; never a box that only invites advertising."""
        if label == "marketing_optin":
            return "an invitation to advertising"
        if label == "consent":
            wanted = control.required or bool(control.invalid)
            return (
                Answer("Yes", "rule", 0.8, "needed to apply")
                if wanted
                else self._stated_box(control) or "not needed to apply"
            )
        if label in {"work_current", "edu_current"}:
            return self.who.value(label) or "nothing was stated about it"
        return self._stated_box(control) or f"nothing was stated about {label}"

    def _stated_box(self, control: Control) -> Answer | None:
        found = self.answers.find(control.question)
        return found if found and found.text in {"Yes", "No"} else None


def _rows(label: str) -> bool:
    return label.startswith(("work_", "edu_")) or label in {
        "company",
        "job_title",
        "school",
        "degree",
        "field_of_study",
        "gpa",
    }


class FormData:
    """Answers a form from `{label: value}`; each label is used for the control it fits best."""

    def __init__(self, values: Mapping[str, str], files: Mapping[str, Path] | None = None) -> None:
        self.values = {k: str(v) for k, v in values.items()}
        self.files = dict(files or {})
        self.used: set[str] = set()

    def resolve(self, control: Control, label: str, row: int) -> Answer | str:
        """Return the value whose label names the control, or why none does."""
        scored = [(s, key) for key in self.values if (s := naming(key, control))]
        if not scored:
            return "no given label names it"
        score, key = max(scored)
        self.used.add(key)
        if control.kind == "file" and self.values[key] in self.files:
            return Answer(str(self.files[self.values[key]]), "file", 1.0, key)
        return Answer(self.values[key], "form_data", score, f"given for “{key}”")

    @property
    def unused(self) -> list[str]:
        """Return the labels that no control of any page took."""
        return [key for key in self.values if key not in self.used]


def naming(key: str, control: Control) -> float:
    """Return how well a caller's label names the control, 0 (not at all) to 1."""
    wanted = fold(key)
    own = [fold(x) for x in (control.label, control.near, control.cell, control.placeholder) if x]
    ids = [split_identifier(x) for x in (control.html_id, control.name, control.automation) if x]
    if wanted in own or key in {control.name, control.html_id}:
        return 1.0
    if wanted in ids:
        return 0.95
    return max((_overlap(wanted, text) for text in own), default=0.0)


def _overlap(wanted: str, text: str) -> float:
    a, b = set(wanted.split()), set(text.split())
    if not a or not b:
        return 0.0
    if text.startswith(wanted + " ") or wanted.startswith(text + " "):
        return 0.6 + 0.3 * len(a & b) / len(a | b)
    share = len(a & b) / len(a | b)
    return 0.9 * share if share >= 0.6 else 0.0
