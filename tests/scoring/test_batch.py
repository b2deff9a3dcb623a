"""A portfolio scored as a table gives the integers that each assessment gets alone (P15)."""

from __future__ import annotations

import random
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from riskassess.kernel.truth import Truth
from riskassess.scoring import batch, sensitivity
from riskassess.scoring.codes import ANSWERS, Portfolio, encode
from riskassess.scoring.engine import compute
from riskassess.scoring.exposure import FLAGS
from riskassess.scoring.inputs import FactorInput, Inputs, Item, Level, Mitigation, Profile
from riskassess.scoring.method import DECISIONS, Method, load_method
from riskassess.scoring.results import Result

from .mini import CASES, CLEAR, JUNE, MINI
from .strategies import assessments, gate_states

CASE_NAMES = ("absent", "plausible", "proven")
RELEVANCE = {"AVL": 40, "INT": 0, "OPP-CAP": 70, "OPP-TTV": 0}


def answer(key: str, chance: random.Random) -> FactorInput | None:
    kind = chance.random()
    if kind < 0.15:
        return None
    if kind < 0.2:
        return FactorInput(key, declined=True)
    low = chance.choice([0, 0, 0, 1, 2, 3, 4])
    high = chance.choice([low, low, 4])
    grade = chance.choice(["A", "A", "B", "C", "D", "E", "F"])
    interest = chance.choice(["self", "adverse", "neutral"])
    return FactorInput(key, items=(Item(low, high, grade, chance.randint(1, 6), interest),))  # type: ignore[arg-type]


def assessment(method: Method, chance: random.Random) -> Inputs:
    top = chance.choice([1, 4])
    levels = [chance.choice([Level.of(chance.randint(0, top)), Level(0, top)]) for _ in range(5)]
    flags = {flag: chance.choice([Truth.TRUE, Truth.FALSE, Truth.FALSE, Truth.UNKNOWN]) for flag in FLAGS}
    given = [answer(one.key, chance) for one in (*method.risk_factors, *method.opportunity_factors)]
    relevance = {one.key: RELEVANCE[one.key] for one in method.opportunity_factors if one.key in RELEVANCE}
    return Inputs(Profile(*levels, flags=flags), tuple(one for one in given if one), relevance=relevance)


