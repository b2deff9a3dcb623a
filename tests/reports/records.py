# ruff: noqa: E501
"""Hand-written records of runs, with the numbers of the real method: what a report is made from.

They need no catalog, no rules and no database, so that the tests of page, PDF and workbook say what goes
in. The law in them is for show.
"""

from __future__ import annotations

from datetime import date
from typing import Any

from riskassess.assessments.controlled import factor_under_controls, under_controls
from riskassess.assessments.gathered import Control, control_json
from riskassess.kernel.truth import Truth
from riskassess.scoring.anatomy import Appetite
from riskassess.scoring.appetite import appetite_entry, under
from riskassess.scoring.canonical import digest
from riskassess.scoring.engine import compute
from riskassess.scoring.gates import GateState
from riskassess.scoring.inputs import FactorInput, Inputs, Item, Level, Mitigation, Profile
from riskassess.scoring.method import Method, load_method
from riskassess.scoring.results import FactorResult, Result
from riskassess.scoring.sensitivity import fewest_questions, tornado

AS_OF = date(2026, 11, 24)

DOCS = {
    "title": "Deployment types for Foundry models",
    "publisher": "Microsoft",
    "url": "https://learn.microsoft.com/azure/foundry/deployment-types",
    "key": "12",
    "address": "",
    "reliability": "C",
    "as_of": "2026-09-21",
}
SHEET = {
    "title": "Model catalog sent by the vendor",
    "publisher": "Microsoft",
    "url": "",
    "key": "14",
    "address": "catalog.xlsx › Models › K12",
    "reliability": "C",
    "as_of": "2026-11-02",
}
PRESS = {
    **DOCS,
    "title": "Launch of seven models",
    "publisher": "Example Wire",
    "key": "9",
    "reliability": "E",
}


def _evidence(key: str, level: tuple[int, int], grade: str, interest: str, **more: Any) -> dict[str, Any]:
    return {
        "key": key,
        "kind": "answer",
        "title": f"Answer on {key}",
        "level": list(level),
        "grade": grade,
        "interest": interest,
        "on": "2026-09-21",
        "source": DOCS,
        "quote": "",
        "link": "",
        "rule": "answered in this assessment",
        **more,
    }


EVIDENCE: dict[str, list[dict[str, Any]]] = {
    "DAT-TRN": [_evidence("DAT-TRN", (0, 0), "C3", "self", quote="Prompts are not used to train models.")],
    "DAT-RET": [_evidence("DAT-RET", (1, 2), "C3", "self")],
    "SEC-CRT": [
        _evidence("SEC-CRT", (1, 1), "B2", "neutral"),
        _evidence("SEC-CRT-2", (2, 2), "B2", "neutral", source=SHEET),
    ],
    "EVL-IND": [
        _evidence(
            "claim:parity", (3, 3), "D4", "self", kind="claim", title="Parity with a rival, in blind tests",
            quote="At preference parity in blind side-by-side evaluations.", link="/claims/parity/", source=PRESS,
            rule="CL1: the worst-shown headline claim",
        )
    ],
    "PRV-DAT": [_evidence("PRV-DAT", (2, 2), "D4", "self", quote="=HYPERLINK(\"http://x\")", source=PRESS)],
    "OPS-REL": [_evidence("OPS-REL", (2, 2), "C3", "neutral", source=SHEET, kind="catalog", title="Preview")],
    "OPS-CST": [_evidence("OPS-CST", (1, 1), "C3", "self", source=SHEET, kind="catalog", title="@list price")],
    "IP-IND": [_evidence("IP-IND", (1, 1), "A1", "neutral")],
    "GOV-HUM": [_evidence("GOV-HUM", (1, 1), "A3", "neutral")],
    "OPP-CAP": [_evidence("OPP-CAP", (3, 3), "D4", "self", source=PRESS)],
    "OPP-PRC": [_evidence("OPP-PRC", (3, 3), "C3", "self", source=SHEET)],
}  # fmt: skip

