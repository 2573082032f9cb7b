"""Forms filled from labelled values: every widget family read back, and clear words for what does not fit."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from tests.workers.sites import Site
from workers.context import InvalidInput, JobSpec
from workers.handlers.fill_form import FillFormHandler
from workers.outcomes import Completed, Failed

Fill = Callable[..., Any]


@pytest.fixture
def fill(handle: Callable[..., Any]) -> Fill:
    def run(page: str, values: dict[str, Any], **more: Any) -> Any:
        return handle("fill_form", page, {"form_data": values, **more})

    return run


@pytest.mark.browser
def test_native_controls(site: Site, fill: Fill) -> None:
    site.answers["/native"] = lambda post: "sent.html"
    values = {
        "Your name": "Ada Vale",
        "mail": "ada@example.com",
        "Message": "Two lines\nof text",
        "Department": "Support",
        "Toppings": "Basil, Capers",
        "Size": "Large",
        "Days": "Monday|Wednesday",
        "It is a present": "yes",
        "Delivery day": "June 5, 2027",
        "Month of birth": "1990-04-02",
        "Guests": "12",
        "Spiciness": "7",
    }

    outcome, run = fill("native.html", values)

    assert isinstance(outcome, Completed), outcome
    assert outcome.result_data["confirmation_text"] == "Your message has been sent"
    assert site.sent("/native")[0].fields == {
        "who": ["Ada Vale"],
        "mail": ["ada@example.com"],
        "message": ["Two lines\r\nof text"],
        "dept": ["8"],
        "toppings": ["Basil", "Capers"],
        "size": ["l"],
        "days": ["mo", "we"],
        "gift": ["on"],
        "day": ["2027-06-05"],
        "month": ["1990-04"],
        "guests": ["12"],
        "spice": ["7"],
    }
    assert run.arming == ["arm"]


@pytest.mark.browser
def test_custom_widgets(site: Site, fill: Fill) -> None:
    site.answers["/widgets"] = lambda post: "sent.html"
    values = {
        "Office": "Lyon",
        "City": "Portland, Oregon",
        "Do you own a bicycle?": "No",
        "Shift": "Late",
        "First day": "2027-02-28",
        "Telephone": "+1 503 555 0142",
        "Tools": "Hammer, Saw",
        "Newsletter of the works council": "Yes",
    }

    outcome, _ = fill("widgets.html", values)

    assert isinstance(outcome, Completed), outcome
    assert json.loads(site.sent("/widgets")[0].one("state")) == {
        "office": "Lyon",
        "city": "Portland, Oregon",
        "bike": "No",
        "shift": "l",
        "start": "02/28/2027",
        "phone": "(503) 555-0142",
        "tools": ["Hammer", "Saw"],
        "sw": True,
    }


@pytest.mark.browser
def test_widgets_drawn_over_hidden_fields(site: Site, fill: Fill) -> None:
    site.answers["/drawn"] = lambda post: "sent.html"
    values = {
        "Branch": "Leeds",
        "Moving day": "2027-03-04",
        "Spoken Dutch": "4",
        "Weekdays": "Tuesday | Saturday",
        "Pets": "cat | newt",
        "Day of birth": "1990-02-03",
        "Telephone": "+4915112345678",
    }

    outcome, _ = fill("drawn.html", values)

    assert isinstance(outcome, Completed), outcome
    assert json.loads(site.sent("/drawn")[0].one("state")) == {
        "branch": "Leeds",
        "Day": 4,
        "Month": 3,
        "Year": 2027,
        "dutch": 4,
        "days": ["tue", "sat"],
        "pets": ["cat", "newt"],
        "born": "1990-2-3",
        "code": "+49",
        "ring": "15112345678",
    }


@pytest.mark.browser
def test_components_that_keep_their_fields_to_themselves(site: Site, fill: Fill) -> None:
    site.answers["/components"] = lambda post: "sent.html"
    values = {
        "Nickname": "Ada",
        "Supervisor": "Ines Koch",
        "Met on": "2027-02-03",
        "Halls": "Hall A | Hall C",
        "Allowance": "1500",
    }

    outcome, _ = fill("components.html", values)

    assert isinstance(outcome, Completed), outcome
    assert json.loads(site.sent("/components")[0].one("state")) == {
        "nick": "Ada",
        "late": "Ines Koch",
        "met": "2027-02-03",
        "halls": ["A", "C"],
        "pay": 1500,
    }


@pytest.mark.browser
def test_a_number_is_not_entered_in_another_country(site: Site, fill: Fill) -> None:
    site.answers["/abroad"] = lambda post: "sent.html"

    abroad, _ = fill("abroad.html", {"Telephone": "+4915112345678"})
    at_home, _ = fill("abroad.html", {"Telephone": "+12025550143"})

    assert isinstance(abroad, Failed)
    assert isinstance(at_home, Completed), at_home
    assert [post.one("ring") for post in site.sent("/abroad")] == ["2025550143"]


@pytest.mark.browser
def test_a_box_is_not_answered_with_words(site: Site, fill: Fill) -> None:
    outcome, _ = fill("drawn.html", {"Holder of keys": "Saturday"})

    assert isinstance(outcome, Failed)
    assert site.posts == []


@pytest.mark.browser
def test_labels_without_a_field_are_named_and_nothing_is_sent(site: Site, fill: Fill) -> None:
    outcome, _ = fill("native.html", {"Your name": "Ada Vale", "Shoe size": "38"})

    assert isinstance(outcome, Failed)
    assert outcome.code == "validation_error"
    assert outcome.details["unmatched"] == ["Shoe size"]
    assert "Department" in outcome.details["fields"]
    assert site.posts == []


@pytest.mark.browser
def test_a_value_that_is_no_option_is_not_replaced_by_another(site: Site, fill: Fill) -> None:
    outcome, _ = fill("native.html", {"Department": "Accounting"})

    assert isinstance(outcome, Failed)
    assert list(outcome.details["fields"]) == ["Department"]
    assert site.posts == []


@pytest.mark.browser
def test_submit_false_only_fills(site: Site, fill: Fill) -> None:
    outcome, run = fill("native.html", {"Your name": "Ada Vale"}, submit=False)

    assert isinstance(outcome, Completed)
    assert outcome.result_data["submitted"] is False
    assert (site.posts, run.arming) == ([], [])


@pytest.mark.parametrize(
    "given", [{}, {"form_data": {}}, {"form_data": {"a": ["b"]}}, {"form_data": {"a": "b"}, "submit": "no"}]
)
def test_input_that_cannot_be_worked_with_is_refused(given: dict[str, Any]) -> None:
    with pytest.raises(InvalidInput):
        FillFormHandler().validate(JobSpec("1", "fill_form", "https://example.com", "", given))


@pytest.mark.browser
def test_nothing_enters_another_field_when_a_choice_fetches_the_page_anew(site: Site, fill: Fill) -> None:
    site.answers["/postback"] = lambda post: "sent.html"
    values = {"Country": "Sweden", "First name": "Ada", "Last name": "Vale", "Message": "Hello"}

    outcome, _ = fill("postback.html", values)

    assert isinstance(outcome, Completed), outcome
    assert site.sent("/postback")[0].fields == {
        "country": ["se"],
        "tax": [""],
        "first": ["Ada"],
        "last": ["Vale"],
        "message": ["Hello"],
    }
