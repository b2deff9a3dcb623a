"""Random assessments for the mini-method: every kind of answer, some of it good enough to be approved."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from hypothesis import strategies as st

from riskassess.kernel.truth import Truth
from riskassess.scoring.exposure import FLAGS, LETTERS
from riskassess.scoring.gates import GateState
from riskassess.scoring.inputs import FactorInput, Inputs, Item, Level, Mitigation, Profile
from riskassess.scoring.method import Method

from .mini import JUNE, MINI

truths = st.sampled_from(list(Truth))
DAYS: list[date | None] = [
    None,
    JUNE - timedelta(days=400),
    JUNE - timedelta(days=10),
    JUNE + timedelta(days=1),
]


@st.composite
def ranges(draw: Any, top: int) -> tuple[int, int]:
    low = draw(st.integers(0, top))
    return low, draw(st.sampled_from([low, top, draw(st.integers(low, top))]))


@st.composite
def items(draw: Any, best: bool = False) -> Item:
    low, high = (0, 0) if best else draw(ranges(4))
    return Item(
        low,
        high,
        draw(st.sampled_from("AB" if best else "ABCDEF")),
        draw(st.integers(1, 2 if best else 6)),
        draw(st.sampled_from(["self", "adverse", "neutral"])),
        f"e{draw(st.integers(0, 9))}",
        None if best else draw(st.sampled_from(DAYS)),
        None if best else draw(st.sampled_from([None, None, 30])),
    )


@st.composite
def answers(draw: Any, key: str, best: bool = False) -> FactorInput | None:
    kind = draw(
        st.sampled_from(["item", "item", "none"] if best else ["item", "items", "none", "declined", "fixed"])
    )
    if kind == "none":
        return None
    if kind == "declined":
        return FactorInput(key, declined=True, items=tuple(draw(st.lists(items(), max_size=1))))
    if kind == "fixed":
        return FactorInput(
            key,
            fixed=draw(ranges(10_000)),
            exposure=draw(ranges(100)),
            rule="rule",
            tier=draw(st.integers(0, 5)),
        )
    question = None if best else draw(st.sampled_from([None, None, None, (0, 10_000), (2_500, 6_000)]))
    many = draw(st.lists(items(best), min_size=1, max_size=1 if kind == "item" else 3))
    return FactorInput(key, items=tuple(many), open_question=question)


@st.composite
def levels(draw: Any, best: bool = False) -> Level:
    if best:
        return Level.of(draw(st.integers(0, 2)))
    return draw(st.sampled_from([Level.of(draw(st.integers(0, 4))), Level(*draw(ranges(4)))]))


@st.composite
def profiles(draw: Any, best: bool = False) -> Profile:
    flags = {flag: draw(truths) for flag in FLAGS if draw(st.integers(0, 9))}
    return Profile(*(draw(levels(best)) for _ in LETTERS), flags=flags)


@st.composite
def mitigations(draw: Any, method: Method = MINI) -> tuple[Mitigation, ...]:
    keys = [factor.key for factor in method.risk_factors]
    one = st.builds(
        Mitigation,
        st.sampled_from(["m1", "m2", "m3"]),
        st.lists(st.sampled_from(keys), min_size=1, max_size=3, unique=True).map(tuple),
        st.integers(0, 100),
        st.sampled_from(["proposed", "committed", "implemented", "verified"]),
    )
    return tuple(draw(st.lists(one, max_size=3, unique_by=lambda one: one.key)))


@st.composite
def assessments(draw: Any, method: Method = MINI, controls: bool = False) -> Inputs:
    """Inputs; about one in three with answers good enough for a low score."""
    best = draw(st.integers(0, 2)) == 0
    factors = [draw(answers(one.key, best)) for one in (*method.risk_factors, *method.opportunity_factors)]
    return Inputs(
        profile=draw(profiles(best)),
        factors=tuple(one for one in factors if one is not None),
        mitigations=draw(mitigations(method)) if controls else (),
        relevance={method.opportunity_factors[-1].key: draw(st.sampled_from([0, 1, 50, 100]))},
    )


@st.composite
def gate_states(draw: Any, method: Method = MINI) -> dict[str, GateState]:
    states = {}
    for gate in method.gates:
        truth = draw(st.sampled_from([None, None, Truth.FALSE, Truth.FALSE, Truth.UNKNOWN, Truth.TRUE]))
        if truth is not None:
            effect = draw(st.sampled_from([None, *(one.effect for one in gate.effects)]))
            states[gate.key] = GateState(truth, effect, "because")
    return states
