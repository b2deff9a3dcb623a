"""Facts and evidence -> one judgement: rules, then factors, gates and the method. Pure; no Django, no clock.

The interface of rules to factors is `spec/scoring.md` 2.12: a regime in scope sets its factor with exposure
100 and 2,500 points a step of severity, both ends; a regime certainly out of scope sets it to nothing.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date

from riskassess.assessments import derived
from riskassess.assessments.ageing import Ages
from riskassess.assessments.gates import flags_of, gate_states
from riskassess.assessments.gathered import Evidence, Gathered
from riskassess.kernel.truth import Truth
from riskassess.rules.engine import judge
from riskassess.rules.facts import Facts
from riskassess.rules.reading import Reading
from riskassess.rules.rule import Regime
from riskassess.rules.rulebook import RULEBOOK, Rulebook
from riskassess.rules.verdict import RegimeVerdict, Verdict
from riskassess.scoring.engine import compute
from riskassess.scoring.inputs import FactorInput, Inputs, Item, Level, Mitigation, Profile
from riskassess.scoring.method import Method
from riskassess.scoring.results import Result

# Which factor a regime sets (2.12). Of two regimes on one factor the greater end counts, each end by itself.
REGIME_FACTOR = {
    "us_fda": "REG-MED",
    "us_ftc": "REG-ENF",
    "uk_cma": "REG-CMP",
    "eu_residency": "DAT-XFR",
    "eu_ai_act": "REG-AIA",
    "us_hipaa": "REG-SEC",
    "eu_dora": "REG-SEC",
}
STEP = 2500
# What a regime whose every finding is settled is worth as evidence: it rests on recorded facts (judgement).
SETTLED_TIER = 4
ESCALATE = 2
DISPUTED = 5  # verification, of the method's section 2.3


@dataclass(frozen=True, slots=True)
class Scope:
    """Whether a regime applies and, while that is unknown, the facts that would tell."""

    truth: Truth
    open: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Judgement:
    """What the engines made of what was gathered."""

    gathered: Gathered
    on: date
    method: Method
    verdict: Verdict
    scopes: Mapping[str, Scope]
    inputs: Inputs
    result: Result
    evidence: Mapping[str, tuple[Evidence, ...]]


def judged(gathered: Gathered, on: date, method: Method, rulebook: Rulebook = RULEBOOK) -> Judgement:
    """The judgement of `gathered` by the law of the day `on` and this method."""
    facts = Facts.from_mapping({name: fact.stated for name, fact in gathered.facts.items()})
    verdict = judge(facts, on=on, rulebook=rulebook)
    reading = Reading(facts, on, rulebook.parameters, rulebook.zones)
    scopes = {regime.key: _scope(regime, reading) for regime in rulebook.regimes}
    evidence = {**gathered.evidence}
    if residency := _residency(gathered, verdict):
        evidence["DAT-RES"] = (*evidence.get("DAT-RES", ()), residency)
    for factor, reason in gathered.disputed.items():
        evidence[factor] = tuple(_doubted(item, reason) for item in evidence.get(factor, ()))
    inputs = _inputs(gathered, evidence, verdict, scopes, method, on)
    floor = ESCALATE if any(truth.possible for truth in verdict.errors.values()) else 0
    gates = gate_states(gathered, verdict, inputs, method, on)
    result = compute(method, inputs, gates, as_of=on, floor=floor)
    return Judgement(gathered, on, method, verdict, scopes, inputs, result, evidence)


def _scope(regime: Regime, reading: Reading) -> Scope:
    applies = regime.scope(reading)
    return Scope(applies.truth, tuple(sorted(applies.open)))


def _doubted(evidence: Evidence, reason: str) -> Evidence:
    """What is on record, when somebody here says that it is wrong: disputed, so that hardly anything is narrowed."""
    if evidence.key.startswith("answer:") or evidence.key.startswith("document:"):
        return evidence  # that is what the same person answers instead
    return replace(evidence, verification=max(DISPUTED, evidence.verification), disputed=reason)


def _residency(gathered: Gathered, verdict: Verdict) -> Evidence | None:
    """DAT-RES: what the deployment type promises, against the residency the buyer requires (EUR5)."""
    scope = gathered.facts["scope"]
    deployment = derived.known(scope)
    if not isinstance(deployment, str):
        return None
    in_contract = derived.known(gathered.facts["residency_in_contract"])
    level = derived.residency_level(
        deployment,
        Truth.of(in_contract if isinstance(in_contract, bool) else None),
        verdict.gates["G2"],
    )
    source = scope.stated.source
    return derived.catalog_evidence(
        "DAT-RES",
        f"Deployment: {deployment.replace('_', ' ')}",
        level,
        source,
        link="",
        rule="deployment type against the residency required (EUR5)",
    )


def _inputs(
    gathered: Gathered,
    evidence: Mapping[str, tuple[Evidence, ...]],
    verdict: Verdict,
    scopes: Mapping[str, Scope],
    method: Method,
    on: date,
) -> Inputs:
    by_rule = _regime_factors(verdict, scopes)
    factors = list(by_rule.values())
    for factor in (*method.risk_factors, *method.opportunity_factors):
        if factor.key in by_rule:
            continue
        found = evidence.get(factor.key, ())
        declined = factor.key in gathered.declined
        if found or declined:
            items = tuple(_item(item, lasting(gathered.ages, factor.key, item, on)) for item in found)
            factors.append(FactorInput(factor.key, items, declined=declined))
    profile = Profile(**{k: Level(*ends) for k, ends in gathered.profile.items()}, flags=flags_of(gathered))
    controls = (
        Mitigation(one.key, one.factors, one.effectiveness, one.status) for one in gathered.mitigations
    )
    return Inputs(profile, tuple(factors), tuple(controls))


def lasting(ages: Ages, factor: str, evidence: Evidence, on: date) -> int | None:
    """The days after its date for which evidence on a factor counts in full; None where it does not age."""
    expires_on = evidence.paper.expires_on if evidence.paper else None
    return ages.lasts(factor, evidence.grade, evidence.on, expires_on, on)


def _item(evidence: Evidence, max_age_days: int | None) -> Item:
    return Item(
        evidence.low,
        evidence.high,
        evidence.reliability,
        evidence.verification,
        evidence.interest,
        evidence_id=evidence.key,
        on=evidence.on,
        max_age_days=max_age_days,
    )


def _regime_factors(verdict: Verdict, scopes: Mapping[str, Scope]) -> dict[str, FactorInput]:
    found: dict[str, list[RegimeVerdict]] = {}
    for regime in verdict.regimes.values():
        found.setdefault(REGIME_FACTOR[regime.key], []).append(regime)
    return {key: _regime_factor(key, regimes, scopes) for key, regimes in found.items()}


def _regime_factor(key: str, regimes: list[RegimeVerdict], scopes: Mapping[str, Scope]) -> FactorInput:
    applying = [regime for regime in regimes if scopes[regime.key].truth.possible]
    if not applying:
        rule = ", ".join(f"{_short(regime)} does not apply" for regime in regimes)
        return FactorInput(key, fixed=(0, 0), exposure=(0, 0), rule=rule)
    low, high = max(r.low for r in applying), max(r.high for r in applying)
    settled = low == high and not any(r.confidence == "low" for r in applying)
    return FactorInput(
        key,
        fixed=(STEP * low, STEP * high),
        rule=", ".join(f"{_short(regime)} findings" for regime in applying),
        tier=SETTLED_TIER if settled else 0,
    )


def _short(regime: RegimeVerdict) -> str:
    """The regime's name without what it is about: `FDA`, `EU AI Act`."""
    return regime.title.split(":", 1)[0]
