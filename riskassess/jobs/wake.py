"""Telling a worker that the Job table has something new."""

from __future__ import annotations

import logging
import math
import time

from celery import current_app
from django.conf import settings
from kombu.exceptions import OperationalError

log = logging.getLogger(__name__)

DRAIN_TASK = "riskassess.jobs.drain"
LOOK_TASK = "riskassess.jobs.look"
LEFT_ALONE = (
    10.0  # seconds; judgement: who asks for work must not wait for a broker that hangs, again and again
)


def has_broker() -> bool:
    """Whether messages travel between processes; without a broker the worker looks for itself."""
    return not str(settings.CELERY_BROKER_URL).startswith("memory:")


class _Patience:
    """Whether a broker is worth a word: one that did not take the last is left alone for a moment."""

    def __init__(self) -> None:
        self._gone_until = -math.inf

    def tell(self) -> None:
        if time.monotonic() < self._gone_until:
            return
        try:
            send_drain()
        except OperationalError as error:
            self._gone_until = time.monotonic() + LEFT_ALONE
            log.warning("broker unreachable (%s); workers will find the job when they next look", error)


_PATIENCE = _Patience()


def wake_worker() -> None:
    """Sends one "drain" message. A broker that is down or hangs loses nothing: workers also look by themselves."""
    if has_broker():
        _PATIENCE.tell()


def send_drain() -> None:
    """One "drain" message; kombu's OperationalError where no broker takes it.

    It is tried twice: after a broker's restart the first try only finds that the old connection is dead.
    """
    once_more = {"max_retries": 1, "interval_start": 0}
    current_app.send_task(DRAIN_TASK, retry=True, retry_policy=once_more, ignore_result=True)
