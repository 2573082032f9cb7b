"""Read a screening question: what it is about, which way round it asks, and whether one answer can serve it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache, cached_property
from itertools import pairwise

from workers.hands.classify import BRACKETS, FILE_LABELS, PROFILE_LABELS
from workers.hands.controls import Option
from workers.hands.languages import asks_of_speaking
from workers.hands.measures import unit_of
from workers.hands.options import negated, opposites, real_options, says, spellings
from workers.hands.text import fold
from workers.hands.vocabulary import labels, spoken_for, table

EEO = labels("eeo")
REFUSED_C2C = re.compile(r"\b(not|no|cannot|can t|dont|don t)\b.{0,20}\b(c2c|corp to corp|1099)\b")
# Proof “of your identity and your right to work” is one thing, and so are terms and conditions.
JOINT = re.compile(
    r"(?<!identity)(?<!terms)\s(?:and|und|et|y|e|ed|plus|as well as|along with|sowie|ainsi que|evenals)\s",
    re.I,
)
# Dutch “and” is French and Spanish “in”.
DUTCH_JOINT = re.compile(r"\sen\s", re.I)
DUTCH = re.compile(r"\b(een|het|jij|jouw|je|bent|ben|heb|hebt|heeft|kun|kunt|wil|wilt|bereid|ik|uw)\b", re.I)
# “Years of experience in total” is about no subject called total.
IN_TOTAL = re.compile(r" (?:in total|altogether|insgesamt|au total|en total|no total|in totaal|in totale)\b")
# Not after “e.g.” and “U.S.”
SENTENCE = re.compile(r"(?<=\w{2}[.!?])\s+|(?<=\w\)[.!?])\s+")
# What an option says in one sentence of several things: “authorized now, but will need a sponsor”.
CLAUSE = re.compile(r"\b(?:but|and)\b|[,;]")
STATEMENT = re.compile(r"^(?:please (?:confirm|check) (?:that )?)?(?:i|ich|je|j|yo|eu|ik|io) ")
# The rest of a sentence, which only its beginning makes a question.
NO_QUESTION = re.compile(r"^(?:(?:will|do|would|are|you|i) ){0,3}(?:not|never|don t)\b")
# What is asked of those only who are not this or that already.
UNLESS_ALREADY = re.compile(r"(?<=\w) if (?:you )?(?:are |do |have |were )?(?:not|don t|aren t|haven t)\b.*$")
# “Please select the statement that applies” asks what the statements are about.
CHOOSE = re.compile(r"^(please )?(select|choose|indicate|pick|check|mark|tick)\b")
UNLESS_FIRST = re.compile(r"if you[^,]*(?:\bnot\b|n['\u2019]t\b)[^,]*,\s*", re.I)
REQUIRES = re.compile(r"^(?!.*\b(and|without)\b).*\b(require|need)\b")
BINARY = re.compile(
    r"^(are|is|do|does|did|have|has|had|will|would|can|could|may|might|should|were|was (you|your|it|there)|must|need|"
    r"sind|haben|konnen|"
    r"werden|avez|etes|pouvez|accepteriez|acceptez|tiene|puede|esta|voce|bent|heeft|kunt|hai|sei|puoi|wohnen|wohnst|leben|besitzen|benotigen|brauchen|durfen|darf|"
    r"habitez|residez|disposez|tienes|vives|resides|necesitas|dispones|tem|possui|mora|precisa|heb|ben|mag|woon|hai|vivi)\b"
)


# What options speak of by themselves, whatever stands above them.
MATTERS = (
    {"work_authorization", "sponsorship"},
    {"disability_status"},
    {"veteran_status"},
    {"referral_source"},
    {"w2", "c2c"},
    {"relocate"},
    {"over_18"},
)
# Statuses under which nobody needs a sponsor.
SETTLED = frozenset({"citizen", "permanent resident", "refugee"})


def _unit_only(bracket: re.Match[str]) -> str:
    """Keep of a bracket only the unit that an answer is wanted in: “Java experience (years)”."""
    said = fold(bracket[0]).removeprefix("in ")
    return f" {said} " if unit_of(said) and " " not in said else " "


def _about(label: str) -> bool:
    return label == "years_of_experience" or label not in PROFILE_LABELS | FILE_LABELS


@cache
def _patterns(name: str) -> tuple[re.Pattern[str], ...]:
    return tuple(re.compile(p) for p in table("_screening")[name])


@dataclass(frozen=True)
class Question:
    """A question in the page's words, or a stored one in the caller's."""

    text: str
    options: tuple[Option, ...] = ()

    @cached_property
    def folded(self) -> str:
        """Return the question without what stands in brackets, folded."""
        said = fold(BRACKETS.sub(_unit_only, self.text)) or fold(self.text)
        return IN_TOTAL.sub("", said).strip()

    @cached_property
    def intents(self) -> tuple[str, ...]:
        """Return what the question is about, most telling first."""
        found = [(p.weight, label) for label, p in spoken_for(self.folded).items() if _about(label)]
        about = [label for _, label in sorted(found, reverse=True)]
        if "c2c" in about and REFUSED_C2C.search(self.folded):
            about.remove("c2c")
        if {"sponsorship", "citizenship"} <= set(about) and not self.named("statuses") & SETTLED:
            # “Sponsorship for employment visa status (such as H-1B)” asks for no status.
            about.remove("citizenship")
        if {"sponsorship", "work_authorization"} <= set(about) and REQUIRES.search(self.folded):
            about.remove("work_authorization")
        if {"citizenship", "located_in"} <= set(about) and self.says("dependent_permit"):
            about.remove("located_in")
        if "language" not in about and asks_of_speaking(self.folded):
            about.insert(0, "language")
        if not about and self.options and "location" in spoken_for(self.folded) and self.says("own_place"):
            about = ["located_in"]
        return tuple(about) or self._about_options()

    def _about_options(self) -> tuple[str, ...]:
        """Return the matter that the options speak of, where the question only says to choose among them."""
        said = [set(Question(o.text).intents) for o in real_options(self.options)] if self.options else []
        if not said or len(self.named_in_options("statuses")) > 1:
            return ("citizenship",) if said else ()
        for matter in MATTERS:
            speaking = [one for one in said if matter & one]
            if len(speaking) > 1 and len(speaking) * 2 > len(said):
                return (max(matter),)
        return ()

    @cached_property
    def parts(self) -> tuple[Question, ...]:
        """Return the questions that “and” joins into one, when each is about something else, or that stand in a row."""
        asked = [Question(s, self.options) for s in SENTENCE.split(self.text) if s.endswith("?")]
        if len(asked) > 1 and all(BINARY.match(q.folded) for q in asked):
            return tuple(asked)
        pieces = [Question(text, self.options) for text in _pieces(self.text) if fold(text)]
        if any(NO_QUESTION.match(p.folded) or p.only_unsponsored for p in pieces[1:]):
            return ()
        about = [piece for piece in pieces if piece.intents or piece.foreign]
        apart = all(not set(a.intents) & set(b.intents) for a, b in pairwise(about))
        return tuple(about) if len(about) > 1 and apart else ()

    @property
    def only_unsponsored(self) -> bool:
        """Tell whether it only says how else a permission is meant: “and able to do so without sponsorship”."""
        return self.intents == ("sponsorship",) and self.says("unsponsored")

    @property
    def foreign(self) -> bool:
        """Tell whether it is a question of its own about something that nobody has a word for."""
        lead = frozenset(table("_screening")["leads"].split())
        said = self.subject - lead - {self.folded.split(" ", 1)[0]}
        asks = BINARY.match(self.folded) and said
        return not self.intents and bool(asks or self.says("credentials"))

    @cached_property
    def asked(self) -> Question:
        """Return the one sentence that asks, where others only tell (“We do not sponsor. Will you need it?”)."""
        sentences = SENTENCE.split(self.text)
        asking = [s for s in sentences if s.endswith("?")]
        if len(asking) == 1:
            return Question(asking[0], self.options)
        last = Question(sentences[-1], self.options)
        return last if not asking and CHOOSE.match(last.folded) and last.intents else self

    @cached_property
    def binary(self) -> bool:
        """Tell whether yes or no answers it."""
        if self.options:
            offered = real_options(self.options)
            alone = len(offered) == 1 or any(says(o.text, "no") for o in offered)
            paired = bool(opposites(offered)) and not self.asked.negated
            return paired or (alone and any(says(o.text, "yes") for o in offered))
        last = re.split(r"[.!:]\s+", self.text.strip())[-1]
        return bool(BINARY.match(fold(last)) or BINARY.match(self.folded))

    @cached_property
    def trap(self) -> str:
        """Return why no single stored answer can serve the question, or nothing."""
        said = self._without_tail if self.options else self.text
        if any(p.search(fold(said)) for p in _patterns("trap")):
            return "it asks for more than an answer"
        legal = [i for i in self.intents if i in table("_screening")["legal"]]
        if len(self.named_in_options("statuses")) > 1:
            return ""
        if set(legal) == {"work_authorization", "sponsorship"} and self.says("unsponsored"):
            legal = ["work_authorization"]
        if len(set(legal)) > 1 and not set(legal) <= {"work_authorization", "citizenship"}:
            return f"it asks about {' and '.join(sorted(legal))} at once"
        measured = {i for i in self.intents if i in table("_screening")["measured"]} - {"years_of_experience"}
        return (
            "it asks about a degree and experience at once"
            if {"education_level", "skill_years"} <= measured
            else ""
        )

    @property
    def _without_tail(self) -> str:
        """Return the text without what is to be told beside the answer: “If so, please explain.”"""
        said = self.text
        for tail in _patterns("tail"):
            said = tail.sub("", said)
        return said if fold(said) else self.text

    @cached_property
    def negated(self) -> bool:
        """Tell whether the question is asked the other way round."""
        said = fold(UNLESS_FIRST.sub("", self.text)) if UNLESS_FIRST.match(self.text) else self.folded
        return _says_not(UNLESS_ALREADY.sub("", said)) or self.says("reversed")

    @property
    def inverted(self) -> bool:
        """Tell whether one plain word turns the question round: “are you unwilling to move”, “I am not bound”."""
        asked = self.asked
        opposing = sum(len(p.findall(asked.folded)) for p in _patterns("opposing"))
        if asked.denied:
            return (asked.statement or asked.stressed) and not asked.says("reversed")
        return opposing == 1

    @property
    def denied(self) -> bool:
        """Tell whether a “not” stands in the question."""
        return _says_not(self.folded)

    @property
    def stressed(self) -> bool:
        """Tell whether the “not” is written so that nobody overlooks it: “Will you NOT require …”."""
        return bool(re.search(r"\bNOT\b", self.text)) and not self.text.isupper()

    def says(self, name: str) -> bool:
        """Tell whether a pattern of the named list occurs in the question."""
        return any(p.search(self.folded) for p in _patterns(name))

    @cached_property
    def statement(self) -> bool:
        """Tell whether it is a sentence that the person makes their own: “I do not require a visa”."""
        return bool(STATEMENT.match(self.folded)) and not self.text.rstrip(" *").endswith("?")

    @property
    def asks_status(self) -> bool:
        """Tell whether the question asks which of several statuses is the person's."""
        return (len(self.named_in_options("statuses")) > 1 and not self.named("statuses")) or bool(
            re.search(
                r"\b(what|which|status|citizenship|select|nationality|identify|indicate|describes)\b",
                self.folded,
            )
        )

    @property
    def offers_statuses(self) -> bool:
        """Tell whether it offers several statuses, or a sponsor's help, to choose one's own from."""
        law = {"work_authorization", "citizenship"} & set(self.intents) or "status" in self.folded
        return (
            bool(law) and not self.binary and self.asks_status and len(self.named_in_options("statuses")) > 1
        )

    def named_in_options(self, scale: str) -> set[str]:
        """Return which members of a scale the options name."""
        return {name for option in self.options for name in Question(option.text).named(scale)}

    @cached_property
    def subject(self) -> frozenset[str]:
        """Return the words that say what the question is about, without the asking."""
        hollow = frozenset(table("_screening")["hollow"].split())
        return frozenset(w for w in self.folded.split() if w not in hollow)

    @property
    def topic(self) -> frozenset[str]:
        """Return the subject without how many years of it are asked for."""
        asked = frozenset(w for phrase in table("_measures")["said"]["minimum"] for w in phrase.split())
        return frozenset(w for w in self.subject - asked if not w.rstrip("+").isdigit())

    def named(self, scale: str) -> set[str]:
        """Return which members of a scale (statuses, modes) the question names."""
        groups = table("_screening")[scale]
        return {group[0] for group in groups if any(re.search(p, self.folded) for p in group[1:])}

    @cached_property
    def level(self) -> int | None:
        """Return the lowest degree named, 0 (school) to 4 (doctorate)."""
        return level_of(self.folded)


