"""What callers may ask for. Source of fields and bounds: CONTRACT sections 3 and 4."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from pathlib import PurePosixPath
from typing import Any
from uuid import UUID

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers
from rest_framework.exceptions import ErrorDetail

from jobs.api.authentication import Caller
from jobs.api.fields import (
    OPTIONAL,
    Choice,
    Email,
    Flag,
    Instant,
    Integer,
    Items,
    ReachableAddress,
    Text,
    Uuid,
    WebAddress,
)
from jobs.api.inputs import check_input
from jobs.api.parsers import unstorable
from jobs.intake import NewJob

PLATFORMS = ["greenhouse", "workday", "linkedin", "lever", "icims", "taleo", "smartrecruiters", "other"]
TIERS = ["free", "starter", "pro", "premium"]
SORT_COLUMNS = [
    "created_at",
    "updated_at",
    "scheduled_at",
    "started_at",
    "completed_at",
    "priority",
    "status",
    "job_type",
]
SORT_ORDERS = [form.format(column) for column in SORT_COLUMNS for form in ("{}:asc", "{}:desc", "{}", "-{}")]
Request = serializers.Serializer[Any]


class OpenObject(Request):
    """An object whose known fields are checked and whose other fields are kept as they are."""

    def to_internal_value(self, data: Any) -> Any:
        super().to_internal_value(data)
        return dict(data)


class UserData(OpenObject):
    first_name = Text(max_length=100)
    last_name = Text(max_length=100)
    email = Email(max_length=200)
    phone = Text(max_length=30, **OPTIONAL)
    linkedin_url = WebAddress(max_length=500, **OPTIONAL)


class FilePlace(OpenObject):
    """Where a file lies: the first of these that is given."""

    download_url = ReachableAddress(max_length=2048, **OPTIONAL)
    storage_path = Text(max_length=500, **OPTIONAL)
    s3_key = Text(max_length=500, **OPTIONAL)


class InputData(OpenObject):
    resume_path = Text(max_length=500, **OPTIONAL)
    resume_id = Uuid(required=False, allow_null=True)
    cover_letter = Text(
        max_length=20_000,
        help_text="For text boxes; a plain file where only a file is taken.",
        **OPTIONAL,
    )
    cover_letter_ref = FilePlace(required=False, allow_null=True)
    user_data = UserData(required=False)
    tier = Choice(TIERS, required=False)
    platform = Choice(PLATFORMS, required=False)
    qa_overrides = serializers.DictField(child=Text(allow_blank=True), required=False)


class JobDefaults(Request):
    """What entries of a batch share, and every job may say."""

    priority = Integer(
        min_value=1, max_value=10, required=False, help_text="1 is served first; 5 unless given."
    )
    max_retries = Integer(min_value=0, max_value=10, required=False, help_text="3 unless given.")
    timeout_seconds = Integer(min_value=30, max_value=1800, required=False, help_text="300 unless given.")
    tags = Items(child=Text(max_length=50), max_length=20, required=False)
    metadata = serializers.DictField(required=False)


class JobSubmission(JobDefaults):
    job_type = Text(
        max_length=50, help_text="apply, scrape, fill_form, custom, or what your own workers handle."
    )
    target_url = ReachableAddress(max_length=2048)
    task_description = Text(max_length=1000)
    input_data = InputData(required=False)
    user_id = Uuid(
        required=False, allow_null=True, help_text="Whose job it is; a user's token says so itself."
    )
    scheduled_at = Instant(required=False, allow_null=True)
    idempotency_key = Text(max_length=255, **OPTIONAL)
    target_worker_id = Text(max_length=100, help_text="Only this worker takes it; null: any.", **OPTIONAL)

    def validate_user_id(self, user_id: UUID | None) -> UUID | None:
        return own_user_id(user_id, self.context["caller"])

    def validate_input_data(self, data: dict[str, Any]) -> dict[str, Any]:
        """Let users name no file of the common storage: it holds other people's, and the target would get it."""
        caller = self.context["caller"]
        path = PurePosixPath(data.get("resume_path") or "")
        if not caller.is_service and path.parts and not _is_below(path, str(caller.user_id)):
            fault = ErrorDetail(
                "Users may name files of their own folder only: USER_ID/FILE.", "not_own_file"
            )
            raise serializers.ValidationError({"resume_path": [fault]})
        letter = data.get("cover_letter_ref") or {}
        if not caller.is_service and (letter.get("storage_path") or letter.get("s3_key")):
            fault = ErrorDetail("Only services may name stored files; give a download_url.", "service_only")
            raise serializers.ValidationError({"cover_letter_ref": [fault]})
        return data

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        check_input(attrs["job_type"], attrs.get("input_data", {}))
        return attrs

    def new_job(self) -> NewJob:
        """Give the validated request as the domain wants it."""
        return new_job(self.validated_data, self.context["caller"])


