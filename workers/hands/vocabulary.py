"""The word tables as compiled data: for each label what labels, questions, ids and names say."""

from __future__ import annotations

import re
import tomllib
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache, lru_cache
from importlib.resources import files
from itertools import product
from typing import Any

from workers.hands.text import Phrase, fold, phrase

# Prefix phrases are looked up by this many letters.
STEM = 3


class Index:
    """Phrases by their first word, so that a text is compared only with those that may occur in it."""

    def __init__(self, phrases: Iterable[tuple[str, Phrase]]) -> None:
        self._exact: dict[str, list[tuple[str, Phrase]]] = defaultdict(list)
        self._begun: dict[str, list[tuple[str, Phrase]]] = defaultdict(list)
        for label, entry in phrases:
            first = entry.source.removeprefix("=").replace("(", " ").replace("/", " ").split()[0]
            word = fold(first.rstrip("*"))
            by_start = first.endswith("*") or len(word.split()) != 1
            (self._begun[word[:STEM]] if by_start else self._exact[word]).append((label, entry))

    def search(self, folded: str) -> Iterator[tuple[str, Phrase]]:
        """Yield every label with a phrase of it that occurs in the folded text."""
        for word in set(folded.split()):
            for label, entry in (*self._exact.get(word, ()), *self._begun.get(word[:STEM], ())):
                if entry.found_in(folded):
                    yield label, entry
        for label, entry in self._begun.get("", ()):
            if entry.found_in(folded):
                yield label, entry


def tables() -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield every word table with its file name."""
    for path in sorted((files("workers.hands") / "words").iterdir(), key=lambda p: p.name):
        if path.name.endswith(".toml"):
            yield path.name, tomllib.loads(path.read_text(encoding="utf-8"))


@cache
def _index(part: str, language: str = "") -> Index:
    found: list[tuple[str, Phrase]] = []
    for name, content in tables():
        if not name.startswith("_") and language in {"", _language_of(name)}:
            found += [(label, phrase(p)) for label, parts in content.items() for p in parts.get(part, ())]
    return Index(found)


def _language_of(name: str) -> str:
    return name.removesuffix(".toml").rpartition("_")[2]


@cache
def spoken_on(lang: str) -> tuple[str, ...]:
    """Return the languages that a page in the stated one may use: its own and English, or all (“”).

    Pages in any language state English by mistake, so that English rules out nothing.
    """
    own = lang.lower().split("-")[0]
    known = {_language_of(name) for name, _ in tables() if not name.startswith("_")}
    return (own, "en") if own in known - {"en"} else ("",)


@lru_cache(maxsize=16_384)
def spoken_for(folded: str, *, identifier: bool = False, lang: str = "") -> Mapping[str, Phrase]:
    """Return the labels that the folded text speaks for, each with its most telling phrase.

    An identifier (id, name) is looked up among the phrases for identifiers first. `lang` is the page's language.
    """
    spoken = spoken_on(lang)
    forbidden = {label for one in spoken for label, _ in _index("not", one).search(folded)}
    best: dict[str, Phrase] = {}
    for part, one in product(("text", "id") if identifier else ("text",), spoken):
        for label, found in _index(part, one).search(folded):
            if label not in forbidden and (label not in best or found.weight > best[label].weight):
                best[label] = found
    return best


@cache
def table(name: str) -> dict[str, Any]:
    """Return one named table that is not about labels, such as `_places` or `_pages`."""
    return dict(tables())[f"{name}.toml"]


@cache
def said(section: str, name: str) -> re.Pattern[str]:
    """Return the pattern for one thing that pages, their buttons, fields or options say, over folded text."""
    return re.compile("|".join(f"(?:{p})" for p in table("_pages")[section][name]))


@cache
def labels(family: str) -> frozenset[str]:
    """Return one family of labels, such as `profile` or `eeo`."""
    return frozenset(table("_labels")[family])


@cache
def word_set(name: str) -> frozenset[str]:
    """Return one plain set of folded words."""
    return frozenset(table("_labels")["words"][name])


def ongoing(text: str) -> bool:
    """Tell whether what is stated as the end of a period says that it has not ended."""
    return fold(text) in word_set("ongoing")


@lru_cache(maxsize=16_384)
def never_asked(folded: str) -> str:
    """Return the phrase for which a field is never filled, whatever else it says, or nothing."""
    return next((p for p in table("_labels")["veto"]["phrases"] if phrase(p).found_in(folded)), "")


def speaks_of(folded: str, idea: str) -> bool:
    """Tell whether the folded text speaks of an idea (`login`, `signup`)."""
    return any(phrase(p).found_in(folded) for p in table("_labels")["veto"][idea])


def first_spoken_of(folded: str, ideas: Sequence[str]) -> str:
    """Return which of the ideas the folded text speaks of first, or nothing."""
    found = [
        (hit.start(), idea)
        for idea in ideas
        for p in table("_labels")["veto"][idea]
        if (hit := phrase(p).pattern.search(folded))
    ]
    return min(found)[1] if found else ""
