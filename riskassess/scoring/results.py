"""What the method says of one assessment: every number exact, every part ready to be printed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from riskassess.scoring.appetite import appetite_entry
from riskassess.scoring.canonical import result_id
from riskassess.scoring.decision import Coverage, tenths
from riskassess.scoring.gates import GateResult, GateState
from riskassess.scoring.inputs import Inputs, Item
from riskassess.scoring.method import Method
from riskassess.scoring.ranges import Range


@dataclass(frozen=True, slots=True)
class FactorResult:
    """One factor: what is known, and its line of the score.

    `level` is in hundredths of a point on the factor's own scale, after mitigations; `inherent_level` before
    them. `x` is exposure times level, for opportunity times the shortfall. `points` is `10^4 w x`, the
    factor's line over the denominator of the score it belongs to. `binding`: it sets the peak at that end.
    """

    key: str
    domain: str
    name: str
    weight: int
    klass: str
    share: int
    exposure: Range
    exposure_rule: str
    level: Range
    inherent_level: Range
    x: Range
    points: Range
    tier: int
    answered: bool
    declined: bool
    open_question: bool
    binding: tuple[bool, bool]
    anchor: str
    rule: str
    items: tuple[Item, ...]
    weaker: tuple[Item, ...]
    contradiction: bool
    mitigations: tuple[str, ...]

    @property
    def shown(self) -> tuple[str, str]:
        """The level in points of 0..100, rounded outwards."""
        return tenths(self.level.low // 10), tenths(-(-self.level.high // 10))


@dataclass(frozen=True, slots=True)
class DomainResult:
    """The same formula over one domain, for reporting only."""

    name: str
    denominator: int
    base: Range
    peak: Range
    risk: Range
    shown: tuple[str, str]
    bands: tuple[str, str]


@dataclass(frozen=True, slots=True)
class View:
    """The risk under one reading of the mitigations (2.6): inherent, current or target."""

    risk: Range
    shown: tuple[str, str]
    bands: tuple[str, str]
    decision_without_gates: str


@dataclass(frozen=True, slots=True)
class OpportunityResult:
    """O = 100 - R(shortfall): numerators over `denominator`, points of 0..100 (2.7)."""

    low: int
    high: int
    denominator: int
    shown: tuple[str, str]
    factors: tuple[FactorResult, ...]

    @property
    def range(self) -> Range:
        return Range(self.low, self.high)


@dataclass(frozen=True, slots=True)
class RiskAdjusted:
    """Q = O (100 - R) / 100, exact: numerators over `denominator` (beyond 64 bits)."""

    low: int
    high: int
    denominator: int
    shown: tuple[str, str]


@dataclass(frozen=True, slots=True)
class Result:
    """Everything `compute` found. `base`, `peak`, `risk` and `peak_line` are numerators over `denominator`.

    The figures are those of the current view: mitigations count as far as their status is proven.
    """

    method: Method
    inputs: Inputs
    gate_states: Mapping[str, GateState]
    as_of: date
    floor: int
    denominator: int
    base: Range
    peak: Range
    risk: Range
    peak_line: Range
    shown: tuple[str, str]
    bands: tuple[str, str]
    factors: tuple[FactorResult, ...]
    domains: tuple[DomainResult, ...]
    gates: tuple[GateResult, ...]
    coverage: Coverage
    inherent: View
    target: View
    decision_without_gates: str
    decision: str
    opportunity: OpportunityResult
    risk_adjusted: RiskAdjusted
    business_case: str

    def factor(self, key: str) -> FactorResult:
        """The result of that risk or opportunity factor. Raises KeyError."""
        for found in (*self.factors, *self.opportunity.factors):
            if found.key == key:
                return found
        raise KeyError(key)

    @property
    def peak_factors(self) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """The factors the peak line names at the low and the high end; none where nothing is added."""
        return tuple(
            tuple(factor.key for factor in self.factors if factor.binding[end]) if self.peak_line[end] else ()
            for end in (0, 1)
        )  # type: ignore[return-value]

    @property
    def id(self) -> str:
        """SHA-256 over method, inputs, gates, as-of date and output (2.10)."""
        return result_id(self)

    def identity(self) -> dict[str, Any]:
        """All that the id covers: what went in and what came out."""
        return {
            "method": {"version": self.method.version, "digest": self.method.digest},
            **appetite_entry(self.method),
            "inputs": self.inputs.to_json(),
            "gates": {
                key: {"truth": state.truth.value, "effect": state.effect, "because": state.because}
                for key, state in self.gate_states.items()
            },
            "floor": self.floor,
            "as_of": self.as_of.isoformat(),
            "output": self.output(),
        }

    def to_json(self) -> dict[str, Any]:
        """Plain data, whole numbers and text only; the same for the same result, always."""
        return {**self.identity(), "id": self.id}

    def output(self) -> dict[str, Any]:
        """What came out, as plain data. Integers that may pass 64 bits are text."""
        return {
            "denominator": self.denominator,
            "base": list(self.base),
            "peak": list(self.peak),
            "peak_line": list(self.peak_line),
            "peak_factors": [list(keys) for keys in self.peak_factors],
            "risk": list(self.risk),
            "shown": list(self.shown),
            "bands": list(self.bands),
            "factors": [_factor(factor) for factor in self.factors],
            "domains": [_domain(domain) for domain in self.domains],
            "gates": [_gate(gate) for gate in self.gates],
            "coverage": {
                "numerator": self.coverage.numerator,
                "denominator": self.coverage.denominator,
                "ok": self.coverage.ok,
                "assured": self.coverage.assured,
                "shown": self.coverage.shown,
            },
            "views": {"inherent": _view(self.inherent), "target": _view(self.target)},
            "decision_without_gates": self.decision_without_gates,
            "decision": self.decision,
            "opportunity": {
                "denominator": str(self.opportunity.denominator),
                "value": [str(self.opportunity.low), str(self.opportunity.high)],
                "shown": list(self.opportunity.shown),
                "factors": [_factor(factor) for factor in self.opportunity.factors],
            },
            "risk_adjusted": {
                "denominator": str(self.risk_adjusted.denominator),
                "value": [str(self.risk_adjusted.low), str(self.risk_adjusted.high)],
                "shown": list(self.risk_adjusted.shown),
            },
            "business_case": self.business_case,
        }


def _factor(factor: FactorResult) -> dict[str, Any]:
    return {
        "key": factor.key,
        "weight": factor.weight,
        "class": factor.klass,
        "exposure": list(factor.exposure),
        "level": list(factor.level),
        "inherent_level": list(factor.inherent_level),
        "x": list(factor.x),
        "points": list(factor.points),
        "tier": factor.tier,
        "answered": factor.answered,
        "declined": factor.declined,
        "open_question": factor.open_question,
        "binding": list(factor.binding),
        "anchor": factor.anchor,
        "rule": factor.rule,
        "evidence": sorted(item.evidence_id for item in factor.items),
        "weaker": sorted(item.evidence_id for item in factor.weaker),
        "contradiction": factor.contradiction,
        "mitigations": list(factor.mitigations),
    }


def _domain(domain: DomainResult) -> dict[str, Any]:
    return {
        "name": domain.name,
        "denominator": domain.denominator,
        "base": list(domain.base),
        "peak": list(domain.peak),
        "risk": list(domain.risk),
        "shown": list(domain.shown),
        "bands": list(domain.bands),
    }


def _gate(gate: GateResult) -> dict[str, Any]:
    return {
        "key": gate.key,
        "truth": gate.truth.value,
        "effect": gate.effect,
        "applied": gate.applied,
        "because": gate.because,
    }


def _view(view: View) -> dict[str, Any]:
    return {
        "risk": list(view.risk),
        "shown": list(view.shown),
        "bands": list(view.bands),
        "decision_without_gates": view.decision_without_gates,
    }
