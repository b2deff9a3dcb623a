"""Gunicorn's own settings: `gunicorn -c python:config.gunicorn config.wsgi`. What its command line says goes over it.

Its log is masked as ours is from its first line on, and its processes count together where metrics are on.
"""

from __future__ import annotations

import os
import shutil
from typing import Any

from config import settings

worker_class = "gthread"
workers = 2
threads = 4
# Seconds that a connection may stand idle. Who keeps one (nginx for 60) lets go of it first: one that is closed here at
# the moment it is used again takes the request with it. An idle one costs no thread.
keepalive = 75
# A line for each request is ours to write: it names the route and not the address, which says what people search for.
logconfig_dict = {
    **settings.LOGGING,
    "loggers": {**settings.LOGGING["loggers"], "gunicorn.access": {"level": "CRITICAL", "propagate": False}},
}
control_socket_disable = True  # it would stand in the home of whoever runs this; systemd does what it is for
graceful_timeout = 30

# Each process keeps its counts in a file of its own, and whoever is asked reads all of them. Named by the master
# that made it: one that is replaced while it runs (USR2) and its successor do not read each other's.
_counts = settings.VAR_DIR / "metrics" / str(os.getpid())
if settings.METRICS_ON:
    shutil.rmtree(_counts, ignore_errors=True)
    _counts.mkdir(parents=True, mode=0o700)
    os.environ["PROMETHEUS_MULTIPROC_DIR"] = str(_counts)


def child_exit(server: Any, worker: Any) -> None:
    """Counts of a process that has ended stay counted; what it held at the moment does not."""
    if settings.METRICS_ON:
        from prometheus_client import multiprocess

        multiprocess.mark_process_dead(worker.pid)  # type: ignore[no-untyped-call]


def on_exit(server: Any) -> None:
    shutil.rmtree(_counts, ignore_errors=True)
