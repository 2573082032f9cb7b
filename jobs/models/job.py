"""`gh_automation_jobs`: one row per chore, and the questions asked of it again and again."""

from __future__ import annotations

import uuid
from collections.abc import Collection
from dataclasses import dataclass
from datetime import timedelta
from typing import ClassVar, Self

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.functions import RandomUUID
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import Func, Q, Value
from django.db.models.functions import Now

from jobs.states import (
    CLAIMED,
    RETRYABLE,
    TERMINAL,
    VERIFY_SUBMISSION,
    WAITING_FOR_HUMAN,
    Action,
    Status,
    allows,
)

LEASE = timedelta(seconds=120)
"""A claimed job without a heartbeat for this long has lost its worker. Source: CONTRACT section 8."""

# What may be claimed: waiting jobs, and rows that VALET inserts as queued without naming a worker.
CLAIMABLE = Q(status=Status.PENDING.value) | Q(status=Status.QUEUED.value, worker_id__isnull=True)
# Rows whose time has come; `is_due` is set for scheduled rows by `claims.promote_due_jobs`.
HOT = Q(scheduled_at__isnull=True) | Q(is_due=True)
SHARED = Q(target_worker_id__isnull=True) | Q(worker_affinity="any")
FOR_HUMAN = Q(status__in=sorted(status.value for status in WAITING_FOR_HUMAN))
# A worker keeps the page open while a person is waited for.
ATTENDED = FOR_HUMAN & Q(attended_until__isnull=False)
# By the mark, or by what the job waits for: somebody may have to find out if the form was sent.
UNVERIFIED = Q(submit_armed_at__isnull=False) | Q(interaction_type=VERIFY_SUBMISSION)
HELD = (Q(status__in=sorted(status.value for status in CLAIMED)) | ATTENDED) & Q(worker_id__isnull=False)

# Failures that differ only in numbers, names, ids and addresses are one failure.
_FINGERPRINT = Func(
    template="""CASE WHEN error_code IS NULL AND error_details IS NULL THEN NULL ELSE md5(coalesce(error_code, '')
 || ' ' || regexp_replace(lower(left(coalesce(error_details ->> 'message', ''), 400)),
 '(https?://[^[:space:]]+|"[^"]*"|[0-9a-f]{8,}[0-9a-f-]*|[0-9]+)', '#', 'g')) END""",
    output_field=models.TextField(null=True),
)

# The site's host as the address spells it, in lower case; empty when the address names none. Cut to what an index
# can hold, for other programs insert what they like.
_HOST = Func(
    template=r"""coalesce(left(lower(rtrim(substring(target_url
 from '^[A-Za-z][A-Za-z0-9+.-]*://(?:[^/?#@]*@)?(\[[^]]*\]|[^][/?#:@]+)'), '.')), 253), '')""",
    output_field=models.TextField(),
)

_NO_OBJECT = Value({}, models.JSONField())


@dataclass(frozen=True, slots=True)
class Claim:
    """A worker's hold on a job: the fence that every write of that worker must pass."""

    job_id: uuid.UUID
    worker_id: str
    attempt: int


