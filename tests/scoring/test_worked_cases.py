"""Section 2.11 to the last digit."""

from __future__ import annotations

from fractions import Fraction

import pytest

from riskassess.kernel.truth import Truth
from riskassess.scoring.compare import compare
from riskassess.scoring.engine import compute
from riskassess.scoring.inputs import Inputs, Profile
from riskassess.scoring.method import load_method
from riskassess.scoring.sensitivity import fewest_questions, tornado

from .mini import (
    CASE_1,
    CASE_2,
    CLEAR,
    CLINICAL,
    CODING,
    EU_DATA,
    JUNE,
    MINI,
    PILOT,
    case,
    changed,
    said,
)

LEVELS = {  # hundredths of a point, RES TRN MED AIA PRV EVL INJ REL CST
    "1": [
        (0, 7500),
        (0, 2500),
        None,
        (0, 10000),
        (4000, 7500),
        (7500, 7500),
        (0, 10000),
        (7500, 7500),
        (10000, 10000),
    ],
    "2": [
        (10000, 10000),
        (0, 1000),
        None,
        (1500, 5000),
        (5000, 10000),
        (1500, 3500),
        (4000, 7500),
        (2500, 2500),
        (0, 0),
    ],
    "3": [
        (0, 10000),
        (0, 10000),
        (0, 10000),
        None,
        (1500, 7500),
        (10000, 10000),
        (0, 10000),
        (10000, 10000),
        (10000, 10000),
    ],
    "4a": [
        (0, 10000),
        (0, 2500),
        None,
        (0, 10000),
        (1500, 7500),
        (7500, 7500),
        (0, 10000),
        (5000, 5000),
        (0, 0),
    ],
    "4b": [
        (0, 10000),
        (0, 2500),
        None,
        (1500, 5000),
        (5000, 10000),
        (1500, 3500),
        (4000, 7500),
        (2500, 2500),
        (0, 0),
    ],
}
EXPOSURES = {
    "1": [25, 25, 0, 25, 50, 25, 25, 25, 25],
    "2": [100, 75, 0, 50, 25, 50, 50, 50, 50],
    "3": [100, 100, 100, 0, 25, 100, 75, 100, 100],
    "4a": [50, 50, 0, 25, 50, 50, 50, 50, 50],
    "4b": [50, 50, 0, 25, 50, 50, 50, 50, 50],
}
EXPECTED = {  # A, M, R, shown, coverage, decision without gates, decision
    "1": (
        ("7.9375", "18.125"),
        ("13", "25"),
        ("11.48125", "22.9375"),
        ("11.4", "23.0"),
        "63.2",
        "APPROVE",
        "CONDITIONAL",
    ),
    "2": (
        ("21.375", "28.375"),
        ("100", "100"),
        ("76.4125", "78.5125"),
        ("76.4", "78.6"),
        "100.0",
        "REJECT",
        "REJECT",
    ),
    "3": (
        ("30.375", "79.375"),
        ("65", "100"),
        ("54.6125", "93.8125"),
        ("54.6", "93.9"),
        "37.5",
        "ESCALATE",
        "ESCALATE",
    ),
    "4a": (
        ("8.875", "28.125"),
        ("24.375", "50"),
        ("19.725", "43.4375"),
        ("19.7", "43.5"),
        "50.0",
        "CONDITIONAL",
        "CONDITIONAL",
    ),
    "4b": (
        ("7.25", "22.625"),
        ("20", "50"),
        ("16.175", "41.7875"),
        ("16.1", "41.8"),
        "81.2",
        "CONDITIONAL",
        "CONDITIONAL",
    ),
}


def points(pair: tuple[int, int], denominator: int) -> tuple[Fraction, Fraction]:
    return Fraction(pair[0], denominator), Fraction(pair[1], denominator)


def exactly(pair: tuple[str, str]) -> tuple[Fraction, Fraction]:
    return Fraction(pair[0]), Fraction(pair[1])


@pytest.mark.parametrize("name", EXPECTED)
def test_worked_case(name: str) -> None:
    base, peak, risk, shown, coverage, without_gates, decision = EXPECTED[name]
    result = case(name)

    for one, level, exposure in zip(result.factors, LEVELS[name], EXPOSURES[name], strict=True):
        assert one.exposure == (exposure, exposure), one.key
        assert level is None or one.level == level, one.key
    assert result.denominator == 10**10
    assert points(result.base, result.denominator) == exactly(base)
    assert points(result.peak, result.denominator) == exactly(peak)
    assert points(result.risk, result.denominator) == exactly(risk)
    assert result.shown == shown
    assert result.coverage.shown == coverage
    assert result.decision_without_gates == without_gates
    assert result.decision == decision


