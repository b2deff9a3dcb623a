"""The two figures that need chance: what an answer is worth, and how likely each band is (2.9, 2.10).

Neither ever decides. SplitMix64 counts instead of remembering, so the draws are the same on every machine.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from riskassess.scoring.method import BANDS
from riskassess.scoring.results import FactorResult, Result

ASSUMPTION = "Assumes that every open factor may lie anywhere within its range with equal chance."


@dataclass(frozen=True, slots=True)
class InformationValue:
    """What knowing one factor before deciding is worth: a numerator over `denominator`, in utility points."""

    key: str
    worth: int
    denominator: int


@dataclass(frozen=True, slots=True)
class InformationValues:
    """EVPPI of each risk factor in the method's order, and EVPI, the worth of knowing everything."""

    factors: tuple[InformationValue, ...]
    perfect: int
    denominator: int
    assumption: str = ASSUMPTION


def information_values(result: Result) -> InformationValues:
    """What each answer is worth to a buyer who adopts at O_low - 3 max(0, R - 25) or declines at 0.

    One-level estimator: draws sorted by the factor, in equal bins; a bin's mean stands for what would be
    expected after the answer. A factor that is not open is worth 0.
    """
    sampling = result.method.sampling
    xs = _draws(result)
    utility = _utility(result, _risk(result, xs))
    without = max(0, int(utility.sum()))
    whole = sampling.draws * result.denominator
    factors = []
    for one, x in zip(result.factors, xs, strict=True):
        by_bin = utility[np.argsort(x, kind="stable")].reshape(sampling.bins, -1).sum(axis=1)
        informed = int(np.maximum(by_bin, 0).sum())
        factors.append(InformationValue(one.key, informed - without if one.x.width else 0, whole))
    return InformationValues(tuple(factors), int(np.maximum(utility, 0).sum()) - without, whole)


def chance_of_bands(result: Result) -> dict[str, int]:
    """How many of the method's draws fall into each band, best band first."""
    risk = _risk(result, _draws(result))
    limits = [points * result.denominator for points in result.method.thresholds]
    counts = np.bincount(np.searchsorted(limits, risk, side="right"), minlength=len(BANDS))
    return dict(zip(BANDS, (int(count) for count in counts), strict=True))


def splitmix64(seed: int, count: int) -> NDArray[np.uint64]:
    """The first `count` numbers of SplitMix64 from `seed`."""
    with np.errstate(over="ignore"):
        z = np.uint64(seed) + np.arange(1, count + 1, dtype=np.uint64) * np.uint64(0x9E3779B97F4A7C15)
        z = (z ^ (z >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
        z = (z ^ (z >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
        return np.asarray(z ^ (z >> np.uint64(31)), dtype=np.uint64)


def _draws(result: Result) -> list[NDArray[np.int64]]:
    """For each risk factor, whole numbers spread evenly over its range of x."""
    sampling = result.method.sampling
    return [
        _spread(one, splitmix64(_stream(sampling.seed, one.key), sampling.draws)) for one in result.factors
    ]


def _stream(seed: int, key: str) -> int:
    """A seed of the factor's own, so that the order of factors does not matter."""
    return seed ^ int.from_bytes(hashlib.sha256(key.encode()).digest()[:8], "big")


def _spread(factor: FactorResult, numbers: NDArray[np.uint64]) -> NDArray[np.int64]:
    steps = (numbers >> np.uint64(32)) * np.uint64(factor.x.width + 1) >> np.uint64(32)
    return np.asarray(factor.x.low + steps.astype(np.int64), dtype=np.int64)


def _risk(result: Result, xs: list[NDArray[np.int64]]) -> NDArray[np.int64]:
    """R of every draw, in numerators of the result."""
    base = np.zeros(result.method.sampling.draws, np.int64)
    peak = np.zeros_like(base)
    for one, x in zip(result.factors, xs, strict=True):
        base += 10**4 * one.weight * x
        np.maximum(peak, 100 * result.method.risk_weight * one.share * x, out=peak)
    base += result.method.peak_share * (np.maximum(peak - base, 0) // 100)
    return base


def _utility(result: Result, risk: NDArray[np.int64]) -> NDArray[np.int64]:
    """What adopting is worth in every draw, in numerators of the result."""
    sampling, opportunity = result.method.sampling, result.opportunity
    least = opportunity.low * result.denominator // opportunity.denominator
    return least - sampling.slope * np.maximum(risk - sampling.slope_from * result.denominator, 0)
