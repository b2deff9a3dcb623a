from django.apps import AppConfig


class JobsConfig(AppConfig):
    name = "riskassess.jobs"
    label = "jobs"

    def ready(self) -> None:
        from riskassess.jobs import tidying  # noqa: F401  which has a handler and a watch of its own
