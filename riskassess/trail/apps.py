from __future__ import annotations

from django.apps import AppConfig


class TrailConfig(AppConfig):
    name = "riskassess.trail"
    label = "trail"

    def ready(self) -> None:
        from riskassess.trail import watching  # noqa: F401 (registers the look that seals)
        from riskassess.trail.recorder import start

        start()
