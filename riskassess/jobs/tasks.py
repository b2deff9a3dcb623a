"""The Celery tasks: empty the Job table, look around. They carry no id: a lost or doubled message is harmless."""

from __future__ import annotations

from celery import shared_task
from django.db import close_old_connections

from riskassess.jobs import services
from riskassess.jobs.wake import DRAIN_TASK, LOOK_TASK
from riskassess.jobs.watching import look_around


@shared_task(name=DRAIN_TASK, ignore_result=True)  # type: ignore[untyped-decorator]
def drain() -> None:
    close_old_connections()
    services.drain()


@shared_task(name=LOOK_TASK, ignore_result=True)  # type: ignore[untyped-decorator]
def look() -> None:
    """For Celery beat, where it runs; workers look by themselves too."""
    close_old_connections()
    look_around()
