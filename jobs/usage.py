"""What jobs cost, whose month that counts to, and whether another one may start. Source: CONTRACT section 12."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.db import connection, transaction
from django.db.models import Count, F, Sum
from django.db.models.functions import Now
from django.utils import timezone

from jobs.events import EventType, NewEvent, record
from jobs.limits import MONTHLY_BUDGET_USD, PRESET_OF_TIER, TASK_BUDGET_USD
from jobs.models import Claim, Cost, Job

# Add to what the attempt has cost so far.
_ADD_COST = """
INSERT INTO gh_costs AS cost (job_id, attempt, user_id, month, input_tokens, output_tokens, cost_usd, action_count)
VALUES (%(job_id)s, %(attempt)s, %(user_id)s, date_trunc('month', now() AT TIME ZONE 'UTC'),
        %(input_tokens)s, %(output_tokens)s, %(cost_usd)s, %(actions)s)
ON CONFLICT (job_id, attempt) DO UPDATE
SET input_tokens = cost.input_tokens + excluded.input_tokens,
    output_tokens = cost.output_tokens + excluded.output_tokens,
    cost_usd = cost.cost_usd + excluded.cost_usd,
    action_count = cost.action_count + excluded.action_count
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Spent:
    """What a stretch of work has used. Units: dollars, not rounded."""

    actions: int = 0
    input_tokens: int = 0
    output_tokens: int = 0
    cost_usd: float = 0.0


@dataclass(frozen=True, slots=True)
class Usage:
    """A user's calendar month in UTC. `period_end` is the first moment of the next one."""

    user_id: UUID
    tier: str
    cost_usd: float
    job_count: int
    period_start: datetime
    period_end: datetime

    @property
    def budget_usd(self) -> float:
        return MONTHLY_BUDGET_USD[self.tier]

    @property
    def remaining_usd(self) -> float:
        return max(0.0, self.budget_usd - self.cost_usd)


def record_cost(claim: Claim, user_id: UUID | None, spent: Spent) -> None:
    """Add to the costs of the claim's attempt, and to the job's own totals while the claim holds.

    What was spent is spent: a worker that has lost the job still adds to the month's costs, and changes nothing else.
    """
    amounts = {name: getattr(spent, name) for name in Spent.__dataclass_fields__}
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute(
                _ADD_COST, {"job_id": claim.job_id, "attempt": claim.attempt, "user_id": user_id, **amounts}
            )
        held = Job.objects.held_by(claim).update(
            action_count=F("action_count") + spent.actions,
            total_tokens=F("total_tokens") + spent.input_tokens + spent.output_tokens,
            llm_cost_cents=F("llm_cost_cents") + spent.cost_usd * 100,
            updated_at=Now(),
        )
        if held:
            note = NewEvent(
                EventType.COST_RECORDED,
                "",
                {
                    "input_tokens": spent.input_tokens,
                    "output_tokens": spent.output_tokens,
                    "total_cost": spent.cost_usd,
                    "action_count": spent.actions,
                },
            )
            record(claim.job_id, [note], actor="cost_control")


def month_of(user_id: UUID, *, tier: str) -> Usage:
    """Give what the user's jobs have cost this month."""
    start = timezone.now().astimezone(UTC).replace(day=1, hour=0, minute=0, second=0, microsecond=0)
    end = (start + timedelta(days=31)).replace(day=1)
    spent = Cost.objects.filter(user_id=user_id, month=date(start.year, start.month, 1)).aggregate(
        cost=Sum("cost_usd", default=0.0), jobs=Count("job_id", distinct=True)
    )
    return Usage(user_id, tier, spent["cost"], spent["jobs"], start, end)


def tier_of(user_id: UUID) -> str:
    """Give the tier that the user's newest job names; users of whom nothing is known have the configured one."""
    newest = Job.objects.filter(user_id=user_id).order_by("-created_at")
    return _known_tier(newest.values_list("input_data__tier", flat=True).first())


def shortfall(job: Job) -> dict[str, float | str] | None:
    """Tell why the job's user cannot afford it this month; None when they can, or when it is nobody's job."""
    if job.user_id is None:
        return None
    tier = _known_tier(_named(job.input_data, "tier"))
    preset = _named(job.metadata, "quality_preset") or _named(job.input_data, "quality_preset")
    needed = TASK_BUDGET_USD.get(preset or "", TASK_BUDGET_USD[PRESET_OF_TIER[tier]])
    month = month_of(job.user_id, tier=tier)
    # A month's first job starts whatever its preset: some presets exceed a small tier's whole budget.
    if not month.cost_usd or month.remaining_usd >= needed:
        return None
    return {
        "tier": tier,
        "monthly_budget_usd": month.budget_usd,
        "current_month_cost_usd": month.cost_usd,
        "task_budget_usd": needed,
    }


def _known_tier(name: object) -> str:
    return name if isinstance(name, str) and name in MONTHLY_BUDGET_USD else settings.GH_USER_TIER


def _named(bag: object, key: str) -> str | None:
    """Read a word that any program may have put into the row, or something else in its place."""
    value = bag.get(key) if isinstance(bag, dict) else None
    return value if isinstance(value, str) else None
