"""From JSON to result classes."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import MISSING, fields, is_dataclass
from datetime import datetime
from functools import cache
from types import NoneType, UnionType
from typing import Any, TypeVar, cast, get_args, get_origin, get_type_hints

T = TypeVar("T")


class UnreadableError(ValueError):
    """The JSON does not fit; the message names the place, never the value."""


def parse(shape: type[T], value: object) -> T:
    """Build the dataclass `shape` from a JSON object.

    Keys that `shape` does not know are ignored; missing or null ones take its defaults.
    Raises UnreadableError.
    """
    if not isinstance(value, dict):
        raise UnreadableError(f"{shape.__name__} is not an object")
    found = {}
    for name, (key, hint, has_default) in _plan(cast(Any, shape)).items():
        given = value.get(key)
        if given is not None:
            found[name] = _convert(hint, given, f"{shape.__name__}.{name}")
        elif not has_default:
            raise UnreadableError(f"{shape.__name__}.{name} is missing")
    return shape(**found)


@cache
def _plan(shape: type) -> Mapping[str, tuple[str, Any, bool]]:
    hints = get_type_hints(shape)
    return {
        field.name: (
            field.metadata.get("key", field.name),
            hints[field.name],
            field.default is not MISSING or field.default_factory is not MISSING,
        )
        for field in fields(shape)
    }


def _convert(hint: Any, value: object, place: str) -> Any:
    if hint is Any:
        return value
    if get_origin(hint) is UnionType:
        return _convert_union([choice for choice in get_args(hint) if choice is not NoneType], value, place)
    if get_origin(hint) is tuple and isinstance(value, list):
        return tuple(_convert(get_args(hint)[0], item, place) for item in value)
    if is_dataclass(hint) and isinstance(hint, type):
        return parse(hint, value)
    return _convert_plain(hint, value, place)


def _convert_union(choices: list[Any], value: object, place: str) -> Any:
    *others, last = choices
    for choice in others:
        with suppress(UnreadableError):
            return _convert(choice, value, place)
    return _convert(last, value, place)


def _convert_plain(hint: Any, value: object, place: str) -> Any:
    kind = get_origin(hint) or hint
    if kind is datetime and isinstance(value, str):
        try:
            return datetime.fromisoformat(value)
        except ValueError:
            raise UnreadableError(f"{place} is not a time") from None
    if kind is float and isinstance(value, int) and not isinstance(value, bool):
        return float(value)
    # True is an int to Python, but no number to JSON.
    if isinstance(value, kind) and isinstance(value, bool) == (kind is bool):
        return value
    raise UnreadableError(f"{place} is no {getattr(kind, '__name__', kind)}")
