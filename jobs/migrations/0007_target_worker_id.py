"""Route a job to one worker: null means any worker. Source: the client's specification, migration 007."""

from django.db import migrations, models

PICKUP_FOR_TARGET = """
CREATE OR REPLACE FUNCTION gh_pickup_next_job(p_worker_id text)
RETURNS SETOF gh_automation_jobs LANGUAGE sql VOLATILE AS $$
    UPDATE gh_automation_jobs
    SET status = 'queued', worker_id = p_worker_id, last_heartbeat = now(), updated_at = now()
    WHERE id = (
        SELECT id FROM gh_automation_jobs
        WHERE status = 'pending' AND (scheduled_at IS NULL OR scheduled_at <= now())
          AND (target_worker_id IS NULL OR target_worker_id = p_worker_id)
        ORDER BY priority, created_at, id
        LIMIT 1
        FOR UPDATE SKIP LOCKED
    )
    RETURNING *
$$;
"""

PICKUP_FOR_ANY = """
CREATE OR REPLACE FUNCTION gh_pickup_next_job(p_worker_id text)
RETURNS SETOF gh_automation_jobs LANGUAGE sql VOLATILE AS $$
    UPDATE gh_automation_jobs
    SET status = 'queued', worker_id = p_worker_id, last_heartbeat = now(), updated_at = now()
    WHERE id = (
        SELECT id FROM gh_automation_jobs
        WHERE status = 'pending' AND (scheduled_at IS NULL OR scheduled_at <= now())
        ORDER BY priority, created_at, id
        LIMIT 1
        FOR UPDATE SKIP LOCKED
    )
    RETURNING *
$$;
"""


class Migration(migrations.Migration):
    dependencies = [("jobs", "0006_resume_ref")]

    operations = [
        migrations.AddField("job", "target_worker_id", models.TextField(blank=True, null=True)),
        migrations.AddIndex(
            "job",
            models.Index(
                condition=models.Q(("target_worker_id__isnull", False)),
                fields=["target_worker_id"],
                name="idx_gh_jobs_target_worker",
            ),
        ),
        migrations.RunSQL(PICKUP_FOR_TARGET, PICKUP_FOR_ANY),
    ]
