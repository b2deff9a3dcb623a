"""The Celery tasks: empty the Job table, look around. They carry no id: a lost or doubled message is harmless."""

from __future__ import annotations

import threading

from celery import shared_task
from django.db import close_old_connections

from riskassess.jobs import services
from riskassess.jobs.wake import DRAIN_TASK, LOOK_TASK
from riskassess.jobs.watching import look_around

A_WHILE = 300.0
"""Seconds after which a drain ends although work is left: the watch sends the next one. RabbitMQ gives up on a
consumer that acknowledges nothing for half an hour."""


class _Busy:
    """How many drains run in this process, in whichever threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self.drains = 0

    def __enter__(self) -> None:
        with self._lock:
            self.drains += 1

    def __exit__(self, *error: object) -> None:
        with self._lock:
            self.drains -= 1


BUSY = _Busy()


@shared_task(name=DRAIN_TASK, ignore_result=True)  # type: ignore[untyped-decorator]
def drain() -> None:
    close_old_connections()
    with BUSY:
        services.drain(A_WHILE)


@shared_task(name=LOOK_TASK, ignore_result=True)  # type: ignore[untyped-decorator]
def look() -> None:
    """For Celery beat, where it runs; workers look by themselves too."""
    close_old_connections()
    look_around()
