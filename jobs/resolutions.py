"""What a person says to a job that waits for them; the secret part reaches the worker encrypted and is read once."""

from __future__ import annotations

import json
import logging
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Final

from django.db.models.functions import Now

from jobs import encryption
from jobs.models import Job, SealedResolution
from jobs.redaction import MASK, texts_in
from jobs.states import QUESTION

log = logging.getLogger(__name__)

# Words of a note that say what became of a form; anything else is no verdict.
_SENT: Final = re.compile(r"\s*(yes|sent|submitted|was sent|was submitted)\s*[.!]?\s*", re.IGNORECASE)
_NOT_SENT: Final = re.compile(
    r"\s*(no|not (sent|submitted)|was not (sent|submitted)|never (sent|submitted))\s*[.!]?\s*", re.IGNORECASE
)
_SECRET_QUESTION: Final = re.compile(
    r"\b(password|passphrase|passcode|pass ?word|pin|otp|one[- ]time|(verification|security|access|login) code"
    r"|social security|ssn|(passport|card|account|iban)\b.{0,12}\bnumber|cvv|cvc|mother'?s maiden)\b",
    re.IGNORECASE,
)


class Unusable(Exception):
    """What a person gave cannot be used; the message says why, `code` is the word for programs."""

    code = "not_asked_for"


class CannotKeepSecrets(Unusable):
    """A code or password was given, and there is no key to keep it under until the worker reads it."""

    code = "no_encryption_key"

    def __init__(self) -> None:
        super().__init__(
            "Codes and passwords cannot be taken here: GH_ENCRYPTION_KEYS is not set, and they are never kept in clear."
        )


@dataclass(frozen=True, kw_only=True)
class Resolution:
    """A person's word to a waiting job. Source: CONTRACT section 6.

    Shape of `data`: `code`; `username`, `password`; `answers` {question: answer}; `submitted` true or false.
    """

    resolved_by: str = "human"
    resolution_type: str = "manual"
    notes: str = ""
    data: Mapping[str, Any] = field(default_factory=dict)

    @property
    def verdict(self) -> bool | None:
        """Whether the form was sent, as far as the person says so."""
        said = self.data.get("submitted")
        if isinstance(said, bool):
            return said
        if _SENT.fullmatch(self.notes):
            return True
        return False if _NOT_SENT.fullmatch(self.notes) else None

    @cached_property
    def _answers(self) -> dict[str, str]:
        given = self.data.get("answers")
        return {str(question): str(answer) for question, answer in _pairs(given) if answer not in (None, "")}

    def check_fits(self, job: Job, asked: Iterable[Mapping[str, Any]]) -> None:
        """Raise Unusable for a verdict on a form that was never sent, and for a question that gets no answer."""
        if self.data.get("submitted") is True and not job.is_unverified:
            raise Unusable(
                'No form of this job was sent, so "submitted" cannot be true. Resume without it to go on, or cancel.'
            )
        given = self.data.keys() - {"submitted"}
        if job.interaction_type == QUESTION and given and not self._answers:
            open_ones = "; ".join(str(row.get("question")) for row in asked)[:500]
            raise Unusable(
                f'This job waits for "answers" {{question: answer}} to: {open_ones or "its questions"}'
            )

    def answers(self, asked: Iterable[Mapping[str, Any]]) -> dict[str, str]:
        """Give the answers that may stand in the job's input; `asked` are the questions of the interaction."""
        private = _private(asked)
        return {q: a for q, a in self._answers.items() if not (q in private or is_secret(q))}

    def secrets(self, asked: Iterable[Mapping[str, Any]]) -> dict[str, Any]:
        """Give what only the worker may read, once."""
        hidden = {q: a for q, a in self._answers.items() if q not in self.answers(asked)}
        rest = {name: item for name, item in self.data.items() if name not in {"answers", "submitted"}}
        return {**rest, **({"answers": hidden} if hidden else {})}

    def note_without(self, secrets: Mapping[str, Any]) -> str:
        """Give the note with every secret in it masked; people repeat codes in notes."""
        note = self.notes
        for secret in sorted(texts_in(secrets), key=len, reverse=True):
            note = note.replace(secret, MASK) if len(secret) > 2 else note
        return note


@dataclass(frozen=True, slots=True)
class Given:
    """What a resume gave to the worker. `interaction_type` is what had been asked for."""

    interaction_type: str = ""
    secrets: Mapping[str, Any] = field(default_factory=dict, repr=False)


def is_secret(question: str) -> bool:
    """Tell whether an answer to the question must not be kept where it can be read."""
    return bool(_SECRET_QUESTION.search(question))


def seal(job: Job, secrets: Mapping[str, Any], *, asked_for: str) -> None:
    """Keep what the worker shall learn about the resume of `job`, and what it answers. Raises CannotKeepSecrets."""
    if secrets and not encryption.is_configured():
        raise CannotKeepSecrets
    sealed = encryption.encrypt(json.dumps(dict(secrets)).encode()) if secrets else None
    SealedResolution.objects.update_or_create(
        job_id=job.id,
        defaults={"interaction_type": asked_for, "sealed": sealed, "created_at": Now()},
    )


def take(job: Job) -> Given | None:
    """Read what the last resume gave, and erase it in the caller's transaction; None when there is nothing."""
    row = SealedResolution.objects.filter(job_id=job.id).first()
    if row is None:
        return None
    row.delete()
    return Given(row.interaction_type, _opened(row))


def _opened(row: SealedResolution) -> dict[str, Any]:
    try:
        return dict(json.loads(encryption.decrypt(bytes(row.sealed)))) if row.sealed else {}
    except encryption.CannotDecrypt as error:
        log.warning("what was given to job %s is lost: %s", row.job_id, error)
        return {}


def _private(asked: Iterable[Mapping[str, Any]]) -> set[str]:
    return {str(row.get("question")) for row in asked if row.get("kind") == "password"}


def _pairs(given: Any) -> Iterable[tuple[Any, Any]]:
    if isinstance(given, Mapping):
        return given.items()
    rows = given if isinstance(given, list) else []
    return [(row.get("question", ""), row.get("answer")) for row in rows if isinstance(row, Mapping)]
