"""The word tables as compiled data: for each label what labels, questions, ids and names say."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from typing import Any

from workers.hands.text import Phrase, phrase


@dataclass(frozen=True, slots=True)
class Entry:
    """What speaks for one label and what forbids it."""

    label: str
    text: tuple[Phrase, ...] = ()
    ids: tuple[Phrase, ...] = ()
    forbid: tuple[Phrase, ...] = field(default=())

    def best_text(self, folded: str) -> Phrase | None:
        """Return the most telling phrase found in a label or question, unless something forbids it."""
        return self._best(self.text, folded)

    def best_id(self, folded: str) -> Phrase | None:
        """Return the most telling phrase found in an id or name, unless something forbids it."""
        return self._best(self.ids, folded)

    def _best(self, phrases: tuple[Phrase, ...], folded: str) -> Phrase | None:
        found = [p for p in phrases if p.found_in(folded)]
        if not found or any(p.found_in(folded) for p in self.forbid):
            return None
        return max(found, key=lambda p: p.weight)


def tables() -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield every word table with its file name."""
    for path in sorted((files("workers.hands") / "words").iterdir(), key=lambda p: p.name):
        if path.name.endswith(".toml"):
            yield path.name, tomllib.loads(path.read_text(encoding="utf-8"))


def _compiled(raw: list[str]) -> tuple[Phrase, ...]:
    return tuple(phrase(p) for p in dict.fromkeys(raw))


@cache
def vocabulary() -> tuple[Entry, ...]:
    """Return one entry per label, all languages together."""
    merged: dict[str, dict[str, list[str]]] = {}
    for name, table in tables():
        if name.startswith("_"):
            continue
        for label, parts in table.items():
            into = merged.setdefault(label, {"text": [], "id": [], "not": []})
            for key in into:
                into[key] += parts.get(key, [])
    return tuple(
        Entry(label, _compiled(parts["text"]), _compiled(parts["id"]), _compiled(parts["not"]))
        for label, parts in merged.items()
    )


@cache
def table(name: str) -> dict[str, Any]:
    """Return one named table that is not about labels, such as `_places` or `_pages`."""
    return dict(tables())[f"{name}.toml"]


@cache
def labels(family: str) -> frozenset[str]:
    """Return one family of labels, such as `profile` or `eeo`."""
    return frozenset(table("_labels")[family])


@cache
def word_set(name: str) -> frozenset[str]:
    """Return one plain set of folded words."""
    return frozenset(table("_labels")["words"][name])
