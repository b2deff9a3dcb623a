"""Which question to ask next (2.9): single swings, and the fewest answers that reach a decision. Exact."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from riskassess.scoring.aggregate import lifted
from riskassess.scoring.results import FactorResult, Result

ALREADY_BELOW = "Already below the threshold: nothing needs to be asked."
ANSWERS_HELP = "Good answers to these questions bring the worst case below the threshold."
ONLY_CHANGE = "No answer can help, only change can: even the best case is not below the threshold."


@dataclass(frozen=True, slots=True)
class Swing:
    """What one factor alone can move, in numerators of the result: `fall` of R_high if it resolves to its
    best end, `rise` of R_low if to its worst."""

    key: str
    fall: int
    rise: int


@dataclass(frozen=True, slots=True)
class Route:
    """Factors whose favourable resolution brings R_high below a threshold, in the method's order.

    `low` and `high` are the numerators of R once they have resolved so. `heuristic`: chosen by cost, so a
    cheaper set may exist; otherwise no smaller set does.
    """

    factors: tuple[str, ...]
    reachable: bool
    reason: str
    low: int
    high: int
    heuristic: bool = False


def tornado(result: Result) -> tuple[Swing, ...]:
    """Every risk factor's swing, in the method's order; O(k), as only the two largest peaks matter."""
    share, unit = result.method.peak_share, _peak_unit(result)
    first, second = _two_largest(one.share * one.x.high for one in result.factors)
    swings = []
    for one in result.factors:
        narrowed = one.points.high - one.points.low
        others = second if one.share * one.x.high == first else first
        peak_if_best = unit * max(others, one.share * one.x.low)
        peak_if_worst = max(result.peak.low, unit * one.share * one.x.high)
        swings.append(
            Swing(
                key=one.key,
                fall=result.risk.high - lifted(result.base.high - narrowed, peak_if_best, share),
                rise=lifted(result.base.low + narrowed, peak_if_worst, share) - result.risk.low,
            )
        )
    return tuple(swings)


def fewest_questions(result: Result, threshold_points: int) -> Route:
    """The smallest set of factors whose best ends bring R_high below the threshold (points 0..100).

    For each value the peak may be allowed to keep, the factors above it are forced; the rest are added by
    how much mean they remove. Of equally small sets the one with the lowest R_high is given. O(k^2 log k).
    """
    limit = threshold_points * result.denominator
    if settled := _settled(result, limit):
        return settled
    by_gain = sorted(_open(result), key=_gain, reverse=True)
    sets = [
        chosen
        for cap in _caps(result)
        if (chosen := _cheapest_under(result, by_gain, cap, limit)) is not None
    ]
    chosen = min(sets, key=lambda one: (len(one), _high_after(result, one)))
    return _route(result, chosen)


def cheapest_questions(result: Result, threshold_points: int, costs: Mapping[str, int]) -> Route:
    """A set that reaches the threshold, by greatest fall of R_high per cost (1 where none is given).

    Then questions that turn out not to be needed are dropped, dearest first. A heuristic, labelled so.
    """
    limit = threshold_points * result.denominator
    if settled := _settled(result, limit):
        return settled
    chosen: list[FactorResult] = []
    left = _open(result)
    while _high_after(result, chosen) >= limit:
        before = _high_after(result, chosen)
        best = max(left, key=lambda one: _per_cost(before - _high_after(result, [*chosen, one]), one, costs))
        chosen.append(best)
        left.remove(best)
    for one in sorted(chosen, key=lambda one: -costs.get(one.key, 1)):
        fewer = [other for other in chosen if other is not one]
        if _high_after(result, fewer) < limit:
            chosen = fewer
    return _route(result, chosen, heuristic=True)


@dataclass(frozen=True, slots=True)
class Conditions:
    """What CONDITIONAL rests on: the shortest route to approval, and the controls the vendor committed to."""

    questions: Route
    mitigations: tuple[str, ...]


def conditions(result: Result) -> Conditions:
    """The conditions of 2.8, rule 3."""
    return Conditions(
        questions=fewest_questions(result, result.method.thresholds[0]),
        mitigations=tuple(one.key for one in result.inputs.mitigations if one.status == "committed"),
    )


def _settled(result: Result, limit: int) -> Route | None:
    if result.risk.high < limit:
        return Route((), True, ALREADY_BELOW, *result.risk)
    if result.risk.low >= limit:
        return Route((), False, ONLY_CHANGE, *result.risk)
    return None


def _open(result: Result) -> list[FactorResult]:
    return [one for one in result.factors if one.x.width]


def _gain(factor: FactorResult) -> int:
    return factor.weight * factor.x.width


def _caps(result: Result) -> list[int]:
    """The peaks that a resolved result can have: some factor's, at one of its ends."""
    return sorted({one.share * x for one in result.factors for x in one.x})


def _cheapest_under(
    result: Result, by_gain: Sequence[FactorResult], cap: int, limit: int
) -> list[FactorResult] | None:
    """The fewest factors that bring R_high below `limit` if no peak above `cap` remains; None if none do."""
    if any(one.share * one.x.low > cap for one in result.factors):
        return None
    chosen = [one for one in by_gain if one.share * one.x.high > cap]
    base = result.base.high - 10**4 * sum(_gain(one) for one in chosen)
    peak, share = _peak_unit(result) * cap, result.method.peak_share
    for one in by_gain:
        if lifted(base, peak, share) < limit:
            break
        if one.share * one.x.high <= cap:
            chosen.append(one)
            base -= 10**4 * _gain(one)
    return chosen if lifted(base, peak, share) < limit else None


def _high_after(result: Result, chosen: Iterable[FactorResult]) -> int:
    """R_high with the chosen factors at their best ends."""
    keys = {one.key for one in chosen}
    resolved = [(one, one.x.low if one.key in keys else one.x.high) for one in result.factors]
    base = 10**4 * sum(one.weight * x for one, x in resolved)
    peak = _peak_unit(result) * max((one.share * x for one, x in resolved), default=0)
    return lifted(base, peak, result.method.peak_share)


def _route(result: Result, chosen: Iterable[FactorResult], *, heuristic: bool = False) -> Route:
    keys = {one.key for one in chosen}
    ordered = tuple(one.key for one in result.factors if one.key in keys)
    return Route(ordered, True, ANSWERS_HELP, result.risk.low, _high_after(result, chosen), heuristic)


def _per_cost(fall: int, factor: FactorResult, costs: Mapping[str, int]) -> tuple[float, int]:
    return fall / max(1, costs.get(factor.key, 1)), _gain(factor)


def _peak_unit(result: Result) -> int:
    """What one unit of s x counts in numerators of M."""
    return 100 * result.method.risk_weight


def _two_largest(values: Iterable[int]) -> tuple[int, int]:
    first = second = 0
    for value in values:
        first, second = (value, first) if value > first else (first, max(second, value))
    return first, second
