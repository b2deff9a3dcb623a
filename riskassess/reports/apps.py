import threading
from typing import Any

from celery.signals import worker_ready
from django.apps import AppConfig

from riskassess.kernel.collector import keep_what_is_loaded


class ReportsConfig(AppConfig):
    name = "riskassess.reports"
    label = "reports"

    def ready(self) -> None:
        from riskassess.reports import combined_tasks  # noqa: F401  registers the handlers of its jobs

        worker_ready.connect(_warm_up, weak=False, dispatch_uid="reports warm up")


def _warm_up(**_: Any) -> None:
    """A worker that has started loads the PDF engine beside its first jobs: half a second the first report saves."""
    threading.Thread(target=_load, name="warm up", daemon=True).start()


def _load() -> None:
    from riskassess.reports.engine import warm_up

    warm_up()
    keep_what_is_loaded()
