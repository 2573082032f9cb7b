"""Misconfiguration is told at start, with an id and a way to mend it."""

from __future__ import annotations

import difflib
import importlib.util
import os
from collections.abc import Iterable
from typing import Any

from cryptography.fernet import Fernet
from django.conf import settings
from django.core.checks import CheckMessage, Error, Warning, register
from django.utils.module_loading import import_string

from ghosthands.environment import KNOWN_NAMES

MAKE_A_KEY = "Make one: openssl rand -base64 32 | tr +/ -_"


@register()
def names_are_known(**kwargs: Any) -> list[CheckMessage]:
    """A misspelt GH_ name would otherwise be ignored in silence."""
    unknown = sorted(name for name in os.environ if name.startswith("GH_") and name not in KNOWN_NAMES)
    return [
        Warning(f"{name} is no setting of GhostHands.", hint=_guess(name), id="ghosthands.W001")
        for name in unknown
    ]


def _guess(name: str) -> str:
    close = difflib.get_close_matches(name, KNOWN_NAMES, n=1)
    return f"Did you mean {close[0]}?" if close else "The README's table lists the names."


@register()
def signing_keys_are_strong(**kwargs: Any) -> Iterable[CheckMessage]:
    """RFC 7518 section 3.2: a key for HS256 has at least 256 bits."""
    if settings.GH_JWT_SECRET and len(settings.GH_JWT_SECRET.encode()) < 32:
        yield Error(
            "GH_JWT_SECRET is shorter than 32 bytes.", hint="openssl rand -base64 48", id="ghosthands.E001"
        )
    if settings.GH_JWT_SECRET and settings.GH_JWKS_URL:
        yield Error(
            "GH_JWT_SECRET and GH_JWKS_URL are both set.",
            hint="Keep the one your tokens use.",
            id="ghosthands.E002",
        )


@register()
def encryption_keys_are_keys(**kwargs: Any) -> Iterable[CheckMessage]:
    for place, key in enumerate(settings.GH_ENCRYPTION_KEYS, start=1):
        try:
            Fernet(key)
        except ValueError:
            yield Error(
                f"GH_ENCRYPTION_KEYS: number {place} is no key.", hint=MAKE_A_KEY, id="ghosthands.E003"
            )


@register()
def named_functions_exist(**kwargs: Any) -> Iterable[CheckMessage]:
    """Import contracts cannot see what is only named; a wrong name would break every change of a job."""
    for path in [*settings.TRANSITION_LISTENERS, *settings.WORKER_ERRANDS, settings.JOB_INPUT_FAULT]:
        try:
            import_string(path)
        except ImportError as error:
            yield Error(f"{path} cannot be called: {error}", id="ghosthands.E004")


@register()
def the_bucket_can_be_used(**kwargs: Any) -> Iterable[CheckMessage]:
    """The packages that speak S3 are an extra."""
    if settings.GH_S3_BUCKET and not importlib.util.find_spec("storages"):
        yield Error(
            "GH_S3_BUCKET is set, and the packages for it are not installed.",
            hint="pip install 'django-storages[s3]'",
            id="ghosthands.E005",
        )


@register(deploy=True)
def somebody_can_call(**kwargs: Any) -> Iterable[CheckMessage]:
    """Without any key or token the API refuses everybody."""
    if not (settings.GH_SERVICE_SECRET or settings.GH_JWT_SECRET or settings.GH_JWKS_URL):
        yield Warning("No caller can be known.", hint="Set GH_SERVICE_SECRET.", id="ghosthands.W002")


@register(deploy=True)
def secrets_can_be_kept(**kwargs: Any) -> Iterable[CheckMessage]:
    """Nothing secret is ever kept in clear, so without a key it is refused, or not kept at all."""
    if not settings.GH_ENCRYPTION_KEYS:
        yield Warning(
            "GH_ENCRYPTION_KEYS is not set: no recordings, browser sessions and credentials are kept, and codes, "
            "passwords and new service keys are refused.",
            hint=MAKE_A_KEY,
            id="ghosthands.W003",
        )
