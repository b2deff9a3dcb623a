"""What each control takes off the risk: now, and once it is verified (2.6). Exact, at both ends.

Each figure looks at one control beside the others as they stand. The figures do not add up: of several
controls on one factor only the best proven one counts at the high end, and the peak counts one factor.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from riskassess.scoring.decision import tenths
from riskassess.scoring.engine import ends
from riskassess.scoring.inputs import Mitigation
from riskassess.scoring.method import Method
from riskassess.scoring.mitigation import as_planned, credit, residual
from riskassess.scoring.ranges import Range
from riskassess.scoring.results import FactorResult, Result


@dataclass(frozen=True, slots=True)
class TakenOff:
    """By how much both ends of the risk would be higher without one control, in numerators of the result.

    `now` with its present status, `verified` once it is in place and proven; neither is ever negative.
    """

    key: str
    now: tuple[int, int]
    verified: tuple[int, int]


def taken_off(result: Result) -> tuple[TakenOff, ...]:
    """What every control of `result` takes off, by key."""
    method, controls = result.method, result.inputs.mitigations
    found = []
    for one in sorted(controls, key=lambda one: one.key):
        others = [other for other in controls if other.key != one.key]
        without = risk_with(method, result.factors, others)
        proven = risk_with(method, result.factors, [*others, *as_planned([one])])
        found.append(TakenOff(one.key, _less(without, result.risk), _less(without, proven)))
    return tuple(found)


def taken(numerator: int, denominator: int) -> str:
    """What is taken off, in points rounded down to tenths, so that no control is overstated: `−1.2`, `0.0`."""
    count = 10 * numerator // denominator
    if numerator and not count:
        return "−<0.1"
    return f"−{tenths(count)}" if count else "0.0"


def risk_with(method: Method, factors: Iterable[FactorResult], controls: Iterable[Mitigation]) -> Range:
    """The risk that the same evidence and use give under these controls, in numerators."""
    controls = tuple(controls)
    low, high = ends(method, [under(method, one, controls) for one in factors], method.risk_weight)
    return Range(low.risk, high.risk)


def under(method: Method, factor: FactorResult, controls: Iterable[Mitigation]) -> FactorResult:
    """The factor's line under those of the controls that name it."""
    mine = (credit(method, one) for one in controls if factor.key in one.factors)
    level = residual(factor.inherent_level, mine)
    x = Range(factor.exposure.low * level.low, factor.exposure.high * level.high)
    points = Range(10**4 * factor.weight * x.low, 10**4 * factor.weight * x.high)
    return replace(factor, level=level, x=x, points=points)


def _less(risk: Range, by: Range) -> tuple[int, int]:
    return risk.low - by.low, risk.high - by.high


@dataclass(frozen=True, slots=True)
class Room:
    """The most that any control on one factor alone could still take off both ends of the risk."""

    key: str
    most: tuple[int, int]


def room(result: Result) -> tuple[Room, ...]:
    """The factors on which a control could take anything off, where it could take most first."""
    found = []
    for one in result.factors:
        others = [other for other in result.factors if other.key != one.key]  # a perfect one leaves nothing
        low, high = ends(result.method, others, result.method.risk_weight)
        found.append(Room(one.key, _less(result.risk, Range(low.risk, high.risk))))
    able = [one for one in found if any(one.most)]
    return tuple(sorted(able, key=lambda one: (-one.most[1], -one.most[0], one.key)))
