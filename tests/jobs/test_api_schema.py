"""The OpenAPI schema, the page to try it, and /health."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.contrib.staticfiles import finders
from django.core.management import call_command
from django.db import OperationalError, connection
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver
from drf_spectacular.generators import SchemaGenerator
from rest_framework.test import APIClient

PUBLIC = ("/health", "/monitoring/", "/api/v1/gh/health", "/api/v1/gh/monitoring/", "/api/v1/gh/models")
UNDESCRIBED = {"/api/v1/gh/schema/", "/api/v1/gh/schema/ui/"}


def routes(patterns: Iterable[URLPattern | URLResolver] | None = None, before: str = "/") -> Iterator[str]:
    """Give every address that the project answers, with each part that varies as `{}`."""
    for pattern in get_resolver().url_patterns if patterns is None else patterns:
        path = before + re.sub(r"\(\?P<\w+>.*?\)(?=/|$|\$)|<[^>]+>", "{}", str(pattern.pattern)).strip("^$")
        if isinstance(pattern, URLResolver):
            yield from routes(pattern.url_patterns, path)
        else:
            yield path.replace("\\Z", "")


def test_the_schema_is_valid_and_complete(tmp_path: Path) -> None:
    call_command(
        "spectacular", "--validate", "--fail-on-warn", file=str(tmp_path / "schema"), stdout=StringIO()
    )


def test_the_schema_covers_every_address() -> None:
    schema = SchemaGenerator().get_schema(request=None, public=True)
    described = {re.sub(r"{\w+}", "{}", path) for path in schema["paths"]}
    answered = {path for path in routes() if path.startswith(("/api/v1/gh/", *PUBLIC))}
    assert len(answered) > 40
    assert answered - described == UNDESCRIBED
    assert described <= answered


def test_every_endpoint_tells_its_errors_and_credentials() -> None:
    schema = SchemaGenerator().get_schema(request=None, public=True)
    for path, operations in schema["paths"].items():
        for method, operation in operations.items():
            answers = set(operation["responses"])
            varying = [entry["name"] for entry in operation.get("parameters", ()) if entry["in"] == "path"]
            assert sorted(varying) == sorted(re.findall(r"{(\w+)}", path))
            if path.startswith(PUBLIC):
                assert operation.get("security") is None
                continue
            schemes = {name for entry in operation["security"] for name in entry}
            expected = {"serviceKey"} if "/valet/" in path else {"serviceKey", "userToken"}
            assert schemes == expected | ({"operatorSession"} if path.endswith("/stream") else set())
            assert {"401", "403", "503"} <= answers
            assert "404" in answers or "{" not in path
            assert "409" in answers or method in {"get", "patch", "put", "delete"} or "/workers/" in path
            assert {"400", "413", "415", "422"} <= answers or "requestBody" not in operation


def test_the_page_to_try_it_needs_nothing_from_elsewhere_and_nothing_inline() -> None:
    page = Client().get("/api/v1/gh/schema/ui/")
    html = page.content.decode()
    assert page.status_code == 200
    assert "script-src" not in page["Content-Security-Policy"]
    assert "default-src 'self'" in page["Content-Security-Policy"]
    addresses = re.findall(r'(?:src|href)="([^"]+)"', html)
    assert addresses
    assert not [address for address in addresses if not address.startswith("/")]
    assert not re.findall(r"<script(?![^>]*\bsrc=)", html)
    for address in addresses:
        if address.startswith("/static/"):
            assert finders.find(address.removeprefix("/static/"))


def test_the_schema_is_served() -> None:
    assert b"openapi: 3" in Client().get("/api/v1/gh/schema/").content


@pytest.mark.django_db
def test_health_needs_no_key() -> None:
    response = APIClient().get("/health")
    assert response.status_code == 200
    assert response.json().keys() >= {"status", "service", "version", "timestamp"}
    assert (response.json()["status"], response.json()["service"]) == ("ok", "ghosthands")
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z", response.json()["timestamp"])


@pytest.mark.django_db
def test_a_database_that_does_not_answer_is_told(api: APIClient, caplog: pytest.LogCaptureFixture) -> None:
    def refuse(*args: Any) -> Any:
        raise OperationalError("the server closed the connection")

    with connection.execute_wrapper(refuse):
        health, jobs = APIClient().get("/health"), api.get("/api/v1/gh/jobs")
    assert (health.status_code, health.json()["status"]) == (503, "unhealthy")
    assert (jobs.status_code, jobs.json()["error"]) == (503, "service_unavailable")
    assert "closed the connection" not in jobs.content.decode()


@pytest.mark.django_db
def test_a_fault_of_ours_is_told_without_its_details(api: APIClient) -> None:
    def fail(*args: Any) -> Any:
        raise RuntimeError("a secret in a traceback")

    api.raise_request_exception = False
    with connection.execute_wrapper(fail):
        response = api.get("/api/v1/gh/jobs")
    assert (response.status_code, response.json()["error"]) == (500, "internal_error")
    assert "secret" not in response.content.decode()


@pytest.mark.django_db
def test_a_request_for_another_host_is_refused_in_json(api: APIClient) -> None:
    response = api.get("/api/v1/gh/jobs", headers={"Host": "evil.example"})
    assert (response.status_code, response.json()["error"]) == (400, "bad_request")
    assert Client().get("/nowhere").status_code == 404
    assert Client().get("/", headers={"Host": "evil.example"}).status_code == 400
