"""Service keys: issued once, recognised by their hash, revoked at once. Source: DESIGN section 9."""

from __future__ import annotations

import hashlib
import hmac
import re
import secrets
from base64 import b64encode
from collections.abc import Collection
from dataclasses import dataclass
from datetime import timedelta
from typing import Final
from uuid import UUID

from django.conf import settings
from django.db.models import Q
from django.db.models.functions import Now

from jobs import encryption
from jobs.models import Job, ServiceKey

READ: Final = "read"
WRITE: Final = "write"
FLEET: Final = "fleet"
SCOPES: Final = {
    READ: "see jobs, events, sessions and usage",
    WRITE: "create, cancel, retry and resume jobs",
    FLEET: "drain and deregister workers",
}
_KEY: Final = re.compile(r"gh_([0-9a-f]{12})_[A-Za-z0-9_-]{43}")
# How exactly `last_used_at` is kept; a write with every request would cost more than it tells.
_USE_RESOLUTION: Final = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Issued:
    """A new key, shown now and never again, and the secret that verifies the callbacks of its jobs."""

    row: ServiceKey
    key: str
    signing_secret: str


def issue(name: str, scopes: Collection[str], *, actor: str) -> Issued:
    """Make a key.

    Raises ValueError for no scope or an unknown one, IntegrityError for a name that is taken, and
    encryption.NotConfigured when its signing secret could not be kept encrypted.
    """
    if not scopes or set(scopes) - SCOPES.keys():
        raise ValueError(f"A key needs one or more of the scopes {', '.join(SCOPES)}.")
    prefix = secrets.token_hex(6)
    key = f"gh_{prefix}_{secrets.token_urlsafe(32)}"
    signing_secret = f"whsec_{b64encode(secrets.token_bytes(32)).decode()}"
    sealed = encryption.seal(signing_secret)
    row = ServiceKey.objects.create(
        name=name,
        prefix=prefix,
        key_hash=_hash(key),
        scopes=sorted(scopes),
        sealed_signing_secret=sealed.text,
        encryption_key_id=sealed.key_id,
        created_by=actor,
    )
    return Issued(row, key, signing_secret)


def revoke(key_id: UUID) -> bool:
    """End a key's life; False when it had ended, or there is none. Its jobs go on."""
    return bool(ServiceKey.objects.filter(id=key_id, revoked_at=None).update(revoked_at=Now()))


def find(given: str) -> ServiceKey | None:
    """Give the living key that `given` spells, and remember that it was used."""
    match = _KEY.fullmatch(given)
    row = ServiceKey.objects.filter(prefix=match[1], revoked_at=None).first() if match else None
    if row is None or not hmac.compare_digest(row.key_hash, _hash(given)):
        return None
    long_ago = Q(last_used_at=None) | Q(last_used_at__lt=Now() - _USE_RESOLUTION)
    ServiceKey.objects.filter(long_ago, id=row.id).update(last_used_at=Now())
    return row


def signing_secret_of(job: Job) -> str:
    """Give what the job's callbacks are signed with: its key's secret, or the shared one; empty when there is none.

    Raises encryption.CannotDecrypt.
    """
    if job.service_key is not None:
        return encryption.unseal(job.service_key.sealed_signing_secret)
    return b64encode(settings.GH_SERVICE_SECRET.encode()).decode()


def _hash(key: str) -> str:
    """A key is 32 random bytes: nothing slower than SHA-256 is needed to keep it from being guessed."""
    return hashlib.sha256(key.encode()).hexdigest()
