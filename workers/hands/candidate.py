"""The candidate: what the job's input states about a person, as one value per label."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from workers.hands.phones import dial_code
from workers.hands.vocabulary import ongoing

Facts = Mapping[str, Any]
# Other spellings that clients use for the same fact.
SPELLINGS: Mapping[str, tuple[str, ...]] = {
    "address_line1": ("address_line1", "address_line_1", "street_address", "street", "address"),
    "address_line2": ("address_line2", "address_line_2", "apartment"),
    "zip": ("zip", "postal_code", "postcode", "zip_code"),
    "linkedin_url": ("linkedin_url", "linkedin"),
    "github_url": ("github_url", "github"),
    "portfolio_url": ("portfolio_url", "website", "website_url", "portfolio"),
    "preferred_name": ("preferred_name", "first_name"),
    "birth_date": ("birth_date", "date_of_birth"),
    "company": ("current_company", "company"),
    "job_title": ("current_title", "job_title", "title"),
    "start_date": ("start_date", "available_from", "availability"),
}
WORK_KEYS: Mapping[str, tuple[str, ...]] = {
    "company": ("company", "employer"),
    "job_title": ("title", "job_title", "position"),
    "work_location": ("location",),
    "work_start_date": ("start_date", "from"),
    "work_end_date": ("end_date", "to"),
    "work_description": ("description",),
}
EDUCATION_KEYS: Mapping[str, tuple[str, ...]] = {
    "school": ("institution", "school"),
    "degree": ("degree",),
    "field_of_study": ("field", "field_of_study", "major"),
    "gpa": ("gpa",),
    "edu_start_date": ("start_date", "start_year"),
    "edu_end_date": ("end_date", "graduation_date", "graduation_year"),
}


@dataclass(frozen=True, slots=True)
class Answer:
    """What to enter, and where it comes from.

    `source` is profile, qa, file, form_data or rule. `also` holds other true spellings of the same fact.
    """

    text: str
    source: str = "profile"
    confidence: float = 1.0
    reason: str = ""
    also: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Candidate:
    """A person as the job describes them; nothing is invented."""

    facts: Facts
    answers: Mapping[str, str] = field(default_factory=dict)
    resume: Path | None = None
    cover_letter: Path | None = None
    letter: str = ""

    @classmethod
    def from_input(
        cls, input_data: Mapping[str, Any], resume: Path | None = None, cover_letter: Path | None = None
    ) -> Candidate:
        """Return the candidate of an `apply` job's input."""
        answers = {
            str(k): str(v) for k, v in (input_data.get("qa_overrides") or {}).items() if v not in (None, "")
        }
        facts = dict(input_data.get("user_data") or {})
        facts |= dict(facts["location"]) if isinstance(facts.get("location"), Mapping) else {}
        letter = input_data.get("cover_letter")
        return cls(facts, answers, resume, cover_letter, letter.strip() if isinstance(letter, str) else "")

    def value(self, label: str, row: int = 0) -> Answer | None:
        """Return what the profile states for the label, or None; `row` counts the jobs and schools."""
        if label in WORK_KEYS or label in EDUCATION_KEYS or label in {"work_current", "edu_current"}:
            found = self._from_history(label, row)
            if found or row:
                return found
        derived = DERIVED.get(label)
        text = derived(self) if derived else self._first(SPELLINGS.get(label, (label,)))
        return Answer(text, reason=f"profile: {label}") if text else None

    def text(self, key: str) -> str:
        """Return one plain fact as text, or nothing."""
        value = self.facts.get(key)
        return (
            str(value).strip() if isinstance(value, str | int | float) and not isinstance(value, bool) else ""
        )

    def _first(self, keys: tuple[str, ...]) -> str:
        return next((text for text in map(self.text, keys) if text), "")

    def _from_history(self, label: str, row: int) -> Answer | None:
        work = label in WORK_KEYS or label == "work_current"
        rows = self.facts.get("work_history" if work else "education") or []
        if row >= len(rows) or not isinstance(rows[row], Mapping):
            return None
        entry = rows[row]
        if label in {"work_current", "edu_current"}:
            ended = str(entry.get("end_date") or entry.get("graduation_year") or "")
            return Answer(
                "Yes" if not ended.strip() or ongoing(ended) else "No", reason=f"profile: {label} {row + 1}"
            )
        text = next(
            (str(entry[k]).strip() for k in {**WORK_KEYS, **EDUCATION_KEYS}[label] if entry.get(k)), ""
        )
        if label.endswith("_date") and ongoing(text):
            return None
        return Answer(text, reason=f"profile: {label} {row + 1}") if text else None

    def rows(self, label: str) -> int:
        """Return how many jobs or schools the profile holds for that label."""
        if label in WORK_KEYS:
            return len(self.facts.get("work_history") or [])
        return len(self.facts.get("education") or []) if label in EDUCATION_KEYS else 1


def _full_name(who: Candidate) -> str:
    return who.text("full_name") or " ".join(filter(None, (who.text("first_name"), who.text("last_name"))))


def _location(who: Candidate) -> str:
    return who.text("location") or ", ".join(filter(None, map(who.text, ("city", "state", "country"))))


def _skills(who: Candidate) -> str:
    skills = who.facts.get("skills") or []
    return ", ".join(map(str, skills)) if isinstance(skills, list | tuple) else str(skills)


def _dial_code(who: Candidate) -> str:
    phone = who.text("phone")
    return who.text("phone_country_code") or (
        who.text("country") if phone and not phone.startswith("+") else dial_code(phone)
    )


DERIVED: Mapping[str, Callable[[Candidate], str]] = {
    "full_name": _full_name,
    "signature": _full_name,
    "location": _location,
    "skills": _skills,
    "phone_country_code": _dial_code,
}
