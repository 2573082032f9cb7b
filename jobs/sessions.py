"""What sites left in a user's browser: kept encrypted for the next run at the same site.

A session belongs to one user and one domain. Cookies and storage of any other host are never kept with it, and
never given back.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Mapping
from datetime import timedelta
from typing import Any, Final
from urllib.parse import urlsplit
from uuid import UUID

from django.db.models import QuerySet
from django.db.models.functions import Now

from jobs import encryption
from jobs.models import BrowserSession
from jobs.sites import domain_of

log = logging.getLogger(__name__)

LIFE: Final = timedelta(days=30)
"""How long a session is kept after the last run that changed or used it."""

MAX_BYTES: Final = 1_000_000
State = dict[str, Any]


def restore(user_id: UUID | None, address: str) -> State | None:
    """Give what the address's site left in the user's browser, or None."""
    if user_id is None or not encryption.is_configured():
        return None
    domain = domain_of(address)
    kept = _kept(user_id, address)
    session = kept.first()
    if session is None:
        return None
    try:
        state = json.loads(encryption.unseal(session.session_data))
    except encryption.CannotDecrypt:
        log.warning("the session of user %s at %s cannot be decrypted any more", user_id, domain)
        return None
    kept.update(last_used_at=Now(), expires_at=Now() + LIFE)
    return part_of(state, domain)


def is_kept(user_id: UUID | None, address: str) -> bool:
    """Tell whether the user's next run at the address's site finds what an earlier one left."""
    return user_id is not None and encryption.is_configured() and _kept(user_id, address).exists()


def save(user_id: UUID | None, address: str, state: Mapping[str, Any]) -> str:
    """Keep the site's part of a browser's state for the user; answers the domain, or nothing when nothing is kept."""
    domain = domain_of(address)
    part = part_of(state, domain)
    content = json.dumps(part, separators=(",", ":"))
    if user_id is None or not encryption.is_configured() or len(content) > MAX_BYTES:
        return ""
    if not part["cookies"] and not part["origins"]:
        return ""
    sealed = encryption.seal(content)
    BrowserSession.objects.update_or_create(
        user_id=user_id,
        domain=domain,
        defaults={
            "session_data": sealed.text,
            "encryption_key_id": sealed.key_id,
            "expires_at": Now() + LIFE,
            "last_used_at": Now(),
            "updated_at": Now(),
        },
    )
    return domain


def erase(user_id: UUID, domain: str | None = None) -> int:
    """Erase the user's session at a domain, or all; answers how many there were."""
    found = BrowserSession.objects.filter(user_id=user_id)
    return (found if domain is None else found.filter(domain=domain)).delete()[0]


def prune() -> int:
    """Forget the sessions that have expired; answers how many."""
    return BrowserSession.objects.filter(expires_at__lte=Now()).delete()[0]


def part_of(state: Mapping[str, Any], domain: str) -> State:
    """Give the cookies that the domain's host is sent, and the storage of its own origins."""
    hosts = {domain, f"www.{domain}"}
    return {
        "cookies": [c for c in state.get("cookies", ()) if _is_sent_to(c["domain"], hosts)],
        "origins": [o for o in state.get("origins", ()) if urlsplit(o["origin"]).hostname in hosts],
    }


def _kept(user_id: UUID, address: str) -> QuerySet[BrowserSession]:
    return BrowserSession.objects.filter(user_id=user_id, domain=domain_of(address), expires_at__gt=Now())


def _is_sent_to(cookie_domain: str, hosts: set[str]) -> bool:
    """Tell whether a browser sends the cookie to one of the hosts: a leading dot stands for all hosts below."""
    if not cookie_domain.startswith("."):
        return cookie_domain in hosts
    return any(f".{host}".endswith(cookie_domain) for host in hosts)
