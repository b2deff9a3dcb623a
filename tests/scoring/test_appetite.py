"""The method under an organisation's lines: stricter is allowed, looser than the method's promises is not."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from riskassess.kernel.errors import InvalidInput
from riskassess.scoring.appetite import appetite_json, own_appetite, recorded_appetite, stated_appetite, under
from riskassess.scoring.casefile import compute_case
from riskassess.scoring.decision import rank_of_score
from riskassess.scoring.engine import compute
from riskassess.scoring.inputs import Inputs, Level, Profile
from riskassess.scoring.method import load_method

from .mini import JUNE
from .strategies import assessments, gate_states

METHOD = load_method()
OWN = own_appetite(METHOD)
STRICT = replace(OWN, approve=20, conditional=30, reject=55, coverage_percent=80, version=3, since=JUNE)
PILOT: dict[str, Any] = {"profile": {"D": 1, "I": 1, "A": 1, "B": 1, "S": 2}, "flags": ["EU"]}

stricter = st.tuples(
    st.integers(1, 23), st.integers(24, 45), st.integers(46, 70), st.integers(1, 100), st.integers(1, 9)
).map(lambda numbers: type(OWN)(*numbers))


def test_the_lines_of_the_method_are_those_of_its_data() -> None:
    assert (OWN.thresholds, OWN.coverage_percent, OWN.utility_slope) == ((25, 45, 70), 60, 3)
    assert under(METHOD, None) is METHOD
    assert own_appetite(under(METHOD, STRICT)) == STRICT


def test_only_the_lines_differ_under_an_appetite() -> None:
    method = under(METHOD, STRICT)
    assert (method.thresholds, method.coverage_percent, method.sampling.slope) == ((20, 30, 55), 80, 3)
    assert method.digest == METHOD.digest
    assert method.risk_factors is METHOD.risk_factors
    assert under(METHOD, STRICT) is method


@pytest.mark.parametrize(
    ("change", "where", "said"),
    [
        (
            {"approve": 30},
            "approve",
            "class C reaches 25.2 points alone; with the line at 30 it would be approved",
        ),
        ({"conditional": 46}, "conditional", "class B reaches 45.5 points alone"),
        (
            {"reject": 71},
            "reject",
            "class A reaches 70.0 points alone; with the line at 71 it would be not rejected",
        ),
        ({"conditional": 20}, "conditional", "The lines do not rise: approve at 25, conditional at 20."),
        ({"reject": 45}, "reject", "The lines do not rise: conditional at 45, reject at 45."),
        ({"approve": 0}, "approve", "0 is not allowed."),
        ({"approve": True}, "approve", "True is not allowed."),
        ({"coverage_percent": 101}, "coverage_percent", "101 is not allowed."),
        ({"utility_slope": "3"}, "utility_slope", "'3' is not allowed."),
    ],
)
def test_what_breaks_a_promise_is_refused_and_says_what_would_not(
    change: dict[str, Any], where: str, said: str
) -> None:
    with pytest.raises(InvalidInput) as caught:
        under(METHOD, replace(OWN, **change))
    assert caught.value.where == where
    assert said in caught.value.message
    assert caught.value.hint


@settings(max_examples=60)
@given(st.data(), stricter)
def test_points_never_depend_on_the_lines_and_stricter_ones_never_decide_better(
    data: st.DataObject, appetite: Any
) -> None:
    inputs, gates = data.draw(assessments(METHOD)), data.draw(gate_states(METHOD))
    own = compute(METHOD, inputs, gates, as_of=JUNE)
    new = compute(under(METHOD, appetite), inputs, gates, as_of=JUNE)
    assert (own.risk, own.base, own.peak, own.opportunity.range) == (
        new.risk, new.base, new.peak, new.opportunity.range,
    )  # fmt: skip
    for is_covered in (True, False):
        ranks = [rank_of_score(one.method, one.risk, one.denominator, is_covered) for one in (own, new)]
        assert ranks[0] <= ranks[1]
    assert own.id != new.id, "a result names the lines it was judged by"


def test_a_result_without_an_appetite_says_nothing_of_one() -> None:
    use = Inputs(Profile(*(Level.of(1) for _ in "DIABS")))
    assert "appetite" not in compute(METHOD, use, {}, as_of=JUNE).to_json()
    assert compute(under(METHOD, STRICT), use, {}, as_of=JUNE).to_json()["appetite"]["version"] == 3


def test_an_appetite_survives_its_record() -> None:
    assert recorded_appetite({"appetite": appetite_json(STRICT)}) == STRICT
    assert recorded_appetite({}) is None


def test_a_case_may_state_an_appetite() -> None:
    own, strict = (
        compute_case(PILOT | more) for more in ({}, {"appetite": {"approve": 20, "conditional": 40}})
    )
    assert own["decision"] == "CONDITIONAL"
    assert strict["decision"] == "ESCALATE", "at worst 43.1, not under 40"
    assert strict["risk"] == own["risk"]
    assert list(strict["fewest_questions_below"]) == ["20", "40", "70"]


@pytest.mark.parametrize(
    ("stated", "where"),
    [({"approve": 60}, "appetite.conditional"), ([25], "appetite"), ({"lines": 3}, "appetite"),
     ({"approve": "20"}, "appetite.approve")],
)  # fmt: skip
def test_a_case_is_told_where_its_appetite_is_wrong(stated: Any, where: str) -> None:
    with pytest.raises(InvalidInput) as caught:
        compute_case(PILOT | {"appetite": stated})
    assert caught.value.where == where


def test_what_a_case_leaves_out_is_the_methods() -> None:
    assert stated_appetite(METHOD, {"coverage_percent": 90}) == replace(OWN, coverage_percent=90)
    assert stated_appetite(METHOD, None) is None
