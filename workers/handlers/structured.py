"""Make what a page says fit for keeping: JSON-LD as plain values, clean text, bounded size."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Iterator, Sequence
from typing import Any

RESULT_BYTES = 1_000_000
DEPTH = 64

WRAPPING = re.compile(r"^\s*(<!--|//\s*<!\[CDATA\[|<!\[CDATA\[)|(-->|//\s*\]\]>|\]\]>)\s*;?\s*$")


def read_json_ld(scripts: Sequence[str]) -> list[dict[str, Any]]:
    """Return the things that JSON-LD scripts describe, out of arrays and `@graph`; broken scripts are skipped."""
    return [node for script in scripts for node in _nodes(_parse(script))]


def _parse(script: str) -> Any:
    try:
        return json.loads(
            WRAPPING.sub("", script), strict=False, parse_constant=_no_constant, parse_float=_finite
        )
    except (ValueError, RecursionError):
        return None


def _no_constant(name: str) -> float:
    raise ValueError(name)


def _finite(text: str) -> float:
    number = float(text)
    if not math.isfinite(number):
        raise ValueError(text)
    return number


def _nodes(value: Any) -> Iterator[dict[str, Any]]:
    if isinstance(value, list):
        for item in value:
            yield from _nodes(item)
    elif isinstance(value, dict):
        own = {key: kept for key, kept in value.items() if key != "@graph"}
        if own.keys() - {"@context", "@id"}:
            yield own
        yield from _nodes(value.get("@graph"))


def clean(value: Any, depth: int = DEPTH) -> Any:
    """Return a copy that PostgreSQL can keep: no NUL, no lone surrogate, nothing deeper than `depth`."""
    if isinstance(value, str):
        return value.replace("\x00", "").encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    if not isinstance(value, (list, dict)):
        return value
    if depth == 0:
        return None
    if isinstance(value, list):
        return [clean(item, depth - 1) for item in value]
    return {clean(str(key)): clean(item, depth - 1) for key, item in value.items()}


def bound(data: dict[str, Any], limit: int = RESULT_BYTES) -> tuple[dict[str, Any], bool]:
    """Return the values with the largest ones cut until all fit, and whether anything was cut.

    Units: `limit` in bytes of JSON.
    """
    sizes = {key: _size(value) for key, value in data.items()}
    bounded = dict(data)
    while sum(sizes.values()) > limit:
        largest = max(sizes, key=lambda key: sizes[key])
        bounded[largest] = _halved(bounded[largest])
        sizes[largest] = _size(bounded[largest])
    return bounded, bounded != data


def _size(value: Any) -> int:
    return len(json.dumps(value, ensure_ascii=False).encode())


def _halved(value: Any) -> Any:
    if isinstance(value, (str, list)) and len(value) > 1:
        return value[: len(value) // 2]
    if isinstance(value, dict) and len(value) > 1:
        return dict(list(value.items())[: len(value) // 2])
    return None
