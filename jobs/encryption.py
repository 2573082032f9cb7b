"""Encrypt what must be kept but never read by chance. The keys are `GH_ENCRYPTION_KEYS`; the first encrypts."""

from __future__ import annotations

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings


class CannotDecrypt(Exception):
    """None of the configured keys fits."""


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


def _keys() -> MultiFernet:
    return MultiFernet([Fernet(key) for key in settings.GH_ENCRYPTION_KEYS])
