"""The operators' console: Django's admin with our pages. It shows, and acts through `jobs.lifecycle` only."""

from django.contrib import admin

from jobs.admin.jobs import JobAdmin
from jobs.admin.workers import WorkerAdmin

__all__ = ["JobAdmin", "WorkerAdmin"]

admin.site.site_header = "GhostHands"
admin.site.site_title = "GhostHands"
admin.site.index_title = "Console"
admin.site.site_url = None
admin.site.enable_nav_sidebar = False
