"""Known, Unknown and NotApplicable: what a fact can be. Free is `Known(0)`, never Unknown."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Generic, TypeVar

from riskassess.kernel.source import Source

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Known(Generic[T]):
    """A value that somebody stated, and where."""

    value: T
    source: Source | None = None


@dataclass(frozen=True, slots=True)
class Unknown:
    """Nobody has said. `declined` when the vendor was asked and would not answer."""

    declined: bool = False
    source: Source | None = None


@dataclass(frozen=True, slots=True)
class NotApplicable:
    """The question does not arise, and `because` says by which rule or whose word."""

    because: str = ""
    source: Source | None = None


Stated = Known[T] | Unknown | NotApplicable

UNKNOWN = Unknown()
NOT_APPLICABLE = NotApplicable()
