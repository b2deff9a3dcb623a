"""From exact points to words: bands, coverage, the decision, the figures people are shown (2.4, 2.8)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from riskassess.scoring.method import BANDS, Method
from riskassess.scoring.ranges import Range


@dataclass(frozen=True, slots=True)
class Coverage:
    """The share of what matters, `numerator / denominator`, that rests on evidence of tier 3 or better.

    `ok` is the method's test of that share, taken at the highest exposures. `assured` is the same test
    wherever unknown profile levels may come to lie; without it learning the profile could undo an APPROVE.
    """

    numerator: int
    denominator: int
    ok: bool
    assured: bool

    @property
    def shown(self) -> str:
        """Percent to the nearest tenth (halves to even); where nothing matters, nothing is missing."""
        if not self.denominator:
            return "100.0"
        tenths, rest = divmod(1000 * self.numerator, self.denominator)
        tenths += 2 * rest > self.denominator or (2 * rest == self.denominator and tenths % 2 == 1)
        return f"{tenths // 10}.{tenths % 10}"


def coverage(method: Method, weighed: Iterable[tuple[int, Range, int]]) -> Coverage:
    """Coverage of factors given as (weight, exposure, tier)."""
    weighed = tuple(weighed)
    covered = [tier >= method.covered_from_tier for _, _, tier in weighed]
    backed = sum(w * e.high for (w, e, _), is_covered in zip(weighed, covered, strict=True) if is_covered)
    backed_least = sum(
        w * e.low for (w, e, _), is_covered in zip(weighed, covered, strict=True) if is_covered
    )
    whole = sum(w * e.high for w, e, _ in weighed)
    needed = method.coverage_percent
    return Coverage(
        numerator=backed,
        denominator=whole,
        ok=100 * backed >= needed * whole,
        assured=100 * backed_least >= needed * (whole - backed + backed_least),
    )


def rank_of_score(method: Method, risk: Range, denominator: int, is_covered: bool) -> int:
    """The decision that points alone support, as a rank: the four rules of 2.8 in their order."""
    approve, conditional, reject = (points * denominator for points in method.thresholds)
    if risk.low >= reject:
        return 3
    if risk.high < approve:
        return 0 if is_covered else 1
    return 1 if risk.high < conditional else 2


def band(method: Method, risk: int, denominator: int) -> str:
    """Low, Moderate, High or Severe, on the exact value."""
    return BANDS[sum(risk >= points * denominator for points in method.thresholds)]


def shown(value: Range, denominator: int) -> tuple[str, str]:
    """Both ends in tenths, rounded outwards so that the shown range holds the exact one."""
    return tenths(10 * value.low // denominator), tenths(-(-10 * value.high // denominator))


def tenths(count: int) -> str:
    """A number of tenths as decimal text."""
    sign = "-" if count < 0 else ""
    return f"{sign}{abs(count) // 10}.{abs(count) % 10}"


def business_case(method: Method, low: int, high: int, denominator: int) -> str:
    """proven, plausible or absent, by where the opportunity must or may lie."""
    if low >= method.proven_from * denominator:
        return "proven"
    return "plausible" if high >= method.proven_from * denominator else "absent"
