"""Section 3 of the specification, P1 to P16, as checks that tests run and that mutants must fail.

Each takes Hypothesis' `data` and asserts; `BATTERY` lists them in the order in which faults show soonest.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from fractions import Fraction
from itertools import combinations, product
from typing import Any

from hypothesis import strategies as st

from riskassess.kernel.truth import Truth
from riskassess.scoring import decision, evidence, mitigation, sensitivity
from riskassess.scoring.engine import compute
from riskassess.scoring.explanation import lines
from riskassess.scoring.exposure import FLAGS, LETTERS
from riskassess.scoring.gates import GateState
from riskassess.scoring.inputs import FactorInput, Inputs, Item, Level, Profile
from riskassess.scoring.method import DECISIONS, Method
from riskassess.scoring.ranges import Range
from riskassess.scoring.results import FactorResult, Result
from riskassess.scoring.sampling import information_values

from .mini import CASE_4A, CLEAR, JUNE, MINI, profile, said
from .strategies import answers, assessments, gate_states, items, levels, mitigations, ranges

CLEAR_FLAGS = dict.fromkeys(FLAGS, Truth.FALSE)
RANK = {name: rank for rank, name in enumerate(DECISIONS)}


def run(inputs: Inputs, gates: Mapping[str, GateState] = CLEAR, method: Method = MINI) -> Result:
    return compute(method, inputs, gates, as_of=JUNE)


def formula(terms: list[tuple[int, int, int]], weight: int = 100) -> Fraction:
    """R in points of (w, s, x), written down a second time and in fractions."""
    mean = Fraction(sum(w * x for w, _, x in terms), 10**4 * weight)
    peak = max((Fraction(s * x, 10**6) for _, s, x in terms), default=Fraction(0))
    return mean + Fraction(7, 10) * max(Fraction(0), peak - mean)


def terms(factors: Any, end: int) -> list[tuple[int, int, int]]:
    return [(one.weight, one.share, one.x[end]) for one in factors if one.weight]


def inside(inner: tuple[Any, Any], outer: tuple[Any, Any]) -> bool:
    return outer[0] <= inner[0] <= inner[1] <= outer[1]


def settled(
    one: FactorResult, level: tuple[int, int], exposure: tuple[int, int], tier: int = 0
) -> FactorInput:
    return FactorInput(one.key, fixed=level, exposure=exposure, rule="settled", tier=tier)


def part_of(draw: Any, whole: Range) -> tuple[int, int]:
    low = draw(st.integers(whole.low, whole.high))
    return low, draw(st.integers(low, whole.high))


# --- what the numbers are -------------------------------------------------------------------------------


def p00_the_formula_is_the_formula(data: Any) -> None:
    result = run(data.draw(assessments()))
    for end in (0, 1):
        expected = formula(terms(result.factors, end))
        assert Fraction(result.risk[end], result.denominator) == expected
        assert result.denominator == 10**10
        shortfall = [one for one in result.opportunity.factors if one.weight]
        whole = sum(one.weight for one in shortfall)
        assert 100 - formula(terms(shortfall, 1 - end), whole) == Fraction(
            result.opportunity.range[end], result.opportunity.denominator
        )
    covered = sum(one.weight * one.exposure.high for one in result.factors if one.tier >= 3)
    whole = sum(one.weight * one.exposure.high for one in result.factors)
    assert (result.coverage.numerator, result.coverage.denominator) == (covered, whole)
    assert result.coverage.ok == (100 * covered >= 60 * whole)


def p00_evidence_widths(data: Any) -> None:
    """The two tables of 2.3, item by item, and the side that interest narrows."""
    table = ("554410", "544310", "543210", "432210", "432110", "211000")
    wide, narrow = (None, 75, 50, 25, 10, 0), (None, 25, 10, 10, 5, 0)
    item = data.draw(items())
    tier = int(table["ABCDEF".index(item.reliability)][item.verification - 1])
    too_old = item.max_age_days is not None and (item.on is None or (JUNE - item.on).days > item.max_age_days)
    tier = max(0, tier - too_old)
    expected = (0, 10_000)
    if tier and (item.on is None or item.on <= JUNE):
        down = narrow[tier] if item.interest == "self" else wide[tier]
        up = narrow[tier] if item.interest == "adverse" else wide[tier]
        expected = (
            max(0, 2500 * item.level_low - 100 * (down or 0)),
            min(10_000, 2500 * item.level_high + 100 * (up or 0)),
        )
    assert evidence.reading(MINI, FactorInput("RES", items=(item,)), JUNE).level == expected
    goodness = replace(item, level_low=4 - item.level_high, level_high=4 - item.level_low)
    result = run(Inputs(profile(0, 0, 0, 0, 0), (FactorInput("CAP", items=(goodness,)),)))
    assert result.factor("CAP").level.flipped() == expected


def p00_what_is_not_known(data: Any) -> None:
    """No answer is everything; declined is the worse half, visibly; an open question widens an answer."""
    use = profile(4, 4, 4, 4, 4, "EU", "R", "H")
    nothing = run(Inputs(use))
    assert all(one.level == (0, 10_000) and not one.answered for one in nothing.factors)
    declined = run(Inputs(use, (FactorInput("RES", declined=True),))).factor("RES")
    assert declined.level == (5_000, 10_000)
    assert declined.declined
    assert declined.tier == 0
    question = data.draw(ranges(10_000))
    asked = replace(said("RES", 2, "A1"), open_question=question)
    assert run(Inputs(use, (asked,))).factor("RES").level == (
        min(5_000, question[0]),
        max(5_000, question[1]),
    )


def p00_decision_rules(data: Any) -> None:
    """The four rules of 2.8, on their boundaries too."""
    edge = st.sampled_from([0, 24, 25, 26, 44, 45, 46, 69, 70, 71, 100])
    low, high = sorted((data.draw(edge), data.draw(edge)))
    covered = data.draw(st.booleans())
    rank = decision.rank_of_score(MINI, Range(low * 10**10, high * 10**10), 10**10, covered)
    if low >= 70:
        assert rank == 3
    elif high < 25:
        assert rank == (0 if covered else 1)
    elif high < 45:
        assert rank == 1
    else:
        assert rank == 2
    bands = ["Low"] * 25 + ["Moderate"] * 20 + ["High"] * 25 + ["Severe"] * 31
    assert decision.band(MINI, low * 10**10, 10**10) == bands[low]


# --- P1 to P16 ------------------------------------------------------------------------------------------


def p01_worse_never_lowers(data: Any) -> None:
    inputs = data.draw(assessments(controls=True))
    before = run(inputs)
    worse = inputs
    if data.draw(st.booleans()):
        letter = data.draw(st.sampled_from(LETTERS))
        level: Level = getattr(inputs.profile, letter)
        raised = Level(min(4, level.low + 1), min(4, level.high + 1))
        worse = replace(inputs, profile=replace(inputs.profile, **{letter: raised}))
    elif with_items := [one for one in inputs.factors if one.items and MINI.factor(one.key).kind == "risk"]:
        chosen = data.draw(st.sampled_from(with_items))
        index = data.draw(st.integers(0, len(chosen.items) - 1))
        old = chosen.items[index]
        up = data.draw(st.integers(1, 4))
        new = replace(old, level_low=min(4, old.level_low + up), level_high=min(4, old.level_high + up))
        moved = replace(chosen, items=(*chosen.items[:index], new, *chosen.items[index + 1 :]))
        worse = replace(inputs, factors=tuple(moved if one is chosen else one for one in inputs.factors))
    after = run(worse)
    assert after.risk.low >= before.risk.low
    assert after.risk.high >= before.risk.high


def p01_hull_of_ties_is_monotone(data: Any) -> None:
    """The spec's own counterexample to intersecting, and its like."""
    grade = data.draw(st.sampled_from(["C3", "C4", "E4"]))
    first, second = (
        Item(k, k, grade[0], int(grade[1])) for k in (data.draw(st.integers(0, 4)) for _ in "ab")
    )
    both = evidence.reading(MINI, FactorInput("RES", items=(first, second)), JUNE).level
    for one in (first, second):
        assert inside(evidence.reading(MINI, FactorInput("RES", items=(one,)), JUNE).level, both)
    if second.level_high < 4:
        worse = replace(second, level_low=second.level_low + 1, level_high=second.level_high + 1)
        moved = evidence.reading(MINI, FactorInput("RES", items=(first, worse)), JUNE).level
        assert moved.low >= both.low
        assert moved.high >= both.high


