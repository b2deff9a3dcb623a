"""Whether something holds, in three values, and which facts leave it open."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from riskassess.kernel.truth import Truth


@dataclass(frozen=True, slots=True)
class Holds:
    """A Kleene truth that remembers, while it is unknown, the facts that would settle it."""

    truth: Truth
    open: frozenset[str] = frozenset()

    def __and__(self, other: Holds) -> Holds:
        return _remember(self.truth & other.truth, self, other)

    def __or__(self, other: Holds) -> Holds:
        return _remember(self.truth | other.truth, self, other)

    def __invert__(self) -> Holds:
        return Holds(~self.truth, self.open)

    def __bool__(self) -> bool:
        raise TypeError("Holds has three values: ask for .certain or .possible instead of testing it.")

    @property
    def certain(self) -> bool:
        return self.truth.certain

    @property
    def possible(self) -> bool:
        return self.truth.possible

    @property
    def unsettled(self) -> Holds:
        """TRUE while this is unknown, else FALSE: the only question about our knowledge, not the world."""
        return settled(self.truth is Truth.UNKNOWN)


def settled(value: bool) -> Holds:
    return TRUE if value else FALSE


def all_hold(parts: Iterable[Holds]) -> Holds:
    """The conjunction of many; TRUE for none."""
    result = TRUE
    for part in parts:
        result = result & part
    return result


def any_holds(parts: Iterable[Holds]) -> Holds:
    """The disjunction of many; FALSE for none."""
    result = FALSE
    for part in parts:
        result = result | part
    return result


def _remember(truth: Truth, left: Holds, right: Holds) -> Holds:
    return Holds(truth, left.open | right.open if truth is Truth.UNKNOWN else frozenset())


TRUE = Holds(Truth.TRUE)
FALSE = Holds(Truth.FALSE)
