"""What VALET sends. Source of fields and bounds: CONTRACT section 3."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from jobs.api.fields import (
    OPTIONAL,
    Choice,
    Email,
    Integer,
    Items,
    Number,
    ReachableAddress,
    Text,
    Uuid,
    WebAddress,
)
from jobs.api.inputs import check_input
from jobs.api.serializers import PLATFORMS

QUALITIES = ["speed", "balanced", "quality"]
AFFINITIES = ["strict", "preferred", "any"]
EXECUTION_MODES = ["auto", "ai_only", "cookbook_only", "hybrid", "smart_apply", "agent_apply"]
Request = serializers.Serializer[Any]


class Location(Request):
    city = Text(max_length=100, **OPTIONAL)
    state = Text(max_length=100, **OPTIONAL)
    country = Text(max_length=100, **OPTIONAL)
    zip = Text(max_length=20, **OPTIONAL)
    street = Text(max_length=200, help_text="Not in the contract; many forms require it.", **OPTIONAL)


class Education(Request):
    institution = Text(max_length=200)
    degree = Text(max_length=100)
    field = Text(max_length=100, **OPTIONAL)
    graduation_year = Integer(min_value=1950, max_value=2040, required=False, allow_null=True)


class Employment(Request):
    company = Text(max_length=200)
    title = Text(max_length=200)
    start_date = Text(max_length=20, **OPTIONAL)
    end_date = Text(max_length=20, **OPTIONAL)
    description = Text(max_length=2000, **OPTIONAL)


class Profile(Request):
    first_name = Text(max_length=100)
    last_name = Text(max_length=100)
    email = Email(max_length=200)
    phone = Text(max_length=30, **OPTIONAL)
    linkedin_url = WebAddress(max_length=500, **OPTIONAL)
    portfolio_url = WebAddress(max_length=500, **OPTIONAL)
    location = Location(required=False, allow_null=True)
    work_authorization = Text(max_length=100, **OPTIONAL)
    salary_expectation = Text(max_length=100, **OPTIONAL)
    years_of_experience = Number(min_value=0, max_value=70, required=False, allow_null=True)
    education = Items(child=Education(), max_length=10, required=False)
    work_history = Items(child=Employment(), max_length=20, required=False)
    skills = Items(child=Text(max_length=100), max_length=100, required=False)


class Resume(Request):
    storage_path = Text(max_length=500, help_text='"" says that there is no file.', **OPTIONAL)
    s3_key = Text(max_length=500, **OPTIONAL)
    download_url = ReachableAddress(max_length=2048, **OPTIONAL)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if not attrs:
            raise serializers.ValidationError(
                "Give at least one of storage_path, s3_key and download_url.", "required"
            )
        return attrs


class CoverLetter(Resume):
    """Where the cover letter lies, given like a resume."""


class TaskOrigin(Request):
    """What every job of VALET says."""

    valet_task_id = Text(max_length=255)
    valet_user_id = Uuid()
    target_url = ReachableAddress(max_length=2048)
    callback_url = ReachableAddress(max_length=2048, **OPTIONAL)
    quality = Choice(QUALITIES, default="balanced")
    priority = Integer(min_value=1, max_value=10, default=5, help_text="1 is served first.")
    max_retries = Integer(min_value=0, max_value=10, default=3)
    timeout_seconds = Integer(min_value=30, max_value=1800, default=300)
    idempotency_key = Text(max_length=255, **OPTIONAL)
    metadata = serializers.DictField(default=dict)
    target_worker_id = Text(max_length=100, help_text="Only this worker takes it; null: any.", **OPTIONAL)
    worker_affinity = Choice(AFFINITIES, default="preferred")
    model = Text(max_length=100, **OPTIONAL)
    image_model = Text(max_length=100, **OPTIONAL)
    execution_mode = Choice(EXECUTION_MODES, default="auto")


class Application(TaskOrigin):
    profile = Profile()
    platform = Choice(PLATFORMS, default="other")
    resume = Resume(required=False, allow_null=True)
    qa_answers = serializers.DictField(child=Text(allow_blank=True), default=dict)
    cover_letter = Text(max_length=20_000, help_text="The letter's own text.", **OPTIONAL)
    cover_letter_ref = CoverLetter(required=False, allow_null=True)


class Task(TaskOrigin):
    job_type = Text(max_length=50)
    task_description = Text(max_length=1000)
    input_data = serializers.DictField(default=dict)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        check_input(attrs["job_type"], attrs["input_data"])
        return attrs
