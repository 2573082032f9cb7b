"""Whether this server can work, for load balancers and VALET. Source: CONTRACT section 13."""

from __future__ import annotations

from datetime import UTC, datetime

from django.conf import settings
from django.db import Error, connection
from drf_spectacular.utils import extend_schema, inline_serializer
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from jobs.api.base import JsonView
from jobs.api.fields import Instant, write_time

_HEALTH = inline_serializer(
    "Health",
    {
        "status": serializers.CharField(help_text="`ok` or `unhealthy`."),
        "service": serializers.CharField(),
        "version": serializers.CharField(),
        "timestamp": Instant(),
    },
)


class HealthView(JsonView):
    """Answer 200 when the database answers, else 503; needs no key."""

    authentication_classes = ()
    permission_classes = ()

    @extend_schema(
        summary="Tell whether the service works",
        tags=["Health"],
        operation_id="health",
        responses={200: _HEALTH, 503: _HEALTH},
    )
    def get(self, request: Request) -> Response:
        is_well = database_answers()
        return Response(
            {
                "status": "ok" if is_well else "unhealthy",
                "service": "ghosthands",
                "version": settings.SPECTACULAR_SETTINGS["VERSION"],
                "timestamp": write_time(datetime.now(UTC)),
            },
            status=200 if is_well else 503,
        )


def database_answers() -> bool:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except Error:
        return False
    return True
