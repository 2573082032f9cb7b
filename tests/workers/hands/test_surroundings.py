"""What options, neighbours and the rest of the page say about a field."""

from __future__ import annotations

from typing import Any

import pytest

from workers.hands.context import guesses
from workers.hands.controls import Control, Option, PageView, Ref

COUNTRIES = [
    "Argentina",
    "Australia",
    "Austria",
    "Belgium",
    "Brazil",
    "Canada",
    "Chile",
    "China",
    "Colombia",
    "Denmark",
    "Finland",
    "France",
    "Germany",
]
STATES = [
    "Alabama",
    "Alaska",
    "Arizona",
    "Arkansas",
    "California",
    "Colorado",
    "Delaware",
    "Florida",
    "Georgia",
    "Hawaii",
    "Idaho",
    "Iowa",
    "Ohio",
]
REGIONS = [f"Region {n}" for n in range(200)]
CODES = [f"{name} (+{n})" for n, name in enumerate(COUNTRIES, 30)]


def options(texts: list[str]) -> tuple[Option, ...]:
    return tuple(Option(Ref(0, 1000 + n), text, str(n)) for n, text in enumerate(texts))


def read(*fields: dict[str, Any]) -> list[str]:
    controls = tuple(Control(Ref(0, n), **{"kind": "text", **given}) for n, given in enumerate(fields, 1))
    found = guesses(PageView("https://example.com", controls=controls))
    return [found[c.ref].label for c in controls]


@pytest.mark.parametrize(
    ("label", "offered", "expected"),
    [
        ("County", STATES, "state"),
        ("State", COUNTRIES, "country"),
        ("", COUNTRIES, "country"),
        ("Region", REGIONS, "country"),
        ("", CODES, "phone_country_code"),
        ("Country", CODES, "country"),
        ("Coupon", COUNTRIES, "none"),
        ("Citizenship", COUNTRIES, "citizenship"),
        ("County", ["Kent", "Essex", "Surrey"], "county"),
    ],
)
def test_a_list_of_places_says_what_it_asks_for(label: str, offered: list[str], expected: str) -> None:
    assert read({"kind": "select", "label": label, "options": options(offered)}) == [expected]


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ({"label": "Full name (first and last)"}, "full_name"),
        ({"label": "First and last name"}, "full_name"),
        ({"label": "Name (First)"}, "first_name"),
        ({"label": "Email subject", "name": "emailSubject"}, "none"),
        ({"label": "Subject"}, "none"),
        ({"label": "Subject", "sections": ("Education",)}, "field_of_study"),
        ({"label": "Billing ZIP code", "type": "tel"}, "zip"),
        ({"label": "Contract number", "type": "tel", "name": "contract"}, "none"),
        ({"type": "tel"}, "phone"),
        ({"label": "Ext", "name": "phoneExt", "type": "tel"}, "phone_extension"),
        ({"near": "Mobile number", "placeholder": "Country code"}, "phone_country_code"),
        ({"label": "Company type"}, "none"),
        ({"label": "Current company"}, "company"),
        ({"label": "Title", "name": "title"}, "none"),
        ({"label": "Title", "name": "title", "sections": ("Work experience",)}, "job_title"),
        ({"label": "Title", "kind": "select", "options": options(["Mr", "Ms"])}, "name_prefix"),
        ({"label": "Parent's email"}, "none"),
        ({"kind": "select", "options": options(["State", "Ohio", "Utah", "Iowa"])}, "state"),
        ({"label": "Email", "sections": ("Recruiter",)}, "none"),
        ({"label": "Country", "landmark": "search"}, "none"),
        ({"type": "email", "name": "jobalert_email"}, "none"),
        ({"type": "email", "label": "Email", "sections": ("Vacature-alert",)}, "none"),
        (
            {"kind": "checkbox", "label": "Follow Corvane to stay up to date with their page."},
            "marketing_optin",
        ),
        ({"kind": "checkbox", "label": "Conserver mon profil pour de futures offres"}, "marketing_optin"),
        ({"kind": "checkbox", "label": "Please keep my details on file"}, "marketing_optin"),
        ({"kind": "listbutton", "label": "State Ohio", "value": "Ohio", "name": "countryRegion"}, "state"),
        ({"kind": "combobox", "label": "Skill (type to search)", "placeholder": "Search"}, "skills"),
        ({"label": "From", "kind": "select"}, "none"),
        ({"label": "姓"}, "last_name"),
        ({"label": "Фамилия"}, "last_name"),
        ({"label": "Имя пользователя", "name": "name"}, "none"),
    ],
)
def test_one_field(given: dict[str, Any], expected: str) -> None:
    assert read(given) == [expected]


def test_the_holder_of_a_card_is_left_alone() -> None:
    card = ({"label": "Card number"}, {"label": "Name"}, {"label": "Expires", "autocomplete": "cc-exp"})
    assert read(*card) == ["none", "none", "none"]
    assert read({"label": "Security code"}, {"label": "Name"}, {"label": "Street"}) == [
        "none",
        "full_name",
        "address_line1",
    ]


def test_city_and_state_in_an_address_is_the_city() -> None:
    assert read({"label": "City, State"}) == ["location"]
    assert read({"label": "City, State"}, {"label": "ZIP"}) == ["city", "zip"]


def test_a_firms_details_are_given_only_in_applications() -> None:
    contact = ({"label": "Last name"}, {"label": "Company"}, {"label": "Job title"})
    assert read(*contact) == ["last_name", "none", "none"]
    assert read(*contact, {"kind": "file", "label": "Resume"})[:3] == ["last_name", "company", "job_title"]
    assert read(*(given | {"sections": ("Work history",)} for given in contact))[1:] == [
        "company",
        "job_title",
    ]
