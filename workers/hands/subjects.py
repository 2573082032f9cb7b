"""What two questions have in common: one subject under several names, or the same words around other ways of asking."""

from __future__ import annotations

import re
from functools import cache

from workers.hands.classify import BRACKETS
from workers.hands.options import real_options
from workers.hands.questions import Question
from workers.hands.stated import Stored
from workers.hands.text import fold
from workers.hands.vocabulary import table

# Two letters stand for too many things: PM is a product manager and a project manager.
ABBREVIATION = re.compile(r"\s*\(([A-Z][A-Za-z]+[A-Z])\)")
# French and Italian articles and prepositions that are run into the word; a D by itself is one of R&D, or a class.
ELIDED = re.compile(r"\b[dl]['\u2019](?=\w)", re.I)
CLASS = re.compile(r"(?<=\S )([A-Z])(?=\W|$)(?!['\u2019])")
# The most letters of an abbreviation that one word gives: two in HyperText, two in JavaScript.
MOST_OF_A_WORD = 2
LONGEST = 7
SCALE = re.compile(r"\b[01]\s*(?:-|\u2013|to|bis|a|à|al|tot|/)\s*(\d{1,2})\b")


def subjects(question: Question, *, rated: bool = False) -> set[frozenset[str]]:
    """Return what the question is about by each of its names: in full, and by the abbreviation that it gives.

    With `rated` the words that only rate a skill are none of it.
    """
    texts = (question.text, *_abbreviated(question.text))
    return {words for text in texts if (words := _named(text, rated=rated))}


def topics(question: Question) -> set[frozenset[str]]:
    """Return the subjects without how many years of them are asked for."""
    minimum = frozenset(w for phrase in table("_measures")["said"]["minimum"] for w in phrase.split())
    return {
        frozenset(w for w in words - minimum if not w.rstrip("+").isdigit()) for words in subjects(question)
    }


def certificates(found: set[frozenset[str]]) -> set[frozenset[str]]:
    """Return what the certificates are in, where the subjects say more than that there is one."""
    return {rest for words in found if (rest := words - _words("certifying"))}


def _named(text: str, *, rated: bool) -> frozenset[str]:
    said = ELIDED.sub("", SCALE.sub(" ", text) if rated else text)
    words = Question(_without_kinds(said)).subject
    hollow = _words("hollow") | _words("vague") | (_words("rating") if rated else frozenset())
    # Where nothing else is left, those words are the subject themselves.
    rest = words - hollow
    return frozenset(_trades().get(w, w) for w in rest) or (frozenset() if rated else words)


def _without_kinds(text: str) -> str:
    kinds = "|".join(table("_subjects")["kinds"])
    return re.sub(rf"(?<=\w )([A-Z][\w+#.]*) (?:{kinds})\b", r"\1", text)


def _abbreviated(text: str) -> list[str]:
    """Return the text with the abbreviation alone where it stands in brackets behind the words that it is short for."""
    found = ABBREVIATION.search(text)
    if not found:
        return []
    said = list(re.finditer(r"[^\W_]+", text[: found.start()]))
    for count in range(2, min(len(said), LONGEST) + 1):
        tail = said[-count:]
        if _stands_for(found[1].casefold(), [w[0] for w in tail]):
            return [f"{text[: tail[0].start()]}{found[1]}{text[found.end() :]}"]
    return []


def _stands_for(letters: str, words: list[str]) -> bool:
    """Tell whether the letters are the first ones of the words, in order, leaving out none but small ones."""
    if not words:
        return not letters
    first, *rest = words
    # A word that is an abbreviation itself gives as many as it has: GIS Professional (GISP).
    most = len(first) if first.isupper() else MOST_OF_A_WORD
    if fold(first) in table("_subjects")["small"] and len(rest) and _stands_for(letters, rest):
        return True
    return any(
        _begun(letters[:n], fold(first)) and _stands_for(letters[n:], rest) for n in range(1, most + 1)
    )


def _begun(letters: str, word: str) -> bool:
    """Tell whether a word begins with the first letter and has the others further on."""
    return bool(letters) and bool(re.match(".*?".join(map(re.escape, letters)), word))


def same_thing(stored: Question, asked: Question, *, yes: bool) -> bool:
    """Tell whether both ask if somebody has the very same thing, whatever words do the asking.

    What narrows the one and not the other is a word that they do not share. A no to the thing in force is no “no” to
    the thing.
    """
    mine, theirs = _thing(BRACKETS.sub(" ", stored.text)), _thing(BRACKETS.sub(" ", asked.text))
    if not yes and mine & _words("valid") and not theirs & _words("valid"):
        return False
    mine, theirs = mine - _words("valid"), theirs - _words("valid")
    # What stands in brackets is another name in one's own words, and may be a condition on the page.
    told = _thing(asked.text) - _thing(stored.text) - theirs
    if told - _words("valid"):
        return False
    if len(mine) > 1 and mine == theirs:
        return True
    norms = {w for w in mine if w[-1].isdigit() and not w.isdigit()}
    certified = {table("_subjects")["certified"]}
    # A welder's certificate under a norm is one under the norm.
    known = certified | set(_trades().values())
    return (
        yes and len(norms) == 1 and theirs == norms | certified and theirs <= mine and mine - norms <= known
    )


def same_scale(stored: Stored, asked: Question) -> bool:
    """Tell whether a rating means the same there: a number only on a scale of as many, a word where words are asked."""
    theirs = _scale(asked.text) or _scale(" ".join(f"1-{o.text}" for o in real_options(asked.options)[-1:]))
    if not stored.value.strip().isdigit():
        return bool(asked.options) or not theirs
    return bool(theirs) and theirs == _scale(stored.key)


def _scale(text: str) -> int:
    """Return up to which number a scale counts from one, or 0."""
    found = SCALE.search(text.casefold())
    return int(found[1]) if found else 0


def _thing(text: str) -> frozenset[str]:
    """Return the words that name what somebody is asked to have, or nothing where the question asks for no having."""
    said = fold(CLASS.sub(r"class\1", ELIDED.sub("", text)))
    for held in table("_subjects")["held"]:
        said = re.sub(held, "have", said)
    words = set(re.sub(table("_subjects")["norm"], r"\1\2", said).split())
    if not words & (_words("having") | {"have"}):
        return frozenset()
    names = {name: group[0] for group in table("_subjects")["alike"] for name in group}
    rest = (names.get(w, w) for w in words - _words("asking"))
    return frozenset(_trades().get(w, w) for w in rest)


@cache
def _words(name: str) -> frozenset[str]:
    return frozenset(table("_subjects")[name].split())


@cache
def _trades() -> dict[str, str]:
    """Return for each name of a trade the one that all of its names share."""
    return {name: group[0] for group in reversed(table("_subjects")["trades"]) for name in group}
