"""What keeps the queue polite and within its means: pauses, page loads a site, costs, refused requests."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models.functions import Now


class QueuePause(models.Model):
    """A stretch of the queue that no worker claims from: one job type, or one site's host."""

    class Kind(models.TextChoices):
        TYPE = "type", "job type"
        HOST = "host", "site host"

    id = models.BigAutoField(primary_key=True)
    kind = models.TextField(choices=Kind.choices)
    value = models.TextField()
    reason = models.TextField(db_default="", blank=True)
    actor = models.TextField(db_default="system")
    since = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        db_table = "gh_queue_pauses"
        ordering: ClassVar = ["since", "id"]
        constraints: ClassVar = [
            # Pausing twice is pausing once.
            models.UniqueConstraint(fields=["kind", "value"], name="gh_queue_pauses_one_each"),
            # The claim knows these two.
            models.CheckConstraint(
                name="gh_queue_pauses_kind_known", condition=models.Q(kind__in=["type", "host"])
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.value}"


class SitePace(models.Model):
    """When the next page of a site may be loaded, by whichever worker."""

    host = models.TextField(primary_key=True)
    next_load_at = models.DateTimeField()

    class Meta:
        db_table = "gh_site_pace"

    def __str__(self) -> str:
        return self.host


class Cost(models.Model):
    """What one attempt at a job has cost; stays when the job is deleted.

    Units: `month` is the month's first day in UTC, `cost_usd` dollars, not rounded.
    """

    id = models.BigAutoField(primary_key=True)
    job_id = models.UUIDField()
    attempt = models.IntegerField()
    user_id = models.UUIDField(null=True, blank=True)
    month = models.DateField()
    input_tokens = models.BigIntegerField(db_default=0)
    output_tokens = models.BigIntegerField(db_default=0)
    cost_usd = models.FloatField(db_default=0.0)
    action_count = models.IntegerField(db_default=0)
    created_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        db_table = "gh_costs"
        constraints: ClassVar = [
            # What was spent once is counted once.
            models.UniqueConstraint(fields=["job_id", "attempt"], name="gh_costs_one_per_attempt"),
        ]
        indexes: ClassVar = [
            # A user's month, for usage and for the budget.
            models.Index(
                fields=["user_id", "month"],
                include=["job_id", "cost_usd"],
                name="gh_costs_by_user",
                condition=models.Q(user_id__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.cost_usd} USD for {self.job_id}"


class RateRefusal(models.Model):
    """How many requests each rule has refused on a day."""

    id = models.BigAutoField(primary_key=True)
    day = models.DateField()
    rule = models.TextField()
    count = models.BigIntegerField(db_default=0)

    class Meta:
        db_table = "gh_rate_refusals"
        constraints: ClassVar = [
            # The row that a refusal adds one to.
            models.UniqueConstraint(fields=["day", "rule"], name="gh_rate_refusals_one_a_day"),
        ]

    def __str__(self) -> str:
        return f"{self.count} x {self.rule} on {self.day}"
