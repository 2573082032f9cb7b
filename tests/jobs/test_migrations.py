"""The migrations retell the system's history, one line of them, forward and back."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection
from django.db.migrations.loader import MigrationLoader

from tests.factories import make_job


def test_they_form_one_numbered_line() -> None:
    loader = MigrationLoader(None)
    names = [
        name for app, name in loader.graph.forwards_plan(loader.graph.leaf_nodes("jobs")[0]) if app == "jobs"
    ]
    assert len(loader.graph.leaf_nodes("jobs")) == 1
    assert [int(name[:4]) for name in names] == list(range(1, len(names) + 1))
    assert names[6] == "0007_target_worker_id"


def columns() -> set[str]:
    with connection.cursor() as cursor:
        return {
            column.name
            for column in connection.introspection.get_table_description(cursor, "gh_automation_jobs")
        }


@pytest.mark.django_db(transaction=True)
def test_they_go_back_and_forth_with_rows_in_the_table(request: Any) -> None:
    # Everything, because tables of other apps hang on these and went with them.
    request.addfinalizer(lambda: call_command("migrate", verbosity=0))
    job = make_job(target_worker_id="adam")
    call_command("migrate", "jobs", "0006", verbosity=0)
    assert "target_worker_id" not in columns()
    with connection.cursor() as cursor:
        cursor.execute("SELECT id FROM gh_pickup_next_job('sarah')")
        assert cursor.fetchall() == [(job.id,)]
    call_command("migrate", "jobs", "0007", verbosity=0)
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO gh_automation_jobs (job_type, target_url, target_worker_id) VALUES ('apply', 'x', 'adam')"
        )
        cursor.execute("SELECT id FROM gh_pickup_next_job('sarah')")
        assert cursor.fetchall() == []
        cursor.execute("SELECT target_url FROM gh_pickup_next_job('adam')")
        assert cursor.fetchall() == [("x",)]
    call_command("migrate", "jobs", "zero", verbosity=0)
    call_command("migrate", "jobs", verbosity=0)
    assert "submit_armed_at" in columns()


@pytest.mark.django_db
def test_models_and_migrations_agree() -> None:
    call_command("makemigrations", check=True, dry_run=True, verbosity=0)
