"""What jobs cost is kept by attempt and month, shown to its user, and bounded by a budget."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import pytest
from django.utils import timezone
from rest_framework.test import APIClient

from jobs import lifecycle, usage
from jobs.models import Claim, Cost, Job
from tests.factories import OTHER_USER, USER, claim_of, make_job

UserApi = Callable[[UUID], APIClient]


def spend(dollars: float, *, user_id: UUID = USER, month: datetime | None = None) -> None:
    job = make_job("completed", user_id=user_id)
    moment = month or timezone.now().astimezone(UTC)
    Cost.objects.create(
        job_id=job.id, attempt=1, user_id=user_id, month=moment.date().replace(day=1), cost_usd=dollars
    )


@pytest.mark.django_db
def test_costs_add_up_within_an_attempt_and_over_attempts() -> None:
    job = make_job("running", user_id=USER)
    usage.record_cost(claim_of(job), USER, usage.Spent(actions=2, input_tokens=10, cost_usd=0.001))
    usage.record_cost(claim_of(job), USER, usage.Spent(actions=3, output_tokens=5, cost_usd=0.002))
    Job.objects.update(attempt=2)
    usage.record_cost(Claim(job.id, "adam", 2), USER, usage.Spent(actions=1))
    job.refresh_from_db()
    assert (job.action_count, job.total_tokens) == (6, 15)
    assert job.llm_cost_cents == pytest.approx(0.3)
    assert [cost.action_count for cost in Cost.objects.order_by("attempt")] == [5, 1]
    notes = list(job.events.filter(event_type="cost_recorded").values_list("actor", "metadata__action_count"))
    assert notes == [("cost_control", 2), ("cost_control", 3), ("cost_control", 1)]


@pytest.mark.django_db
def test_a_worker_that_lost_the_job_adds_to_the_month_and_changes_nothing_else() -> None:
    job = make_job("running", user_id=USER, attempt=2)
    usage.record_cost(Claim(job.id, "adam", 1), USER, usage.Spent(actions=4, cost_usd=0.25))
    job.refresh_from_db()
    assert (job.action_count, job.llm_cost_cents, job.events.count()) == (0, 0, 0)
    assert usage.month_of(USER, tier="free").cost_usd == 0.25


@pytest.mark.django_db
def test_a_user_sees_the_own_month(user_api: UserApi, api: APIClient) -> None:
    spend(0.125)
    spend(0.25)
    spend(9, user_id=OTHER_USER)
    spend(9, month=datetime(2020, 1, 31, tzinfo=UTC))
    answer = user_api(USER).get(f"/api/v1/gh/users/{USER}/usage")
    now = timezone.now().astimezone(UTC)
    assert answer.status_code == 200
    told = answer.json()
    assert datetime.fromisoformat(told.pop("period_start")) == datetime(now.year, now.month, 1, tzinfo=UTC)
    end = datetime.fromisoformat(told.pop("period_end"))
    assert (end.day, (end - now).days < 31, end > now) == (1, True, True)
    assert told == {
        "user_id": str(USER),
        "tier": "free",
        "monthly_budget_usd": 0.5,
        "current_month_cost_usd": 0.375,
        "remaining_budget_usd": 0.125,
        "job_count": 2,
    }
    make_job(user_id=USER, input_data={"tier": "pro"})
    assert api.get(f"/api/v1/gh/users/{USER}/usage").json()["remaining_budget_usd"] == 9.625


@pytest.mark.django_db
def test_others_do_not_see_it(user_api: UserApi, api: APIClient) -> None:
    assert user_api(OTHER_USER).get(f"/api/v1/gh/users/{USER}/usage").status_code == 403
    assert APIClient().get(f"/api/v1/gh/users/{USER}/usage").status_code == 401
    assert api.get("/api/v1/gh/users/nobody/usage").status_code == 404


@pytest.mark.parametrize(
    ("spent", "fields", "refused"),
    [
        (0.44, {"input_data": {"tier": "free"}}, False),
        (0.46, {"input_data": {"tier": "free"}}, True),
        (0.46, {"input_data": {"tier": "starter"}}, False),
        (1.60, {"input_data": {"tier": "starter"}}, True),
        (1.60, {"input_data": {"tier": "starter"}, "metadata": {"quality_preset": "speed"}}, False),
        (0.46, {"input_data": ["odd"], "metadata": None}, True),
        (0.46, {"user_id": None}, False),
    ],
)
@pytest.mark.django_db
def test_a_job_that_the_months_budget_does_not_cover_is_failed_before_it_starts(
    spent: float, fields: dict[str, Any], refused: bool
) -> None:
    spend(spent)
    if fields.get("metadata", {}) is None:
        fields = fields | {"metadata": "odd"}
    job = make_job("queued", **{"user_id": USER, **fields})
    outcome = lifecycle.refuse(claim_of(job))
    job.refresh_from_db()
    if not refused:
        assert (outcome, job.status) == (None, "queued")
        return
    assert (job.status, job.error_code, job.retry_count) == ("failed", "budget_exceeded", 0)
    types = list(job.events.values_list("event_type", flat=True))
    assert types == ["budget_preflight_failed", "job_failed", "status_change"]
    assert (job.error_details or {})["current_month_cost_usd"] == spent


@pytest.mark.django_db
def test_a_months_first_job_starts_whatever_its_preset() -> None:
    job = make_job("queued", user_id=USER, metadata={"quality_preset": "quality"})
    assert lifecycle.refuse(claim_of(job)) is None
