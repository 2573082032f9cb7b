"""Why a job failed, in words that end with what to do about it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from jobs.models import Job
from jobs.presentation import shown_text

# What a failure means to people, and what to do next, by error code. Source of the codes: CONTRACT section 11.
NEXT_STEPS: Final[Mapping[str, tuple[str, str]]] = {
    "captcha_blocked": (
        "The site asked for proof that a person is there.",
        "Retry when the site is calmer, or from another network.",
    ),
    "element_not_found": (
        "The page did not show what the job needs.",
        "Look at the last picture; if the site has changed, other jobs for this host fail alike.",
    ),
    "timeout": ("The run took longer than its limit.", "Retry; if it happens again, give the job more time."),
    "rate_limited": ("The site refused to answer so often.", "Pause this host for a while, then retry."),
    "network_error": ("The site could not be reached.", "Check the address, then retry."),
    "browser_crashed": (
        "The browser ended unexpectedly.",
        "Retry; look at the worker's memory if it recurs.",
    ),
    "internal_error": ("Something went wrong inside the worker.", "Retry, and report the details below."),
    "login_required": ("The site wants an account.", "Store credentials for this site, then retry."),
    "2fa_required": ("The site asked for a second factor.", "Retry when the owner is at hand with the code."),
    "budget_exceeded": ("The job used up its budget.", "Raise the budget, then retry."),
    "action_limit_exceeded": (
        "The job took more steps than it may.",
        "Look at the timeline for a loop before retrying.",
    ),
    "validation_error": ("What the client sent does not fit the job.", "Correct the input and post it anew."),
    "hitl_timeout": ("Nobody answered in time.", "Retry when somebody can answer."),
    "worker_deregistered": ("Its worker was taken out of service.", "Retry, or send it to another worker."),
    "posting_closed": ("The posting is closed.", "Nothing: retrying will not open it again."),
    "already_applied": ("The site says this person has applied already.", "Nothing: do not apply twice."),
    "not_eligible": (
        "The site turned the person down by the answers given.",
        "Correct a wrong answer and post the job anew; else nothing.",
    ),
    "apply_elsewhere": (
        "The posting is applied for at another site or by e-mail.",
        "The details say where; post a job for that address.",
    ),
}
_UNKNOWN: Final = ("The run ended with a failure.", "Read the timeline, then retry.")


@dataclass(frozen=True, slots=True)
class Failure:
    """A failure in words: what it means, what the worker said, and the next step."""

    code: str
    meaning: str
    message: str
    next_step: str

    @property
    def is_about_the_site(self) -> bool:
        """Whether other jobs for the site will fail alike until it has rested."""
        return self.code in {"rate_limited", "captcha_blocked"}


def why_failed(job: Job) -> Failure:
    meaning, next_step = NEXT_STEPS.get(job.error_code or "", _UNKNOWN)
    details: Any = job.error_details if isinstance(job.error_details, dict) else {}
    message = shown_text(str(details.get("message") or "")) or shown_text(job.status_message)
    if job.may_have_submitted:
        next_step = "Its form may have been sent: find out first, then retry or leave it."
    return Failure(shown_text(job.error_code) or "failed", meaning, message, next_step)
