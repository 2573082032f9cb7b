"""The flows: application sites as they are built, each with what its server must receive."""

from __future__ import annotations

import re

from tests.workers.flows.play import RESUME, RESUME_NAME, Flow
from tests.workers.flows.site import Reply
from tests.workers.flows.turning import ASKING, TURNING
from tests.workers.sites import Post

FILE = f"{RESUME_NAME} ({len(RESUME)})"
LINKEDIN = "https://www.linkedin.com/in/celeste-moreau-example"
NAME = {"first": "Celeste", "last": "Moreau"}
MAIL = {"email": "celeste.moreau@example.com"}
SHORT = NAME | MAIL | {"phone": "+1 541 555 0117", "zip": "97401"}
ICIMS = {
    "PersonProfileFields.Resume": FILE,
    "PersonProfileFields.FirstName": "Celeste",
    "PersonProfileFields.LastName": "Moreau",
    "PersonProfileFields.Email": "celeste.moreau@example.com",
    "-1_PersonProfileFields.PhoneType": "",
    "-1_PersonProfileFields.PhoneNumber": "+1 541 555 0117",
    "-1_PersonProfileFields.AddressStreet1": "402 Alder Street",
    "-1_PersonProfileFields.AddressCity": "Eugene",
    "-1_PersonProfileFields.AddressState": "2",
    "-1_PersonProfileFields.AddressZip": "97401",
    "rcf3051": "Y",
    "website_hp": "",
}
GREENHOUSE: dict[str, str | list[str]] = {
    "first_name": "Celeste",
    "last_name": "Moreau",
    "preferred_name": "Celeste",
    "email": "celeste.moreau@example.com",
    "phone": "+1 541 555 0117",
    "country": "United States +1",
    "candidate-location": "Eugene, Oregon, United States",
    "question_4001": "Yes",
    "question_4002": "No",
    "question_4003": ["Docker", "Python"],
    "question_4004": LINKEDIN,
    "question_4005": "",
    "gender": "Decline To Self Identify",
    "veteran_status": "I don't wish to answer",
    "resume": FILE,
}
WORKDAY: dict[str, str | list[str]] = {
    "country--country": "United States of America",
    "source": "",
    "source--source": "LinkedIn",
    "previous": "false",
    "name--legalName--firstName": "Celeste",
    "name--legalName--lastName": "Moreau",
    "address--addressLine1": "402 Alder Street",
    "address--city": "Eugene",
    "address--countryRegion": "Oregon",
    "address--postalCode": "97401",
    "emailAddress--emailAddress": "celeste.moreau@example.com",
    "phoneNumber--phoneType": "Mobile",
    "phoneNumber--phoneNumber": "+1 541 555 0117",
    "work": [
        "Site engineer | Larkspur Water | Salem | 04 | 2019 | 08 | 2024 | Pumps and pipes.",
        "Trainee | Oakum Bridges | Bend | 09 | 2015 | 03 | 2019 | Surveys.",
    ],
    "study": ["Oregon State University | BS | Civil Engineering | 2011 | 2015"],
    "resume": RESUME_NAME,
    "primaryQuestionnaire--4f1a": "Yes",
    "primaryQuestionnaire--4f1b": "No",
    "personalInfoUS--gender": "I do not wish to answer",
    "terms": "True",
}
NEST: dict[str, str | list[str]] = {
    "firstName": "Celeste",
    "lastName": "Moreau",
    "email": "celeste.moreau@example.com",
    "phone": "+1 541 555 0117",
    "state": "OR",
    "source": ["LinkedIn"],
    "resume": RESUME_NAME,
    "regions": ["Coast", "Valley"],
}
REGIONS = {"Regions you would work in": "Coast, Valley"}
TOOLS = {"Which of these tools have you used?": "Docker, Python"}


def with_terms(post: Post, earlier: int) -> Reply:
    """Refuse an application whose terms were not accepted."""
    refused = {} if post.one("terms") else {"terms": "You must accept the terms."}
    return Reply(accepted=not refused, errors=refused)


def national_phone(post: Post, earlier: int) -> Reply:
    """Refuse a telephone number with anything but ten digits in it."""
    good = re.fullmatch(r"\d{10}", post.one("phone"))
    return Reply() if good else Reply(accepted=False, errors={"phone": "Enter a 10 digit phone number."})


def phone_like_this(post: Post, earlier: int) -> Reply:
    """Refuse a telephone number that is not written like the sample that is shown."""
    good = re.fullmatch(r"\(\d{3}\) \d{3}-\d{4}", post.one("phone"))
    return Reply() if good else Reply(accepted=False, errors={"phone": "Write it like (555) 555-0100."})


def one_there(post: Post, earlier: int) -> Reply:
    """Refuse an application because there is one already."""
    return Reply(accepted=False)


