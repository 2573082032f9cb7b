from __future__ import annotations

from typing import Any

import pytest

from jobs.redaction import mask, mask_url


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        ("test@example.com", "t•••@example.com"),
        ("Testing", "T•••"),
        ("Bo", "•••"),
        (4, "•••"),
        (None, None),
        (True, True),
        ({"user_data": {"first_name": "Testing"}}, {"user_data": {"first_name": "T•••"}}),
        ({"password": "correct horse"}, {"password": "•••"}),
        ({"platform": "workday"}, {"platform": "workday"}),
        ({"skills": ["Python", "SQL"]}, {"skills": ["P•••", "•••"]}),
    ],
)
def test_mask_keeps_the_shape_and_hides_the_person(value: Any, shown: Any) -> None:
    assert mask(value) == shown


def test_masked_addresses_lose_what_may_hold_a_token() -> None:
    url = "https://user:secret@valet.example.com/hook?token=abc#x"
    assert mask_url(url) == "https://valet.example.com/hook"


@pytest.mark.parametrize(
    "key", ["password", "api_key", "access_token", "verification_code", "code", "credentials"]
)
def test_secrets_show_nothing_at_all(key: str) -> None:
    assert mask({key: "abcdefgh"}) == {key: "•••"}


@pytest.mark.parametrize("key", ["error_code", "total_tokens", "zip_code"])
def test_words_that_only_sound_secret_are_masked_like_others(key: str) -> None:
    assert mask({key: "abcdefgh"}) == {key: "a•••"}
