"""Facts that cap the decision whatever the points say (2.5), in three values."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from riskassess.kernel.errors import InvalidInput
from riskassess.kernel.truth import Truth
from riskassess.scoring.method import DECISIONS, Gate, Method

ESCALATE = DECISIONS.index("ESCALATE")


@dataclass(frozen=True, slots=True)
class GateState:
    """Whether a gate's fact holds. `effect` picks one of the gate's effects (1 CONDITIONAL, 2 ESCALATE,
    3 REJECT) where the situation decides; without it the severest that may apply counts."""

    truth: Truth
    effect: int | None = None
    because: str = ""


@dataclass(frozen=True, slots=True)
class GateResult:
    """A gate as it ran: its fact, the effect at stake, and the rank it imposes on the decision."""

    key: str
    title: str
    truth: Truth
    effect: int
    applied: int
    because: str
    starred: bool
    citation: str
    judgement: str


def applied_rank(truth: Truth, effect: int) -> int:
    """True imposes the effect, unknown at most ESCALATE, false nothing."""
    if truth is Truth.UNKNOWN:
        return min(effect, ESCALATE)
    return effect if truth is Truth.TRUE else 0


def judge_gates(method: Method, states: Mapping[str, GateState], production: Truth) -> tuple[GateResult, ...]:
    """Every gate of the method, in its order.

    A gate nobody opened is false, save a starred one: that always runs, so it is unknown until settled.
    Raises InvalidInput for a gate or an effect that the method does not know.
    """
    for key in states:
        method.gate(key)
    return tuple(_judge(gate, states.get(gate.key), production) for gate in method.gates)


def contradiction_gate(contradicted: Iterable[str]) -> GateState:
    """G12 as the evidence itself opens it: class A factors where better evidence contradicts the vendor."""
    keys = tuple(contradicted)
    return GateState(Truth.of(bool(keys)), because=f"Contradicted: {', '.join(keys)}." if keys else "")


def _judge(gate: Gate, state: GateState | None, production: Truth) -> GateResult:
    if state is None:
        state = GateState(
            Truth.UNKNOWN if gate.starred else Truth.FALSE,
            because="Nobody has checked." if gate.starred else "",
        )
    effect = severest_effect(gate, production) if state.effect is None else state.effect
    if effect not in {one.effect for one in gate.effects}:
        named = ", ".join(f"{one.effect} {DECISIONS[one.effect]}" for one in gate.effects)
        raise InvalidInput(f"{effect} is no effect of {gate.key}.", hint=f"Use {named}.", where=gate.key)
    return GateResult(
        key=gate.key,
        title=gate.title,
        truth=state.truth,
        effect=effect,
        applied=applied_rank(state.truth, effect),
        because=state.because,
        starred=gate.starred,
        citation=gate.citation,
        judgement=gate.judgement,
    )


def severest_effect(gate: Gate, production: Truth) -> int:
    """The severest of the gate's effects that flag P (production) leaves possible."""
    return max(
        one.effect
        for one in gate.effects
        if one.production is None or production in (Truth.UNKNOWN, Truth.of(one.production))
    )
