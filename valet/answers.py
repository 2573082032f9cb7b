"""The shapes of our answers to VALET, for the OpenAPI schema. Source: CONTRACT sections 2 and 5."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import inline_serializer
from rest_framework import serializers

from jobs import states
from jobs.api.answers import WARNINGS
from jobs.api.fields import Instant

STATUSES = [status.value for status in states.Status]
Shape = serializers.Serializer[Any]


class Accepted(Shape):
    job_id = serializers.UUIDField()
    valet_task_id = serializers.CharField(allow_null=True)
    status = serializers.ChoiceField(STATUSES)
    created_at = Instant()
    duplicate = serializers.BooleanField(required=False, help_text="Only in a 409.")
    warnings = serializers.ListField(child=serializers.CharField(), required=False, help_text=WARNINGS)


class Progress(Shape):
    step = serializers.CharField(allow_null=True)
    progress_pct = serializers.IntegerField(allow_null=True)
    description = serializers.CharField(allow_null=True)
    action_index = serializers.IntegerField(allow_null=True)
    total_actions_estimate = serializers.IntegerField(allow_null=True)
    current_action = serializers.CharField(allow_null=True)
    started_at = Instant(allow_null=True)
    elapsed_ms = serializers.IntegerField(allow_null=True)
    eta_ms = serializers.IntegerField(allow_null=True)
    execution_mode = serializers.CharField(allow_null=True)
    manual_id = serializers.UUIDField(allow_null=True)


class Failure(Shape):
    code = serializers.CharField()
    message = serializers.CharField()
    details = serializers.DictField(allow_null=True)


class Blocker(Shape):
    blocker_confidence = serializers.FloatField(allow_null=True)
    captcha_type = serializers.CharField(allow_null=True)
    detection_method = serializers.CharField(allow_null=True)


class Question(Shape):
    question = serializers.CharField()
    section = serializers.CharField(allow_null=True, help_text="The heading that it stands under.")
    row = serializers.IntegerField(
        allow_null=True, help_text="Which of several jobs or schools it is about, from 1."
    )
    kind = serializers.CharField(allow_null=True)
    options = serializers.ListField(child=serializers.CharField())
    help = serializers.CharField(allow_null=True)


class Interaction(Shape):
    type = serializers.CharField(help_text="captcha, 2fa, login, bot_check, rate_limited or verification.")
    kind = serializers.CharField(
        help_text="What verification is about: question, review, verify_submission; else as `type`."
    )
    screenshot_url = serializers.URLField(allow_null=True)
    page_url = serializers.CharField(allow_null=True)
    paused_at = Instant(allow_null=True)
    timeout_seconds = serializers.IntegerField(allow_null=True)
    description = serializers.CharField(allow_null=True)
    message = serializers.CharField(allow_null=True)
    attended = serializers.BooleanField(
        help_text="Whether the page is kept open until `timeout_seconds` are over."
    )
    metadata = Blocker()
    questions = Question(many=True, help_text="What `resolution_data.answers` may answer.")
    fields = serializers.ListField(  # type: ignore[assignment]
        child=serializers.DictField(), help_text="What the form holds, with masked values, for a review."
    )


class Resumed(Shape):
    job_id = serializers.UUIDField()
    status = serializers.CharField(help_text="Always `running`; `job_status` says how the job stands.")
    job_status = serializers.CharField()
    resolved_by = serializers.CharField()
    resolution_type = serializers.CharField()


class Timestamps(Shape):
    created_at = Instant()
    started_at = Instant(allow_null=True)
    completed_at = Instant(allow_null=True)


class Cost(Shape):
    total_cost_usd = serializers.FloatField()
    action_count = serializers.IntegerField()
    total_tokens = serializers.IntegerField()


class CostBreakdown(Cost):
    cookbook_steps = serializers.IntegerField()
    magnitude_steps = serializers.IntegerField()
    cookbook_cost_usd = serializers.FloatField()
    magnitude_cost_usd = serializers.FloatField()
    image_cost_usd = serializers.FloatField()
    reasoning_cost_usd = serializers.FloatField()


class Status(Shape):
    job_id = serializers.UUIDField()
    valet_task_id = serializers.CharField(allow_null=True)
    status = serializers.ChoiceField(STATUSES)
    status_message = serializers.CharField(allow_null=True)
    target_worker_id = serializers.CharField(allow_null=True)
    worker_id = serializers.CharField(allow_null=True)
    progress = Progress(allow_null=True)
    result = inline_serializer(
        "Result",
        {
            "data": serializers.DictField(),
            "summary": serializers.CharField(allow_null=True),
            "screenshots": serializers.ListField(child=serializers.URLField()),
        },
        allow_null=True,
        help_text="Only when completed.",
    )
    error = Failure(allow_null=True, help_text="Only when failed.")
    interaction = Interaction(allow_null=True, help_text="Only while a person is waited for.")
    timestamps = Timestamps()
    execution_mode = serializers.CharField()
    browser_mode = serializers.CharField()
    final_mode = serializers.CharField(allow_null=True)
    manual = serializers.DictField(allow_null=True)
    browser_session_available = serializers.BooleanField()
    cost = Cost()
    cost_breakdown = CostBreakdown()