def p01_weaker_items_never_narrow(data: Any) -> None:
    given = data.draw(answers("RES").filter(lambda one: one is not None and bool(one.items)))
    read = evidence.reading(MINI, given, JUNE)
    extra = data.draw(items())
    more = evidence.reading(MINI, replace(given, items=(*given.items, extra)), JUNE)
    exists = extra.on is None or extra.on <= JUNE
    tier = evidence.tier_of(MINI, extra, JUNE) if exists else 0
    if tier < read.tier:
        assert more.level == read.level
        claimed = evidence.range_of(MINI, extra, tier)
        governed = evidence.reading(MINI, replace(given, open_question=None), JUNE).level
        assert more.contradiction == (read.contradiction or claimed.disjoint(governed))
    if tier == read.tier and tier:
        assert inside(read.level, more.level)
    assert more.tier == max(tier, read.tier)


def p02_resolutions_stay_inside(data: Any) -> None:
    result = run(data.draw(assessments()))
    inner, low, high = [], [], []
    for one in result.factors:
        inner.append(settled(one, part_of(data.draw, one.level), part_of(data.draw, one.exposure)))
        low.append(settled(one, (one.level.low,) * 2, (one.exposure.low,) * 2))
        high.append(settled(one, (one.level.high,) * 2, (one.exposure.high,) * 2))
    opportunity = tuple(one for one in result.inputs.factors if MINI.factor(one.key).kind != "risk")
    resolved = run(replace(result.inputs, factors=(*inner, *opportunity)))
    assert inside(resolved.risk, result.risk)
    assert run(replace(result.inputs, factors=tuple(low))).risk == (result.risk.low,) * 2
    assert run(replace(result.inputs, factors=tuple(high))).risk == (result.risk.high,) * 2


