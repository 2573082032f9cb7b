"""`gh_worker_registry`: the workers and their signs of life."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Value
from django.db.models.functions import Now


class Worker(models.Model):
    """A worker that gave a sign of life. Whether it lives follows from the heartbeat's age, not from `status`."""

    worker_id = models.TextField(primary_key=True)
    status = models.TextField(db_default="active")
    target_worker_id = models.TextField(null=True, blank=True)
    ec2_instance_id = models.TextField(null=True, blank=True)
    ec2_ip = models.TextField(null=True, blank=True)
    current_job_id = models.UUIDField(null=True, blank=True)
    registered_at = models.DateTimeField(db_default=Now())
    last_heartbeat = models.DateTimeField(db_default=Now())
    jobs_completed = models.IntegerField(db_default=0)
    jobs_failed = models.IntegerField(db_default=0)
    metadata = models.JSONField(null=True, blank=True, db_default=Value({}, models.JSONField()))
    # What the fleet's people ask of it. It obeys at its next heartbeat; its next start forgets both.
    drain_requested_at = models.DateTimeField(null=True, blank=True)
    deregistered_at = models.DateTimeField(null=True, blank=True)
    # Until then a deregistered worker's jobs may finish; null lets them, however long they take.
    jobs_end_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        db_table = "gh_worker_registry"
        permissions: ClassVar = [
            ("manage_fleet", "Can drain and deregister workers and pause queues"),
        ]

    def __str__(self) -> str:
        return self.worker_id
