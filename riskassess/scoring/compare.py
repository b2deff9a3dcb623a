"""Two offers side by side (2.7): who is better for certain, or which answer would tell."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Literal

from riskassess.scoring.aggregate import lifted
from riskassess.scoring.results import FactorResult, Result

Verdict = Literal["first", "second", "equal", "open"]


@dataclass(frozen=True, slots=True)
class Separator:
    """The one question whose answer may separate the offers most. `enough`: alone it can separate them."""

    offer: Literal["first", "second"]
    key: str
    enough: bool


@dataclass(frozen=True, slots=True)
class Comparison:
    """`first` or `second` beats the other whatever is still unknown; `open` is "not separable yet"."""

    verdict: Verdict
    question: Separator | None

    @property
    def separable(self) -> bool:
        return self.verdict != "open"


def compare(first: Result, second: Result) -> Comparison:
    """One beats the other only if its least Q is at least the other's greatest Q."""
    verdict = _verdict(_q(first), _q(second))
    return Comparison(verdict, _separator(first, second) if verdict == "open" else None)


def pareto(results: Sequence[Result]) -> tuple[int, ...]:
    """Indices of the offers that no other matches on one of (R_high, O_low) and exceeds on the other."""
    points = [
        (
            Fraction(one.risk.high, one.denominator),
            -Fraction(one.opportunity.low, one.opportunity.denominator),
        )
        for one in results
    ]
    return tuple(
        index
        for index, (risk, shortfall) in enumerate(points)
        if not any(r <= risk and o <= shortfall and (r, o) != (risk, shortfall) for r, o in points)
    )


def _q(result: Result) -> tuple[Fraction, Fraction]:
    value = result.risk_adjusted
    return Fraction(value.low, value.denominator), Fraction(value.high, value.denominator)


def _verdict(first: tuple[Fraction, Fraction], second: tuple[Fraction, Fraction]) -> Verdict:
    ahead, behind = first[0] >= second[1], second[0] >= first[1]
    if ahead and behind:
        return "equal"
    return "first" if ahead else "second" if behind else "open"


def _separator(first: Result, second: Result) -> Separator | None:
    """Tries every open factor of both offers at either end, for the widest gap it can open."""
    (first_low, first_high), (second_low, second_high) = _q(first), _q(second)
    candidates = [
        (max(low - second_high, second_low - high), Separator("first", key, enough=False))
        for key, low, high in _resolutions(first)
    ] + [
        (max(low - first_high, first_low - high), Separator("second", key, enough=False))
        for key, low, high in _resolutions(second)
    ]
    if not candidates:
        return None
    gap, best = max(candidates, key=lambda candidate: candidate[0])
    return Separator(best.offer, best.key, enough=gap >= 0)


def _resolutions(result: Result) -> Iterable[tuple[str, Fraction, Fraction]]:
    """For each open factor: the least Q if it resolves well, the greatest Q if it resolves badly."""
    risk, opportunity = _risk_points(result), _opportunity_points(result)
    for key in (one.key for one in result.factors if one.x.width):
        high_risk, low_risk = _risk_points(result, best=key)[1], _risk_points(result, worst=key)[0]
        yield key, opportunity[0] * (1 - high_risk / 100), opportunity[1] * (1 - low_risk / 100)
    for key in (one.key for one in result.opportunity.factors if one.weight and one.x.width):
        low, high = _opportunity_points(result, best=key)[0], _opportunity_points(result, worst=key)[1]
        yield key, low * (1 - risk[1] / 100), high * (1 - risk[0] / 100)


def _risk_points(result: Result, best: str = "", worst: str = "") -> tuple[Fraction, Fraction]:
    return _points(result.factors, result.method.peak_share, best, worst)


def _opportunity_points(result: Result, best: str = "", worst: str = "") -> tuple[Fraction, Fraction]:
    relevant = [one for one in result.opportunity.factors if one.weight]
    low, high = _points(relevant, result.method.peak_share, best, worst)
    return 100 - high, 100 - low


def _points(
    factors: Sequence[FactorResult], peak_share: int, best: str, worst: str
) -> tuple[Fraction, Fraction]:
    """Score in points at both ends, with one factor moved wholly to its best or its worst end."""
    weight = sum(one.weight for one in factors)

    def at(end: int) -> Fraction:
        xs = [
            one.x.low if one.key == best else one.x.high if one.key == worst else one.x[end]
            for one in factors
        ]
        base = 10**4 * sum(one.weight * x for one, x in zip(factors, xs, strict=True))
        peak = 100 * weight * max(one.share * x for one, x in zip(factors, xs, strict=True))
        return Fraction(lifted(base, peak, peak_share), 10**8 * weight)

    return at(0), at(1)