def p03_better_tiers_narrow(data: Any) -> None:
    item = data.draw(items())
    found = [evidence.range_of(MINI, item, tier) for tier in range(6)]
    assert found[0] == (0, 10_000)
    assert found[5] == (2500 * item.level_low, 2500 * item.level_high)
    for better, worse in zip(found[1:], found, strict=False):
        assert inside(better, worse)


def p04_bounds(data: Any) -> None:
    inputs = data.draw(assessments())
    result = run(inputs)
    assert inside(result.risk, (0, 100 * result.denominator))
    assert inside(result.opportunity.range, (0, 100 * result.opportunity.denominator))
    best = run(replace(inputs, factors=tuple(said(one.key, 0, "A1") for one in MINI.risk_factors)))
    assert best.risk == (0, 0)
    worst = Inputs(
        profile(4, 4, 4, 4, 4, "EU", "H", "R"), tuple(said(one.key, 4, "A1") for one in MINI.risk_factors)
    )
    assert run(worst).risk == (100 * 10**10,) * 2


def p05_peaks_and_means_are_floors(data: Any) -> None:
    result = run(data.draw(assessments()))
    for end in (0, 1):
        assert result.risk[end] >= result.base[end]
        for one in result.factors:
            assert 10 * result.risk[end] >= 7 * one.share * one.x[end] * 10**4, one.key
    for one in result.factors:  # the class floors: one worst answer at full exposure
        alone = run(Inputs(profile(0, 0, 0, 0, 0), (settled(one, (10_000,) * 2, (100,) * 2),)))
        at_least = {"A": 2, "B": 1, "C": 1}[one.klass]
        assert RANK[alone.decision_without_gates] >= at_least
        assert alone.bands[0] == {"A": "Severe", "B": "High", "C": "Moderate"}[one.klass]


