"""What a test candidate has stated, and how it is asked about."""

from __future__ import annotations

from workers.hands.answers import Answers
from workers.hands.candidate import Candidate
from workers.hands.controls import Option, Ref

STATED = {
    "Do you have the right to work in the United States?": "Yes",
    "Do you need a visa sponsor?": "No",
    "Are you of legal age (18+)?": "Yes",
    "Would you relocate for the position?": "No",
    "Expected salary per year": "95000",
    "Where did you hear about this opening?": "LinkedIn",
    "How many years of experience do you have with Python?": "6",
    "Highest level of education": "Bachelor's degree",
    "Citizenship": "U.S. citizen",
}
PERSON = {"city": "Portland", "state": "Oregon", "country": "United States", "skills": ["Python", "SQL"]}
YES_NO = ("Yes", "No")


def ask(question: str, *options: str, stated: dict[str, str] | None = None) -> str | None:
    who = Candidate.from_input({"user_data": PERSON, "qa_overrides": STATED if stated is None else stated})
    found = Answers(who).find(question, [Option(Ref(0, i), text, text) for i, text in enumerate(options, 1)])
    return found.text if found else None
