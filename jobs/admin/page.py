"""What every page of the console is made of, and what it asks before it lets anybody act."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from django.contrib.admin import site
from django.contrib.admin.models import CHANGE, LogEntry
from django.core.exceptions import PermissionDenied
from django.core.handlers.asgi import ASGIRequest
from django.db.models import Model
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.template.response import TemplateResponse
from django.views.decorators.cache import never_cache

from jobs import encryption

BIGINT_DIGITS: Final = 19
# What the templates ask: may_cancel, may_retry, ...
POWERS: Final = {
    "may_cancel": "jobs.cancel_job",
    "may_retry": "jobs.retry_job",
    "may_resume": "jobs.resume_job",
    "may_retarget": "jobs.retarget_job",
    "may_reveal": "jobs.reveal_job_data",
    "may_manage_fleet": "jobs.manage_fleet",
}


@never_cache
def show(request: HttpRequest, template: str, context: dict[str, Any]) -> TemplateResponse:
    """Render a page of the console: `section` marks the menu, `title` names the page."""
    powers = {name: request.user.has_perm(permission) for name, permission in POWERS.items()}
    may_act = powers["may_cancel"] or powers["may_retry"] or powers["may_retarget"] or powers["may_resume"]
    # Only the asynchronous server can hold a stream open; elsewhere pages poll.
    streams = isinstance(request, ASGIRequest)
    frame = {
        **site.each_context(request),
        **powers,
        "may_act": may_act,
        "streams": streams,
        "can_keep_secrets": encryption.is_configured(),
    }
    return TemplateResponse(request, template, {**frame, **context})


def refusal(request: HttpRequest, *permissions: str) -> HttpResponse | None:
    """Give the answer to a request that may not act; None lets it on. Raises PermissionDenied."""
    if request.method != "POST":
        return HttpResponseNotAllowed(["POST"])
    require(request, *permissions)
    return None


def require(request: HttpRequest, *permissions: str) -> None:
    """Raise PermissionDenied unless the person may see jobs and holds these permissions."""
    if not request.user.has_perms(["jobs.view_job", *permissions]):
        raise PermissionDenied


def actor(request: HttpRequest) -> str:
    """The name under which a person acts in the history."""
    return f"admin:{request.user.get_username()}"


def log(request: HttpRequest, rows: Sequence[Model], words: str, kind: int = CHANGE) -> None:
    """Keep what a person did to these rows in the admin's own log, too."""
    if rows:
        LogEntry.objects.log_actions(str(request.user.pk), rows, kind, words)


def whole_number(text: str) -> int | None:
    """Read a number that a form or an address names; None for anything else, and for what no row can have."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < BIGINT_DIGITS else None
