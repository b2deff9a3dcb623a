"""Plain data in, plain data out; bad input says where and what to do."""

from __future__ import annotations

import json
from typing import Any

import pytest

from riskassess.kernel.errors import InvalidInput
from riskassess.scoring.casefile import compute_case
from riskassess.scoring.method import load_method

PILOT: dict[str, Any] = {
    "method": "vrm-1.0",
    "profile": {"D": 1, "I": 1, "A": 1, "B": 1, "S": 2},
    "flags": ["EU"],
}


def test_nothing_known() -> None:
    assert compute_case(PILOT) == {
        "denominator": 10**10,
        "base": [0, 267_500_000_000],
        "peak": [0, 500_000_000_000],
        "risk": [0, 430_250_000_000],
        "shown": ["0.0", "43.1"],
        "coverage_ok": False,
        "decision_without_gates": "CONDITIONAL",
        "decision": "CONDITIONAL",
        "fewest_questions_below": {"25": 6, "45": 0, "70": 0},
    }


def test_everything_answered_well() -> None:
    best = {"level": 0, "reliability": "A", "verification": 1, "interest": "neutral"}
    answers = {one.key: best for one in load_method().risk_factors}
    result = compute_case(PILOT | {"answers": answers})
    assert result["risk"] == [0, 0]
    assert result["coverage_ok"]
    assert result["decision"] == "APPROVE"
    assert result["fewest_questions_below"] == {"25": 0, "45": 0, "70": 0}
    assert json.loads(json.dumps(result)) == result


def test_a_true_gate_rejects_and_an_unknown_one_escalates() -> None:
    assert compute_case(PILOT | {"gates": {"G2": True}})["decision"] == "REJECT"
    assert compute_case(PILOT | {"gates": {"G2": "unknown"}})["decision"] == "ESCALATE"
    assert compute_case(PILOT | {"gates": {"G2": False}})["decision"] == "CONDITIONAL"


def test_a_gate_without_an_effect_takes_the_severest_that_its_flag_allows() -> None:
    assert compute_case(PILOT | {"gates": {"G10": True}})["decision"] == "ESCALATE"
    assert compute_case(PILOT | {"gates": {"G10": True}, "flags": ["EU", "P"]})["decision"] == "REJECT"
    pilot = {"G10": {"truth": True, "effect": "CONDITIONAL", "because": "private preview as pilot"}}
    assert compute_case(PILOT | {"gates": pilot})["decision"] == "CONDITIONAL"


def test_kinds_of_answer() -> None:
    whole = compute_case(PILOT)
    answers = {
        "DAT-RES": {"level": [1, 2], "reliability": "C", "verification": 3, "interest": "self"},
        "DAT-TRN": {"declined": True},
        "DAT-RET": [
            {"level": 1, "reliability": "A", "verification": 1},
            {"level": 3, "reliability": "E", "verification": 4, "interest": "adverse"},
        ],
        "EVL-IND": {"items": [{"level": 0, "reliability": "A", "verification": 1}], "open_question": [0, 50]},
        "REG-AIA": None,
    }
    some = compute_case(PILOT | {"answers": answers})
    assert some["risk"][0] > whole["risk"][0]
    assert some["risk"][1] < whole["risk"][1]


def test_unknown_levels_and_flags_widen() -> None:
    known = compute_case(PILOT)
    open_profile = compute_case(PILOT | {"profile": {"D": None, "I": 1, "A": 1, "B": 1, "S": [1, 3]}})
    assert open_profile["risk"][1] > known["risk"][1]
    assert compute_case(PILOT | {"flags": {"EU": True, "R": "unknown"}})["risk"][1] > known["risk"][1]