class JobQuerySet(models.QuerySet["Job"]):
    def visible_to(self, user_id: uuid.UUID | None) -> Self:
        """Narrow to the jobs of one user; None is the service, which sees every job."""
        return self if user_id is None else self.filter(user_id=user_id)

    def claimable(self, job_types: Collection[str]) -> Self:
        """Due jobs of these types that nobody holds, best first, for whichever worker they are meant."""
        due = Q(scheduled_at__isnull=True) | Q(scheduled_at__lte=Now())
        return self.filter(CLAIMABLE, HOT, due, job_type__in=sorted(job_types)).order_by(
            "priority", "created_at", "id"
        )

    def held(self) -> Self:
        """Jobs that some worker has claimed and not brought to an end, or waits for a person with."""
        return self.filter(HELD)

    def held_by(self, claim: Claim) -> Self:
        """The claim's job, as long as the claim still holds."""
        return self.held().filter(id=claim.job_id, worker_id=claim.worker_id, attempt=claim.attempt)

    def stale(self) -> Self:
        """Claimed jobs whose worker gave no sign of life for longer than the lease."""
        lost = Q(last_heartbeat__lt=Now() - LEASE) | Q(last_heartbeat__isnull=True)
        return self.held().filter(lost)

    def with_id_prefix(self, prefix: str) -> Self:
        """Jobs whose id starts with `prefix` (hex digits, dashes ignored); nothing when it is not hex.

        A prefix is a range of uuids, so the primary key answers it.
        """
        digits = prefix.replace("-", "").lower()
        if not digits or len(digits) > 32 or set(digits) - set("0123456789abcdef"):
            return self.none()
        low, high = digits.ljust(32, "0"), digits.ljust(32, "f")
        return self.filter(id__range=(uuid.UUID(low), uuid.UUID(high)))


