from django.apps import AppConfig


class ValetConfig(AppConfig):
    name = "valet"
