"""The verdict's shape, its trace, its questions, its errors, and NotApplicable as the catalogue reads it."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date, datetime

import pytest

from riskassess.kernel.errors import InvalidInput
from riskassess.kernel.source import Source
from riskassess.kernel.truth import Truth
from riskassess.rules.dated import Parameters, parameter
from riskassess.rules.engine import judge
from riskassess.rules.facts import Facts
from riskassess.rules.rulebook import RULEBOOK
from tests.rules.caselist import BACKGROUND, TODAY, over_background

MAYO = {"use": "cds", "user": "hcp", "basis_reviewable": None, "stage": "announced"}
LETTER = Source(title="Vendor letter", publisher="Vendor")


def test_json_has_the_agreed_shape() -> None:
    plain = judge(over_background(**MAYO), on=TODAY).to_json()
    assert json.loads(json.dumps(plain)) == plain
    assert set(plain) == {"regimes", "gates", "errors"}
    fda = plain["regimes"]["us_fda"]
    assert {key: fda[key] for key in ("low", "high", "confidence")} == {
        "low": 3,
        "high": 4,
        "confidence": "low",
    }
    assert fda["findings"][4] == {
        "id": "FDA4",
        "outcome": "undetermined",
        "severity": [0, 4],
        "citations": [
            "fdca_201_h", "fdca_520_o_1_e", "cfr_21_807", "fda_cds_guidance_2026", "fda_cds_guidance_2022",
        ],
        "settled_by": ["basis_reviewable"],
    }  # fmt: skip
    assert next(f for f in fda["findings"] if f["id"] == "FDA6")["severity"] is None
    assert plain["gates"] == {
        "G1": False, "G2": False, "G3": False, "G4": False, "G5": "unknown", "G6C": False, "G9": False, "G11": False,
    }  # fmt: skip
    assert plain["errors"] == {"V1": False, "V2": False}


def test_a_finding_traces_its_facts_and_sources() -> None:
    facts = Facts.from_mapping(BACKGROUND | MAYO, sources={"use": LETTER})
    finding = judge(facts, on=TODAY).finding("FDA4")
    read = {one.fact: one for one in finding.because}
    assert read["use"].stated.source == LETTER
    assert read["use"].text == "Clinical decision support"
    assert read["basis_reviewable"].text == "unknown"
    assert read["inputs"].text == "Text"
    assert read["time_critical"].text == "no"
    assert "phi" not in read


def test_facts_are_worded_for_people() -> None:
    facts = over_background(
        personal_data=True,
        data_subject_blocs=["EU_EEA"],
        inference_countries=["SE", None],
        zone="not_applicable",
    )
    verdict = judge(facts, on=TODAY)
    read = {one.fact: one.text for one in verdict.finding("EUR4").because}
    assert read["inference_countries"] == "SE, unknown"
    assert read["subprocessors"] == "none"
    assert read["data_subject_blocs"] == "EU, Iceland, Liechtenstein or Norway"
    claims = judge(over_background(claims=[{"type": "cost"}, None]), on=TODAY).finding("FTC1").because
    assert [one.text for one in claims if one.fact == "claims"] == ["2, not all named"]
    zone = judge(over_background(inference_countries=None), on=TODAY).finding("EUR4").because
    assert [one.text for one in zone if one.fact == "zone"] == ["not applicable"]


def test_a_finding_asks_what_would_settle_it() -> None:
    verdict = judge(over_background(**MAYO), on=TODAY)
    assert [question.key for question in verdict.finding("FDA4").questions] == [
        "us_fda.criteria",
        "us_fda.basis",
    ]
    literacy = judge(over_background(literacy_measures=None), on=TODAY).finding("AIA7")
    assert [question.key for question in literacy.questions] == ["fact.literacy_measures"]
    assert literacy.questions[0].text.endswith("?")


def test_a_trace_line_for_every_step() -> None:
    claim = {
        "type": "safety",
        "substantiation": 2,
        "matches_use": True,
        "relied_on": True,
        "warranty_exit": None,
    }
    finding = judge(over_background(claims=[claim]), on=TODAY).finding("FTC1")
    assert finding.severity == (1, 2)
    assert [(line.kind, line.low, line.high) for line in finding.lines] == [
        ("base", 2, 2),
        ("modifier", 1, 1),
        ("reduction", -1, -1),
        ("reduction", -1, 0),
    ]
    assert finding.lines[1].name == "claim 1: FTC3: sensitive kind of claim"


def test_a_regime_says_what_sets_and_lifts_it() -> None:
    facts = over_background(
        use="cds", user="hcp", vendor_disclaims_medical_use=True, customer_distributes=None
    )
    lines = judge(facts, on=TODAY).regimes["us_fda"].lines
    assert [(line.kind, line.name, line.low, line.high) for line in lines] == [
        ("worst finding", "FDA2", 1, 0),
        ("worst finding", "FDA2", 0, 1),
        ("modifier", "FDA6", 0, 1),
    ]


def test_gates_name_who_opens_them_and_what_keeps_them_open() -> None:
    verdict = judge(over_background(hipaa_role="CE", phi=True, baa_chain_complete=True), on=TODAY)
    assert verdict.gates["G4"] is Truth.TRUE
    assert verdict.gate_findings["G4"] == ("HIP1", "HIP2")
    assert verdict.gate_findings["G1"] == ()
    assert verdict.gate_settled_by["G4"] == ()
    product = judge(over_background(annex_i_product=True, annex_i_conformity=None), on=TODAY)
    assert product.gates["G9"] is Truth.UNKNOWN
    assert product.gate_settled_by["G9"] == ("annex_i_conformity",)
    assert product.finding("AIA3").settled_by == ("annex_i_conformity",)


def test_the_effect_of_g9_is_that_of_the_findings_that_open_it() -> None:
    both = over_background(annex_iii=True, art26_evidence=False, annex_i_product=True)
    in_between = date(2028, 1, 15)
    assert judge(both, on=in_between).gate_effects == {"G9": 3}
    product_only = over_background(annex_i_product=True)
    assert judge(product_only, on=in_between).gate_effects == {"G9": 2}


def test_errors_say_what_to_do() -> None:
    verdict = judge(over_background(offering_exists=False, stage="preview", phi=True), on=TODAY)
    assert set(verdict.error_messages) == {"V1", "V2"}
    assert "catalog" in verdict.error_messages["V1"].hint
    assert verdict.error_messages["V2"].sentence.endswith(".")
    open_ = judge(over_background(offering_exists=None), on=TODAY).error_messages["V1"]
    assert open_.truth is Truth.UNKNOWN
    assert open_.settled_by == ("offering_exists",)


@pytest.mark.parametrize(("on", "stale"), [(date(2027, 2, 22), False), (date(2027, 2, 23), True)])
def test_a_finding_is_stale_after_ninety_days(on: date, stale: bool) -> None:
    assert judge(over_background(), on=on).finding("HIP4").stale is stale


def test_the_day_is_a_date() -> None:
    for moment in ("2026-11-24", datetime(2026, 11, 24)):  # noqa: DTZ001
        with pytest.raises(InvalidInput, match="not a date"):
            judge(over_background(), on=moment)  # type: ignore[arg-type]


def test_the_release_travels_with_the_verdict() -> None:
    verdict = judge(over_background(), on=TODAY)
    assert (verdict.release, verdict.on) == (RULEBOOK.release, TODAY)


def test_a_what_if_is_another_rulebook() -> None:
    softer = parameter(
        "critical_share",
        {"description": "What if", "values": {"always": {"value": 0.9, "judgement": "a trial"}}},
        checked_on=TODAY,
    )
    changed = Parameters({**RULEBOOK.parameters.by_key, "critical_share": softer})
    facts = over_background(share_critical_ai=0.7, exit_tested=False)
    assert judge(facts, on=TODAY).regimes["uk_cma"].low == 2
    assert judge(facts, on=TODAY, rulebook=replace(RULEBOOK, parameters=changed)).regimes["uk_cma"].high == 0


@pytest.mark.parametrize(
    ("facts", "regime", "expected"),
    [
        ({"claims": "not_applicable", "nexus_us": True}, "us_ftc", (0, 0)),
        ({"partnerships": "not_applicable"}, "uk_cma", (0, 0)),
        ({"nexus_us": "not_applicable", "use": "diagnosis"}, "us_fda", (0, 0)),
        ({"use": "cds", "user": "hcp", "basis_reviewable": "not_applicable"}, "us_fda", (1, 1)),
        ({"art50_measures": "not_applicable", "talks_to_persons": True}, "eu_ai_act", (0, 0)),
        ({"gpai_docs": False, "gpai_placed_eu": "not_applicable"}, "eu_ai_act", (2, 2)),
        ({"eu_financial_entity": True, "critical_function": "not_applicable"}, "eu_dora", (2, 2)),
        ({"personal_data": True, "data_subject_blocs": "not_applicable"}, "eu_residency", (0, 0)),
        (
            {
                "personal_data": True, "data_subject_blocs": ["EU_EEA"], "at_rest_countries": "not_applicable",
                "subprocessors": [{"name": "Y", "country": "not_applicable"}],
            },
            "eu_residency",
            (0, 0),
        ),
    ],
)  # fmt: skip
def test_not_applicable_satisfies_no_atom(
    facts: dict[str, object], regime: str, expected: tuple[int, int]
) -> None:
    verdict = judge(over_background(**facts), on=TODAY).regimes[regime]
    assert (verdict.low, verdict.high) == expected
    assert verdict.confidence == "normal"
