"""Whole applications on our own pages: complete and confirmed, or stopped for a named reason."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from tests.workers.sites import Site, required
from workers.context import ClaimLost
from workers.handlers import HANDLERS
from workers.handlers.apply import ApplyHandler
from workers.outcomes import Completed, Failed, NeedsHuman

pytestmark = pytest.mark.browser


@pytest.fixture
def wizard(site: Site) -> Site:
    """A three-page form behind a posting; the server checks every page."""
    site.answers |= {
        "/wizard/1": required(
            "wizard-1.html", "wizard-2.html", first_name=".+", last_name=".+", email=".+@.+"
        ),
        "/wizard/2": lambda post: "wizard-3.html",
        "/wizard/3": lambda post: "thanks.html",
    }
    return site


def test_three_pages_end_in_a_confirmation(wizard: Site, apply: Callable[..., Any]) -> None:
    outcome, run = apply("posting.html")

    assert isinstance(outcome, Completed), outcome
    assert outcome.result_data["confirmation_id"] == "TR-20417"
    assert outcome.result_data["pages"] == 3
    assert outcome.result_data["final_url"].endswith("/thanks.html")
    contact, experience, answers = (wizard.sent(f"/wizard/{n}")[-1] for n in (1, 2, 3))
    assert contact.fields == {
        "first_name": ["Rosalind"],
        "last_name": ["Okafor"],
        "email": ["rosalind.okafor@example.com"],
        "phone": ["+1 503 555 0142"],
        "town": ["Portland"],
        "st": ["Oregon"],
        "country": ["US"],
        "url2": [""],
    }
    assert experience.one("cv").startswith("okafor-resume.pdf")
    assert [experience.one(f"w{n}_{k}") for n in (1, 2) for k in ("company", "title", "from", "to")] == [
        "Millrace Labs", "Data engineer", "03/2019", "06/2024", "Tansy & Co", "Analyst", "09/2014", "02/2019",
    ]  # fmt: skip
    assert [experience.one(k) for k in ("school", "degree", "grad")] == [
        "Reed College",
        "Bachelor's Degree",
        "2014",
    ]
    assert answers.fields == {
        "auth": ["1"],
        "spons": ["n"],
        "hear": ["LinkedIn"],
        "start": ["2027-03-01"],
        "salary": ["95000"],
        "gender": ["I don't wish to answer"],
        "consent": ["on"],
    }
    assert run.arming == ["arm"]
    assert set(run.pictures) == {"before-submit", "confirmation"}
    assert len(wizard.posts) == 3


def test_report_masks_and_verifies_every_value(wizard: Site, apply: Callable[..., Any]) -> None:
    outcome, run = apply("posting.html")

    rows = outcome.result_data["fields"]
    assert all(row["verified"] for row in rows if row["source"])
    text = str(rows) + run.spoken
    for secret in ("Okafor", "rosalind", "555", "Millrace", "95000", "Juniper"):
        assert secret not in text


@pytest.fixture
def hasty(monkeypatch: pytest.MonkeyPatch) -> None:
    """Wait for a confirmation for a few seconds only."""
    monkeypatch.setitem(HANDLERS, "apply", ApplyHandler(patience_seconds=4))


def test_shadow_roots_frames_and_fields_that_appear_later(site: Site, apply: Callable[..., Any]) -> None:
    answers = {"Do you have a driver's license?": "Yes", "How many years have you been driving?": "12"}
    outcome, _ = apply("nested.html", answers=answers)

    assert isinstance(outcome, Completed), outcome
    assert site.sent("/nested")[0].fields == {
        "lic": ["y"],
        "driving": ["12"],
        "ref_name": [""],
        "ref_mail": [""],
        "first": ["Rosalind"],
        "last": ["Okafor"],
        "mail": ["rosalind.okafor@example.com"],
    }


def test_a_site_that_objects_is_satisfied_once(site: Site, apply: Callable[..., Any]) -> None:
    site.answers["/one"] = required("one-page.html", "thanks.html", terms="on")

    outcome, run = apply("one-page.html")

    assert isinstance(outcome, Completed), outcome
    assert [post.one("terms") for post in site.sent("/one")] == ["", "on"]
    assert run.arming == ["arm", "disarm", "arm"]


def test_a_site_that_objects_again_ends_the_try(site: Site, apply: Callable[..., Any]) -> None:
    site.answers["/one"] = required("one-page.html", "thanks.html", phone="never")

    outcome, run = apply("one-page.html")

    assert isinstance(outcome, Failed)
    assert outcome.code == "validation_error"
    assert outcome.details["fields"] == ["Phone"]
    assert run.arming == ["arm", "disarm", "arm", "disarm"]
    assert len(site.posts) == 2


def test_an_answer_given_before_that_the_site_does_not_take_is_asked_anew(
    site: Site, apply: Callable[..., Any]
) -> None:
    site.answers["/one"] = required("one-page.html", "thanks.html", phone="never")

    outcome, run = apply("one-page.html", person={"phone": ""}, remembered={"Phone": "12"})

    assert isinstance(outcome, NeedsHuman), outcome
    assert [row["question"] for row in outcome.details["questions"]] == ["Phone"]
    assert run.arming == ["arm", "disarm", "arm", "disarm"]


def test_required_question_without_an_answer_goes_to_a_person(site: Site, apply: Callable[..., Any]) -> None:
    outcome, run = apply("question.html")

    assert isinstance(outcome, NeedsHuman)
    assert outcome.interaction_type == "question"
    [question] = outcome.details["questions"]
    assert question["question"].startswith("How many years of experience do you have with COBOL")
    assert question["options"] == ["None", "1-3", "More than 3"]
    assert site.posts == []
    assert run.arming == []


def test_the_answer_of_a_person_lets_it_go_on(site: Site, apply: Callable[..., Any]) -> None:
    outcome, _ = apply(
        "question.html", answers={"How many years of experience do you have with COBOL? *": "2"}
    )

    assert isinstance(outcome, Completed)
    assert site.sent("/question")[0].one("cobol") == "1"


@pytest.mark.parametrize(
    ("page", "kind"), [("captcha.html", "captcha"), ("login.html", "login"), ("code.html", "2fa")]
)
def test_walls_are_for_people(site: Site, apply: Callable[..., Any], page: str, kind: str) -> None:
    outcome, _ = apply(page)

    assert isinstance(outcome, NeedsHuman)
    assert outcome.interaction_type == kind
    assert outcome.screenshot
    assert site.posts == []


@pytest.mark.usefixtures("hasty")
@pytest.mark.parametrize(
    ("page", "code"),
    [
        ("closed.html", "posting_closed"),
        ("applied.html", "already_applied"),
        ("empty.html", "element_not_found"),
    ],
)
def test_pages_without_a_form_fail_for_a_named_reason(
    apply: Callable[..., Any], page: str, code: str
) -> None:
    outcome, _ = apply(page)

    assert isinstance(outcome, Failed)
    assert outcome.code == code


@pytest.mark.usefixtures("hasty")
@pytest.mark.parametrize("following", ["empty.html", "one-page.html"])
def test_without_a_confirmation_it_claims_nothing(
    site: Site, apply: Callable[..., Any], following: str
) -> None:
    site.answers["/one"] = lambda post: following

    outcome, run = apply("one-page.html")

    assert isinstance(outcome, NeedsHuman), outcome
    assert outcome.interaction_type == "verify_submission"
    assert outcome.details["requests"] == [f"POST {site.base}/one"]
    assert run.arming == ["arm"]
    assert len(site.posts) == 1


@pytest.mark.usefixtures("hasty")
def test_a_silent_fetch_is_sent_once_and_not_claimed(site: Site, apply: Callable[..., Any]) -> None:
    outcome, _ = apply("fetch.html?still")

    assert isinstance(outcome, NeedsHuman)
    assert outcome.interaction_type == "verify_submission"
    assert len(site.sent("/fetch")) == 1


def test_a_slow_fetch_on_a_page_that_redraws_itself_is_sent_once(
    site: Site, apply: Callable[..., Any]
) -> None:
    outcome, _ = apply("fetch.html?slow")

    assert isinstance(outcome, Completed), outcome
    assert outcome.result_data["confirmation_id"] == "AB-7712"
    [post] = site.sent("/fetch")
    assert post.fields == {
        "first": ["Rosalind"],
        "last": ["Okafor"],
        "email": ["rosalind.okafor@example.com"],
    }


def test_fields_that_a_parser_overwrote_are_mended(site: Site, apply: Callable[..., Any]) -> None:
    outcome, _ = apply("wipes.html")

    assert isinstance(outcome, Completed)
    assert [site.sent("/wipes")[0].one(k) for k in ("first", "phone")] == ["Rosalind", "+1 503 555 0142"]


def test_a_modal_in_steps_behind_a_cookie_banner(site: Site, apply: Callable[..., Any]) -> None:
    outcome, run = apply("modal.html")

    assert isinstance(outcome, Completed), outcome
    assert site.sent("/modal")[0].fields == {
        "first": ["Rosalind"],
        "last": ["Okafor"],
        "email": ["rosalind.okafor@example.com"],
        "phone": ["+1 503 555 0142"],
    }
    assert run.arming == ["arm"]


def test_nothing_is_sent_for_a_job_that_was_lost(site: Site, apply: Callable[..., Any]) -> None:
    with pytest.raises(ClaimLost):
        apply("one-page.html", lost=True)

    assert site.posts == []


def test_a_resume_that_cannot_be_had_stops_before_the_form(site: Site, apply: Callable[..., Any]) -> None:
    outcome, _ = apply("posting.html", broken="the download is larger than 10 MB")

    assert isinstance(outcome, Failed)
    assert "larger than 10 MB" in outcome.message
    assert site.posts == []


def test_a_consent_that_unlocks_the_button_is_given(site: Site, apply: Callable[..., Any]) -> None:
    outcome, _ = apply("gate.html")

    assert isinstance(outcome, Completed), outcome
    assert site.sent("/gate")[0].one("news") == ""


def test_an_unsure_button_is_armed_and_disarmed_when_only_a_step_follows(
    site: Site, apply: Callable[..., Any]
) -> None:
    outcome, run = apply("steps.html")

    assert isinstance(outcome, Completed), outcome
    assert run.arming == ["arm", "disarm", "arm"]
    assert len(site.sent("/steps")) == 1
