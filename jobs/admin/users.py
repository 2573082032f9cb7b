"""People and roles in the console. Who may act as whom follows from the roles; nobody makes themself a superuser.

People are deactivated, never deleted: their names stand in the histories.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from django import forms
from django.contrib import admin
from django.contrib.auth.admin import GroupAdmin, UserAdmin
from django.contrib.auth.models import Group, Permission, User
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse

from jobs.admin.editable import Editable, moment
from jobs.roles import ADMINISTRATOR

if TYPE_CHECKING:
    PeopleAdmin = UserAdmin[User]
    PermissionField = forms.ModelMultipleChoiceField[Permission]
else:
    PeopleAdmin = UserAdmin
    PermissionField = forms.ModelMultipleChoiceField

GIVERS_NAMED: Final = 5

# Each of these modules registers its own page when it is imported, which is above.
admin.site.unregister([User, Group])


class PermissionBoxes(PermissionField):
    """Boxes that say what a permission is for, without the table it belongs to."""

    def label_from_instance(self, obj: Any) -> str:
        words = str(obj.name).removeprefix("Can ")
        return words[:1].upper() + words[1:]


@admin.register(User)
class PersonAdmin(Editable, PeopleAdmin):
    """Names, passwords and roles. Only a superuser sees to superusers."""

    heading = "Users"
    list_display = ("username", "full_name", "roles", "state", "seen")
    list_filter = ("groups", "is_active")
    actions = None
    filter_horizontal = ()
    readonly_fields = ("seen",)
    seen = moment("last_login", "Last login")

    def get_queryset(self, request: HttpRequest) -> QuerySet[User]:
        return super().get_queryset(request).prefetch_related("groups")

    def get_fieldsets(self, request: HttpRequest, obj: User | None = None) -> Any:
        if obj is None:
            return self.add_fieldsets
        may = ["is_active", "is_staff", "groups"]
        return [
            (None, {"fields": ["username", "password"]}),
            ("Person", {"fields": ["first_name", "last_name", "email", "seen"]}),
            ("May", {"fields": may + ["is_superuser"] * request.user.is_superuser}),
        ]

    def has_change_permission(self, request: HttpRequest, obj: User | None = None) -> bool:
        is_above = obj is not None and obj.is_superuser and not request.user.is_superuser
        return super().has_change_permission(request, obj) and not is_above

    def has_delete_permission(self, request: HttpRequest, obj: User | None = None) -> bool:
        return False

    def formfield_for_manytomany(self, db_field: Any, request: Any = None, **options: Any) -> Any:
        if db_field.name != "groups":
            return super().formfield_for_manytomany(db_field, request, **options)
        return forms.ModelMultipleChoiceField(
            Group.objects.order_by("id"),
            required=False,
            label="Roles",
            help_text="Operators may do what viewers may, administrators what operators may.",
            widget=forms.CheckboxSelectMultiple,
        )

    @admin.display(description="Name")
    def full_name(self, person: User) -> str:
        return person.get_full_name()

    @admin.display(description="Roles")
    def roles(self, person: User) -> str:
        return ", ".join(group.name for group in person.groups.all())

    @admin.display(description="State")
    def state(self, person: User) -> str:
        if not person.is_active:
            return "deactivated"
        if not person.is_staff:
            return "no access"
        return "superuser" if person.is_superuser else "active"


@admin.register(Group)
class RoleAdmin(Editable, GroupAdmin):
    """Roles, and what each may do."""

    heading = "Roles"
    actions = None
    filter_horizontal = ()
    search_fields = ()

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        title = {"title": "Role" if object_id else "New role"}
        return super().changeform_view(request, object_id, form_url, {**title, **(extra_context or {})})

    def get_form(
        self, request: HttpRequest, obj: Group | None = None, change: bool = False, **options: Any
    ) -> Any:
        """Offer the console's own permissions, and keep what somebody granted besides."""
        form = super().get_form(request, obj, change, **options)
        if "permissions" in form.base_fields:
            form.base_fields["permissions"] = PermissionBoxes(
                _offered(obj), required=False, label="May", widget=forms.CheckboxSelectMultiple
            )
        return form


def givers_of_roles() -> list[str]:
    """Give the names of those who can give somebody a role, a few of them."""
    people = User.objects.with_perm("auth.change_user").filter(is_staff=True).order_by("username")
    return [person.get_full_name() or person.get_username() for person in people[:GIVERS_NAMED]]


def _offered(role: Group | None) -> QuerySet[Permission]:
    named = Q(group=role) if role else Q()
    for app, _, codename in (name.partition(".") for name in ADMINISTRATOR):
        named |= Q(content_type__app_label=app, codename=codename)
    return Permission.objects.filter(named).distinct().order_by("content_type", "codename")
