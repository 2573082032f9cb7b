"""What callers get to see of jobs. Source of the shapes: CONTRACT sections 2 and 4."""

from __future__ import annotations

from typing import Any, ClassVar, cast

from django.conf import settings
from django.db import models
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers
from rest_framework.request import Request

from jobs.api.authentication import caller_of
from jobs.api.fields import Instant
from jobs.artifacts import signed_urls
from jobs.models import Job, JobEvent
from jobs.redaction import mask_url

WARNINGS = "That no running worker takes the job; left out when there is nothing to say."


def base_url(request: Request) -> str:
    """Give the address under which the outside world reaches this server."""
    return settings.GH_PUBLIC_URL or request.build_absolute_uri("/")


class Answer(serializers.ModelSerializer[Any]):
    """A row, with every time in UTC, milliseconds and `Z`."""

    serializer_field_mapping: ClassVar = {
        **serializers.ModelSerializer.serializer_field_mapping,
        models.DateTimeField: Instant,
    }


class JobCreated(Answer):
    warnings = serializers.ListField(child=serializers.CharField(), required=False, help_text=WARNINGS)

    class Meta:
        model = Job
        fields = ("id", "status", "created_at", "warnings")
        read_only_fields = ("id", "status", "created_at")


class JobStatus(Answer):
    class Meta:
        model = Job
        fields = read_only_fields = (
            "id",
            "status",
            "status_message",
            "started_at",
            "last_heartbeat",
            "completed_at",
            "target_worker_id",
        )


class JobResumed(Answer):
    resolved_by = serializers.CharField(read_only=True)
    resolution_type = serializers.CharField(read_only=True)

    class Meta:
        model = Job
        fields = read_only_fields = ("id", "status", "resolved_by", "resolution_type")


class JobCancelled(Answer):
    cancelled_at = Instant(source="completed_at", read_only=True)

    class Meta:
        model = Job
        fields = read_only_fields = ("id", "status", "cancelled_at", "completed_at")


class JobRetried(Answer):
    class Meta:
        model = Job
        fields = read_only_fields = ("id", "status", "retry_count")


class JobRow(Answer):
    """The whole job, without the queue's own bookkeeping."""

    screenshot_urls = serializers.SerializerMethodField(help_text="Links that open for seven days.")
    artifact_urls = serializers.SerializerMethodField(help_text="Links that open for seven days.")

    class Meta:
        model = Job
        fields = read_only_fields = (
            "id",
            "idempotency_key",
            "user_id",
            "created_by",
            "job_type",
            "target_url",
            "task_description",
            "input_data",
            "priority",
            "scheduled_at",
            "max_retries",
            "retry_count",
            "timeout_seconds",
            "status",
            "status_message",
            "started_at",
            "completed_at",
            "last_heartbeat",
            "worker_id",
            "manual_id",
            "engine_type",
            "result_data",
            "result_summary",
            "error_code",
            "error_details",
            "screenshot_urls",
            "artifact_urls",
            "metadata",
            "tags",
            "created_at",
            "updated_at",
            "callback_url",
            "valet_task_id",
            "resume_ref",
            "target_worker_id",
            "interaction_type",
            "interaction_data",
            "paused_at",
            "execution_mode",
            "browser_mode",
            "final_mode",
            "worker_affinity",
            "action_count",
            "total_tokens",
            "llm_cost_cents",
            "execution_attempt_id",
        )

    @extend_schema_field(serializers.ListField(child=serializers.URLField()))
    def get_screenshot_urls(self, job: Job) -> list[str]:
        return signed_urls(job.screenshot_urls, base_url(self.context["request"]))

    @extend_schema_field(serializers.ListField(child=serializers.URLField()))
    def get_artifact_urls(self, job: Job) -> list[str]:
        return signed_urls(job.artifact_urls, base_url(self.context["request"]))

    def to_representation(self, job: Job) -> dict[str, Any]:
        row = super().to_representation(job)
        return row if caller_of(self.context["request"]).is_service else _without_service_key(row)


class JobEventRow(Answer):
    job_id = serializers.UUIDField(read_only=True)

    class Meta:
        model = JobEvent
        fields = read_only_fields = (
            "id",
            "job_id",
            "event_type",
            "from_status",
            "to_status",
            "message",
            "metadata",
            "actor",
            "created_at",
        )


def _without_service_key(row: dict[str, Any]) -> dict[str, Any]:
    """Drop the query of callback addresses: VALET puts the shared key there, and users must not see it."""
    metadata = row["metadata"]
    if isinstance(metadata, dict) and isinstance(metadata.get("callback_url"), str):
        metadata = metadata | {"callback_url": mask_url(metadata["callback_url"])}
    callback_url = row["callback_url"] and mask_url(cast(str, row["callback_url"]))
    return row | {"callback_url": callback_url, "metadata": metadata}
