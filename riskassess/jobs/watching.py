"""What is looked at again and again: cheap looks that ask for a job when there is something to do.

Any number of workers, and Celery beat where it runs, may look at once: a look only asks for jobs, whose keys
make them one. A look must be a few queries, for it runs between the pulses of every worker.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from dataclasses import dataclass

from django.db import OperationalError

log = logging.getLogger(__name__)

Look = Callable[[], None]


@dataclass(slots=True)
class Watch:
    """One look, how many seconds lie between two of it, and when this process looked last."""

    look: Look
    every: float
    last: float | None = None


WATCHES: dict[str, Watch] = {}


def watches(name: str, *, every: float) -> Callable[[Look], Look]:
    """Registers a look that workers take every so many seconds."""

    def register(look: Look) -> Look:
        if name in WATCHES:
            raise ValueError(f"Two watches named {name!r}.")
        WATCHES[name] = Watch(look, every)
        return look

    return register


def look_around(now: float | None = None) -> list[str]:
    """Takes the looks that are due in this process; their names. One that fails is logged and taken again later."""
    now = time.monotonic() if now is None else now
    taken = []
    for name, watch in WATCHES.items():
        if watch.last is not None and now - watch.last < watch.every:
            continue
        watch.last = now
        taken.append(name)
        try:
            watch.look()
        except OperationalError:
            raise  # the database is away: whoever calls knows what to do
        except Exception:
            log.exception("the look %s failed", name)
    return taken
