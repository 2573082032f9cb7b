"""Choose among the options on the page. A stored answer is only a hint; no safe option means none."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from functools import cache

from workers.hands.controls import Option
from workers.hands.measures import amounts, currency_of, holds, in_figures, short_of
from workers.hands.text import fold
from workers.hands.vocabulary import said, table, word_set

CODE = re.compile(r"^\W?(?:[A-Za-z]|\d{1,2})\W?(?:[.):=]|\s[-\u2013=])\s+|^(?:[A-Za-z]|\d{1,2})[)=](?=\S)")
# Both halves of the French negation are one, and Portuguese “no” is “in the”.
FRENCH = re.compile(r"\b(?:ne|n) (?:\S+ ){1,4}?(pas|plus|jamais|aucune?)\b")
PORTUGUESE = re.compile(r"\b(?:voce|nao|em|ao|aos|possui|trabalhar|trabalha|sua|seu|tem)\b")
# Said without a “not”, these are no yes.
CONTRARY = frozenset({"unwilling", "unable", "opposed", "refuse", "object", "decline"})
NEGATION = re.compile(
    r"\b(not|no|non|never|none|neither|weder|don t|do not|dont|without|nicht|kein\w*|nein|ohne|pas|ne|aucune?|sans"
    r"|sin|nao|sem|nenhum\w*|niet|geen|zonder|senza|nessun\w*)\b"
)


def real_options(options: Iterable[Option]) -> list[Option]:
    """Return the options that are answers: no placeholders, no notices, nothing disabled."""
    return [
        o
        for o in options
        if not o.disabled
        and o.text
        and (currency_of(o.text) or not said("options", "placeholder").match(fold(o.text)))
        and not said("options", "busy").match(fold(o.text))
    ]


def choose(options: Iterable[Option], wanted: Sequence[str]) -> Option | None:
    """Return the one option that says the same as a wanted text, trying exact sameness first, or None."""
    offered = real_options(options)
    uncoded = _uncoded(offered)
    for way in WAYS:
        for want in wanted:
            # Of several options that all say yes, the shortest is not the one meant.
            if way in LOOSE and bare_idea(want) and len(_meaning(list(uncoded), want)) > 1:
                continue
            found = way(list(uncoded), want)
            if len({fold(o.text) for o in found}) == 1:
                return _of_group([uncoded[o] for o in found], want)
    return None


def _uncoded(offered: list[Option]) -> dict[Option, Option]:
    """Return the options without the codes that all of them are numbered with (“A. …”, “2 = …”), with their own."""
    bare = [CODE.sub("", o.text) for o in offered]
    coded = len(offered) > 1 and all(b and b != o.text for b, o in zip(bare, offered, strict=True))
    return {replace(o, text=b) if coded else o: o for b, o in zip(bare, offered, strict=True)}


def _of_group(same: list[Option], want: str) -> Option | None:
    """Return the one of several options of the same name that stands in the group that the wanted text names."""
    if len({o.value for o in same}) == 1 or len({o.group for o in same}) == 1:
        return same[0]
    named = [o for o in same if _tokens(o.group) and _tokens(o.group) <= _tokens(want)]
    return named[0] if len(named) == 1 else None


def exactly(options: Iterable[Option], want: str) -> Option | None:
    """Return the option that is the wanted text itself, or another name of the same thing."""
    offered = real_options(options)
    found = _exact(offered, want) or _alias(offered, want)
    return found[0] if len({fold(o.text) for o in found}) == 1 else None


def says_less(option: Option, want: str) -> bool:
    """Tell whether the option says only some of the words of the wanted text."""
    return _tokens(option.text) < _tokens(want)


def says_all(option: Option, want: str) -> bool:
    """Tell whether the option says all words of the wanted text."""
    return _tokens(want) <= _tokens(option.text)


def other(options: Iterable[Option]) -> Option | None:
    """Return the option for what the list does not name, if it has one that asks to be specified."""
    found = [o for o in real_options(options) if said("options", "other").match(fold(o.text))]
    return found[0] if len({fold(o.text) for o in found}) == 1 else None


def decline(options: Iterable[Option]) -> Option | None:
    """Return the option that declines to answer, if the page offers one."""
    found = [o for o in real_options(options) if says(o.text, "decline")]
    return found[0] if found else None


def opposites(options: Iterable[Option]) -> tuple[Option, Option] | None:
    """Return two options of which the second only says “not” to the first: “Open to moving”, “Not open to moving”."""
    offered = list(options)
    if len(offered) != 2:
        return None
    for yes, no in (offered, reversed(offered)):
        plain, turned = (fold(o.text).replace("cannot", "can not").split() for o in (yes, no))
        more = set(turned) - set(plain)
        if not plain or CONTRARY & set(plain) or not set(turned) - word_set("nots"):
            continue
        same = set(plain) <= set(turned) or _says_more(set(plain) - set(turned), yes.text)
        if (more and more <= word_set("nots") and same) or turned[0] in {f"un{plain[0]}", f"in{plain[0]}"}:
            return yes, no
    return None


def _says_more(more: set[str], text: str) -> bool:
    """Tell whether what only the one option says is no condition: “I can travel when needed”, “I cannot travel”."""
    return (
        not negated(text) and not more & word_set("limits") and not any(c.isdigit() for w in more for c in w)
    )


def says(text: str, idea: str) -> bool:
    """Tell whether a text expresses yes, no or decline in one of the known languages."""
    return bool(_idea(idea).search(fold(text)))


@cache
def _idea(name: str) -> re.Pattern[str]:
    return re.compile("|".join(table("_ideas")[name]))


@cache
def _aliases() -> dict[str, frozenset[str]]:
    found: dict[str, set[str]] = {}
    for group in (*table("_places")["same"], *table("_ideas")["same"]):
        names = {fold(name) for name in group}
        for name in names:
            found.setdefault(name, set()).update(names)
    return {name: frozenset(group) for name, group in found.items()}


def spellings(text: str) -> frozenset[str]:
    """Return the text, folded, with every other name of the same thing."""
    folded = fold(text)
    return _aliases().get(folded, frozenset()) | {folded}


@cache
def _usual() -> dict[str, str]:
    groups = (*table("_places")["same"], *table("_ideas")["same"])
    return {fold(name): group[0] for group in reversed(groups) for name in reversed(group)}


def usual_name(text: str) -> str:
    """Return what the thing is called most: “United States” for USA."""
    return _usual().get(fold(text), text)


def negated(text: str) -> bool:
    """Tell whether a text turns its meaning around (an odd number of negations)."""
    said = FRENCH.sub(r"\1", fold(text))
    if PORTUGUESE.search(said):
        said = re.sub(r"\bno\b", "", said)
    return len(NEGATION.findall(said)) % 2 == 1


def _exact(options: list[Option], want: str) -> list[Option]:
    same = [o for o in options if o.text.strip().casefold() == want.strip().casefold()]
    if same:
        return same
    folded = fold(want)
    return [o for o in options if fold(o.text) == folded] or [
        o for o in options if len(folded) > 1 and fold(o.value) == folded and not folded.isdigit()
    ]


def _alias(options: list[Option], want: str) -> list[Option]:
    names = spellings(want)
    found = [o for o in options if fold(o.text) in names or (len(o.value) > 1 and fold(o.value) in names)]
    # Of several names that mean about the same, the wanted one's own letters: BS for Bachelor of Science, not BA.
    letters = "".join(w[0] for w in fold(want).split() if w not in word_set("small"))
    own = [
        o for o in found if len(letters) > 1 and re.sub(r"\W", "", o.text).lower() in {letters, f"{letters}c"}
    ]
    return own if len(found) > 1 and own else found


def _currency(options: list[Option], want: str) -> list[Option]:
    """Return the options that name the same money, by its code, its sign or its name."""
    money = currency_of(want) if not amounts(want) else ""
    return [o for o in options if money and currency_of(o.text) == money and not amounts(o.text)]


def _in_figures(options: list[Option], want: str) -> list[Option]:
    """Return the options that are, or begin, the wanted text with its number as a figure: “Two weeks”, “2 weeks”."""
    mine, own = in_figures(want), {o: in_figures(o.text) for o in options}
    numbered = {o: said for o, said in own.items() if re.search(r"\d", mine) and re.search(r"\d [a-z]", said)}
    return [o for o, said in numbered.items() if said == mine] or [
        o for o, said in numbered.items() if mine.startswith(f"{said} ")
    ]


def _headed(options: list[Option], want: str) -> list[Option]:
    return [o for o in options if o.head and fold(o.head) in spellings(want)]


def _meaning(options: list[Option], want: str) -> list[Option]:
    idea = bare_idea(want)
    found = [o for o in options if says(o.text, idea)] if idea else []
    # “I do not now, but I will” says both; “No, but I am willing to learn” says no.
    found = [
        o for o in found if idea == "decline" or not says(o.text, "turns") or bare_idea(_first_word(o.text))
    ]
    # “I do not want to answer” says no only to being asked.
    found = [o for o in found if idea == "decline" or not says(o.text, "decline")] or found
    pair = opposites(options) if idea in {"yes", "no"} and not found else None
    if pair:
        return [pair[idea == "no"]]
    if idea == "yes" and sum(not _says_any(o.text) for o in options) > 1:
        # Among sentences of all kinds, “I am local to the area” is no yes to the question.
        return [o for o in found if says(o.text, "plainly")]
    return found


def _first_word(text: str) -> str:
    return next(iter(fold(text).split()), "")


def _says_any(text: str) -> bool:
    return any(says(text, idea) for idea in ("yes", "no", "decline"))


def bare_idea(text: str) -> str:
    """Return yes, no or decline when the text says that and nothing else."""
    return next((idea for idea in ("decline", "yes", "no") if fold(text) in _bare()[idea]), "")


@cache
def _bare() -> dict[str, frozenset[str]]:
    return {idea: frozenset(words) for idea, words in table("_ideas")["bare"].items()}


def _tokens(text: str) -> frozenset[str]:
    same = _synonyms()
    return frozenset(same.get(w, w) for w in fold(text).split() if w not in word_set("small"))


@cache
def _synonyms() -> dict[str, str]:
    return {word: group[0] for group in table("_ideas")["synonyms"] for word in group}


def _contained(options: list[Option], want: str) -> list[Option]:
    """Return the tightest options that hold all words of the wanted text, or are held by it."""
    mine = _tokens(want)
    if not mine:
        return []
    fair = [
        o
        for o in options
        if (negated(o.text) == negated(want) or len(_tokens(o.text)) > 8) and not short_of(o.text, want)
    ]
    inner = [o for o in fair if mine <= _tokens(o.text)]
    if inner:
        least = min(len(_tokens(o.text)) for o in inner)
        tightest = [o for o in inner if len(_tokens(o.text)) == least]
        if len(mine) == 1 and len([o for o in inner if fold(o.text).startswith(fold(want))]) > 1:
            # “LinkedIn job post” and “LinkedIn message” are both LinkedIn.
            return inner
        # One word behind others is rarely the thing itself: Sales is neither pre-sales nor after-sales.
        alone = len(inner) == 1 or len(mine) > 1
        return tightest if alone else [o for o in tightest if fold(o.text).startswith(fold(want))]
    outer = [
        o
        for o in fair
        if _tokens(o.text) and _tokens(o.text) <= mine and len(_tokens(o.text)) * 2 >= len(mine)
    ]
    most = max((len(_tokens(o.text)) for o in outer), default=0)
    return [o for o in outer if len(_tokens(o.text)) == most]


def _alias_inside(options: list[Option], want: str) -> list[Option]:
    found = [o for name in spellings(want) - {fold(want)} for o in _contained(options, name)]
    return list(dict.fromkeys(found))


def _place(options: list[Option], want: str) -> list[Option]:
    """Return the options that name the wanted place by no other parts than it has, or by all of them and more."""
    parts = [spellings(part) for part in want.split(",")]
    own = {o: _parts_of_place(o.text, parts) for o in options}
    return [
        o for o, said in own.items()
        if min(len(parts), len(said)) > 1 and said[0] in parts[0]
        and (all(any(p in names for names in parts) for p in said) or all(names & {*said} for names in parts))
    ]  # fmt: skip


def _parts_of_place(text: str, wanted: list[frozenset[str]]) -> list[str]:
    """Return the parts of an option, folded; two parts of the wanted place need no comma between them."""
    first, *rest = [fold(part) for part in re.split(r"[,(]", text) if fold(part)] or [""]
    for name in wanted[0]:
        within = first.removeprefix(f"{name} ")
        if within != first and any(within in names for names in wanted[1:]):
            return [name, within, *rest]
    return [first, *rest]


def _first_part(options: list[Option], want: str) -> list[Option]:
    """Return the options whose first part, before a comma or bracket, is the wanted text's first part."""
    head, *rest = (spellings(part) for part in re.split(r"[,(]|:\s", want))
    first = {o: fold(re.split(r"[,(]| - ", o.text)[0]) for o in options}
    if any(said in part for said in first.values() for part in rest):
        # Where another part is an option as well, the text names several things, not one in detail.
        return []
    return [o for o, said in first.items() if said in head and not _elsewhere(o.text, want)]


