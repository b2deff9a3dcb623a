"""A run's figures, from its record, in the shape the method's own functions take. No query, no judging anew.

What the functions of `scoring` read of a `Result` (factors, risk, opportunity, risk-adjusted value) is in the
record to the last integer, so two runs can be compared, and answers valued, exactly as they were judged.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from riskassess.assessments.record import recorded_method
from riskassess.kernel.truth import Truth
from riskassess.reports.controls import mitigations, stated_controls
from riskassess.scoring.decision import Coverage
from riskassess.scoring.inputs import Inputs, Level, Profile
from riskassess.scoring.method import Method
from riskassess.scoring.ranges import Range
from riskassess.scoring.results import FactorResult, OpportunityResult, Result, RiskAdjusted, View

Record = Mapping[str, Any]


def result_of(record: Record) -> Result:
    """The result that `record` was written from, as far as the record keeps it.

    Left empty are the evidence, the gates and the domains: the record has those in its own words. Without
    mitigations inherent and target are the current view.
    """
    method = recorded_method(record)
    view = View(
        risk=_range(record["risk"]),
        shown=_two(record["shown"]["risk"]),
        bands=_two(record["bands"]),
        decision_without_gates=record["decision_without_gates"],
    )
    return Result(
        method=method,
        inputs=Inputs(_profile(record), (), mitigations(stated_controls(record))),
        gate_states={},
        as_of=date.fromisoformat(record["as_of"]),
        floor=0,
        denominator=record["denominator"],
        base=_range(record["base"]),
        peak=_range(record["peak"]),
        risk=view.risk,
        peak_line=_range(record["peak_line"]),
        shown=view.shown,
        bands=view.bands,
        factors=tuple(_factor(one, method) for one in record["factors"]),
        domains=(),
        gates=(),
        coverage=_coverage(record["coverage"]),
        inherent=_view(record, "inherent", view),
        target=_view(record, "target", view),
        decision_without_gates=record["decision_without_gates"],
        decision=record["decision"],
        opportunity=_opportunity(record, method),
        risk_adjusted=_adjusted(record["risk_adjusted"]),
        business_case=record["business_case"],
    )


def _view(record: Record, name: str, current: View) -> View:
    found = record.get("views", {}).get(name)
    if found is None:
        return current
    return View(
        _range(found["risk"]), _two(found["shown"]), _two(found["bands"]), found["decision_without_gates"]
    )


def _profile(record: Record) -> Profile:
    levels = {letter: Level(*pair) for letter, pair in record["inputs"]["profile"].items()}
    return Profile(**levels, flags={flag: Truth(value) for flag, value in record["flags"].items()})


def _opportunity(record: Record, method: Method) -> OpportunityResult:
    low, high = (int(end) for end in record["opportunity"])
    return OpportunityResult(
        low=low,
        high=high,
        denominator=int(record["opportunity_denominator"]),
        shown=_two(record["shown"]["opportunity"]),
        factors=tuple(_factor(one, method) for one in record["opportunity_factors"]),
    )


def _adjusted(data: Record) -> RiskAdjusted:
    low, high = (int(end) for end in data["value"])
    return RiskAdjusted(low, high, int(data["denominator"]), _two(data["shown"]))


def _coverage(data: Record) -> Coverage:
    return Coverage(data["numerator"], data["denominator"], bool(data["ok"]), bool(data["assured"]))


def _factor(one: Record, method: Method) -> FactorResult:
    return FactorResult(
        key=one["key"],
        domain=one["domain"],
        name=one["name"],
        weight=one["weight"],
        klass=one["class"],
        share=method.classes[one["class"]],
        exposure=_range(one["exposure"]),
        exposure_rule=one["exposure_rule"],
        level=_range(one["level"]),
        inherent_level=_range(one.get("inherent_level", one["level"])),
        x=_range(one["x"]),
        points=_range(one["points"]),
        tier=one["tier"],
        answered=bool(one["answered"]),
        declined=bool(one["declined"]),
        open_question=False,
        binding=(bool(one["binding"][0]), bool(one["binding"][1])),
        anchor=one["anchor"],
        rule=one["rule"],
        items=(),
        weaker=(),
        contradiction=bool(one["contradiction"]),
        mitigations=tuple(one.get("mitigations", ())),
    )


def _range(pair: Sequence[int]) -> Range:
    return Range(int(pair[0]), int(pair[1]))


def _two(pair: Sequence[str]) -> tuple[str, str]:
    return pair[0], pair[1]
