"""The method over a whole portfolio: the same integers as `engine.compute`, by the million (2.4, 2.8, 2.9).

Levels and exposures are counted in their greatest common steps, so a factor's x fits a byte or two. Rows
are taken in blocks that stay in cache and turned, so that each factor is one run of memory.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from math import gcd

import numpy as np
from numpy.typing import NDArray

from riskassess.kernel.errors import InvalidInput
from riskassess.scoring.aggregate import denominator_of
from riskassess.scoring.codes import BY_RULE, Bytes, Portfolio, Stated, Whole, codebook
from riskassess.scoring.exposure import FLAGS, LETTERS, STEP, ExposureRule
from riskassess.scoring.method import Factor, Method

Small = NDArray[np.uint8] | NDArray[np.uint16]

BLOCK = 8_192
TURN = 64
"""Rows turned at a time: fewer than a cache has ways, or the columns would push one another out."""

ABSENT, PLAUSIBLE, PROVEN = 0, 1, 2


@dataclass(frozen=True, slots=True)
class Scores:
    """A row per assessment; `base`, `peak`, `risk` (n, 2) over `denominator`, `opportunity` (n, 2) over its
    own. `coverage` (n, 2): numerator, denominator. `rank`: index into DECISIONS, gates included."""

    base: Whole
    peak: Whole
    risk: Whole
    denominator: int
    coverage: Whole
    rank_without_gates: Bytes
    rank: Bytes
    opportunity: Whole
    opportunity_denominator: int
    business_case: Bytes


@dataclass(frozen=True, slots=True)
class Swings:
    """A row per assessment, a column per risk factor, in numerators of its R: see `sensitivity.tornado`."""

    fall: Whole
    rise: Whole


def decide(method: Method, portfolio: Portfolio, relevance: Mapping[str, int] | None = None) -> Scores:
    """Scores and decisions of every row. `relevance` is that of the use case all rows share (default 100)."""
    plan = _Plan.of(method, relevance or {})
    n = len(portfolio)
    scores = Scores(
        base=np.empty((n, 2), np.int64),
        peak=np.empty((n, 2), np.int64),
        risk=np.empty((n, 2), np.int64),
        denominator=denominator_of(method.risk_weight),
        coverage=np.empty((n, 2), np.int64),
        rank_without_gates=np.empty(n, np.uint8),
        rank=np.empty(n, np.uint8),
        opportunity=np.empty((n, 2), np.int64),
        opportunity_denominator=denominator_of(plan.opportunity_weight),
        business_case=np.empty(n, np.uint8),
    )
    for rows, block in _blocks(plan, portfolio):
        for end in (0, 1):
            base, peak = block.base(end), block.peak(end)
            scores.base[rows, end] = base
            scores.peak[rows, end] = peak
            scores.risk[rows, end] = _lifted(base, peak, method.peak_share)
            scores.opportunity[rows, 1 - end] = block.opportunity(end)
        covered = block.coverage(scores.coverage[rows])
        scores.rank_without_gates[rows] = _ranks(method, scores.risk[rows], scores.denominator, covered)
        scores.business_case[rows] = _cases(method, scores.opportunity[rows], scores.opportunity_denominator)
    np.maximum(scores.rank_without_gates, portfolio.ranks, out=scores.rank)
    return scores


def tornado(method: Method, portfolio: Portfolio) -> Swings:
    """What each risk factor alone can move, for every row."""
    plan = _Plan.of(method, {})
    shape = (len(method.risk_factors), len(portfolio))
    fall, rise = np.empty(shape, np.int64), np.empty(shape, np.int64)
    for rows, block in _blocks(plan, portfolio):
        low_base, low_peak = block.base(0), block.peak(0)
        high_base, high_peak = block.base(1), block.peak(1)
        low_risk = _lifted(low_base, low_peak, method.peak_share)
        high_risk = _lifted(high_base, high_peak, method.peak_share)
        first, second = block.two_largest_peaks()
        for index, factor in enumerate(method.risk_factors):
            low, high = block.exact(index, 0), block.exact(index, 1)
            share = 100 * method.risk_weight * method.classes[factor.klass]
            line = 10**4 * factor.weight * (high - low)
            others = np.where(share * high == first, second, first)
            best = _lifted(high_base - line, np.maximum(others, share * low), method.peak_share)
            worst = _lifted(low_base + line, np.maximum(low_peak, share * high), method.peak_share)
            np.subtract(high_risk, best, out=fall[index, rows])
            np.subtract(worst, low_risk, out=rise[index, rows])
    return Swings(fall.T, rise.T)


@dataclass(frozen=True, slots=True)
class _Plan:
    """What is the same for every row: byte tables, and how many units a step of x is worth."""

    method: Method
    step: int
    """Greatest common step of all levels, in hundredths of a point."""
    risk_tables: tuple[bytes, bytes, bytes]
    """By code: low level and high level in steps, and 1 where the tier counts for coverage."""
    opportunity_tables: tuple[bytes, bytes]
    opportunity_weights: tuple[int, ...]
    x_type: type[np.uint8] | type[np.uint16]

    @classmethod
    def of(cls, method: Method, relevance: Mapping[str, int]) -> _Plan:
        book = codebook(method)
        step = gcd(*(end for level in (*book.levels, *book.shortfalls) for end in level))
        most = max(level.high for level in book.levels) // step
        if 100 // STEP * most > np.iinfo(np.uint16).max or most > np.iinfo(np.uint8).max:
            raise InvalidInput(
                "Widths this fine do not fit a table.", hint="Score singly.", where=method.version
            )
        weights = tuple(one.weight * relevance.get(one.key, 100) for one in method.opportunity_factors)
        if not any(weights):
            raise InvalidInput("No opportunity factor is relevant.", hint="Give one.", where="relevance")
        return cls(
            method=method,
            step=step,
            risk_tables=(
                _table(level.low // step for level in book.levels),
                _table(level.high // step for level in book.levels),
                _table(int(tier >= method.covered_from_tier) for tier in book.tiers),
            ),
            opportunity_tables=(
                _table(level.low // step for level in book.shortfalls),
                _table(level.high // step for level in book.shortfalls),
            ),
            opportunity_weights=weights,
            x_type=np.uint8 if 100 // STEP * most <= np.iinfo(np.uint8).max else np.uint16,
        )

    @property
    def base_unit(self) -> int:
        """Numerators of A that one step of w x counts."""
        return 10**4 * STEP * self.step

    @property
    def peak_unit(self) -> int:
        """Numerators of M that one step of s x counts."""
        return 100 * self.method.risk_weight * STEP * self.step

    @property
    def opportunity_weight(self) -> int:
        return sum(self.opportunity_weights)


class _Block:
    """Some rows, a factor a run: x in steps at both ends, and the sums the method needs of it."""

    def __init__(
        self, plan: _Plan, codes: Bytes, levels: Bytes, flags: Bytes, stated: Mapping[int, Stated]
    ) -> None:
        self.plan = plan
        self.stated = stated
        risk = len(plan.method.risk_factors)
        asked, wished = bytearray(codes[:risk]), bytearray(codes[risk:])
        self.exposures = _exposures(plan.method.risk_factors, levels, flags)
        low, high, self.covered = (_looked_up(asked, table, codes.shape[1]) for table in plan.risk_tables)
        self.x = (self._exposed(low, 0), self._exposed(high, 1))
        self.stated_exposures = {column: self._stated_exposure(column) for column in stated if column < risk}
        self.shortfalls = [_looked_up(wished, table, codes.shape[1]) for table in plan.opportunity_tables]

    def _exposed(self, levels: Bytes, end: int) -> Small:
        x: Small = levels if self.plan.x_type is np.uint8 else np.empty(levels.shape, np.uint16)
        for index, factor in enumerate(self.plan.method.risk_factors):
            exposure = self.exposures[factor.exposure_text][end]
            np.multiply(levels[index], exposure, out=x[index], dtype=self.plan.x_type)
        return x

    def _stated_exposure(self, column: int) -> Whole:
        """Exposure of a column's stated cells in percent, both ends."""
        cells = self.stated[column]
        by_rule = self.exposures[self.plan.method.risk_factors[column].exposure_text]
        own = STEP * np.stack([end[cells.rows] for end in by_rule], axis=1).astype(np.int64)
        return np.asarray(np.where(cells.exposure == BY_RULE, own, cells.exposure), np.int64)

    def _stated_x(self, column: int, end: int) -> Whole:
        """x of a risk column's stated cells, in the method's own units (0..10^6)."""
        x: Whole = self.stated_exposures[column][:, end] * self.stated[column].level[:, end]
        return x

    def exact(self, column: int, end: int) -> Whole:
        """x of a risk column in the method's own units, the stated cells among them."""
        x: Whole = self.x[end][column] * np.int64(STEP * self.plan.step)
        if column in self.stated:
            x[self.stated[column].rows] = self._stated_x(column, end)
        return x

    def base(self, end: int) -> Whole:
        factors = self.plan.method.risk_factors
        base = self.plan.base_unit * _weighted_sum(self.x[end], [one.weight for one in factors])
        for column in self.stated_exposures:
            base[self.stated[column].rows] += 10**4 * factors[column].weight * self._stated_x(column, end)
        return base

    def peak(self, end: int) -> Whole:
        method = self.plan.method
        shares = [method.classes[one.klass] for one in method.risk_factors]
        peak = self.plan.peak_unit * _weighted_max(self.x[end], shares)
        for column in self.stated_exposures:
            own = 100 * method.risk_weight * shares[column] * self._stated_x(column, end)
            _raise(peak, self.stated[column].rows, own)
        return peak

    def two_largest_peaks(self) -> tuple[Whole, Whole]:
        """The two largest weighted levels at the high end, in numerators of M."""
        first = np.zeros(self.x[1].shape[1], np.int32)
        second = np.zeros_like(first)
        for column, factor in enumerate(self.plan.method.risk_factors):
            peak = self.exact(column, 1).astype(np.int32)
            peak *= np.int32(self.plan.method.classes[factor.klass])
            np.maximum(second, np.minimum(first, peak), out=second)
            np.maximum(first, peak, out=first)
        unit = 100 * self.plan.method.risk_weight
        return unit * first.astype(np.int64), unit * second.astype(np.int64)

    def opportunity(self, shortfall_end: int) -> Whole:
        """100 less the score of the shortfalls at that end, in numerators of O."""
        plan = self.plan
        rows = [row for row, weight in enumerate(plan.opportunity_weights) if weight]
        z = self.shortfalls[shortfall_end][rows]
        shares = [plan.method.classes[plan.method.opportunity_factors[n].klass] for n in rows]
        base = 10**6 * plan.step * _weighted_sum(z, [plan.opportunity_weights[n] for n in rows])
        peak = 10**4 * plan.opportunity_weight * plan.step * _weighted_max(z, shares)
        risk = len(plan.method.risk_factors)
        for row, share in zip(rows, shares, strict=True):
            if (cells := self.stated.get(risk + row)) is not None:
                short = cells.level[:, shortfall_end]
                base[cells.rows] += 10**6 * plan.opportunity_weights[row] * short
                _raise(peak, cells.rows, 10**4 * plan.opportunity_weight * share * short)
        whole = 100 * denominator_of(plan.opportunity_weight)
        return whole - _lifted(base, peak, plan.method.peak_share)

    def coverage(self, out: Whole) -> NDArray[np.bool_]:
        """Writes numerator and denominator; true where the share is enough wherever the profile may lie."""
        backed: dict[str, Small] = {}
        weights: dict[str, int] = {}
        for covered, factor in zip(self.covered, self.plan.method.risk_factors, strict=True):
            rule = factor.exposure_text
            weights[rule] = weights.get(rule, 0) + factor.weight
            part = covered * np.uint16(factor.weight)
            backed[rule] = backed[rule] + part if rule in backed else part
        share = [np.zeros(len(out), np.int64) for _ in range(3)]
        for rule, (low, high) in self.exposures.items():
            share[0] += backed[rule] * low.astype(np.int64)
            share[1] += backed[rule] * high.astype(np.int64)
            share[2] += weights[rule] * high.astype(np.int64)
        least, most, whole = (STEP * part for part in share)
        for column, exposure in self.stated_exposures.items():
            factor, cells = self.plan.method.risk_factors[column], self.stated[column]
            counted = factor.weight * cells.covered[:, None] * exposure
            least[cells.rows] += counted[:, 0]
            most[cells.rows] += counted[:, 1]
            by_rule = STEP * self.exposures[factor.exposure_text][1][cells.rows].astype(np.int64)
            whole[cells.rows] += factor.weight * (exposure[:, 1] - by_rule)
        out[:, 0], out[:, 1] = most, whole
        needed = self.plan.method.coverage_percent
        is_enough: NDArray[np.bool_] = (100 * most >= needed * whole) & (
            100 * least >= needed * (whole - most + least)
        )
        return is_enough