@pytest.mark.parametrize("method", [MINI, load_method()], ids=["mini", "full"])
def test_batch_is_the_single_path(method: Method, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(batch, "BLOCK", 37)
    chance = random.Random(20261124)
    many = [assessment(method, chance) for _ in range(150)]
    floors = [chance.choice([0, 0, 1, 2, 3]) for _ in many]
    portfolio = encode(method, many, JUNE, floors)

    scores = batch.decide(method, portfolio, many[0].relevance)
    swings = batch.tornado(method, portfolio)

    seen = set()
    for row, (inputs, floor) in enumerate(zip(many, floors, strict=True)):
        one = compute(method, inputs, CLEAR, as_of=JUNE, floor=floor)
        seen.add(one.decision_without_gates)
        assert_same(scores, swings, row, one)
    assert len(seen) > 1


def test_the_worked_cases_as_a_table() -> None:
    names = [name for name in CASES if name != "1"]
    portfolio = encode(MINI, [CASES[name] for name in names], JUNE)
    assert batch.decide(MINI, portfolio).risk.tolist() == [
        list(compute(MINI, CASES[name], CLEAR, as_of=JUNE).risk) for name in names
    ]


def test_an_unlucky_first_block_changes_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    chance = random.Random(7)
    portfolio = encode(MINI, [assessment(MINI, chance) for _ in range(130)], JUNE)
    whole = batch.decide(MINI, portfolio)
    monkeypatch.setattr(batch, "BLOCK", 1)
    split = batch.decide(MINI, portfolio)
    for name in ("base", "peak", "risk", "coverage", "rank", "opportunity", "business_case"):
        assert np.array_equal(getattr(whole, name), getattr(split, name)), name


def test_widths_that_need_two_bytes() -> None:
    """A finer step than 250 of four exposures must not overflow a byte."""
    fine = replace(MINI, wide=(10_000, 7_300, 5_100, 2_500, 1_000, 0))
    chance = random.Random(3)
    many = [assessment(fine, chance) for _ in range(60)]
    scores = batch.decide(fine, encode(fine, many, JUNE), many[0].relevance)
    swings = batch.tornado(fine, encode(fine, many, JUNE))
    for row, inputs in enumerate(many):
        one = compute(fine, inputs, CLEAR, as_of=JUNE)
        assert tuple(scores.risk[row]) == one.risk
        assert [int(fall) for fall in swings.fall[row]] == [swing.fall for swing in sensitivity.tornado(one)]


def test_an_empty_portfolio() -> None:
    none = Portfolio(*(np.empty(shape, np.uint8) for shape in ((0, 13), (0, 5, 2), (0, 7, 2), (0,))))
    assert len(batch.decide(MINI, none).rank) == 0


def test_every_answer_has_a_byte() -> None:
    assert len(ANSWERS) == 225
    assert len(set(ANSWERS)) == 225


@settings(max_examples=60)
@given(data=st.data())
@pytest.mark.parametrize("method", [MINI, load_method()], ids=["mini", "full"])
def test_whatever_an_assessment_holds_the_table_gives_its_integers(
    method: Method, data: st.DataObject
) -> None:
    """What a rule sets, open questions, evidence that ties, controls: beside the table, to the same integer."""
    many = data.draw(st.lists(assessments(method, controls=True), min_size=1, max_size=4))
    many = [replace(one, relevance=many[0].relevance) for one in many]
    gates = [data.draw(gate_states(method)) for _ in many]
    singles = [compute(method, one, states, as_of=JUNE) for one, states in zip(many, gates, strict=True)]
    ranks = [max(gate.applied for gate in one.gates) for one in singles]
    portfolio = encode(method, many, JUNE, ranks)
    scores = batch.decide(method, portfolio, many[0].relevance)
    swings = batch.tornado(method, portfolio)
    for row, one in enumerate(singles):
        assert_same(scores, swings, row, one)


def test_what_no_code_says_stands_beside_the_table() -> None:
    kinds = [
        FactorInput("RES", fixed=(0, 10)),
        FactorInput("RES", items=(Item(0, 0, "A", 1),), open_question=(0, 10_000)),
        FactorInput("RES", items=(Item(0, 0, "A", 1), Item(1, 1, "A", 1))),
        FactorInput("RES", items=(Item(0, 0, "A", 1),)),
    ]
    many = [replace(CASES["2"], factors=(one,)) for one in kinds]
    many.append(replace(many[-1], mitigations=(Mitigation("m", ("RES",), 10),)))
    portfolio = encode(MINI, many, JUNE)
    assert {column: list(cells.rows) for column, cells in portfolio.stated.items()} == {0: [0, 1, 2, 4]}


def assert_same(scores: batch.Scores, swings: batch.Swings, row: int, one: Result) -> None:
    """A row of the table says what the single path says, in every number."""
    assert scores.denominator == one.denominator
    for name in ("base", "peak", "risk"):
        assert tuple(getattr(scores, name)[row]) == getattr(one, name), name
    assert tuple(scores.coverage[row]) == (one.coverage.numerator, one.coverage.denominator)
    assert DECISIONS[scores.rank_without_gates[row]] == one.decision_without_gates
    assert DECISIONS[scores.rank[row]] == one.decision
    assert scores.opportunity_denominator == one.opportunity.denominator
    assert tuple(scores.opportunity[row]) == one.opportunity.range
    assert CASE_NAMES[scores.business_case[row]] == one.business_case
    for column, swing in enumerate(sensitivity.tornado(one)):
        assert (swings.fall[row, column], swings.rise[row, column]) == (swing.fall, swing.rise)
