"""Show a stored picture or trace to who may see its job."""

from __future__ import annotations

from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_safe
from rest_framework.exceptions import APIException
from rest_framework.request import Request

from jobs import artifacts, keys
from jobs.api.authentication import Caller, JwtAuthentication, ServiceKeyAuthentication
from jobs.models import Job


@require_safe
def artifact(request: HttpRequest, path: str) -> HttpResponse:
    """Answer the file, or 404 both for what does not exist and for who may not see it."""
    name = f"artifacts/{path}"
    content = artifacts.read(name) if may_see(request, name) else None
    if content is None:
        raise Http404
    response = HttpResponse(content, content_type=artifacts.content_type(name))
    response["Cache-Control"] = "private, no-store"
    response["X-Content-Type-Options"] = "nosniff"
    return response


def may_see(request: HttpRequest, name: str) -> bool:
    """Tell whether the link, the operator's session, the service key or the owner's token opens the file."""
    job_id = artifacts.job_of(name)
    if job_id is None:
        return False
    if artifacts.is_signed(name, request.GET.get("signature", "")):
        return True
    # A recording holds every value that was typed; a picture has them masked.
    needed = "jobs.reveal_job_data" if name.endswith(".zip") else "jobs.view_job"
    if request.user.is_staff and request.user.has_perm(needed):
        return True
    return _caller_may_see(request, job_id)


def _caller_may_see(request: HttpRequest, job_id: UUID) -> bool:
    asked = Request(request, authenticators=[ServiceKeyAuthentication(), JwtAuthentication()])
    try:
        caller = asked.user
    except APIException:
        return False
    if not isinstance(caller, Caller) or not caller.may(keys.READ):
        return False
    return Job.objects.visible_to(caller.user_id).filter(id=job_id).exists()