def is_country(text: str) -> bool:
    """Tell whether the text is a country by any of its names, and no state of the same name."""
    return bool(spellings(text) & _known_places("countries")) and not spellings(text) & _known_places(
        "states"
    )


def is_place(parts: Sequence[str]) -> bool:
    """Tell whether the parts are a place and what it lies in: “Porto, Portugal”, not “Spain, Portugal”."""
    inner, *outer = [
        bool(spellings(p) & (_known_places("states") | _known_places("countries"))) for p in parts
    ]
    return bool(outer) and not inner and outer[-1]


def _elsewhere(text: str, want: str) -> bool:
    """Tell whether both say which state or country they lie in, and not the same one."""
    return any(a and b and not a & b for a, b in zip(_lies_in(text), _lies_in(want), strict=True))


def _lies_in(text: str) -> tuple[frozenset[str], ...]:
    names = frozenset(name for part in text.split(",")[1:] for name in spellings(part))
    return tuple(names & _known_places(kind) for kind in ("states", "countries"))


@cache
def _known_places(kind: str) -> frozenset[str]:
    return frozenset(map(fold, table("_places")[kind]))


def _initials(options: list[Option], want: str) -> list[Option]:
    letters = want.replace(".", "").strip()
    if not (2 <= len(letters) <= 5 and letters.isupper()):
        return []

    def short(text: str) -> str:
        return "".join(
            w[0] for w in fold(re.split(r"[,(]", text)[0]).split() if w not in word_set("small")
        ).upper()

    return [o for o in options if short(o.text) == letters]


