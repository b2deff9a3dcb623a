"""Inputs in, `Result` out. Pure: the same arguments give the same bytes, whenever and wherever (2.4-2.8)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date

from riskassess.kernel.errors import InvalidInput
from riskassess.scoring import decision
from riskassess.scoring.aggregate import Score, Term, denominator_of, score
from riskassess.scoring.decision import Coverage
from riskassess.scoring.factors import opportunity_factor, risk_factor
from riskassess.scoring.gates import GateState, contradiction_gate, judge_gates
from riskassess.scoring.inputs import Inputs, Mitigation
from riskassess.scoring.method import DECISIONS, Method
from riskassess.scoring.mitigation import as_planned
from riskassess.scoring.ranges import Range
from riskassess.scoring.results import (
    DomainResult,
    FactorResult,
    OpportunityResult,
    Result,
    RiskAdjusted,
    View,
)


def compute(
    method: Method, inputs: Inputs, gates: Mapping[str, GateState], *, as_of: date, floor: int = 0
) -> Result:
    """The whole assessment on the as-of date.

    1. Evidence, exposure and mitigations give each factor's x, at both ends.
    2. The formula gives R at both ends, for all factors and per domain.
    3. Coverage and thresholds give the decision that points alone support.
    4. Gates and `floor` (2 where the offer's data hold an error, true or unknown) can only worsen it.
    5. Opportunity, its risk-adjusted value and the business case stand beside it; they decide nothing.

    `gates` holds the states that are known. A starred gate left out is unknown, any other is false, and G12
    follows from the evidence unless given. Raises InvalidInput for keys the method does not know.
    """
    _check(method, inputs, floor)
    factors = _factors(method, inputs, inputs.mitigations, as_of)
    low, high = ends(method, factors, method.risk_weight)
    coverage = _coverage(method, factors)
    current = _view(method, factors, coverage)
    inherent = target = current
    if inputs.mitigations:
        inherent = _view(method, _factors(method, inputs, (), as_of), coverage)
        target = _view(method, _factors(method, inputs, as_planned(inputs.mitigations), as_of), coverage)
    states = {"G12": contradiction_gate(_contradicted(factors)), **gates}
    judged = judge_gates(method, states, inputs.profile.flag("P"))
    opportunity = _opportunity(method, inputs, as_of)
    return Result(
        method=method,
        inputs=inputs,
        gate_states=dict(gates),
        as_of=as_of,
        floor=floor,
        denominator=low.denominator,
        base=Range(low.base, high.base),
        peak=Range(low.peak, high.peak),
        risk=current.risk,
        peak_line=Range(low.lift, high.lift),
        shown=current.shown,
        bands=current.bands,
        factors=_with_binding(factors),
        domains=tuple(_domain(method, name, factors) for name in method.domains),
        gates=judged,
        coverage=coverage,
        inherent=inherent,
        target=target,
        decision_without_gates=current.decision_without_gates,
        decision=severest(current.decision_without_gates, floor, *(gate.applied for gate in judged)),
        opportunity=opportunity,
        risk_adjusted=_risk_adjusted(opportunity, current.risk, low.denominator),
        business_case=decision.business_case(method, *opportunity.range, opportunity.denominator),
    )


def ends(method: Method, factors: Sequence[FactorResult], weight: int) -> tuple[Score, Score]:
    """The formula at the low and the high end of every factor; R never falls in any x, so these bound it."""
    low = score((Term(one.weight, one.share, one.x.low) for one in factors), weight, method.peak_share)
    high = score((Term(one.weight, one.share, one.x.high) for one in factors), weight, method.peak_share)
    return low, high


def severest(without_gates: str, *ranks: int) -> str:
    """The decision after ranks that can only worsen it."""
    return DECISIONS[max(DECISIONS.index(without_gates), *ranks)]


def _check(method: Method, inputs: Inputs, floor: int) -> None:
    if floor not in range(len(DECISIONS)):
        raise InvalidInput(f"{floor} is no decision rank.", hint="Use 0 to 3.", where="floor")
    for given in inputs.factors:
        method.factor(given.key)
    risk_keys = {factor.key for factor in method.risk_factors}
    for mitigation in inputs.mitigations:
        if unknown := sorted(set(mitigation.factors) - risk_keys):
            raise InvalidInput(
                f"{', '.join(unknown)} is no risk factor.",
                hint="A mitigation acts on risk factors.",
                where=f"mitigation {mitigation.key}",
            )
    if unknown := sorted(set(inputs.relevance) - {factor.key for factor in method.opportunity_factors}):
        raise InvalidInput(
            f"{', '.join(unknown)} is no opportunity factor.", hint="Drop it.", where="relevance"
        )


def _factors(
    method: Method, inputs: Inputs, mitigations: Iterable[Mitigation], as_of: date
) -> list[FactorResult]:
    given = {one.key: one for one in inputs.factors}
    controls = tuple(mitigations)
    levels, flags = inputs.profile.levels, inputs.profile.flags
    return [
        risk_factor(
            method,
            factor,
            given.get(factor.key),
            levels,
            flags,
            [control for control in controls if factor.key in control.factors],
            as_of,
        )
        for factor in method.risk_factors
    ]


def _with_binding(factors: Sequence[FactorResult]) -> tuple[FactorResult, ...]:
    """The same factors, each marked where its weighted level is the peak; a peak of zero binds nobody."""
    lowest = max((one.share * one.x.low for one in factors), default=0)
    highest = max((one.share * one.x.high for one in factors), default=0)
    return tuple(
        replace(
            one,
            binding=(0 < lowest == one.share * one.x.low, 0 < highest == one.share * one.x.high),
        )
        for one in factors
    )


def _contradicted(factors: Iterable[FactorResult]) -> list[str]:
    """Class A factors on which better evidence contradicts what the vendor says."""
    return [
        one.key
        for one in factors
        if one.klass == "A" and one.contradiction and any(item.interest == "self" for item in one.weaker)
    ]


def _bands(method: Method, risk: Range, denominator: int) -> tuple[str, str]:
    return decision.band(method, risk.low, denominator), decision.band(method, risk.high, denominator)


def _domain(method: Method, name: str, factors: Iterable[FactorResult]) -> DomainResult:
    mine = [one for one in factors if one.domain == name]
    low, high = ends(method, mine, sum(one.weight for one in mine))
    risk = Range(low.risk, high.risk)
    denominator = low.denominator or 1
    return DomainResult(
        name=name,
        denominator=denominator,
        base=Range(low.base, high.base),
        peak=Range(low.peak, high.peak),
        risk=risk,
        shown=decision.shown(risk, denominator),
        bands=_bands(method, risk, denominator),
    )


def _coverage(method: Method, factors: Sequence[FactorResult]) -> Coverage:
    return decision.coverage(method, [(one.weight, one.exposure, one.tier) for one in factors])


def _view(method: Method, factors: Sequence[FactorResult], coverage: Coverage) -> View:
    low, high = ends(method, factors, method.risk_weight)
    risk, denominator = Range(low.risk, high.risk), low.denominator
    rank = decision.rank_of_score(method, risk, denominator, coverage.ok and coverage.assured)
    return View(
        risk=risk,
        shown=decision.shown(risk, denominator),
        bands=_bands(method, risk, denominator),
        decision_without_gates=DECISIONS[rank],
    )


def _opportunity(method: Method, inputs: Inputs, as_of: date) -> OpportunityResult:
    """100 less the score of the shortfalls; a factor without relevance here has no part in it."""
    given = {one.key: one for one in inputs.factors}
    factors = [
        opportunity_factor(
            method, factor, given.get(factor.key), inputs.relevance.get(factor.key, 100), as_of
        )
        for factor in method.opportunity_factors
    ]
    relevant = [one for one in factors if one.weight]
    if not relevant:
        raise InvalidInput(
            "No opportunity factor is relevant.", hint="Give at least one a relevance.", where="relevance"
        )
    weight = sum(one.weight for one in relevant)
    best, worst = ends(method, relevant, weight)
    denominator = denominator_of(weight)
    value = Range(100 * denominator - worst.risk, 100 * denominator - best.risk)
    marked = {one.key: one for one in _with_binding(relevant)}
    return OpportunityResult(
        low=value.low,
        high=value.high,
        denominator=denominator,
        shown=decision.shown(value, denominator),
        factors=tuple(marked.get(one.key, one) for one in factors),
    )


def _risk_adjusted(opportunity: OpportunityResult, risk: Range, denominator: int) -> RiskAdjusted:
    whole = 100 * denominator
    value = Range(opportunity.low * (whole - risk.high), opportunity.high * (whole - risk.low))
    over = opportunity.denominator * whole
    return RiskAdjusted(value.low, value.high, over, decision.shown(value, over))
