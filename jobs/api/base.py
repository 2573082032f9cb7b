"""What the views of every face share."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest
from rest_framework.exceptions import PermissionDenied
from rest_framework.negotiation import DefaultContentNegotiation
from rest_framework.permissions import SAFE_METHODS
from rest_framework.renderers import BaseRenderer
from rest_framework.request import Request
from rest_framework.views import APIView

from jobs import keys
from jobs.api.authentication import CANONICAL_UUID, Caller, caller_of
from jobs.lifecycle import JobNotFound
from jobs.models import Job, JobQuerySet


class AlwaysJson(DefaultContentNegotiation):
    """Answer JSON whatever the caller would like to accept."""

    def select_renderer(
        self, request: Request, renderers: Any, format_suffix: str | None = None
    ) -> tuple[BaseRenderer, str]:
        return renderers[0], renderers[0].media_type


class JsonView(APIView):
    """A view that reads and answers JSON."""

    content_negotiation_class = AlwaysJson
    write_scope = keys.WRITE

    def initialize_request(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Request:
        if "Transfer-Encoding" in request.headers:
            # A chunked body has no length, and without one it would be taken for no body at all.
            request.META.setdefault("CONTENT_LENGTH", "-1")
        return super().initialize_request(request, *args, **kwargs)

    def check_permissions(self, request: Request) -> None:
        """Refuse a named key that was not issued for this. Raises PermissionDenied."""
        super().check_permissions(request)
        scope = keys.READ if request.method in SAFE_METHODS else self.write_scope
        if isinstance(request.user, Caller) and not request.user.may(scope):
            raise PermissionDenied(f"The service key '{request.user.key}' lacks the scope '{scope}'.")

    def visible_jobs(self, request: Request) -> JobQuerySet:
        """Give the jobs that the caller may see."""
        return Job.objects.visible_to(caller_of(request).user_id)

    def visible_job_id(self, request: Request, text: str) -> UUID:
        """Give the id in an address when the caller may see that job. Raises JobNotFound."""
        job_id = read_job_id(text)
        if not self.visible_jobs(request).filter(id=job_id).exists():
            raise JobNotFound(job_id)
        return job_id

    def visible_user_id(self, request: Request, text: str) -> UUID:
        """Give the user id in an address when the caller may see to that user.

        Raises Http404 for what is no user id, PermissionDenied for another user's.
        """
        if not CANONICAL_UUID.fullmatch(text):
            raise Http404
        caller = caller_of(request)
        if not caller.is_service and caller.user_id != UUID(text):
            raise PermissionDenied("Users see and change what is their own only.")
        return UUID(text)


def read_job_id(text: str) -> UUID:
    """Give the uuid that `text` spells; what is none names no job. Raises JobNotFound."""
    if not CANONICAL_UUID.fullmatch(text):
        raise JobNotFound(text)
    return UUID(text)
