"""Who calls: the service, by its key, or a user, by a signed token. Source: CONTRACT section 1."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from hmac import compare_digest
from typing import Any, cast
from uuid import UUID

import jwt
from django.conf import settings
from rest_framework.authentication import BaseAuthentication
from rest_framework.exceptions import APIException, AuthenticationFailed
from rest_framework.request import Request

CANONICAL_UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Caller:
    """An authenticated caller; `user_id` is None for the service, which sees every job."""

    user_id: UUID | None = None

    @property
    def is_authenticated(self) -> bool:
        return True

    @property
    def is_service(self) -> bool:
        return self.user_id is None

    @property
    def actor(self) -> str:
        """The name that the caller's actions leave in a job's history."""
        return "service" if self.is_service else f"user:{self.user_id}"


def caller_of(request: Request) -> Caller:
    return cast(Caller, request.user)


class KeysUnavailable(APIException):
    status_code = 503
    default_detail = "The keys that sign user tokens cannot be fetched at the moment."
    default_code = "service_unavailable"


class ServiceKeyAuthentication(BaseAuthentication):
    """Accept the shared secret in `X-GH-Service-Key`; without a configured secret nothing matches."""

    def authenticate(self, request: Request) -> tuple[Caller, None] | None:
        given = request.headers.get("X-GH-Service-Key")
        if not given:
            return None
        expected = settings.GH_SERVICE_SECRET.encode()
        # Servers hand header bytes on as latin-1 text.
        if not expected or not compare_digest(given.encode("latin-1", "replace"), expected):
            raise AuthenticationFailed("The service key is wrong.")
        return Caller(), None

    def authenticate_header(self, request: Request) -> str:
        return 'Bearer realm="GhostHands"'


class OperatorSession(BaseAuthentication):
    """Accept the session of an operator who may see jobs. For reading only: no CSRF token is asked for."""

    def authenticate(self, request: Request) -> tuple[Caller, None] | None:
        user = request._request.user
        return (Caller(), None) if user.is_staff and user.has_perm("jobs.view_job") else None


class JwtAuthentication(BaseAuthentication):
    """Accept `Authorization: Bearer <JWT>` of a user; `sub` is the user's id."""

    def authenticate(self, request: Request) -> tuple[Caller, None] | None:
        scheme, _, token = request.headers.get("Authorization", "").partition(" ")
        if scheme.lower() != "bearer":
            return None
        try:
            subject = read_token(token.strip()).get("sub")
        except jwt.PyJWKClientConnectionError as error:
            raise KeysUnavailable from error
        # A forged header may also be too deep, too large or no text at all.
        except (jwt.PyJWTError, ValueError, TypeError, OverflowError, RecursionError) as error:
            raise AuthenticationFailed("The token is not valid.") from error
        if not isinstance(subject, str) or not CANONICAL_UUID.fullmatch(subject):
            raise AuthenticationFailed("The token's subject is not a user id.")
        return Caller(UUID(subject)), None


def read_token(token: str) -> Mapping[str, Any]:
    """Give the claims of a token whose signature, expiry and audience are right.

    The configuration alone decides the algorithm; what the token claims about it is compared, never believed.
    Raises jwt.PyJWTError.
    """
    if settings.GH_JWKS_URL:
        key = _key_set(settings.GH_JWKS_URL).get_signing_key_from_jwt(token).key
        algorithms = ["RS256", "ES256"]
    elif settings.GH_JWT_SECRET:
        key, algorithms = settings.GH_JWT_SECRET, ["HS256"]
    else:
        raise jwt.InvalidTokenError("no key for user tokens is configured")
    return jwt.decode(
        token,
        key,
        algorithms=algorithms,
        audience=settings.GH_JWT_AUDIENCE or None,
        # An issuer's clock may run ahead of ours; `exp` and `nbf` are what bounds a token.
        options={
            "require": ["exp", "sub"],
            "verify_aud": bool(settings.GH_JWT_AUDIENCE),
            "verify_iat": False,
        },
    )


@cache
def _key_set(url: str) -> jwt.PyJWKClient:
    return jwt.PyJWKClient(url, timeout=5)
