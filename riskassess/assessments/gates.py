"""The method's gates (section 2.5) as an assessment stands: findings, answers, release. No Django.

Findings open G1 to G5, G6C and G9 (and G11 for financial entities); the others come from here. A gate of
which the question nobody answered is unknown, and an unknown gate never lets an offer pass.
"""

from __future__ import annotations

from collections.abc import Mapping

from riskassess.assessments.derived import known
from riskassess.assessments.gathered import Evidence, Gathered
from riskassess.kernel.truth import Truth, any_of
from riskassess.rules.verdict import Verdict
from riskassess.scoring.gates import GateState

CONDITIONAL, ESCALATE, REJECT = 1, 2, 3


def gate_states(gathered: Gathered, verdict: Verdict) -> dict[str, GateState]:
    """The gates that findings and answers settle. G12 (contradiction) the method reads from the evidence."""
    states = {
        "G6": _confidential_data_trained_on(gathered),
        "G7": _worst_level(gathered, "REG-EXP", 3, "Sanctions and export screening (REG-EXP)"),
        "G8": _worst_level(gathered, "IP-LIC", 4, "Licence and use limits (IP-LIC)"),
        "G10": _release(gathered),
        "G11": _no_way_out(gathered),
    }
    for key, truth in verdict.gates.items():
        found = GateState(truth, verdict.gate_effects.get(key), ", ".join(verdict.gate_findings[key]))
        other = states.get(key)
        states[key] = found if other is None else _either(found, other)
    return states


def _either(one: GateState, other: GateState) -> GateState:
    because = "; ".join(state.because for state in (one, other) if state.because and state.truth.possible)
    return GateState(any_of((one.truth, other.truth)), other.effect, because)


def _reaches(items: tuple[Evidence, ...], level: int) -> Truth:
    """Whether what was said reaches a level: the best-graded items decide; nothing said is unknown."""
    if not items:
        return Truth.UNKNOWN
    best = min(item.grade for item in items)
    said = [item for item in items if item.grade == best]
    if all(item.high < level for item in said):
        return Truth.FALSE
    return Truth.TRUE if all(item.low >= level for item in said) else Truth.UNKNOWN


def _worst_level(gathered: Gathered, factor: str, level: int, subject: str) -> GateState:
    truth = _reaches(gathered.evidence.get(factor, ()), level)
    if factor in gathered.declined:
        truth = Truth.UNKNOWN
    words = {Truth.TRUE: "bars it", Truth.FALSE: "does not bar it", Truth.UNKNOWN: "is not answered"}[truth]
    return GateState(truth, REJECT, f"{subject} {words}.")


def _confidential_data_trained_on(gathered: Gathered) -> GateState:
    low, high = gathered.profile["D"]
    confidential = Truth.TRUE if low >= 2 else Truth.FALSE if high < 2 else Truth.UNKNOWN
    trained = _reaches(gathered.evidence.get("DAT-TRN", ()), 4)
    return GateState(
        confidential & trained, REJECT, "Training on our data (DAT-TRN), data sensitivity (profile D)."
    )


def _release(gathered: Gathered) -> GateState:
    """G10: a private preview may be piloted, not relied on; an announcement is no product."""
    stage = known(gathered.facts["stage"])
    if stage is None:
        return GateState(Truth.UNKNOWN, REJECT, "Nobody has said how far the release is.")
    if stage == "announced":
        return GateState(Truth.TRUE, ESCALATE, "Announced only.")
    if stage != "early_access":
        return GateState(Truth.FALSE, None, f"Release: {stage}.")
    if gathered.production is None:
        return GateState(
            Truth.UNKNOWN, REJECT, "A private preview; nobody has said whether it is for production."
        )
    if gathered.production:
        return GateState(Truth.TRUE, REJECT, "A private preview, for production.")
    return GateState(Truth.TRUE, CONDITIONAL, "A private preview, as a pilot.")


def _no_way_out(gathered: Gathered) -> GateState:
    """G11 outside DORA: a critical function needs an exit plan and a promise of incident notice."""
    low, high = gathered.profile["B"]
    critical = Truth.TRUE if low == 4 else Truth.FALSE if high < 4 else Truth.UNKNOWN
    missing = any_of(_reaches(gathered.evidence.get(factor, ()), 4) for factor in ("DEP-EXT", "SEC-INC"))
    return GateState(
        critical & missing, ESCALATE, "Exit (DEP-EXT), incident notice (SEC-INC), criticality (profile B)."
    )


def flags_of(gathered: Gathered) -> Mapping[str, Truth]:
    """The use-case flags of the method, from the facts that define them."""
    facts = gathered.facts

    def is_true(name: str) -> Truth:
        value = known(facts[name])
        return Truth.of(value if isinstance(value, bool) else None)

    def is_other_than(name: str, *nothing: str) -> Truth:
        value = known(facts[name])
        return Truth.UNKNOWN if value is None else Truth.of(value not in nothing)

    use = known(facts["use"])
    health = Truth.UNKNOWN if use is None else Truth.of(use in HEALTH_USES)
    return {
        "EU": is_true("nexus_eu"),
        "UK": is_true("nexus_uk"),
        "US": is_true("nexus_us"),
        "H": any_of((health, is_true("phi"))),
        "F": is_true("eu_financial_entity"),
        "R": is_other_than("policy_eu_residency", "none"),
        "P": Truth.of(gathered.production),
    }


# The uses in which a wrong output touches care: flag H of the method.
HEALTH_USES = frozenset(
    {
        "admin_health",
        "clinical_documentation",
        "clinical_info",
        "cds",
        "triage",
        "diagnosis",
        "dosing",
        "monitoring",
    }
)
