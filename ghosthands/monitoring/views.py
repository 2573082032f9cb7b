"""What anybody may ask: nothing here tells of a person or of a job's address. Source: CONTRACT section 13."""

from __future__ import annotations

from typing import Any, ClassVar

from django.http import HttpResponse
from drf_spectacular.openapi import AutoSchema
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiResponse, extend_schema
from prometheus_client import CONTENT_TYPE_PLAIN_0_0_4
from rest_framework.request import Request
from rest_framework.response import Response

from ghosthands.monitoring import answers, exposition, shapes
from ghosthands.monitoring.catalogue import CATALOGUE
from ghosthands.monitoring.wellbeing import UNHEALTHY
from jobs.api import schema
from jobs.api.base import JsonView

_NOT_NOW = {503: OpenApiResponse(schema.ErrorAnswer, description="The database does not answer")}


class PublicSchema(AutoSchema):
    """Names operations by their view, and tells the two addresses of each apart."""

    def get_operation_id(self) -> str:
        name = str(self.view.operation)  # type: ignore[attr-defined]
        return f"{name}_below_api" if self.path.startswith("/api/") else name


class PublicView(JsonView):
    """A view that needs no key."""

    authentication_classes = ()
    permission_classes = ()
    schema = PublicSchema()
    operation: ClassVar[str]


@extend_schema(tags=["Health"])
class HealthView(PublicView):
    operation = "health"

    @extend_schema(
        summary="Tell whether the service works", responses={200: shapes.Health, 503: shapes.Health}
    )
    def get(self, request: Request) -> Response:
        found = answers.health()
        return Response(found, status=200 if found["api_healthy"] else 503)


@extend_schema(tags=["Health"])
class VersionView(PublicView):
    operation = "health_version"

    @extend_schema(summary="Tell what is installed", responses={200: shapes.Version})
    def get(self, request: Request) -> Response:
        return Response(answers.version())


@extend_schema(tags=["Health"])
class SystemView(PublicView):
    operation = "health_system"

    @extend_schema(summary="Tell how each part does", responses={200: shapes.System, 503: shapes.System})
    def get(self, request: Request) -> Response:
        return _by_status(answers.system())


@extend_schema(tags=["Monitoring"])
class MonitoringHealthView(PublicView):
    operation = "monitoring_health"

    @extend_schema(
        summary="Tell how each part does, as VALET reads it",
        responses={200: shapes.MonitoringHealth, 503: shapes.MonitoringHealth},
    )
    def get(self, request: Request) -> Response:
        return _by_status(answers.monitoring_health())


@extend_schema(tags=["Monitoring"])
class MetricsView(PublicView):
    operation = "monitoring_metrics"

    @extend_schema(
        summary="Give the metrics for Prometheus",
        responses={(200, "text/plain"): OpenApiTypes.STR} | _NOT_NOW,
    )
    def get(self, request: Request) -> HttpResponse:
        return HttpResponse(exposition.text(), content_type=CONTENT_TYPE_PLAIN_0_0_4)


@extend_schema(tags=["Monitoring"])
class MetricsJsonView(PublicView):
    operation = "monitoring_metrics_json"

    @extend_schema(summary="Give the numbers as JSON", responses={200: shapes.Metrics} | _NOT_NOW)
    def get(self, request: Request) -> Response:
        return Response(answers.metrics())


@extend_schema(tags=["Monitoring"])
class AlertsView(PublicView):
    operation = "monitoring_alerts"

    @extend_schema(summary="List what somebody should look at", responses={200: shapes.Alerts} | _NOT_NOW)
    def get(self, request: Request) -> Response:
        return Response(answers.alert_list())


@extend_schema(tags=["Monitoring"])
class WorkersView(PublicView):
    operation = "monitoring_workers"

    @extend_schema(
        summary="List the workers, the newest sign of life first", responses={200: shapes.Workers} | _NOT_NOW
    )
    def get(self, request: Request) -> Response:
        return Response(answers.workers())


@extend_schema(tags=["Monitoring"])
class DashboardView(PublicView):
    operation = "monitoring_dashboard"

    @extend_schema(summary="Give health, numbers and alerts", responses={200: shapes.Dashboard} | _NOT_NOW)
    def get(self, request: Request) -> Response:
        return Response(answers.dashboard())


@extend_schema(tags=["Catalogue"])
class ModelsView(PublicView):
    operation = "list_models"

    @extend_schema(
        operation_id="list_models", summary="List the models and presets", responses={200: shapes.Models}
    )
    def get(self, request: Request) -> Response:
        return Response(CATALOGUE)


def _by_status(found: dict[str, Any]) -> Response:
    return Response(found, status=503 if found["status"] == UNHEALTHY else 200)
