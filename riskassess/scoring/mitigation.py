"""What controls leave of a level (2.6): never less than can be proven, never more than is left."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from riskassess.scoring.inputs import Mitigation
from riskassess.scoring.method import Method
from riskassess.scoring.ranges import Range

WHOLE = 10_000
"""Credit is counted in hundredths of a percent, so that half of an odd percentage stays whole."""


def credit(method: Method, mitigation: Mitigation) -> Range:
    """Least and most effect that may be counted, 0..10000."""
    least, most = method.credit[mitigation.status]
    return Range(mitigation.effectiveness * least, mitigation.effectiveness * most)


def residual(level: Range, credits: Iterable[Range]) -> Range:
    """The level behind controls of those credits.

    High end: the best single proven control only, as how controls depend on one another is unknown, rounded
    up. Low end: all of them together at their best, rounded down.
    """
    credits = tuple(credits)
    best = max((one.low for one in credits), default=0)
    high = -(-level.high * (WHOLE - best) // WHOLE)
    low, whole = level.low, 1
    for one in credits:
        low *= WHOLE - one.high
        whole *= WHOLE
    return Range(low // whole, high)


def as_planned(mitigations: Iterable[Mitigation]) -> tuple[Mitigation, ...]:
    """The target view: every control, from proposed on, done and verified."""
    return tuple(replace(mitigation, status="verified") for mitigation in mitigations)
