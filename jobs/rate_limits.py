"""How many jobs a user may create within an hour and a day: in all, by tier, and for each platform.

Windows slide: what counts is what the user has created in the hour, or the day, before now. The service key is not
limited. Source: CONTRACT section 12.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from uuid import UUID

from django.db import connection, transaction
from django.db.models import DurationField, ExpressionWrapper, F
from django.db.models.functions import Now
from django.utils import timezone

from jobs import intake
from jobs.limits import RATE_OF_PLATFORM, RATE_OF_TIER, Rate
from jobs.models import Job, RateRefusal
from jobs.sites import sites_of

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
# Marks jobs that users created themselves; those that the service creates for them do not count.
BY_USER = "user"


@dataclass(frozen=True, slots=True)
class Window:
    """One rule, the ages of the jobs that count (oldest first), and how many more are asked for."""

    rule: str
    limit: int
    span: timedelta
    ages: Sequence[timedelta]
    asked: int

    @property
    def remaining(self) -> int:
        return max(0, self.limit - len(self.ages))

    @property
    def wait(self) -> timedelta:
        """Give the time until what is asked for is allowed; the whole span when it never is."""
        over = len(self.ages) + self.asked - self.limit
        if over <= 0:
            return timedelta(0)
        return self.span - self.ages[over - 1] if over <= len(self.ages) else self.span

    @property
    def resets_in(self) -> timedelta:
        """Give the time until the window is as good as new."""
        return self.span - self.ages[-1] if self.ages else timedelta(0)

    def headers(self) -> dict[str, str]:
        """Give the `X-RateLimit-*` headers; the reset is in seconds since 1970."""
        reset = timezone.now() + self.resets_in
        return {
            "X-RateLimit-Limit": str(self.limit),
            "X-RateLimit-Remaining": str(self.remaining),
            "X-RateLimit-Reset": str(math.ceil(reset.timestamp())),
        }


class RateLimitExceeded(Exception):
    """The user has to wait; nothing was created."""

    def __init__(self, window: Window) -> None:
        self.window = window
        self.retry_after = max(1, math.ceil(window.wait.total_seconds()))
        what = "" if window.rule.startswith("tier") else f" for {window.rule.partition('_')[0]}"
        span = "an hour" if window.span == HOUR else "a day"
        super().__init__(
            f"At most {window.limit} jobs{what} within {span}; try again in {self.retry_after} s."
        )


def enqueue(
    new_jobs: Sequence[intake.NewJob], *, user_id: UUID, tier: str, actor: str
) -> tuple[list[Job], Window | None]:
    """Create all of a user's jobs, or none; gives them and the rule that leaves least room, if any applies.

    Two requests of one user never share the last place: they take turns. A job that was created before, by its
    idempotency key, is told as such also when the user has to wait.
    Raises RateLimitExceeded, which is counted in `gh_rate_refusals`, and DuplicateIdempotencyKey.
    """
    asked = Counter(platform_of(new.target_url, new.input_data) for new in new_jobs)
    try:
        with transaction.atomic():
            _lock(user_id)
            _require(_windows(user_id, tier, asked))
            # The tier decides about the budget too, so it is the one that is known, whatever the request names.
            own = [
                replace(new, created_by=BY_USER, input_data={**new.input_data, "tier": tier})
                for new in new_jobs
            ]
            jobs = intake.enqueue_many(own, actor=actor)
            return jobs, min(_windows(user_id, tier, asked), key=lambda one: one.remaining, default=None)
    except RateLimitExceeded as refusal:
        if duplicate := intake.duplicate_of(new_jobs):
            raise duplicate from refusal
        _count_refusal(refusal.window.rule)
        raise


def platform_of(target_url: str, input_data: Mapping[str, object]) -> str:
    """Give the platform that the address belongs to, else the one that the job names, else `other`."""
    named = input_data.get("platform")
    for name in [*sites_of(target_url)[1:], named]:
        if isinstance(name, str) and name in RATE_OF_PLATFORM:
            return name
    return "other"


def _windows(user_id: UUID, tier: str, asked: Counter[str]) -> list[Window]:
    age = ExpressionWrapper(Now() - F("created_at"), output_field=DurationField())
    created = (
        Job.objects.filter(user_id=user_id, created_by=BY_USER, created_at__gt=Now() - DAY)
        .order_by("created_at")
        .annotate(age=age)
        .values_list("age", "target_url", "input_data__platform")
    )
    past = [(age, platform_of(url, {"platform": named})) for age, url, named in created]
    windows = _of_rate("tier", RATE_OF_TIER[tier], [age for age, _ in past], asked.total())
    for platform, count in sorted(asked.items()):
        ages = [age for age, where in past if where == platform]
        windows += _of_rate(platform, RATE_OF_PLATFORM[platform], ages, count)
    return windows


def _of_rate(name: str, rate: Rate, ages: Sequence[timedelta], asked: int) -> list[Window]:
    recent = [age for age in ages if age < HOUR]
    rules = [(f"{name}_hour", rate.per_hour, HOUR, recent), (f"{name}_day", rate.per_day, DAY, ages)]
    return [Window(rule, limit, span, seen, asked) for rule, limit, span, seen in rules if limit is not None]


def _require(windows: Iterable[Window]) -> None:
    """Raise RateLimitExceeded for the rule that makes the user wait longest, if any does."""
    refused = [window for window in windows if window.remaining < window.asked]
    if refused:
        raise RateLimitExceeded(max(refused, key=lambda window: window.wait))


def _lock(user_id: UUID) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended('gh_user:' || %s, 0))", [str(user_id)])


def _count_refusal(rule: str) -> None:
    row, _ = RateRefusal.objects.get_or_create(day=timezone.now().date(), rule=rule)
    RateRefusal.objects.filter(id=row.id).update(count=F("count") + 1)
