"""What people answer, until it is read or for the next time, and how long a worker waits for them."""

import django.db.models.deletion
import django.db.models.functions.datetime
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("jobs", "0013_sessions"),
    ]

    operations = [
        migrations.CreateModel(
            name="RememberedAnswer",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("user_id", models.UUIDField()),
                ("site", models.TextField(blank=True, db_default="")),
                ("question", models.TextField()),
                ("question_key", models.TextField()),
                ("answer", models.TextField()),
                ("answered_by", models.TextField(db_default="")),
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
                "db_table": "gh_answer_memory",
                "ordering": ["id"],
            },
        ),
        migrations.CreateModel(
            name="SealedResolution",
            fields=[
                (
                    "job",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="resolution",
                        serialize=False,
                        to="jobs.job",
                    ),
                ),
                ("interaction_type", models.TextField(db_default="")),
                ("sealed", models.BinaryField(null=True)),
                (
                    "created_at",
                    models.DateTimeField(
                        db_default=django.db.models.functions.datetime.Now(), editable=False
                    ),
                ),
            ],
            options={
                "db_table": "gh_resolutions",
            },
        ),
        migrations.RemoveIndex(
            model_name="job",
            name="gh_jobs_held",
        ),
        migrations.AddField(
            model_name="job",
            name="attended_until",
            field=models.DateTimeField(blank=True, null=True),
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
                fields=["worker_id"],
                name="gh_jobs_held",
            ),
        ),
        migrations.AddConstraint(
            model_name="rememberedanswer",
            constraint=models.UniqueConstraint(
                fields=("user_id", "site", "question_key"), name="gh_answers_one_per_question"
            ),
        ),
    ]
