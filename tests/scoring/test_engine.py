"""What the properties do not say by example: rules as inputs, ageing, gates, views, comparison, bytes."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from riskassess.kernel.errors import InvalidInput
from riskassess.kernel.truth import Truth
from riskassess.scoring.canonical import canonical_json, result_id
from riskassess.scoring.compare import compare, pareto
from riskassess.scoring.engine import compute
from riskassess.scoring.explanation import lines
from riskassess.scoring.gates import GateState
from riskassess.scoring.inputs import FactorInput, Inputs, Item, Level, Mitigation
from riskassess.scoring.method import load_method
from riskassess.scoring.results import Result
from riskassess.scoring.sampling import chance_of_bands, information_values, splitmix64
from riskassess.scoring.sensitivity import cheapest_questions, conditions, fewest_questions

from .mini import CASE_2, CASE_4A, CASE_4B, CASES, CLEAR, JUNE, MINI, PILOT, case, changed, profile, said


def run(inputs: Inputs, gates: Any = CLEAR, **more: Any) -> Result:
    return compute(MINI, inputs, gates, as_of=JUNE, **more)


# --- rules as inputs (2.12) -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("severity", "tenths", "band"),
    [(0, 0, "Low"), (1, 175, "Low"), (2, 350, "Moderate"), (3, 525, "High"), (4, 700, "Severe")],
)
def test_a_severity_on_a_class_a_factor(severity: int, tenths: int, band: str) -> None:
    regime = FactorInput("MED", fixed=(2500 * severity,) * 2, rule="us_fda", tier=5)
    alone = [said(one.key, 0, "A1") for one in MINI.risk_factors if one.key != "MED"]
    result = run(Inputs(PILOT, (*alone, regime)))
    assert result.factor("MED").exposure == (100, 100), "whatever the profile's own rule says"
    assert result.factor("MED").level == (2500 * severity,) * 2
    assert 70 * result.peak.high == 10 * tenths * result.denominator, "the peak alone"
    assert result.bands == (band, band)


def test_an_undetermined_rule_is_a_range() -> None:
    result = run(
        Inputs(PILOT, (FactorInput("MED", fixed=(2500, 10_000), exposure=(50, 100), rule="us_fda"),))
    )
    assert result.factor("MED").x == (125_000, 1_000_000)
    assert result.factor("MED").rule == "us_fda"
    assert result.factor("MED").answered


def test_a_rule_and_an_answer_exclude_each_other() -> None:
    with pytest.raises(InvalidInput):
        FactorInput("MED", fixed=(0, 0), items=(Item(0, 0, "A", 1),))
    with pytest.raises(InvalidInput):
        FactorInput("MED", exposure=(0, 100))


# --- evidence -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("age", "high"), [(29, 2500), (30, 2500), (31, 5000)])
def test_evidence_ages_the_day_after_its_greatest_age(age: int, high: int) -> None:
    item = Item(0, 0, "C", 3, "neutral", "report", JUNE - timedelta(days=age), 30)
    assert run(Inputs(PILOT, (FactorInput("RES", items=(item,)),))).factor("RES").level == (0, high)


def test_evidence_of_tomorrow_does_not_exist_today() -> None:
    item = Item(0, 0, "A", 1, on=JUNE + timedelta(days=1))
    inputs = Inputs(PILOT, (FactorInput("RES", items=(item,)),))
    assert not run(inputs).factor("RES").answered
    later = compute(MINI, inputs, CLEAR, as_of=JUNE + timedelta(days=1))
    assert later.factor("RES").level == (0, 0)


def test_declined_stands_unless_there_is_evidence() -> None:
    rumour = Item(0, 0, "F", 6)
    report = Item(1, 1, "C", 1)
    declined = run(Inputs(PILOT, (FactorInput("RES", items=(rumour,), declined=True),))).factor("RES")
    assert declined.level == (5_000, 10_000)
    known = run(Inputs(PILOT, (FactorInput("RES", items=(report,), declined=True),))).factor("RES")
    assert known.level == (2_500, 2_500)
    assert known.declined


def test_the_anchor_is_what_the_evidence_states() -> None:
    method = load_method()
    given = (
        FactorInput("OPS-REL", items=(Item(3, 3, "A", 1),)),
        FactorInput("OPP-PRC", items=(Item(3, 4, "A", 1),)),
    )
    result = compute(method, Inputs(PILOT, given), {}, as_of=JUNE)
    assert result.factor("OPS-REL").anchor == "Private preview"
    assert result.factor("OPP-PRC").anchor == "50-90% … Under 50%"
    assert result.factor("OPS-SLA").anchor == ""


# --- gates ----------------------------------------------------------------------------------------------


def test_a_contradicted_vendor_opens_g12() -> None:
    vendor, audit = Item(0, 0, "D", 4, "self", "claim"), Item(4, 4, "A", 1, "neutral", "audit")
    contradicted = FactorInput("INJ", items=(vendor, audit))
    gates = {key: state for key, state in CLEAR.items() if key != "G12"}
    result = run(Inputs(PILOT, (contradicted,)), gates)
    g12 = next(gate for gate in result.gates if gate.key == "G12")
    assert (g12.truth, g12.applied) == (Truth.TRUE, 2)
    assert "INJ" in g12.because
    on_class_b = run(Inputs(PILOT, (replace(contradicted, key="PRV"),)), gates)
    assert on_class_b.factor("PRV").contradiction
    assert next(gate for gate in on_class_b.gates if gate.key == "G12").truth is Truth.FALSE
    settled = run(Inputs(PILOT, (contradicted,)), CLEAR)
    assert next(gate for gate in settled.gates if gate.key == "G12").truth is Truth.FALSE


@pytest.mark.parametrize(("flags", "effect"), [(("P",), 3), ((), 2)])
def test_release_gate_without_a_stated_effect(flags: tuple[str, ...], effect: int) -> None:
    result = run(Inputs(profile(1, 1, 1, 1, 1, *flags)), CLEAR | {"G10": GateState(Truth.TRUE)})
    assert next(gate for gate in result.gates if gate.key == "G10").effect == effect


def test_every_gate_says_what_it_rests_on() -> None:
    assert all(gate.citation or gate.judgement for gate in case("1").gates)


def test_unknown_keys_are_refused() -> None:
    for inputs, gates in [
        (Inputs(PILOT, (FactorInput("XXX"),)), {}),
        (Inputs(PILOT), {"G99": GateState(Truth.TRUE)}),
        (Inputs(PILOT), {"G1": GateState(Truth.TRUE, 1)}),
        (Inputs(PILOT, mitigations=(Mitigation("m", ("CAP",), 10),)), {}),
        (Inputs(PILOT, relevance={"RES": 1}), {}),
        (Inputs(PILOT, relevance=dict.fromkeys(("CAP", "PRC", "INT", "AVL"), 0)), {}),
    ]:
        with pytest.raises(InvalidInput) as caught:
            run(inputs, gates)
        assert caught.value.hint
    with pytest.raises(InvalidInput):
        run(Inputs(PILOT), floor=4)
    with pytest.raises(InvalidInput):
        Inputs(PILOT, (FactorInput("RES"), FactorInput("RES")))


# --- mitigations (2.6) ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("status", "level"),
    [("proposed", (10_000, 10_000)), ("committed", (6_700, 10_000)), ("implemented", (6_700, 8_350)),
     ("verified", (6_700, 6_700))],
)  # fmt: skip
def test_credit_by_status(status: Any, level: tuple[int, int]) -> None:
    control = Mitigation("dlp", ("RES",), 33, status)
    result = run(changed(replace(CASE_2, mitigations=(control,)), said("RES", 4, "C1")))
    assert result.factor("RES").level == level
    assert result.factor("RES").inherent_level == (10_000, 10_000)
    assert result.factor("RES").mitigations == ("dlp",)
    assert result.inherent.risk == case("2").risk
    assert result.target.risk.high < result.inherent.risk.high


def test_only_the_best_proven_control_counts() -> None:
    controls = tuple(Mitigation(key, ("RES",), 50, "verified") for key in "ab")
    assert run(replace(CASE_2, mitigations=controls)).factor("RES").level == (2_500, 5_000)


def test_conditions_name_questions_and_commitments() -> None:
    committed = Mitigation("exit", ("RES",), 10, "committed")
    found = conditions(run(replace(CASE_4A, mitigations=(committed, Mitigation("idea", ("INJ",), 10)))))
    assert found.questions.factors == ("RES", "INJ")
    assert found.mitigations == ("exit",)


# --- questions, comparison, sampling --------------------------------------------------------------------


def test_questions_with_costs_are_labelled() -> None:
    route = cheapest_questions(case("4b"), 25, {"RES": 100})
    assert route.heuristic
    assert route.high < 25 * case("4b").denominator
    assert not fewest_questions(case("4b"), 25).heuristic
    assert fewest_questions(case("1"), 25).factors == ()


def test_an_offer_that_is_better_for_certain() -> None:
    better = changed(CASE_4B, *(said(one.key, 0, "A1") for one in MINI.risk_factors), said("CAP", 4, "A1"))
    worse = changed(CASE_4B, said("RES", 4, "A1"), said("CAP", 0, "A1"))
    first, second = run(better), run(worse)
    assert compare(first, second).verdict == "first"
    assert compare(second, first).verdict == "second"
    assert compare(first, first).verdict == "equal"
    assert compare(first, second).question is None


def test_the_question_that_would_separate() -> None:
    """Two offers that differ only in one open answer: that answer it is."""
    known = changed(CASE_4B, *(said(one.key, 1, "A1") for one in MINI.risk_factors), said("CAP", 3, "A1"))
    opened = replace(known, factors=tuple(one for one in known.factors if one.key != "INJ"))
    found = compare(run(known), run(opened))
    assert found.verdict == "open"
    assert found.question is not None
    assert (found.question.offer, found.question.key, found.question.enough) == ("second", "INJ", True)


def test_pareto() -> None:
    results = [run(CASE_4A), run(CASE_4B), case("3")]
    assert pareto(results) == (1,), "4b has less risk at worst and more opportunity at least"
    assert pareto([run(CASE_4B), run(CASE_4B)]) == (0, 1)


def test_splitmix64_reference_values() -> None:
    expected = [6457827717110365317, 3203168211198807973, 9817491932198370423]
    assert [int(number) for number in splitmix64(1234567, 3)] == expected


def test_worth_of_knowing_in_case_4a() -> None:
    worth = {one.key: one.worth for one in information_values(case("4a")).factors}
    assert worth["RES"] > worth["INJ"] > max(worth[key] for key in ("TRN", "AIA", "PRV")) == 0
    assert sum(chance_of_bands(case("4a")).values()) == 4096
    assert chance_of_bands(case("2"))["Severe"] == 4096


# --- bytes ----------------------------------------------------------------------------------------------


def test_json_holds_whole_numbers_and_text_only() -> None:
    for name in CASES:
        data = case(name).to_json()
        assert json.loads(canonical_json(data)) == data
        assert data["id"] == case(name).id == result_id(case(name))
    with pytest.raises(TypeError):
        canonical_json({"x": [1.5]})
    with pytest.raises(TypeError):
        canonical_json({1: 2})


def test_numbers_in_json_fit_64_bits() -> None:
    def largest(value: Any) -> int:
        if isinstance(value, dict):
            return max(map(largest, value.values()), default=0)
        if isinstance(value, list):
            return max(map(largest, value), default=0)
        return value if isinstance(value, int) else 0

    assert largest(compute(load_method(), Inputs(PILOT), {}, as_of=JUNE).to_json()) < 2**53


def test_the_id_names_every_input() -> None:
    base = case("1")
    others = [
        compute(MINI, base.inputs, CLEAR, as_of=JUNE),
        compute(MINI, base.inputs, base.gate_states, as_of=JUNE + timedelta(days=1)),
        compute(MINI, base.inputs, base.gate_states, as_of=JUNE, floor=2),
        compute(replace(MINI, digest="other"), base.inputs, base.gate_states, as_of=JUNE),
        compute(MINI, changed(base.inputs, said("CST", 3, "A1")), base.gate_states, as_of=JUNE),
        compute(MINI, replace(base.inputs, relevance={"CAP": 99}), base.gate_states, as_of=JUNE),
    ]
    assert len({base.id, *(one.id for one in others)}) == len(others) + 1


def test_same_bytes_in_another_process() -> None:
    """Whatever the hash seed: nothing rests on the order of a set."""
    script = "from scoring.mini import CASES, case; print([case(name).id for name in CASES])"
    here = Path(__file__).parents[1]
    path = os.pathsep.join([str(here), str(here.parent)])
    run_twice = [
        subprocess.run(
            [sys.executable, "-c", script],
            env={**os.environ, "PYTHONHASHSEED": seed, "PYTHONPATH": path},
            capture_output=True,
            text=True,
            check=True,
        ).stdout.strip()
        for seed in ("1", "2")
    ]
    assert run_twice == [str([case(name).id for name in CASES])] * 2


def test_lines_name_evidence_and_rule() -> None:
    found = {line.key: line for line in lines(case("1"), 1)}
    assert found["PRV"].evidence == ("report",)
    assert found["PRV"].because == "S · some"
    assert found[""].factors == ("AIA", "INJ")
    assert [line.key for line in lines(case("1"), 1)][-1] == ""


def test_a_domain_is_scored_by_the_same_formula() -> None:
    result = case("1")
    domain = result.domains[0]
    assert (domain.risk, domain.shown, domain.bands) == (result.risk, result.shown, result.bands)
    full = compute(load_method(), Inputs(PILOT), {}, as_of=JUNE)
    assert [one.name for one in full.domains] == list(load_method().domains)
    assert [one.denominator for one in full.domains] == [10**8 * w for w in (18, 16, 12, 18, 14, 10, 6, 6)]


def test_a_use_in_which_nothing_matters() -> None:
    result = run(Inputs(profile(0, 0, 0, 0, 0)))
    assert result.risk == (0, 0)
    assert result.decision == "APPROVE"
    assert result.coverage.shown == "100.0"


def test_levels_and_items_are_checked() -> None:
    for make in (
        lambda: Level(3, 2),
        lambda: Level.of(5),
        lambda: Item(0, 5, "A", 1),
        lambda: Item(0, 0, "G", 1),
        lambda: Item(0, 0, "A", 7),
        lambda: Item(0, 0, "A", 1, "mine"),  # type: ignore[arg-type]
        lambda: Item(0, 0, "A", 1, max_age_days=-1),
        lambda: FactorInput("RES", open_question=(0, 10_001)),
        lambda: Mitigation("m", ("RES",), 101),
        lambda: Mitigation("m", ("RES",), 1, "hoped for"),  # type: ignore[arg-type]
        lambda: Inputs(PILOT, relevance={"CAP": 101}),
        lambda: replace(PILOT, flags={"X": Truth.TRUE}),
    ):
        with pytest.raises(InvalidInput):
            make()


def test_the_as_of_date_is_an_input() -> None:
    assert case("1").as_of == date(2026, 6, 15)
