"""Service keys in the console: issued and shown once, listed without themselves, revoked at once."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from uuid import UUID

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed, HttpResponseRedirect
from django.urls import URLPattern, path

from jobs import keys
from jobs.admin.page import actor, show
from jobs.admin.read_only import ReadOnly
from jobs.encryption import NotConfigured
from jobs.models import ServiceKey

if TYPE_CHECKING:
    KeyModelAdmin = admin.ModelAdmin[ServiceKey]
else:
    KeyModelAdmin = admin.ModelAdmin

KEYS_SHOWN = 200


class IssueForm(forms.Form):
    name = forms.CharField(
        max_length=60, label="Name", help_text="Who will use it, such as “valet production”."
    )
    scopes = forms.MultipleChoiceField(
        label="May",
        choices=[(name, f"{name}: {words}") for name, words in keys.SCOPES.items()],
        initial=[keys.READ, keys.WRITE],
        widget=forms.CheckboxSelectMultiple,
    )


@admin.register(ServiceKey)
class ServiceKeyAdmin(ReadOnly, KeyModelAdmin):
    """A list with a form; a key itself is on one page only, the answer to the form."""

    list_methods = ("GET", "HEAD", "POST")

    def get_urls(self) -> list[URLPattern]:
        guard = self.admin_site.admin_view
        mine = [path("<uuid:key_id>/revoke/", guard(self.revoke_view), name="jobs_servicekey_revoke")]
        return mine + super().get_urls()

    def has_view_permission(self, request: HttpRequest, obj: ServiceKey | None = None) -> bool:
        return request.user.has_perm("jobs.manage_keys")

    def list_page(self, request: HttpRequest) -> HttpResponse:
        """List the keys; a POST issues one."""
        form = IssueForm(request.POST if request.method == "POST" else None)
        if request.method == "POST" and form.is_valid() and (issued := _issue(request, form)):
            return show(
                request, "admin/jobs/servicekey/issued.html", _context(title="Copy it now", issued=issued)
            )
        rows = ServiceKey.objects.order_by("-revoked_at", "name")[:KEYS_SHOWN]
        return show(
            request, "admin/jobs/servicekey/list.html", _context(title="Service keys", rows=rows, form=form)
        )

    def revoke_view(self, request: HttpRequest, key_id: UUID) -> HttpResponse:
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        if not self.has_view_permission(request):
            raise PermissionDenied
        row = ServiceKey.objects.filter(id=key_id).first()
        if row is not None and keys.revoke(key_id):
            self.log_change(request, row, "Revoked.")
            messages.success(request, f"The key “{row.name}” opens nothing any more.")
        else:
            messages.warning(request, "There is no such living key.")
        return HttpResponseRedirect(self.list_address)


def _issue(request: HttpRequest, form: IssueForm) -> keys.Issued | None:
    """Issue what the form asks for; None, with the reason in the form, when that cannot be."""
    try:
        with transaction.atomic():
            issued = keys.issue(form.cleaned_data["name"], form.cleaned_data["scopes"], actor=actor(request))
    except IntegrityError:
        form.add_error(
            "name", "There is, or was, a key of this name: choose another, so that histories stay clear."
        )
    except NotConfigured:
        form.add_error(
            None, "Set GH_ENCRYPTION_KEYS first: the key's signing secret has to be kept encrypted."
        )
    else:
        return issued
    return None


def _context(**more: Any) -> dict[str, Any]:
    return {"section": "access", **more}
