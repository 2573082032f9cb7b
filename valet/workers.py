"""Take workers out of service, as VALET asks. Source: CONTRACT section 8."""

from __future__ import annotations

from typing import Any

from django.http import Http404
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from jobs import fleet, keys
from jobs.api import schema
from jobs.api.authentication import ServiceKeyAuthentication, caller_of
from jobs.api.base import JsonView
from jobs.api.fields import OPTIONAL, Flag, Integer, Text


class DeregisterRequest(serializers.Serializer[Any]):
    target_worker_id = Text(max_length=255, help_text="A worker's id, or the target that it serves.")
    reason = Text(max_length=500, **OPTIONAL)
    cancel_active_jobs = Flag(default=False, help_text="Fail what they hold with `worker_deregistered`.")
    drain_timeout_seconds = Integer(
        min_value=0,
        max_value=300,
        default=0,
        help_text="With cancel_active_jobs: how long running jobs may take to end by themselves.",
    )


class Deregistered(serializers.Serializer[Any]):
    deregistered_workers = serializers.ListField(child=serializers.CharField())
    cancelled_job_ids = serializers.ListField(child=serializers.UUIDField(), help_text="Failed now.")
    held_job_ids = serializers.ListField(
        child=serializers.UUIDField(), help_text="May have sent their form: somebody has to verify it."
    )
    draining_job_ids = serializers.ListField(
        child=serializers.UUIDField(), help_text="May run until drain_timeout_seconds are over."
    )
    deregistered = serializers.IntegerField(help_text="How many workers.")
    cancelled_jobs = serializers.IntegerField(help_text="How many jobs failed now.")
    reason = serializers.CharField(allow_null=True)


@extend_schema(tags=["VALET"])
class DeregisterView(JsonView):
    """The fleet, for VALET's backend."""

    authentication_classes = (ServiceKeyAuthentication,)
    write_scope = keys.FLEET

    @extend_schema(
        operation_id="valet_deregister_worker",
        summary="Take a worker out of service",
        description="It claims nothing more. A job that may have sent its form is held for a person, never failed.",
        request=DeregisterRequest,
        responses={200: Deregistered} | schema.errors(404, *schema.BODY),
    )
    def post(self, request: Request) -> Response:
        asked = DeregisterRequest(data=request.data)
        asked.is_valid(raise_exception=True)
        said = asked.validated_data
        reason = said.get("reason")
        done = fleet.deregister(
            said["target_worker_id"],
            actor=caller_of(request).actor,
            reason=reason or "",
            cancel_active_jobs=said["cancel_active_jobs"],
            drain_seconds=said["drain_timeout_seconds"],
        )
        if not done.worker_ids:
            raise Http404
        return Response(
            {
                "deregistered_workers": done.worker_ids,
                "cancelled_job_ids": [str(job_id) for job_id in done.failed],
                "held_job_ids": [str(job_id) for job_id in done.held],
                "draining_job_ids": [str(job_id) for job_id in done.still_running],
                "deregistered": len(done.worker_ids),
                "cancelled_jobs": len(done.failed),
                "reason": reason,
            }
        )
