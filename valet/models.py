"""What VALET still has to hear: one row a callback, written with the change it tells of."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from jobs.models import Job

WAITING = Q(delivered_at__isnull=True, dead_at__isnull=True)
DEAD = Q(dead_at__isnull=False)


class CallbackDelivery(models.Model):
    """One callback: what to say, how often it was tried, and what came of it."""

    job = models.ForeignKey(Job, on_delete=models.CASCADE, related_name="callbacks", db_index=False)
    status = models.TextField()
    payload = models.JSONField()
    attempts = models.IntegerField(db_default=0)
    next_attempt_at = models.DateTimeField(db_default=Now())
    delivered_at = models.DateTimeField(null=True, blank=True)
    dead_at = models.DateTimeField(null=True, blank=True)
    last_error = models.TextField(db_default="")
    created_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        db_table = "gh_callback_deliveries"
        permissions: ClassVar = [("resend_callback", "Can have callbacks sent again")]
        indexes: ClassVar = [
            # The courier's question: what is due?
            models.Index(fields=["next_attempt_at"], name="gh_callbacks_due", condition=WAITING),
            # Its second: is something older of the same job still waiting?
            models.Index(fields=["job", "id"], name="gh_callbacks_waiting", condition=WAITING),
            # The console's: what will never be sent unless somebody asks for it?
            models.Index(fields=["-dead_at"], name="gh_callbacks_dead", condition=DEAD),
            # A job's callbacks, in order.
            models.Index(fields=["job", "-id"], name="gh_callbacks_by_job"),
        ]

    def __str__(self) -> str:
        return f"{self.status} of {self.job_id}"
