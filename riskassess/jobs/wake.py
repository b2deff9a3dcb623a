"""Telling a worker that the Job table has something new."""

from __future__ import annotations

import logging

from celery import current_app
from django.conf import settings
from kombu.exceptions import OperationalError

log = logging.getLogger(__name__)

DRAIN_TASK = "riskassess.jobs.drain"
LOOK_TASK = "riskassess.jobs.look"


def has_broker() -> bool:
    """Whether messages travel between processes; without a broker the worker looks for itself."""
    return not str(settings.CELERY_BROKER_URL).startswith("memory:")


def wake_worker() -> None:
    """Sends one "drain" message. A broker that is down loses nothing: workers also look by themselves."""
    if not has_broker():
        return
    try:
        send_drain()
    except OperationalError as error:
        log.warning("broker unreachable (%s); workers will find the job when they next look", error)


def send_drain() -> None:
    """One "drain" message; kombu's OperationalError where no broker takes it.

    It is tried twice: after a broker's restart the first try only finds that the old connection is dead.
    """
    once_more = {"max_retries": 1, "interval_start": 0}
    current_app.send_task(DRAIN_TASK, retry=True, retry_policy=once_more, ignore_result=True)
