"""The transition table, every status against every action."""

from __future__ import annotations

import pytest

from jobs.states import ACTIVE, CANCELLABLE, RETRYABLE, TERMINAL, TRANSITIONS, Action, Status, allows

# Source: CONTRACT section 6.
CANCELLABLE_BY_CONTRACT = {"pending", "queued", "running", "paused"}
RETRYABLE_BY_CONTRACT = {"failed", "cancelled"}


def test_cancel_and_retry_follow_the_contract() -> None:
    words_of_valet = {"needs_human", "awaiting_review"}
    assert {str(status) for status in CANCELLABLE} - words_of_valet == CANCELLABLE_BY_CONTRACT
    assert {str(status) for status in RETRYABLE} == RETRYABLE_BY_CONTRACT


def test_every_status_is_active_or_terminal() -> None:
    assert set(Status) == ACTIVE | TERMINAL
    assert not ACTIVE & TERMINAL


@pytest.mark.parametrize("action", Action)
@pytest.mark.parametrize("status", Status)
def test_allows_answers_from_the_table(status: Status, action: Action) -> None:
    assert allows(action, status.value) == (status in TRANSITIONS[action].sources)


@pytest.mark.parametrize("action", Action)
def test_an_unknown_status_allows_nothing(action: Action) -> None:
    assert not allows(action, "resting")


def test_only_retry_leaves_a_terminal_status() -> None:
    leaving = {action for action, move in TRANSITIONS.items() if move.sources & TERMINAL}
    assert leaving == {Action.RETRY}
