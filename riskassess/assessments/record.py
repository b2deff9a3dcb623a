"""The record of a run: one plain, canonical JSON that page, API, PDF and workbook all read. No Django.

Schema `riskassess-run/1`. Numbers are integers; risk and opportunity are numerators over their
denominators; what is shown (tenths, rounded outwards) is stored beside them as text.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from typing import Any

from riskassess.assessments.gathered import Evidence, evidence_json, inputs_json, source_json, stated_json
from riskassess.assessments.judgement import REGIME_FACTOR, Judgement
from riskassess.kernel.source import Citation
from riskassess.kernel.truth import Truth
from riskassess.rules.engine import Finding
from riskassess.rules.facts import FACTS
from riskassess.rules.rulebook import RULEBOOK
from riskassess.scoring.canonical import canonical_json, result_id
from riskassess.scoring.engine import FactorResult
from riskassess.scoring.method import DECISIONS
from riskassess.scoring.sensitivity import fewest_questions, tornado

SCHEMA = "riskassess-run/1"
DISCLAIMER = "Decision support, not legal advice."


def facts_digest(judgement: Judgement) -> str:
    """SHA-256 of everything that went in: two runs of the same digest, day, law and method are one run."""
    return hashlib.sha256(canonical_json(inputs_json(judgement.gathered)).encode()).hexdigest()


def record_of(judgement: Judgement) -> dict[str, Any]:
    """The whole record, `result_id` (SHA-256 of the rest in canonical form) included."""
    result = judgement.result
    record: dict[str, Any] = {
        "schema": SCHEMA,
        "disclaimer": DISCLAIMER,
        "as_of": judgement.on.isoformat(),
        "method": judgement.method.version,
        "method_digest": judgement.method.digest,
        "rules_release": RULEBOOK.release,
        "inputs": inputs_json(judgement.gathered),
        "flags": {flag: truth.value for flag, truth in sorted(judgement.inputs.profile.flags.items())},
        "regimes": _regimes(judgement),
        "errors": {key: truth.json for key, truth in judgement.verdict.errors.items()},
        "error_messages": dict(judgement.verdict.error_messages),
        "factors": [_factor(one, judgement) for one in result.factors],
        "opportunity_factors": [_factor(one, judgement) for one in result.opportunity_factors],
        "peak_line": list(result.peak_line),
        "base": list(result.base),
        "peak": list(result.peak),
        "domains": [
            {"domain": one.domain, "risk": list(one.risk), "shown": list(one.shown), "bands": list(one.bands)}
            for one in result.domains
        ],
        "gates": {gate.key: _gate(gate, judgement) for gate in result.gates},
        "risk": list(result.risk),
        "denominator": result.denominator,
        "shown": {"risk": list(result.shown), "opportunity": list(result.opportunity.shown)},
        "bands": list(result.bands),
        "opportunity": [result.opportunity.low, result.opportunity.high],
        "opportunity_denominator": result.opportunity.denominator,
        "risk_adjusted": result.risk_adjusted.to_json(),
        "business_case": result.business_case,
        "coverage": result.coverage.to_json(),
        "decision_without_gates": result.decision_without_gates,
        "decision": result.decision,
        "routes": {str(points): _route(judgement, points) for points in judgement.method.thresholds},
        "tornado": [
            {"factor": bar.key, "falls": bar.falls, "rises": bar.rises}
            for bar in tornado(result)
            if bar.falls or bar.rises
        ],
    }
    record["result_id"] = result_id(record)
    return record


def decision_rank(decision: str) -> int:
    """0 (approve) to 3 (reject): how decisions sort."""
    return DECISIONS.index(decision)


def _regimes(judgement: Judgement) -> dict[str, Any]:
    return {
        key: {
            "title": regime.title,
            "authority": regime.authority,
            "factor": REGIME_FACTOR[key],
            "in_scope": regime.scope.json,
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
        "steps": list(finding.steps),
        "gate": finding.gate,
        "stale": finding.stale,
        "facts": [
            {
                "name": name,
                "question": FACTS[name].question,
                "by": facts[name].by,
                **stated_json(facts[name].stated),
            }
            for name in finding.reads
            if name in facts
        ],
    }


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
    given = next((given for given in judgement.inputs.factors if given.key == one.key), None)
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
        "declined": bool(given and given.declined),
        "binding": list(one.binding),
        "anchor": one.anchor,
        "contradiction": one.contradiction,
        "rule": given.rule if given else "",
        "references": factor.references,
        "proof": factor.evidence,
        "evidence": [evidence_json(item) for item in _used(judgement.evidence.get(one.key, ()))],
        "source": _best_source(judgement.evidence.get(one.key, ())),
    }


def _used(items: tuple[Evidence, ...]) -> Iterable[Evidence]:
    return sorted(items, key=lambda item: (item.grade, item.key))


def _best_source(items: tuple[Evidence, ...]) -> dict[str, Any] | None:
    return next((source_json(item.source) for item in _used(items) if item.source), None)


def _gate(gate: Any, judgement: Judgement) -> dict[str, Any]:
    data = judgement.method.gate(gate.key)
    truth: Truth = gate.truth
    return {
        "title": data.title,
        "truth": truth.value,
        "effect": gate.effect,
        "applied": gate.applied,
        "because": gate.because,
        "citation": data.citation or f"Judgement: {data.judgement}",
        "starred": data.starred,
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
