"""Questions of law: the permission to work, a visa sponsor, citizenship. Each country's is its own; no defaults."""

from __future__ import annotations

import re

from workers.hands.candidate import Answer
from workers.hands.options import negated, real_options, says
from workers.hands.questions import CLAUSE, SETTLED, Question, citizens_of, countries_in, regions_in, unites
from workers.hands.residence import PLACES
from workers.hands.stated import Known, Stored, fit, yes_no
from workers.hands.text import fold

LEAD = re.compile(r"^(yes|no|ja|nein|oui|non|si|sim|nao|nee)\b(\s*[,.:;\u2013-]+\s*|\s+(?=i\b))", re.I)
SPONSOR = re.compile(r"\b(?:visum)?sponsor\w*|\bvisa(?: support|sponsor\w*)\b|\bparrain\w*|\bpatroc\w*")
NEEDS = re.compile(
    r"\b(require|need|requires|needs|required|needed"
    r"|benotig\w*|brauch\w*|besoin|necesito|requiero|preciso|necessito|bisogno|nodig)\b"
)
US_PERSON = re.compile(r"^(?:i am )?(?:an? )?u ?s person\b")
FIT_TO_WORK = re.compile(
    r"(yes )?(i am )?((currently|legally|fully) )*(authori[sz]ed|eligible|permitted|entitled)\b"
)
UNSPONSORED = re.compile(
    r"\b(without|no|ohne|keine?n?|sans|pas de|aucun|sin|sem|senza|zonder|geen)( \w+){0,3} (\w*sponsor|parrain|patroc)"
)


def authorized(known: Known) -> tuple[bool | None, str, str]:
    """Return whether the candidate may work, in which country, and where that is stated."""
    for stored in known.about("work_authorization"):
        said = f"{stored.key} {stored.value}"
        country = next(iter(countries_in(said)), said if regions_in(said) else known.who.text("country"))
        if stored.yes is not None and not stored.question.negated:
            return stored.yes, _with_members(known, country, stored.yes), f"stated in “{stored.key}”"
        if _is_resident(stored.value) or re.search(r"^(fully )?authori[sz]ed\b", fold(stored.value)):
            return True, country, f"stated in “{stored.key}”"
    return None, "", ""


def _with_members(known: Known, place: str, yes: bool) -> str:
    """Return the place with the countries for which a permit for all of its region is meant: those of its members.

    Only a union's permit reaches beyond the country where the person lives, and a no to all says nothing of each.
    """
    members, home = regions_in(place), countries_in(known.who.text("country") + " ")
    if countries_in(place) or not yes or not members & home:
        return place
    return ", ".join([place, *sorted(members if unites(place) else members & home)])


def needs_sponsorship(known: Known) -> bool | None:
    """Return whether the candidate needs a visa sponsor, as far as it is stated."""
    for stored in known.about("sponsorship"):
        if stored.yes is not None and not stored.question.negated:
            return stored.yes
    for stored in known.stored:
        if (
            set(stored.question.intents[:2]) & {"work_authorization", "citizenship"}
            or stored.key == "work_authorization"
        ):
            if _is_resident(stored.value) or re.search(r"(without|no|not).{0,20}sponsor", fold(stored.value)):
                return False
            if re.search(r"(require|need)s? .{0,15}sponsor", fold(stored.value)):
                return True
    return None


def _is_resident(value: str) -> bool:
    said = fold(value)
    return bool(re.search(r"\bcitizen\b|permanent resident|green card", said)) and not says(value, "no")


def _elsewhere(question: Question, country: str) -> bool:
    """Tell whether the question is about another country than the one stated."""
    asked, home = countries_in(question.text), {country} | countries_in(country + " ")
    if asked or not country:
        # A permit for one of two countries is none for the other.
        either = question.says("alternatives") and not question.says("requiring") and not regions_in(country)
        reached = asked <= home or (either and asked & home)
        return bool(asked and country and not reached)
    # A permit for one country of a region says nothing of the others.
    return bool(regions_in(question.text)) and not regions_in(country)


