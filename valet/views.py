"""VALET's routes: parse, one lifecycle call, present. Source: CONTRACT sections 2, 3 and 5."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

from drf_spectacular.utils import OpenApiExample, OpenApiParameter, OpenApiResponse, extend_schema
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.serializers import Serializer
from rest_framework.viewsets import ViewSet

from jobs import intake, lifecycle, sessions
from jobs.api import schema
from jobs.api.answers import base_url
from jobs.api.authentication import ServiceKeyAuthentication, caller_of
from jobs.api.base import JsonView, read_job_id
from jobs.api.inputs import warnings
from jobs.api.people import ResumeRequest, resume
from jobs.artifacts import signed_url
from jobs.events import EventType
from jobs.intake import DuplicateIdempotencyKey, NewJob
from jobs.models import Job
from valet import answers, mapping
from valet.serializers import Application, Task

_SUBMITTED = {
    201: answers.Accepted,
    409: OpenApiResponse(answers.Accepted, description="The existing job, and `duplicate: true`"),
} | schema.errors(*schema.BODY)


@extend_schema(tags=["VALET"])
class ValetViewSet(JsonView, ViewSet):
    """Submission and status for VALET's backend, by the service key."""

    authentication_classes = (ServiceKeyAuthentication,)

    @extend_schema(
        operation_id="valet_apply",
        summary="Apply to a job posting",
        request=Application,
        responses=_SUBMITTED,
        examples=[
            OpenApiExample(
                "Aimed at one worker",
                value={
                    "valet_task_id": "test-123",
                    "valet_user_id": "00000000-0000-0000-0000-000000000001",
                    "target_url": "https://example.com/careers",
                    "profile": {"first_name": "Test", "last_name": "User", "email": "test@example.com"},
                    "target_worker_id": "adam",
                },
                request_only=True,
            )
        ],
    )
    @action(detail=False, methods=["post"])
    def apply(self, request: Request) -> Response:
        return _submit(request, Application, mapping.application)

    @extend_schema(
        operation_id="valet_task", summary="Start any other chore", request=Task, responses=_SUBMITTED
    )
    @action(detail=False, methods=["post"])
    def task(self, request: Request) -> Response:
        return _submit(request, Task, mapping.task)

    @extend_schema(
        operation_id="valet_status",
        summary="Tell how a job stands",
        parameters=[OpenApiParameter("job_id", str, OpenApiParameter.PATH, description="The job's uuid")],
        responses={200: answers.Status} | schema.errors(404),
    )
    @action(detail=False, url_path="status/(?P<job_id>[^/]+)")
    def status(self, request: Request, job_id: str) -> Response:
        job = Job.objects.filter(id=read_job_id(job_id)).first()
        if job is None:
            raise lifecycle.JobNotFound(job_id)
        progress = job.events.filter(event_type=EventType.PROGRESS_UPDATE.value).order_by("-id").first()
        link = partial(signed_url, base=base_url(request))
        has_session = sessions.is_kept(job.user_id, job.target_url)
        return Response(mapping.status(job, progress=progress, has_session=has_session, link=link))

    @extend_schema(
        operation_id="valet_resume",
        summary="Resume a job that waits for a person",
        description="The body may be left out. A job whose form may have been sent needs `resolution_data.submitted`.",
        parameters=[OpenApiParameter("job_id", str, OpenApiParameter.PATH, description="The job's uuid")],
        request=ResumeRequest,
        responses={200: answers.Resumed} | schema.errors(404, *schema.BODY, conflict=schema.RefusedAnswer),
    )
    @action(detail=False, methods=["post"], url_path="resume/(?P<job_id>[^/]+)")
    def resume(self, request: Request, job_id: str) -> Response:
        job, resolution = resume(read_job_id(job_id), request)
        return Response(mapping.resumed(job, resolution))


def _submit(
    request: Request, kind: type[Serializer[Any]], translate: Callable[[Mapping[str, Any]], NewJob]
) -> Response:
    asked = kind(data=request.data)
    asked.is_valid(raise_exception=True)
    try:
        caller = caller_of(request)
        new = translate(asked.validated_data)
        job = intake.enqueue(new, actor=caller.actor, key=caller.key)
    except DuplicateIdempotencyKey as duplicate:
        return Response(mapping.accepted(duplicate.existing) | {"duplicate": True}, status=409)
    return Response(mapping.accepted(job) | warnings([new]), status=201)
