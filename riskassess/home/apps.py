from django.apps import AppConfig


class HomeConfig(AppConfig):
    name = "riskassess.home"
    label = "home"

    def ready(self) -> None:
        from riskassess.home import moved  # noqa: F401 - listens to what imports move
