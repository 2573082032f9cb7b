"""Rows of jobs and schools: what a question is called where the page asks it once for each of them."""

from __future__ import annotations

import re

from workers.hands.controls import Control
from workers.hands.vocabulary import labels

ROWS = labels("work") | labels("study")
# What every row asks for, so that counting it counts the rows.
ANCHORS = {"work": ("job_title", "company"), "study": ("school", "degree")}


def kind_of(label: str) -> str:
    """Return work or study, whichever kind of row the label belongs to."""
    return "work" if label in labels("work") else "study"


def asked_as(control: Control, label: str, row: int) -> str:
    """Return the question with its row where it is not the first: “Employment 2: Start date”.

    Guarantees: the same name whenever the page is read again, so that an answer finds its row.
    """
    if not row or label not in ROWS:
        return control.question
    section = control.sections[0] if control.sections else "Job" if label in labels("work") else "School"
    numbered = re.search(rf"\b{row + 1}\b", section)
    return f"{section}: {control.question}" if numbered else f"{section} {row + 1}: {control.question}"
