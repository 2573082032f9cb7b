"""Readers for settings that need more than a plain type."""

from __future__ import annotations

import ipaddress
import os
import secrets
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import environ
from cryptography.fernet import Fernet
from django.core.exceptions import ImproperlyConfigured

from jobs.limits import RATE_OF_TIER
from jobs.network import Network

_KNOWN = """
    GH_ALLOWED_NETWORKS GH_ATTEND_SECONDS GH_BUILD_TIME GH_CALLBACK_KEY_HOSTS GH_CHROMIUM
    GH_COMMIT_SHA GH_CORS_ORIGIN GH_DATA_DIR GH_ENCRYPTION_KEYS GH_ENVIRONMENT GH_EXPIRE_DAYS GH_HTTPS GH_IMAGE_TAG
    GH_JOBS_PER_HOST GH_JOB_BOARD GH_JWKS_URL GH_JWT_AUDIENCE GH_JWT_SECRET GH_LOG_LEVEL
    GH_MEDIA_DIR GH_PAGE_PAUSE_SECONDS GH_POLL_SECONDS GH_PUBLIC_URL GH_REQUESTS_AT_ONCE GH_RESUME_DIR GH_RETENTION_DAYS
    GH_S3_BUCKET GH_S3_ENDPOINT GH_SERVICE_SECRET GH_USER_TIER GH_WORKER_ADDRESS GH_WORKER_ID GH_WORKER_PORT
"""
KNOWN_NAMES = frozenset(_KNOWN.split())


class Environment(environ.Env):  # type: ignore[misc]  # the package has no types
    """The environment, where a value of the wrong kind is told by its name."""

    def get_value(self, var: str, *args: Any, **kwargs: Any) -> Any:
        try:
            value = super().get_value(var, *args, **kwargs)
        except ValueError as error:
            raise ImproperlyConfigured(f"{var}: {os.environ.get(var)!r} is not a number") from error
        if isinstance(value, (int, float)) and value < 0:
            raise ImproperlyConfigured(f"{var}: {value} is less than 0")
        return value


def database(name: str, url: str) -> str:
    """Check that the address is one of PostgreSQL. Raises ImproperlyConfigured, which never shows the password."""
    if not url.startswith(("postgres://", "postgresql://")):
        raise ImproperlyConfigured(f"{name} is not of the form postgres://user:password@host:5432/name")
    return url


def secret_key(data_dir: Path) -> str:
    """Give the key kept in `data_dir`, made at first use and readable by its owner only.

    Web server and workers on one machine share it, so links signed by one open at the other.
    """
    return _kept(data_dir / "secret_key", lambda: secrets.token_urlsafe(48))


def encryption_key(data_dir: Path) -> str:
    """Give the key for what is kept encrypted while trying things: kept in `data_dir` like the secret key.

    A real installation names its own in `GH_ENCRYPTION_KEYS`, apart from the data that it protects.
    """
    return _kept(data_dir / "encryption_key", lambda: Fernet.generate_key().decode())


def _kept(path: Path, make: Callable[[], str]) -> str:
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        draft = path.with_name(f"{path.name}.{secrets.token_hex(4)}")
        draft.touch(mode=0o600)
        draft.write_text(make())
        try:
            path.hardlink_to(draft)
        except FileExistsError:
            pass  # another process was first; its key is the one
        finally:
            draft.unlink()
    return path.read_text()


def networks(texts: Iterable[str]) -> list[Network]:
    """Read networks in CIDR notation. Raises ImproperlyConfigured naming the one that is none."""
    found = []
    for text in texts:
        try:
            found.append(ipaddress.ip_network(text.strip()))
        except ValueError as error:
            raise ImproperlyConfigured(
                f"GH_ALLOWED_NETWORKS: {text!r} is not a network such as 10.0.0.0/8 ({error})"
            ) from error
    return found


def tier(name: str) -> str:
    """Read the name of a tier. Raises ImproperlyConfigured for one that does not exist."""
    if name not in RATE_OF_TIER:
        raise ImproperlyConfigured(f"GH_USER_TIER: {name!r} is none of {', '.join(RATE_OF_TIER)}")
    return name
