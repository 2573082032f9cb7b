"""Flows whose pages turn by themselves, lie behind others, take things one by one, or say little of what they want."""

from __future__ import annotations

from tests.workers.flows.play import RESUME_NAME, Flow

LINKEDIN = "https://www.linkedin.com/in/celeste-moreau-example"
MAIL = {"email": "celeste.moreau@example.com"}
CARDS: dict[str, str | list[str]] = {
    "first": "Celeste",
    "last": "Moreau",
    **MAIL,
    "work": ["Site engineer | Larkspur Water | 2019 | 2024", "Trainee | Oakum Bridges | 2015 | 2019"],
    "study": ["Oregon State University | Bachelor of Science | 2015"],
    "privacy": "no",
}
TURNING = [
    Flow(
        "one-question-a-page",
        "flows/conversation.html",
        got={
            "name": "Celeste Moreau",
            **MAIL,
            "authorized": "Yes",
            "sponsor": "No",
            "source": "LinkedIn",
            "linkedin": LINKEDIN,
        },
    ),
    Flow(
        "portal-as-guest",
        "flows/portal.html",
        got={
            **MAIL,
            "agree": "True",
            "resume": [RESUME_NAME],
            "signature": "Celeste Moreau",
            "date": "today",
        },
    ),
    Flow("dialogs-under-banner", "flows/cards.html", got=CARDS),
    Flow("dialogs-in-frame-under-banner", "flows/cards.html?frame", got=CARDS),
    Flow("banner-over-dialog", "flows/cards.html?amid", got=CARDS),
    Flow("banner-over-dialog-in-frame", "flows/cards.html?frame-amid", got=CARDS),
    Flow(
        "frame-still-loading",
        "flows/loading.html",
        got={"first": "Celeste", "last": "Moreau", **MAIL, "phone": "+1 541 555 0117"},
    ),
    Flow("drawer-still-loading", "flows/drawer.html", got={"first": "Celeste", "last": "Moreau", **MAIL}),
    Flow(
        "folded-behind-consent",
        "flows/folded.html",
        got={
            "first": "Celeste",
            "last": "Moreau",
            **MAIL,
            "phone": "5415550117",
            "town": "Eugene, OR, USA",
            "street": "402 Alder Street",
            "city": "Eugene",
            "study": ["Oregon State University | Bachelor of Science"],
            "authorized": "Yes",
        },
    ),
    Flow(
        "folded-lists",
        "flows/lists.html",
        got={
            "name": "Celeste Moreau",
            **MAIL,
            "state": "Oregon",
            "source": "LinkedIn",
            "resume": RESUME_NAME,
            "sort": "Resume",
        },
    ),
]
ASKING = [
    Flow(
        "choice-without-button",
        "flows/conversation.html?boats",
        ends="question",
        patience_seconds=2,
        names=("Which of our boats would you take out first?",),
    ),
    Flow(
        "unnamed-complaint",
        "flows/unnamed.html",
        ends="question",
        patience_seconds=2,
        names=("How should we contact you?",),
    ),
    Flow("button-does-nothing", "flows/deaf.html", ends="element_not_found", patience_seconds=2),
]
