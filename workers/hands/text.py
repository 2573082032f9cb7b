"""Text made comparable: folding, words, and the small phrase language of the word tables."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import cache, lru_cache

CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")
APOSTROPHE = re.compile(r"(?<=\w)['\u2019`](?=\w)")
NOT_WORD = re.compile(r"[^\w+#]+|_", re.UNICODE)
GAP = r"(?:\S+ ){0,6}?"


@lru_cache(maxsize=8192)
def fold(text: str) -> str:
    """Return the text in lower case without accents and punctuation, one blank between words."""
    plain = unicodedata.normalize("NFKD", text.casefold())
    plain = "".join(c for c in plain if not unicodedata.combining(c))
    return " ".join(NOT_WORD.sub(" ", APOSTROPHE.sub(" ", plain)).split())


@lru_cache(maxsize=8192)
def split_identifier(identifier: str) -> str:
    """Return an id or name as words: `legalName--firstName` becomes `legal name first name`."""
    return fold(CAMEL.sub(" ", identifier).replace("_", " ").replace("-", " "))


def words(text: str) -> list[str]:
    """Return the folded words of the text."""
    return fold(text).split()


@dataclass(frozen=True, slots=True)
class Phrase:
    """One compiled phrase: where it occurs in folded text, and how much it says."""

    source: str
    pattern: re.Pattern[str]
    weight: int

    def found_in(self, folded: str) -> bool:
        """Tell whether the phrase occurs in the folded text."""
        return bool(self.pattern.search(folded))


@cache
def phrase(source: str) -> Phrase:
    """Compile a phrase of the word tables: `word*` is a beginning, `..` a gap, a leading `=` the whole text."""
    whole = source.startswith("=")
    parts: list[str] = []
    for word in source.removeprefix("=").replace("/", " ").replace("(", " ").replace(")", " ").split():
        if word == "..":
            parts.append(GAP)
            continue
        stem = re.escape(fold(word.rstrip("*")))
        parts.append((stem + r"[\w+#]* " if word.endswith("*") else stem + " ") if stem else r"\S+ ")
    body = "".join(parts).rstrip()
    pattern = rf"^{body}$" if whole else rf"(?:^| ){body}(?= |$)"
    return Phrase(source, re.compile(pattern), len(source.replace("..", "").replace("*", "")))