def p06_scale_and_order_change_nothing(data: Any) -> None:
    inputs = data.draw(assessments(controls=True))
    states = data.draw(gate_states())
    result = run(inputs, states)
    times = data.draw(st.integers(2, 7))
    heavier = replace(
        MINI, risk_factors=tuple(replace(one, weight=times * one.weight) for one in MINI.risk_factors)
    )
    scaled = run(inputs, states, heavier)
    assert scaled.denominator == times * result.denominator
    assert scaled.risk == (times * result.risk.low, times * result.risk.high)
    assert (scaled.shown, scaled.decision) == (result.shown, result.decision)
    shuffled = replace(
        inputs,
        factors=tuple(replace(one, items=one.items[::-1]) for one in inputs.factors[::-1]),
        mitigations=inputs.mitigations[::-1],
    )
    again = run(shuffled, dict(reversed(states.items())))
    assert again.to_json() == result.to_json()
    reordered = replace(MINI, risk_factors=MINI.risk_factors[::-1], gates=MINI.gates[::-1])
    turned = run(inputs, states, reordered)
    assert (turned.risk, turned.decision, turned.coverage) == (result.risk, result.decision, result.coverage)


def p07_lines_add_up(data: Any) -> None:
    inputs = data.draw(assessments())
    result = run(inputs)
    for end in (0, 1):
        found = lines(result, end)
        assert sum(line.points for line in found) == result.risk[end]
        assert sum(not line.key for line in found) <= 1
        peak = max(one.share * one.x[end] for one in result.factors)
        for one in result.factors:
            assert one.binding[end] == (one.share * one.x[end] == peak > 0)
            assert one.points[end] == 10**4 * one.weight * one.x[end]
    kept = data.draw(st.sampled_from(MINI.risk_factors)).key
    alone = replace(inputs, factors=tuple(one for one in inputs.factors if one.key == kept))
    assert run(alone).factor(kept).points == result.factor(kept).points


def p08_gates_only_worsen(data: Any) -> None:
    states = data.draw(gate_states())
    result = run(data.draw(assessments()), states)
    final = RANK[result.decision]
    assert final >= RANK[result.decision_without_gates]
    for gate in result.gates:
        given = states.get(gate.key)
        if given is None and gate.key != "G12":
            assert gate.truth is (Truth.UNKNOWN if gate.starred else Truth.FALSE)
        expected = {Truth.TRUE: gate.effect, Truth.UNKNOWN: min(gate.effect, 2), Truth.FALSE: 0}[gate.truth]
        assert gate.applied == expected
        assert final >= expected
        if gate.truth is Truth.UNKNOWN:
            assert result.decision != "APPROVE"
    ranks = [RANK[result.decision_without_gates], *(gate.applied for gate in result.gates)]
    assert final == max(ranks)


def p08_floor(data: Any) -> None:
    inputs, floor = data.draw(assessments()), data.draw(st.integers(0, 3))
    held = compute(MINI, inputs, CLEAR, as_of=JUNE, floor=floor)
    assert RANK[held.decision] == max(floor, RANK[run(inputs).decision])


