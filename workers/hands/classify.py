"""What each control asks for: a label, how sure we are, and why."""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass

from workers.hands.controls import CHOICE_KINDS, MENU_KINDS, Control
from workers.hands.marks import unmarked
from workers.hands.offered import offered_label
from workers.hands.text import Phrase, fold, split_identifier
from workers.hands.vocabulary import labels, never_asked, speaks_of, spoken_for, table

FILE_LABELS = labels("file")
CONSENT_LABELS = frozenset({"consent", "marketing_optin"})
PROFILE_LABELS = labels("profile")
TEXT_ONLY = labels("text_only")
YES_OR_NO = labels("yes_or_no")
# What no single box can say.
OF_A_CAREER = frozenset({"company", "job_title", "school", "degree", "city", "state", "country", "location"})
IDENTIFIERS = frozenset({"id", "name", "automation"})
BY_TYPE = {"email": "email", "tel": "phone", "url": "portfolio_url"}
# Number pads are also put up for postcodes: `tel` says less than the others.
TYPE_SAYS = {"email": 0.75, "tel": 0.45, "url": 0.75}
URLS = frozenset({"linkedin_url", "github_url", "other_url"})
REACHED_AT = re.compile(r"\S@\S|(\d[ ().-]{0,2}){7}")
# What an example is of by its shape: “you@work.com”, “(___) ___-____”, “+1 555 010 9999”.
SAMPLES = {
    "email": re.compile(r"^(e\.?g\.?:? )?[\w.+-]+@[\w-]+\.\w[\w.]+$", re.I),
    "phone": re.compile(
        r"^(\+[\d_#x]{1,3}[ .-]?)?(\([\d_#x]{2,4}\)|[\d_#x]{3})[ .-]?[\d_#x]{3}[ .-]?[\d_#x]{4}$", re.I
    ),
}
SAMPLE_SAYS = 0.6
# What the field for an address wants, where its example names no street.
TOWN_ONLY = re.compile(r"^\W*(e\.?g\.?:? )?city\b[^\d]*$", re.I)
THRESHOLD = 0.4
NOISE = re.compile(
    r"\(?\b(start typing|type (to|at least|in) (search|find|load|filter|\d))\b[^)]*\)?"
    r"|\b(please )?(enter|type|provide|select|choose|fill in) (your|the|a|an)\b|\bplease enter\b|\benter\b|:$",
    re.IGNORECASE,
)
BRACKETS = re.compile(r"\([^)]*\)")


@dataclass(frozen=True, slots=True)
class Guess:
    """A label with a confidence between 0 and 1 and the reason for it."""

    label: str
    confidence: float
    reason: str


SILENT = (0.0, "")
LEFT_ALONE = Guess("none", 0.0, "nothing known asks like this")


def classify(control: Control, lang: str = "") -> Guess:
    """Return what the control asks for, from its own words only, read in the page's language where it states one."""
    sure = _vetoed(control) or _by_autocomplete(control) or _by_type(control)
    return _for_alerts(control, sure or _by_options(control, _by_words(control, lang)))


def _by_options(control: Control, guess: Guess) -> Guess:
    offered = offered_label(control, guess.label) if guess.label != "none" or guess is LEFT_ALONE else ""
    return Guess(offered, 0.85, "its options say so") if offered not in {"", guess.label} else guess


def _vetoed(control: Control) -> Guess | None:
    if control.landmark == "search":
        return Guess("none", 0.9, "part of a search")
    # What stands before a control that has a name of its own may belong to another one.
    named = control.label or control.placeholder
    for name, text, _ in _sources(control):
        if not (named and name == "near") and (found := never_asked(text)):
            return Guess("none", 0.97, f"{name} says “{found}”")
    return None


def _for_alerts(control: Control, guess: Guess) -> Guess:
    """Leave an address alone that only a form for job alerts asks for."""
    told = [*control.sections[:1], control.label, split_identifier(f"{control.name} {control.html_id}")]
    alerts = guess.label == "email" and any(speaks_of(fold(text), "alerts") for text in told)
    return Guess("none", 0.9, "for job alerts") if alerts else guess


def _by_autocomplete(control: Control) -> Guess | None:
    tokens = [
        t for t in control.autocomplete.lower().split() if t not in {"on", "off", "webauthn", "nope", "false"}
    ]
    if not tokens:
        return None
    label = (
        "none"
        if tokens[-1].startswith(("cc-", "transaction-"))
        else table("_labels")["autocomplete"].get(tokens[-1])
    )
    return Guess(label, 0.97, f"autocomplete={tokens[-1]}") if label else None


def _by_type(control: Control) -> Guess | None:
    if control.type == "password":
        return Guess("none", 0.97, "type=password")
    if control.kind == "file":
        return _file(control)
    return None


def _file(control: Control) -> Guess:
    around = [*_sources(control), ("section", fold(" ".join(control.sections)), 0.6)]
    scores = {label: found for label, found in _scores(around).items() if label in FILE_LABELS}
    if not scores:
        return Guess("other_file", 0.3, "a file nobody names")
    label, (score, why) = max(scores.items(), key=lambda item: item[1][0])
    if label == "other_file" and ("“=" in why or not control.label):
        # What invites to upload just any file stands below the heading that says which.
        above = _scores([("section", fold(s), 0.8) for s in control.sections[:1]])
        label = next((named for named in ("resume_file", "cover_letter_file") if named in above), label)
    return Guess(label, min(0.98, score), why)


