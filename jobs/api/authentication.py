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

from jobs import keys
from jobs.limits import RATE_OF_TIER
from jobs.models import ServiceKey

CANONICAL_UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Caller:
    """An authenticated caller; `user_id` is None for services, which see every job.

    `tier` is what a user's token says, or None; what users say themselves is not asked. `key` is the named key that
    a service showed, or None for the shared secret, which may do everything.
    """

    user_id: UUID | None = None
    tier: str | None = None
    key: ServiceKey | None = None

    @property
    def is_authenticated(self) -> bool:
        return True

    @property
    def is_service(self) -> bool:
        return self.user_id is None

    @property
    def actor(self) -> str:
        """The name that the caller's actions leave in a job's history."""
        if self.key is not None:
            return f"service:{self.key.name}"
        return "service" if self.is_service else f"user:{self.user_id}"

    def may(self, scope: str) -> bool:
        """Tell whether the key covers `scope`; who shows none is bounded by what it sees."""
        return self.key is None or scope in self.key.scopes


def caller_of(request: Request) -> Caller:
    return cast(Caller, request.user)


class KeysUnavailable(APIException):
    status_code = 503
    default_detail = "The keys that sign user tokens cannot be fetched at the moment."
    default_code = "service_unavailable"


class ServiceKeyAuthentication(BaseAuthentication):
    """Accept the shared secret, or a named key, in `X-GH-Service-Key`."""

    def authenticate(self, request: Request) -> tuple[Caller, None] | None:
        given = request.headers.get("X-GH-Service-Key")
        if not given:
            return None
        expected = settings.GH_SERVICE_SECRET.encode()
        # Servers hand header bytes on as latin-1 text.
        if expected and compare_digest(given.encode("latin-1", "replace"), expected):
            return Caller(), None
        key = keys.find(given)
        if key is None:
            raise AuthenticationFailed("The service key is wrong.")
        return Caller(key=key), None

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
            claims = read_token(token.strip())
        except jwt.PyJWKClientConnectionError as error:
            raise KeysUnavailable from error
        # A forged header may also be too deep, too large or no text at all.
        except (jwt.PyJWTError, ValueError, TypeError, OverflowError, RecursionError) as error:
            raise AuthenticationFailed("The token is not valid.") from error
        subject = claims.get("sub")
        if not isinstance(subject, str) or not CANONICAL_UUID.fullmatch(subject):
            raise AuthenticationFailed("The token's subject is not a user id.")
        return Caller(UUID(subject), _tier(claims)), None


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


def _tier(claims: Mapping[str, Any]) -> str | None:
    """Read the tier, where issuers put what the user cannot change."""
    metadata = claims.get("app_metadata")
    named = claims.get("tier") or (metadata.get("tier") if isinstance(metadata, dict) else None)
    return named if isinstance(named, str) and named in RATE_OF_TIER else None


@cache
def _key_set(url: str) -> jwt.PyJWKClient:
    return jwt.PyJWKClient(url, timeout=5)
