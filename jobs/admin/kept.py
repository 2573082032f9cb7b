"""What sites know users by, in the console: who has what where, and erasing it. Nothing secret is ever read here."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any, ClassVar, Final
from uuid import UUID

from django.contrib import admin, messages
from django.contrib.admin.models import DELETION
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import URLPattern, path, reverse
from django.utils import timezone

from jobs import credentials, sessions
from jobs.admin.page import log, refusal, show
from jobs.admin.read_only import ReadOnly
from jobs.models import BrowserSession, Credential
from jobs.presentation import shown_text, span

if TYPE_CHECKING:
    KeptModelAdmin = admin.ModelAdmin[Any]
else:
    KeptModelAdmin = admin.ModelAdmin

ROWS_SHOWN: Final = 200
SEARCHED: Final = 20_000
"""A site is looked for among so many rows: the first ones of the page's order."""


@dataclass(frozen=True, slots=True)
class Kept:
    """One row: what a site knows one user by. `times` stand under the page's columns; `state` is a warning."""

    id: UUID
    user_id: UUID
    site: str
    times: list[datetime | None]
    state: str = ""


class KeptAdmin(ReadOnly, KeptModelAdmin):
    """A list, narrowed to a user or a site, and erasing: one row, or all rows of a user."""

    heading: ClassVar[str]
    noun: ClassVar[str]
    about: ClassVar[str]
    columns: ClassVar[tuple[str, ...]]
    site_column: ClassVar[str]
    sealed_column: ClassVar[str]

    def kept(self, row: Any) -> Kept:
        """Tell what may be shown of a row."""
        raise NotImplementedError

    @property
    def eraser(self) -> Callable[[UUID, str | None], int]:
        """The domain's verb: erases what a user has at a site, or (None) everywhere."""
        raise NotImplementedError

    def get_urls(self) -> list[URLPattern]:
        guard = self.admin_site.admin_view
        return [path("erase/", guard(self.erase_view), name=self._route("erase")), *super().get_urls()]

    def list_page(self, request: HttpRequest) -> HttpResponse:
        words = request.GET.get("q", "").replace("\0", "").strip()
        user_id = _uuid(words)
        found = list(self._matching(words, user_id)[: ROWS_SHOWN + 1])
        context = {
            "title": self.heading,
            "section": "data",
            "rows": [self.kept(row) for row in found[:ROWS_SHOWN]],
            "is_cut": len(found) > ROWS_SHOWN,
            "words": words,
            "user_id": user_id,
            "may_erase": request.user.has_perm(self._eraser_permission),
            **self._names,
        }
        return show(request, "admin/jobs/kept/list.html", context)

    def erase_view(self, request: HttpRequest) -> HttpResponse:
        """Ask, then erase one row, or all of a user."""
        if refused := refusal(request, self._eraser_permission):
            return refused
        rows = self._named(request)
        if request.POST.get("go") != "1":
            context = {"title": f"Erase {self.noun}?", "section": "data", "rows": rows, **self._names}
            return show(request, "admin/jobs/kept/erase.html", {**context, "form": request.POST})
        one = rows[0] if "row" in request.POST else None
        number = self.eraser(rows[0].user_id, one and str(getattr(one, self.site_column)))
        log(request, rows, "Erased.", DELETION)
        messages.success(request, f"Erased {number} of user {rows[0].user_id}.")
        return HttpResponseRedirect(self.list_address)

    @property
    def _eraser_permission(self) -> str:
        return f"jobs.delete_{self.opts.model_name}"

    @property
    def _names(self) -> dict[str, Any]:
        route = f"admin:{self._route('erase')}"
        return {
            "noun": self.noun,
            "about": self.about,
            "columns": self.columns,
            "erase": reverse(route),
            "list_address": self.list_address,
        }

    @property
    def _rows(self) -> QuerySet[Any]:
        """The rows without what is secret in them."""
        rows: QuerySet[Any] = self.model._default_manager.defer(self.sealed_column)
        return rows

    def _route(self, name: str) -> str:
        return f"jobs_{self.opts.model_name}_{name}"

    def _matching(self, words: str, user_id: UUID | None) -> QuerySet[Any]:
        rows = self._rows.order_by(*self.ordering or ())
        if user_id:
            return rows.filter(user_id=user_id)
        if not words:
            return rows
        first = rows.values_list("pk", self.site_column)[:SEARCHED]
        found = [pk for pk, site in first if words.lower() in site.lower()]
        return rows.filter(pk__in=found[: ROWS_SHOWN + 1])

    def _named(self, request: HttpRequest) -> list[Any]:
        """Give the rows that the form names: one by its id, or those of a user. Raises Http404 for none."""
        row, user = _uuid(request.POST.get("row", "")), _uuid(request.POST.get("user", ""))
        rows = self._rows.order_by(self.site_column)
        found = list(rows.filter(pk=row) if "row" in request.POST else rows.filter(user_id=user))
        if not found:
            raise Http404("There is nothing of the kind any more.")
        return found


@admin.register(BrowserSession)
class BrowserSessionAdmin(KeptAdmin):
    heading = "Browser sessions"
    noun = "browser sessions"
    about = (
        "What sites left in users' browsers (cookies, local storage), kept encrypted and never shown. A job that is at"
        " work leaves its session anew when it ends."
    )
    columns = ("Last used", "Expires")
    site_column = "domain"
    sealed_column = "session_data"
    ordering = ("-expires_at",)

    @property
    def eraser(self) -> Callable[[UUID, str | None], int]:
        return sessions.erase

    def kept(self, row: BrowserSession) -> Kept:
        is_over = row.expires_at is not None and row.expires_at <= timezone.now()
        times = [row.last_used_at, row.expires_at]
        return Kept(row.id, row.user_id, shown_text(row.domain), times, "expired" if is_over else "")


@admin.register(Credential)
class CredentialAdmin(KeptAdmin):
    heading = "Credentials"
    noun = "credentials"
    about = (
        "Names and passwords that users gave for sites, kept encrypted and never shown. What a site refused is not"
        " tried again until it is set anew."
    )
    columns = ("Last used", "Set")
    site_column = "site"
    sealed_column = "sealed"
    ordering = ("user_id", "site")

    @property
    def eraser(self) -> Callable[[UUID, str | None], int]:
        return credentials.erase

    def kept(self, row: Credential) -> Kept:
        refused = f"refused {span(timezone.now() - row.refused_at)} ago" if row.refused_at else ""
        return Kept(row.id, row.user_id, shown_text(row.site), [row.last_used_at, row.updated_at], refused)


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