class Job(models.Model):
    """One chore, from the request to its result."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, db_default=RandomUUID(), editable=False)
    idempotency_key = models.TextField(null=True, blank=True, unique=True)
    user_id = models.UUIDField(null=True, blank=True)
    created_by = models.TextField(db_default="api")
    job_type = models.TextField()
    target_url = models.TextField()
    host = models.GeneratedField(expression=_HOST, output_field=models.TextField(), db_persist=True)
    task_description = models.TextField(db_default="")
    input_data = models.JSONField(db_default=_NO_OBJECT)
    priority = models.IntegerField(db_default=5)
    scheduled_at = models.DateTimeField(null=True, blank=True)
    max_retries = models.IntegerField(db_default=3)
    retry_count = models.IntegerField(db_default=0)
    timeout_seconds = models.IntegerField(db_default=300)
    tags = ArrayField(models.TextField(), db_default=Value([], ArrayField(models.TextField())))
    metadata = models.JSONField(db_default=_NO_OBJECT)

    status = models.CharField(max_length=50, db_default=Status.PENDING.value, editable=False)
    status_message = models.TextField(null=True, blank=True)
    worker_id = models.TextField(null=True, blank=True)
    target_worker_id = models.TextField(null=True, blank=True)
    worker_affinity = models.TextField(db_default="preferred")
    attempt = models.IntegerField(db_default=0)
    execution_attempt_id = models.UUIDField(null=True, blank=True)
    is_due = models.BooleanField(db_default=False)
    submit_armed_at = models.DateTimeField(null=True, blank=True)
    pruned_at = models.DateTimeField(null=True, blank=True)
    started_at = models.DateTimeField(null=True, blank=True)
    completed_at = models.DateTimeField(null=True, blank=True)
    paused_at = models.DateTimeField(null=True, blank=True)
    attended_until = models.DateTimeField(null=True, blank=True)
    last_heartbeat = models.DateTimeField(null=True, blank=True)
    interaction_type = models.TextField(null=True, blank=True)
    interaction_data = models.JSONField(null=True, blank=True)

    engine_type = models.TextField(null=True, blank=True)
    execution_mode = models.TextField(db_default="auto")
    browser_mode = models.TextField(db_default="server")
    final_mode = models.TextField(null=True, blank=True)
    manual_id = models.UUIDField(null=True, blank=True)
    result_data = models.JSONField(null=True, blank=True)
    result_summary = models.TextField(null=True, blank=True)
    error_code = models.TextField(null=True, blank=True)
    error_details = models.JSONField(null=True, blank=True)
    error_fingerprint = models.GeneratedField(
        expression=_FINGERPRINT, output_field=models.TextField(null=True), db_persist=True
    )
    screenshot_urls = ArrayField(models.TextField(), db_default=Value([], ArrayField(models.TextField())))
    artifact_urls = ArrayField(models.TextField(), db_default=Value([], ArrayField(models.TextField())))
    action_count = models.IntegerField(db_default=0)
    total_tokens = models.BigIntegerField(db_default=0)
    # Fractions of a cent count, and every PostgreSQL client reads a double as a number.
    llm_cost_cents = models.FloatField(db_default=0.0)

    callback_url = models.TextField(null=True, blank=True)
    valet_task_id = models.TextField(null=True, blank=True)
    resume_ref = models.JSONField(null=True, blank=True)
    service_key = models.ForeignKey(
        "jobs.ServiceKey", on_delete=models.PROTECT, null=True, blank=True, db_index=False, related_name="+"
    )
    created_at = models.DateTimeField(db_default=Now(), editable=False)
    updated_at = models.DateTimeField(db_default=Now(), editable=False)

    objects = JobQuerySet.as_manager()

    class Meta:
        db_table = "gh_automation_jobs"
        permissions: ClassVar = [
            ("cancel_job", "Can cancel jobs"),
            ("retry_job", "Can retry jobs"),
            ("resume_job", "Can answer for and resume jobs that need a human"),
            ("retarget_job", "Can send waiting jobs to another worker"),
            ("reveal_job_data", "Can see personal data of jobs in clear"),
        ]
        constraints: ClassVar = [
            # A status that no code knows would hide a job from every queue and list.
            models.CheckConstraint(
                name="gh_jobs_status_known", condition=Q(status__in=[status.value for status in Status])
            ),
            # The claim orders by priority; VALET and the API promise 1 to 10.
            models.CheckConstraint(name="gh_jobs_priority_1_to_10", condition=Q(priority__range=(1, 10))),
            # A negative count would retry for ever.
            models.CheckConstraint(
                name="gh_jobs_retries_not_negative",
                condition=Q(retry_count__gte=0) & Q(max_retries__gte=0),
            ),
            models.CheckConstraint(name="gh_jobs_timeout_positive", condition=Q(timeout_seconds__gt=0)),
        ]
        indexes: ClassVar = [
            # Jobs aimed at some worker: `job cancel --worker`, the fleet's "aimed at nobody" list. Source: SEED.
            models.Index(
                fields=["target_worker_id"],
                name="idx_gh_jobs_target_worker",
                condition=Q(target_worker_id__isnull=False),
            ),
            # The claim's probe for jobs that anybody may take.
            models.Index(
                fields=["priority", "created_at", "id", "job_type"],
                name="gh_jobs_claim_shared",
                condition=CLAIMABLE & HOT & SHARED,
            ),
            # The claim's probe for jobs aimed at one worker.
            models.Index(
                fields=["target_worker_id", "priority", "created_at", "id", "job_type"],
                name="gh_jobs_claim_targeted",
                condition=CLAIMABLE & HOT & Q(target_worker_id__isnull=False),
            ),
            # The claim's way past sites that may not be visited now: from host to host, the best of each.
            models.Index(
                fields=["job_type", "host", "priority", "created_at", "id"],
                name="gh_jobs_lanes_shared",
                condition=CLAIMABLE & HOT & SHARED,
            ),
            models.Index(
                fields=["target_worker_id", "job_type", "host", "priority", "created_at", "id"],
                name="gh_jobs_lanes_targeted",
                condition=CLAIMABLE & HOT & Q(target_worker_id__isnull=False),
            ),
            # How many jobs are at work on a site.
            models.Index(fields=["host"], name="gh_jobs_held_by_host", condition=HELD),
            # Promotion of scheduled jobs whose time has come.
            models.Index(
                fields=["scheduled_at"],
                name="gh_jobs_scheduled",
                condition=CLAIMABLE & Q(scheduled_at__isnull=False, is_due=False),
            ),
            # Heartbeat, rescue, `job cancel --worker` and the fleet: what a worker holds now.
            models.Index(fields=["worker_id"], name="gh_jobs_held", condition=HELD),
            # Lists and tabs: newest first, within a status, within a user's own jobs, of one VALET task.
            models.Index(fields=["-created_at", "-id"], name="gh_jobs_newest"),
            models.Index(fields=["status", "-created_at"], name="gh_jobs_by_status"),
            models.Index(
                fields=["user_id", "-created_at"], name="gh_jobs_by_user", condition=Q(user_id__isnull=False)
            ),
            models.Index(
                fields=["valet_task_id"],
                name="gh_jobs_by_valet_task",
                condition=Q(valet_task_id__isnull=False),
            ),
            # The console's filters, newest first.
            models.Index(fields=["job_type", "-created_at"], name="gh_jobs_by_type"),
            models.Index(
                fields=["worker_id", "-created_at"],
                name="gh_jobs_by_worker",
                condition=Q(worker_id__isnull=False),
            ),
            models.Index(
                fields=["target_worker_id", "-created_at"],
                name="gh_jobs_by_target",
                condition=Q(target_worker_id__isnull=False),
            ),
            models.Index(
                fields=["error_code", "-created_at"],
                name="gh_jobs_by_error",
                condition=Q(error_code__isnull=False),
            ),
            models.Index(fields=["host", "-created_at"], name="gh_jobs_by_host"),
            GinIndex(fields=["tags"], name="gh_jobs_by_tag"),
            # The console's first page: failures alike, throughput, oldest waiting, who needs a human.
            models.Index(
                fields=["-completed_at"],
                include=["error_fingerprint", "error_code"],
                name="gh_jobs_failures",
                condition=Q(status=Status.FAILED.value),
            ),
            models.Index(
                fields=["error_fingerprint", "-created_at"],
                name="gh_jobs_by_failure",
                condition=Q(error_fingerprint__isnull=False),
            ),
            models.Index(
                fields=["-completed_at"],
                include=["status", "started_at"],
                name="gh_jobs_finished",
                condition=Q(completed_at__isnull=False),
            ),
            models.Index(fields=["created_at"], name="gh_jobs_waiting", condition=CLAIMABLE & HOT),
            models.Index(fields=["paused_at"], name="gh_jobs_for_human", condition=FOR_HUMAN),
            # Retention: the jobs that ended longest ago and still hold what was personal.
            models.Index(
                fields=["completed_at"],
                name="gh_jobs_unpruned",
                condition=Q(completed_at__isnull=False, pruned_at__isnull=True),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.job_type} {self.short_id}"

    @property
    def short_id(self) -> str:
        return str(self.id)[:8]

    @property
    def claim(self) -> Claim:
        """The hold of the worker that the row names. Raises ValueError when no worker has the job."""
        if self.worker_id is None:
            raise ValueError(f"Job {self.id} is held by nobody")
        return Claim(self.id, self.worker_id, self.attempt)

    @property
    def is_terminal(self) -> bool:
        return self.status in TERMINAL

    @property
    def is_cancellable(self) -> bool:
        return allows(Action.CANCEL, self.status)

    @property
    def is_retryable(self) -> bool:
        return self.status in RETRYABLE

    @property
    def is_unclaimed(self) -> bool:
        """Whether the job waits for a worker to take it, now or when it is due."""
        return self.status == Status.PENDING or (self.status == Status.QUEUED and self.worker_id is None)

    @property
    def is_waiting_for_human(self) -> bool:
        return self.status in WAITING_FOR_HUMAN

    @property
    def is_attended(self) -> bool:
        """Whether a worker keeps the page open while a person is waited for."""
        return self.is_waiting_for_human and self.attended_until is not None and self.worker_id is not None

    @property
    def may_have_submitted(self) -> bool:
        """Whether some run was about to send the form and never learnt what came of it."""
        return self.submit_armed_at is not None

    @property
    def is_unverified(self) -> bool:
        """Whether `UNVERIFIED` holds for the row."""
        return self.may_have_submitted or self.interaction_type == VERIFY_SUBMISSION
