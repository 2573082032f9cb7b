"""Which way round a question asks, and what its options, times and sums say."""

from __future__ import annotations

import pytest

from tests.workers.hands.asking import YES_NO, ask

TERMS = {
    "Would you relocate?": "Yes",
    "May we check your background?": "Yes",
    "Would you take a drug test?": "Yes",
    "Do you agree to a background check?": "Yes",
    "Bound by a non-compete agreement?": "No",
    "Do you hold a driver's license?": "Yes",
    "Notice period": "2 weeks",
    "Expected salary (USD a year)": "95000",
    "Is remote, hybrid or on-site work fine?": "Yes",
    "Do you have the right to work in the United States?": "Yes",
    "Do you need a visa sponsor?": "No",
    "Highest level of education": "Bachelor's degree",
    "Citizenship": "U.S. citizen",
    "Are you of legal age (18+)?": "Yes",
    "I agree to the terms": "Yes",
    "How would you like to be contacted?": "Email",
    "Can you work rotating shifts?": "Yes",
}
DECLINES = "I don't wish to answer"
MOVES = ("I already live in Tulsa", "I am not willing to relocate", "I would be willing to relocate to Tulsa")
NEEDS = (
    "I am authorized to work and will never need a sponsor",
    "I am authorized to work now but will need a sponsor later",
    "I am not authorized to work and need a sponsor now",
)


@pytest.mark.parametrize(
    ("question", "options", "expected"),
    [
        # Turned round by one word, or by the “not” of a sentence that is one's own.
        ("Are you opposed to relocation?", YES_NO, "No"),
        ("Do you have any objection to a background check?", ("Yes, I object", "No, none"), "No, none"),
        ("Would you decline to take a drug test?", YES_NO, "No"),
        ("I am not subject to any non-compete agreement", ("True", "False"), "True"),
        ("Please confirm: I do not have the right to work in the United States", ("True", "False"), "False"),
        ("I confirm that I will not need visa sponsorship", ("Agree", "Disagree"), "Agree"),
        ("Are you not unwilling to relocate?", YES_NO, None),
        ("Do you have any restrictions on relocation?", YES_NO, None),
        # Only the sentence that asks is read for that.
        ("This is no remote job. Are you able to work on-site?", YES_NO, "Yes"),
        ("We cannot sponsor visas. Can you work for us without sponsorship?", YES_NO, "Yes"),
        # Options that are each other's opposite.
        ("Relocation", ("Open to moving", "Not open to moving"), "Open to moving"),
        ("Are you unwilling to relocate?", ("Open to moving", "Not open to moving"), "Open to moving"),
        ("Are you ready to relocate?", ("Unwilling", "Willing"), "Willing"),
        ("Are you ready to relocate?", ("\u2014", "*"), None),
        ("Driver's license", ("I have a license", "I do not have a license"), "I have a license"),
        # What options say in a sentence.
        ("Your right to work in the U.S.", NEEDS, NEEDS[0]),
        ("U.S. work eligibility", ("Authorized", "Not authorized", "Pending"), "Authorized"),
        ("The job is in Tulsa, OK. Which applies?", ("I live there", "I would relocate at my own expense"), None),
        (
            "The job is in Tulsa, OK. Which applies?",
            ("I live there", "I live elsewhere but would relocate", "I live elsewhere and would not relocate"),
            "I live elsewhere but would relocate",
        ),
        ("Preferred work model", ("Remote", "On-site", "Remote, hybrid and on-site"), "Remote, hybrid and on-site"),
        ("Preferred work model", ("Remote only", "On-site only", "No preference"), None),
        ("Would you only accept a remote job?", YES_NO, None),
        ("If under 18, can you provide a work permit?", ("Yes", "No", "I am 18 or older"), "I am 18 or older"),
        # Times, pay and degrees that are compared.
        ("Could you start within 30 days of an offer?", YES_NO, "Yes"),
        ("Could you start within 3 days of an offer?", YES_NO, None),
        ("Would you need longer than 2 months before you could start?", YES_NO, "No"),
        ("How many weeks until you could start?", ("0", "1", "2", "4"), "2"),
        ("The salary range is $90K - $110K. Is that what you expect?", YES_NO, "Yes"),
        ("The salary range is $70K - $80K. Is that what you expect?", YES_NO, None),
        ("Do you have a degree above a bachelor's?", YES_NO, "No"),
        ("Is your bachelor's degree in mathematics?", YES_NO, None),
        ("Do you currently live outside of the United States?", YES_NO, "No"),
        ("Do you accept our terms and conditions?", YES_NO, "Yes"),
        # Near to what was stated, and something else.
        ("Are you available for an in-person interview?", YES_NO, None),
        ("Would you pass a drug test today?", YES_NO, None),
        ("Are you bound by a confidentiality agreement or non-compete?", YES_NO, None),
        ("Do you hold a driver's license issued in Texas?", YES_NO, None),
    ],
)  # fmt: skip
def test_which_way_round_a_question_asks(
    question: str, options: tuple[str, ...], expected: str | None
) -> None:
    assert ask(question, *options, stated=TERMS) == expected


def test_who_needs_a_sponsor_may_not_work_for_any_employer() -> None:
    told = TERMS | {"Do you need a visa sponsor?": "Yes"}
    options = ("Authorized for any employer", "Not authorized")

    assert ask("U.S. work eligibility", *options, "Pending", stated=told) is None
    assert ask("U.S. work eligibility", "Authorized", *options[1:], "Pending", stated=told) == "Authorized"


@pytest.mark.parametrize(
    ("question", "options", "expected"),
    [
        # Under what kind of permit somebody works is not whether they may.
        ("Do you currently hold an H-1B, TN or any other temporary work visa?", YES_NO, "No"),
        ("Are you authorized to work in the US on an H-1B visa?", YES_NO, "No"),
        ("Is your current work authorization temporary?", YES_NO, "No"),
        ("Do you have a valid work visa?", YES_NO, None),
        ("Do you have current and valid U.S. work authorization (citizen, visa)?", YES_NO, "Yes"),
        # The same matter in other words.
        ("How should we contact you about your application?", ("Phone", "E-mail"), "E-mail"),
        ("How should we contact your references?", ("Phone", "E-mail"), None),
        ("This job works a rotating shift. Is that acceptable to you?", YES_NO, "Yes"),
        ("Have you worked rotating shifts before?", YES_NO, None),
        # What is to be told beside the answer, and what may be left unsaid whatever stands above it.
        ("Are you bound by any agreement that would restrict your work for us? If so, explain.", YES_NO, "No"),
        ("If you are a protected veteran, please indicate it.", ("I am", "I am not", DECLINES), DECLINES),
        ("How do you know if you have a disability? Check a box.", (*YES_NO, DECLINES), DECLINES),
        ("This job is in our Tulsa office. Select the statement that applies.", MOVES, MOVES[2]),
    ],
)  # fmt: skip
def test_what_stands_around_a_question_does_not_decide_it(
    question: str, options: tuple[str, ...], expected: str | None
) -> None:
    assert ask(question, *options, stated=TERMS) == expected
