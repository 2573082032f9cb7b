"""A claim that passes by what may not be taken now: full or paused sites and paused job types.

`gh_open_jobs` finds the best jobs besides them, for `jobs.claims` and for `gh_pickup_next_job` alike. It looks at the
head of the queue; when that is taken up by jobs that may not be claimed, it goes from site to site through an index
and takes the best of each, so that a million jobs for a full site cost one step. Each step is in the order of its own
index: `min(host)` and the like are also answered by indexes of the console, which hold every job that ever was.
"""

from importlib import import_module

from django.db import migrations

# Conditions that several statements share, by the name that stands for them there.
SHARED = "(target_worker_id IS NULL OR worker_affinity = 'any')"
TARGETED = "target_worker_id = p_worker_id"
CONDITIONS = {
    "@waiting": """(status = 'pending' OR (status = 'queued' AND worker_id IS NULL))
          AND (scheduled_at IS NULL OR is_due)""",
    "@due": "(scheduled_at IS NULL OR scheduled_at <= now())",
    "@shared": SHARED,
    "@targeted": TARGETED,
    "@held": """(status IN ('queued', 'running')
          OR (status IN ('awaiting_review', 'needs_human', 'paused') AND attended_until IS NOT NULL))
          AND worker_id IS NOT NULL""",
}

# The best `p_limit` jobs of one part of the queue that are of these types and not of these hosts.
OPEN_PART = """
CREATE FUNCTION gh_open_@name_jobs(
    p_worker_id text, p_job_types text[], p_closed_hosts text[], p_limit integer)
RETURNS TABLE (job_id uuid, job_priority integer, job_created_at timestamptz) LANGUAGE plpgsql STABLE AS $$
BEGIN
    RETURN QUERY
    WITH RECURSIVE head AS MATERIALIZED (
        SELECT id, priority, created_at, job_type, host FROM gh_automation_jobs
        WHERE @waiting AND @due AND @part
        ORDER BY priority, created_at, id
        LIMIT 100
    ), ahead AS MATERIALIZED (
        SELECT id, priority, created_at FROM head
        WHERE job_type = ANY (p_job_types) AND host <> ALL (p_closed_hosts)
        ORDER BY priority, created_at, id
        LIMIT p_limit
    ), lane AS (
        SELECT kind, (
            SELECT host FROM gh_automation_jobs WHERE @waiting AND @part AND job_type = kind
            ORDER BY host, priority, created_at, id LIMIT 1
        ) AS site
        FROM unnest(p_job_types) AS kind
        WHERE (SELECT count(*) FROM head) = 100 AND (SELECT count(*) FROM ahead) < p_limit
        UNION ALL
        SELECT kind, (
            SELECT host FROM gh_automation_jobs
            WHERE @waiting AND @part AND job_type = kind AND host > site
            ORDER BY host, priority, created_at, id LIMIT 1
        )
        FROM lane WHERE site IS NOT NULL
    ), beyond AS (
        SELECT best.* FROM lane CROSS JOIN LATERAL (
            SELECT id, priority, created_at FROM gh_automation_jobs
            WHERE @waiting AND @due AND @part AND job_type = kind AND host BETWEEN site AND site
            ORDER BY host, priority, created_at, id
            LIMIT p_limit
        ) AS best
        WHERE site <> ALL (p_closed_hosts)
    )
    SELECT * FROM (SELECT * FROM ahead UNION SELECT * FROM beyond) AS found
    ORDER BY priority, created_at, id
    LIMIT p_limit;
END $$;
"""

OPEN = """
CREATE FUNCTION gh_open_jobs(p_worker_id text, p_job_types text[], p_closed_hosts text[], p_limit integer)
RETURNS SETOF uuid LANGUAGE sql STABLE AS $$
    SELECT job_id FROM (
        SELECT * FROM gh_open_targeted_jobs(p_worker_id, p_job_types, p_closed_hosts, p_limit)
        UNION
        SELECT * FROM gh_open_shared_jobs(p_worker_id, p_job_types, p_closed_hosts, p_limit)
    ) AS found
    ORDER BY job_priority, job_created_at, job_id
    LIMIT p_limit
$$;
"""