def _range(options: list[Option], want: str) -> list[Option]:
    numbers = amounts(want)
    around = set(fold(re.sub(r"\d\s*k\b|[\d.,'\u00a0\u202f]|r\$", "", want.lower())).split())
    if len(numbers) != 1 or want.startswith("+") or not around <= word_set("of_amounts"):
        return []
    return [o for o in options if holds(o.text, numbers[0])]


def _begins(options: list[Option], want: str) -> list[Option]:
    """Return the options that the wanted text is the beginning of: `Eng` for `Engineering`."""
    mine = fold(want)
    if any(_tokens(mine) <= _tokens(o.text) for o in options):
        # Where the word itself stands among the options, it is no abbreviation.
        return []
    return [o for o in options if len(mine) >= 3 and fold(o.text).startswith(mine)]


def _typo(options: list[Option], want: str) -> list[Option]:
    mine = fold(want)
    return [o for o in options if len(mine) >= 5 and distance_at_most_one(mine, fold(o.text))]


def distance_at_most_one(a: str, b: str) -> bool:
    """Tell whether one letter added, left out or changed makes the texts equal."""
    if abs(len(a) - len(b)) > 1:
        return False
    short, long = sorted((a, b), key=len)
    start = next((i for i, (x, y) in enumerate(zip(short, long, strict=False)) if x != y), len(short))
    return short[start + (len(short) == len(long)) :] == long[start + 1 :]


WAYS: tuple[Callable[[list[Option], str], list[Option]], ...] = (
    _exact, _alias, _currency, _in_figures, _headed, _meaning, _place, _first_part, _range, _contained,
    _alias_inside, _initials, _begins, _typo,
)  # fmt: skip
# Ways that go by some of the words only.
LOOSE = frozenset({_first_part, _contained, _alias_inside, _begins})
