"""What the company is hiring for."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

COMPANY = "Larkfield Instruments"


@dataclass(frozen=True)
class Posting:
    """One opening, or one that has closed."""

    slug: str
    title: str
    team: str
    place: str
    salary: tuple[int, int]
    summary: str
    duties: tuple[str, ...]
    wishes: tuple[str, ...]
    is_open: bool = True

    @property
    def pay(self) -> str:
        """Return the salary as people read it."""
        return "USD {:,} to {:,} a year".format(*self.salary)

    def json_ld(self, url: str) -> dict[str, Any]:
        """Return the posting in schema.org's words, as search engines read it."""
        return {
            "@context": "https://schema.org/",
            "@type": "JobPosting",
            "title": self.title,
            "description": " ".join((self.summary, *self.duties)),
            "identifier": {"@type": "PropertyValue", "name": COMPANY, "value": self.slug},
            "datePosted": "2026-03-02",
            "employmentType": "FULL_TIME",
            "hiringOrganization": {"@type": "Organization", "name": COMPANY},
            "jobLocation": {"@type": "Place", "address": self.place},
            "baseSalary": {
                "@type": "MonetaryAmount",
                "currency": "USD",
                "value": {
                    "@type": "QuantitativeValue",
                    "minValue": self.salary[0],
                    "maxValue": self.salary[1],
                    "unitText": "YEAR",
                },
            },
            "directApply": self.is_open,
            "url": url,
        }


POSTINGS = {
    posting.slug: posting
    for posting in (
        Posting(
            "firmware-engineer",
            "Firmware Engineer",
            "Devices",
            "Portland, Oregon, or remote",
            (118_000, 146_000),
            "Our soil probes spend ten years in a field on one battery. You write the code that lets them.",
            (
                "Own the firmware of the P4 probe, from the bootloader to the radio.",
                "Measure every microamp, and find where the rest went.",
                "Sit with growers twice a season and see what the data are for.",
            ),
            (
                "Three years or more of C or Rust on small microcontrollers.",
                "You have debugged hardware with a scope and enjoyed it.",
                "Clear writing: our design notes outlive us.",
            ),
        ),
        Posting(
            "data-analyst",
            "Field Data Analyst",
            "Agronomy",
            "Lyon, France",
            (62_000, 78_000),
            "Forty thousand probes report every hour. You turn that into advice for a grower at dawn.",
            (
                "Model moisture and frost for vineyards, orchards and grain.",
                "Tell a broken probe from a dry field, every time.",
            ),
            ("Python or R, and statistics you can explain.", "An interest in soil, or in learning about it."),
        ),
        Posting(
            "office-manager",
            "Office Manager",
            "People",
            "Bristol, United Kingdom",
            (41_000, 48_000),
            "The Bristol office moved to the river this spring. You made sure it has everything but damp.",
            ("Run the building, the budget and the Thursday lunch.",),
            ("You have done this before, and people were sorry when you left.",),
            is_open=False,
        ),
    )
}
