"""Answers as one byte each, so that a portfolio is a table (2.3): what a code says, and how to write one.

What no code can say (a level that a rule sets, an open question, evidence that ties, a level behind controls)
stands beside the table, cell by cell: see `Stated`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from itertools import combinations_with_replacement

import numpy as np
from numpy.typing import NDArray

from riskassess.scoring import evidence, mitigation
from riskassess.scoring.exposure import FLAGS, LETTERS
from riskassess.scoring.factors import FULL_EXPOSURE
from riskassess.scoring.inputs import INTERESTS, FactorInput, Inputs, Interest, Item
from riskassess.scoring.method import Factor, Method
from riskassess.scoring.ranges import VACUOUS, Range

Bytes = NDArray[np.uint8]

Whole = NDArray[np.int64]

UNKNOWN, DECLINED = 0, 1
ELSEWHERE = 255
"""The code of a cell that is stated beside the table: it adds nothing where codes are looked up."""
BY_RULE = -1
"""The exposure of a stated cell that the factor's own rule sets."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What one code stands for: the governing evidence of a factor, on the factor's own scale."""

    level_low: int
    level_high: int
    tier: int
    interest: Interest


ANSWERS: tuple[Answer, ...] = tuple(
    Answer(low, high, tier, interest)  # type: ignore[arg-type]
    for low, high in combinations_with_replacement(range(5), 2)
    for tier in range(1, 6)
    for interest in INTERESTS
)
CODE_OF: dict[Answer, int] = {answer: code for code, answer in enumerate(ANSWERS, 2)}
"""225 answers; with UNKNOWN and DECLINED they fit one byte."""


@dataclass(frozen=True, slots=True)
class Codebook:
    """By code: the range of a risk level, of an opportunity's shortfall (hundredths of a point), the tier."""

    levels: tuple[Range, ...]
    shortfalls: tuple[Range, ...]
    tiers: tuple[int, ...]


@lru_cache(maxsize=8)
def codebook(method: Method) -> Codebook:
    """What every code means under the method's widths."""

    def both(answer: Answer) -> tuple[Range, Range]:
        item = Item(answer.level_low, answer.level_high, "A", 1, answer.interest)
        turned = evidence.as_shortfall(FactorInput("", items=(item,))).items[0]
        return evidence.range_of(method, item, answer.tier), evidence.range_of(method, turned, answer.tier)

    found = [both(answer) for answer in ANSWERS]
    fixed = (VACUOUS, method.declined)
    return Codebook(
        levels=(*fixed, *(level for level, _ in found)),
        shortfalls=(*fixed, *(shortfall for _, shortfall in found)),
        tiers=(0, 0, *(answer.tier for answer in ANSWERS)),
    )


@dataclass(frozen=True, slots=True)
class Stated:
    """Cells of one column: `rows` (m) ascending; `level` (m, 2) in hundredths of a point, for opportunity the
    shortfall; `exposure` (m, 2) in percent or BY_RULE; `covered` (m) 1 where the tier counts for coverage."""

    rows: Whole
    level: Whole
    exposure: Whole
    covered: Whole

    def within(self, start: int, stop: int) -> Stated:
        """The cells of these rows of the table, counted from `start`."""
        first, last = np.searchsorted(self.rows, (start, stop))
        part = slice(first, last)
        return Stated(self.rows[part] - start, self.level[part], self.exposure[part], self.covered[part])


@dataclass(frozen=True, slots=True)
class Portfolio:
    """Many assessments, a row each.

    `codes` (n, k): risk factors, then opportunity factors, in the method's order. `levels` (n, 5, 2): D I A
    B S, low and high. `flags` (n, 7, 2): in the order of FLAGS, 1 where certain, 1 where possible. `ranks`
    (n): what gates and floor impose, 0..3. `stated`: column -> its cells that have no code of their own.
    """

    codes: Bytes
    levels: Bytes
    flags: Bytes
    ranks: Bytes
    stated: Mapping[int, Stated] = field(default_factory=dict)

    def __len__(self) -> int:
        return len(self.codes)


def encode(method: Method, many: Sequence[Inputs], as_of: date, ranks: Sequence[int] = ()) -> Portfolio:
    """The assessments as a table, whatever they hold: what has no code is stated beside it."""
    factors = (*method.risk_factors, *method.opportunity_factors)
    codes = np.empty((len(many), len(factors)), np.uint8)
    beside: dict[int, list[tuple[int, _Cell]]] = {}
    for row, inputs in enumerate(many):
        given = {one.key: one for one in inputs.factors}
        for column, factor in enumerate(factors):
            found = _cell(method, factor, given.get(factor.key), inputs, as_of)
            if isinstance(found, int):
                codes[row, column] = found
            else:
                codes[row, column] = ELSEWHERE
                beside.setdefault(column, []).append((row, found))
    return Portfolio(
        codes=codes,
        levels=np.array([[each.profile.levels[letter] for letter in LETTERS] for each in many], np.uint8),
        flags=np.array(
            [
                [(truth.certain, truth.possible) for truth in (each.profile.flag(flag) for flag in FLAGS)]
                for each in many
            ],
            np.uint8,
        ),
        ranks=np.array(ranks if len(ranks) else [0] * len(many), np.uint8),
        stated={column: _stated(method, cells) for column, cells in beside.items()},
    )


_Cell = tuple[Range, tuple[int, int], int]
"""Level, exposure, tier of what has no code."""


def _stated(method: Method, cells: Sequence[tuple[int, _Cell]]) -> Stated:
    return Stated(
        rows=np.array([row for row, _ in cells], np.int64),
        level=np.array([level for _, (level, _, _) in cells], np.int64),
        exposure=np.array([exposure for _, (_, exposure, _) in cells], np.int64),
        covered=np.array([tier >= method.covered_from_tier for _, (_, _, tier) in cells], np.int64),
    )


def _cell(
    method: Method, factor: Factor, given: FactorInput | None, inputs: Inputs, as_of: date
) -> int | _Cell:
    """The code of what is known of a factor; where no code says it, the level, exposure and tier themselves."""
    is_risk = factor.exposure is not None
    controls = [one for one in inputs.mitigations if factor.key in one.factors] if is_risk else []
    if given is None and not controls:
        return UNKNOWN
    read = evidence.reading(
        method, given if is_risk or given is None else evidence.as_shortfall(given), as_of
    )
    is_fixed = given is not None and given.fixed is not None
    if not controls and not is_fixed:
        if not read.answered:
            return DECLINED if given is not None and given.declined else UNKNOWN
        code = _code(read) if is_risk else _code(evidence.reading(method, given, as_of))
        if code is not None and (given is None or given.open_question is None):
            return code
    level = mitigation.residual(read.level, (mitigation.credit(method, one) for one in controls))
    exposure = FULL_EXPOSURE if is_fixed or not is_risk else (BY_RULE, BY_RULE)
    if is_fixed and is_risk and given is not None and given.exposure is not None:
        exposure = given.exposure
    return level, exposure, read.tier


def _code(read: evidence.Reading) -> int | None:
    """The code of the governing evidence; None where pieces of it tie that say different things."""
    said = {(item.level_low, item.level_high, item.interest) for item in read.used}
    if len(said) != 1:
        return None
    low, high, interest = said.pop()
    return CODE_OF[Answer(low, high, read.tier, interest)]
