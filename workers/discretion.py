"""Keep what people gave in confidence out of everything that is reported, wherever a page repeats it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import fields, is_dataclass, replace
from typing import Any, TypeVar, cast

from jobs.redaction import MASK, texts_in

T = TypeVar("T")

# Shorter texts are in every sentence.
SHORTEST = 4


class Discretion:
    """The secrets that one attempt knows."""

    def __init__(self, secrets: Mapping[str, Any] | None = None) -> None:
        self._texts: set[str] = set()
        self.learn(secrets or {})

    def learn(self, secrets: Mapping[str, Any]) -> None:
        """Keep quiet about every text in it from now on."""
        given = {text for text in texts_in(secrets) if len(text) >= SHORTEST}
        # Codes are typed without the blanks and dashes that people write into them.
        self._texts |= given | {
            re.sub(r"[\s\-]", "", text) for text in given if re.fullmatch(r"[\d\s\-]+", text)
        }

    @property
    def texts(self) -> frozenset[str]:
        """Every secret, as it was given and as it is typed."""
        return frozenset(self._texts)

    def hush(self, value: T) -> T:
        """Copy texts, mappings, lists and dataclasses with every secret in them masked."""
        return cast(T, self._hushed(value)) if self._texts else value

    def _hushed(self, value: Any) -> Any:
        if isinstance(value, str):
            for text in sorted(self._texts, key=len, reverse=True):
                value = value.replace(text, MASK)
            return value
        if isinstance(value, Mapping):
            return {self._hushed(name): self._hushed(item) for name, item in value.items()}
        if isinstance(value, list | tuple):
            return type(value)(self._hushed(item) for item in value)
        if is_dataclass(value) and not isinstance(value, type):
            return replace(value, **{f.name: self._hushed(getattr(value, f.name)) for f in fields(value)})
        return value
