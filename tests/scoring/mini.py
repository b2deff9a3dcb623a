"""The mini-method and the worked cases of section 2.11, as evidence rather than as intervals."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

from riskassess.kernel.truth import Truth
from riskassess.scoring.engine import compute
from riskassess.scoring.exposure import FLAGS, parse_exposure
from riskassess.scoring.gates import GateState
from riskassess.scoring.inputs import FactorInput, Inputs, Item, Level, Profile
from riskassess.scoring.method import Factor, Method, load_method
from riskassess.scoring.results import Result

JUNE = date(2026, 6, 15)

RISK = [  # key, weight, class, exposure
    ("RES", 15, "A", "100 if R else D"),
    ("TRN", 10, "A", "D"),
    ("MED", 15, "A", "I if H"),
    ("AIA", 10, "A", "I if EU"),
    ("PRV", 10, "B", "S"),
    ("EVL", 15, "B", "max(I,B)"),
    ("INJ", 10, "A", "A"),
    ("REL", 10, "B", "B"),
    ("CST", 5, "C", "B"),
]
OPPORTUNITY = [("CAP", 40, "A"), ("PRC", 25, "C"), ("INT", 20, "C"), ("AVL", 15, "B")]


def factor(key: str, weight: int, klass: str, exposure: str = "relevance") -> Factor:
    return Factor(
        kind="opportunity" if exposure == "relevance" else "risk",
        key=key,
        domain="Data",
        name=key,
        question=f"{key}?",
        derived_from="",
        anchors=("none", "little", "some", "much", "all"),
        weight=weight,
        klass=klass,
        exposure=None if exposure == "relevance" else parse_exposure(exposure),
        exposure_text=exposure,
        evidence="",
        references="",
    )


MINI: Method = replace(
    load_method(),
    version="mini",
    domains=("Data",),
    risk_factors=tuple(factor(*row) for row in RISK),
    opportunity_factors=tuple(factor(*row) for row in OPPORTUNITY),
    digest="mini",
)


def profile(D: Any, I: Any, A: Any, B: Any, S: Any, *flags: str) -> Profile:  # noqa: E741
    levels = [one if isinstance(one, Level) else Level.of(one) for one in (D, I, A, B, S)]
    return Profile(*levels, flags={flag: Truth.of(flag in flags) for flag in FLAGS})


def said(key: str, level: int | tuple[int, int], grade: str, interest: Any = "neutral") -> FactorInput:
    """One item: `grade` is reliability and verification, "C3"."""
    low, high = level if isinstance(level, tuple) else (level, level)
    return FactorInput(key, items=(Item(low, high, grade[0], int(grade[1]), interest, f"ev-{key}"),))


CLEAR = {gate.key: GateState(Truth.FALSE) for gate in MINI.gates}

PILOT = profile(1, 1, 1, 1, 2, "EU")
EU_DATA = profile(3, 2, 2, 2, 1, "EU", "R")
CLINICAL = profile(4, 4, 3, 4, 1, "H")
CODING = profile(2, 1, 2, 2, 2, "EU")

CASE_1 = Inputs(
    PILOT,
    (
        said("RES", 0, "E4", "self"),
        said("TRN", 0, "C3", "self"),
        FactorInput(
            "PRV",
            items=(  # the report outranks the keynote
                Item(2, 2, "C", 3, "self", "report"),
                Item(0, 1, "D", 4, "self", "keynote"),
            ),
        ),
        said("EVL", 3, "A1"),
        said("REL", 3, "A1"),
        said("CST", 4, "A1"),
    ),
)
CASE_2 = Inputs(
    EU_DATA,
    (
        said("RES", 4, "C1"),
        said("TRN", 0, "A3"),
        said("AIA", 1, "C3", "self"),
        said("PRV", 3, "B4"),
        said("EVL", 1, "C2"),
        said("INJ", 2, "C3", "self"),
        said("REL", 1, "A1"),
        said("CST", 0, "A1"),
    ),
)
CASE_3 = Inputs(
    CLINICAL,
    (
        said("PRV", 1, "C4", "self"),
        said("EVL", 4, "A1"),
        said("REL", 4, "A1"),
        said("CST", 4, "A1"),
    ),
)
CASE_4A = Inputs(
    CODING,
    (
        said("TRN", 0, "C3", "self"),
        said("PRV", 1, "C4", "self"),
        said("EVL", 3, "A1"),
        said("REL", 2, "A1"),
        said("CST", 0, "A1"),
        said("CAP", 3, "C4", "self"),
        said("PRC", 3, "A1"),
        said("INT", 4, "A1"),
        said("AVL", 1, "A1"),
    ),
)
CASE_4B = Inputs(
    CODING,
    (
        said("TRN", 0, "C3", "self"),
        said("AIA", 1, "C3", "self"),
        said("PRV", 3, "C3"),
        said("EVL", 1, "C2"),
        said("INJ", 2, "C3", "self"),
        said("REL", 1, "A1"),
        said("CST", 0, "A1"),
        said("CAP", 2, "C2"),
        said("PRC", 2, "A1"),
        said("INT", 3, "A1"),
        said("AVL", 4, "A1"),
    ),
)
CASES = {"1": CASE_1, "2": CASE_2, "3": CASE_3, "4a": CASE_4A, "4b": CASE_4B}
GATES = {
    "1": {"G10": GateState(Truth.TRUE, 1, "private preview as pilot")},
    "2": {"G2": GateState(Truth.TRUE, because="only Global and US zones are offered")},
    "3": {"G5": GateState(Truth.UNKNOWN), "G10": GateState(Truth.TRUE, 2, "announced only")},
    "4a": {},
    "4b": {},
}


def case(name: str) -> Result:
    return compute(MINI, CASES[name], CLEAR | GATES[name], as_of=JUNE)


def changed(inputs: Inputs, *factors: FactorInput) -> Inputs:
    """The same inputs with some factors replaced."""
    keys = {one.key for one in factors}
    return replace(inputs, factors=(*(one for one in inputs.factors if one.key not in keys), *factors))