def authorization(known: Known, question: Question) -> Answer | None:
    """Answer whether the candidate may work there."""
    yes, country, reason = authorized(known)
    needs = needs_sponsorship(known)
    if yes is None or _elsewhere(question, country) or _beyond(known, question):
        return None
    if question.binary and question.says("kind_of_permit"):
        return _of_that_kind(known, question)
    by_sentence = _sentence(question, yes, needs)
    if not by_sentence and question.named_in_options("statuses"):
        return citizenship(known, question)
    if by_sentence or not question.binary:
        return by_sentence or _fit_to_work(question, yes)
    return _allowed(known, question, yes, reason)


def _allowed(known: Known, question: Question, yes: bool, reason: str) -> Answer | None:
    """Say yes or no to a permission, whichever way round and with whatever conditions it is asked about."""
    needs = needs_sponsorship(known)
    if question.says("restricted") or question.says("hindered"):
        return yes_no(question, not yes, 0.85, reason) if _unhindered(known, question) else None
    if question.says("unsponsored") or question.says("unlimited"):
        if needs is None:
            return None
        yes = yes and not needs
    elif question.negated:
        return yes_no(question, not yes, 0.85, reason) if question.inverted else None
    return yes_no(question, yes, 0.92, reason)


def _of_that_kind(known: Known, question: Question) -> Answer | None:
    """Answer under what kind of permit somebody works: none at all, where their status needs none."""
    if question.named("statuses"):
        return citizenship(known, question)
    if not _settled(known) or question.negated or not question.says("dependent_permit"):
        return None
    return yes_no(question, False, 0.85, "stated about citizenship")


def _fit_to_work(question: Question, yes: bool) -> Answer | None:
    """Return the one option that says without more that somebody may work."""
    found = [
        o
        for o in real_options(question.options)
        if FIT_TO_WORK.match(fold(o.text))
        and _option_needs(o.text) is None
        and not Question(o.text).says("unlimited")
    ]
    return Answer(found[0].text, "qa", 0.85, "stated about work") if yes and len(found) == 1 else None


def _unhindered(known: Known, question: Question) -> bool:
    """Tell whether the question names nothing but what would keep somebody from working, which a permit rules out."""
    if question.says("restricted"):
        return _settled(known) and not negated(question.folded)
    return set(question.intents) <= {"work_authorization", "citizenship"}


def _beyond(known: Known, question: Question) -> bool:
    """Tell whether the question is about what was, or about a permit that does not end where none was stated."""
    return question.says("past") or (question.says("lasting") and not _settled(known))


def _settled(known: Known) -> bool:
    return any(_is_resident(s.value) or (s.yes and _is_resident(s.key)) for s in known.stored)


def _sentence(question: Question, yes: bool, needs: bool | None) -> Answer | None:
    """Return the one option that says in a sentence what was stated: may work, with or without a sponsor."""
    offered = real_options(question.options)
    if needs is None or not yes:
        return None
    if needs:
        found = [o for o in offered if _option_needs(o.text) is True]
    else:
        found = [o for o in offered if _option_needs(o.text) is False or _unlimited(o.text)]
    texts = {o.text for o in found}
    return Answer(texts.pop(), "qa", 0.85, "stated about sponsorship") if len(texts) == 1 else None


def _unlimited(text: str) -> bool:
    return Question(text).says("unlimited") and not _option_needs(text)


def _option_needs(text: str) -> bool | None:
    """Return whether an option says that a sponsor is needed, or None when it does not speak of one."""
    bare = LEAD.sub("", text)
    if not SPONSOR.search(fold(bare)):
        return None
    clauses = [fold(clause) for clause in CLAUSE.split(bare)]
    if any(NEEDS.search(c) and not negated(c) for c in clauses):
        # “Not now but needed later” is a need.
        return True
    return False if any(UNSPONSORED.search(c) or NEEDS.search(c) for c in clauses) else None


