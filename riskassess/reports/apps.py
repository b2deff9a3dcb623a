import threading
from typing import Any

from celery.signals import worker_ready
from django.apps import AppConfig


class ReportsConfig(AppConfig):
    name = "riskassess.reports"
    label = "reports"

    def ready(self) -> None:
        from riskassess.reports import combined_tasks  # noqa: F401  registers the handlers of its jobs

        worker_ready.connect(_warm_up, weak=False, dispatch_uid="reports warm up")


def _warm_up(**_: Any) -> None:
    """A worker that has started loads the PDF engine beside its first jobs: half a second the first report saves."""
    from riskassess.reports.engine import warm_up

    threading.Thread(target=warm_up, name="warm up", daemon=True).start()
