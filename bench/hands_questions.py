"""Screening questions, with stored answers in the caller's own wording."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from workers.hands.answers import Answers
from workers.hands.candidate import Answer, Candidate
from workers.hands.controls import Option, Ref
from workers.hands.options import bare_idea, spellings
from workers.hands.text import fold

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
# The data's own notion of a declined answer; an answer's text is compared in English, whatever the page paints.
DECLINED = re.compile(r"declin|prefer not|not wish|don'?t wish|not to (answer|specify|say)")
IDEAS = {"yes": "Yes", "no": "No", "decline": "Decline"}


def answer(
    question: str, options: Sequence[str], qa_answers: Mapping[str, str], profile: Mapping[str, Any]
) -> tuple[str | None, str | None]:
    """Return what the hands answer, as the data set's scorer calls an engine: a text, and what it means.

    The meaning is Yes, No or Decline where the answer is that, in whichever language. The text is the option as
    painted, or the meaning where the data's rule, which reads English only, would not know it (“oui”).
    """
    found = _asked(
        Answers(Candidate.from_input({"user_data": profile, "qa_overrides": qa_answers})), question, options
    )
    return (_readable(found), _meaning(found)) if found else (None, None)


def _asked(answers: Answers, question: str, options: Sequence[str]) -> Answer | None:
    return answers.find(question, [Option(Ref(0, i), text, text) for i, text in enumerate(options, 1)])


def _meaning(found: Answer) -> str | None:
    ideas = filter(None, map(bare_idea, (*found.also, found.text)))
    return IDEAS.get(next(ideas, ""))


def _readable(found: Answer) -> str:
    meaning = _meaning(found)
    if meaning is not None:
        return found.text if _same(meaning, found.text) else meaning
    # “us citizen” is painted, “U.S. citizen” was stated: that rule compares letters.
    return next((text for text in found.also if fold(found.text) in spellings(text)), found.text)


def score_questions(folder: Path, *, show: bool) -> Mapping[str, Any]:
    """Return the shares of answerable questions right and wrong, and of unanswerable ones answered all the same.

    `wrong_as_painted` compares the chosen option's own words instead, which the data's rule reads in English only.
    """
    answers = Answers(Candidate.from_input({"user_data": PERSON, "qa_overrides": STATED}))
    counts = Counter[str]()
    for line in (folder / "questions.jsonl").read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        found = _asked(answers, row["q"], row["options"])
        said, expected = (_readable(found) if found else None), row["expect"]
        counts["unanswerable" if expected is None else "answerable"] += 1
        verdicts = [] if found is None else _verdicts(expected, str(said), found.text)
        counts.update(verdicts)
        if show and "right" not in verdicts and (expected is not None or found):
            print(f"{row['intent']:18} {row['q'][:110]} | {row['options'][:5]} | {expected} | {said}")
    answerable, unanswerable = max(1, counts["answerable"]), max(1, counts["unanswerable"])
    return {
        **{k: round(counts[k] / answerable, 3) for k in ("right", "wrong", "wrong_as_painted")},
        "invented": round(counts["invented"] / unanswerable, 3),
        **{k: counts[k] for k in ("answerable", "unanswerable")},
    }


def _verdicts(expected: str | None, said: str, painted: str) -> list[str]:
    if expected is None:
        return ["invented"]
    alike = [] if _same(expected, painted) else ["wrong_as_painted"]
    return ["right" if _same(expected, said) else "wrong", *alike]


def _same(expected: str, given: str) -> bool:
    """Compare as the data set's own scorer does."""
    expected, given = expected.strip().lower(), given.strip().lower()
    if expected == given:
        return True
    if expected == "decline":
        return bool(DECLINED.search(given))
    if expected in {"yes", "no"}:
        return bool(re.match(rf"{expected}\b", given))
    return expected.replace(",", "") in given.replace(",", "") or (len(given) > 2 and given in expected)
