"""The REST face of the queue: parse, one lifecycle call, present. Source: CONTRACT section 2."""

from __future__ import annotations

from collections.abc import Sequence

from django.conf import settings
from drf_spectacular.utils import OpenApiParameter, extend_schema, inline_serializer
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.viewsets import ViewSet

from jobs import intake, lifecycle, rate_limits
from jobs.api import answers, schema
from jobs.api.authentication import Caller, caller_of
from jobs.api.base import JsonView, read_job_id
from jobs.api.inputs import warnings
from jobs.api.people import ResumeRequest, resume
from jobs.api.serializers import (
    BatchSubmission,
    EventListQuery,
    JobListQuery,
    JobSubmission,
    RetryConfirmation,
)
from jobs.intake import NewJob
from jobs.models import Job, JobEvent

JOB_ID = OpenApiParameter("id", str, OpenApiParameter.PATH, description="The job's uuid")
_BATCH_CREATED = inline_serializer(
    "BatchCreated",
    {
        "created": serializers.IntegerField(),
        "job_ids": serializers.ListField(child=serializers.UUIDField()),
        "warnings": serializers.ListField(
            child=serializers.CharField(), required=False, help_text=answers.WARNINGS
        ),
    },
)


@extend_schema(tags=["Jobs"])
class JobViewSet(JsonView, ViewSet):
    """Jobs: users see and touch their own, the service key all."""

    @extend_schema(
        operation_id="create_job",
        summary="Create a job",
        request=JobSubmission,
        responses={201: answers.JobCreated}
        | schema.errors(*schema.BODY, 429, conflict=schema.DuplicateAnswer),
    )
    def create(self, request: Request) -> Response:
        caller = caller_of(request)
        asked = JobSubmission(data=request.data, context={"caller": caller})
        asked.is_valid(raise_exception=True)
        new = asked.new_job()
        jobs, headers = _enqueue([new], caller)
        created = {**answers.JobCreated(jobs[0]).data, **warnings([new])}
        return Response(created, status=201, headers=headers)

    @extend_schema(
        operation_id="create_jobs",
        summary="Create up to 50 jobs, all or none",
        request=BatchSubmission,
        responses={201: _BATCH_CREATED} | schema.errors(*schema.BODY, 429, conflict=schema.DuplicateAnswer),
    )
    @action(detail=False, methods=["post"])
    def batch(self, request: Request) -> Response:
        caller = caller_of(request)
        asked = BatchSubmission(data=request.data, context={"caller": caller})
        asked.is_valid(raise_exception=True)
        new = asked.new_jobs()
        jobs, headers = _enqueue(new, caller)
        created = {"created": len(jobs), "job_ids": [str(job.id) for job in jobs], **warnings(new)}
        return Response(created, status=201, headers=headers)

    @extend_schema(
        operation_id="list_jobs",
        summary="List jobs",
        parameters=[JobListQuery],
        responses={200: schema.page_of("JobList", "jobs", answers.JobRow)} | schema.errors(422),
    )
    def list(self, request: Request) -> Response:
        asked = JobListQuery(data=request.query_params.dict())
        asked.is_valid(raise_exception=True)
        limit, offset = asked.validated_data["limit"], asked.validated_data["offset"]
        found = self.visible_jobs(request).filter(**asked.filters())
        page = found.order_by(*asked.order())[offset : offset + limit]
        rows = answers.JobRow(page, many=True, context={"request": request}).data
        return Response({"jobs": rows, "total": found.count(), "limit": limit, "offset": offset})

    @extend_schema(
        operation_id="get_job",
        summary="Get a job",
        parameters=[JOB_ID],
        responses={200: answers.JobRow} | schema.errors(404),
    )
    def retrieve(self, request: Request, pk: str) -> Response:
        return Response(answers.JobRow(self._job(request, pk), context={"request": request}).data)

    @extend_schema(
        operation_id="get_job_status",
        summary="Get a job's status",
        parameters=[JOB_ID],
        responses={200: answers.JobStatus} | schema.errors(404),
    )
    @action(detail=True)
    def status(self, request: Request, pk: str) -> Response:
        return Response(answers.JobStatus(self._job(request, pk)).data)

    @extend_schema(
        operation_id="get_job_events",
        summary="List what happened to a job, oldest first",
        parameters=[JOB_ID, EventListQuery],
        responses={200: schema.page_of("JobEventList", "events", answers.JobEventRow)}
        | schema.errors(404, 422),
    )
    @action(detail=True)
    def events(self, request: Request, pk: str) -> Response:
        job_id = self.visible_job_id(request, pk)
        asked = EventListQuery(data=request.query_params.dict())
        asked.is_valid(raise_exception=True)
        limit, offset = asked.validated_data["limit"], asked.validated_data["offset"]
        found = JobEvent.objects.filter(job_id=job_id)
        if event_type := asked.validated_data["event_type"]:
            found = found.filter(event_type=event_type)
        rows = answers.JobEventRow(found.order_by("id")[offset : offset + limit], many=True).data
        return Response({"events": rows, "total": found.count(), "limit": limit, "offset": offset})

    @extend_schema(
        operation_id="cancel_job",
        summary="Cancel a job",
        description="Possible until it has ended. A running job's browser is closed within a second.",
        parameters=[JOB_ID],
        request=None,
        responses={200: answers.JobCancelled} | schema.errors(404, conflict=schema.RefusedAnswer),
    )
    @action(detail=True, methods=["post"])
    def cancel(self, request: Request, pk: str) -> Response:
        job_id = self.visible_job_id(request, pk)
        job = lifecycle.cancel(job_id, actor=caller_of(request).actor)
        return Response(answers.JobCancelled(job).data)

    @extend_schema(
        operation_id="retry_job",
        summary="Retry a failed or cancelled job",
        description="The body may be left out.",
        parameters=[JOB_ID],
        request=RetryConfirmation,
        responses={200: answers.JobRetried} | schema.errors(404, *schema.BODY, conflict=schema.RefusedAnswer),
    )
    @action(detail=True, methods=["post"])
    def retry(self, request: Request, pk: str) -> Response:
        job_id = self.visible_job_id(request, pk)
        asked = RetryConfirmation(data=request.data)
        asked.is_valid(raise_exception=True)
        job = lifecycle.retry(job_id, actor=caller_of(request).actor, **asked.validated_data)
        return Response(answers.JobRetried(job).data)

    @extend_schema(
        operation_id="resume_job",
        summary="Resume a job that waits for a person",
        description="The body may be left out. `status` is `running` when a worker kept the page open, and"
        " `pending` when the job runs again from the queue.",
        parameters=[JOB_ID],
        request=ResumeRequest,
        responses={200: answers.JobResumed} | schema.errors(404, *schema.BODY, conflict=schema.RefusedAnswer),
    )
    @action(detail=True, methods=["post"])
    def resume(self, request: Request, pk: str) -> Response:
        job, resolution = resume(self.visible_job_id(request, pk), request)
        return Response(
            {
                "id": str(job.id),
                "status": job.status,
                "resolved_by": resolution.resolved_by,
                "resolution_type": resolution.resolution_type,
            }
        )

    def _job(self, request: Request, text: str) -> Job:
        job_id = read_job_id(text)
        job = self.visible_jobs(request).filter(id=job_id).first()
        if job is None:
            raise lifecycle.JobNotFound(job_id)
        return job


def _enqueue(new_jobs: Sequence[NewJob], caller: Caller) -> tuple[list[Job], dict[str, str]]:
    """Create the jobs; gives them and the headers that tell a user what is left. Raises RateLimitExceeded."""
    if caller.user_id is None:
        return intake.enqueue_many(new_jobs, actor=caller.actor, key=caller.key), {}
    jobs, window = rate_limits.enqueue(
        new_jobs, user_id=caller.user_id, tier=caller.tier or settings.GH_USER_TIER, actor=caller.actor
    )
    return jobs, window.headers() if window else {}
