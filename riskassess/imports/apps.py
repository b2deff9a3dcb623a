from django.apps import AppConfig


class ImportsConfig(AppConfig):
    name = "riskassess.imports"
    label = "imports"

    def ready(self) -> None:
        from riskassess.imports import tasks  # noqa: F401 - registers the handlers of its jobs
