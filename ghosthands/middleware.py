"""What every answer carries: a request id, security headers, and CORS for browser clients of the API."""

from __future__ import annotations

import re
import uuid
from collections.abc import Callable

from django.conf import settings
from django.http import FileResponse, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase

Handler = Callable[[HttpRequest], HttpResponseBase]

API_PREFIX = "/api/"
SCHEMA_PAGE = "/api/v1/gh/schema/ui/"
_REQUEST_ID = re.compile(r"[A-Za-z0-9._-]{1,128}")

STRICT_CSP = (
    "default-src 'self'; img-src 'self' data:; object-src 'none'; base-uri 'none'; "
    "frame-ancestors 'none'; form-action 'self'"
)
# Swagger UI styles its own elements; scripts stay ours.
SCHEMA_PAGE_CSP = STRICT_CSP + "; style-src 'self' 'unsafe-inline'"


class RequestIdMiddleware:
    """Echo the caller's `X-Request-Id`, or give the request one."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        given = request.headers.get("X-Request-Id", "")
        request_id = given if _REQUEST_ID.fullmatch(given) else str(uuid.uuid4())
        response = self.get_response(request)
        response["X-Request-Id"] = request_id
        return response


class SecurityHeadersMiddleware:
    """Forbid inline code, foreign origins, and powers no page of ours needs."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        policy = SCHEMA_PAGE_CSP if request.path == SCHEMA_PAGE else STRICT_CSP
        response.setdefault("Content-Security-Policy", policy)
        response.setdefault("Permissions-Policy", "camera=(), microphone=(), geolocation=()")
        if request.path.startswith(API_PREFIX):
            response.setdefault("Cache-Control", "no-store")
        return response


class WholeFilesMiddleware:
    """Answer files whole: they are small, and the asynchronous server reads a stream at once anyhow, complaining."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        if not isinstance(response, FileResponse):
            return response
        whole = HttpResponse(b"".join(response), status=response.status_code)
        whole.headers = response.headers
        if response.file_to_stream is not None:
            response.file_to_stream.close()
        return whole


class CorsMiddleware:
    """Let browser clients of other origins call the API; a preflight needs no key. Source: CONTRACT section 1."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if not settings.GH_CORS_ORIGIN or not request.path.startswith(API_PREFIX):
            return self.get_response(request)
        preflight = request.method == "OPTIONS" and "Access-Control-Request-Method" in request.headers
        response = HttpResponse(status=204) if preflight else self.get_response(request)
        response["Access-Control-Allow-Origin"] = settings.GH_CORS_ORIGIN
        response["Access-Control-Expose-Headers"] = (
            "X-Request-Id, Retry-After, X-RateLimit-Limit, X-RateLimit-Remaining, X-RateLimit-Reset"
        )
        if preflight:
            response["Access-Control-Allow-Methods"] = "GET, POST, PUT, PATCH, DELETE, OPTIONS"
            response["Access-Control-Allow-Headers"] = (
                "Authorization, Content-Type, Last-Event-ID, X-GH-Service-Key, X-Request-Id"
            )
            response["Access-Control-Max-Age"] = "600"
        return response