def p09_decisions_survive_learning(data: Any) -> None:
    """Even of the profile: an APPROVE and a REJECT by points are never undone."""
    before = run(data.draw(assessments()))
    if before.decision_without_gates not in ("APPROVE", "REJECT"):
        return
    old = before.inputs.profile
    narrowed = {letter: Level(*part_of(data.draw, level)) for letter, level in old.levels.items()}
    flags = {
        flag: data.draw(st.sampled_from(list(Truth))) if old.flag(flag) is Truth.UNKNOWN else old.flag(flag)
        for flag in FLAGS
    }
    use = Profile(**narrowed, flags=flags)
    bare = run(Inputs(use))
    learned = []
    for one in before.factors:
        given = next((given for given in before.inputs.factors if given.key == one.key), None)
        is_fixed = given is not None and given.fixed is not None
        exposure = part_of(data.draw, one.exposure) if is_fixed else bare.factor(one.key).exposure
        assert inside(exposure, one.exposure)
        tier = max(one.tier, data.draw(st.integers(0, 5)))
        learned.append(settled(one, part_of(data.draw, one.level), exposure, tier))
    after = run(Inputs(use, tuple(learned)))
    assert after.decision_without_gates == before.decision_without_gates


def p09_learning_the_profile(data: Any) -> None:
    """Evidence that may turn out not to matter cannot carry an approval."""
    use = Profile(Level(0, 4), Level.of(0), Level.of(0), Level.of(1), Level.of(0), flags=CLEAR_FLAGS)
    given = (said("RES", 0, "A1"), said("TRN", 0, "A1"))
    before = run(Inputs(use, given))
    assert before.coverage.ok
    level = data.draw(st.integers(0, 4))
    for learned in (level, 0):
        after = run(Inputs(replace(use, D=Level.of(learned)), given))
        assert RANK[after.decision] <= RANK[before.decision]


def p10_silence_never_helps(data: Any) -> None:
    inputs = data.draw(assessments())
    if not inputs.factors:
        return
    before = run(inputs)
    blank = data.draw(st.sampled_from(inputs.factors))
    if blank.fixed is not None:
        return
    after = run(replace(inputs, factors=tuple(one for one in inputs.factors if one is not blank)))
    assert after.risk.high >= before.risk.high
    assert after.risk.low <= before.risk.low
    old, new = before.decision_without_gates, after.decision_without_gates
    assert RANK[new] >= RANK[old] or (old, new) == ("REJECT", "ESCALATE")


def p11_decision_is_monotone(data: Any) -> None:
    whole = st.integers(0, 100 * 10**10)
    low, high = sorted((data.draw(whole), data.draw(whole)))
    worse_low, worse_high = sorted((max(low, data.draw(whole)), max(high, data.draw(whole))))
    covered = data.draw(st.booleans())
    before = decision.rank_of_score(MINI, Range(low, high), 10**10, covered)
    after = decision.rank_of_score(MINI, Range(worse_low, worse_high), 10**10, covered)
    assert after >= before


def p12_credit_follows_status(data: Any) -> None:
    for one in data.draw(mitigations()):
        half, whole = 50 * one.effectiveness, 100 * one.effectiveness
        expected = {
            "proposed": (0, 0),
            "committed": (0, whole),
            "implemented": (half, whole),
            "verified": (whole, whole),
        }
        assert mitigation.credit(MINI, one) == expected[one.status]


def p12_two_controls_may_be_one(data: Any) -> None:
    """Two controls that stop the same thing leave what either leaves alone."""
    works = sorted(data.draw(st.integers(1, 99)) for _ in "ab")
    left = mitigation.residual(Range(10_000, 10_000), [Range(100 * one, 100 * one) for one in works])
    assert inside((10_000 - 100 * works[1],) * 2, left)
    assert left.low == (100 - works[0]) * (100 - works[1])


