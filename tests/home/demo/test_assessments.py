"""The briefing's table: what each of its assessments must show, judged from the loaded records."""

from __future__ import annotations

import pytest
from django.db import transaction

from riskassess.assessments.judgement import Judgement
from riskassess.assessments.models import Assessment
from riskassess.assessments.scoring import judge_now
from riskassess.kernel.truth import Truth

pytestmark = pytest.mark.usefixtures("briefing")


def judged(name: str, use_case: str) -> Judgement:
    found = Assessment.objects.filter(use_case=use_case)
    return judge_now(next(one for one in found if one.offering.name == name))


def severity(judgement: Judgement, regime: str) -> tuple[int, int]:
    verdict = judgement.verdict.regimes[regime]
    return (verdict.low, verdict.high)


def outcome(judgement: Judgement, regime: str, rule: str) -> str:
    return judgement.verdict.regimes[regime].finding(rule).outcome


def test_drafting_without_personal_data_has_little_exposure_and_says_what_is_not_shown():
    drafting = judged("MAI-Thinking-1", "Internal drafting without personal data")
    assert {severity(drafting, regime) for regime in drafting.verdict.regimes} == {(0, 0), (1, 1)}
    assert severity(drafting, "us_ftc") == (1, 1)
    assert [item.key for item in drafting.evidence["EVL-IND"]] == ["claim:parity-sonnet-4-6"]
    assert [item.title for item in drafting.evidence["OPS-REL"]] == ["Preview"]
    assert drafting.result.decision == "CONDITIONAL"


def test_eu_correspondence_is_barred_by_the_preview_terms():
    letters = judged("MAI-Thinking-1", "EU customer correspondence with personal data")
    assert severity(letters, "eu_residency") == (4, 4)
    assert outcome(letters, "eu_residency", "EUR1") == "raised"
    assert letters.verdict.gates["G4"] is Truth.TRUE
    assert letters.verdict.errors["V2"] is Truth.TRUE
    assert letters.result.decision == "REJECT"


def test_claude_for_eu_users_is_moderate_to_high_and_the_parties_stand_apart():
    assistant = judged("Claude Sonnet 5", "Assistant for EU users")
    assert severity(assistant, "eu_residency") == (2, 3)
    assert assistant.verdict.gates["G2"] is Truth.FALSE
    parties = {party.role: party.name for party in assistant.gathered.parties}
    assert parties["contracting_entity"] == parties["model_operator"] == parties["host"] == "Anthropic"
    assert parties["infra_operator"] is None


def test_a_residency_policy_makes_the_same_purchase_high_to_critical():
    assistant = judged("Claude Sonnet 5", "Assistant for EU users, with an EEA residency policy")
    assert severity(assistant, "eu_residency") == (3, 4)
    assert assistant.verdict.gates["G2"] is Truth.TRUE
    assert assistant.result.decision == "REJECT"


def test_the_clinical_model_is_high_for_certain_and_critical_while_its_criteria_are_unproven():
    clinical = judged("Healthcare model with Mayo Clinic", "Clinical decision support in the US")
    assert severity(clinical, "us_fda") == (3, 4)
    assert clinical.verdict.gates["G5"] is Truth.UNKNOWN


@pytest.mark.parametrize("change", [{"inputs": ["text", "medical_image"]}, {"user": "patient_caregiver"}])
def test_reading_images_or_facing_patients_makes_it_critical_for_certain(change: dict[str, object]):
    clinical = Assessment.objects.get(use_case="Clinical decision support in the US")
    with transaction.atomic():
        for question, value in change.items():
            clinical.answers.filter(question=question).update(value=value)
        judgement = judge_now(clinical)
        transaction.set_rollback(True)
    assert severity(judgement, "us_fda") == (4, 4)
    assert judgement.verdict.gates["G5"] is Truth.TRUE


def test_the_coding_models_stand_side_by_side_and_the_10x_claim_does_not_carry_the_business_case():
    code, haiku = (
        judged("MAI-Code-1-Flash", "Coding assistant"),
        judged("Claude Haiku 4.5", "Coding assistant"),
    )
    assert severity(code, "us_ftc") == (2, 2)
    assert severity(haiku, "us_ftc") == (1, 1)
    assert "claim:ten-times-cost" in [item.key for item in code.evidence["EVL-EFF"]]
    assert [code.evidence["OPP-PRC"][0].low, haiku.evidence["OPP-PRC"][0].low] == [3, 2]
    assert {"DEP-LCK", "DEP-CON"} <= code.evidence.keys()
    assert outcome(code, "uk_cma", "CMA1") == "undetermined"