def _blocks(plan: _Plan, portfolio: Portfolio) -> Iterator[tuple[slice, _Block]]:
    for start in range(0, len(portfolio), BLOCK):
        rows = slice(start, min(start + BLOCK, len(portfolio)))
        yield (
            rows,
            _Block(
                plan,
                _turned(portfolio.codes[rows]),
                portfolio.levels[rows],
                portfolio.flags[rows],
                _within(portfolio.stated, rows),
            ),
        )


def _within(stated: Mapping[int, Stated], rows: slice) -> dict[int, Stated]:
    found = {column: cells.within(rows.start, rows.stop) for column, cells in stated.items()}
    return {column: cells for column, cells in found.items() if len(cells.rows)}


def _raise(values: Whole, rows: Whole, least: Whole) -> None:
    """Values of these rows, at least these."""
    values[rows] = np.maximum(values[rows], least)


def _turned(codes: Bytes) -> Bytes:
    """The columns of `codes` as rows of their own."""
    turned = np.empty(codes.shape[::-1], np.uint8)
    for start in range(0, len(codes), TURN):
        turned[:, start : start + TURN] = codes[start : start + TURN].T
    return turned


def _table(values: Iterator[int]) -> bytes:
    return bytes(values).ljust(256, b"\0")


def _looked_up(codes: bytearray, table: bytes, rows: int) -> Bytes:
    """What the table says of each code; translating bytes is the quickest look-up there is."""
    return np.frombuffer(codes.translate(table), np.uint8).reshape(-1, rows)


