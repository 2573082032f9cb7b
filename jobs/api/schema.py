"""How the OpenAPI schema describes what code alone does not say: credentials and error answers."""

from __future__ import annotations

from typing import Any

from drf_spectacular.extensions import OpenApiAuthenticationExtension
from drf_spectacular.helpers import forced_singular_serializer
from drf_spectacular.utils import OpenApiResponse, inline_serializer
from rest_framework import serializers


class ServiceKeyScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]
    target_class = "jobs.api.authentication.ServiceKeyAuthentication"
    name = "serviceKey"

    def get_security_definition(self, auto_schema: Any) -> dict[str, str]:
        return {"type": "apiKey", "in": "header", "name": "X-GH-Service-Key"}


class UserTokenScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]
    target_class = "jobs.api.authentication.JwtAuthentication"
    name = "userToken"

    def get_security_definition(self, auto_schema: Any) -> dict[str, str]:
        return {"type": "http", "scheme": "bearer", "bearerFormat": "JWT"}


class OperatorSessionScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]
    target_class = "jobs.api.authentication.OperatorSession"
    name = "operatorSession"

    def get_security_definition(self, auto_schema: Any) -> dict[str, str]:
        return {"type": "apiKey", "in": "cookie", "name": "sessionid"}


class FieldError(serializers.Serializer[Any]):
    field = serializers.CharField(help_text="Dotted path, such as `jobs.1.target_url`.")
    message = serializers.CharField()
    code = serializers.CharField()


class ErrorAnswer(serializers.Serializer[Any]):
    error = serializers.CharField()
    message = serializers.CharField()


class InvalidAnswer(ErrorAnswer):
    details = FieldError(many=True)


class DuplicateAnswer(ErrorAnswer):
    existing_job_id = serializers.UUIDField(allow_null=True, help_text="Null when it is another user's job.")
    existing_status = serializers.CharField(allow_null=True)


class RefusedAnswer(ErrorAnswer):
    current_status = serializers.CharField()
    reason = serializers.CharField()


class TooManyAnswer(ErrorAnswer):
    rule = serializers.CharField(required=False, help_text="Such as `tier_hour` or `linkedin_day`.")
    limit = serializers.IntegerField(required=False)
    retry_after = serializers.IntegerField(required=False, help_text="In seconds.")


def page_of(name: str, rows: str, row: type[serializers.BaseSerializer[Any]]) -> Any:
    """Describe one page of a list: `{<rows>, total, limit, offset}`."""
    numbers = {key: serializers.IntegerField() for key in ("total", "limit", "offset")}
    page = inline_serializer(name, {rows: row(many=True), **numbers})
    # Otherwise actions called `list` would be described as answering a list of pages.
    return forced_singular_serializer(type(page))  # type: ignore[no-untyped-call]


def errors(*statuses: int, conflict: type[ErrorAnswer] | None = None) -> dict[int, OpenApiResponse]:
    """Describe the error answers of an endpoint; every endpoint may answer 401, 403 and 503."""
    described = {status: _ERRORS[status] for status in sorted({401, 403, 503, *statuses})}
    if conflict:
        described[409] = OpenApiResponse(conflict, description="The job's state, or another job, forbids it")
    return described


_ERRORS = {
    400: OpenApiResponse(InvalidAnswer, description="The body is no JSON"),
    401: OpenApiResponse(ErrorAnswer, description="No, or a wrong, service key or token"),
    403: OpenApiResponse(ErrorAnswer, description="Another user's, or the service key lacks the scope"),
    404: OpenApiResponse(ErrorAnswer, description="No such job, or not the caller's"),
    413: OpenApiResponse(InvalidAnswer, description="The body is larger than 1 MiB"),
    415: OpenApiResponse(ErrorAnswer, description="The body is not application/json"),
    422: OpenApiResponse(InvalidAnswer, description="A field is missing or wrong"),
    429: OpenApiResponse(TooManyAnswer, description="Too many jobs; `Retry-After` says when to try again"),
    503: OpenApiResponse(ErrorAnswer, description="Not at the moment; try again"),
}
BODY = (400, 413, 415, 422)
