"""The groups viewer, operator and administrator."""

from typing import Any

from django.contrib.auth.management import create_permissions
from django.db import migrations

from jobs import roles


def make(apps: Any, schema_editor: Any) -> None:
    """Make the permissions, which Django would make only after the last migration, and the groups."""
    for label in ("auth", "jobs"):
        app = apps.get_app_config(label)
        app.models_module = True
        create_permissions(app, apps=apps, verbosity=0)
        app.models_module = None
    roles.grant(apps)


class Migration(migrations.Migration):
    dependencies = [
        ("jobs", "0011_console"),
        ("auth", "0012_alter_user_first_name_max_length"),
        ("contenttypes", "0002_remove_content_type_name"),
    ]

    operations = [migrations.RunPython(make, migrations.RunPython.noop)]
