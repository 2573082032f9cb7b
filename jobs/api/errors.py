"""Every error answer of the API, in one place. Source of the shapes: CONTRACT sections 1 and 2."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from itertools import islice
from typing import Any

from django.core.exceptions import SuspiciousOperation
from django.db import InterfaceError, OperationalError
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.views import defaults
from rest_framework import exceptions
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import set_rollback

from jobs.api.authentication import Caller, caller_of
from jobs.api.parsers import printable
from jobs.intake import DuplicateIdempotencyKey
from jobs.lifecycle import InvalidTransition, JobNotFound
from jobs.rate_limits import RateLimitExceeded
from jobs.states import Action

logger = logging.getLogger(__name__)

JSON_PREFIXES = ("/api/", "/health", "/monitoring/")
MAX_DETAILS = 100
CODES = {
    400: "bad_request",
    401: "unauthorized",
    403: "forbidden",
    404: "not_found",
    405: "method_not_allowed",
    413: "payload_too_large",
    415: "unsupported_media_type",
    500: "internal_error",
    503: "service_unavailable",
}
MESSAGES = {
    400: "The request cannot be read.",
    404: "There is no such thing here.",
    500: "Something went wrong on our side.",
    503: "The database does not answer at the moment; try again.",
}
REFUSED = {Action.CANCEL: "job_not_cancellable", Action.RETRY: "job_not_retryable"}


def exception_handler(error: Exception, context: dict[str, Any]) -> Response | None:
    """Answer what a view raised, or None for a fault of ours, which Django logs and answers with 500."""
    response = _domain_answer(error, context["request"]) or _framework_answer(error)
    if response is not None:
        set_rollback()
    return response


def field_errors(detail: Any, path: str = "") -> Iterator[dict[str, str]]:
    """Flatten validation errors into `{field, message, code}`: fields dotted, the body itself as `body`."""
    if isinstance(detail, exceptions.ErrorDetail):
        yield {"field": path or "body", "message": str(detail)[:300], "code": detail.code or "invalid"}
        return
    for name, inner in detail.items() if isinstance(detail, dict) else enumerate(detail):
        is_whole = name == "non_field_errors" or isinstance(inner, exceptions.ErrorDetail)
        yield from field_errors(inner, path if is_whole else f"{path}.{name}".lstrip("."))


def server_error(request: HttpRequest) -> HttpResponse:
    """Answer 500: as JSON below the API, as a page elsewhere."""
    return _plain(500) if request.path.startswith(JSON_PREFIXES) else defaults.server_error(request)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Answer 404 for an address that leads nowhere."""
    if request.path.startswith(JSON_PREFIXES):
        return _plain(404)
    return defaults.page_not_found(request, exception)


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Answer 400 for a request that Django itself refuses."""
    if request.path.startswith(JSON_PREFIXES):
        return _plain(400)
    return defaults.bad_request(request, exception)


def _domain_answer(error: Exception, request: Request) -> Response | None:
    if isinstance(error, JobNotFound):
        return _answer(404, "There is no such job.")
    if isinstance(error, InvalidTransition):
        return Response(
            {
                "error": REFUSED.get(error.action, "invalid_state"),
                "message": error.reason,
                "reason": error.reason,
                "current_status": error.status,
            },
            status=409,
        )
    if isinstance(error, DuplicateIdempotencyKey):
        return _duplicate(error, caller_of(request))
    if isinstance(error, RateLimitExceeded):
        return _too_many(error)
    return None


def _duplicate(error: DuplicateIdempotencyKey, caller: Caller) -> Response:
    # Keys are shared by all users; whose job has this one is nobody else's business.
    is_known = caller.is_service or error.existing.user_id == caller.user_id
    return Response(
        {
            "error": "duplicate_idempotency_key",
            "message": "A job with this idempotency key exists already.",
            "existing_job_id": str(error.existing.id) if is_known else None,
            "existing_status": error.existing.status if is_known else None,
        },
        status=409,
    )


def _too_many(error: RateLimitExceeded) -> Response:
    return Response(
        {
            "error": "rate_limit_exceeded",
            "message": str(error),
            "rule": error.window.rule,
            "limit": error.window.limit,
            "retry_after": error.retry_after,
        },
        status=429,
        headers={"Retry-After": str(error.retry_after), **error.window.headers()},
    )


def _framework_answer(error: Exception) -> Response | None:
    if isinstance(error, exceptions.ValidationError):
        details = list(islice(field_errors(error.detail), MAX_DETAILS))
        details = [entry | {"field": printable(entry["field"])} for entry in details]
        message = f"{details[0]['field']}: {details[0]['message']}"
        return Response({"error": "validation_error", "message": message, "details": details}, status=422)
    if isinstance(error, exceptions.APIException):
        return _api_answer(error)
    for kind, status in ((Http404, 404), (SuspiciousOperation, 400)):
        if isinstance(error, kind):
            return _answer(status)
    if isinstance(error, (OperationalError, InterfaceError)):
        logger.exception("The database failed a request")
        return _answer(503)
    return None


def _api_answer(error: exceptions.APIException) -> Response:
    response = _answer(error.status_code, str(error.detail))
    if error.status_code in (400, 413):
        response.data["details"] = list(field_errors(error.detail))
    if header := getattr(error, "auth_header", None):
        response["WWW-Authenticate"] = header
    return response


def _answer(status: int, message: str = "") -> Response:
    return Response(_envelope(status, message), status=status)


def _plain(status: int) -> JsonResponse:
    return JsonResponse(_envelope(status, ""), status=status)


def _envelope(status: int, message: str) -> dict[str, str]:
    return {"error": CODES.get(status, "error"), "message": message or MESSAGES.get(status, "")}
