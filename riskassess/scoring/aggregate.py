"""The one formula: a weighted mean, lifted towards its worst term (2.4). Exact, over D = 10^8 W.

A = sum w x / (10^4 W)      M = max s x / 10^6      R = A + 0.7 max(0, M - A)
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

SCALE = 10**8


@dataclass(frozen=True, slots=True)
class Term:
    """One factor at one end: weight w, peak share s in percent, x = exposure times level (0..10^6)."""

    weight: int
    share: int
    x: int


@dataclass(frozen=True, slots=True)
class Score:
    """Numerators over `denominator`; 100 points are 100 times the denominator."""

    base: int
    peak: int
    risk: int
    denominator: int

    @property
    def lift(self) -> int:
        """The peak line: what the worst term adds to the mean."""
        return self.risk - self.base


def denominator_of(weight: int) -> int:
    """D, what one point is counted in."""
    return SCALE * weight


def score(terms: Iterable[Term], weight: int, peak_share: int) -> Score:
    """The score of `terms` whose weights sum to `weight` (0 terms of weight 0 score 0)."""
    terms = tuple(terms)
    base = 10**4 * sum(term.weight * term.x for term in terms)
    peak = 100 * weight * max((term.share * term.x for term in terms), default=0)
    return Score(base, peak, lifted(base, peak, peak_share), denominator_of(weight))


def lifted(base: int, peak: int, peak_share: int) -> int:
    """R' of A' and M'. The division is exact: both are multiples of 100."""
    return base + peak_share * max(0, peak - base) // 100
