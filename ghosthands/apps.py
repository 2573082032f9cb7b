from django.apps import AppConfig


class GhostHandsConfig(AppConfig):
    name = "ghosthands"