def test_dated_evidence_ages() -> None:
    item = {"level": 0, "reliability": "C", "verification": 3, "on": "2025-01-01", "max_age_days": 365}
    fresh = compute_case(PILOT | {"answers": {"EVL-IND": item}, "as_of": "2025-06-01"})
    aged = compute_case(PILOT | {"answers": {"EVL-IND": item}, "as_of": "2026-11-24"})
    assert aged["risk"][1] > fresh["risk"][1]
    with pytest.raises(InvalidInput, match="as-of date"):
        compute_case(PILOT | {"answers": {"EVL-IND": item}})


GOOD = {"level": 1, "reliability": "C", "verification": 3}


@pytest.mark.parametrize(
    ("case", "where"),
    [
        ([], "case"),
        ({}, "profile"),
        (PILOT | {"colour": 1}, "case"),
        (PILOT | {"method": "vrm-9"}, "method"),
        (PILOT | {"method": 1}, "method"),
        (PILOT | {"profile": {"D": 5}}, "profile.D"),
        (PILOT | {"profile": {"D": True}}, "profile.D"),
        (PILOT | {"profile": {"D": 1.0}}, "profile.D"),
        (PILOT | {"profile": {"D": "2"}}, "profile.D"),
        (PILOT | {"profile": {"D": [3, 1]}}, "profile.D"),
        (PILOT | {"profile": {"X": 1}}, "profile"),
        (PILOT | {"profile": [1, 2]}, "profile"),
        (PILOT | {"flags": "EU"}, "flags"),
        (PILOT | {"flags": ["XX"]}, "flags"),
        (PILOT | {"flags": {"EU": "perhaps"}}, "flags.EU"),
        (PILOT | {"answers": {"NO-SUCH": GOOD}}, "NO-SUCH"),
        (PILOT | {"answers": {"DAT-RES": 3}}, "answers.DAT-RES"),
        (PILOT | {"answers": {"DAT-RES": GOOD | {"level": 7}}}, "answers.DAT-RES.level"),
        (PILOT | {"answers": {"DAT-RES": GOOD | {"level": [0, 1, 2]}}}, "answers.DAT-RES.level"),
        (PILOT | {"answers": {"DAT-RES": GOOD | {"reliability": "Z"}}}, "answers.DAT-RES"),
        (PILOT | {"answers": {"DAT-RES": GOOD | {"verification": 0}}}, "answers.DAT-RES.verification"),
        (PILOT | {"answers": {"DAT-RES": GOOD | {"interest": "mine"}}}, "answers.DAT-RES"),
        (PILOT | {"answers": {"DAT-RES": GOOD | {"interest": []}}}, "answers.DAT-RES"),
        (PILOT | {"answers": {"DAT-RES": GOOD | {"on": "yesterday"}}}, "answers.DAT-RES.on"),
        (PILOT | {"answers": {"DAT-RES": {"level": 1}}}, "answers.DAT-RES"),
        (PILOT | {"answers": {"DAT-RES": [GOOD, 3]}}, "answers.DAT-RES[1]"),
        (PILOT | {"answers": {"DAT-RES": {"declined": "yes"}}}, "answers.DAT-RES.declined"),
        (PILOT | {"answers": {"DAT-RES": {"items": GOOD}}}, "answers.DAT-RES.items"),
        (PILOT | {"answers": {"DAT-RES": GOOD | {"open_question": [50]}}}, "answers.DAT-RES.open_question"),
        (PILOT | {"gates": {"G99": True}}, "G99"),
        (PILOT | {"gates": {"G2": 1}}, "gates.G2"),
        (PILOT | {"gates": {"G2": {"truth": True, "effect": "MAYBE"}}}, "gates.G2.effect"),
        (PILOT | {"gates": {"G2": {"truth": True, "effect": 1}}}, "G2"),
        (PILOT | {"floor": 4}, "floor"),
        (PILOT | {"as_of": "soon"}, "as_of"),
    ],
)
def test_bad_input_says_where_and_what_to_do(case: Any, where: str) -> None:
    with pytest.raises(InvalidInput) as caught:
        compute_case(case)
    assert caught.value.where == where
    assert caught.value.hint
