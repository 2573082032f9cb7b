"""Who may do what in the console: three groups, each holding what the one before it holds, and more."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

VIEWER: Final = frozenset(
    {"jobs.view_job", "jobs.view_jobevent", "jobs.view_worker", "valet.view_callbackdelivery"}
)
OPERATOR: Final = VIEWER | {
    "jobs.cancel_job",
    "jobs.retry_job",
    "jobs.resume_job",
    "jobs.retarget_job",
    "valet.resend_callback",
}
ADMINISTRATOR: Final = OPERATOR | {
    "jobs.reveal_job_data",
    "jobs.manage_fleet",
    "jobs.manage_keys",
    "jobs.view_servicekey",
    "jobs.view_browsersession",
    "jobs.delete_browsersession",
    "jobs.view_credential",
    "jobs.delete_credential",
    "jobs.view_rememberedanswer",
    "jobs.change_rememberedanswer",
    "jobs.delete_rememberedanswer",
    "auth.view_user",
    "auth.add_user",
    "auth.change_user",
    "auth.view_group",
}
ROLES: Final[Mapping[str, frozenset[str]]] = {
    "viewer": VIEWER,
    "operator": OPERATOR,
    "administrator": ADMINISTRATOR,
}


def grant(apps: Any, roles: Mapping[str, frozenset[str]] = ROLES) -> None:
    """Make the groups and add what `roles` gives them; what somebody granted besides stays.

    `apps` is a migration's registry, or Django's own. Permissions that come with a later migration are given then.
    """
    groups = apps.get_model("auth", "Group").objects
    permissions = apps.get_model("auth", "Permission").objects
    for role, names in roles.items():
        group, _ = groups.get_or_create(name=role)
        for name in names:
            app, _, codename = name.partition(".")
            group.permissions.add(*permissions.filter(content_type__app_label=app, codename=codename))
