"""How fast portfolios are scored, as ratios of CPU time taken in the same run.

    python bench/score_bench.py            sizes 1, 1,000, 10,000 and 100,000
    python bench/score_bench.py 1000       other sizes

`batch`: answer codes to decision, coverage, opportunity (both ends, 55 factors). `real`: the same with the six
factors that regimes set in every real assessment stated beside the codes. `tornado`: swings of all
43 risk factors on top. `arithmetic`: bare NumPy (float64) on x that is already decoded: both ends of mean,
peak and risk, nothing else. `loop`: the same arithmetic in plain Python. `single`: `engine.compute` with all
its explanation. Loops are timed on at most 200 rows and scaled. The best of three counts.
"""

from __future__ import annotations

import random
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).parent.parent))

from riskassess.assessments.judgement import REGIME_FACTOR
from riskassess.kernel.truth import Truth
from riskassess.scoring.batch import decide, tornado
from riskassess.scoring.codes import ANSWERS, ELSEWHERE, Portfolio, Stated
from riskassess.scoring.engine import compute
from riskassess.scoring.exposure import FLAGS
from riskassess.scoring.inputs import FactorInput, Inputs, Item, Level, Profile
from riskassess.scoring.method import load_method

METHOD = load_method()
FACTORS = len(METHOD.risk_factors) + len(METHOD.opportunity_factors)
MOST_LOOPED = 200


def portfolio(size: int) -> Portfolio:
    chance = np.random.default_rng(20261124)
    levels = chance.integers(0, 5, (size, 5, 2), dtype=np.uint8)
    levels.sort(axis=2)
    flags = chance.integers(0, 2, (size, 7, 2), dtype=np.uint8)
    flags.sort(axis=2)
    codes = chance.integers(0, len(ANSWERS) + 2, (size, FACTORS), dtype=np.uint8)
    return Portfolio(codes, levels, flags, chance.integers(0, 4, size, dtype=np.uint8))


def as_real(table: Portfolio) -> Portfolio:
    """The same with the six factors that regimes set in every real assessment stated beside the table."""
    chance, size = np.random.default_rng(2), len(table)
    codes, stated = table.codes.copy(), {}
    for column, factor in enumerate(METHOD.risk_factors):
        if factor.key in REGIME_FACTOR.values():
            codes[:, column] = ELSEWHERE
            level = np.sort(2_500 * chance.integers(0, 5, (size, 2)), axis=1)
            stated[column] = Stated(
                np.arange(size), level, np.full((size, 2), 100), chance.integers(0, 2, size)
            )
    return replace(table, codes=codes, stated=stated)


def decoded(size: int) -> tuple[np.ndarray, np.ndarray]:
    chance = np.random.default_rng(1)
    x = chance.integers(0, 10**6, (2, size, len(METHOD.risk_factors))).astype(np.float64)
    return x.min(axis=0), x.max(axis=0)


def arithmetic(low: np.ndarray, high: np.ndarray) -> list[np.ndarray]:
    weights = np.array([one.weight for one in METHOD.risk_factors], np.float64)
    shares = np.array([METHOD.classes[one.klass] for one in METHOD.risk_factors], np.float64)
    found = []
    for x in (low, high):
        mean = x @ weights / 10**6
        found.append(mean + 0.7 * np.maximum(0, (x * shares).max(axis=1) / 10**6 - mean))
    return found


def loop(low: list[list[float]], high: list[list[float]]) -> list[float]:
    weights = [one.weight for one in METHOD.risk_factors]
    shares = [METHOD.classes[one.klass] for one in METHOD.risk_factors]
    found = []
    for rows in (low, high):
        for row in rows:
            mean = peak = 0.0
            for weight, share, x in zip(weights, shares, row, strict=True):
                mean += weight * x
                peak = max(peak, share * x)
            found.append(mean / 10**6 + 0.7 * max(0.0, (peak - mean) / 10**6))
    return found


def inputs(chance: random.Random) -> Inputs:
    keys = [one.key for one in (*METHOD.risk_factors, *METHOD.opportunity_factors)]
    profile = Profile(
        *(Level.of(chance.randint(0, 4)) for _ in range(5)), flags=dict.fromkeys(FLAGS, Truth.TRUE)
    )
    return Inputs(profile, tuple(FactorInput(key, (Item(chance.randint(0, 4), 4, "C", 3),)) for key in keys))


def cpu(work: Callable[[], object]) -> float:
    """CPU seconds of one call, the best of three rounds of at least a hundredth of a second."""
    rounds = []
    for _ in range(3):
        calls, start = 0, time.process_time()
        while (spent := time.process_time() - start) < 0.01 or not calls:
            work()
            calls += 1
        rounds.append(spent / calls)
    return min(rounds)


def main(sizes: list[int]) -> None:
    print(f"{METHOD.version}: {FACTORS} factors; CPU time per assessment, and ratio to batch\n")
    print(
        "size".rjust(8),
        *(name.rjust(22) for name in ("batch", "real", "tornado", "arithmetic", "loop", "single")),
    )
    for size in sizes:
        spent = measured(size)
        cells = [f"{seconds * 1e6:10.3f} µs {seconds / spent[0]:7.1f}x" for seconds in spent]
        print(f"{size:8,}", *(cell.rjust(22) for cell in cells), f"  {1 / spent[0]:12,.0f} a second")


def measured(size: int) -> list[float]:
    """CPU seconds an assessment: batch, real, tornado, arithmetic, loop, single."""
    table, (low, high), looped = portfolio(size), decoded(size), min(size, MOST_LOOPED)
    real = as_real(table)
    lows, highs = low[:looped].tolist(), high[:looped].tolist()
    chance = random.Random(size)
    ones = [inputs(chance) for _ in range(min(size, 20))]
    today = date(2026, 11, 24)
    return [
        cpu(lambda: decide(METHOD, table)) / size,
        cpu(lambda: decide(METHOD, real)) / size,
        cpu(lambda: tornado(METHOD, table)) / size,
        cpu(lambda: arithmetic(low, high)) / size,
        cpu(lambda: loop(lows, highs)) / looped,
        cpu(lambda: [compute(METHOD, one, {}, as_of=today) for one in ones]) / len(ones),
    ]


if __name__ == "__main__":
    main([int(size) for size in sys.argv[1:]] or [1, 1_000, 10_000, 100_000])
