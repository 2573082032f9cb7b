"""Where VALET wants to hear of a job, and what it calls it."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("jobs", "0004_notify_job_created")]

    operations = [
        migrations.AddField("job", "callback_url", models.TextField(blank=True, null=True)),
        migrations.AddField("job", "valet_task_id", models.TextField(blank=True, null=True)),
        migrations.AddIndex(
            "job",
            models.Index(
                condition=models.Q(("valet_task_id__isnull", False)),
                fields=["valet_task_id"],
                name="gh_jobs_by_valet_task",
            ),
        ),
    ]
