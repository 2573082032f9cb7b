"""How far a person's answer to a question may be kept: for all applications, for one site's, or not at all."""

from __future__ import annotations

from workers.hands.controls import Control
from workers.hands.questions import EEO, Question
from workers.hands.vocabulary import never_asked

# What is true of a person wherever they apply.
EVERYWHERE = frozenset(
    {
        *(
            "work_authorization",
            "sponsorship",
            "citizenship",
            "over_18",
            "drivers_license",
            "security_clearance",
        ),
        *("notice_period", "relocate", "travel", "work_mode", "education_level", "language"),
        *("skill_years", "skill_has", "certification", "years_of_experience"),
    }
)
NEVER = EEO | {"felony", "birth_date"}


def reach(control: Control, label: str) -> str:
    """Return `everywhere`, `site`, or `never` for secrets and for what nobody should find kept."""
    question = Question(control.question, control.options)
    about = {label, *question.intents}
    if control.type == "password" or control.kind == "file" or about & NEVER or never_asked(question.folded):
        return "never"
    return "everywhere" if question.intents[:1] and question.intents[0] in EVERYWHERE else "site"
