"""The record of a run: one plain, canonical JSON that page, API, PDF and workbook all read. No Django.

Schema `riskassess-run/1`. Numbers are integers; risk and opportunity are numerators over their
denominators; what is shown (tenths, rounded outwards) is stored beside them as text.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from riskassess.assessments.controlled import factor_under_controls, under_controls
from riskassess.assessments.gathered import (
    Evidence,
    Gathered,
    evidence_json,
    inputs_json,
    source_json,
    stated_json,
)
from riskassess.assessments.judgement import REGIME_FACTOR, Judgement
from riskassess.kernel.source import Citation
from riskassess.rules.facts import FACTS
from riskassess.rules.verdict import Finding
from riskassess.scoring.appetite import appetite_entry, recorded_appetite, under
from riskassess.scoring.canonical import digest
from riskassess.scoring.evidence import is_aged
from riskassess.scoring.gates import GateResult
from riskassess.scoring.method import DECISIONS, Method, load_method
from riskassess.scoring.results import FactorResult
from riskassess.scoring.sensitivity import fewest_questions, tornado

SCHEMA = "riskassess-run/1"
DISCLAIMER = "Decision support, not legal advice."


def facts_digest(gathered: Gathered) -> str:
    """SHA-256 of everything that went in: two runs of the same digest, day, law and method are one run."""
    return digest(inputs_json(gathered))


def record_of(judgement: Judgement) -> dict[str, Any]:
    """The whole record, `result_id` (SHA-256 of the rest in canonical form) included."""
    result = judgement.result
    record: dict[str, Any] = {
        "schema": SCHEMA,
        "disclaimer": DISCLAIMER,
        "as_of": judgement.on.isoformat(),
        "method": judgement.method.version,
        "method_digest": judgement.method.digest,
        **appetite_entry(judgement.method),
        "rules_release": judgement.verdict.release,
        "inputs": inputs_json(judgement.gathered),
        "flags": {flag: truth.value for flag, truth in sorted(judgement.inputs.profile.flags.items())},
        "regimes": _regimes(judgement),
        "errors": {key: truth.json for key, truth in judgement.verdict.errors.items()},
        "error_messages": {
            key: f"{message.sentence} {message.hint}"
            for key, message in judgement.verdict.error_messages.items()
        },
        "factors": [_factor(one, judgement) for one in result.factors],
        "opportunity_factors": [_factor(one, judgement) for one in result.opportunity.factors],
        "peak_line": list(result.peak_line),
        "base": list(result.base),
        "peak": list(result.peak),
        "domains": [
            {
                "domain": one.name,
                "risk": list(one.risk),
                "denominator": one.denominator,
                "shown": list(one.shown),
                "bands": list(one.bands),
            }
            for one in result.domains
        ],
        "gates": {gate.key: _gate(gate) for gate in result.gates},
        "risk": list(result.risk),
        "denominator": result.denominator,
        "shown": {"risk": list(result.shown), "opportunity": list(result.opportunity.shown)},
        "bands": list(result.bands),
        "opportunity": [result.opportunity.low, result.opportunity.high],
        "opportunity_denominator": result.opportunity.denominator,
        "risk_adjusted": {
            "value": [str(result.risk_adjusted.low), str(result.risk_adjusted.high)],
            "denominator": str(result.risk_adjusted.denominator),
            "shown": list(result.risk_adjusted.shown),
        },
        "business_case": result.business_case,
        "coverage": {
            "numerator": result.coverage.numerator,
            "denominator": result.coverage.denominator,
            "ok": result.coverage.ok,
            "assured": result.coverage.assured,
            "shown": result.coverage.shown,
        },
        "decision_without_gates": result.decision_without_gates,
        "decision": result.decision,
        "routes": {str(points): _route(judgement, points) for points in judgement.method.thresholds},
        "tornado": [
            {"factor": swing.key, "falls": swing.fall, "rises": swing.rise}
            for swing in tornado(result)
            if swing.fall or swing.rise
        ],
        **under_controls(result),
    }
    record["result_id"] = digest(record)
    return record


def recorded_method(record: Mapping[str, Any]) -> Method:
    """The method that a record was judged by, under the risk appetite that it names. Raises InvalidInput."""
    return under(load_method(record["method"]), recorded_appetite(record))


def appetite_version(record: Mapping[str, Any]) -> int:
    """The version of the risk appetite that a record names; 0 where the method's own lines held."""
    return int(record["appetite"]["version"]) if "appetite" in record else 0