def _sources(control: Control) -> list[tuple[str, str, float]]:
    """Return (name, folded text, weight) of everything that speaks for the control, best first."""
    said = control.label
    if control.kind in MENU_KINDS and control.value:
        # What a menu button shows is its answer, not its question.
        said = said.removesuffix(control.value).strip() or said
    label, bare = _plain(said), _plain(BRACKETS.sub(" ", said))
    near, plain = _plain(control.near), _plain(BRACKETS.sub(" ", control.near))
    # Menus that can be searched say so where others show an example.
    hint = 0.4 if control.kind in MENU_KINDS else 0.7
    found = [
        ("label", label, 1.0),
        ("near", near if near != label else "", 0.55 if label else 0.65 if control.placeholder else 0.9),
        ("bare label", bare if bare != label else "", 0.9),
        ("near", plain if plain != near and not label else "", 0.8),
        ("cell", fold(control.cell), 0.8),
        ("placeholder", _plain(control.placeholder), hint),
        ("id", split_identifier(control.html_id), 0.75),
        ("name", split_identifier(control.name), 0.8),
        ("automation", split_identifier(control.automation), 0.8),
        ("title", fold(control.title), 0.5),
    ]
    return [(name, text, weight) for name, text, weight in found if text]


def _plain(text: str) -> str:
    return fold(NOISE.sub(" ", unmarked(text)))


def _by_words(control: Control, lang: str) -> Guess:
    found = _scores(_sources(control), lang)
    scores = {k: v for k, v in found.items() if k not in FILE_LABELS and _fits(k, control)}
    typed = BY_TYPE.get(control.type)
    other = _named_otherwise(control) if typed == "phone" else URLS & scores.keys()
    if typed and not other and scores.get("none", SILENT) <= scores.get(typed, scores.get("none", SILENT)):
        score, why = scores.get(typed, SILENT)
        scores[typed] = (score + TYPE_SAYS[control.type], why or f"type={control.type}")
    if (sample := _sampled(control)) and "none" not in scores:
        score, why = scores.get(sample, SILENT)
        scores[sample] = (score + SAMPLE_SAYS, why or "its example looks like one")
    if not scores:
        return LEFT_ALONE
    label, (score, why) = max(scores.items(), key=lambda item: item[1][0])
    if label == "address_line1" and TOWN_ONLY.search(control.placeholder):
        label = "location"
    return Guess(label, min(0.98, round(score, 2)), why) if score >= THRESHOLD else LEFT_ALONE


def _sampled(control: Control) -> str:
    """Return the label of what the placeholder is an example of, if it is one."""
    shown = control.placeholder.strip()
    return next((label for label, shape in SAMPLES.items() if shape.search(shown)), "")


def _named_otherwise(control: Control) -> bool:
    """Tell whether a number pad is for something that is not called a telephone."""
    said = [text for name, text, _ in _sources(control) if name in {"label", "near", "placeholder"}]
    return bool(said) and not any("phone" in spoken_for(text) for text in said)


def _fits(label: str, control: Control) -> bool:
    """Tell whether a control of that kind can hold an answer of that label at all."""
    if control.kind in {"checkbox", "range"} and label in TEXT_ONLY:
        return False
    if control.kind == "checkbox" and label in OF_A_CAREER:
        return False
    if label in YES_OR_NO and control.kind in {"text", "textarea"}:
        return False
    if label in CONSENT_LABELS:
        return control.kind in {"checkbox", "checkboxes"} | CHOICE_KINDS | MENU_KINDS
    if label in {"phone", "email"} and control.kind in CHOICE_KINDS:
        # A list may hold the person's own addresses and numbers.
        return any(REACHED_AT.search(o.text) for o in control.options)
    return not (label == "cover_letter_text" and control.kind in CHOICE_KINDS)


def _scores(sources: list[tuple[str, str, float]], lang: str = "") -> dict[str, tuple[float, str]]:
    totals: dict[str, list[tuple[float, str]]] = defaultdict(list)
    for name, text, weight in sources:
        own = name in IDENTIFIERS
        for label, found in spoken_for(text, identifier=own, lang="" if own else lang).items():
            # Sites call an e-mail field `user_name`; what people read in it weighs more.
            share = 0.7 if label in {"none", "username"} and own else 1.0
            totals[label].append(
                (share * weight * _strength(label, found, text), f"{name} says “{found.source}”")
            )
    return {label: _combined(hits) for label, hits in totals.items()}


def _combined(hits: list[tuple[float, str]]) -> tuple[float, str]:
    """Return the best voice, raised a little by every further one."""
    ordered = sorted(hits, reverse=True)
    return ordered[0][0] + 0.15 * sum(score for score, _ in ordered[1:]), ordered[0][1]


def _strength(label: str, found: Phrase, text: str) -> float:
    """Return how much a phrase says: more when it is long, and when it is most of the text."""
    length = len(text.split())
    covered = min(1.0, len(found.source.split()) / max(1, length))
    strength = 0.6 + min(0.25, 0.012 * found.weight) + 0.15 * covered
    if label in PROFILE_LABELS and length > 7:
        strength *= 0.3 if length > 12 else 0.6
    return strength