def curtly(post: Post, earlier: int) -> Reply:
    """Accept with few words, on a page whose address says the rest."""
    return Reply(goes_to="flows/thank-you.html")


def never(post: Post, earlier: int) -> Reply:
    """Refuse every postal code there is."""
    return Reply(accepted=False, errors={"zip": "Enter a valid postal code."})


def too_often(post: Post, earlier: int) -> Reply:
    """Take nothing for now."""
    return Reply(accepted=False, too_many=True)


def slowly(post: Post, earlier: int) -> Reply:
    """Answer late."""
    return Reply(delay_seconds=1.2)


def too_slowly(post: Post, earlier: int) -> Reply:
    """Take the application, and answer when nobody waits any longer."""
    return Reply(delay_seconds=4)


def breaking_off(post: Post, earlier: int) -> Reply:
    """Take the application, and close the connection in the middle of the answer."""
    return Reply(breaks_off=True)


PLATFORMS = [
    Flow("greenhouse", "flows/greenhouse.html", got=GREENHOUSE, answers=TOOLS),
    Flow("greenhouse-code", "flows/greenhouse.html?code", ends="2fa", got=GREENHOUSE, answers=TOOLS),
    Flow(
        "ashby",
        "flows/ashby.html",
        got={
            "name": "Celeste Moreau",
            "email": "celeste.moreau@example.com",
            "phone": "+1 541 555 0117",
            "location": "Eugene, Oregon, United States",
            "authorized": "True",
            "sponsorship": "False",
            "source": ["LinkedIn"],
            "resume": RESUME_NAME,
        },
    ),
    Flow(
        "smartrecruiters",
        "flows/smartrecruiters.html",
        got={
            "firstName": "Celeste",
            "lastName": "Moreau",
            "email": "celeste.moreau@example.com",
            "confirm": "celeste.moreau@example.com",
            "city": "Eugene, OR, United States",
            "phone": "5415550117",
            "resume": RESUME_NAME,
            "consent": "True",
            "notice": "",
        },
    ),
    Flow("nested-frames", "flows/nest.html", got=NEST, answers=REGIONS),
    Flow("drop-zone", "flows/nest.html?drop", got=NEST, answers=REGIONS),
    Flow("icims-frame", "flows/icims.html", got=ICIMS),
    Flow("other-origin-frame", "flows/other-origin.html", got=ICIMS),
    Flow("board-in-other-origin-frame", "flows/embedded.html", got=ICIMS),
    Flow(
        "lever",
        "flows/lever.html",
        got={
            "resume": FILE,
            "name": "Celeste Moreau",
            "email": "celeste.moreau@example.com",
            "phone": "+1 541 555 0117",
            "location": "Eugene, OR, USA",
            "selectedLocation": '{"name":"Eugene, OR, USA"}',
            "org": "Larkspur Water",
            "urls[LinkedIn]": LINKEDIN,
            "cards[7c][field0]": "Yes",
            "cards[7c][field1]": "No",
            "comments": "",
            "h-captcha-response": "",
        },
    ),
    Flow(
        "oracle",
        "flows/oracle.html",
        got={
            "lastName": "Moreau",
            "firstName": "Celeste",
            "email": "celeste.moreau@example.com",
            "zip": "97401",
            "country": "United States",
            "region2": "Oregon",
            "city": "Eugene",
            "contentItemId": "Bachelor's Degree",
            "educationalEstablishment": "Oregon State University",
        },
    ),
    Flow(
        "linkedin",
        "flows/linkedin.html",
        got={
            "email": "celeste.moreau@example.com",
            "code": "United States (+1)",
            "phone": "+1 541 555 0117",
            "resume": RESUME_NAME,
            "auth": "Yes",
            "years": "6",
            "follow": "True",
        },
        answers={"How many years of work experience do you have with Python?": "6"},
        number=None,
    ),
]
WIZARDS = [
    Flow(
        "workday",
        "flows/workday.html",
        got=WORKDAY,
        answers={"Have you previously worked for Tidewell?": "No"},
    ),
    Flow("workday-account", "flows/workday.html?gate", ends="login"),
]
PAGES = [
    Flow("new-tab", "flows/tab.html", got=SHORT),
    Flow("draft-and-redraw", "flows/rerender.html", got=SHORT),
    Flow(
        "tabs-and-conditions",
        "flows/parts.html",
        got=NAME
        | MAIL
        | {
            "city": "Eugene",
            "zip": "97401",
            "visa": "n",
            "source": "LinkedIn",
            "li": LINKEDIN,
            "look": "Yes",
        },
        answers={"May we look at your public profile?": "Yes"},
    ),
    Flow(
        "doors-and-preview",
        "flows/doors.html",
        got=NAME | MAIL | {"phone": "+1 541 555 0117", "city": "Eugene"},
    ),
    Flow("accordion", "flows/accordion.html", got=NAME | MAIL | {"cv": FILE}),
    Flow(
        "forms-beside",
        "flows/beside.html",
        got=SHORT | {"phone": "5415550117"},
        reply=national_phone,
        refused=1,
    ),
    Flow("unmarked-demand", "flows/plain.html?unmarked", got=SHORT | {"terms": "on"}),
    Flow("consent-unlocks", "flows/plain.html?locked", got=SHORT | {"terms": "on"}),
    Flow("button-redrawn", "flows/plain.html?redrawn", got=SHORT),
    Flow("covered-button", "flows/plain.html?covered", got=SHORT),
    Flow("pop-up-and-chat", "flows/plain.html?chat", got=SHORT),
    Flow("terms-read-to-the-end", "flows/plain.html?reading", got=SHORT),
    Flow("one-page-more", "flows/plain.html?unfinished", got=SHORT | {"sign": "Celeste Moreau"}),
    Flow("repaired-terms", "flows/plain.html", got=SHORT | {"terms": "on"}, reply=with_terms, refused=1),
    Flow(
        "repaired-phone",
        "flows/plain.html",
        got=SHORT | {"phone": "(541) 555-0117"},
        reply=phone_like_this,
        refused=1,
    ),
    Flow(
        "never-accepted",
        "flows/plain.html",
        ends="validation_error",
        reply=never,
        refused=2,
        names=("Postal code", "Enter a valid postal code"),
    ),
    Flow(
        "never-accepted-in-place",
        "flows/plain.html?picky",
        ends="validation_error",
        reply=never,
        refused=2,
        patience_seconds=2,
        names=("Postal code", "Enter a valid postal code"),
    ),
]
SENDING = [
    Flow("slow-answer", "flows/plain.html", got=SHORT, reply=slowly),
    Flow("eager-clicks", "flows/plain.html?eager", got=SHORT, reply=slowly),
    Flow("chatty-alert", "flows/plain.html?chatty", got=SHORT, reply=slowly),
    Flow("noisy-neighbour", "flows/plain.html?noisy", got=SHORT, reply=slowly),
    Flow("browser-dialog", "flows/plain.html?dialog", got=SHORT),
    Flow("asks-once-more", "flows/plain.html?confirm", got=SHORT),
    Flow("asks-on-the-page", "flows/plain.html?asks", got=SHORT),
    Flow("too-quick", "flows/plain.html?hasty", got=SHORT, patience_seconds=2),
    Flow("button-says-applied", "flows/plain.html?badge", got=SHORT, number=None),
    Flow("window-that-closes", "flows/popup.html", got=SHORT),
    Flow(
        "too-many-requests",
        "flows/plain.html",
        ends="rate_limited",
        reply=too_often,
        refused=1,
        patience_seconds=2,
    ),
    Flow("toast", "flows/plain.html?toast", got=SHORT, number=None),
    Flow("dialog-over-form", "flows/plain.html?notice", got=SHORT),
    Flow("few-words", "flows/plain.html", got=SHORT, reply=curtly, number=None),
    Flow("before-unload", "flows/plain.html?leaving", got=SHORT),
    Flow("overlay", "flows/plain.html?overlay", got=SHORT, reply=slowly),
    Flow(
        "no-answer-in-time",
        "flows/plain.html",
        ends="verify_submission",
        got=SHORT,
        reply=too_slowly,
        patience_seconds=2,
    ),
    Flow(
        "breaks-off",
        "flows/plain.html",
        ends="verify_submission",
        got=SHORT,
        reply=breaking_off,
        patience_seconds=2,
    ),
    *(
        Flow(
            name,
            f"flows/plain.html?{way}",
            ends="verify_submission",
            got=SHORT,
            patience_seconds=2,
            names=("POST",),
        )
        for name, way in [
            ("form-vanishes", "vanish"),
            ("silence", "silent"),
            ("error-after-taking", "failing"),
            ("fresh-form", "fresh"),
        ]
    ),
]
STOPS = [
    Flow("closed", "flows/closed.html", ends="posting_closed"),
    Flow("already-applied", "flows/applied.html", ends="already_applied"),
    Flow("one-is-there", "flows/plain.html?known", ends="already_applied", reply=one_there, refused=1),
    Flow(
        "apply-elsewhere", "flows/elsewhere.html", ends="apply_elsewhere", names=("careers.pellworm.example",)
    ),
    Flow(
        "apply-elsewhere-button", "flows/elsewhere-button.html", ends="apply_elsewhere", names=("localhost",)
    ),
    Flow("apply-by-mail", "flows/mail.html", ends="apply_elsewhere", names=("jobs@pellworm.example",)),
    Flow("login-wall", "flows/login.html", ends="login"),
    Flow("captcha-at-the-end", "flows/captcha.html", ends="captcha"),
]
FLOWS = [*PLATFORMS, *WIZARDS, *PAGES, *TURNING, *SENDING, *ASKING, *STOPS]