def figures_of(record: Mapping[str, Any]) -> dict[str, Any]:
    """The few figures of a record that lists and the portfolio show of a thousand runs at once.

    `regimes` has both ends of the severity of each regime that is not out of scope; `lines` are in points.
    """
    return {
        "opportunity": [*record["opportunity"], record["opportunity_denominator"]],
        "business_case": record["business_case"],
        "coverage": record["coverage"]["shown"],
        "lines": list(recorded_method(record).thresholds),
        "regimes": {
            key: [regime["low"], regime["high"]]
            for key, regime in record["regimes"].items()
            if regime["in_scope"] is not False
        },
    }


def decision_rank(decision: str) -> int:
    """0 (approve) to 3 (reject): how decisions sort."""
    return DECISIONS.index(decision)


def _regimes(judgement: Judgement) -> dict[str, Any]:
    return {
        key: {
            "title": regime.title,
            "authority": regime.authority,
            "factor": REGIME_FACTOR[key],
            "in_scope": judgement.scopes[key].truth.json,
            "low": regime.low,
            "high": regime.high,
            "confidence": regime.confidence,
            "findings": [_finding(finding, judgement) for finding in regime.findings],
        }
        for key, regime in judgement.verdict.regimes.items()
    }


def _finding(finding: Finding, judgement: Judgement) -> dict[str, Any]:
    facts = judgement.gathered.facts
    return {
        "id": finding.id,
        "outcome": finding.outcome,
        "severity": list(finding.severity) if finding.severity is not None else None,
        "subject": finding.subject,
        "sentence": finding.sentence,
        "reason": finding.reason,
        "citations": [_citation(citation) for citation in finding.citations],
        "settled_by": list(finding.settled_by),
        "questions": [{"text": question.text, "proof": question.proof} for question in finding.questions],
        "steps": [f"{line.name}: {_signed(line.low, line.high)}" for line in finding.lines],
        "gate": finding.gate or "",
        "stale": finding.stale,
        "facts": [
            {
                "name": read.fact,
                "question": FACTS[read.fact].question,
                "by": facts[read.fact].by,
                "text": read.text,
                **stated_json(facts[read.fact].stated),
            }
            for read in finding.because
        ],
    }


def _signed(low: int, high: int) -> str:
    return f"{low:+d}" if low == high else f"{low:+d} to {high:+d}"


def _citation(citation: Citation) -> dict[str, Any]:
    return {
        "key": citation.key,
        "short": citation.short,
        "title": citation.title,
        "url": citation.url,
        "mark": citation.mark.label,
        "checked_on": citation.checked_on.isoformat() if citation.checked_on else None,
    }


def _factor(one: FactorResult, judgement: Judgement) -> dict[str, Any]:
    factor = judgement.method.factor(one.key)
    evidence = _best_first(judgement.evidence.get(one.key, ()))
    aged = {
        item.evidence_id: {"aged_past_days": item.max_age_days}
        for item in (*one.items, *one.weaker)
        if is_aged(item, judgement.on)
    }
    return {
        "key": one.key,
        "domain": one.domain,
        "name": one.name,
        "question": factor.question,
        "weight": one.weight,
        "class": one.klass,
        "exposure_rule": factor.exposure_text,
        "exposure": list(one.exposure),
        "level": list(one.level),
        "x": list(one.x),
        "points": list(one.points),
        "tier": one.tier,
        "answered": one.answered,
        "declined": one.declined,
        "binding": list(one.binding),
        "anchor": one.anchor,
        "contradiction": one.contradiction,
        "rule": one.rule,
        "references": factor.references,
        "proof": factor.evidence,
        "evidence": [evidence_json(item) | aged.get(item.key, {}) for item in evidence],
        "source": next((source_json(item.source) for item in evidence if item.source), None),
        **factor_under_controls(one),
    }


def _best_first(items: tuple[Evidence, ...]) -> list[Evidence]:
    return sorted(items, key=lambda item: (item.grade, item.key))


def _gate(gate: GateResult) -> dict[str, Any]:
    return {
        "title": gate.title,
        "truth": gate.truth.value,
        "effect": gate.effect,
        "applied": gate.applied,
        "because": gate.because,
        "citation": gate.citation or f"Judgement: {gate.judgement}",
        "starred": gate.starred,
    }


def _route(judgement: Judgement, points: int) -> dict[str, Any]:
    """The fewest factors whose good answers bring the top of the risk under a threshold, with their questions."""
    route = fewest_questions(judgement.result, points)
    return {
        "reachable": route.reachable,
        "reason": route.reason,
        "factors": [
            {"key": key, "name": judgement.method.factor(key).name, "question": judgement.method.factor(key).question,
             "proof": judgement.method.factor(key).evidence}
            for key in route.factors
        ],
    }  # fmt: skip
