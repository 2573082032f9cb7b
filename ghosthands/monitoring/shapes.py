"""The shapes of the answers. Source: CONTRACT sections 8 and 13; VALET reads camel case here."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import inline_serializer
from rest_framework import serializers

from ghosthands.monitoring.wellbeing import DEGRADED, HEALTHY, UNHEALTHY
from jobs.api.fields import Instant

Shape = serializers.Serializer[Any]
STATUSES = [HEALTHY, DEGRADED, UNHEALTHY]
SERVICE_STATUSES = ["ok", UNHEALTHY]
WORKER_STATUSES = ["active", "draining", "offline"]


def _numbers(name: str, *keys: str) -> Any:
    return inline_serializer(name, {key: serializers.IntegerField() for key in keys})


class Health(Shape):
    status = serializers.ChoiceField(SERVICE_STATUSES)
    api_healthy = serializers.BooleanField()
    service = serializers.CharField()
    version = serializers.CharField()
    environment = serializers.CharField()
    commit_sha = serializers.CharField()
    timestamp = Instant()


class Version(Shape):
    service = serializers.CharField()
    version = serializers.CharField()
    environment = serializers.CharField()
    commit_sha = serializers.CharField()
    image_tag = serializers.CharField()
    build_time = serializers.CharField()
    uptime_ms = serializers.IntegerField()
    node_env = serializers.CharField(help_text="The same as `environment`.")


class Check(Shape):
    name = serializers.CharField()
    status = serializers.ChoiceField(STATUSES)
    message = serializers.CharField()
    latencyMs = serializers.IntegerField()  # noqa: N815


class System(Shape):
    status = serializers.ChoiceField(STATUSES)
    service = serializers.CharField()
    version = serializers.CharField()
    environment = serializers.CharField()
    uptime_ms = serializers.IntegerField()
    checks = Check(many=True)
    timestamp = Instant()


class MonitoringHealth(Shape):
    status = serializers.ChoiceField(STATUSES)
    version = serializers.CharField()
    uptime = serializers.IntegerField(help_text="Milliseconds.")
    checks = Check(many=True)
    timestamp = Instant()


class Metrics(Shape):
    """Jobs and costs of the last 24 hours, workers as they are now, requests of this process since its start."""

    jobs = _numbers(
        "JobMetrics", "created", "completed", "failed", "cancelled", "expired", "retried", "running", "paused"
    )
    llm = inline_serializer(
        "LlmMetrics",
        {key: serializers.IntegerField() for key in ("calls", "totalInputTokens", "totalOutputTokens")}
        | {"totalCostCents": serializers.FloatField()},
    )
    worker = _numbers("WorkerMetrics", "activeJobs", "maxConcurrent", "totalProcessed", "queueDepth", "alive")
    callbacks = _numbers("CallbackMetrics", "waiting", "dead")
    api = _numbers("ApiMetrics", "totalRequests", "totalErrors")
    uptime = serializers.IntegerField(help_text="Milliseconds.")


class Alert(Shape):
    id = serializers.CharField()
    name = serializers.CharField()
    severity = serializers.ChoiceField(["critical", "warning"])
    message = serializers.CharField()
    triggeredAt = Instant()  # noqa: N815
    metadata = serializers.DictField()


class Alerts(Shape):
    count = serializers.IntegerField()
    alerts = Alert(many=True)
    checkedAt = Instant()  # noqa: N815


class WorkerRow(Shape):
    worker_id = serializers.CharField()
    status = serializers.ChoiceField(WORKER_STATUSES)
    target_worker_id = serializers.CharField(allow_null=True)
    ec2_instance_id = serializers.CharField(allow_null=True)
    ec2_ip = serializers.CharField(allow_null=True)
    current_job_id = serializers.UUIDField(allow_null=True)
    registered_at = Instant()
    last_heartbeat = Instant()
    jobs_completed = serializers.IntegerField()
    jobs_failed = serializers.IntegerField()
    uptime_seconds = serializers.IntegerField()


class Workers(Shape):
    count = serializers.IntegerField()
    workers = WorkerRow(many=True)
    timestamp = Instant()


class Dashboard(Shape):
    health = MonitoringHealth()
    metrics = Metrics()
    activeAlerts = Alert(many=True)  # noqa: N815
    timestamp = Instant()


class Model(Shape):
    alias = serializers.CharField()
    model = serializers.CharField()
    provider = serializers.CharField()
    provider_name = serializers.CharField()
    vision = serializers.BooleanField()
    cost = inline_serializer(
        "ModelCost",
        {
            "input": serializers.FloatField(),
            "output": serializers.FloatField(),
            "unit": serializers.CharField(),
        },
    )
    note = serializers.CharField()


class Models(Shape):
    models = Model(many=True)
    presets = inline_serializer(
        "Preset", {key: serializers.CharField() for key in ("name", "description", "model")}, many=True
    )
    default = serializers.CharField()
    total = serializers.IntegerField()
