"""How a job was run, what it cost, and what it waits for when it is paused."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("jobs", "0007_target_worker_id")]

    operations = [
        migrations.AddField("job", "interaction_type", models.TextField(blank=True, null=True)),
        migrations.AddField("job", "interaction_data", models.JSONField(blank=True, null=True)),
        migrations.AddField("job", "paused_at", models.DateTimeField(blank=True, null=True)),
        migrations.AddField("job", "execution_mode", models.TextField(db_default="auto")),
        migrations.AddField("job", "browser_mode", models.TextField(db_default="server")),
        migrations.AddField("job", "final_mode", models.TextField(blank=True, null=True)),
        migrations.AddField("job", "worker_affinity", models.TextField(db_default="preferred")),
        migrations.AddField("job", "action_count", models.IntegerField(db_default=0)),
        migrations.AddField("job", "total_tokens", models.BigIntegerField(db_default=0)),
        migrations.AddField("job", "llm_cost_cents", models.FloatField(db_default=0.0)),
        migrations.AddField("job", "execution_attempt_id", models.UUIDField(blank=True, null=True)),
    ]
