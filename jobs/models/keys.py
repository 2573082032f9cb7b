"""`gh_service_keys`: the keys by which other services call us. No key itself is kept."""

from __future__ import annotations

import uuid
from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.functions import RandomUUID
from django.db import models
from django.db.models.functions import Now


class ServiceKey(models.Model):
    """One named key: what it may do, and by what it is recognised.

    `prefix` begins the key and is no secret; `key_hash` is the SHA-256 of the whole. `sealed_signing_secret` is what
    callbacks of its jobs are signed with, encrypted.
    """

    SEALED: ClassVar = "sealed_signing_secret"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, db_default=RandomUUID(), editable=False)
    name = models.CharField(max_length=60, unique=True)
    prefix = models.TextField(unique=True, editable=False)
    key_hash = models.TextField(editable=False)
    scopes = ArrayField(models.TextField())
    sealed_signing_secret = models.TextField(editable=False)
    encryption_key_id = models.TextField(editable=False)
    created_by = models.TextField(editable=False)
    created_at = models.DateTimeField(db_default=Now(), editable=False)
    last_used_at = models.DateTimeField(null=True, blank=True, editable=False)
    revoked_at = models.DateTimeField(null=True, blank=True, editable=False)

    class Meta:
        db_table = "gh_service_keys"
        permissions: ClassVar = [("manage_keys", "Can issue and revoke service keys")]

    def __str__(self) -> str:
        return self.name