NONE_OPEN = {
    key: GateState(Truth.FALSE)
    for key in ("G1", "G2", "G3", "G4", "G5", "G6", "G6C", "G7", "G8", "G9", "G10", "G11")
}
REGIME_FACTORS = {
    "us_fda": "REG-MED", "us_ftc": "REG-ENF", "uk_cma": "REG-CMP", "eu_residency": "DAT-XFR", "eu_ai_act": "REG-AIA",
    "us_hipaa": "REG-SEC", "eu_dora": "REG-SEC",
}  # fmt: skip
REGIME_TITLES = {
    "us_fda": ("US medical devices", "FDA"), "us_ftc": ("US consumer protection", "FTC"),
    "uk_cma": ("UK competition", "CMA"), "eu_residency": ("EU data residency", "EDPB, national authorities"),
    "eu_ai_act": ("EU AI Act", "AI Office"), "us_hipaa": ("US health privacy", "HHS"),
    "eu_dora": ("EU digital resilience", "EBA, ESMA, EIOPA"),
}  # fmt: skip
# Severity of each regime in the cases, both ends; out of scope where it is missing.
QUIET = {"eu_ai_act": (0, 2), "us_ftc": (2, 2), "eu_residency": (1, 1), "uk_cma": (0, 1)}


def make_record(
    *,
    severities: dict[str, tuple[int, int]] | None = None,
    gates: dict[str, GateState] | None = None,
    profile: dict[str, tuple[int, int]] | None = None,
    evidence: dict[str, list[dict[str, Any]]] | None = None,
    declined: tuple[str, ...] = (),
    offering: str = "MAI-Code-1-Flash in GitHub Copilot",
    use_case: str = "Coding, internal repositories",
    floor: int = 0,
    appetite: Appetite | None = None,
    controls: tuple[Control, ...] = (),
) -> dict[str, Any]:
    """A record as `assessments.record` writes it; by default a conditional one with some things unknown."""
    severities = QUIET if severities is None else severities
    evidence = EVIDENCE if evidence is None else evidence
    profile = profile or {"D": (2, 2), "I": (1, 1), "A": (2, 2), "B": (2, 2), "S": (1, 2)}
    method = under(load_method(), appetite)
    result = _result(
        method, severities, NONE_OPEN | (gates or {}), profile, evidence, declined, floor, controls
    )
    record = _record(result, severities, evidence, declined, profile, offering, use_case, floor)
    if controls:
        record["inputs"]["mitigations"] = [control_json(one) for one in controls]
        record |= under_controls(result)
    record["result_id"] = digest(record)
    return record


REDACTION = Control(
    "redaction", "Personal data are redacted", ("DAT-TRN", "DAT-RET", "DAT-OPR", "SEC-CRT"), 45,
    "Judgement of the data protection officer.", "implemented", "Live since May 2026.", "Security", date(2027, 3, 1),
)  # fmt: skip
INDEMNITY = Control(
    "indemnity", "=The vendor indemnifies", ("DAT-RET", "IP-IND", "REG-AIA"), 33, "Judgement of counsel.", "committed",
    "Contract, clause 7.",
)  # fmt: skip
REVIEW = Control(
    "review",
    "Two people read what is sent",
    ("DAT-RET", "EVL-IND"),
    60,
    "Trial.",
    "verified",
    "Test of June.",
)
IDEA = Control("idea", "A second supplier", ("OPS-REL",), 50, "Guess.", "proposed")
CONTROLS = (REDACTION, INDEMNITY, REVIEW, IDEA)


def controlled() -> dict[str, Any]:
    """Four controls of every status, three of them on one factor."""
    return make_record(controls=CONTROLS)


def rejected() -> dict[str, Any]:
    """Personal data that has to stay in the EU, and a zone that is not offered: gate G2."""
    return make_record(
        severities=QUIET | {"eu_residency": (3, 4)},
        gates={"G2": GateState(Truth.TRUE, 3, "EUR5"), "G3": GateState(Truth.UNKNOWN, 3, "EUR4")},
        profile={"D": (3, 3), "I": (2, 2), "A": (2, 2), "B": (2, 2), "S": (1, 1)},
        evidence=EVIDENCE
        | {"DAT-RES": [_evidence("catalog:DAT-RES", (4, 4), "C1", "neutral", quote="Global Standard only.",
                                 rule="deployment type against the residency required (EUR5)")]},
        offering="Claude in Foundry, hosted on Anthropic",
        use_case="EU customer correspondence",
    )  # fmt: skip


