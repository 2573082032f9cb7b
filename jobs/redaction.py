"""Mask personal values before they are shown in lists, pages, events and logs."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any, Final
from urllib.parse import urlsplit, urlunsplit

MASK: Final = "•••"
_SECRET_WORDS: Final = re.compile(
    r"password|passphrase|secret|token$|api_?key|credential|cookie|\botp|^code$|(auth|verification|security)_?code",
    re.IGNORECASE,
)
_SAFE_KEYS: Final = frozenset(
    {
        "action",
        "fields",
        "platform",
        "quality_preset",
        "schema",
        "selector",
        "source",
        "submit",
        "tier",
        "model",
        "image_model",
        "confidence",
        "verified",
        "label",
        "question",
        "reason",
    }
)


def mask_text(value: str) -> str:
    """Give enough of `value` to recognise it by: a first letter, or an e-mail's first letter and domain."""
    local, at, domain = value.partition("@")
    if at and domain:
        return f"{local[:1]}{MASK}@{domain}"
    return f"{value[:1]}{MASK}" if len(value) > 3 else MASK


def mask(value: Any, *, key: str = "") -> Any:
    """Copy a JSON value with everything personal masked; the shape, and plainly harmless keys, stay."""
    if isinstance(value, dict):
        return {name: mask(item, key=str(name)) for name, item in value.items()}
    if isinstance(value, list):
        return [mask(item, key=key) for item in value]
    if _SECRET_WORDS.search(key):
        return MASK
    if key in _SAFE_KEYS or value is None or isinstance(value, bool):
        return value
    return mask_text(str(value))


def texts_in(value: Any) -> Iterator[str]:
    """Give every text and number inside a JSON value, keys left out."""
    if isinstance(value, Mapping):
        value = list(value.values())
    if isinstance(value, list):
        for item in value:
            yield from texts_in(item)
    elif value is not None and not isinstance(value, bool):
        yield str(value)


def mask_url(url: str) -> str:
    """Give `url` without credentials, query and fragment, which may carry tokens."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return MASK
    host = parts.netloc.rpartition("@")[2]
    return urlunsplit((parts.scheme, host, parts.path, "", ""))
