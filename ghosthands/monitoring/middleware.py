"""Probes, answered before anything else looks at the request, and the count of all other requests."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Final

from django.db import Error
from django.http import HttpRequest, JsonResponse
from django.http.response import HttpResponseBase

from ghosthands.monitoring import wellbeing
from ghosthands.monitoring.exposition import REQUEST_SECONDS, REQUESTS

Handler = Callable[[HttpRequest], HttpResponseBase]

METHODS: Final = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})


class ProbeMiddleware:
    """Answer `/livez` and `/readyz` whatever host name they are asked under, and without a redirect to https."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        probe = PROBES.get(request.path) if request.method in ("GET", "HEAD") else None
        return probe() if probe else self.get_response(request)


class RequestCountMiddleware:
    """Count requests and measure them until their answer begins."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        begun = time.perf_counter()
        response = self.get_response(request)
        REQUEST_SECONDS.observe(time.perf_counter() - begun)
        method = request.method if request.method in METHODS else "other"
        REQUESTS.labels(method, str(response.status_code)).inc()
        return response


def livez() -> JsonResponse:
    """This process answers. Asks no database: an outage there is no reason to restart every server."""
    return JsonResponse({"status": "ok"})


def readyz() -> JsonResponse:
    """This process can serve: the database answers and has the tables that this code wants."""
    try:
        reason = "" if wellbeing.is_migrated() else "The database has to be migrated."
    except Error as error:
        reason = f"The database does not answer ({type(error).__name__})."
    if reason:
        return JsonResponse({"status": "unavailable", "message": reason}, status=503)
    return JsonResponse({"status": "ok"})


PROBES: Final[dict[str, Callable[[], JsonResponse]]] = {"/livez": livez, "/readyz": readyz}
