"""What ana, ben and cleo may do with an assessment, and what the record keeps of it."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from riskassess.accounts.models import BusinessUnit, User
from riskassess.assessments import services
from riskassess.assessments.answers import Given
from riskassess.assessments.models import Answer, Assessment, ScoreRun
from riskassess.assessments.remarks import NewRemark, resolve
from riskassess.jobs.services import drain
from riskassess.kernel.errors import Conflict, InvalidInput, NotAllowed
from tests.builders import (
    a_condition,
    an_acceptance,
    make_assessment,
    make_claim,
    make_model,
    make_offering,
    make_vendor,
)

ON = date(2026, 11, 24)


@pytest.fixture
def draft(ana: User, procurement: BusinessUnit) -> Assessment:
    return make_assessment(ana, procurement)


@pytest.fixture
def submitted(draft: Assessment, ana: User) -> Assessment:
    services.submit(draft, by=ana)
    drain()
    draft.refresh_from_db()
    return draft


def test_a_new_assessment_is_scored_with_what_the_catalog_knows(ana: User, procurement: BusinessUnit) -> None:
    made = services.start(make_offering(stage="ga"), procurement, "Drafting", by=ana, on=ON)
    drain()
    made.refresh_from_db()
    assert made.current_run is not None
    assert made.current_run.decision == "ESCALATE"  # nothing is known: silence buys no approval


def test_people_of_other_units_start_nothing_here(cleo: User, procurement: BusinessUnit) -> None:
    with pytest.raises(NotAllowed):
        services.start(make_offering(), procurement, "Drafting", by=cleo, on=ON)
    assert not Assessment.objects.exists()


def test_an_answer_is_kept_changed_and_taken_back(draft: Assessment, ana: User) -> None:
    services.answer(draft, "personal_data", Given("known", True), by=ana)
    services.answer(draft, "personal_data", Given("known", False), by=ana)
    kept = Answer.objects.get(assessment=draft, question="personal_data")
    assert (kept.value, kept.answered_by) == (False, ana)
    services.answer(draft, "personal_data", Given(), by=ana)
    assert not Answer.objects.exists()


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("personal_data", "maybe"),
        ("use", "world domination"),
        ("share_critical_ai", 7),
        ("profile.D", 5),
        ("profile.D", [3, 1]),
        ("DAT-TRN", True),
        ("flag.P", "yes"),
        ("at_rest_countries", ["UK"]),
    ],
)
def test_a_wrong_value_is_refused_and_the_question_named(
    draft: Assessment, ana: User, key: str, value: Any
) -> None:
    with pytest.raises(InvalidInput) as refused:
        services.answer(draft, key, Given("known", value), by=ana)
    assert key in refused.value.where
    assert refused.value.hint or refused.value.message
    assert not Answer.objects.exists()


def test_a_question_nobody_asks_is_refused(draft: Assessment, ana: User) -> None:
    with pytest.raises(InvalidInput, match="no question"):
        services.answer(draft, "favourite_colour", Given("known", "blue"), by=ana)


def test_nobody_types_that_a_factor_does_not_apply(draft: Assessment, ana: User) -> None:
    with pytest.raises(InvalidInput, match="Nobody types"):
        services.answer(draft, "DAT-TRN", Given("not_applicable", note="no data"), by=ana)


def test_a_fact_that_does_not_apply_needs_its_reason(draft: Assessment, ana: User) -> None:
    with pytest.raises(InvalidInput, match="Say why"):
        services.answer(draft, "zone", Given("not_applicable"), by=ana)
    services.answer(draft, "zone", Given("not_applicable", note="Runs on our own machines."), by=ana)


def test_a_factor_without_grade_rests_on_the_vendors_word(draft: Assessment, ana: User) -> None:
    kept = services.answer(draft, "DAT-TRN", Given("known", 1), by=ana)
    assert kept is not None
    assert (kept.reliability, kept.verification, kept.interest) == ("D", 4, "self")


def test_what_we_do_with_a_claim_is_an_answer_of_its_own(ana: User, procurement: BusinessUnit) -> None:
    vendor = make_vendor("Maker")
    make_claim(vendor, "Ten times cheaper")
    draft = make_assessment(ana, procurement, offering=make_offering(make_model(developer=vendor)))
    services.answer(draft, "claim.ten-times-cheaper", Given("known", {"relied_on": True}), by=ana)
    with pytest.raises(InvalidInput):
        services.answer(draft, "claim.ten-times-cheaper", Given("known", {"laughed_at": True}), by=ana)


def test_an_approver_does_not_answer(draft: Assessment, ben: User) -> None:
    with pytest.raises(NotAllowed):
        services.answer(draft, "personal_data", Given("known", True), by=ben)


def test_what_is_submitted_cannot_be_changed(submitted: Assessment, ana: User) -> None:
    with pytest.raises(Conflict, match="Only a draft"):
        services.answer(submitted, "personal_data", Given("known", True), by=ana)


def test_of_two_submissions_one_counts(submitted: Assessment, ana: User) -> None:
    with pytest.raises(Conflict, match="submitted"):
        services.submit(submitted, by=ana)


def test_ben_decides_what_ana_submitted(submitted: Assessment, ben: User) -> None:
    decision = services.decide(submitted, "ESCALATE", by=ben)
    submitted.refresh_from_db()
    assert submitted.state == "decided"
    assert (decision.run, decision.differs) == (submitted.current_run, False)


def test_a_decision_waits_for_the_score_it_is_about(submitted: Assessment, ana: User, ben: User) -> None:
    services.request_score(submitted, by=ana)
    with pytest.raises(Conflict, match="not there yet"):
        services.decide(submitted, "ESCALATE", by=ben)


def test_deciding_otherwise_than_computed_needs_a_reason(submitted: Assessment, ben: User) -> None:
    with pytest.raises(InvalidInput, match="computed escalate"):
        services.decide(submitted, "REJECT", by=ben)
    assert services.decide(submitted, "REJECT", by=ben, reason="The vendor has walked away.").differs


def test_a_conditional_decision_needs_a_condition(submitted: Assessment, ben: User) -> None:
    with pytest.raises(InvalidInput, match="condition"):
        services.decide(submitted, "CONDITIONAL", by=ben, reason="Pilot only.")
    made = services.decide(
        submitted,
        "CONDITIONAL",
        by=ben,
        reason="Pilot only.",
        conditions=(a_condition("No personal data"),),
        accept=an_acceptance(),
    )
    assert [condition.text for condition in made.conditions.all()] == ["No personal data"]


def test_nobody_decides_what_they_submitted(procurement: BusinessUnit, ana: User) -> None:
    from riskassess.accounts.models import Membership

    Membership.objects.create(user=ana, unit=procurement, role="approver")
    draft = make_assessment(ana, procurement)
    services.submit(draft, by=ana)
    drain()
    draft.refresh_from_db()
    with pytest.raises(NotAllowed, match="You submitted"):
        services.decide(draft, "ESCALATE", by=ana)


def test_a_refused_decision_leaves_no_trace(submitted: Assessment, ana: User, dora: User) -> None:
    for person in (ana, dora):
        with pytest.raises(NotAllowed):
            services.decide(submitted, "ESCALATE", by=person)
    submitted.refresh_from_db()
    assert submitted.state == "submitted"
    assert not submitted.decisions.exists()


def test_returned_and_reopened_assessments_are_drafts_again(
    submitted: Assessment, ana: User, ben: User
) -> None:
    services.return_for_changes(submitted, [NewRemark("Who sees the data?")], by=ben)
    assert submitted.state == "draft"
    for remark in submitted.remarks.all():
        resolve(remark, by=ana)
    services.submit(submitted, by=ana)
    drain()
    submitted.refresh_from_db()
    services.decide(submitted, "ESCALATE", by=ben)
    services.reopen(submitted, by=ana)
    assert submitted.state == "draft"
    assert submitted.decisions.count() == 1


def test_a_score_asked_for_twice_is_stored_once(draft: Assessment, ana: User) -> None:
    services.request_score(draft, by=ana)
    services.request_score(draft, by=ana)
    assert drain() == 2
    assert ScoreRun.objects.count() == 1


def test_a_run_cannot_be_changed(draft: Assessment, ana: User) -> None:
    services.request_score(draft, by=ana)
    drain()
    run = ScoreRun.objects.get()
    run.decision = "APPROVE"
    with pytest.raises(Conflict, match="cannot be changed"):
        run.save()
