from django.apps import AppConfig


class GhostHandsConfig(AppConfig):
    name = "ghosthands"

    def ready(self) -> None:
        from ghosthands import checks  # noqa: F401, PLC0415 - registers them
