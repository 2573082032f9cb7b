"""`gh_browser_sessions` and `gh_credentials`: what sites know a user by. Everything secret in them is encrypted."""

from __future__ import annotations

import uuid
from typing import ClassVar

from django.contrib.postgres.functions import RandomUUID
from django.db import models
from django.db.models.functions import Now


class BrowserSession(models.Model):
    """The cookies and local storage that one site left in one user's browser. Source: CONTRACT section 14."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, db_default=RandomUUID(), editable=False)
    user_id = models.UUIDField()
    domain = models.TextField()
    session_data = models.TextField()
    encryption_key_id = models.TextField()
    expires_at = models.DateTimeField(null=True, blank=True)
    last_used_at = models.DateTimeField(db_default=Now())
    created_at = models.DateTimeField(db_default=Now(), editable=False)
    updated_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        db_table = "gh_browser_sessions"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["user_id", "domain"], name="gh_sessions_one_per_site"),
        ]
        indexes: ClassVar = [
            # Maintenance: what has expired?
            models.Index(fields=["expires_at"], name="gh_sessions_expiry"),
        ]

    def __str__(self) -> str:
        return f"{self.domain} of {self.user_id}"


class Credential(models.Model):
    """A user's name and password at a site, given to be typed into its log-in form.

    `site` is a host, which stands for the hosts below it as well, or one of the platforms of CONTRACT section 3.
    `refused_at` says that the site did not take them: they are not tried again until they are set anew.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, db_default=RandomUUID(), editable=False)
    user_id = models.UUIDField()
    site = models.TextField()
    sealed = models.TextField()
    encryption_key_id = models.TextField()
    last_used_at = models.DateTimeField(null=True, blank=True)
    refused_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(db_default=Now(), editable=False)
    updated_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        db_table = "gh_credentials"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["user_id", "site"], name="gh_credentials_one_per_site"),
        ]

    def __str__(self) -> str:
        return f"{self.site} of {self.user_id}"
