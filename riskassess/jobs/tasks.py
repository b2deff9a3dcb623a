"""The Celery tasks: empty the Job table, look around. They carry no id: a lost or doubled message is harmless."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

from celery import shared_task
from django.db import DatabaseError, close_old_connections, connections

from riskassess.jobs import services
from riskassess.jobs.wake import DRAIN_TASK, LOOK_TASK
from riskassess.jobs.watching import look_around

log = logging.getLogger(__name__)

A_WHILE = 300.0
"""Seconds after which a drain ends although work is left: the watch starts the next one. RabbitMQ gives up on a
consumer that acknowledges nothing for half an hour."""


class Hands:
    """How many jobs this process does at once, whether a broker's message asks for them or the worker's own watch."""

    def __init__(self, many: int) -> None:
        self._many, self._busy = many, 0
        self.resting = False
        self._changed = threading.Condition()

    def are(self, many: int) -> None:
        """Sets how many there are; asked before the worker starts."""
        with self._changed:
            self._many = many
            self._changed.notify_all()

    def rest(self) -> None:
        """They take nothing more, ever: the worker is asked to end."""
        self.resting = True

    def wait(self) -> None:
        """Until each has ended what it does."""
        with self._changed:
            self._changed.wait_for(lambda: self._busy == 0)

    @property
    def free(self) -> int:
        with self._changed:
            return 0 if self.resting else max(0, self._many - self._busy)

    @contextmanager
    def one(self) -> Iterator[None]:
        """Holds one hand while the block runs; waits until one is free."""
        with self._changed:
            self._changed.wait_for(lambda: self._busy < self._many)
            self._busy += 1
        try:
            yield
        finally:
            with self._changed:
                self._busy -= 1
                self._changed.notify_all()


HANDS = Hands(2)


@shared_task(name=DRAIN_TASK, ignore_result=True)  # type: ignore[untyped-decorator]
def drain() -> None:
    with HANDS.one():
        close_old_connections()
        end = time.monotonic() + A_WHILE
        services.drain(lambda: time.monotonic() < end and not HANDS.resting)


def start_drain() -> threading.Thread:
    """Does what is ready in a thread of its own, without a message: no broker can lose it or keep it waiting."""
    thread = threading.Thread(target=_drain_alone, name="drain", daemon=True)
    thread.start()
    return thread


def _drain_alone() -> None:
    try:
        drain()
    except DatabaseError as error:
        log.warning("the database does not answer (%s): the watch looks again in a moment", error)
    except Exception:
        log.exception("doing what is ready failed: the watch looks again in a moment")
    finally:
        connections.close_all()  # this thread's own


@shared_task(name=LOOK_TASK, ignore_result=True)  # type: ignore[untyped-decorator]
def look() -> None:
    """For Celery beat, where it runs; workers look by themselves too."""
    close_old_connections()
    look_around()
