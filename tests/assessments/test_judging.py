"""From rows to a judgement: where facts come from, what unknown does, and that the lines add up."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from riskassess.accounts.models import BusinessUnit, User
from riskassess.assessments import services
from riskassess.assessments.answers import Given
from riskassess.assessments.models import Assessment
from riskassess.assessments.scoring import judge_now, score
from riskassess.catalog.models import Offering, Partnership
from riskassess.kernel.stated import Known, NotApplicable, Unknown
from riskassess.kernel.truth import Truth
from riskassess.scoring.canonical import digest
from tests.builders import (
    link_source,
    make_assessment,
    make_claim,
    make_model,
    make_offering,
    make_price,
    make_sheet,
    make_source,
    make_value,
    make_vendor,
)

DRAFTING: dict[str, Any] = {
    "profile.D": 1, "profile.I": 1, "profile.A": 0, "profile.B": 1, "profile.S": 1, "flag.P": False,
    "use": "drafting", "nexus_us": True, "nexus_uk": True, "nexus_eu": True, "personal_data": False, "phi": False,
    "hipaa_role": "none", "deidentified": "none", "eu_financial_entity": False, "policy_eu_residency": "none",
}  # fmt: skip


@pytest.fixture
def thinking(db: None) -> Offering:
    """A preview by Microsoft, sold and run by itself, processed anywhere."""
    microsoft = make_vendor("Microsoft", hq_country="US")
    parties = dict.fromkeys(
        ("seller", "contracting_entity", "host", "infra_operator", "model_operator"), microsoft
    )
    model = make_model("MAI-Thinking-1", developer=microsoft)
    return make_offering(model, channel="Foundry", deployment="global", stage="preview", **parties)


def answered(assessment: Assessment, by: User, answers: dict[str, Any]) -> Assessment:
    for key, value in answers.items():
        services.answer(assessment, key, Given("known", value), by=by)
    return assessment


@pytest.fixture
def drafting(thinking: Offering, ana: User, procurement: BusinessUnit) -> Assessment:
    return answered(make_assessment(ana, procurement, offering=thinking), ana, DRAFTING)


def test_facts_come_from_the_catalog_with_their_source(drafting: Assessment, thinking: Offering) -> None:
    facts = judge_now(drafting).gathered.facts
    assert facts["scope"].stated == Known("global", facts["scope"].stated.source)
    assert facts["ultimate_parent_country"].by == "catalog"
    assert isinstance(facts["zone"].stated, NotApplicable)
    assert isinstance(facts["preview_covered"].stated, Unknown)


def test_the_newest_first_party_value_is_the_fact(drafting: Assessment, thinking: Offering) -> None:
    old, new = make_source(kind="vendor_document"), make_source(kind="vendor_document")
    make_value(thinking, "preview_covered", True, source=old, first_party=True, as_of=date(2026, 6, 1))
    make_value(thinking, "preview_covered", False, source=new, first_party=True, as_of=date(2026, 9, 1))
    make_value(thinking, "preview_covered", True, as_of=date(2026, 10, 1))
    judgement = judge_now(drafting)
    fact = judgement.gathered.facts["preview_covered"]
    assert isinstance(fact.stated, Known)
    assert fact.stated.value is False
    assert fact.stated.source is not None
    assert fact.stated.source.key == str(new.pk)
    assert [conflict["attribute"] for conflict in judgement.gathered.conflicts] == ["preview_covered"]
    earlier = judge_now(drafting, on=date(2026, 7, 1)).gathered.facts["preview_covered"].stated
    assert isinstance(earlier, Known)
    assert earlier.value is True


def test_a_person_may_dispute_what_the_catalog_says(
    drafting: Assessment, thinking: Offering, ana: User
) -> None:
    make_value(thinking, "ftc_inquiry", True)
    services.answer(drafting, "ftc_inquiry", Given("known", False, note="Closed last week."), by=ana)
    fact = judge_now(drafting).gathered.facts["ftc_inquiry"]
    assert fact.disputed
    services.answer(drafting, "ftc_inquiry", Given("unknown"), by=ana)
    fact = judge_now(drafting).gathered.facts["ftc_inquiry"]
    assert (fact.by, fact.disputed) == ("catalog", False)


def test_one_company_has_no_tie_with_itself_and_strangers_may_have_one(
    drafting: Assessment, thinking: Offering
) -> None:
    assert judge_now(drafting).gathered.facts["partnerships"].stated == Known(
        [], judge_now(drafting).gathered.facts["partnerships"].stated.source
    )
    openai = make_vendor("OpenAI")
    thinking.model.developer = openai
    thinking.model.save()
    assert isinstance(judge_now(drafting).gathered.facts["partnerships"].stated, Unknown)
    Partnership.objects.create(host=thinking.host, developer=openai, equity_pct=27, cma_status="closed")
    stated = judge_now(drafting).gathered.facts["partnerships"].stated
    assert isinstance(stated, Known)
    assert stated.value[0]["exclusivity"] is None


def test_a_price_leads_back_to_its_cell(drafting: Assessment, thinking: Offering) -> None:
    make_price(thinking, source=make_sheet("prices.xlsx"), row=12)
    record = json.loads(score(drafting).record)
    line = next(one for one in record["factors"] if one["key"] == "OPS-CST")
    assert line["source"]["address"] == "prices.xlsx › Models › N12"
    assert line["anchor"]


def test_the_worst_shown_headline_claim_sets_independent_evaluation(
    drafting: Assessment, thinking: Offering
) -> None:
    microsoft = thinking.model.developer
    for title, substantiation in (("Parity", 2), ("Fastest", 0)):
        claim = make_claim(microsoft, title, substantiation=substantiation, headline=True, kind="parity")
        link_source(claim, quote=f"{title}, they say.")
    record = json.loads(score(drafting).record)
    line = next(one for one in record["factors"] if one["key"] == "EVL-IND")
    assert [item["key"] for item in line["evidence"]] == ["claim:fastest"]
    assert line["evidence"][0]["quote"] == "Fastest, they say."
    assert line["evidence"][0]["rule"].startswith("CL1")


def test_unrecorded_claims_are_unknown_not_absent(drafting: Assessment) -> None:
    assert isinstance(judge_now(drafting).gathered.facts["claims"].stated, Unknown)


def test_the_lines_sum_to_the_risk_at_both_ends(drafting: Assessment) -> None:
    record = json.loads(score(drafting).record)
    for end in (0, 1):
        points = sum(factor["points"][end] for factor in record["factors"])
        assert points == record["base"][end]
        assert points + record["peak_line"][end] == record["risk"][end]


def test_the_record_names_itself(drafting: Assessment) -> None:
    run = score(drafting)
    record = json.loads(run.record)
    named = record.pop("result_id")
    assert named == run.result_id == digest(record)


def test_a_regime_out_of_scope_weighs_nothing(drafting: Assessment) -> None:
    judgement = judge_now(drafting)
    assert judgement.scopes["us_fda"].truth is Truth.FALSE
    assert judgement.result.factor("REG-MED").exposure == (0, 0)


def test_a_residency_policy_turns_global_processing_into_a_closed_gate(
    drafting: Assessment, ana: User
) -> None:
    answered(drafting, ana, {"personal_data": True, "data_subject_blocs": ["EU_EEA"], "policy_eu_residency": "eea_ok",
                             "at_rest_countries": ["SE"], "access_countries": ["IE"]})  # fmt: skip
    record = json.loads(score(drafting).record)
    assert record["gates"]["G2"]["truth"] == "true"
    assert record["decision"] == "REJECT"
    residency = next(one for one in record["factors"] if one["key"] == "DAT-RES")
    assert residency["evidence"][0]["level"] == [4, 4]


@pytest.mark.parametrize("key", sorted(DRAFTING))
def test_taking_an_answer_back_never_helps(drafting: Assessment, ana: User, key: str) -> None:
    before = judge_now(drafting).result
    services.answer(drafting, key, Given(), by=ana)
    after = judge_now(drafting).result
    assert after.risk.high >= before.risk.high
    assert not (after.decision == "APPROVE" and before.decision != "APPROVE")


def test_declining_to_answer_is_worse_than_silence_at_the_low_end(drafting: Assessment, ana: User) -> None:
    silent = judge_now(drafting).result
    services.answer(drafting, "SEC-CRT", Given("declined"), by=ana)
    declined = judge_now(drafting).result
    assert declined.factor("SEC-CRT").level == (5000, 10000)
    assert declined.risk.low >= silent.risk.low


def test_scoring_takes_a_fixed_number_of_queries(drafting: Assessment, thinking: Offering) -> None:
    with CaptureQueriesContext(
        connection,
    ) as few:
        score(drafting)
    for number in range(5):
        make_value(thinking, f"attribute_{number}", number)
        link_source(make_claim(thinking.model.developer))
        make_price(thinking, kind="output" if number % 2 else "input", as_of=date(2026, 1, number + 1))
    with CaptureQueriesContext(connection) as many:
        score(drafting)
    # Claims bring their links, the links' sources and the unit's documents: three more, whatever their number.
    assert len(many) <= len(few) + 3
    assert len(many) <= 26


@pytest.mark.parametrize(
    ("level", "reliability", "verification", "truth"),
    [
        (0, "A", 1, Truth.FALSE),  # our own screening found nothing
        (4, "A", 1, Truth.TRUE),
        (3, "D", 4, Truth.TRUE),  # the vendor itself says that export is restricted
        (2, "A", 3, Truth.FALSE),
        (2, "D", 4, Truth.UNKNOWN),  # its word alone leaves more than the bar open
        (0, "A", 5, Truth.UNKNOWN),  # disputed
        (0, "A", 6, Truth.UNKNOWN),  # refuted
        ([2, 3], "A", 1, Truth.UNKNOWN),
    ],
)
def test_the_sanctions_gate_closes_only_on_evidence_that_holds(
    drafting: Assessment, ana: User, level: Any, reliability: str, verification: int, truth: Truth
) -> None:
    given = Given("known", level, reliability=reliability, verification=verification, interest="neutral")
    services.answer(drafting, "REG-EXP", given, by=ana)
    gates = {gate.key: gate for gate in judge_now(drafting).result.gates}
    assert gates["G7"].truth is truth


def test_evidence_from_after_the_day_settles_no_gate(drafting: Assessment, ana: User) -> None:
    later = make_source(kind="own_check", published_on=date(2026, 12, 1))
    given = Given("known", 0, reliability="A", verification=1, interest="neutral", source=later)
    services.answer(drafting, "REG-EXP", given, by=ana)
    gates = {gate.key: gate for gate in judge_now(drafting).result.gates}
    assert gates["G7"].truth is Truth.UNKNOWN
