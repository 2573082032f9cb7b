"""Administrators see and erase what is kept of users."""

from typing import Any

from django.contrib.auth.management import create_permissions
from django.db import migrations

from jobs import roles


def give(apps: Any, schema_editor: Any) -> None:
    """Make the permissions, which Django would make only after the last migration, and give them out."""
    app = apps.get_app_config("jobs")
    app.models_module = True
    create_permissions(app, apps=apps, verbosity=0)
    app.models_module = None
    roles.grant(apps)


class Migration(migrations.Migration):
    dependencies = [
        ("jobs", "0020_remote_pages"),
    ]

    operations = [migrations.RunPython(give, migrations.RunPython.noop)]
