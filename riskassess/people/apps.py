from __future__ import annotations

from django.apps import AppConfig


class PeopleConfig(AppConfig):
    name = "riskassess.people"
    label = "people"

    def ready(self) -> None:
        from riskassess.people import emergency, mailing  # noqa: F401 - what workers do and look for
