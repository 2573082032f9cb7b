"""Wake idle workers when rows arrive, whoever inserts them."""

from django.db import migrations

# One notification per statement, not per row: each takes a lock at commit. Source: CONTRACT section 9.
NOTIFY = """
CREATE OR REPLACE FUNCTION gh_notify_job_created() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_notify('gh_job_created', json_build_object(
        'id', id, 'job_type', job_type, 'priority', priority, 'user_id', user_id)::text)
    FROM inserted ORDER BY priority, created_at LIMIT 1;
    RETURN NULL;
END $$;

CREATE TRIGGER gh_job_created AFTER INSERT ON gh_automation_jobs
REFERENCING NEW TABLE AS inserted
FOR EACH STATEMENT EXECUTE FUNCTION gh_notify_job_created();
"""

FORGET = """
DROP TRIGGER gh_job_created ON gh_automation_jobs;
DROP FUNCTION gh_notify_job_created();
"""


class Migration(migrations.Migration):
    dependencies = [("jobs", "0003_open_job_types")]

    operations = [migrations.RunSQL(NOTIFY, FORGET)]
