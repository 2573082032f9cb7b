from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from jobs.admin.timeline import offset
from jobs.presentation import STATUS_LABELS, shown_data, shown_place, shown_text, shown_url, span
from jobs.states import Status


def test_every_status_has_words() -> None:
    assert set(STATUS_LABELS) == {status.value for status in Status}


@pytest.mark.parametrize(
    ("seconds", "words"),
    [(-5, "0s"), (0, "0s"), (119, "119s"), (120, "2m"), (7199, "119m"), (7200, "2h"), (172_800, "2d")],
)
def test_spans_use_their_largest_fitting_unit(seconds: int, words: str) -> None:
    assert span(timedelta(seconds=seconds)) == words


@pytest.mark.parametrize(
    ("seconds", "words"),
    [(-1, "+0.0s"), (4.24, "+4.2s"), (185, "+3m 05s"), (7800, "+2h 10m"), (3 * 86_400 + 4 * 3600, "+3d 4h")],
)
def test_offsets_count_from_the_creation(seconds: float, words: str) -> None:
    assert offset(timedelta(seconds=seconds)) == words


@pytest.mark.parametrize("control", ["\x00", "\x1b[31m"[:1], "\n", "\r", "\x9b", "\u202e", "\u2028"])
def test_texts_cannot_drive_a_terminal_or_forge_a_line(control: str) -> None:
    assert control not in shown_text(f"a{control}b")
    assert control not in shown_url(f"https://example.com/a{control}b")


def test_texts_hide_addresses_of_people() -> None:
    assert shown_text("to eve.doe@mail.example.com now") == "to e•••@mail.example.com now"
    assert shown_text(None) == ""


def test_places_are_host_and_path_only() -> None:
    assert shown_place("https://user:pw@jobs.example.com:8443/a/b?token=1#x") == "jobs.example.com:8443/a/b"


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (
            {"confirmation_id": "GH-1", "error_code": "timeout"},
            {"confirmation_id": "GH-1", "error_code": "timeout"},
        ),
        ({"access_token": "x", "total_tokens": 5}, {"access_token": "•••", "total_tokens": 5}),
        ({"email": "eve@example.com"}, {"email": "e•••@example.com"}),
        ({"profile": {"city": "Springfield"}}, {"profile": {"city": "S•••"}}),
        (
            {"rows": [{"first_name": "Evelina", "title": "Engineer"}]},
            {"rows": [{"first_name": "E•••", "title": "Engineer"}]},
        ),
        ({"code": 123456}, {"code": "•••"}),
        ({"code": None}, {"code": None}),
        ("mail eve@example.com", "mail e•••@example.com"),
        (7, 7),
    ],
)
def test_reported_data_keeps_facts_and_hides_people(value: Any, shown: Any) -> None:
    assert shown_data(value) == shown