def blank() -> dict[str, Any]:
    """A draft of which nobody has answered anything."""
    return make_record(
        severities=dict.fromkeys(REGIME_TITLES, (0, 4)),
        gates={key: GateState(Truth.UNKNOWN, 3, "") for key in ("G3", "G4", "G8")}
        | {"G7": GateState(Truth.UNKNOWN, 3, "Sanctions and export screening (REG-EXP) is not answered.")},
        profile=dict.fromkeys("DIABS", (0, 4)),
        evidence={},
        declined=("SEC-INJ",),
        floor=2,
    )


def _result(
    method: Method,
    severities: dict[str, tuple[int, int]],
    gates: dict[str, GateState],
    profile: dict[str, tuple[int, int]],
    evidence: dict[str, list[dict[str, Any]]],
    declined: tuple[str, ...],
    floor: int,
    controls: tuple[Control, ...],
) -> Result:
    fixed: dict[str, tuple[int, int] | None] = dict.fromkeys(REGIME_FACTORS.values())
    for regime, factor in REGIME_FACTORS.items():
        if regime in severities:
            low, high = severities[regime]
            now = fixed[factor] or (0, 0)
            fixed[factor] = (max(now[0], 2500 * low), max(now[1], 2500 * high))
    factors = [
        FactorInput(key, fixed=ends, rule="regime", tier=4 if ends[0] == ends[1] else 0)
        if ends
        else FactorInput(key, fixed=(0, 0), exposure=(0, 0), rule="out of scope")
        for key, ends in fixed.items()
    ]
    for key in sorted({*evidence, *declined}):
        items = tuple(item_of(one) for one in evidence.get(key, []))
        factors.append(FactorInput(key, items, declined=key in declined))
    flags = {"EU": Truth.TRUE, "UK": Truth.FALSE, "US": Truth.UNKNOWN, "R": Truth.FALSE, "P": Truth.TRUE}
    levels = {letter: Level(*ends) for letter, ends in profile.items()}
    stated = tuple(Mitigation(one.key, one.factors, one.effectiveness, one.status) for one in controls)
    inputs = Inputs(Profile(**levels, flags=flags), tuple(factors), stated)
    return compute(method, inputs, gates, as_of=AS_OF, floor=floor)


def item_of(one: dict[str, Any]) -> Item:
    """A piece of evidence as the method takes it."""
    return Item(*one["level"], one["grade"][0], int(one["grade"][1]), one["interest"], one["key"])


