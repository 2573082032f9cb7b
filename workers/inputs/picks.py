"""The grammar of what `scrape` jobs, and the steps that extract, read from a page."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from workers.context import InvalidInput

SELECTOR_LENGTH = 1_000
MAX_FIELDS = 100


@dataclass(frozen=True, slots=True)
class Pick:
    """One thing to read: the text, or an attribute, of the first or of all matching elements."""

    selector: str
    attr: str | None = None
    every: bool = False


def parse_pick(raw: Any, path: str) -> Pick:
    """Return what a selector, or `{"selector", "attr", "all"}`, asks for. Raises InvalidInput."""
    if isinstance(raw, str):
        raw = {"selector": raw}
    if not isinstance(raw, Mapping):
        raise InvalidInput(path, 'must be a CSS selector or an object with "selector", "attr" and "all"')
    unknown = sorted(str(key) for key in raw.keys() - {"selector", "attr", "all"})
    if unknown:
        raise InvalidInput(f"{path}.{unknown[0]}", "is not known here; use selector, attr and all")
    attr, every = raw.get("attr"), raw.get("all", False)
    selector = str(raw.get("selector") or "")
    if not _is_text(raw.get("selector"), SELECTOR_LENGTH):
        raise InvalidInput(
            f"{path}.selector", f"must be a CSS selector of at most {SELECTOR_LENGTH} characters"
        )
    if attr is not None and not _is_text(attr, 100):
        raise InvalidInput(f"{path}.attr", "must be the name of an attribute")
    if not isinstance(every, bool):
        raise InvalidInput(f"{path}.all", "must be true or false")
    return Pick(selector, attr, every)


def parse_fields(input_data: Mapping[str, Any]) -> dict[str, Pick]:
    """Return what to read under which name; empty means the whole page. Raises InvalidInput."""
    fields = input_data.get("fields") or {}
    if not isinstance(fields, Mapping):
        raise InvalidInput("fields", "must be an object of names and selectors")
    if len(fields) > MAX_FIELDS:
        raise InvalidInput("fields", f"must name at most {MAX_FIELDS} fields")
    return {str(name): parse_pick(raw, f"fields.{name}") for name, raw in fields.items()}


def _is_text(value: Any, length: int) -> bool:
    return isinstance(value, str) and value.strip() != "" and len(value) <= length
