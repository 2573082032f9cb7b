"""What jobs of each type must be given: told to whoever posts one, and checked again before a browser is opened.

Nothing here needs a browser: the web server, which has none, checks with it as well.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from workers.context import InvalidInput
from workers.inputs.forms import check_applicant, check_form_data
from workers.inputs.picks import parse_fields
from workers.inputs.schemas import schema_validator
from workers.inputs.steps import parse_steps


def check_scrape(input_data: Mapping[str, Any]) -> None:
    """Check what is to be read. Raises InvalidInput naming the part that cannot be worked with."""
    parse_fields(input_data)
    schema_validator(input_data)


CHECKS: dict[str, Callable[[Mapping[str, Any]], object]] = {
    "apply": check_applicant,
    "scrape": check_scrape,
    "fill_form": check_form_data,
    "custom": parse_steps,
}


def fault_of(job_type: str, input_data: Mapping[str, Any]) -> tuple[str, str] | None:
    """Give the part of a job's input that it can never work with, and why; None when there is none.

    A type that is not ours is some other worker's, which knows what it needs.
    """
    check = CHECKS.get(job_type)
    try:
        if check:
            check(input_data)
    except InvalidInput as wrong:
        return wrong.field_name, wrong.message
    return None
