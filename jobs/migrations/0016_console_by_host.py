"""What the console asks by host."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("jobs", "0015_limits"),
    ]

    operations = [
        migrations.AddIndex(
            model_name="job",
            index=models.Index(fields=["host", "-created_at"], name="gh_jobs_by_host"),
        ),
    ]
