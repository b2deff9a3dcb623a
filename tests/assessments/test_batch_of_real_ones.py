"""The array path and the single path on assessments as they are, not as a test would invent them."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from riskassess.assessments.gathered import Control, Gathered
from riskassess.assessments.judgement import Judgement, judged
from riskassess.assessments.scoring import current_method
from riskassess.scoring.batch import decide, tornado
from riskassess.scoring.codes import encode
from tests.assessments.conftest import Case
from tests.assessments.silence import everything_said, without
from tests.scoring.test_batch import assert_same

pytestmark = pytest.mark.django_db  # only for the fixture that loads the briefing


def assert_the_table_says_the_same(judgements: list[Judgement]) -> None:
    """Base, peak, risk, coverage, opportunity, tornado and decision, gates and floor included."""
    method, day = judgements[0].method, judgements[0].on
    ranks = [max(one.result.floor, *(gate.applied for gate in one.result.gates)) for one in judgements]
    portfolio = encode(method, [one.inputs for one in judgements], day, ranks)
    scores, swings = decide(method, portfolio), tornado(method, portfolio)
    for row, one in enumerate(judgements):
        assert_same(scores, swings, row, one.result)


def test_the_briefing_as_a_table(cases: list[Case]) -> None:
    judgements = [judged(case.gathered, case.on, current_method()) for case in cases]
    assert len({one.result.decision for one in judgements}) == 3
    assert all(one.inputs.factors[0].fixed is not None for one in judgements), "regimes set factors"
    assert_the_table_says_the_same(judgements)


@settings(max_examples=30)
@given(data=st.data())
def test_the_briefing_with_less_said_and_with_controls(cases: list[Case], data: st.DataObject) -> None:
    judgements = []
    for case in data.draw(st.lists(st.sampled_from(cases), min_size=1, max_size=4)):
        unsaid = data.draw(st.lists(st.sampled_from(everything_said(case.gathered)), max_size=8))
        gathered = controlled(without(case.gathered, unsaid), data)
        judgements.append(judged(gathered, cases[0].on, current_method()))
    assert_the_table_says_the_same(judgements)


def controlled(gathered: Gathered, data: st.DataObject) -> Gathered:
    """With up to two controls on any factors."""
    keys = [factor.key for factor in current_method().risk_factors]
    control = st.builds(
        lambda factors, effectiveness, status: Control(
            "c", "A control", tuple(sorted(factors)), effectiveness, "Our judgement.", status
        ),
        st.sets(st.sampled_from(keys), min_size=1, max_size=4),
        st.integers(1, 100),
        st.sampled_from(["proposed", "committed", "implemented", "verified"]),
    )
    drawn = data.draw(st.lists(control, max_size=2))
    return replace(
        gathered, mitigations=tuple(replace(one, key=f"c{number}") for number, one in enumerate(drawn))
    )
