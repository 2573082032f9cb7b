"""What can go wrong, one class for each thing a caller may want to handle differently."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field


@dataclass(eq=False, kw_only=True)
class GhostHandsError(Exception):
    """Any failure of a call; `request_id` finds it in the server's log."""

    message: str = field(kw_only=False)
    status_code: int | None = None
    request_id: str | None = None

    def __str__(self) -> str:
        return self.message


@dataclass(eq=False, kw_only=True)
class UnauthorizedError(GhostHandsError):
    """The key or token is wrong, or does not allow this call."""


@dataclass(eq=False, kw_only=True)
class JobNotFoundError(GhostHandsError):
    """There is no such job, or it belongs to somebody else."""

    job_id: str = ""


@dataclass(eq=False, kw_only=True)
class DuplicateIdempotencyKeyError(GhostHandsError):
    """A job with this idempotency key exists; nothing was created.

    After a broken connection the existing job may be the one that this very call created. Both facts are
    None when that job is none of this caller's business.
    """

    existing_job_id: str | None = None
    existing_status: str | None = None


@dataclass(eq=False, kw_only=True)
class JobNotCancellableError(GhostHandsError):
    """The job's status does not allow to cancel it; `reason` is the server's sentence about it."""

    current_status: str = ""
    reason: str = ""


@dataclass(eq=False, kw_only=True)
class JobNotRetryableError(GhostHandsError):
    """The job's status does not allow to retry it; `reason` is the server's sentence about it."""

    current_status: str = ""
    reason: str = ""


@dataclass(eq=False, kw_only=True)
class JobNotResumableError(GhostHandsError):
    """The job waits for nobody; `reason` is the server's sentence about it."""

    current_status: str = ""
    reason: str = ""


@dataclass(eq=False, kw_only=True)
class NotFoundError(GhostHandsError):
    """There is no such session, answer, worker or the like."""


@dataclass(frozen=True, slots=True)
class FieldProblem:
    """One refused field; nested ones are dotted: `jobs.1.target_url`."""

    field: str
    message: str
    code: str


@dataclass(eq=False, kw_only=True)
class ValidationError(GhostHandsError):
    """The server refused the request as it stands; `details` names the fields at fault, if any."""

    details: Sequence[FieldProblem] = ()


@dataclass(eq=False, kw_only=True)
class RateLimitedError(GhostHandsError):
    """Too many calls; `retry_after` is in seconds, None when the server does not say."""

    retry_after: float | None = None


@dataclass(eq=False, kw_only=True)
class ServerError(GhostHandsError):
    """The server failed, or its answer is not one of this API's."""


@dataclass(eq=False, kw_only=True)
class ConnectionFailedError(GhostHandsError):
    """No answer came. With `may_have_arrived` the server may have acted on the request all the same."""

    may_have_arrived: bool = True


@dataclass(eq=False, kw_only=True)
class WaitTimeoutError(GhostHandsError):
    """The job had not ended in the time given to wait; it goes on. `last_status` is the last one seen."""

    job_id: str = ""
    last_status: str | None = None
