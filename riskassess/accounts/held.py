"""The roles a person holds, asked for once in a request that only reads.

A page asks who may do what in several places: its list, its filter, its buttons, its navigation. Each is told of the
person alone, so that none trusts another; within `asked_once` they are all told by one query. What changes something
asks anew each time.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from contextvars import ContextVar
from datetime import datetime
from typing import NamedTuple

from django.http import HttpRequest, HttpResponse

SAFE = frozenset({"GET", "HEAD", "OPTIONS"})


class Held(NamedTuple):
    """One role in one unit, and when it ends where it does."""

    unit: int
    role: str
    name: str  # the unit's
    until: datetime | None


_KNOWN: ContextVar[dict[int, tuple[Held, ...]] | None] = ContextVar("roles", default=None)


@contextmanager
def asked_once() -> Iterator[None]:
    """Within it, what `held_by` has found once stands; within another one, what that one has found."""
    if _KNOWN.get() is not None:
        yield
        return
    token = _KNOWN.set({})
    try:
        yield
    finally:
        _KNOWN.reset(token)


def forget() -> None:
    """Roles were given or taken: whatever is asked next is asked of the database."""
    if (known := _KNOWN.get()) is not None:
        known.clear()


def held_by(person: int, find: Callable[[], Iterator[Held]]) -> tuple[Held, ...]:
    """The roles of the person with this id; `find` asks for them, once within `asked_once`."""
    known = _KNOWN.get()
    if known is None:
        return tuple(find())
    if person not in known:
        known[person] = tuple(find())
    return known[person]


class AskedOnceMiddleware:
    """One question for a person's roles in each request that only reads."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        with asked_once() if request.method in SAFE else nullcontext():
            return self.get_response(request)
