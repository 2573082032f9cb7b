"""What somebody would rather have, and what is asked in a few words: offices, shifts, rates of pay, bare licences."""

from __future__ import annotations

import pytest

from tests.workers.hands.asking import YES_NO
from workers.hands.answers import Answers
from workers.hands.candidate import Answer, Candidate
from workers.hands.controls import Control, Option, Ref
from workers.hands.sources import CandidateSource

RATES = ("Hourly", "Monthly", "Yearly")
SHIFTS = ("Mañana", "Tarde", "Noche")


def options(*texts: str) -> tuple[Option, ...]:
    return tuple(Option(Ref(0, i), text, text) for i, text in enumerate(texts, 1))


@pytest.mark.parametrize(
    ("key", "value", "question", "offered", "expected"),
    [
        ("Which of our offices suits you?", "Leith", "Which office could you work from?", ("Leith", "Oban"), "Leith"),
        ("Which of our offices suits you?", "Leith", "Which office could you not reach?", ("Leith", "Oban"), None),
        ("¿Qué turno prefieres?", "Mañana", "Preferencia de turno", SHIFTS, "Mañana"),
        ("What shift do you prefer?", "Nights", "Preferred shift", ("Days", "Nights"), "Nights"),
        ("¿Tienes carné de conducir?", "Sí", "Carné de conducir B", ("Sí", "No"), "Sí"),
        ("Do you have a driver's license?", "Yes", "Driver's license", YES_NO, "Yes"),
        ("Do you have a driver's license?", "Yes", "Driver's license required", YES_NO, None),
        ("Do you have GMP experience?", "Yes", "Have you worked in a GMP environment?", YES_NO, "Yes"),
        ("Do you have GMP experience?", "Yes", "Have you worked in a GLP environment?", YES_NO, None),
        ("Heb je ervaring met Excel?", "Ja", "Heb je eerder met Excel gewerkt?", ("Ja", "Nee"), "Ja"),
        ("How many years have you worked with Spark?", "6", "Years of hands-on Spark", (), "6"),
        ("Were you ever employed by Kelp?", "No", "Have you previously been employed by Kelp?", YES_NO, "No"),
    ],
)  # fmt: skip
def test_asked_otherwise(
    key: str, value: str, question: str, offered: tuple[str, ...], expected: str | None
) -> None:
    found = Answers(Candidate({}, {key: value})).find(question, options(*offered))
    assert (found.text if found else None) == expected


@pytest.mark.parametrize(("pay", "expected"), [("58000 per year", "per year"), ("58000", None)])
def test_a_list_for_the_rate_of_pay_alone(pay: str, expected: str | None) -> None:
    rate = Control(Ref(0, 1), "select", label="Period", value="Hourly", options=options(*RATES))
    found = CandidateSource(Candidate({}, {"Desired salary": pay})).resolve(rate, "salary_expectation", 0)
    assert (found.text if isinstance(found, Answer) else None) == expected
