"""The console's site: our dashboard as the first page, our sections on every page.

It stands outside of `jobs.admin`, which registers with it.
"""

from __future__ import annotations

from typing import Any

from django.contrib.admin import AdminSite
from django.http import HttpRequest, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse


class ConsoleSite(AdminSite):
    site_header = site_title = "GhostHands"
    index_title = "Dashboard"
    site_url = None
    enable_nav_sidebar = False

    def each_context(self, request: HttpRequest) -> dict[str, Any]:
        from jobs.admin.navigation import links  # noqa: PLC0415 - models are not loaded yet when the site is made

        return {**super().each_context(request), "links": links(request)}

    def index(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> TemplateResponse:
        """Show the dashboard to those who may see jobs; the others learn which role that takes, and who gives it."""
        from jobs.admin.dashboard import Dashboard  # noqa: PLC0415 - models, as above
        from jobs.admin.page import show  # noqa: PLC0415 - models, as above
        from jobs.admin.users import givers_of_roles  # noqa: PLC0415 - models, as above

        if not request.user.has_perm("jobs.view_job"):
            missing = {"title": "A role is missing", "givers": givers_of_roles()}
            return show(request, "admin/no_role.html", missing)
        context = {"title": "Dashboard", "section": "dashboard", "dashboard": Dashboard(request)}
        return show(request, "admin/dashboard.html", context)

    def app_index(
        self, request: HttpRequest, app_label: str, extra_context: dict[str, Any] | None = None
    ) -> Any:
        """Lead to the dashboard: the sections are the console's index."""
        return HttpResponseRedirect(reverse("admin:index"))
