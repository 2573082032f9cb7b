"""What `apply` and `fill_form` jobs must be given."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from workers.context import InvalidInput


def check_applicant(input_data: Mapping[str, Any]) -> None:
    """Check that there is somebody to apply for. Raises InvalidInput."""
    person = _required(input_data, "user_data")
    for key in ("first_name", "last_name", "email"):
        if not str(person.get(key) or "").strip():
            raise InvalidInput(f"user_data.{key}", "is required to apply")


def check_form_data(input_data: Mapping[str, Any]) -> None:
    """Check that there are values to enter. Raises InvalidInput."""
    for label, value in _required(input_data, "form_data").items():
        if isinstance(value, dict | list):
            raise InvalidInput(f"form_data.{label}", "must be a single value")
    if not isinstance(input_data.get("submit", True), bool):
        raise InvalidInput("submit", "must be true or false")


def _required(input_data: Mapping[str, Any], key: str) -> dict[str, Any]:
    value = input_data.get(key)
    if not isinstance(value, dict) or not value:
        raise InvalidInput(key, "is required and must be an object")
    return value
