"""Second look at a page's controls: what the neighbours, the section and the order say about each."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import pairwise

from workers.hands.accounts import settle_accounts
from workers.hands.classify import Guess, classify
from workers.hands.controls import Control, PageView, Ref
from workers.hands.dates import part_asked
from workers.hands.scope import elsewhere
from workers.hands.text import fold, split_identifier
from workers.hands.vocabulary import labels, said, speaks_of, word_set

WORK, STUDY = labels("work"), labels("study")
# “Principal's email”; “your” and “applicant's” are one's own.
POSSESSIVE = re.compile(
    r"\b(\w{3,}) s (?:\w+ )?(?:e ?mail|phone|telephone|tel|mobile|cell|name|contact|address)\b"
)
IN_WORK = {
    "from_date": "work_start_date",
    "to_date": "work_end_date",
    "location": "work_location",
    "city": "work_location",
}
IN_STUDY = {"topic": "field_of_study", "from_date": "edu_start_date", "to_date": "edu_end_date"}


def guesses(view: PageView) -> dict[Ref, Guess]:
    """Return what every control of the page asks for."""
    found: dict[Ref, Guess] = {}
    history = ""
    beside: tuple[str, ...] = ()
    own = [(c, _of_section(c, classify(c, view.lang))) for c in view.controls]
    # What stands over somebody's own name as well heads the whole form, and no history.
    over = {s for c, guess in own if guess.label in {"first_name", "last_name"} for s in c.sections}
    for control, guess in own:
        within = replace(control, sections=tuple(s for s in control.sections if s not in over))
        history = _history(within, guess, history if control.sections == beside else "")
        beside = control.sections
        found[control.ref] = _in_context(control, guess, history)
    found |= dict(_among_cards(view.controls, found)) | dict(_among_addresses(view.controls, found))
    found |= dict(_before_surnames(view.controls, found))
    found |= dict(_second_lines(view.controls, found))
    if any(_applies(c, found) for c in view.controls):
        found |= {ref: Guess("none", 0.85, why) for ref, why in elsewhere(view).items()}
    else:
        found |= {
            ref: Guess("none", 0.7, "a firm's details, and no application")
            for ref, guess in found.items()
            if guess.label in labels("of_the_account") | {"cover_letter_text"}
        }
    return settle_accounts(view, _date_pairs(view.controls, found))


def _of_section(control: Control, guess: Guess) -> Guess:
    """Month and year boxes ask for the date that their group is named after."""
    if guess.label not in {"none", "from_date", "to_date"} or not part_asked(control) or not control.sections:
        return guess
    named = classify(
        replace(control, label=control.sections[0], near="", html_id="", name="", placeholder="")
    )
    return named if named.label.endswith("_date") else guess


def _history(control: Control, guess: Guess, before: str) -> str:
    """Return work or study when the control stands in such a section, else nothing."""
    if guess.label in WORK:
        return "work"
    if guess.label in STUDY:
        return "study"
    # The boxes of one date are a group of their own within the row.
    depth = 3 if part_asked(control) else 2
    # “Apply for this job” and “Job application” head the whole form, not the jobs that somebody had.
    for section in control.sections[:depth]:
        words = set() if said("forms", "applying").search(fold(section)) else set(fold(section).split())
        if words & word_set("study") and not words & word_set("work"):
            return "study"
        if words & word_set("work") and not words & word_set("study"):
            return "work"
    return before if guess.label in {"from_date", "to_date", "none"} else ""


def _in_context(control: Control, guess: Guess, history: str) -> Guess:
    section = fold(" ".join(control.sections))
    own = fold(f"{control.label or control.near} {control.placeholder}")
    if guess.label in labels("personal") | labels("of_a_person"):
        if set(section.split()) & word_set("other_people"):
            return Guess("none", 0.8, f"another person's: “{control.sections[0]}”")
        owner = POSSESSIVE.search(own)
        if set(own.split()) & word_set("another") or (owner and owner[1] not in word_set("oneself")):
            return Guess("none", 0.8, "another person's")
    table = {"work": IN_WORK, "study": IN_STUDY}.get(history, {})
    label = table.get(guess.label)
    if label and not (guess.label in {"location", "city"} and not section):
        return Guess(label, guess.confidence, f"{guess.reason}, in a {history} section")
    if guess.label == "name_prefix" and control.kind == "text" and "title" in guess.reason:
        # A title that is written, not chosen, is a position or the heading of something.
        return Guess("job_title" if history == "work" else "none", 0.6, guess.reason)
    if guess.label in {"from_date", "to_date"}:
        starts = guess.label == "from_date" and "from”" not in guess.reason
        label = "start_date" if starts else "none"
        return Guess(label, guess.confidence * 0.8, guess.reason)
    return replace(guess, label="none") if guess.label == "topic" else guess


def _applies(control: Control, found: Mapping[Ref, Guess]) -> bool:
    """Tell whether a control is one that contact forms lack: a file, a history, a postal address."""
    label = found[control.ref].label
    if label == "cover_letter_text" and "message" in found[control.ref].reason:
        return False  # contact forms ask for one as well
    if control.kind == "file" or label in labels("of_an_application"):
        return True
    words = set(fold(" ".join(control.sections)).split()) - set(fold(control.label or control.near).split())
    return bool(words & (word_set("work") | word_set("study"))) or _present(found[control.ref])


def _present(guess: Guess) -> bool:
    """Tell whether the words were about the present or a past employer."""
    return guess.label in labels("of_the_account") and bool(
        set(fold(guess.reason).split()) & word_set("employed")
    )


def _among_cards(controls: Sequence[Control], found: Mapping[Ref, Guess]) -> Iterator[tuple[Ref, Guess]]:
    """A name that stands before, between or right after the boxes of a card is the holder's."""
    for at, control in enumerate(controls):
        if found[control.ref].label != "full_name" or control.autocomplete.endswith("name"):
            continue
        around = [c for c in controls[max(0, at - 1) : at + 3] if c.form == control.form]
        after = [found[c.ref].label for c in controls[at + 1 : at + 2] if c.form == control.form]
        personal = set(after) & (labels("personal") | labels("of_a_person"))
        if _of_card(control) or (any(map(_of_card, around)) and not personal):
            yield control.ref, Guess("none", 0.8, "the holder of a card")


