"""Three-valued (Kleene) truth: a question nobody has answered is neither yes nor no."""

from __future__ import annotations

from collections.abc import Iterable
from enum import Enum


class Truth(Enum):
    """TRUE, FALSE or UNKNOWN, combined by Kleene's strong tables (`&`, `|`, `~`)."""

    TRUE = "true"
    FALSE = "false"
    UNKNOWN = "unknown"

    @classmethod
    def of(cls, value: bool | None) -> Truth:
        """The truth of a boolean that may be missing; None is UNKNOWN."""
        if value is None:
            return cls.UNKNOWN
        return cls.TRUE if value else cls.FALSE

    def __and__(self, other: Truth) -> Truth:
        if Truth.FALSE in (self, other):
            return Truth.FALSE
        return Truth.UNKNOWN if Truth.UNKNOWN in (self, other) else Truth.TRUE

    def __or__(self, other: Truth) -> Truth:
        if Truth.TRUE in (self, other):
            return Truth.TRUE
        return Truth.UNKNOWN if Truth.UNKNOWN in (self, other) else Truth.FALSE

    def __invert__(self) -> Truth:
        if self is Truth.UNKNOWN:
            return self
        return Truth.FALSE if self is Truth.TRUE else Truth.TRUE

    def __bool__(self) -> bool:
        raise TypeError("A Truth has three values: compare it with `is Truth.TRUE` instead of testing it.")

    @property
    def possible(self) -> bool:
        """Whether it may still turn out true."""
        return self is not Truth.FALSE

    @property
    def certain(self) -> bool:
        """Whether it is known to be true."""
        return self is Truth.TRUE

    @property
    def json(self) -> bool | str:
        """True, False or "unknown": the form used in files and the API."""
        return "unknown" if self is Truth.UNKNOWN else self is Truth.TRUE


def all_of(truths: Iterable[Truth]) -> Truth:
    """The conjunction of many; TRUE for none."""
    result = Truth.TRUE
    for truth in truths:
        result = result & truth
    return result


def any_of(truths: Iterable[Truth]) -> Truth:
    """The disjunction of many; FALSE for none."""
    result = Truth.FALSE
    for truth in truths:
        result = result | truth
    return result
