from django.apps import AppConfig


class ReportsConfig(AppConfig):
    name = "riskassess.reports"
    label = "reports"

    def ready(self) -> None:
        from riskassess.reports import combined_tasks  # noqa: F401  registers the handlers of its jobs
