"""Where a candidate lives, compared with the places that questions name."""

from __future__ import annotations

import re

from workers.hands.candidate import Answer
from workers.hands.options import choose, exactly, negated, real_options, spellings
from workers.hands.questions import Question, countries_in, names_town, regions_in, states_in
from workers.hands.stated import Known, fit, yes_no
from workers.hands.text import fold
from workers.hands.vocabulary import table

OUTSIDE = re.compile(
    r"\b(?:outside(?: of)?|ausserhalb|en dehors|hors d\w*|fuera d\w*|buiten|fuori d\w*|fora d\w*)\b"
)
PLACES = {
    "state": ("state", "province", "bundesland", "provincia", "estado", "provincie"),
    "country": ("country", "land", "pays", "pais", "paese"),
    "city": ("city", "town", "stadt", "ville", "ciudad", "cidade", "citta"),
}


def located(known: Known, question: Question) -> Answer | None:
    """Compare the place asked about with where the candidate lives; unknown towns in the own state stay unsaid."""
    home_state, home_country = known.who.text("state"), known.who.text("country")
    zones = [z for z in table("_places")["time_zones"] if f"{z.lower()} time" in question.folded]
    if not question.binary and question.options:
        return _of_home(known, question)
    if not question.binary or not home_country:
        return None
    question = _asking(question)
    if OUTSIDE.search(question.folded):
        return _outside(question, countries_in(home_country + " "))
    if question.negated:
        return None
    if zones:
        return _in_zone(question, zones[0], home_state)
    mine = _region(home_state)
    states, city = states_in(question.text), fold(known.who.text("city"))
    if city and f" {city} " in f" {question.folded} " and (not states or mine in states):
        return yes_no(question, True, 0.85, "profile: city")
    if states and home_state:
        return _in_state(question, mine, states, known.who.text("city"))
    return None if states else _in_country(question, countries_in(home_country + " "))


def _asking(question: Question) -> Question:
    """Return the sentence that asks, where it names the place itself: what others say of it decides nothing."""
    asked = question.asked
    return asked if asked.binary and (_named(asked.text) or OUTSIDE.search(asked.folded)) else question


def _named(text: str) -> bool:
    return bool(countries_in(text) or regions_in(text) or states_in(text))


def _region(state: str) -> str:
    """Return the name of the state, also where it was given by its letters."""
    return next(iter(states_in(f"{state}, {state}")), state)


def _in_zone(question: Question, zone: str, state: str) -> Answer | None:
    there = _region(state) in table("_places")["time_zones"][zone]
    return yes_no(question, there, 0.85, "profile: state") if state else None


def _in_country(question: Question, home: set[str]) -> Answer | None:
    named = countries_in(question.text) or regions_in(question.text)
    return yes_no(question, bool(named & home), 0.9, "profile: country") if named else None


def _outside(question: Question, home: set[str]) -> Answer | None:
    """Answer whether somebody lives outside of the one country that the question names."""
    named = countries_in(question.text)
    plain = len(named) == 1 and not negated(question.folded)
    return yes_no(question, not named & home, 0.85, "profile: country") if plain else None


def at_home(known: Known, question: Question) -> bool:
    """Tell whether the question names the town or state in which the candidate lives already."""
    state, city = known.who.text("state"), fold(known.who.text("city"))
    named = bool(city) and f" {city} " in f" {question.folded} "
    return named or (bool(state) and bool(states_in(question.text) & states_in(f"{state}, {state}")))


def abroad(known: Known, question: Question) -> bool:
    """Tell whether the question names a country, and not the one where the candidate lives."""
    named = countries_in(question.text.lower())  # in small letters, “CO” is no Colombia
    return bool(named) and not named & countries_in(known.who.text("country") + " ")


def _of_home(known: Known, question: Question) -> Answer | None:
    """Choose the state, country or town of residence, whichever is asked for by name."""
    if "time zone" in question.folded:
        zone = _time_zone(known.who.text("state"))
        return fit(question, zone, 0.85, "profile: state") if zone else None
    asked = {w: key for key, ways in PLACES.items() for w in ways}
    key = next((asked[w] for w in question.folded.split() if w in asked), "")
    home = known.who.text(key) if key else ""
    return fit(question, home, 0.85, f"profile: {key}") if home else _of_several(known, question)


def _of_several(known: Known, question: Question) -> Answer | None:
    """Choose the town, with what lies around it, or else the state or country, where the options name such."""
    city, state, country = (known.who.text(key) for key in ("city", "state", "country"))
    offered = real_options(question.options)
    around = [o for o in offered if city and spellings(_centre(o.text)) & spellings(city)]
    if len(around) == 1:
        return Answer(around[0].text, "profile", 0.85, "profile: city")
    town = choose(offered, [f"{city}, {state}"]) if city and state else None
    if town and states_in(town.text) - states_in(f"{state}, {state}"):
        return None  # a town of the same name in another state
    found = town or next((o for place in (state, country) if place and (o := exactly(offered, place))), None)
    return Answer(found.text, "profile", 0.85, "profile: where they live") if found else None


def _centre(place: str) -> str:
    """Return the town of which an option names the surroundings: “Greater Boston”, “Großraum München”."""
    said = fold(place)
    for around in table("_places")["around"]:
        said = re.sub(rf"\b{around}\b", "", said)
    return " ".join(said.split())


def _time_zone(state: str) -> str:
    mine = _region(state)
    return next((zone for zone, states in table("_places")["time_zones"].items() if mine in states), "")


def _in_state(question: Question, mine: str, states: set[str], city: str) -> Answer | None:
    if mine not in states:
        return yes_no(question, False, 0.85, "profile: state")
    town = names_town(question.text, mine)
    if town and fold(town) != fold(city):
        return None
    return yes_no(question, True, 0.85, "profile: city" if town else "profile: state")
