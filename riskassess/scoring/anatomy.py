"""What a version of the method is made of, as immutable data: what is asked, weighs, decides."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from riskassess.kernel.errors import InvalidInput
from riskassess.scoring.exposure import ExposureRule
from riskassess.scoring.ranges import Range

DECISIONS = ("APPROVE", "CONDITIONAL", "ESCALATE", "REJECT")
"""By rank: a gate's effect and a decision are indices into this."""

BANDS = ("Low", "Moderate", "High", "Severe")


@dataclass(frozen=True, slots=True)
class Factor:
    """One question with five anchors: level 0 is best for risk, level 4 is best for opportunity."""

    kind: str
    key: str
    domain: str
    name: str
    question: str
    derived_from: str
    anchors: tuple[str, ...]
    weight: int
    klass: str
    exposure: ExposureRule | None
    """None for opportunity: there the use case's relevance weighs the factor instead."""
    exposure_text: str
    evidence: str
    references: str


@dataclass(frozen=True, slots=True)
class GateEffect:
    """What a gate does in one situation; `production` is the value of flag P that the situation needs."""

    effect: int
    when: str = ""
    production: bool | None = None


@dataclass(frozen=True, slots=True)
class Gate:
    """A fact that alone caps the decision (2.5). A starred gate always runs: not looked at is unknown."""

    key: str
    title: str
    effects: tuple[GateEffect, ...]
    starred: bool
    citation: str
    judgement: str


@dataclass(frozen=True, slots=True)
class Sampling:
    """Seed and sizes of the only two figures that are sampled; neither decides (2.9, 2.10)."""

    seed: int
    draws: int
    bins: int
    slope: int
    slope_from: int


@dataclass(frozen=True, slots=True)
class Appetite:
    """How much risk an organisation takes: its own lines in place of the method's (section 6 of the spec).

    `version` and `since` name the setting that people made; an appetite that was only typed has neither.
    """

    approve: int
    conditional: int
    reject: int
    coverage_percent: int
    utility_slope: int
    version: int = 0
    since: date | None = None

    @property
    def thresholds(self) -> tuple[int, int, int]:
        """The lines in the method's order."""
        return self.approve, self.conditional, self.reject


@dataclass(frozen=True, slots=True, eq=False)
class Method:
    """One version, equal only to itself. Widths are in hundredths of a point, by tier 0..5; shares are
    percent."""

    version: str
    title: str
    judgement: str
    risk_factors: tuple[Factor, ...]
    opportunity_factors: tuple[Factor, ...]
    domains: tuple[str, ...]
    peak_share: int
    classes: Mapping[str, int]
    tiers: Mapping[str, tuple[int, ...]]
    wide: tuple[int, ...]
    narrow: tuple[int, ...]
    declined: Range
    thresholds: tuple[int, int, int]
    """Risk points below which an offer is approved, is conditional, and from which it is rejected."""
    coverage_percent: int
    covered_from_tier: int
    proven_from: int
    credit: Mapping[str, tuple[int, int]]
    sampling: Sampling
    gates: tuple[Gate, ...]
    digest: str = ""
    """SHA-256 of the data files, so that a result names the exact numbers it rests on."""
    appetite: Appetite | None = None
    """What an organisation has set in place of the data's own lines; None where those hold."""

    @property
    def risk_weight(self) -> int:
        """W, the sum of the risk weights."""
        return sum(factor.weight for factor in self.risk_factors)

    def factor(self, key: str) -> Factor:
        """The factor of that key. Raises InvalidInput."""
        for factor in (*self.risk_factors, *self.opportunity_factors):
            if factor.key == key:
                return factor
        raise InvalidInput(
            f"“{key}” is no factor of {self.version}.", hint="Use a key of its factors.csv.", where=key
        )

    def gate(self, key: str) -> Gate:
        """The gate of that key. Raises InvalidInput."""
        for gate in self.gates:
            if gate.key == key:
                return gate
        known = ", ".join(gate.key for gate in self.gates)
        raise InvalidInput(f"“{key}” is no gate of {self.version}.", hint=f"Use {known}.", where=key)
