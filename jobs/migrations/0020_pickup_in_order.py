"""The same pickup, each step in the order of its own index, so that no other index can tempt the planner.

`min(host)` and the like are also answered by indexes of the console, which hold every job that ever was.
"""

from importlib import import_module

from django.db import migrations

before = import_module("jobs.migrations.0017_polite_pickup")

IN_ORDER = {
    "CREATE FUNCTION gh_open_": "CREATE OR REPLACE FUNCTION gh_open_",
    "DROP FUNCTION gh_pickup_next_job(text);\n": "",
    "CREATE FUNCTION gh_pickup": "CREATE OR REPLACE FUNCTION gh_pickup",
    "SELECT min(host) FROM": "SELECT host FROM",
    "@part AND job_type = kind\n": "@part AND job_type = kind\n            ORDER BY host, priority, created_at, id LIMIT 1\n",
    "AND host > site\n": "AND host > site\n            ORDER BY host, priority, created_at, id LIMIT 1\n",
    "AND host = site\n            ORDER BY priority": "AND host BETWEEN site AND site\n            ORDER BY host, priority",
    "SELECT min(job_type) FROM": "SELECT job_type FROM",
    "@shared)": "@shared ORDER BY job_type, host, priority, created_at, id LIMIT 1)",
    "@targeted)": "@targeted ORDER BY job_type, host, priority, created_at, id LIMIT 1)",
    "job_type > kind)": "job_type > kind ORDER BY job_type, host, priority, created_at, id LIMIT 1)",
}


def in_order(sql: str) -> str:
    """Put the steps into their indexes' order."""
    for old, new in IN_ORDER.items():
        sql = sql.replace(old, new)
    return sql


PICKUP = in_order(before.POLITE_PICKUP)
PARTS = in_order(before.OPEN_PART)
REPLACE = (
    before.spell_out(PARTS, name="shared", part=before.SHARED)
    + before.spell_out(PARTS, name="targeted", part=before.TARGETED)
    + before.spell_out(PICKUP)
)


class Migration(migrations.Migration):
    dependencies = [("jobs", "0019_service_keys")]

    operations = [migrations.RunSQL(REPLACE, migrations.RunSQL.noop)]
