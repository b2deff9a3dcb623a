"""Python's cycle collector, held back where it would only look again and again at what is in use, and called where
much has been left behind."""

from __future__ import annotations

import gc
import threading
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def collecting_later() -> Iterator[None]:
    """Search for unreachable cycles waits: amid millions of objects it takes a quarter to a third of the time.

    It is one switch for the whole process; of threads that overlap, the first to hold it back lets it go.
    """
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


_left = threading.Event()


def leaves_cycles() -> None:
    """Notes that much is left that only a search for cycles frees: a drawn report leaves all its boxes, some megabytes.

    Python would search for them only once as much again has been made as is in use.
    """
    _left.set()


def collect_what_is_left() -> None:
    """Searches, where somebody has left cycles since the last time."""
    if _left.is_set():
        _left.clear()
        gc.collect()


def keep_what_is_loaded() -> None:
    """Searches once, and never again among what is there by now: the program itself. A worker calls it once it has
    started; not while others hold the search back, amid what they work on."""
    if gc.isenabled():
        gc.collect()
        gc.freeze()
