"""Whole applications on our own pages: complete and confirmed, or stopped for a named reason."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from tests.workers.sites import Site, required
from workers.outcomes import Completed, Failed, NeedsHuman

pytestmark = pytest.mark.browser


@pytest.fixture
def wizard(site: Site) -> Site:
    """A three-page form behind a posting; the server checks every page."""
    site.answers |= {
        "/wizard/1": required("wizard-1.html", "wizard-2.html", first_name=".+", last_name=".+", email=".+@.+"),
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
    assert [experience.one(k) for k in ("school", "degree", "grad")] == ["Reed College", "Bachelor's Degree", "2014"]
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
