"""`gh_remote_views` and `gh_remote_touches`: an attended page, seen and touched from the console. Short-lived rows."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models.functions import Now

from jobs.models.job import Job


class RemoteView(models.Model):
    """The newest picture of a page that a person works in; a new one is taken while `watched_until` lies ahead.

    The table is not logged: after a crash of the database there is nothing in it, and nothing is missed.
    """

    job = models.OneToOneField(
        Job, on_delete=models.CASCADE, primary_key=True, related_name="remote_view", db_constraint=False
    )
    watched_until = models.DateTimeField()
    picture = models.BinaryField(null=True)
    width = models.IntegerField(db_default=0)
    height = models.IntegerField(db_default=0)
    taken_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "gh_remote_views"

    def __str__(self) -> str:
        return f"Page of {self.job_id}"


class RemoteTouch(models.Model):
    """One click, key or text that waits for the worker; it is deleted as it is read. What was typed is encrypted."""

    id = models.BigAutoField(primary_key=True)
    job = models.ForeignKey(Job, on_delete=models.CASCADE, related_name="+", db_index=False)
    kind = models.TextField()
    x = models.FloatField(db_default=0.0)
    y = models.FloatField(db_default=0.0)
    sealed = models.TextField(db_default="")
    created_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        db_table = "gh_remote_touches"
        indexes: ClassVar = [
            # The worker's question: what was done to this page, in order?
            models.Index(fields=["job", "id"], name="gh_remote_touches_by_job"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} on {self.job_id}"
