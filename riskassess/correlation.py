"""What is being done right now, for the log: which request or job a line belongs to, and on whose behalf.

A request's id travels with the jobs that it asks for, and with those that they ask for in turn: all lines of one
wish are found by one `correlation`.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar

Fact = str | int | float | bool | None
_NOTED: ContextVar[Mapping[str, Fact]] = ContextVar("noted", default={})  # noqa: B039 (never changed in place)


def new_id() -> str:
    """An id that no other request or job has: 32 hexadecimal digits, the form of a trace id (W3C Trace Context)."""
    return uuid.uuid4().hex


@contextmanager
def noting(**facts: Fact) -> Iterator[None]:
    """Within it, every line of the log says these facts."""
    token = _NOTED.set({**_NOTED.get(), **facts})
    try:
        yield
    finally:
        _NOTED.reset(token)


def noted() -> Mapping[str, Fact]:
    """What `noting` has said here."""
    return _NOTED.get()


def correlation() -> str:
    """The id under which what is done here is followed; '' where nobody has given one."""
    return str(_NOTED.get().get("correlation", ""))
