"""The claim as a SQL function, for workers that are not written in Python."""

from django.db import migrations

# Claims the best due job for `p_worker_id`; no row when there is none.
PICKUP = """
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
    dependencies = [("jobs", "0001_initial")]

    operations = [migrations.RunSQL(PICKUP, "DROP FUNCTION gh_pickup_next_job(text)")]