def _record(
    result: Result,
    severities: dict[str, tuple[int, int]],
    evidence: dict[str, list[dict[str, Any]]],
    declined: tuple[str, ...],
    profile: dict[str, tuple[int, int]],
    offering: str,
    use_case: str,
    floor: int,
) -> dict[str, Any]:
    method = result.method
    coverage, adjusted = result.coverage, result.risk_adjusted
    return {
        "schema": "riskassess-run/1",
        "disclaimer": "Decision support, not legal advice.",
        "as_of": AS_OF.isoformat(),
        "method": method.version,
        "method_digest": method.digest,
        **appetite_entry(method),
        "rules_release": "2026-11-24",
        "inputs": _inputs(evidence, declined, profile, offering, use_case),
        "flags": {key: truth.value for key, truth in sorted(result.inputs.profile.flags.items())},
        "regimes": {key: _regime(key, severities.get(key)) for key in REGIME_TITLES},
        "errors": {"V1": "unknown"} if floor else {"V1": False},
        "error_messages": {"V1": "The offering is not in the catalog of its host."},
        "factors": [_factor(one, method, evidence) for one in result.factors],
        "opportunity_factors": [_factor(one, method, evidence) for one in result.opportunity.factors],
        "peak_line": list(result.peak_line),
        "base": list(result.base),
        "peak": list(result.peak),
        "domains": [
            {"domain": one.name, "risk": list(one.risk), "denominator": one.denominator, "shown": list(one.shown),
             "bands": list(one.bands)}
            for one in result.domains
        ],
        "gates": {
            one.key: {"title": one.title, "truth": one.truth.value, "effect": one.effect, "applied": one.applied,
                      "because": one.because, "citation": one.citation or f"Judgement: {one.judgement}",
                      "starred": one.starred}
            for one in result.gates
        },
        "risk": list(result.risk),
        "denominator": result.denominator,
        "shown": {"risk": list(result.shown), "opportunity": list(result.opportunity.shown)},
        "bands": list(result.bands),
        "opportunity": [result.opportunity.low, result.opportunity.high],
        "opportunity_denominator": result.opportunity.denominator,
        "risk_adjusted": {"value": [str(adjusted.low), str(adjusted.high)], "denominator": str(adjusted.denominator),
                          "shown": list(adjusted.shown)},
        "business_case": result.business_case,
        "coverage": {"numerator": coverage.numerator, "denominator": coverage.denominator, "ok": coverage.ok,
                     "assured": coverage.assured, "shown": coverage.shown},
        "decision_without_gates": result.decision_without_gates,
        "decision": result.decision,
        "routes": {str(points): _route(result, points) for points in method.thresholds},
        "tornado": [{"factor": bar.key, "falls": bar.fall, "rises": bar.rise} for bar in tornado(result)
                    if bar.fall or bar.rise],
    }  # fmt: skip


def _factor(one: FactorResult, method: Method, evidence: dict[str, list[dict[str, Any]]]) -> dict[str, Any]:
    factor, items = method.factor(one.key), evidence.get(one.key, [])
    return {
        "key": one.key, "domain": one.domain, "name": one.name, "question": factor.question, "weight": one.weight,
        "class": one.klass, "exposure_rule": factor.exposure_text, "exposure": list(one.exposure),
        "level": list(one.level), "x": list(one.x), "points": list(one.points), "tier": one.tier,
        "answered": one.answered, "declined": one.declined, "binding": list(one.binding), "anchor": one.anchor,
        "contradiction": one.contradiction, "rule": one.rule, "references": factor.references,
        "proof": factor.evidence, "evidence": items, "source": items[0]["source"] if items else None, **factor_under_controls(one),
    }  # fmt: skip


def _route(result: Result, points: int) -> dict[str, Any]:
    found = fewest_questions(result, points)
    return {
        "reachable": found.reachable,
        "reason": found.reason,
        "factors": [
            {"key": key, "name": result.method.factor(key).name, "question": result.method.factor(key).question,
             "proof": result.method.factor(key).evidence}
            for key in found.factors
        ],
    }  # fmt: skip


def _regime(key: str, ends: tuple[int, int] | None) -> dict[str, Any]:
    title, authority = REGIME_TITLES[key]
    low, high = ends or (0, 0)
    mark = {"us_fda": "FDA1", "eu_residency": "EUR5" if low == 3 else "EUR1"}.get(key, key[-3:].upper() + "1")
    outcome = "clear" if not high else "raised" if low else "undetermined"
    return {
        "title": title,
        "authority": authority,
        "factor": REGIME_FACTORS[key],
        "in_scope": bool(ends),
        "low": low,
        "high": high,
        "confidence": "low" if low != high else "high",
        "findings": [_finding(mark, outcome, [low, high], key)],
    }


