from django.apps import AppConfig


class WebhooksConfig(AppConfig):
    name = "riskassess.webhooks"

    def ready(self) -> None:
        from riskassess.webhooks import telling  # noqa: F401  which looks for news and handles the jobs that tell
