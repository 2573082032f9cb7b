"""Which workers there are. Source: CONTRACT section 8."""

import django.db.models.functions.datetime
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("jobs", "0008_execution_facts")]

    operations = [
        migrations.CreateModel(
            name="Worker",
            fields=[
                ("worker_id", models.TextField(primary_key=True, serialize=False)),
                ("status", models.TextField(db_default="active")),
                ("target_worker_id", models.TextField(blank=True, null=True)),
                ("ec2_instance_id", models.TextField(blank=True, null=True)),
                ("ec2_ip", models.TextField(blank=True, null=True)),
                ("current_job_id", models.UUIDField(blank=True, null=True)),
                (
                    "registered_at",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now()),
                ),
                (
                    "last_heartbeat",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now()),
                ),
                ("jobs_completed", models.IntegerField(db_default=0)),
                ("jobs_failed", models.IntegerField(db_default=0)),
                (
                    "metadata",
                    models.JSONField(blank=True, db_default=models.Value({}, models.JSONField()), null=True),
                ),
            ],
            options={"db_table": "gh_worker_registry"},
        ),
    ]
