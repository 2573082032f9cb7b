"""`gh_job_events`: what happened to each job."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Value
from django.db.models.functions import Now

from jobs.models.job import Job


class JobEvent(models.Model):
    """One thing that happened to a job; rows are only ever added."""

    id = models.BigAutoField(primary_key=True)
    job = models.ForeignKey(Job, on_delete=models.CASCADE, related_name="events", db_index=False)
    event_type = models.TextField()
    from_status = models.CharField(max_length=50, null=True, blank=True)
    to_status = models.CharField(max_length=50, null=True, blank=True)
    message = models.TextField(null=True, blank=True)
    metadata = models.JSONField(null=True, blank=True, db_default=Value({}, models.JSONField()))
    actor = models.TextField(db_default="system")
    created_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        db_table = "gh_job_events"
        ordering: ClassVar = ["id"]
        indexes: ClassVar = [
            # A job's history in order, and its newest event of one type (progress).
            models.Index(fields=["job", "id"], name="gh_events_by_job"),
            models.Index(fields=["job", "event_type", "-id"], name="gh_events_by_type"),
        ]

    def __str__(self) -> str:
        return f"{self.event_type} of {self.job_id}"
