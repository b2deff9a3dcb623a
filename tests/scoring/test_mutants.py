"""Deliberate faults, each of which the named property must catch. Most are what peers do (1. and 5.)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from datetime import date
from itertools import count
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from riskassess.kernel.truth import Truth
from riskassess.scoring import (
    aggregate,
    decision,
    engine,
    evidence,
    exposure,
    factors,
    gates,
    mitigation,
    sampling,
    sensitivity,
)
from riskassess.scoring.gates import GateState
from riskassess.scoring.inputs import FactorInput, Item
from riskassess.scoring.method import Method
from riskassess.scoring.ranges import VACUOUS, Range
from riskassess.scoring.results import FactorResult, OpportunityResult, RiskAdjusted

from .properties import BATTERY

CHECKS = {check.__name__: check for check in BATTERY}

real_rank = decision.rank_of_score
real_coverage = decision.coverage
real_range = evidence.range_of
real_reading = evidence.reading
real_governing = evidence._governing
real_risk_factor = factors.risk_factor
real_opportunity_factor = factors.opportunity_factor
real_ends = engine.ends
real_judge = gates.judge_gates
real_factors = engine._factors
real_adjusted = engine._risk_adjusted
real_cheapest = sensitivity._cheapest_under


def renormalised(method: Method, found: list[FactorResult], weight: int) -> Any:
    return real_ends(method, found, sum(one.weight for one in found if one.exposure.high) or weight)


def over_answered(method: Method, found: list[FactorResult], weight: int) -> Any:
    known = [one for one in found if one.answered] or found
    return real_ends(method, known, sum(one.weight for one in known))


def without_classes(method: Method, found: list[FactorResult], weight: int) -> Any:
    return real_ends(method, [replace(one, share=100) for one in found], weight)


def intersected(ranges: list[Range]) -> Range:
    if not ranges:
        return VACUOUS
    common = Range(max(one.low for one in ranges), min(one.high for one in ranges))
    return (
        common
        if common.low <= common.high
        else Range(min(r.low for r in ranges), max(r.high for r in ranges))
    )


def stacked(level: Range, credits: Iterable[Range]) -> Range:
    low, high = level
    for one in credits:
        low, high = low * (10_000 - one.high) // 10_000, -(-high * (10_000 - one.low) // 10_000)
    return Range(low, high)


def at_midpoint(method: Method, risk: Range, denominator: int, covered: bool) -> int:
    middle = (risk.low + risk.high) // 2
    return real_rank(method, Range(middle, middle), denominator, covered)


def at_most(method: Method, risk: Range, denominator: int, covered: bool) -> int:
    return real_rank(method, Range(risk.low, max(risk.low, risk.high - 1)), denominator, covered)


def reject_above(method: Method, risk: Range, denominator: int, covered: bool) -> int:
    return real_rank(method, Range(risk.low - 1, risk.high), denominator, covered)


def rounded_inwards(value: Range, denominator: int) -> tuple[str, str]:
    return decision.tenths(-(-10 * value.low // denominator)), decision.tenths(10 * value.high // denominator)


def wide_both_ways(method: Method, item: Item, tier: int) -> Range:
    return real_range(method, replace(item, interest="neutral"), tier)


def interest_swapped(method: Method, item: Item, tier: int) -> Range:
    other = {"self": "adverse", "adverse": "self", "neutral": "neutral"}
    return real_range(method, replace(item, interest=other[item.interest]), tier)  # type: ignore[arg-type]


def hull_of_all(method: Method, items: tuple[Item, ...], as_of: date) -> Any:
    found = real_governing(method, items, as_of)
    level = found.level
    for item in found.weaker:
        level = level.hull(evidence.range_of(method, item, evidence.tier_of(method, item, as_of)))
    return replace(found, level=level)


def never_contradicted(method: Method, items: tuple[Item, ...], as_of: date) -> Any:
    return replace(real_governing(method, items, as_of), contradiction=False)


def question_ignored(method: Method, given: FactorInput | None, as_of: date) -> Any:
    return real_reading(method, replace(given, open_question=None) if given else None, as_of)


def declined_is_silence(method: Method, given: FactorInput | None, as_of: date) -> Any:
    return real_reading(method, replace(given, declined=False) if given else None, as_of)


def unknown_flags_are_false(flags: Mapping[str, Truth], name: str) -> Truth:
    return Truth.of(flags.get(name) is Truth.TRUE)


def same_ends(opportunity: OpportunityResult, risk: Range, denominator: int) -> RiskAdjusted:
    return real_adjusted(opportunity, Range(risk.high, risk.low), denominator)


def control_on_exposure(*args: Any) -> FactorResult:
    found = real_risk_factor(*args)
    if not args[5]:
        return found
    return replace(found, exposure=Range(found.exposure.low // 2, found.exposure.high // 2))


def spilling_factors(method: Method, inputs: Any, controls: Any, as_of: date) -> Any:
    every = tuple(replace(one, factors=tuple(f.key for f in method.risk_factors)) for one in controls)
    return real_factors(method, inputs, every, as_of)


def starred_gates_sleep(method: Method, states: Mapping[str, GateState], production: Truth) -> Any:
    return real_judge(
        method, {gate.key: GateState(Truth.FALSE) for gate in method.gates} | dict(states), production
    )


def relevance_of_the_answered(method: Method, factor: Any, given: Any, relevance: int, on: date) -> Any:
    return real_opportunity_factor(method, factor, given, relevance if given else 0, on)


ticks = count()

MUTANTS: list[tuple[str, Any, str, Any, str]] = [
    # The eleven of the specification and their kin.
    ("the mean alone", aggregate, "lifted", lambda base, peak, share: base, "p05_peaks_and_means_are_floors"),
    ("the peak alone", aggregate, "lifted", lambda base, peak, share: peak, "p00_the_formula_is_the_formula"),
    ("unknown is the middle", evidence, "VACUOUS", Range(5_000, 5_000), "p00_what_is_not_known"),
    ("unknown is the best", evidence, "VACUOUS", Range(0, 0), "p00_what_is_not_known"),
    (
        "weights renormalised over what applies",
        engine,
        "ends",
        renormalised,
        "p00_the_formula_is_the_formula",
    ),
    ("weights renormalised over what is answered", engine, "ends", over_answered, "p10_silence_never_helps"),
    ("evidence intersected", evidence, "hull_of", intersected, "p01_hull_of_ties_is_monotone"),
    ("credit of controls stacked", mitigation, "residual", stacked, "p12_two_controls_may_be_one"),
    (
        "unknown gates pass",
        gates,
        "applied_rank",
        lambda truth, effect: effect if truth is Truth.TRUE else 0,
        "p08_gates_only_worsen",
    ),
    (
        "unknown gates reject",
        gates,
        "applied_rank",
        lambda truth, effect: 0 if truth is Truth.FALSE else effect,
        "p08_gates_only_worsen",
    ),
    ("approval at the midpoint", decision, "rank_of_score", at_midpoint, "p00_decision_rules"),
    # Decision and figures.
    ("at the threshold is below it", decision, "rank_of_score", at_most, "p00_decision_rules"),
    ("at the threshold is not yet rejected", decision, "rank_of_score", reject_above, "p00_decision_rules"),
    (
        "coverage not needed",
        decision,
        "rank_of_score",
        lambda method, risk, denominator, covered: real_rank(method, risk, denominator, True),
        "p00_decision_rules",
    ),
    (
        "coverage from tier 2",
        decision,
        "coverage",
        lambda method, weighed: real_coverage(method, [(w, e, tier + 1) for w, e, tier in weighed]),
        "p00_the_formula_is_the_formula",
    ),
    (
        "coverage at the highest exposures only",
        decision,
        "coverage",
        lambda method, weighed: replace(real_coverage(method, weighed), assured=True),
        "p09_learning_the_profile",
    ),
    ("shown rounded inwards", decision, "shown", rounded_inwards, "p15_shown_holds_exact"),
    ("a gate may improve", engine, "severest", lambda first, *ranks: first, "p08_gates_only_worsen"),
    (
        "floor forgotten",
        engine,
        "severest",
        lambda first, floor, *ranks: max(first, *(engine.DECISIONS[rank] for rank in ranks)),
        "p08_floor",
    ),
    ("starred gates wait to be asked", engine, "judge_gates", starred_gates_sleep, "p08_gates_only_worsen"),
    ("classes ignored", engine, "ends", without_classes, "p05_peaks_and_means_are_floors"),
    # Evidence.
    ("interest ignored", evidence, "range_of", wide_both_ways, "p00_evidence_widths"),
    ("interest on the wrong side", evidence, "range_of", interest_swapped, "p00_evidence_widths"),
    ("evidence never ages", evidence, "is_aged", lambda item, as_of: False, "p00_evidence_widths"),
    ("weaker items widen", evidence, "_governing", hull_of_all, "p01_weaker_items_never_narrow"),
    ("contradictions unseen", evidence, "_governing", never_contradicted, "p01_weaker_items_never_narrow"),
    ("open questions ignored", evidence, "reading", question_ignored, "p00_what_is_not_known"),
    ("declining is silence", evidence, "reading", declined_is_silence, "p00_what_is_not_known"),
    ("opportunity reads risk's side", evidence, "as_shortfall", lambda given: given, "p00_evidence_widths"),
    # Exposure, controls, opportunity.
    (
        "an unknown flag is false",
        exposure,
        "_flag",
        unknown_flags_are_false,
        "p09_decisions_survive_learning",
    ),
    (
        "a control lowers exposure",
        engine,
        "risk_factor",
        control_on_exposure,
        "p12_mitigation_is_never_overstated",
    ),
    ("a control spills over", engine, "_factors", spilling_factors, "p12_mitigation_is_never_overstated"),
    (
        "a promise counts as proof",
        mitigation,
        "credit",
        lambda method, one: Range(100 * one.effectiveness, 100 * one.effectiveness),
        "p12_credit_follows_status",
    ),
    ("Q pairs the wrong ends", engine, "_risk_adjusted", same_ends, "p14_opportunity_holds_every_outcome"),
    (
        "opportunity weighed over the answered",
        engine,
        "opportunity_factor",
        relevance_of_the_answered,
        "p14_opportunity_holds_every_outcome",
    ),
    # Sensitivity.
    (
        "tornado forgets the second peak",
        sensitivity,
        "_two_largest",
        lambda values: (max(values), 0),
        "p13_tornado_is_recomputation",
    ),
    (
        "tornado never loses the peak",
        sensitivity,
        "_two_largest",
        lambda values: (max(values),) * 2,
        "p13_tornado_is_recomputation",
    ),
    (
        "questions greedily by fall",
        sensitivity,
        "fewest_questions",
        lambda result, threshold: sensitivity.cheapest_questions(result, threshold, {}),
        "p13_the_greedy_trap",
    ),
    (
        "questions by width, not by weight",
        sensitivity,
        "_cheapest_under",
        lambda result, by_gain, cap, limit: real_cheapest(
            result, sorted(by_gain, key=lambda one: -one.x.width), cap, limit
        ),
        "p13_fewest_questions_on_any_ranges",
    ),
    ("questions blind to the peak", sensitivity, "_peak_unit", lambda result: 0, "p13_peaks_hide_each_other"),
    (
        "draws differ from run to run",
        sampling,
        "_stream",
        lambda seed, key: next(ticks),
        "p16_worth_of_knowing",
    ),
]


def catches(check: Callable[[Any], None]) -> bool:
    """Whether the property fails on some example."""

    @settings(
        derandomize=True,
        deadline=None,
        max_examples=400,
        database=None,
        phases=[Phase.generate],
        report_multiple_bugs=False,
        suppress_health_check=list(HealthCheck),
    )
    @given(st.data())
    def holds(data: Any) -> None:
        check(data)

    try:
        holds()
    except AssertionError:
        return True
    return False


@pytest.mark.parametrize(
    ("name", "module", "attribute", "fault", "killer"), MUTANTS, ids=[one[0] for one in MUTANTS]
)
def test_mutant_is_caught(
    name: str, module: Any, attribute: str, fault: Any, killer: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, attribute, fault)
    assert catches(CHECKS[killer]), f"{killer} lets “{name}” pass"
