"""The method's gates (section 2.5) as an assessment stands: findings, answers, release. No Django.

Findings open G1 to G5, G6C and G9 (and G11 for financial entities); the others come from here. A gate of
which the question nobody answered is unknown, and an unknown gate never lets an offer pass.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date

from riskassess.assessments.derived import known
from riskassess.assessments.gathered import Gathered
from riskassess.kernel.truth import Truth, any_of
from riskassess.rules.verdict import Verdict
from riskassess.scoring.evidence import LEVEL, Reading, reading
from riskassess.scoring.gates import GateState
from riskassess.scoring.inputs import Inputs
from riskassess.scoring.method import Method

CONDITIONAL, ESCALATE, REJECT = 1, 2, 3


Reaches = Callable[[str, int], Truth]
"""Whether a factor stands at a level or worse."""


@dataclass(frozen=True, slots=True)
class FromAnswers:
    """A gate that answers settle: open where any of the factors stands at its level or worse, in a use of which
    the profile's letter, if one is named, stands at its level or above."""

    key: str
    worse: tuple[tuple[str, int], ...]
    letter: str
    least: int
    effect: int
    subject: str

    def truth(self, profile: Mapping[str, tuple[int, int]], reaches: Reaches) -> Truth:
        """Whether the gate's fact holds."""
        found = any_of(reaches(factor, level) for factor, level in self.worse)
        return self.use(profile) & found

    def use(self, profile: Mapping[str, tuple[int, int]]) -> Truth:
        """Whether the use is one that the gate concerns."""
        if not self.letter:
            return Truth.TRUE
        low, high = profile[self.letter]
        return Truth.TRUE if low >= self.least else Truth.FALSE if high < self.least else Truth.UNKNOWN

    def because(self, truth: Truth) -> str:
        """What the gate says of itself."""
        return f"{self.subject} {SETTLED[truth]}." if not self.letter else f"{self.subject}."


SETTLED = {Truth.TRUE: "bars it", Truth.FALSE: "does not bar it", Truth.UNKNOWN: "is not settled"}
FROM_ANSWERS = (
    FromAnswers(
        "G6", (("DAT-TRN", 4),), "D", 2, REJECT,
        "Training on our data (DAT-TRN), data sensitivity (profile D)",
    ),
    FromAnswers("G7", (("REG-EXP", 3),), "", 0, REJECT, "Sanctions and export screening (REG-EXP)"),
    FromAnswers("G8", (("IP-LIC", 4),), "", 0, REJECT, "Licence and use limits (IP-LIC)"),
    # Outside DORA: a critical function needs an exit plan and a promise of incident notice.
    FromAnswers(
        "G11", (("DEP-EXT", 4), ("SEC-INC", 4)), "B", 4, ESCALATE,
        "Exit (DEP-EXT), incident notice (SEC-INC), criticality (profile B)",
    ),
)  # fmt: skip


def gate_states(
    gathered: Gathered, verdict: Verdict, inputs: Inputs, method: Method, on: date
) -> dict[str, GateState]:
    """The gates that findings and answers settle. G12 (contradiction) the method reads from the evidence."""
    given = {factor.key: factor for factor in inputs.factors}

    def reaches(factor: str, level: int) -> Truth:
        return _reaches(reading(method, given.get(factor), on), level)

    states = {"G10": _release(gathered)}
    for gate in FROM_ANSWERS:
        truth = gate.truth(gathered.profile, reaches)
        states[gate.key] = GateState(truth, gate.effect, gate.because(truth))
    for key, truth in verdict.gates.items():
        found = GateState(truth, verdict.gate_effects.get(key), ", ".join(verdict.gate_findings[key]))
        other = states.get(key)
        states[key] = found if other is None else _either(found, other)
    return states


def _either(one: GateState, other: GateState) -> GateState:
    because = "; ".join(state.because for state in (one, other) if state.because and state.truth.possible)
    return GateState(any_of((one.truth, other.truth)), other.effect, because)


def _reaches(found: Reading, level: int) -> Truth:
    """Whether a factor stands at `level` or worse, by the evidence as the method grades it (section 2.3).

    True where everything that governs says so. False only where the whole range the evidence leaves stays
    better: a word that is refuted, disputed, too weak, or not yet said on the day settles nothing.
    """
    if not found.answered:
        return Truth.UNKNOWN
    if all(item.level_low >= level for item in found.used):
        return Truth.TRUE
    return Truth.FALSE if found.level.high < LEVEL * level else Truth.UNKNOWN


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