class BatchSubmission(Request):
    user_id = Uuid(required=False, allow_null=True, help_text="For jobs that name no user of their own.")
    defaults = JobDefaults(required=False, help_text="For fields that a job does not give itself.")
    jobs = Items(child=JobSubmission(), min_length=1, max_length=50)

    def validate_user_id(self, user_id: UUID | None) -> UUID | None:
        return own_user_id(user_id, self.context["caller"])

    def validate_jobs(self, jobs: list[dict[str, Any]]) -> list[dict[str, Any]]:
        keys = [job.get("idempotency_key") for job in jobs]
        repeated = {key for key, count in Counter(keys).items() if key and count > 1}
        fault = ErrorDetail("Another job of this batch has the same key.", "duplicate")
        faults: dict[Any, Any] = {
            place: {"idempotency_key": [fault]} for place, key in enumerate(keys) if key in repeated
        }
        if faults:
            raise serializers.ValidationError(faults)
        return jobs

    def new_jobs(self) -> list[NewJob]:
        """Give the validated jobs, each over the batch's defaults, as the domain wants them."""
        shared = {"user_id": self.validated_data.get("user_id"), **self.validated_data.get("defaults", {})}
        return [new_job({**shared, **job}, self.context["caller"]) for job in self.validated_data["jobs"]]


class RetryConfirmation(Request):
    confirm_resubmit = Flag(
        default=False,
        help_text="Required for a job whose form may have been sent already: it may be sent twice.",
    )


class QueryText(serializers.CharField):
    """A text from the address; "" counts as not given."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(required=False, allow_blank=True, default="", **kwargs)

    def to_internal_value(self, data: Any) -> str:
        if fault := unstorable(data):
            raise serializers.ValidationError([fault])
        return super().to_internal_value(data)


class PageQuery(Request):
    limit = serializers.IntegerField(min_value=1, max_value=100, default=20)
    offset = serializers.IntegerField(min_value=0, max_value=2**31, default=0)


@extend_schema_field(OpenApiTypes.STR)
class SortOrder(Choice):
    """A column and a direction; too many pairs to list one by one."""


class JobListQuery(PageQuery):
    user_id = Uuid(required=False)
    status = QueryText(help_text="One or several, separated by commas.")
    job_type = QueryText()
    sort = SortOrder(
        SORT_ORDERS,
        default="created_at:desc",
        help_text=f"`column:asc` or `column:desc` (also `column`, `-column`) of {', '.join(SORT_COLUMNS)}.",
    )

    def filters(self) -> dict[str, Any]:
        """Give what the list is narrowed to, as keyword arguments of `filter`."""
        asked = self.validated_data
        statuses = [status.strip() for status in asked["status"].split(",")] if asked["status"] else None
        wanted = {
            "user_id": asked.get("user_id"),
            "status__in": statuses,
            "job_type": asked["job_type"] or None,
        }
        return {name: value for name, value in wanted.items() if value is not None}

    def order(self) -> tuple[str, str]:
        """Give the order, ending in `id` so that pages neither repeat nor skip rows."""
        column, _, direction = self.validated_data["sort"].partition(":")
        sign = "-" if column.startswith("-") or direction == "desc" else ""
        return f"{sign}{column.lstrip('-')}", f"{sign}id"


class EventListQuery(PageQuery):
    limit = serializers.IntegerField(min_value=1, max_value=200, default=50)
    event_type = QueryText()


def own_user_id(user_id: UUID | None, caller: Caller) -> UUID | None:
    """Give `user_id` when the caller may act for it. Raises ValidationError for a user who names another."""
    if not caller.is_service and user_id not in (None, caller.user_id):
        raise serializers.ValidationError("A user can create jobs for themselves only.", "not_yours")
    return user_id


def new_job(fields: Mapping[str, Any], caller: Caller) -> NewJob:
    """Give a job of the caller: a user's own, or whose the service says."""
    return NewJob(**{**fields, "user_id": caller.user_id or fields.get("user_id")})


def _is_below(path: PurePosixPath, folder: str) -> bool:
    return path.parts[0] == folder and len(path.parts) > 1 and ".." not in path.parts
