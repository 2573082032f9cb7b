"""What a handler may answer. The executor maps each outcome to exactly one lifecycle call."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Completed:
    """The chore was done, with positive evidence.

    `result_data` becomes the job's `result_data` column: for applications it holds
    `confirmation_id`, `confirmation_text`, `final_url` and the field report in `fields`.
    """

    result_data: Mapping[str, Any]
    summary: str


@dataclass(frozen=True, slots=True)
class Failed:
    """The chore was not done; `code` decides whether the queue tries again.

    Source: the error codes of `jobs.retries`.
    """

    code: str
    message: str
    details: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class NeedsHuman:
    """Only a person can go on.

    `interaction_type` is one of captcha, login, 2fa, bot_check, question, verify_submission, review.
    Returned by a handler it parks the job: the page is closed, and a resume runs the job again.
    `screenshot` names a picture saved with `Run.save_screenshot`.
    """

    interaction_type: str
    message: str
    page_url: str = ""
    screenshot: str = ""
    details: Mapping[str, Any] = field(default_factory=dict)

    @property
    def interaction(self) -> dict[str, Any]:
        """Return it as the job's row holds it."""
        return {
            "type": self.interaction_type,
            "message": self.message,
            "page_url": self.page_url,
            "screenshot_url": self.screenshot,
            **self.details,
        }


Outcome = Completed | Failed | NeedsHuman
