"""The console lists what was given up."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("jobs", "0016_console_by_host"),
        ("valet", "0001_initial"),
    ]

    operations = [
        migrations.AddIndex(
            model_name="callbackdelivery",
            index=models.Index(
                condition=models.Q(("dead_at__isnull", False)), fields=["-dead_at"], name="gh_callbacks_dead"
            ),
        ),
    ]
