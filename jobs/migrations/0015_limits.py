"""What keeps the queue polite and within its means; the site of every job, and the claim's way from site to site."""

import django.db.models.functions.datetime
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("jobs", "0014_people_in_the_loop"),
    ]

    operations = [
        migrations.CreateModel(
            name="Cost",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("job_id", models.UUIDField()),
                ("attempt", models.IntegerField()),
                ("user_id", models.UUIDField(blank=True, null=True)),
                ("month", models.DateField()),
                ("input_tokens", models.BigIntegerField(db_default=0)),
                ("output_tokens", models.BigIntegerField(db_default=0)),
                ("cost_usd", models.FloatField(db_default=0.0)),
                ("action_count", models.IntegerField(db_default=0)),
                (
                    "created_at",
                    models.DateTimeField(
                        db_default=django.db.models.functions.datetime.Now(), editable=False
                    ),
                ),
            ],
            options={
                "db_table": "gh_costs",
            },
        ),
        migrations.CreateModel(
            name="QueuePause",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("kind", models.TextField(choices=[("type", "job type"), ("host", "site host")])),
                ("value", models.TextField()),
                ("reason", models.TextField(blank=True, db_default="")),
                ("actor", models.TextField(db_default="system")),
                (
                    "since",
                    models.DateTimeField(
                        db_default=django.db.models.functions.datetime.Now(), editable=False
                    ),
                ),
            ],
            options={
                "db_table": "gh_queue_pauses",
                "ordering": ["since", "id"],
            },
        ),
        migrations.CreateModel(
            name="RateRefusal",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("day", models.DateField()),
                ("rule", models.TextField()),
                ("count", models.BigIntegerField(db_default=0)),
            ],
            options={
                "db_table": "gh_rate_refusals",
            },
        ),
        migrations.CreateModel(
            name="SitePace",
            fields=[
                ("host", models.TextField(primary_key=True, serialize=False)),
                ("next_load_at", models.DateTimeField()),
            ],
            options={
                "db_table": "gh_site_pace",
            },
        ),
        migrations.AddField(
            model_name="job",
            name="host",
            field=models.GeneratedField(
                db_persist=True,
                expression=models.Func(
                    output_field=models.TextField(),
                    template="coalesce(left(lower(rtrim(substring(target_url\n from '^[A-Za-z][A-Za-z0-9+.-]*://(?:[^/?#@]*@)?(\\[[^]]*\\]|[^][/?#:@]+)'), '.')), 253), '')",
                ),
                output_field=models.TextField(),
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
                    models.Q(("target_worker_id__isnull", True), ("worker_affinity", "any"), _connector="OR"),
                ),
                fields=["job_type", "host", "priority", "created_at", "id"],
                name="gh_jobs_lanes_shared",
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
                    ("target_worker_id__isnull", False),
                ),
                fields=["target_worker_id", "job_type", "host", "priority", "created_at", "id"],
                name="gh_jobs_lanes_targeted",
            ),
        ),
        migrations.AddIndex(
            model_name="job",
            index=models.Index(
                condition=models.Q(
                    models.Q(
                        ("status__in", ["queued", "running"]),
                        models.Q(
                            ("status__in", ["awaiting_review", "needs_human", "paused"]),
                            ("attended_until__isnull", False),
                        ),
                        _connector="OR",
                    ),
                    ("worker_id__isnull", False),
                ),
                fields=["host"],
                name="gh_jobs_held_by_host",
            ),
        ),
        migrations.AddIndex(
            model_name="cost",
            index=models.Index(
                condition=models.Q(("user_id__isnull", False)),
                fields=["user_id", "month"],
                include=("job_id", "cost_usd"),
                name="gh_costs_by_user",
            ),
        ),
        migrations.AddConstraint(
            model_name="cost",
            constraint=models.UniqueConstraint(fields=("job_id", "attempt"), name="gh_costs_one_per_attempt"),
        ),
        migrations.AddConstraint(
            model_name="queuepause",
            constraint=models.UniqueConstraint(fields=("kind", "value"), name="gh_queue_pauses_one_each"),
        ),
        migrations.AddConstraint(
            model_name="queuepause",
            constraint=models.CheckConstraint(
                condition=models.Q(("kind__in", ["type", "host"])), name="gh_queue_pauses_kind_known"
            ),
        ),
        migrations.AddConstraint(
            model_name="raterefusal",
            constraint=models.UniqueConstraint(fields=("day", "rule"), name="gh_rate_refusals_one_a_day"),
        ),
    ]
