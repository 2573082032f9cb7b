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
        ("Have you been on our payroll before?", "No", "Have you worked for Kelp & Sons before?", YES_NO, "No"),
        ("Is evening work fine with you?", "No", "Are you willing to work evening shifts?", YES_NO, "No"),
        ("Do you hold a GISP certification?", "No", "Are you a certified GIS Professional (GISP)?", YES_NO, "No"),
        ("Do you hold a PMP certification?", "Yes", "Are you a certified Scrum Master (CSM)?", YES_NO, None),
        ("How long have you worked with GIS tools?", "9 years", "Years of GIS software experience", (), "9 years"),
        ("Who told you of this job?", "LinkedIn", "How did you hear about us?", ("LinkedIn", "Fair"), "LinkedIn"),
        ("N\u00famero de contribuinte", "238475611", "NIF", (), "238475611"),
        ("Which of our sites could you get to?", "Salem and Bend", "From which offices can you work?",
         ("Salem, OR", "Bend, OR", "Eugene, OR"), "Salem, OR | Bend, OR"),
    ],
)  # fmt: skip
def test_asked_otherwise(
    key: str, value: str, question: str, offered: tuple[str, ...], expected: str | None
) -> None:
    found = Answers(Candidate({}, {key: value})).find(question, options(*offered))
    assert (found.text if found else None) == expected


@pytest.mark.parametrize(
    ("pay", "rate", "currency", "amount"),
    [
        ("58000 per year", "Yearly", "USD ($)", "58000"),
        ("EUR 58.000 brutto/Jahr", "Yearly", "EUR (\u20ac)", "58.000"),
        ("31.50 USD per hour", "Hourly", "USD ($)", "31.50"),
        ("58k", "Yearly", "USD ($)", "58000"),
        # Who lives where dollars are paid means dollars; by which time so little is paid, nothing tells.
        ("4000", None, "USD ($)", "4000"),
        ("between 50000 and 60000 EUR", "Yearly", "EUR (\u20ac)", None),
    ],
)
def test_pay_asked_for_in_parts(pay: str, rate: str | None, currency: str, amount: str | None) -> None:
    source = CandidateSource(Candidate({"country": "United States"}, {"Desired salary": pay}))

    def part(kind: str, label: str, *offered: str) -> str | None:
        asked = Control(Ref(0, 1), kind, label=label, sections=("Pay",), options=options(*offered))
        found = source.resolve(asked, "salary_expectation", 0)
        return found.text if isinstance(found, Answer) else None

    assert part("select", "Period", *RATES) == rate
    assert part("select", "Currency", "USD ($)", "EUR (\u20ac)") == currency
    assert (part("text", "Amount") or "") == (amount or pay)


def test_lengths_of_time_are_no_rates_of_pay() -> None:
    length = Control(Ref(0, 1), "select", label="Unit", options=options("Days", "Weeks", "Months"))
    found = CandidateSource(Candidate({}, {"Desired salary": "900 per week"})).resolve(length, "none", 0)
    assert not isinstance(found, Answer)


def test_words_that_the_question_says_already_need_not_be_in_the_option() -> None:
    stated = Candidate({}, {"Which shift would you like to start with?": "Late shift"})
    offered = options("Early (06:00 - 14:00)", "Late (14:00 - 22:00)", "Night (22:00 - 06:00)")
    found = Answers(stated).find("Which shift would you prefer to begin on?", offered)
    assert found and found.text == "Late (14:00 - 22:00)"
