"""Everybody of the console sees callbacks; operators have them sent again."""

from typing import Any

from django.contrib.auth.management import create_permissions
from django.db import migrations

from jobs import roles


def give(apps: Any, schema_editor: Any) -> None:
    """Make the permissions, which Django would make only after the last migration, and give them out."""
    app = apps.get_app_config("valet")
    app.models_module = True
    create_permissions(app, apps=apps, verbosity=0)
    app.models_module = None
    roles.grant(apps)


class Migration(migrations.Migration):
    dependencies = [
        ("jobs", "0021_data_roles"),
        ("valet", "0002_dead_callbacks"),
    ]

    operations = [
        migrations.AlterModelOptions(
            name="callbackdelivery",
            options={"permissions": [("resend_callback", "Can have callbacks sent again")]},
        ),
        migrations.RunPython(give, migrations.RunPython.noop),
    ]
