"""What every page of the console shares: rows are looked at and acted upon, never edited."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db.models.options import Options
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed, HttpResponseRedirect
from django.urls import reverse


class ReadOnly:
    """A list, and perhaps a page for each row, to those who may view them.

    Adding, changing and deleting are refused to everybody, superusers included.
    """

    list_methods: tuple[str, ...] = ("GET", "HEAD")
    opts: Options[Any]

    def list_page(self, request: HttpRequest) -> HttpResponse:
        """Show the list to somebody who may."""
        raise NotImplementedError

    def row_page(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Show a row to somebody who may; unless it has a page, all about it stands in the list."""
        return HttpResponseRedirect(self.list_address)

    @property
    def list_address(self) -> str:
        return reverse(f"admin:{self.opts.app_label}_{self.opts.model_name}_changelist")

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return request.user.has_perm(f"{self.opts.app_label}.view_{self.opts.model_name}")

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        return self._refusal(request, self.list_methods) or self.list_page(request)

    def change_view(
        self,
        request: HttpRequest,
        object_id: str,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        return self._refusal(request, ("GET", "HEAD")) or self.row_page(request, object_id)

    def _refusal(self, request: HttpRequest, methods: Sequence[str]) -> HttpResponse | None:
        """Give the answer to a request of another method; None lets it on. Raises PermissionDenied."""
        if request.method not in methods:
            return HttpResponseNotAllowed(methods)
        if not self.has_view_permission(request):
            raise PermissionDenied
        return None
