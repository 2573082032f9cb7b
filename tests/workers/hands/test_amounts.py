"""Amounts as people write them: whatever groups the thousands, no sum is taken for a thousandth of it."""

from __future__ import annotations

import pytest

from workers.hands.measures import amounts
from workers.hands.render import plain_number


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("65.000 EUR brutto", [65000]),
        ("48 000 €", [48000]),
        ("R$ 9.000,50", [9000.5]),
        ("$120k", [120000]),
        ("45-55 k€", [45000, 55000]),
        ("50.001 - 60.000 €", [50001, 60000]),
        ("120,000 to 140,000", [120000, 140000]),
        ("0-2 years", [0, 2]),
    ],
)
def test_amounts(text: str, found: list[float]) -> None:
    assert amounts(text) == found


@pytest.mark.parametrize(
    ("text", "number"),
    [("65.000 EUR brutto", "65000"), ("1,234.56", "1234.56"), ("3.875", "3.875"), ("80-90k", "")],
)
def test_what_a_number_field_is_given(text: str, number: str) -> None:
    assert plain_number(text) == number
