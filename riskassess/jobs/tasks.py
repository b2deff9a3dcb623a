"""The only Celery task: empty the Job table. It carries no id, so a lost or doubled message is harmless."""

from __future__ import annotations

from celery import shared_task
from django.db import close_old_connections

from riskassess.jobs import services
from riskassess.jobs.wake import DRAIN_TASK


@shared_task(name=DRAIN_TASK, ignore_result=True)  # type: ignore[untyped-decorator]
def drain() -> None:
    close_old_connections()
    services.drain()
