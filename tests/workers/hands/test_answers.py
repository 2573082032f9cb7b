"""Screening answers: found by meaning, given only when stated, silent when unsure."""

from __future__ import annotations

import pytest

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


@pytest.mark.parametrize(
    ("question", "options", "expected"),
    [
        ("Are you legally authorized to work in the U.S.?", YES_NO, "Yes"),
        ("Are you authorized to work in the United States without sponsorship?", YES_NO, "Yes"),
        ("Will you now or in the future require visa sponsorship?", YES_NO, "No"),
        ("Are you at least 18 years old?", YES_NO, "Yes"),
        ("Are you willing to relocate?", YES_NO, "No"),
        ("What are your salary expectations?", (), "95000"),
        ("How did you hear about us?", ("A friend", "LinkedIn Recruiter", "LinkedIn"), "LinkedIn"),
        ("Years of experience with Python", ("Less than 1", "1-5", "6-10", "10+"), "6-10"),
        ("Do you have a high school diploma or equivalent?", YES_NO, "Yes"),
        ("Do you hold a master's degree?", YES_NO, "No"),
        ("Are you a US citizen or permanent resident?", YES_NO, "Yes"),
        ("Are you an H-1B holder?", YES_NO, "No"),
        ("Do you currently reside in the United States?", YES_NO, "Yes"),
        ("Are you local to Austin, TX?", YES_NO, "No"),
        ("Gender", ("Male", "Female", "Prefer not to say"), "Prefer not to say"),
        ("Are you a protected veteran?", ("Yes", "No", "I don't wish to answer"), "I don't wish to answer"),
    ],
)
def test_stated(question: str, options: tuple[str, ...], expected: str) -> None:
    assert ask(question, *options) == expected


@pytest.mark.parametrize(
    ("question", "options"),
    [
        ("How many years of experience do you have with Java?", ()),
        ("Do you have experience with Python?", YES_NO),
        ("Are you authorized to work in the United Kingdom?", YES_NO),
        ("Are you authorized to work on W2 without sponsorship, or do you need C2C?", YES_NO),
        ("Please state your work authorization using the following codes: USC 0, GC 1", ()),
        ("The salary is 85,000 to 90,000, is that acceptable?", YES_NO),
        ("What is your current salary?", ()),
        ("What hourly rate do you expect?", ()),
        ("Have you ever been convicted of a felony?", YES_NO),
        ("Gender", ("Male", "Female")),
        ("May we contact you via text message?", YES_NO),
        ("Why do you want to work here?", ()),
    ],
)
def test_silent(question: str, options: tuple[str, ...]) -> None:
    assert ask(question, *options) is None


def test_a_key_asked_the_other_way_round_is_no_answer() -> None:
    stated = {"Are you not willing to travel?": "Yes"}
    assert ask("Are you willing to travel?", *YES_NO, stated=stated) is None


def test_nothing_stated_answers_nothing_but_declines() -> None:
    assert ask("Are you legally authorized to work here?", *YES_NO, stated={}) is None
    assert ask("Race", "Asian", "White", "Decline to self-identify", stated={}) == "Decline to self-identify"
