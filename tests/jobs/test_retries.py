from __future__ import annotations

import re

import pytest
from django.conf import settings

from jobs.retries import FINAL_CODES, RETRYABLE_CODES, backoff, should_retry


@pytest.mark.parametrize(
    ("retry_count", "seconds"), [(0, 5), (1, 10), (2, 20), (3, 40), (4, 60), (9, 60), (10_000, 60), (-1, 5)]
)
def test_backoff_doubles_up_to_a_minute(retry_count: int, seconds: int) -> None:
    assert backoff(retry_count).total_seconds() == seconds


@pytest.mark.parametrize("code", sorted(RETRYABLE_CODES))
def test_retryable_codes_stop_at_the_limit(code: str) -> None:
    assert should_retry(code, retry_count=2, max_retries=3)
    assert not should_retry(code, retry_count=3, max_retries=3)


@pytest.mark.parametrize("code", [*sorted(FINAL_CODES), "no_such_code"])
def test_other_codes_are_final(code: str) -> None:
    assert not should_retry(code, retry_count=0, max_retries=10)


def test_the_readme_says_what_each_code_means_and_which_are_tried_again() -> None:
    section = (settings.BASE_DIR / "README.md").read_text().partition("### Failures")[2].partition("###")[0]
    rows = [set(re.findall(r"`(\w+)`", row.split("|")[1])) for row in section.splitlines() if "| `" in row]

    assert rows[0] | rows[1] == RETRYABLE_CODES
    assert set().union(*rows[2:]) == FINAL_CODES