def _of_card(control: Control) -> bool:
    own = f"{control.label or control.near} {control.placeholder}"
    named = split_identifier(f"{control.html_id} {control.name}")
    return control.autocomplete.startswith("cc-") or speaks_of(f"{fold(own)} {named}", "card")


def _before_surnames(controls: Sequence[Control], found: Mapping[Ref, Guess]) -> Iterator[tuple[Ref, Guess]]:
    """A plain “name” right before the surname is the first name, where nothing else asks for that one."""
    for control, after in pairwise(controls):
        labels = found[control.ref].label, found[after.ref].label
        named = any(found[c.ref].label == "first_name" and c.form == control.form for c in controls)
        if labels == ("full_name", "last_name") and control.form == after.form and not named:
            yield control.ref, Guess("first_name", 0.7, "the name before a surname")


def _among_addresses(controls: Sequence[Control], found: Mapping[Ref, Guess]) -> Iterator[tuple[Ref, Guess]]:
    """In a postal address “City, State” asks for the town; elsewhere, or beside one, for where somebody lives."""
    addressed = {c.form for c in controls if found[c.ref].label in {"address_line1", "zip"}}
    towns = {c.form for c in controls if found[c.ref].label == "city"}
    for control in controls:
        named = "city" in found[control.ref].reason or control.form not in towns
        if found[control.ref].label == "location" and control.form in addressed and named:
            yield control.ref, Guess("city", found[control.ref].confidence, "part of a postal address")


def _second_lines(controls: Sequence[Control], found: Mapping[Ref, Guess]) -> Iterator[tuple[Ref, Guess]]:
    """A box without words after the street, named like it but for a 2, is the address's second line."""
    for control, after in pairwise(controls):
        named = control.name.endswith("1") and after.name == control.name[:-1] + "2"
        if named and found[control.ref].label == "address_line1" and found[after.ref].label == "none":
            yield after.ref, Guess("address_line2", 0.7, "the line after the street")


def _date_pairs(controls: Sequence[Control], found: dict[Ref, Guess]) -> dict[Ref, Guess]:
    """A lone year or month box belongs to the date before it."""
    for before, control in pairwise(controls):
        guess = found[before.ref]
        rest = fold(control.label or control.near) in {"year", "month", "yyyy", "mm"}
        rest = rest or bool(part_asked(before) and part_asked(control))
        if rest and found[control.ref].label == "none" and guess.label.endswith("_date"):
            found[control.ref] = Guess(guess.label, guess.confidence * 0.9, "the rest of the date before it")
    return found
