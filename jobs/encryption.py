"""Encrypt what must be kept but never read by chance. The keys are `GH_ENCRYPTION_KEYS`; the first encrypts."""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import sha256

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings


class CannotDecrypt(Exception):
    """None of the configured keys fits."""


class NotConfigured(Exception):
    """There is no key to encrypt with; what would need one is refused, never kept in clear."""


@dataclass(frozen=True, slots=True)
class Sealed:
    """An encrypted text, and the name of the key that opens it."""

    text: str
    key_id: str


def is_configured() -> bool:
    """Whether anything can be encrypted here; what would need it is not kept otherwise."""
    return bool(settings.GH_ENCRYPTION_KEYS)


def encrypt(content: bytes) -> bytes:
    return _keys().encrypt(content)


def decrypt(content: bytes) -> bytes:
    """Raises CannotDecrypt."""
    try:
        return _keys().decrypt(content)
    except InvalidToken as error:
        raise CannotDecrypt("The key that this was encrypted with is not in GH_ENCRYPTION_KEYS") from error


def seal(content: str) -> Sealed:
    """Encrypt a text for a column. Raises NotConfigured."""
    if not is_configured():
        raise NotConfigured("GH_ENCRYPTION_KEYS is not set")
    return Sealed(encrypt(content.encode()).decode(), key_id())


def unseal(text: str) -> str:
    """Decrypt such a text. Raises CannotDecrypt."""
    return decrypt(text.encode()).decode()


def key_id() -> str:
    """Give the name of the key that encrypts now; it says nothing about the key itself."""
    return sha256(settings.GH_ENCRYPTION_KEYS[0].encode()).hexdigest()[:12]


def is_current(content: bytes) -> bool:
    """Tell whether the key that encrypts now has encrypted this."""
    try:
        Fernet(settings.GH_ENCRYPTION_KEYS[0]).decrypt(content)
    except InvalidToken:
        return False
    return True


def _keys() -> MultiFernet:
    return MultiFernet([Fernet(key) for key in settings.GH_ENCRYPTION_KEYS])