def _exposures(factors: tuple[Factor, ...], levels: Bytes, flags: Bytes) -> dict[str, tuple[Bytes, Bytes]]:
    """Rule -> exposure of every row at both ends, in steps of STEP percent."""
    rules = {factor.exposure_text: factor.exposure for factor in factors}
    turned_levels, turned_flags = levels.transpose(2, 1, 0).copy(), flags.transpose(2, 1, 0).copy()
    return {
        text: (
            _exposure(rule, turned_levels[0], turned_flags[0]),
            _exposure(rule, turned_levels[1], turned_flags[1]),
        )
        for text, rule in rules.items()
        if rule is not None
    }


def _exposure(rule: ExposureRule, levels: Bytes, flags: Bytes) -> Bytes:
    """One end: `levels` at that end; `flags` that are certain for the low end, possible for the high."""
    exposure = np.maximum.reduce([levels[LETTERS.index(letter)] for letter in rule.letters])
    if rule.only_if:
        exposure = exposure * np.maximum.reduce([flags[FLAGS.index(flag)] for flag in rule.only_if])
    if rule.full_if:
        exposure = np.maximum(exposure, 100 // STEP * flags[FLAGS.index(rule.full_if)])
    return np.asarray(exposure, np.uint8)


def _weighted_sum(x: Small, weights: list[int]) -> Whole:
    """The sum of w x; factors of one weight are added up first, in small numbers."""
    total = np.zeros(x.shape[1], np.int64)
    for weight in set(weights):
        same = np.zeros(x.shape[1], np.uint16)
        for row, own in zip(x, weights, strict=True):
            if own == weight:
                same += row
        total += weight * same.astype(np.int64)
    return total


def _weighted_max(x: Small, shares: list[int]) -> Whole:
    """The greatest of s x, by the greatest x of each class."""
    greatest = np.zeros(x.shape[1], np.int64)
    for share in set(shares):
        same = np.zeros(x.shape[1], x.dtype)
        for row, own in zip(x, shares, strict=True):
            if own == share:
                np.maximum(same, row, out=same)
        np.maximum(greatest, share * same.astype(np.int64), out=greatest)
    return greatest


def _lifted(base: Whole, peak: Whole, peak_share: int) -> Whole:
    lift = peak - base
    np.maximum(lift, 0, out=lift)
    lift //= 100
    lift *= peak_share
    lift += base
    return lift


def _ranks(method: Method, risk: Whole, denominator: int, covered: NDArray[np.bool_]) -> Bytes:
    approve, conditional, reject = (points * denominator for points in method.thresholds)
    low, high = risk[:, 0], risk[:, 1]
    rank = np.where(high < approve, np.where(covered, 0, 1), np.where(high < conditional, 1, 2))
    return np.where(low >= reject, 3, rank).astype(np.uint8)


def _cases(method: Method, opportunity: Whole, denominator: int) -> Bytes:
    enough = opportunity >= method.proven_from * denominator
    return (enough[:, 0].astype(np.uint8) + enough[:, 1]).astype(np.uint8)
