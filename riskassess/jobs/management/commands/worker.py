"""Does the work in the background until it is told to stop."""

from __future__ import annotations

import logging
import threading
import warnings
from argparse import ArgumentParser
from typing import Any

from celery import current_app
from celery.exceptions import SecurityWarning
from celery.signals import worker_shutting_down
from django.conf import settings
from django.core.management.base import BaseCommand
from django.db import DatabaseError, close_old_connections, connections
from django.utils import timezone

from riskassess.jobs.exposing import tell_of_this_worker
from riskassess.jobs.models import Job
from riskassess.jobs.reaping import Reaper
from riskassess.jobs.tasks import HANDS, start_drain
from riskassess.jobs.wake import has_broker, send_drain
from riskassess.jobs.watching import look_around

log = logging.getLogger(__name__)

LOOK_EVERY = 0.1  # seconds, without a broker: 55 to 66 ms from request to done, 2 % of a core when idle
LOOK_EVERY_WITH_BROKER = 2.0  # a backstop for messages that a broker lost
REAP_EVERY = 5.0


class Command(BaseCommand):
    help = "Runs a Celery worker that drains the Job table; start as many as you like, on any machine."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--concurrency", type=int, default=2, help="jobs at once in this process")

    def handle(self, *args: Any, **options: Any) -> None:
        # Celery warns root of pickled messages; ours are JSON, and carry nothing.
        warnings.filterwarnings("ignore", category=SecurityWarning)
        HANDS.are(options["concurrency"])
        stop = threading.Event()
        if listen := settings.METRICS_WORKER_LISTEN:
            tell_of_this_worker(*listen)
        watcher = threading.Thread(target=watch, args=(stop,), name="watch", daemon=True)
        watcher.start()
        worker = current_app.Worker(
            pool="threads",
            concurrency=options["concurrency"],
            without_gossip=True,
            without_mingle=True,
            without_heartbeat=not has_broker(),
            quiet=True,
            loglevel="WARNING",
        )
        # Told to end, it ends the jobs that it does and takes no other.
        worker_shutting_down.connect(rest := lambda **told: HANDS.rest())
        try:
            worker.start()
            HANDS.wait()
        finally:
            worker_shutting_down.disconnect(rest)
            stop.set()
            watcher.join(timeout=5)
        raise SystemExit(worker.exitcode or 0)


def watch(stop: threading.Event) -> None:
    """Looks at the Job table: re-queues what dead workers held, looks around, sets this one to what is ready.

    Nothing that happens to database or broker ends it: a worker without it would look alive and find nothing.
    """
    pause = LOOK_EVERY_WITH_BROKER if has_broker() else LOOK_EVERY
    reaper = Reaper()
    since_reaped = REAP_EVERY
    while not stop.is_set():
        try:
            if since_reaped >= REAP_EVERY:
                since_reaped = 0.0
                reaper.look()
                look_around()
            _wake()
        except DatabaseError as error:
            log.warning("the database does not answer (%s): looking again in a moment", error)
            close_old_connections()
        except Exception:
            log.exception("looking for work failed: looking again in a moment")
        stop.wait(pause)
        since_reaped += pause
    connections.close_all()


def _wake() -> None:
    """Sets a free hand to each job that is ready.

    Without a broker Celery's own threads are told, over its transport in memory. With one the watch sends nothing and
    waits for nothing that a broker might keep: its messages only make a start quicker, and jobs are done when it
    loses them, hangs, or no longer hears this worker.
    """
    free = HANDS.free
    ready = Job.objects.ready(timezone.now())[:free].count() if free > 0 else 0
    for _ in range(ready):
        if has_broker():
            start_drain()
        else:
            send_drain()
