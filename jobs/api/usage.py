"""What a user's jobs cost this month. Source: CONTRACT section 12."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from jobs import usage
from jobs.api import schema
from jobs.api.authentication import caller_of
from jobs.api.base import JsonView
from jobs.api.fields import Instant


class MonthlyUsage(serializers.Serializer[Any]):
    user_id = serializers.UUIDField()
    tier = serializers.CharField()
    monthly_budget_usd = serializers.FloatField(source="budget_usd")
    current_month_cost_usd = serializers.FloatField(source="cost_usd")
    remaining_budget_usd = serializers.FloatField(source="remaining_usd")
    job_count = serializers.IntegerField(help_text="Jobs that ran this month, failed ones included.")
    period_start = Instant()
    period_end = Instant(help_text="The first moment of the next calendar month, in UTC.")


@extend_schema(tags=["Users"])
class UsageView(JsonView):
    """A user's month: for that user, and for the service key."""

    @extend_schema(
        operation_id="get_usage",
        summary="Tell what a user's jobs cost this month",
        parameters=[OpenApiParameter("user_id", str, OpenApiParameter.PATH, description="The user's uuid")],
        responses={200: MonthlyUsage} | schema.errors(403, 404),
    )
    def get(self, request: Request, user_id: str) -> Response:
        user = self.visible_user_id(request, user_id)
        month = usage.month_of(user, tier=caller_of(request).tier or usage.tier_of(user))
        return Response(MonthlyUsage(month).data)
