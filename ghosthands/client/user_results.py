"""What the calls about one user answer. Secrets are in none of them."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Session:
    """What a site left in the user's browser, and may be used again."""

    id: str
    domain: str
    created_at: datetime
    last_used_at: datetime
    expires_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SessionList:
    user_id: str
    count: int
    sessions: tuple[Session, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Credential:
    """That there are credentials for a site; `refused_at` says that the site did not take them."""

    id: str
    site: str
    created_at: datetime
    updated_at: datetime
    last_used_at: datetime | None = None
    refused_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CredentialList:
    total: int
    credentials: tuple[Credential, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class RememberedAnswer:
    id: int
    question: str
    answer: str = field(repr=False)
    site: str = ""
    created_at: datetime
    updated_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerPage:
    """`total` counts all that are remembered."""

    total: int
    limit: int
    offset: int
    answers: tuple[RememberedAnswer, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Erased:
    user_id: str
    deleted_count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Usage:
    """A user's calendar month in UTC."""

    user_id: str
    tier: str
    monthly_budget_usd: float
    current_month_cost_usd: float
    remaining_budget_usd: float
    job_count: int
    period_start: datetime
    period_end: datetime
