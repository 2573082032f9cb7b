"""A user's browser sessions, as VALET's documents spell the addresses. Source: CONTRACT section 2."""

from __future__ import annotations

from django.http import Http404
from drf_spectacular.utils import OpenApiParameter, extend_schema, inline_serializer
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from jobs import sessions
from jobs.api import schema
from jobs.api.authentication import ServiceKeyAuthentication
from jobs.api.base import JsonView
from jobs.api.sessions import USER_ID, SessionRow, sessions_of
from jobs.sites import domain_of

_DOMAIN = OpenApiParameter("domain", str, OpenApiParameter.PATH, description="The site's host")
_LIST = inline_serializer(
    "ValetSessionList",
    {
        "user_id": serializers.UUIDField(),
        "sessions": SessionRow(many=True),
        "count": serializers.IntegerField(),
    },
)
_ALL_ERASED = inline_serializer(
    "ValetSessionsErased", {"user_id": serializers.UUIDField(), "deleted_count": serializers.IntegerField()}
)
_ERASED = inline_serializer(
    "ValetSessionErased",
    {
        "user_id": serializers.UUIDField(),
        "domain": serializers.CharField(),
        "deleted": serializers.BooleanField(),
    },
)


@extend_schema(tags=["VALET"])
class SessionsView(JsonView):
    """All sessions of a user."""

    authentication_classes = (ServiceKeyAuthentication,)

    @extend_schema(
        operation_id="valet_list_sessions",
        summary="List a user's browser sessions",
        parameters=[USER_ID],
        responses={200: _LIST} | schema.errors(404),
    )
    def get(self, request: Request, user_id: str) -> Response:
        owner = self.visible_user_id(request, user_id)
        rows = SessionRow(sessions_of(owner), many=True).data
        return Response({"user_id": str(owner), "sessions": rows, "count": len(rows)})

    @extend_schema(
        operation_id="valet_erase_sessions",
        summary="Erase all browser sessions of a user",
        parameters=[USER_ID],
        request=None,
        responses={200: _ALL_ERASED} | schema.errors(404),
    )
    def delete(self, request: Request, user_id: str) -> Response:
        owner = self.visible_user_id(request, user_id)
        return Response({"user_id": str(owner), "deleted_count": sessions.erase(owner)})


@extend_schema(tags=["VALET"])
class SessionView(JsonView):
    """The session of a user at one site."""

    authentication_classes = (ServiceKeyAuthentication,)

    @extend_schema(
        operation_id="valet_erase_session",
        summary="Erase a user's browser session at a site",
        parameters=[USER_ID, _DOMAIN],
        request=None,
        responses={200: _ERASED} | schema.errors(404),
    )
    def delete(self, request: Request, user_id: str, domain: str) -> Response:
        owner = self.visible_user_id(request, user_id)
        name = domain_of(domain)
        if not sessions.erase(owner, name):
            raise Http404
        return Response({"user_id": str(owner), "domain": name, "deleted": True})
