"""What the console asks of a million jobs: filters and groups answered by indexes, and its permissions."""

import django.contrib.postgres.indexes
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("jobs", "0010_fenced_claims"),
    ]

    operations = [
        migrations.AlterModelOptions(
            name="job",
            options={
                "permissions": [
                    ("cancel_job", "Can cancel jobs"),
                    ("retry_job", "Can retry jobs"),
                    ("resume_job", "Can answer for and resume jobs that need a human"),
                    ("retarget_job", "Can send waiting jobs to another worker"),
                    ("reveal_job_data", "Can see personal data of jobs in clear"),
                ]
            },
        ),
        migrations.AlterModelOptions(
            name="worker",
            options={"permissions": [("manage_fleet", "Can drain and deregister workers and pause queues")]},
        ),
        migrations.AddField(
            model_name="job",
            name="error_fingerprint",
            field=models.GeneratedField(
                db_persist=True,
                expression=models.Func(
                    output_field=models.TextField(null=True),
                    template="CASE WHEN error_code IS NULL AND error_details IS NULL THEN NULL ELSE md5(coalesce(error_code, '')\n || ' ' || regexp_replace(lower(left(coalesce(error_details ->> 'message', ''), 400)),\n '(https?://[^[:space:]]+|\"[^\"]*\"|[0-9a-f]{8,}[0-9a-f-]*|[0-9]+)', '#', 'g')) END",
                ),
                output_field=models.TextField(null=True),
            ),
        ),
        migrations.AddIndex(
            model_name="job",
            index=models.Index(fields=["job_type", "-created_at"], name="gh_jobs_by_type"),
        ),
        migrations.AddIndex(
            model_name="job",
            index=models.Index(
                condition=models.Q(("worker_id__isnull", False)),
                fields=["worker_id", "-created_at"],
                name="gh_jobs_by_worker",
            ),
        ),
        migrations.AddIndex(
            model_name="job",
            index=models.Index(
                condition=models.Q(("target_worker_id__isnull", False)),
                fields=["target_worker_id", "-created_at"],
                name="gh_jobs_by_target",
            ),
        ),
        migrations.AddIndex(
            model_name="job",
            index=models.Index(
                condition=models.Q(("error_code__isnull", False)),
                fields=["error_code", "-created_at"],
                name="gh_jobs_by_error",
            ),
        ),
        migrations.AddIndex(
            model_name="job",
            index=django.contrib.postgres.indexes.GinIndex(fields=["tags"], name="gh_jobs_by_tag"),
        ),
        migrations.AddIndex(
            model_name="job",
            index=models.Index(
                condition=models.Q(("status", "failed")),
                fields=["-completed_at"],
                include=("error_fingerprint", "error_code"),
                name="gh_jobs_failures",
            ),
        ),
        migrations.AddIndex(
            model_name="job",
            index=models.Index(
                condition=models.Q(("error_fingerprint__isnull", False)),
                fields=["error_fingerprint", "-created_at"],
                name="gh_jobs_by_failure",
            ),
        ),
        migrations.AddIndex(
            model_name="job",
            index=models.Index(
                condition=models.Q(("completed_at__isnull", False)),
                fields=["-completed_at"],
                include=("status", "started_at"),
                name="gh_jobs_finished",
            ),
        ),
        migrations.AddIndex(
            model_name="job",
            index=models.Index(
                condition=models.Q(
                    models.Q(
                        ("status", "pending"),
                        models.Q(("status", "queued"), ("worker_id__isnull", True)),
                        _connector="OR",
                    ),
                    models.Q(("scheduled_at__isnull", True), ("is_due", True), _connector="OR"),
                ),
                fields=["created_at"],
                name="gh_jobs_waiting",
            ),
        ),
        migrations.AddIndex(
            model_name="job",
            index=models.Index(
                condition=models.Q(("status__in", ["awaiting_review", "needs_human", "paused"])),
                fields=["paused_at"],
                name="gh_jobs_for_human",
            ),
        ),
    ]