def test_case_1_by_hand() -> None:
    result = case("1")
    sums = [28125, 6250, 0, 25000, 37500, 28125, 25000, 18750, 12500]
    assert [one.points.high for one in result.factors] == [10**6 * one for one in sums]
    assert result.base.high == 10**6 * 181250
    assert result.peak_factors[1] == ("AIA", "INJ")
    assert result.coverage.ok
    assert (result.coverage.numerator, result.coverage.denominator) == (1500, 2375)


def test_case_1_gate_is_the_pilot_only() -> None:
    applied = {gate.key: gate.applied for gate in case("1").gates if gate.applied}
    assert applied == {"G10": 1}


def test_case_3_gates() -> None:
    applied = {gate.key: (gate.truth, gate.applied) for gate in case("3").gates if gate.applied}
    assert applied == {"G5": (Truth.UNKNOWN, 2), "G10": (Truth.TRUE, 2)}


def test_case_1_in_november_is_a_new_assessment() -> None:
    november = changed(
        CASE_1, said("RES", 3, "A1"), said("EVL", (2, 3), "A1"), said("REL", 2, "A1"), said("CST", 1, "A1")
    )
    result = compute(MINI, november, CLEAR, as_of=JUNE)
    assert points(result.risk, result.denominator) == exactly(("15.6", "22.46875"))


def test_case_2_on_a_host_with_an_eu_zone() -> None:
    moved = changed(CASE_2, said("RES", 0, "C1"))
    result = compute(MINI, moved, CLEAR, as_of=JUNE)
    assert points(result.base, result.denominator) == exactly(("6.375", "13.375"))
    assert points(result.peak, result.denominator) == exactly(("20", "37.5"))
    assert points(result.risk, result.denominator) == exactly(("15.9125", "30.2625"))
    assert result.decision == "CONDITIONAL"
    assert fewest_questions(result, 25).factors == ("INJ",)


def test_case_2_is_rejected_by_points_and_by_gate() -> None:
    result = case("2")
    assert {gate.key for gate in result.gates if gate.applied == 3} == {"G2"}
    assert result.decision_without_gates == "REJECT"


def test_case_3_cannot_be_answered_below_45() -> None:
    result = case("3")
    route = fewest_questions(result, 45)
    assert not route.reachable
    assert route.factors == ()
    assert "No answer can help" in route.reason


def test_case_3_no_single_answer_does_much_yet_three_do() -> None:
    result = case("3")
    assert max(swing.fall for swing in tornado(result)) == Fraction("4.5") * result.denominator
    route = fewest_questions(result, 70)
    assert route.factors == ("RES", "TRN", "MED")
    assert route.high < 70 * result.denominator


def test_case_4_opportunity() -> None:
    first, second = case("4a"), case("4b")
    over = first.opportunity.denominator
    assert points(first.opportunity.range, over) == exactly(("33.25", "58.825"))
    assert points(second.opportunity.range, second.opportunity.denominator) == exactly(("45.55", "61.95"))
    assert first.factor("CAP").level == (2500, 8500)
    assert second.factor("CAP").level == (4000, 6000)
    assert first.risk_adjusted.shown == ("18.8", "47.3")
    assert second.risk_adjusted.shown == ("26.5", "52.0")
    assert (first.business_case, second.business_case) == ("plausible", "proven")


def test_case_4_is_not_separable_yet() -> None:
    comparison = compare(case("4a"), case("4b"))
    assert comparison.verdict == "open"
    assert not comparison.separable
    assert comparison.question is not None


def test_case_4_questions_to_approve() -> None:
    assert fewest_questions(case("4a"), 25).factors == ("RES", "INJ")
    assert fewest_questions(case("4b"), 25).factors == ("RES", "PRV", "INJ")


@pytest.mark.parametrize(("use", "answers"), [(PILOT, 6), (CODING, 27), (EU_DATA, 29), (CLINICAL, 37)])
def test_effort_scales_with_stakes(use: Profile, answers: int) -> None:
    """The full method with nothing known: how many good answers bring an offer under 25."""
    result = compute(load_method(), Inputs(use), {}, as_of=JUNE)
    assert len(fewest_questions(result, 25).factors) == answers


def test_nothing_known_of_a_drafting_pilot() -> None:
    result = compute(load_method(), Inputs(PILOT), {}, as_of=JUNE)
    assert result.shown == ("0.0", "43.1")
    assert points(result.risk, result.denominator) == exactly(("0", "43.025"))
    assert result.decision == "ESCALATE", "a starred gate that nobody looked at is unknown"


def test_the_usual_mean_would_rank_the_pilot_below_the_breach() -> None:
    """Why not the middle of each range with what does not apply dropped: 54.6 for case 1, 45.0 for case 2."""

    def usual_mean(name: str) -> Fraction:
        applies = [one for one in case(name).factors if one.exposure.high]
        middles = sum(one.weight * Fraction(sum(one.level), 200) for one in applies)
        return middles / sum(one.weight for one in applies)

    assert round(float(usual_mean("1")), 1) == 54.6
    assert usual_mean("2") == 45
