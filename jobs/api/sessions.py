"""What sites know a user by: browser sessions and credentials. Nothing secret is ever answered."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.db.models.functions import Now
from django.http import Http404
from drf_spectacular.utils import OpenApiParameter, extend_schema, inline_serializer
from rest_framework import serializers
from rest_framework.exceptions import ErrorDetail, ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from jobs import credentials, sessions
from jobs.api import answers, schema
from jobs.api.authentication import caller_of
from jobs.api.base import JsonView
from jobs.api.fields import Text, Uuid
from jobs.encryption import NotConfigured
from jobs.models import BrowserSession, Credential
from jobs.sites import HOSTS_OF_PLATFORM, domain_of

USER_ID = OpenApiParameter("user_id", str, OpenApiParameter.PATH, description="The user's uuid")
_SITE = OpenApiParameter(
    "site",
    str,
    OpenApiParameter.PATH,
    description="A host, which stands for the hosts below it as well, or a platform: "
    + ", ".join(HOSTS_OF_PLATFORM),
)


class SessionRow(answers.Answer):
    class Meta:
        model = BrowserSession
        fields = read_only_fields = ("id", "user_id", "domain", "created_at", "last_used_at", "expires_at")


class CredentialRow(answers.Answer):
    class Meta:
        model = Credential
        fields = read_only_fields = (
            "id",
            "user_id",
            "site",
            "created_at",
            "updated_at",
            "last_used_at",
            "refused_at",
        )


class SessionQuery(serializers.Serializer[Any]):
    user_id = Uuid(required=False, help_text="Required with the service key; a user's own is known.")


class SessionErasure(SessionQuery):
    domain = Text(max_length=253, required=False, help_text="The session to erase.")
    all = serializers.BooleanField(default=False, help_text="Erase every session of the user instead.")

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if not attrs["all"] and "domain" not in attrs:
            raise ValidationError({"domain": [ErrorDetail("Give domain, or all=true.", "required")]})
        return attrs


class NewCredential(serializers.Serializer[Any]):
    username = Text(max_length=320, help_text="Kept encrypted, never shown.")
    password = Text(max_length=1000, help_text="Kept encrypted, never shown.")


_SESSIONS = inline_serializer(
    "SessionList", {"sessions": SessionRow(many=True), "total": serializers.IntegerField()}
)
_ERASED = inline_serializer(
    "SessionErased",
    {
        "deleted": serializers.BooleanField(
            required=False, help_text="With `domain`: whether there was one."
        ),
        "session_id": serializers.UUIDField(required=False, allow_null=True, help_text="With `domain`."),
        "deleted_count": serializers.IntegerField(required=False, help_text="With `all`."),
        "user_id": serializers.UUIDField(required=False, help_text="With `all`."),
    },
)
_CREDENTIALS = inline_serializer(
    "CredentialList", {"credentials": CredentialRow(many=True), "total": serializers.IntegerField()}
)
_FORGOTTEN = inline_serializer(
    "CredentialsErased", {"user_id": serializers.UUIDField(), "deleted_count": serializers.IntegerField()}
)


@extend_schema(tags=["Sessions"])
class SessionsView(JsonView):
    """The browser sessions of a user: for that user, and for the service key."""

    @extend_schema(
        operation_id="list_sessions",
        summary="List a user's browser sessions",
        parameters=[SessionQuery],
        responses={200: _SESSIONS} | schema.errors(403, 422),
    )
    def get(self, request: Request) -> Response:
        asked = SessionQuery(data=request.query_params.dict())
        asked.is_valid(raise_exception=True)
        rows = SessionRow(sessions_of(self._user(request, asked)), many=True).data
        return Response({"sessions": rows, "total": len(rows)})

    @extend_schema(
        operation_id="erase_sessions",
        summary="Erase one browser session of a user, or all",
        parameters=[SessionErasure],
        request=None,
        responses={200: _ERASED} | schema.errors(403, 422),
    )
    def delete(self, request: Request) -> Response:
        asked = SessionErasure(data=request.query_params.dict())
        asked.is_valid(raise_exception=True)
        user_id = self._user(request, asked)
        if asked.validated_data["all"]:
            return Response({"deleted_count": sessions.erase(user_id), "user_id": str(user_id)})
        domain = domain_of(asked.validated_data["domain"])
        session = BrowserSession.objects.filter(user_id=user_id, domain=domain).first()
        deleted = sessions.erase(user_id, domain)
        return Response({"deleted": deleted > 0, "session_id": session and str(session.id)})

    def _user(self, request: Request, asked: SessionQuery) -> UUID:
        user_id = asked.validated_data.get("user_id") or caller_of(request).user_id
        if user_id is None:
            raise ValidationError({"user_id": [ErrorDetail("This field is required.", "required")]})
        return self.visible_user_id(request, str(user_id))


@extend_schema(tags=["Sessions"])
class CredentialsView(JsonView):
    """What a user gave to log in with: for that user, and for the service key."""

    @extend_schema(
        operation_id="list_credentials",
        summary="List the sites that a user gave credentials for",
        parameters=[USER_ID],
        responses={200: _CREDENTIALS} | schema.errors(403, 404),
    )
    def get(self, request: Request, user_id: str) -> Response:
        owner = self.visible_user_id(request, user_id)
        rows = CredentialRow(Credential.objects.filter(user_id=owner).order_by("site"), many=True).data
        return Response({"credentials": rows, "total": len(rows)})

    @extend_schema(
        operation_id="erase_all_credentials",
        summary="Erase all credentials of a user",
        parameters=[USER_ID],
        request=None,
        responses={200: _FORGOTTEN} | schema.errors(403, 404),
    )
    def delete(self, request: Request, user_id: str) -> Response:
        owner = self.visible_user_id(request, user_id)
        deleted = credentials.erase(owner)
        return Response({"user_id": str(owner), "deleted_count": deleted})


@extend_schema(tags=["Sessions"])
class CredentialView(JsonView):
    """A user's name and password at one site."""

    @extend_schema(
        operation_id="put_credentials",
        summary="Set what a user logs in with at a site",
        description="Used by the sign-in step of that user's jobs, on pages of that site only, once in a run. What"
        " the site refuses is not tried again until it is set anew.",
        parameters=[USER_ID, _SITE],
        request=NewCredential,
        responses={200: CredentialRow} | schema.errors(403, 404, *schema.BODY),
    )
    def put(self, request: Request, user_id: str, site: str) -> Response:
        owner = self.visible_user_id(request, user_id)
        asked = NewCredential(data=request.data)
        asked.is_valid(raise_exception=True)
        try:
            credential = credentials.put(owner, _known_site(site), **asked.validated_data)
        except NotConfigured as error:
            raise ValidationError({"body": [ErrorDetail(f"{error}.", "no_encryption_key")]}) from error
        return Response(CredentialRow(credential).data)

    @extend_schema(
        operation_id="erase_credentials",
        summary="Erase what a user logs in with at a site",
        parameters=[USER_ID, _SITE],
        request=None,
        responses={200: _FORGOTTEN} | schema.errors(403, 404),
    )
    def delete(self, request: Request, user_id: str, site: str) -> Response:
        owner = self.visible_user_id(request, user_id)
        deleted = credentials.erase(owner, _known_site(site))
        if not deleted:
            raise Http404
        return Response({"user_id": str(owner), "deleted_count": deleted})


def sessions_of(user_id: UUID) -> QuerySet[BrowserSession]:
    """Give the user's sessions that are still good, the last used first."""
    return BrowserSession.objects.filter(user_id=user_id, expires_at__gt=Now()).order_by(
        "-last_used_at", "id"
    )


def _known_site(text: str) -> str:
    """Give a platform's name, or a host as it is called. Raises Http404 for what is neither."""
    name = text.strip().lower()
    site = name if name in HOSTS_OF_PLATFORM else domain_of(name)
    if not site or ("." not in site and site not in {*HOSTS_OF_PLATFORM, "localhost"}):
        raise Http404
    return site
