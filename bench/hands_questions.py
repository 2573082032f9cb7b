"""Screening questions, with stored answers in the caller's own wording."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from workers.hands.answers import Answers
from workers.hands.candidate import Candidate
from workers.hands.controls import Option, Ref

STATED = {
    "Do you have permission to work in the United States?": "Yes",
    "Will you need visa sponsorship, now or later?": "No",
    "What is your citizenship status?": "U.S. citizen",
    "Are you 18 or older?": "Yes",
    "May we run a background check?": "Yes",
    "Would you take a drug test?": "Yes",
    "Do you hold a driving licence?": "Yes",
    "Would you move for this job?": "Yes",
    "Can you get to the workplace every day?": "Yes",
    "Are remote, hybrid and on-site all fine?": "Yes",
    "Will you travel for work?": "Yes",
    "Expected pay (USD a year)": "120000",
    "When could you begin?": "2 weeks",
    "Highest degree": "Bachelor's degree",
    "Bound by a non-compete?": "No",
    "Do you hold a security clearance?": "No",
    "Can you be employed on W2?": "Yes",
    "Do you want corp-to-corp?": "No",
    "Gender": "Decline",
    "Race": "Decline",
    "Hispanic?": "Decline",
    "Protected veteran": "Decline",
    "Disability": "Decline",
    "Where did you find this job?": "LinkedIn",
    "How well do you speak English?": "English: native",
    "Do you agree to the terms and privacy policy?": "Yes",
}
PERSON = {
    "city": "San Francisco",
    "state": "California",
    "country": "United States",
    "zip": "94110",
    "education": [{"degree": "Bachelor of Science", "institution": "University of California"}],
    "skills": ["Python", "React"],
}
DECLINES = re.compile(
    r"declin|prefer not|rather not|(not|don'?t) (wish|want|care)|not to (answer|disclose|identify|specify|say)"
)
# The answer is the option as the page paints it, in the page's language.
SAID = {"yes": re.compile(r"(yes|oui|ja|s[ií]|sim)\b"), "no": re.compile(r"(no|non|nein|nee|n[aã]o)\b")}


def score_questions(folder: Path, *, show: bool) -> Mapping[str, Any]:
    """Return the shares of answerable questions right and wrong, and of unanswerable ones answered all the same."""
    answers = Answers(Candidate.from_input({"user_data": PERSON, "qa_overrides": STATED}))
    answerable = right = wrong = unanswerable = invented = 0
    for line in (folder / "questions.jsonl").read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        options = [Option(Ref(0, i), text, text) for i, text in enumerate(row["options"], 1)]
        found = answers.find(row["q"], options)
        good = found is not None and row["expect"] is not None and _same(row["expect"], found.text)
        answerable += row["expect"] is not None
        unanswerable += row["expect"] is None
        right += good
        wrong += found is not None and row["expect"] is not None and not good
        invented += found is not None and row["expect"] is None
        if show and (found.text if found else None) != row["expect"] and not good:
            print(
                f"{row['intent']:18} {row['q'][:110]} | {row['options'][:5]} | {row['expect']} | got {found}"
            )
    return {
        "right": round(right / max(1, answerable), 3),
        "wrong": round(wrong / max(1, answerable), 3),
        "invented": round(invented / max(1, unanswerable), 3),
        "answerable": answerable,
        "unanswerable": unanswerable,
    }


def _same(expected: str, given: str) -> bool:
    expected, given = expected.strip().lower(), given.strip().lower()
    if expected == "decline":
        return bool(DECLINES.search(given))
    if expected in SAID:
        return bool(SAID[expected].match(given))
    return expected.replace(",", "") in given.replace(",", "") or (len(given) > 2 and given in expected)
