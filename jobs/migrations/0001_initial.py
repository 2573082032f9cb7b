"""Jobs and their events, as the first version of the system kept them."""

import uuid

import django.contrib.postgres.fields
import django.contrib.postgres.functions
import django.db.models.deletion
import django.db.models.functions.datetime
from django.db import migrations, models

TEXTS = django.contrib.postgres.fields.ArrayField(models.TextField())


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="Job",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        db_default=django.contrib.postgres.functions.RandomUUID(),
                        default=uuid.uuid4,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("idempotency_key", models.TextField(blank=True, null=True, unique=True)),
                ("user_id", models.UUIDField(blank=True, null=True)),
                ("created_by", models.TextField(db_default="api")),
                ("job_type", models.TextField()),
                ("target_url", models.TextField()),
                ("task_description", models.TextField(db_default="")),
                ("input_data", models.JSONField(db_default=models.Value({}, models.JSONField()))),
                ("priority", models.IntegerField(db_default=5)),
                ("scheduled_at", models.DateTimeField(blank=True, null=True)),
                ("max_retries", models.IntegerField(db_default=3)),
                ("retry_count", models.IntegerField(db_default=0)),
                ("timeout_seconds", models.IntegerField(db_default=300)),
                (
                    "tags",
                    django.contrib.postgres.fields.ArrayField(
                        models.TextField(), db_default=models.Value([], TEXTS), size=None
                    ),
                ),
                ("metadata", models.JSONField(db_default=models.Value({}, models.JSONField()))),
                ("status", models.CharField(db_default="pending", editable=False, max_length=50)),
                ("status_message", models.TextField(blank=True, null=True)),
                ("worker_id", models.TextField(blank=True, null=True)),
                ("started_at", models.DateTimeField(blank=True, null=True)),
                ("completed_at", models.DateTimeField(blank=True, null=True)),
                ("last_heartbeat", models.DateTimeField(blank=True, null=True)),
                ("engine_type", models.TextField(blank=True, null=True)),
                ("manual_id", models.UUIDField(blank=True, null=True)),
                ("result_data", models.JSONField(blank=True, null=True)),
                ("result_summary", models.TextField(blank=True, null=True)),
                ("error_code", models.TextField(blank=True, null=True)),
                ("error_details", models.JSONField(blank=True, null=True)),
                (
                    "screenshot_urls",
                    django.contrib.postgres.fields.ArrayField(
                        models.TextField(), db_default=models.Value([], TEXTS), size=None
                    ),
                ),
                (
                    "artifact_urls",
                    django.contrib.postgres.fields.ArrayField(
                        models.TextField(), db_default=models.Value([], TEXTS), size=None
                    ),
                ),
                (
                    "created_at",
                    models.DateTimeField(
                        db_default=django.db.models.functions.datetime.Now(), editable=False
                    ),
                ),
                (
                    "updated_at",
                    models.DateTimeField(
                        db_default=django.db.models.functions.datetime.Now(), editable=False
                    ),
                ),
            ],
            options={
                "db_table": "gh_automation_jobs",
                "permissions": [("cancel_job", "Can cancel jobs"), ("retry_job", "Can retry jobs")],
                "indexes": [
                    models.Index(fields=["-created_at", "-id"], name="gh_jobs_newest"),
                    models.Index(fields=["status", "-created_at"], name="gh_jobs_by_status"),
                    models.Index(
                        condition=models.Q(("user_id__isnull", False)),
                        fields=["user_id", "-created_at"],
                        name="gh_jobs_by_user",
                    ),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "status__in",
                                [
                                    "pending",
                                    "queued",
                                    "running",
                                    "paused",
                                    "completed",
                                    "failed",
                                    "cancelled",
                                    "expired",
                                    "needs_human",
                                    "awaiting_review",
                                ],
                            )
                        ),
                        name="gh_jobs_status_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("priority__range", (1, 10))), name="gh_jobs_priority_1_to_10"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("retry_count__gte", 0), ("max_retries__gte", 0)),
                        name="gh_jobs_retries_not_negative",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("timeout_seconds__gt", 0)), name="gh_jobs_timeout_positive"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("job_type__in", ["apply", "scrape", "fill_form", "custom"])),
                        name="gh_jobs_job_type_known",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="JobEvent",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("event_type", models.TextField()),
                ("from_status", models.CharField(blank=True, max_length=50, null=True)),
                ("to_status", models.CharField(blank=True, max_length=50, null=True)),
                ("message", models.TextField(blank=True, null=True)),
                (
                    "metadata",
                    models.JSONField(blank=True, db_default=models.Value({}, models.JSONField()), null=True),
                ),
                ("actor", models.TextField(db_default="system")),
                (
                    "created_at",
                    models.DateTimeField(
                        db_default=django.db.models.functions.datetime.Now(), editable=False
                    ),
                ),
                (
                    "job",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="events",
                        to="jobs.job",
                    ),
                ),
            ],
            options={
                "db_table": "gh_job_events",
                "ordering": ["id"],
                "indexes": [
                    models.Index(fields=["job", "id"], name="gh_events_by_job"),
                    models.Index(fields=["job", "event_type", "-id"], name="gh_events_by_type"),
                ],
            },
        ),
    ]