def p12_mitigation_is_never_overstated(data: Any) -> None:
    inputs = data.draw(assessments())
    bare = run(inputs)
    controls = data.draw(mitigations())
    eased = run(replace(inputs, mitigations=controls))
    touched = {key for one in controls for key in one.factors}
    assert eased.risk.low <= bare.risk.low
    assert eased.risk.high <= bare.risk.high
    assert eased.inherent.risk == bare.risk
    assert eased.target.risk.high <= eased.risk.high
    assert eased.gates == bare.gates
    assert eased.coverage == bare.coverage
    for one in eased.factors:
        before = bare.factor(one.key)
        assert one.exposure == before.exposure
        assert one.inherent_level == before.level
        if one.key not in touched:
            assert one.level == before.level
    level = Range(*data.draw(ranges(10_000)))
    credits = [mitigation.credit(MINI, one) for one in controls]
    left = mitigation.residual(level, credits)
    truth = data.draw(st.integers(level.low, level.high))
    works = [data.draw(st.integers(one.low, one.high)) for one in credits]
    independent = Fraction(truth)
    for one in works:
        independent *= Fraction(10_000 - one, 10_000)
    together = truth * Fraction(10_000 - max(works, default=0), 10_000)
    assert inside((independent, together), left)


def p13_tornado_is_recomputation(data: Any) -> None:
    result = run(data.draw(assessments()))
    for index, swing in enumerate(sensitivity.tornado(result)):
        highs, lows = terms(result.factors, 1), terms(result.factors, 0)
        best = [lows[n] if n == index else term for n, term in enumerate(highs)]
        worst = [highs[n] if n == index else term for n, term in enumerate(lows)]
        assert swing.fall == result.risk.high - formula(best) * result.denominator
        assert swing.rise == formula(worst) * result.denominator - result.risk.low


def p13_peaks_hide_each_other(data: Any) -> None:
    """Two equal worst answers: neither alone lowers the peak, so the question set must hold both."""
    given = [said(one.key, 0, "A1") for one in MINI.risk_factors if one.key not in ("INJ", "RES")]
    use = profile(3, 0, 3, data.draw(st.integers(0, 1)), 0, "EU")
    result = run(Inputs(use, tuple(given)))
    swings = {swing.key: swing.fall for swing in sensitivity.tornado(result)}
    assert swings["INJ"] < Fraction(3, 10) * result.risk.high
    assert sensitivity.fewest_questions(result, 45).factors == ("RES", "INJ")


def p13_the_greedy_trap(data: Any) -> None:
    """The largest single falls are not the shortest route: two equal peaks fall only together."""
    open_to = {"AIA": 7_500, "PRV": 10_000, "INJ": 7_500, "REL": 10_000}
    given = [FactorInput(one.key, fixed=(0, open_to.get(one.key, 0))) for one in MINI.risk_factors]
    result = run(Inputs(profile(0, 0, 0, 0, 0), tuple(given)))
    assert sensitivity.fewest_questions(result, 55).factors == ("AIA", "INJ")


def p13_fewest_questions_on_any_ranges(data: Any) -> None:
    """Every subset of nine factors, every threshold: no smaller set than the one that is given."""
    exposure = st.sampled_from([20, 60, 100])
    given = [
        FactorInput(one.key, fixed=data.draw(ranges(10_000)), exposure=(data.draw(exposure),) * 2)
        for one in MINI.risk_factors
    ]
    result = run(Inputs(profile(0, 0, 0, 0, 0), tuple(given)))
    reached: dict[int, int] = {}
    for chosen in product((False, True), repeat=len(result.factors)):
        ends = [one.x[0 if best else 1] for one, best in zip(result.factors, chosen, strict=True)]
        mean = sum(one.weight * x for one, x in zip(result.factors, ends, strict=True))
        peak = max(one.share * x for one, x in zip(result.factors, ends, strict=True))
        high = 10**4 * mean + 70 * max(0, peak - mean) * 100  # of 10^10 a point
        size = sum(chosen)
        reached[size] = min(high, reached.get(size, high))
    for threshold in range(1, 101):
        sizes = [size for size, high in reached.items() if high < threshold * 10**10]
        route = sensitivity.fewest_questions(result, threshold)
        assert route.reachable == bool(sizes)
        assert len(route.factors) == min(sizes, default=0)