def sponsorship(known: Known, question: Question) -> Answer | None:
    """Answer whether the candidate needs a visa sponsor there."""
    needs, country = needs_sponsorship(known), authorized(known)[1]
    if needs is None or _elsewhere(question, country) or question.says("past"):
        return None
    asked = question.asked
    refers = not asked.intents and asked.says("referring") and NEEDS.search(asked.folded)
    if not ("sponsorship" in asked.intents or refers) or (not question.options and asked.says("particulars")):
        return None
    speaking = [o for o in real_options(question.options) if _option_needs(o.text) is not None]
    if speaking:
        # Which kind of sponsor's help is needed was not stated.
        fits = [
            o for o in speaking if _option_needs(o.text) is needs and not Question(o.text).named("statuses")
        ]
        return Answer(fits[0].text, "qa", 0.9, "stated about sponsorship") if len(fits) == 1 else None
    if question.options and not question.binary:
        return None if needs else fit(question, "No", 0.85, "stated about sponsorship")
    if asked.negated:
        # Who makes the sentence “I do not require …” their own says so with a yes.
        plain = question.statement and set(question.intents) <= {"sponsorship", "consent"}
        plain = plain or asked.stressed
        without = asked.says("unsponsored") and asked.says("able_to_work") and authorized(known)[0]
        return yes_no(question, not needs, 0.85, "stated about sponsorship") if plain or without else None
    return yes_no(question, needs, 0.9, "stated about sponsorship")


def citizenship(known: Known, question: Question) -> Answer | None:
    """Answer whether the candidate is a citizen or holds the status asked for, or which status is theirs."""
    if question.says("past"):
        return None
    mine = next(filter(None, map(_status, known.stored)), None)
    if mine is None and question.binary:
        return _national(known, question)
    if mine is None:
        found = next(iter(known.about("citizenship")), None)
        plain = found is not None and found.yes is None and not question.binary
        return fit(question, found.value, 0.85, f"stated in “{found.key}”") if found and plain else None
    value, reason = mine
    asked = question.named("statuses")
    people = citizens_of(question.folded)
    turned = question.binary and (question.negated or bool(people and people.isdisjoint(citizens_of(value))))
    if turned or _elsewhere(question, next(iter(countries_in(value)), "")):
        return None
    if question.binary and question.says("of_being") and not question.says("of_having"):
        return None
    if question.binary and asked:
        return yes_no(question, bool(Question(value).named("statuses") & asked), 0.9, reason)
    if question.binary and question.says("dependent_permit") and _settled(known):
        return yes_no(question, False, 0.85, reason)
    named = fit(question, _named_as_asked(question, value), 0.85, reason) if question.asks_status else None
    return named or _us_person(question, value, reason)


def _us_person(question: Question, status: str, reason: str) -> Answer | None:
    """Choose “U.S. person”, which is what the law of export calls citizens and other lasting residents."""
    if not Question(status).named("statuses") & SETTLED or not (
        countries_in(status) | citizens_of(status)
    ) <= {"United States"}:
        return None
    found = [
        o for o in real_options(question.options) if US_PERSON.search(fold(o.text)) and not negated(o.text)
    ]
    return Answer(found[0].text, "qa", 0.85, reason) if len(found) == 1 else None


def _named_as_asked(question: Question, status: str) -> str:
    """Return the country alone where the question wants that, not the status: “country of citizenship”."""
    countries = countries_in(status) | citizens_of(status)
    asks = set(question.folded.split()) & set(PLACES["country"])
    return countries.pop() if asks and len(countries) == 1 else status


def _national(known: Known, question: Question) -> Answer | None:
    """Say yes to the nationality that was stated; who has another one may have both."""
    asked = citizens_of(question.folded)
    for stored in known.about("citizenship"):
        if asked and asked == citizens_of(stored.value) and not question.negated:
            return yes_no(question, True, 0.85, f"stated in “{stored.key}”")
    return None


def _status(stored: Stored) -> tuple[str, str] | None:
    """Return the status that an answer states, by name or by a yes to a single one."""
    reason = f"stated in “{stored.key}”"
    if Question(stored.value).named("statuses") and not negated(stored.value):
        return stored.value, reason
    own = stored.question.named("statuses")
    if (
        stored.yes
        and len(own) == 1
        and not stored.question.negated
        and "citizenship" in stored.question.intents[:1]
    ):
        return re.sub(
            r"^(are|is) (you|the candidate|it)( an?)?\b|\?", "", stored.key, flags=re.I
        ).strip(), reason
    return None
