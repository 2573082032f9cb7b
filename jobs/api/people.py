"""People in the loop over REST: resume a waiting job, and see to what is remembered of a user's answers."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.db.models.functions import Now
from django.http import Http404
from drf_spectacular.utils import OpenApiParameter, extend_schema, inline_serializer
from rest_framework import serializers
from rest_framework.exceptions import ErrorDetail, PermissionDenied
from rest_framework.request import Request
from rest_framework.response import Response

from jobs import lifecycle
from jobs.api import answers, schema
from jobs.api.authentication import CANONICAL_UUID, caller_of
from jobs.api.base import JsonView
from jobs.api.fields import OPTIONAL, Choice, Text
from jobs.api.serializers import PageQuery
from jobs.lifecycle import Resolution
from jobs.models import Job, RememberedAnswer

RESOLVERS = ["human", "system"]
RESOLUTION_TYPES = ["manual", "code_entry", "credentials", "skip"]
SECRET_LENGTH = 1000
_USER = OpenApiParameter("user_id", str, OpenApiParameter.PATH, description="The user's uuid")
_FORGOTTEN = inline_serializer(
    "AnswersForgotten",
    {"user_id": serializers.UUIDField(), "deleted_count": serializers.IntegerField()},
)
_ANSWER = OpenApiParameter("answer_id", int, OpenApiParameter.PATH, description="The answer's number")


class ResumeRequest(serializers.Serializer[Any]):
    """What a person says to a waiting job; all of it, and the body itself, may be left out."""

    resolved_by = Choice(RESOLVERS, required=False, allow_null=True, help_text="human unless given.")
    resolution_notes = Text(max_length=500, **OPTIONAL)
    notes = Text(max_length=500, help_text="The same, as VALET spells it.", **OPTIONAL)
    resolution_type = Choice(
        RESOLUTION_TYPES, required=False, allow_null=True, help_text="manual unless given."
    )
    resolution_data = serializers.DictField(
        required=False,
        allow_null=True,
        help_text="`code`; `username`, `password`; `answers` {question: answer}; `submitted` true or false, for a"
        " job whose form may have been sent. Kept encrypted, read once by the worker, never shown.",
    )

    def validate_resolution_data(self, data: dict[str, Any] | None) -> dict[str, Any]:
        faults = {name: [fault] for name, item in (data or {}).items() if (fault := _fault(name, item))}
        if faults:
            raise serializers.ValidationError(faults)
        return data or {}

    def resolution(self) -> Resolution:
        """Give the validated request as the domain wants it."""
        said = self.validated_data
        return Resolution(
            resolved_by=said.get("resolved_by") or "human",
            resolution_type=said.get("resolution_type") or "manual",
            notes=said.get("resolution_notes") or said.get("notes") or "",
            data=said.get("resolution_data") or {},
        )


class RememberedAnswerRow(answers.Answer):
    class Meta:
        model = RememberedAnswer
        fields = read_only_fields = ("id", "question", "answer", "site", "created_at", "updated_at")


class Correction(serializers.Serializer[Any]):
    answer = Text(max_length=5000)


def resume(job_id: UUID, request: Request) -> tuple[Job, Resolution]:
    """Resume a job as the request says.

    Raises JobNotFound, InvalidTransition and ValidationError, also for what the job does not wait for and where
    secrets cannot be kept.
    """
    asked = ResumeRequest(data=request.data)
    asked.is_valid(raise_exception=True)
    resolution = asked.resolution()
    try:
        return lifecycle.resume(job_id, actor=caller_of(request).actor, resolution=resolution), resolution
    except lifecycle.Unusable as error:
        fault = ErrorDetail(str(error), error.code)
        raise serializers.ValidationError({"resolution_data": [fault]}) from error


@extend_schema(tags=["People"])
class UserAnswersView(JsonView):
    """What a user answered before, which later applications use: for that user, and for the service key."""

    @extend_schema(
        operation_id="list_answers",
        summary="List a user's remembered answers",
        parameters=[_USER, PageQuery],
        responses={200: schema.page_of("AnswerList", "answers", RememberedAnswerRow)}
        | schema.errors(403, 404, 422),
    )
    def get(self, request: Request, user_id: str) -> Response:
        found = _answers_of(user_id, request)
        asked = PageQuery(data=request.query_params.dict())
        asked.is_valid(raise_exception=True)
        limit, offset = asked.validated_data["limit"], asked.validated_data["offset"]
        rows = RememberedAnswerRow(found.order_by("-id")[offset : offset + limit], many=True).data
        return Response({"answers": rows, "total": found.count(), "limit": limit, "offset": offset})

    @extend_schema(
        operation_id="forget_answers",
        summary="Forget all remembered answers of a user",
        parameters=[_USER],
        request=None,
        responses={200: _FORGOTTEN} | schema.errors(403, 404),
    )
    def delete(self, request: Request, user_id: str) -> Response:
        return Response({"user_id": user_id, "deleted_count": _answers_of(user_id, request).delete()[0]})


@extend_schema(tags=["People"])
class UserAnswerView(JsonView):
    """One remembered answer."""

    @extend_schema(
        operation_id="correct_answer",
        summary="Correct a remembered answer",
        parameters=[_USER, _ANSWER],
        request=Correction,
        responses={200: RememberedAnswerRow} | schema.errors(403, 404, *schema.BODY),
    )
    def patch(self, request: Request, user_id: str, answer_id: int) -> Response:
        found = _answers_of(user_id, request).filter(id=answer_id)
        asked = Correction(data=request.data)
        asked.is_valid(raise_exception=True)
        answered_by = caller_of(request).actor
        answer = asked.validated_data["answer"]
        if not found.update(answer=answer, answered_by=answered_by, updated_at=Now()):
            raise Http404
        return Response(RememberedAnswerRow(found.get()).data)

    @extend_schema(
        operation_id="forget_answer",
        summary="Forget a remembered answer",
        parameters=[_USER, _ANSWER],
        request=None,
        responses={200: _FORGOTTEN} | schema.errors(403, 404),
    )
    def delete(self, request: Request, user_id: str, answer_id: int) -> Response:
        deleted = _answers_of(user_id, request).filter(id=answer_id).delete()[0]
        if not deleted:
            raise Http404
        return Response({"user_id": user_id, "deleted_count": deleted})


def _answers_of(user_id: str, request: Request) -> QuerySet[RememberedAnswer]:
    """Give what is remembered of the user. Raises Http404 for what is no user id, PermissionDenied for others' ids."""
    if not CANONICAL_UUID.fullmatch(user_id):
        raise Http404
    caller = caller_of(request)
    if not caller.is_service and caller.user_id != UUID(user_id):
        raise PermissionDenied("Users see their own answers only.")
    return RememberedAnswer.objects.filter(user_id=user_id)


def _fault(name: str, item: Any) -> ErrorDetail | None:
    """Say what is wrong with one entry of `resolution_data`; entries that nobody knows are kept."""
    if name == "submitted" and not isinstance(item, bool):
        return ErrorDetail("Must be true or false.", "invalid")
    if name == "answers" and not isinstance(item, (Mapping, list)):
        return ErrorDetail("Must be an object of questions and answers.", "invalid")
    if name in {"code", "username", "password"}:
        is_text = isinstance(item, (str, int)) and not isinstance(item, bool)
        if not is_text or not 0 < len(str(item)) <= SECRET_LENGTH:
            return ErrorDetail(f"Must be a text of at most {SECRET_LENGTH} characters.", "invalid")
    return None