def _finding(mark: str, outcome: str, severity: list[int], regime: str) -> dict[str, Any]:
    return {
        "id": mark,
        "outcome": outcome,
        "severity": severity,
        "subject": "C",
        "sentence": f"Rule {mark} concerns where the data goes and who may read it.",
        "reason": "Data can leave the zone that the buyer requires.",
        "citations": [
            {"key": "gdpr-44", "short": "GDPR, Regulation (EU) 2016/679, Art. 44", "title": "General principle",
             "url": "https://eur-lex.europa.eu/eli/reg/2016/679/oj", "mark": "verified", "checked_on": "2026-11-20"},
            {"key": "press", "short": "Example guidance", "title": "Guidance", "url": "", "mark": "secondary source",
             "checked_on": None},
        ],
        "settled_by": ["inference_countries"] if outcome == "undetermined" else [],
        "questions": [{"text": f"In which countries are prompts processed ({regime})?", "proof": "contract annex"}]
        if outcome == "undetermined" or severity[0] < severity[1]
        else [],
        "steps": [f"base {severity[1]}"],
        "gate": {"EUR5": "G2"}.get(mark, ""),
        "stale": False,
        "facts": [
            {"name": "scope", "question": "How is it deployed?", "by": "catalog", "state": "known", "value": "global",
             "source": SHEET},
            {"name": "inference_countries", "question": "Where are prompts processed?", "by": "", "state": "unknown",
             "source": None},
        ],
    }  # fmt: skip


def _inputs(
    evidence: dict[str, list[dict[str, Any]]],
    declined: tuple[str, ...],
    profile: dict[str, tuple[int, int]],
    offering: str,
    use_case: str,
) -> dict[str, Any]:
    roles = ("Developer", "Seller", "Contracting entity", "Model operator", "Infrastructure operator", "Host")
    names = ("Microsoft", "GitHub", "GitHub B.V.", None, None, "Ελληνική Πλατφόρμα")
    return {
        "subject": {
            "assessment": 1, "title": f"{offering}: {use_case}", "use_case": use_case,
            "description": "Suggestions in the editor; a person reviews and commits.", "unit": "Group Engineering",
            "offering": offering, "channel": "GitHub Copilot", "offering_slug": "mai-code-1-flash", "model":
            "MAI-Code-1-Flash", "model_version": "", "deployment": "global", "zone": "", "stage": "preview",
            "seller": "GitHub",
        },
        "parties": [
            {"role": role.lower(), "label": role, "name": name, "country": "US" if name else None, "link": "/vendors/1/"}
            for role, name in zip(roles, names, strict=True)
        ],
        "facts": {
            "scope": {"state": "known", "value": "global", "source": SHEET, "by": "catalog", "note": "",
                      "disputed": False},
            "personal_data": {"state": "known", "value": False, "source": DOCS, "by": "answer",
                              "note": "code only", "disputed": True},
            "inference_countries": {"state": "unknown", "source": None, "by": "", "note": "", "disputed": False},
            "zone": {"state": "not_applicable", "because": "only a data zone has a zone", "source": SHEET,
                     "by": "derived", "note": "", "disputed": False},
            "exit_plan": {"state": "declined", "source": None, "by": "answer", "note": "", "disputed": False},
        },
        "profile": {letter: list(ends) for letter, ends in sorted(profile.items())},
        "production": True,
        "evidence": dict(sorted(evidence.items())),
        "declined": sorted(declined),
        "claims": [
            {"key": "parity", "title": "Parity with a rival, in blind tests", "statement": "Reached parity.",
             "kind": "parity", "substantiation": 1,
             "substantiation_words": "vendor summary", "verification": 4, "interest": "self", "headline": True, "decides": {"EVL-IND": 3}, "link": "/claims/parity/",
             "sources": [{"relation": "states", "quote": "At preference parity.", "source": PRESS}]},
            {"key": "ten-x", "title": "=10x cheaper", "statement": "10x efficiency, 10x cost.",
             "kind": "cost", "substantiation": 0, "substantiation_words": "stated, not shown", "verification": 4,
             "interest": "self", "headline": True, "decides": {}, "link": "/claims/ten-x/", "sources": []},
        ],
        "questions": [{"text": "Which models were compared?", "decides": "EVL-IND", "link": "/questions/1/"}],
        "conflicts": [
            {"attribute": "context_tokens", "values": [
                {"raw": "256,000", "source": "Docs", "as_of": "2026-08-04", "first_party": True},
                {"raw": "128K", "source": "Article", "as_of": "2026-06-02", "first_party": False}]}
        ],
    }  # fmt: skip
