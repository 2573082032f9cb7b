"""Cover letters: text into the boxes that ask for one, files into their own slot, and never a resume there."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from workers.hands.candidate import Answer, Candidate
from workers.hands.classify import classify
from workers.hands.controls import Control, Ref
from workers.hands.sources import CandidateSource

LETTER = "Dear team, I would like to join."
RESUME, FILE, TEXT = Path("cv.pdf"), Path("mine.pdf"), Path("Cover letter.txt")


def entered(text: str, file: Path | None, **control: Any) -> str:
    shown = Control(Ref(0, 1), **control)
    who = Candidate.from_input({"cover_letter": text}, RESUME, file)
    found = CandidateSource(who).resolve(shown, classify(shown).label, 0)
    return found.text if isinstance(found, Answer) else ""


@pytest.mark.parametrize(
    ("given", "control", "expected"),
    [
        ((LETTER, TEXT), {"kind": "textarea", "label": "Cover letter"}, LETTER),
        ((LETTER, TEXT), {"kind": "textarea", "label": "Lettre de motivation"}, LETTER),
        ((LETTER, TEXT), {"kind": "textarea", "label": "Anything else you want to tell us?"}, ""),
        ((LETTER, TEXT), {"kind": "text", "label": "How did you hear about us?"}, ""),
        (("", FILE), {"kind": "textarea", "label": "Cover letter"}, ""),
        (("", FILE), {"kind": "file", "label": "Cover letter"}, "mine.pdf"),
        (
            (LETTER, TEXT),
            {"kind": "file", "label": "Cover letter", "accept": ".pdf,.txt"},
            "Cover letter.txt",
        ),
        ((LETTER, TEXT), {"kind": "file", "label": "Cover letter", "accept": ".pdf,.docx"}, ""),
        (("", FILE), {"kind": "file", "label": "Resume and cover letter (one PDF)"}, "cv.pdf"),
        (("", None), {"kind": "file", "label": "Cover letter"}, ""),
        (("", FILE), {"kind": "file", "label": "Resume/CV"}, "cv.pdf"),
        (("", FILE), {"kind": "file", "label": "Attach", "sections": ("Cover Letter",)}, "mine.pdf"),
    ],
)
def test_where_a_letter_goes(given: tuple[str, Path | None], control: dict[str, Any], expected: str) -> None:
    assert entered(*given, **control) == expected