def p13_fewest_questions_is_brute_force(data: Any) -> None:
    result = run(data.draw(assessments()))
    for threshold in (25, 45, 70, data.draw(st.integers(1, 100))):
        route = sensitivity.fewest_questions(result, threshold)
        if result.risk.low >= threshold * result.denominator:
            assert not route.reachable
            continue
        assert route.reachable
        assert route.high == formula(with_best(result, route.factors)) * result.denominator
        assert route.high < threshold * result.denominator
        wide = [one.key for one in result.factors if one.x.width]
        for keys in combinations(wide, len(route.factors) - 1) if route.factors else ():
            assert formula(with_best(result, keys)) >= threshold
        dear = sensitivity.cheapest_questions(result, threshold, {"RES": 5, "INJ": 3})
        assert dear.high == formula(with_best(result, dear.factors)) * result.denominator
        assert dear.high < threshold * result.denominator
        assert len(dear.factors) >= len(route.factors)


def with_best(result: Result, keys: Any) -> list[tuple[int, int, int]]:
    return [(one.weight, one.share, one.x[0 if one.key in keys else 1]) for one in result.factors]


def p14_opportunity_holds_every_outcome(data: Any) -> None:
    inputs = data.draw(assessments())
    result = run(inputs)
    inner = [
        settled(one, part_of(data.draw, one.level), part_of(data.draw, one.exposure))
        for one in result.factors
    ]
    upside = [FactorInput(one.key, fixed=part_of(data.draw, one.level)) for one in result.opportunity.factors]
    resolved = run(replace(inputs, factors=(*inner, *upside)))
    assert inside(resolved.opportunity.range, result.opportunity.range)
    assert result.opportunity.denominator == resolved.opportunity.denominator, "answers cannot dilute"
    outer, found = result.risk_adjusted, resolved.risk_adjusted
    assert inside(
        (Fraction(found.low, found.denominator), Fraction(found.high, found.denominator)),
        (Fraction(outer.low, outer.denominator), Fraction(outer.high, outer.denominator)),
    )
    risk = [Fraction(end, result.denominator) for end in result.risk]
    value = [Fraction(end, result.opportunity.denominator) for end in result.opportunity.range]
    assert Fraction(outer.low, outer.denominator) == value[0] * (100 - risk[1]) / 100
    assert Fraction(outer.high, outer.denominator) == value[1] * (100 - risk[0]) / 100
    missing = run(replace(inputs, factors=(said("CAP", 0, "A1"), said("PRC", 4, "A1"))))
    assert missing.opportunity.high <= 30 * missing.opportunity.denominator
    case = {(True, True): "proven", (False, True): "plausible", (False, False): "absent"}
    assert result.business_case == case[value[0] >= 40, value[1] >= 40]


def p15_shown_holds_exact(data: Any) -> None:
    result = run(data.draw(assessments()))
    for shown, value, over in [
        (result.shown, result.risk, result.denominator),
        (result.opportunity.shown, result.opportunity.range, result.opportunity.denominator),
        *((one.shown, one.level, 100) for one in result.factors),
    ]:
        low, high = Fraction(shown[0]), Fraction(shown[1])
        exact = Fraction(value[0], over), Fraction(value[1], over)
        assert inside(exact, (low, high))
        assert exact[0] - low < Fraction(1, 10)
        assert high - exact[1] < Fraction(1, 10)
    again = run(result.inputs)
    assert again.id == result.id
    assert again.to_json() == result.to_json()


def p16_worth_of_knowing(data: Any) -> None:
    inputs = data.draw(st.sampled_from([CASE_4A, data.draw(assessments())]))
    result = run(replace(inputs, profile=replace(inputs.profile, A=data.draw(levels()))))
    worth = information_values(result)
    for one in worth.factors:
        assert 0 <= one.worth <= worth.perfect, one.key
        if not result.factor(one.key).x.width:
            assert one.worth == 0
    assert worth == information_values(result)


BATTERY: tuple[Callable[[Any], None], ...] = tuple(
    check for name, check in sorted(globals().items()) if name[0] == "p" and name[1:3].isdigit()
)
