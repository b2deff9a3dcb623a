"""Answers as one byte each, so that a portfolio is a table (2.3): what a code says, and how to write one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from itertools import combinations_with_replacement

import numpy as np
from numpy.typing import NDArray

from riskassess.kernel.errors import InvalidInput
from riskassess.scoring import evidence
from riskassess.scoring.exposure import FLAGS, LETTERS
from riskassess.scoring.inputs import INTERESTS, FactorInput, Inputs, Interest, Item
from riskassess.scoring.method import Method
from riskassess.scoring.ranges import VACUOUS, Range

Bytes = NDArray[np.uint8]

UNKNOWN, DECLINED = 0, 1


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
class Portfolio:
    """Many assessments, a row each.

    `codes` (n, k): risk factors, then opportunity factors, in the method's order. `levels` (n, 5, 2): D I A
    B S, low and high. `flags` (n, 7, 2): in the order of FLAGS, 1 where certain, 1 where possible. `ranks`
    (n): what gates and floor impose, 0..3.
    """

    codes: Bytes
    levels: Bytes
    flags: Bytes
    ranks: Bytes

    def __len__(self) -> int:
        return len(self.codes)


def encode(method: Method, many: Sequence[Inputs], as_of: date, ranks: Sequence[int] = ()) -> Portfolio:
    """The assessments as a table. Raises InvalidInput for one that a table of single answers cannot hold:
    a factor set by a rule, an open question, mitigations, or tied evidence without a code of its own."""
    factors = (*method.risk_factors, *method.opportunity_factors)
    return Portfolio(
        codes=np.array([_row(method, [one.key for one in factors], each, as_of) for each in many], np.uint8),
        levels=np.array([[each.profile.levels[letter] for letter in LETTERS] for each in many], np.uint8),
        flags=np.array(
            [
                [(truth.certain, truth.possible) for truth in (each.profile.flag(flag) for flag in FLAGS)]
                for each in many
            ],
            np.uint8,
        ),
        ranks=np.array(ranks if len(ranks) else [0] * len(many), np.uint8),
    )


def _row(method: Method, keys: Sequence[str], inputs: Inputs, as_of: date) -> list[int]:
    if inputs.mitigations:
        raise InvalidInput("A table of answers holds no mitigations.", hint="Score it singly.", where="codes")
    given = {one.key: one for one in inputs.factors}
    return [_code(method, given.get(key), as_of) for key in keys]


def _code(method: Method, given: FactorInput | None, as_of: date) -> int:
    if given is None:
        return UNKNOWN
    if given.fixed is not None or given.open_question is not None:
        raise InvalidInput("No single answer says this.", hint="Score it singly.", where=given.key)
    read = evidence.reading(method, given, as_of)
    if not read.answered:
        return DECLINED if given.declined else UNKNOWN
    stated = {(item.level_low, item.level_high, item.interest) for item in read.used}
    if len(stated) > 1:
        raise InvalidInput("Tied evidence has no single code.", hint="Score it singly.", where=given.key)
    low, high, interest = stated.pop()
    return CODE_OF[Answer(low, high, read.tier, interest)]
