"""The grammar of `custom` jobs: what a step may say, checked before a browser is opened.

Every step is an object with an `action`; each action takes these keys (those in brackets may be left out):

    goto        url
    click       selector [submits]              submits: true marks the click that sends something off
    fill        selector value                  value: text, or a number
    select      selector value                  value: an option's value or label, or a list of them
    upload      selector                        puts the job's resume into a file input
    wait_for    selector [state] | text | url   state: visible (default), hidden, attached, detached;
                                                url: a text that the address must contain
    extract     name selector [attr] [all]      the text, or an attribute, of the first or of all elements
    screenshot  [name]

and every one of them takes `timeout_seconds` (0.1 to 120, default 10; 30 for goto and wait_for). A selector is a
CSS selector, or another one that Playwright knows (`text=Apply`, `role=button[name="Apply"]`); when it fits
several elements, exactly one of them must be visible. Steps go on in the tab that was opened last. Questions that
a page asks in a dialog of its own (`confirm`) are answered with no.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from workers.context import InvalidInput
from workers.inputs.picks import SELECTOR_LENGTH

MAX_STEPS = 100
SLOW = {"goto": 30.0, "wait_for": 30.0}
NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,59}")
STATES = ("visible", "hidden", "attached", "detached")

# A check returns what the value must be, or None when it is.
Check = Callable[[Any], str | None]


@dataclass(frozen=True, slots=True)
class Step:
    """One checked step; `number` counts from 1."""

    number: int
    action: str
    options: Mapping[str, Any]

    @property
    def timeout_seconds(self) -> float:
        """How long the step may take."""
        return float(self.options.get("timeout_seconds", SLOW.get(self.action, 10.0)))

    def text(self, key: str) -> str:
        """Return an option that is a text, or an empty one."""
        return str(self.options.get(key, ""))


def _text(length: int) -> Check:
    def check(value: Any) -> str | None:
        if isinstance(value, str) and value.strip() and len(value) <= length:
            return None
        return f"must be a text of 1 to {length} characters"

    return check


def _web_address(value: Any) -> str | None:
    try:
        parts = urlsplit(value) if isinstance(value, str) and len(value) <= 2048 else None
    except ValueError:
        parts = None
    if parts and parts.scheme in {"http", "https"} and parts.hostname:
        return None
    return "must be an http or https address of at most 2048 characters"


def _is_scalar(value: Any) -> bool:
    return isinstance(value, (str, int, float)) and not isinstance(value, bool)


def _typed(value: Any) -> str | None:
    return None if _is_scalar(value) and len(str(value)) <= 20_000 else "must be a text or a number"


def _choice(value: Any) -> str | None:
    many = value if isinstance(value, list) else [value]
    if 0 < len(many) <= 100 and all(_is_scalar(item) for item in many):
        return None
    return "must be a text or a number, or a list of them"


def _boolean(value: Any) -> str | None:
    return None if isinstance(value, bool) else "must be true or false"


def _seconds(value: Any) -> str | None:
    is_number = isinstance(value, (int, float)) and not isinstance(value, bool)
    return None if is_number and 0.1 <= value <= 120 else "must be a number of seconds from 0.1 to 120"


def _name(value: Any) -> str | None:
    if isinstance(value, str) and NAME.fullmatch(value):
        return None
    return "must be 1 to 60 letters, digits, hyphens and underscores"


def _state(value: Any) -> str | None:
    return None if value in STATES else f"must be one of {', '.join(STATES)}"


SELECTOR = _text(SELECTOR_LENGTH)
REQUIRED: dict[str, dict[str, Check]] = {
    "goto": {"url": _web_address},
    "click": {"selector": SELECTOR},
    "fill": {"selector": SELECTOR, "value": _typed},
    "select": {"selector": SELECTOR, "value": _choice},
    "upload": {"selector": SELECTOR},
    "wait_for": {},
    "extract": {"name": _name, "selector": SELECTOR},
    "screenshot": {},
}
OPTIONAL: dict[str, dict[str, Check]] = {
    "click": {"submits": _boolean},
    "wait_for": {"selector": SELECTOR, "text": _text(1000), "url": _text(2048), "state": _state},
    "extract": {"attr": _text(100), "all": _boolean},
    "screenshot": {"name": _name},
}


def parse_steps(input_data: Mapping[str, Any]) -> list[Step]:
    """Return the steps of a job. Raises InvalidInput naming the step and key, as in `steps.0.selector`."""
    raw = input_data.get("steps")
    if raw is None:
        raise InvalidInput(
            "steps",
            "a custom job needs a list of steps; no model engine is installed to follow a description",
        )
    if not isinstance(raw, list) or not 0 < len(raw) <= MAX_STEPS:
        raise InvalidInput("steps", f"must be a list of 1 to {MAX_STEPS} steps")
    steps = [_parse_step(place, entry) for place, entry in enumerate(raw)]
    names = [step.text("name") for step in steps if step.action == "extract"]
    for step in steps:
        if step.action == "extract" and names.count(step.text("name")) > 1:
            raise InvalidInput(f"steps.{step.number - 1}.name", f"{step.text('name')!r} is extracted twice")
    return steps


def _parse_step(place: int, raw: Any) -> Step:
    path = f"steps.{place}"
    if not isinstance(raw, Mapping):
        raise InvalidInput(path, 'must be an object with an "action"')
    action = raw.get("action")
    if not isinstance(action, str) or action not in REQUIRED:
        raise InvalidInput(f"{path}.action", f"must be one of {', '.join(REQUIRED)}")
    options = {str(key): value for key, value in raw.items() if key != "action" and value is not None}
    _check_options(path, action, options)
    return Step(place + 1, action, options)


def _check_options(path: str, action: str, options: Mapping[str, Any]) -> None:
    required = REQUIRED[action]
    known = {**required, **OPTIONAL.get(action, {}), "timeout_seconds": _seconds}
    for key in required:
        if key not in options:
            raise InvalidInput(f"{path}.{key}", f"is missing; {action} needs it")
    for key, value in options.items():
        if key not in known:
            raise InvalidInput(
                f"{path}.{key}"[:200], f"is not known to {action}; it takes {', '.join(known)}"
            )
        wrong = known[key](value)
        if wrong is not None:
            raise InvalidInput(f"{path}.{key}", wrong)
    if action == "wait_for":
        _check_wait(path, options)


def _check_wait(path: str, options: Mapping[str, Any]) -> None:
    targets = options.keys() & {"selector", "text", "url"}
    if len(targets) != 1:
        raise InvalidInput(path, "wait_for needs exactly one of selector, text and url")
    if "state" in options and "selector" not in options:
        raise InvalidInput(f"{path}.state", "is known together with a selector only")
