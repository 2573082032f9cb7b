"""Claims that cost the same whatever waits behind them, and that a lost worker cannot act upon.

`attempt` is the fence: every claim raises it. `is_due` keeps scheduled rows out of the claim's indexes until
their time has come. `submit_armed_at` is the durable mark "the form may be sent from here on".
"""

from importlib import import_module

from django.db import migrations, models

CLAIMABLE = models.Q(
    ("status", "pending"), models.Q(("status", "queued"), ("worker_id__isnull", True)), _connector="OR"
)
HOT = models.Q(("scheduled_at__isnull", True), ("is_due", True), _connector="OR")
SHARED = models.Q(("target_worker_id__isnull", True), ("worker_affinity", "any"), _connector="OR")

# The same meaning as `jobs.claims.claim_jobs` with a limit of one: two ordered probes, one index each.
FENCED_PICKUP = """
CREATE OR REPLACE FUNCTION gh_pickup_next_job(p_worker_id text)
RETURNS SETOF gh_automation_jobs LANGUAGE plpgsql VOLATILE AS $$
BEGIN
    UPDATE gh_automation_jobs SET is_due = true
    WHERE id IN (
        SELECT id FROM gh_automation_jobs
        WHERE (status = 'pending' OR (status = 'queued' AND worker_id IS NULL))
          AND scheduled_at IS NOT NULL AND NOT is_due AND scheduled_at <= now()
        ORDER BY scheduled_at
        LIMIT 500
        FOR UPDATE SKIP LOCKED
    );
    RETURN QUERY
    WITH mine AS (
        SELECT id, priority, created_at, status FROM gh_automation_jobs
        WHERE (status = 'pending' OR (status = 'queued' AND worker_id IS NULL))
          AND (scheduled_at IS NULL OR is_due)
          AND (scheduled_at IS NULL OR scheduled_at <= now())
          AND target_worker_id = p_worker_id
        ORDER BY priority, created_at, id
        LIMIT 1
        FOR UPDATE SKIP LOCKED
    ), shared AS (
        SELECT id, priority, created_at, status FROM gh_automation_jobs
        WHERE (status = 'pending' OR (status = 'queued' AND worker_id IS NULL))
          AND (scheduled_at IS NULL OR is_due)
          AND (scheduled_at IS NULL OR scheduled_at <= now())
          AND (target_worker_id IS NULL OR worker_affinity = 'any')
        ORDER BY priority, created_at, id
        LIMIT 1
        FOR UPDATE SKIP LOCKED
    ), candidates AS (
        SELECT * FROM mine UNION ALL SELECT * FROM shared
    ), picked AS (
        SELECT id, status FROM candidates ORDER BY priority, created_at, id LIMIT 1
    ), claimed AS (
        UPDATE gh_automation_jobs AS job
        SET status = 'queued', worker_id = p_worker_id, attempt = job.attempt + 1,
            execution_attempt_id = gen_random_uuid(), last_heartbeat = now(), updated_at = now()
        FROM picked WHERE job.id = picked.id
        RETURNING job.*
    ), logged AS (
        INSERT INTO gh_job_events (job_id, event_type, from_status, to_status, message, metadata, actor)
        SELECT claimed.id, 'status_change', picked.status, 'queued', 'Claimed by ' || p_worker_id,
               json_build_object('action', 'claim', 'attempt', claimed.attempt), 'worker:' || p_worker_id
        FROM claimed JOIN picked USING (id)
    )
    SELECT * FROM claimed;
END $$;
"""

# The language of a function cannot change back in place.
UNFENCED_PICKUP = (
    "DROP FUNCTION gh_pickup_next_job(text);"
    + import_module("jobs.migrations.0007_target_worker_id").PICKUP_FOR_TARGET
)


class Migration(migrations.Migration):
    dependencies = [("jobs", "0009_worker_registry")]

    operations = [
        migrations.AddField("job", "attempt", models.IntegerField(db_default=0)),
        migrations.AddField("job", "is_due", models.BooleanField(db_default=False)),
        migrations.AddField("job", "submit_armed_at", models.DateTimeField(blank=True, null=True)),
        migrations.AddIndex(
            "job",
            models.Index(
                condition=models.Q(CLAIMABLE, HOT, SHARED),
                fields=["priority", "created_at", "id", "job_type"],
                name="gh_jobs_claim_shared",
            ),
        ),
        migrations.AddIndex(
            "job",
            models.Index(
                condition=models.Q(CLAIMABLE, HOT, ("target_worker_id__isnull", False)),
                fields=["target_worker_id", "priority", "created_at", "id", "job_type"],
                name="gh_jobs_claim_targeted",
            ),
        ),
        migrations.AddIndex(
            "job",
            models.Index(
                condition=models.Q(CLAIMABLE, ("is_due", False), ("scheduled_at__isnull", False)),
                fields=["scheduled_at"],
                name="gh_jobs_scheduled",
            ),
        ),
        migrations.AddIndex(
            "job",
            models.Index(
                condition=models.Q(("status__in", ["queued", "running"]), ("worker_id__isnull", False)),
                fields=["worker_id"],
                name="gh_jobs_held",
            ),
        ),
        migrations.RunSQL(FENCED_PICKUP, UNFENCED_PICKUP),
    ]