# The same meaning as `jobs.claims.claim_jobs` with a limit of one and every job type.
POLITE_PICKUP = """
DROP FUNCTION gh_pickup_next_job(text);
CREATE FUNCTION gh_pickup_next_job(p_worker_id text, p_jobs_per_host integer DEFAULT 4)
RETURNS SETOF gh_automation_jobs LANGUAGE plpgsql VOLATILE AS $$
DECLARE
    closed text[];
    kinds text[];
    chosen uuid;
    site text;
    was text;
    lock_key bigint;
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
    SELECT coalesce(array_agg(host), '{}') INTO closed FROM (
        SELECT host FROM gh_automation_jobs WHERE @held AND host <> '' AND p_jobs_per_host > 0
        GROUP BY host HAVING count(*) >= p_jobs_per_host
        UNION
        SELECT value FROM gh_queue_pauses WHERE kind = 'host'
    ) AS unavailable;
    WITH RECURSIVE shared AS (
        SELECT (SELECT job_type FROM gh_automation_jobs WHERE @waiting AND @shared ORDER BY job_type, host, priority, created_at, id LIMIT 1) AS kind
        UNION ALL
        SELECT (SELECT job_type FROM gh_automation_jobs WHERE @waiting AND @shared AND job_type > kind ORDER BY job_type, host, priority, created_at, id LIMIT 1)
        FROM shared WHERE kind IS NOT NULL
    ), targeted AS (
        SELECT (SELECT job_type FROM gh_automation_jobs WHERE @waiting AND @targeted ORDER BY job_type, host, priority, created_at, id LIMIT 1) AS kind
        UNION ALL
        SELECT (SELECT job_type FROM gh_automation_jobs WHERE @waiting AND @targeted AND job_type > kind ORDER BY job_type, host, priority, created_at, id LIMIT 1)
        FROM targeted WHERE kind IS NOT NULL
    )
    SELECT coalesce(array_agg(kind), '{}') INTO kinds
    FROM (SELECT kind FROM shared UNION SELECT kind FROM targeted) AS waiting
    WHERE kind IS NOT NULL AND kind NOT IN (SELECT value FROM gh_queue_pauses WHERE gh_queue_pauses.kind = 'type');

    FOR round IN 1..10 LOOP
        SELECT id, host, status INTO chosen, site, was FROM gh_automation_jobs
        WHERE id = ANY (ARRAY(SELECT gh_open_jobs(p_worker_id, kinds, closed, 32)))
          AND @waiting
          -- A form that may have been sent: workers of ours hold such a row for a person, others would run it.
          AND submit_armed_at IS NULL
        ORDER BY priority, created_at, id
        LIMIT 1
        FOR UPDATE SKIP LOCKED;
        EXIT WHEN chosen IS NULL OR site = '' OR p_jobs_per_host <= 0;
        -- One claim at a time counts a site's jobs. Only the first may be waited for, or two might wait in a circle.
        lock_key := hashtextextended('gh_host:' || site, 0);
        IF round = 1 THEN
            PERFORM pg_advisory_xact_lock(lock_key);
        ELSIF NOT pg_try_advisory_xact_lock(lock_key) THEN
            closed := closed || site;
            chosen := NULL;
            CONTINUE;
        END IF;
        EXIT WHEN p_jobs_per_host > (
            SELECT count(*) FROM gh_automation_jobs WHERE @held AND host = site
        );
        closed := closed || site;
        chosen := NULL;
    END LOOP;
    IF chosen IS NULL THEN
        RETURN;
    END IF;

    RETURN QUERY
    WITH claimed AS (
        UPDATE gh_automation_jobs AS job
        SET status = 'queued', worker_id = p_worker_id, attempt = job.attempt + 1,
            execution_attempt_id = gen_random_uuid(), last_heartbeat = now(), updated_at = now()
        WHERE job.id = chosen
        RETURNING job.*
    ), logged AS (
        INSERT INTO gh_job_events (job_id, event_type, from_status, to_status, message, metadata, actor)
        SELECT claimed.id, 'status_change', was, 'queued', 'Claimed by ' || p_worker_id,
               json_build_object('action', 'claim', 'attempt', claimed.attempt), 'worker:' || p_worker_id
        FROM claimed
    )
    SELECT * FROM claimed;
END $$;
"""


def spell_out(sql: str, **more: str) -> str:
    """Put the conditions in their places."""
    for name, text in {**{f"@{name}": text for name, text in more.items()}, **CONDITIONS}.items():
        sql = sql.replace(name, text)
    return sql


CREATE = (
    spell_out(OPEN_PART, name="shared", part=SHARED)
    + spell_out(OPEN_PART, name="targeted", part=TARGETED)
    + OPEN
    + spell_out(POLITE_PICKUP)
)
DROP = (
    "DROP FUNCTION gh_pickup_next_job(text, integer);"
    + import_module("jobs.migrations.0010_fenced_claims").FENCED_PICKUP
    + """
DROP FUNCTION gh_open_jobs(text, text[], text[], integer);
DROP FUNCTION gh_open_shared_jobs(text, text[], text[], integer);
DROP FUNCTION gh_open_targeted_jobs(text, text[], text[], integer);
"""
)


class Migration(migrations.Migration):
    dependencies = [("jobs", "0016_console_by_host")]

    operations = [migrations.RunSQL(CREATE, DROP)]
