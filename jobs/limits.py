"""The numbers that bound what users may ask for and spend. Source of all: CONTRACT section 12.

Where the original's specification and its newest code differ, these are the newest code's.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Rate:
    """How many jobs may be created within an hour and within a day; None is any number."""

    per_hour: int | None
    per_day: int | None


RATE_OF_TIER: Final[Mapping[str, Rate]] = {
    "free": Rate(3, 5),
    "starter": Rate(10, 25),
    "pro": Rate(15, 50),
    "premium": Rate(20, 100),
    "enterprise": Rate(None, None),
}

# Per user and platform, whatever the tier.
RATE_OF_PLATFORM: Final[Mapping[str, Rate]] = {
    "linkedin": Rate(5, 20),
    "workday": Rate(20, 100),
    "taleo": Rate(20, 100),
    "greenhouse": Rate(30, 150),
    "lever": Rate(30, 150),
    "icims": Rate(30, 150),
    "smartrecruiters": Rate(30, 150),
    "other": Rate(50, 250),
}

MONTHLY_BUDGET_USD: Final[Mapping[str, float]] = {
    "free": 0.50,
    "starter": 2.00,
    "pro": 10.00,
    "premium": 25.00,
    "enterprise": 100.00,
}

# What a job may cost; a user with less than that left for the month cannot start one.
TASK_BUDGET_USD: Final[Mapping[str, float]] = {"speed": 0.05, "balanced": 0.50, "quality": 1.00}

PRESET_OF_TIER: Final[Mapping[str, str]] = {
    "free": "speed",
    "starter": "balanced",
    "pro": "quality",
    "premium": "quality",
    "enterprise": "quality",
}
