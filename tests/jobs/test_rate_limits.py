"""Users may create so many jobs an hour and a day; the service may create any number."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import UUID

import jwt
import pytest
from django.conf import settings as configured
from django.db import connections
from django.db.models import F
from rest_framework.test import APIClient

from jobs import rate_limits
from jobs.intake import NewJob
from jobs.limits import RATE_OF_PLATFORM, RATE_OF_TIER
from jobs.models import Job, RateRefusal
from tests.factories import OTHER_USER, USER

UserApi = Callable[[UUID], APIClient]


def asked(url: str = "https://jobs.example.com/1", **fields: Any) -> dict[str, Any]:
    return {"job_type": "scrape", "target_url": url, "task_description": "Read it", **fields}


def create(api: APIClient, **fields: Any) -> Any:
    return api.post("/api/v1/gh/jobs", asked(**fields), format="json")


def with_tier(tier: str, *, nested: bool = False) -> APIClient:
    claims: dict[str, Any] = {"sub": str(USER), "exp": 4102444800}
    claims |= {"app_metadata": {"tier": tier}} if nested else {"tier": tier}
    token = jwt.encode(claims, configured.GH_JWT_SECRET, algorithm="HS256")
    return APIClient(headers={"Authorization": f"Bearer {token}"})


def refusals() -> dict[str, int]:
    return dict(RateRefusal.objects.values_list("rule", "count"))


def age_jobs(by: timedelta) -> None:
    Job.objects.update(created_at=F("created_at") - by)


@pytest.mark.django_db
def test_the_hour_fills_and_frees_again(user_api: UserApi) -> None:
    api = user_api(USER)
    left = [create(api) for _ in range(3)]
    assert [answer.status_code for answer in left] == [201, 201, 201]
    assert [answer["X-RateLimit-Remaining"] for answer in left] == ["2", "1", "0"]
    assert {answer["X-RateLimit-Limit"] for answer in left} == {"3"}
    refused = create(api)
    assert (refused.status_code, refused.json()["error"]) == (429, "rate_limit_exceeded")
    assert (refused.json()["rule"], refused.json()["limit"]) == ("tier_hour", 3)
    assert 3590 < int(refused["Retry-After"]) <= 3600
    assert refused["X-RateLimit-Remaining"] == "0"
    assert 3590 < int(refused["X-RateLimit-Reset"]) - time.time() <= 3601
    assert Job.objects.count() == 3
    assert create(user_api(OTHER_USER)).status_code == 201
    age_jobs(timedelta(minutes=61))
    assert create(api)["X-RateLimit-Remaining"] == "1"  # of the day's five


@pytest.mark.django_db
def test_the_day_fills_and_frees_again(user_api: UserApi) -> None:
    api = user_api(USER)
    for _ in range(5):
        assert create(api).status_code == 201
        age_jobs(timedelta(hours=2))
    refused = create(api)
    assert (refused.status_code, refused.json()["rule"]) == (429, "tier_day")
    # The oldest of the five leaves the day in 24 - 10 hours.
    assert int(refused["Retry-After"]) == pytest.approx(14 * 3600, abs=10)
    age_jobs(timedelta(hours=14))
    assert create(api).status_code == 201


@pytest.mark.django_db
def test_a_batch_counts_in_full_and_is_refused_in_full(user_api: UserApi) -> None:
    api = user_api(USER)
    many = {"jobs": [asked() for _ in range(4)]}
    refused = api.post("/api/v1/gh/jobs/batch", many, format="json")
    assert (refused.status_code, refused["Retry-After"]) == (429, "3600")
    assert not Job.objects.exists()
    some = api.post("/api/v1/gh/jobs/batch", {"jobs": [asked(), asked()]}, format="json")
    assert (some.status_code, some["X-RateLimit-Remaining"]) == (201, "1")


@pytest.mark.django_db
def test_the_service_is_not_limited_and_does_not_use_up_what_users_have(
    api: APIClient, user_api: UserApi
) -> None:
    for _ in range(6):
        answer = create(api, user_id=str(USER))
        assert answer.status_code == 201
        assert "X-RateLimit-Limit" not in answer
    assert create(user_api(USER))["X-RateLimit-Remaining"] == "2"


@pytest.mark.parametrize("nested", [False, True])
@pytest.mark.django_db
def test_the_tokens_tier_counts_and_what_the_user_says_does_not(nested: bool) -> None:
    assert create(with_tier("pro", nested=nested))["X-RateLimit-Limit"] == "15"
    assert create(with_tier("unheard of"), input_data={"tier": "premium"})["X-RateLimit-Limit"] == "3"
    # Nor does it widen the budget.
    assert sorted(Job.objects.values_list("input_data__tier", flat=True)) == ["free", "pro"]


@pytest.mark.parametrize(
    ("url", "named", "rule"),
    [
        ("https://www.linkedin.com/jobs/1", None, "linkedin"),
        ("https://acme.wd5.myworkdayjobs.com/1", "other", "workday"),
        ("https://careers.example.com/1", "taleo", "taleo"),
        ("https://careers.example.com/1", None, "other"),
    ],
)
@pytest.mark.django_db
def test_platforms_have_limits_of_their_own(url: str, named: str | None, rule: str) -> None:
    given = {"input_data": {"platform": named}} if named else {}
    answer = create(with_tier("enterprise"), url=url, **given)
    assert answer["X-RateLimit-Limit"] == str(RATE_OF_PLATFORM[rule].per_hour)


@pytest.mark.django_db
def test_another_platform_has_room_when_one_has_none() -> None:
    api = with_tier("enterprise")
    linkedin = {"jobs": [asked("https://www.linkedin.com/jobs/1") for _ in range(5)]}
    assert api.post("/api/v1/gh/jobs/batch", linkedin, format="json").status_code == 201
    assert create(api, url="https://www.linkedin.com/jobs/2").json()["rule"] == "linkedin_hour"
    assert create(api, url="https://jobs.lever.co/acme/1").status_code == 201


@pytest.mark.django_db
def test_a_job_that_exists_already_is_told_also_when_there_is_no_room(user_api: UserApi) -> None:
    api = user_api(USER)
    first = create(api, idempotency_key="k").json()
    again = create(api, idempotency_key="k")
    assert (again.status_code, again.json()["existing_job_id"]) == (409, first["id"])
    assert create(api)["X-RateLimit-Remaining"] == "1"
    create(api)
    again = create(api, idempotency_key="k")
    assert (again.status_code, again.json()["existing_job_id"]) == (409, first["id"])
    assert not RateRefusal.objects.exists()


@pytest.mark.django_db
def test_refusals_are_counted_for_the_metrics(user_api: UserApi) -> None:
    assert refusals() == {}
    for _ in range(5):
        create(user_api(USER))
    for _ in range(4):
        create(user_api(OTHER_USER))
    assert refusals() == {"tier_hour": 3}


@pytest.mark.django_db(transaction=True)
def test_requests_that_arrive_together_never_share_the_last_place() -> None:
    outcomes: list[str] = []
    start = threading.Barrier(8)

    def ask() -> None:
        new = NewJob(job_type="scrape", target_url="https://x.example.com", user_id=USER)
        start.wait(10)
        try:
            rate_limits.enqueue([new], user_id=USER, tier="free", actor="test")
            outcomes.append("created")
        except rate_limits.RateLimitExceeded:
            outcomes.append("refused")
        finally:
            connections.close_all()

    threads = [threading.Thread(target=ask) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert sorted(outcomes) == ["created"] * 3 + ["refused"] * 5
    assert Job.objects.count() == 3
    assert refusals() == {"tier_hour": 5}


def test_the_tables_name_every_tier_and_platform_that_callers_can() -> None:
    from jobs.api.serializers import PLATFORMS, TIERS

    assert set(PLATFORMS) == set(RATE_OF_PLATFORM)
    assert set(TIERS) < set(RATE_OF_TIER)