def _pieces(text: str) -> list[str]:
    """Return what “and” joins."""
    pieces = JOINT.split(text)
    return [p for piece in pieces for p in DUTCH_JOINT.split(piece)] if DUTCH.search(text) else pieces


def _says_not(folded: str) -> bool:
    """Tell whether a “not” turns the text round; “non-compete” and “if not” do not."""
    for name in _patterns("named_not"):
        folded = name.sub(" ", folded)
    return negated(folded)


def level_of(text: str) -> int | None:
    """Return the lowest degree that the text names, 0 (school) to 4 (doctorate), or None."""
    folded = fold(text)
    return next(
        (
            i
            for i, names in enumerate(table("_screening")["levels"])
            if any(re.search(n, folded) for n in names)
        ),
        None,
    )


def countries_in(text: str) -> set[str]:
    """Return the countries that the text names, by their first name."""
    return {c for c in table("_places")["countries"] if any(_stands_in(n, text) for n in spellings(c))}


def regions_in(text: str) -> set[str]:
    """Return the countries of the regions that the text names (European Union, DACH), all of them together."""
    regions = table("_places")["regions"]
    return {c for r in regions if any(re.search(p, fold(text)) for p in r["says"]) for c in r["countries"]}


def unites(text: str) -> bool:
    """Tell whether the text names a region whose citizens may work in all of its countries."""
    regions = (r for r in table("_places")["regions"] if r.get("one_permit"))
    return any(re.search(p, fold(text)) for r in regions for p in r["says"])


