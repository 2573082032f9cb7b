"""The names and passwords that users give for sites: kept encrypted, given to the sign-in step alone."""

from __future__ import annotations

import json
import logging
from dataclasses import dataclass, field
from uuid import UUID

from django.db.models.functions import Now

from jobs import encryption
from jobs.models import Credential
from jobs.sites import sites_of

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Login:
    """A name and a password in clear, and the row they come from."""

    credential_id: UUID
    username: str = field(repr=False)
    password: str = field(repr=False)


def put(user_id: UUID, site: str, *, username: str, password: str) -> Credential:
    """Keep the user's name and password at a site, in place of earlier ones. Raises NotConfigured."""
    sealed = encryption.seal(json.dumps({"username": username, "password": password}))
    credential, _ = Credential.objects.update_or_create(
        user_id=user_id,
        site=site,
        defaults={
            "sealed": sealed.text,
            "encryption_key_id": sealed.key_id,
            "refused_at": None,
            "updated_at": Now(),
        },
    )
    credential.refresh_from_db()
    return credential


def take(user_id: UUID | None, address: str) -> Login | None:
    """Give what fits the address's host best, and note its use; None when there is nothing that may be tried."""
    if user_id is None or not encryption.is_configured():
        return None
    sites = sites_of(address)
    found = list(Credential.objects.filter(user_id=user_id, site__in=sites))
    best = min(found, key=lambda credential: sites.index(credential.site), default=None)
    if best is None or best.refused_at is not None:
        return None
    try:
        content = json.loads(encryption.unseal(best.sealed))
    except encryption.CannotDecrypt:
        log.warning("the credentials of user %s for %s cannot be decrypted any more", user_id, best.site)
        return None
    Credential.objects.filter(id=best.id).update(last_used_at=Now())
    return Login(best.id, content["username"], content["password"])


def refuse(credential_id: UUID) -> None:
    """Note that the site did not take it; it is not tried again until it is set anew."""
    Credential.objects.filter(id=credential_id).update(refused_at=Now())


def erase(user_id: UUID, site: str | None = None) -> int:
    """Erase what the user gave for a site, or all; answers how many there were."""
    found = Credential.objects.filter(user_id=user_id)
    return (found if site is None else found.filter(site=site)).delete()[0]
