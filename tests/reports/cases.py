"""Random assessments on the real method, and edits of them: what goes in, what the engine makes of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from random import Random
from typing import Any

from riskassess.assessments.gates import FROM_ANSWERS
from riskassess.assessments.gathered import Control
from riskassess.kernel.truth import Truth
from riskassess.scoring.anatomy import Appetite, Method
from riskassess.scoring.appetite import under
from riskassess.scoring.evidence import LEVEL, reading
from riskassess.scoring.gates import GateState
from riskassess.scoring.inputs import STATUSES, FactorInput
from riskassess.scoring.method import load_method
from riskassess.scoring.results import Result
from tests.reports import records

KEYS = tuple(
    factor.key for factor in load_method().risk_factors if factor.key not in records.REGIME_FACTORS.values()
)
OPPORTUNITY = tuple(factor.key for factor in load_method().opportunity_factors)
GRADE_OF_TIER = {tier: f"C{6 - tier}" for tier in range(6)}
"""One grade for each tier, by the method's table (2.3)."""
TYPED = ("G1", "G2", "G3", "G4", "G6C", "G9")
"""Gates that answers do not settle: in a workbook they are typed."""


@dataclass(frozen=True)
class Case:
    """One assessment as `records.make_record` takes it; `weights` replace the method's own."""

    severities: Mapping[str, tuple[int, int]]
    profile: Mapping[str, tuple[int, int]]
    evidence: Mapping[str, list[dict[str, Any]]]
    declined: tuple[str, ...] = ()
    controls: tuple[Control, ...] = ()
    appetite: Appetite | None = None
    floor: int = 0
    typed: Mapping[str, GateState] = field(default_factory=dict)
    weights: Mapping[str, int] = field(default_factory=dict)

    def record(self) -> dict[str, Any]:
        """The record of the run. Weights are edited in workbooks only: no record has other weights."""
        return records.make_record(
            severities=dict(self.severities),
            profile=dict(self.profile),
            evidence=dict(self.evidence),
            declined=self.declined,
            controls=self.controls,
            appetite=self.appetite,
            floor=self.floor,
            gates=self.gates(),
        )

    def result(self) -> Result:
        """What the engine makes of it."""
        return records._result(
            self.method(), dict(self.severities), records.NONE_OPEN | self.gates(), dict(self.profile),
            dict(self.evidence), self.declined, self.floor, self.controls,
        )  # fmt: skip

    def method(self) -> Method:
        method = under(load_method(), self.appetite)
        return replace(
            method,
            risk_factors=tuple(
                replace(one, weight=self.weights.get(one.key, one.weight)) for one in method.risk_factors
            ),
        )

    def gates(self) -> dict[str, GateState]:
        """The typed ones, and those that answers settle as the app settles them."""
        found = dict(self.typed)
        for gate in FROM_ANSWERS:
            truth = gate.truth(self.profile, self._reaches)
            found[gate.key] = GateState(truth, gate.effect, gate.because(truth))
        return found

    def _reaches(self, key: str, level: int) -> Truth:
        items = tuple(records.item_of(one) for one in self.evidence.get(key, ()))
        read = reading(self.method(), FactorInput(key, items), records.AS_OF)
        if not read.answered:
            return Truth.UNKNOWN
        if all(item.level_low >= level for item in read.used):
            return Truth.TRUE
        return Truth.FALSE if read.level.high < LEVEL * level else Truth.UNKNOWN

    def answering(self, key: str, level: int | None, tier: int | None, interest: str) -> Case:
        """The same with one answer for that factor, or with none where level or tier is blank."""
        others = {name: items for name, items in self.evidence.items() if name != key}
        if level is not None and tier is not None:
            grade = GRADE_OF_TIER[tier]
            others[key] = [records._evidence(key, (level, level), grade, interest)]
        return replace(self, evidence=others)


def random_case(random: Random, *, good: bool = False) -> Case:
    """Any answers, levels, tiers, controls, gates and lines that the method allows; most of them are rejected.

    A good one is nearly all answered, at the best two levels and well shown, with no gate open: an edit can move it.
    """
    worst, letters, figures, share = (1, "AB", 2, 0.97) if good else (4, "ABCDEF", 6, 0.6)

    def ends(top: int) -> tuple[int, int]:
        low = random.randint(0, top)
        return low, random.choice([low, low, random.randint(low, top)])

    def evidence(key: str) -> list[dict[str, Any]]:
        many = random.choice([1, 1, 1, 1, 2])
        return [
            records._evidence(
                f"{key}-{at}" if at else key,
                random.choice([(level := random.randint(0, worst), level), ends(worst)]),
                f"{random.choice(letters)}{random.randint(1, figures)}",
                random.choice(["self", "adverse", "neutral"]),
            )
            for at in range(many)
        ]

    answered = [key for key in (*KEYS, *OPPORTUNITY) if random.random() < share]
    asked_in_vain = tuple(key for key in KEYS if key not in answered and random.random() < 0.1)
    controls = tuple(
        Control(f"control-{at}", f"Control {at}", tuple(random.sample(KEYS, random.randint(1, 6))),
                random.randint(1, 100), "Judgement.", random.choice(STATUSES), "Shown.")
        for at in range(random.choice([0, 0, 1, 3, 5]))
    )  # fmt: skip
    return Case(
        severities={key: ends(worst) for key in records.REGIME_TITLES if random.random() < 0.7},
        profile={letter: ends(worst) for letter in "DIABS"},
        evidence={key: evidence(key) for key in answered},
        declined=asked_in_vain,
        controls=controls,
        appetite=random.choice([None, Appetite(
            random.randint(10, 25), random.randint(26, 45), random.randint(46, 70), random.randint(1, 100), 3, 2,
        )]),
        floor=random.choice([0, 0, 0, 2]),
        typed={
            key: GateState(random.choice([Truth.TRUE, Truth.UNKNOWN, Truth.FALSE, Truth.FALSE, Truth.FALSE]))
            for key in TYPED if random.random() < 0.3 and not good
        },
    )  # fmt: skip
