from django.contrib.admin.apps import AdminConfig


class ConsoleConfig(AdminConfig):
    """Django's admin with the console's own first page."""

    default_site = "ghosthands.site.ConsoleSite"