def citizens_of(text: str) -> set[str]:
    """Return the countries whose citizens the text names: “British”, “deutsche Staatsangehörigkeit”."""
    folded = fold(text)
    people = table("_places")["people"].items()
    return {c for c, names in people if any(re.search(rf"\b{n}\b", folded) for n in names)}


def states_in(text: str) -> set[str]:
    """Return the US states that the text names in full, or by two letters after a comma or in a list of such."""
    short = {m.casefold() for m in re.findall(r",\s*([A-Za-z]{2})\b", text)}
    short |= {m.casefold() for m in re.findall(r"[:(,]\s*([A-Z]{2})(?=\s*[,);?]| or | and |$)", text)}
    short |= {m.casefold() for m in re.findall(r"\b[A-Z]{2},? (?:or|and) ([A-Z]{2})\b", text)}
    return {s for s in table("_places")["states"] if _stands_in(s, text) or short & spellings(s)}


def names_town(text: str, state: str) -> str:
    """Return the town that the text names before the state (“Salem, OR”), or nothing when it names the state alone."""
    names = "|".join(re.escape(n) for n in sorted({state.lower(), *spellings(state)}, key=len, reverse=True))
    found = re.search(rf"((?:[A-Z][\w.'-]+ ?)+),\s*(?i:{names})\b", text)
    if found and not states_in(f", {found[1].strip()}"):
        return found[1].strip()
    alone = re.search(
        rf"(?i:\b(in|of|within|en|em|na)( the state of)?) (?i:{names})\b|[:(,]\s*(?i:{names})\b", text
    )
    return "" if alone else "?"


def _stands_in(name: str, text: str) -> bool:
    if len(name) <= 3 and fold(name) != "us":
        return bool(re.search(rf"\b{re.escape(name.upper())}\b", text))
    name = fold(name)
    if name == "us":
        return bool(
            re.search(
                r"\b(the|in|a) u\.?s\b|\bU\.?S\.?A?\b|^u\.?s\.? ",
                text,
                re.I if re.search("the us|in us|a us", text, re.I) else 0,
            )
        )
    return bool(re.search(rf"(^| ){re.escape(name)}($| )", fold(text)))
