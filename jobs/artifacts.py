"""Pictures and traces that runs leave behind: in Django's default storage, shown only to who may see the job.

Rows keep plain storage names. Answers turn them into links that carry their own permission for a while.
"""

from __future__ import annotations

import re
import secrets
from collections.abc import Iterable
from typing import Final
from urllib.parse import quote
from uuid import UUID

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.signing import BadSignature, TimestampSigner

from jobs.encryption import decrypt, encrypt

LINK_SECONDS: Final = 7 * 24 * 3600
CONTENT_TYPES: Final = {"png": "image/png", "zip": "application/zip"}
_NAME: Final = re.compile(
    r"artifacts/(?P<job_id>[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})/[A-Za-z0-9_-]{1,120}\.(?P<kind>png|zip)"
)
_SIGNER: Final = TimestampSigner(salt="jobs.artifacts")


def save(job_id: UUID, label: str, content: bytes, *, kind: str = "png") -> str:
    """Store a file of a job and give its storage name, which nobody can guess."""
    word = re.sub(r"[^A-Za-z0-9]+", "-", label).strip("-")[:60] or "file"
    name = f"artifacts/{job_id}/{word}-{secrets.token_urlsafe(16)}.{kind}"
    # A trace holds every value that was typed; a picture has them masked.
    return default_storage.save(name, ContentFile(encrypt(content) if kind == "zip" else content))


def read(name: str) -> bytes | None:
    """Give the stored file's bytes, or None when there is no such file of ours.

    Raises CannotDecrypt for a trace whose key is gone.
    """
    if not _NAME.fullmatch(name):
        return None
    try:
        with default_storage.open(name) as stored:
            content = bytes(stored.read())
    except FileNotFoundError:
        return None
    return decrypt(content) if name.endswith(".zip") else content


def read_sealed(name: str) -> bytes | None:
    """Give a stored trace as it is kept, encrypted; None for anything else."""
    if not _NAME.fullmatch(name) or not name.endswith(".zip") or not default_storage.exists(name):
        return None
    with default_storage.open(name) as stored:
        return bytes(stored.read())


def save_sealed(name: str, sealed: bytes) -> str:
    """Store an encrypted trace beside the one of that name; answers its own name."""
    folder, _, file = name.rpartition("/")
    beside = f"{folder}/{file.partition('-')[0]}-{secrets.token_urlsafe(16)}.zip"
    return default_storage.save(beside, ContentFile(sealed))


def content_type(name: str) -> str:
    return CONTENT_TYPES[name.rpartition(".")[2]]


def job_of(name: str) -> UUID | None:
    """Give the id of the job that a storage name belongs to; None for what is no name of ours."""
    match = _NAME.fullmatch(name)
    return UUID(match["job_id"]) if match else None


def signed_url(name: str, base: str) -> str:
    """Give an absolute link to a stored file that opens without any other permission for seven days.

    `base` is this server's address without a path. An address already (rows of other programs) stays.
    """
    if name.startswith(("http://", "https://")):
        return name
    signature = _SIGNER.sign(name).removeprefix(f"{name}:")
    return f"{base.rstrip('/')}/{quote(name)}?signature={quote(signature)}"


def signed_urls(names: Iterable[str], base: str) -> list[str]:
    return [signed_url(name, base) for name in names]


def is_signed(name: str, signature: str) -> bool:
    """Tell whether `signature` opens `name` now."""
    try:
        return _SIGNER.unsign(f"{name}:{signature}", max_age=LINK_SECONDS) == name
    except BadSignature:
        return False
