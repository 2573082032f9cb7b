"""What a list offers says what it asks for: places and dialling codes are known by themselves."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache

from workers.hands.controls import Control, Option
from workers.hands.options import spellings
from workers.hands.text import fold
from workers.hands.vocabulary import labels, spoken_for, table

# So many known places make a list of places; a few may stand in any list.
ENOUGH = 12
# No country has more parts than this; a longer list of regions is one of countries, in whatever language.
MOST_STATES = 150
DIALLING = re.compile(r"\+ ?\d{1,4}\b")


def offered_label(control: Control, guessed: str) -> str:
    """Return what the options show to be asked, mostly a kind of place, where the guess leaves room for it."""
    if guessed == "none" and (asked := _self_identified(control.options)):
        return asked
    if guessed == "none" and (named := _headed(control)):
        return named
    if guessed not in labels("of_places") or len(control.options) < ENOUGH:
        return ""
    texts = [fold(o.text) for o in control.options]
    countries = sum(text in _names("countries") for text in texts)
    states = sum(text in _names("states") for text in texts)
    if guessed != "country" and _dialling(control.options):
        return "phone_country_code"
    if not states and len(texts) > MOST_STATES and guessed in {"state", "county"}:
        return "country"
    if max(countries, states) < ENOUGH:
        return ""
    return "country" if countries > states else "state"


def _headed(control: Control) -> str:
    """Return the kind of place that the first option names where nothing else names the list: “State”."""
    if control.kind != "select" or control.label or control.near or len(control.options) < 3:
        return ""
    heard = spoken_for(fold(control.options[0].text)).keys() & labels("of_places") - {"none"}
    return next(iter(heard)) if len(heard) == 1 else ""


def _self_identified(options: Sequence[Option]) -> str:
    """Return what people are asked to say of themselves where only the choices name it."""
    heard = [spoken_for(fold(o.text)) for o in options]
    return next((x for x in ("disability_status", "veteran_status") if sum(x in h for h in heard) > 1), "")


def _dialling(options: Sequence[Option]) -> bool:
    return sum(bool(DIALLING.search(o.text)) for o in options) * 2 > len(options)


@cache
def _names(kind: str) -> frozenset[str]:
    return frozenset(name for place in table("_places")[kind] for name in spellings(place))
