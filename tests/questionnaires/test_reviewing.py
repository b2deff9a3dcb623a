"""Nothing a vendor says counts before it is accepted; then it counts as the vendor's word, here and elsewhere."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from riskassess.accounts.models import BusinessUnit, User
from riskassess.assessments.models import Assessment
from riskassess.assessments.scoring import judge_now, score
from riskassess.assessments.services import submit
from riskassess.catalog.models import Source
from riskassess.evidence.models import OpenQuestion
from riskassess.jobs.models import Job
from riskassess.kernel.errors import Conflict, InvalidInput, NotAllowed
from riskassess.questionnaires import services
from riskassess.questionnaires.asked import NewQuestion
from riskassess.questionnaires.meaning import VENDOR_WIDE, means
from riskassess.questionnaires.models import Inquiry, VendorAnswer
from riskassess.questionnaires.reusing import proposals, take
from riskassess.questionnaires.reviewing import Verdict, accept_all, review
from riskassess.questionnaires.services import draft, hand_in, send
from riskassess.questionnaires.states import State
from tests.builders import make_assessment, make_offering, make_question
from tests.questionnaires.conftest import GITA, answered, make_inquiry, question_of, says


def answer_to(inquiry: Inquiry, key: str) -> VendorAnswer:
    return VendorAnswer.objects.get(question=question_of(inquiry, key))


def test_nothing_counts_before_it_is_accepted(inquiry: Inquiry, assessment: Assessment) -> None:
    before = judge_now(assessment).result.risk
    answered(inquiry)
    assert judge_now(assessment).result.risk == before
    assert not assessment.answers.exists()
    assert proposals(assessment, timezone.localdate()) == ()


def test_accepted_answers_are_the_assessments_with_source_and_grade(
    inquiry: Inquiry, assessment: Assessment, ana: User
) -> None:
    done = accept_all(answered(inquiry), by=ana)
    assert (done.judged, done.taken) == (3, ("DAT-TRN", "at_rest_countries", "training_on_data"))
    trained = assessment.answers.get(question="DAT-TRN")
    assert (trained.state, trained.value, trained.note) == ("known", 0, "Clause 7 of our terms.")
    assert (trained.reliability, trained.verification, trained.interest) == ("D", 4, "self")
    assert trained.answered_by == ana
    source = trained.source
    assert source is not None
    assert (source.kind, source.unit, str(source.publisher_vendor)) == (
        "vendor_statement", assessment.unit, "GitHub",
    )  # fmt: skip
    assert assessment.answers.get(question="at_rest_countries").state == "declined"
    assert assessment.answers.get(question="training_on_data").value is False
    assert inquiry.state is State.CLOSED
    assert Job.objects.filter(kind="score", arguments={"assessment": assessment.pk}).count() == 1


def test_the_interval_after_a_review_is_what_the_page_had_foretold(
    inquiry: Inquiry, assessment: Assessment, ana: User, as_ana: Client
) -> None:
    answered(inquiry)
    html = as_ana.get(reverse("questionnaires:review", args=[inquiry.pk])).content.decode()
    accept_all(inquiry, by=ana)
    after = judge_now(assessment).result.shown
    assert f"<b>{after[0]}–{after[1]}</b>" in html


def test_rejected_answers_change_nothing_and_more_goes_back_to_the_vendor(
    inquiry: Inquiry, assessment: Assessment, ana: User
) -> None:
    answered(inquiry)
    done = review(
        inquiry,
        {
            answer_to(inquiry, "DAT-TRN").pk: Verdict("rejected", "The clause says otherwise."),
            answer_to(inquiry, "training_on_data").pk: Verdict("more", "Since when?"),
            answer_to(inquiry, "at_rest_countries").pk: Verdict("accepted"),
        },
        by=ana,
    )
    assert done.taken == ("at_rest_countries",)
    assert inquiry.state is State.ANSWERED, "one answer is still to be settled"
    services.give_back(inquiry, by=ana)
    assert inquiry.is_with_the_vendor
    says(inquiry, "training_on_data", "false", note="Since 2025.")
    with pytest.raises(Conflict, match="handed in already"):
        says(inquiry, "DAT-TRN", "1")
    hand_in(inquiry, at=timezone.now())
    assert accept_all(inquiry, by=ana).taken == ("training_on_data",)
    assert inquiry.state is State.CLOSED
    assert not assessment.answers.filter(question="DAT-TRN").exists()


def test_a_verdict_that_is_none_judges_nothing(inquiry: Inquiry, ana: User) -> None:
    with pytest.raises(Conflict, match="not handed in"):
        review(inquiry, {}, by=ana)
    answered(inquiry)
    first, second = answer_to(inquiry, "DAT-TRN"), answer_to(inquiry, "training_on_data")
    for wrong in ({second.pk: Verdict("more")}, {second.pk: Verdict("perhaps")}, {0: Verdict("accepted")}):
        with pytest.raises(InvalidInput):
            review(inquiry, {first.pk: Verdict("accepted"), **wrong}, by=ana)
    assert not VendorAnswer.objects.exclude(review="").exists()
    assert not Source.objects.filter(unit__isnull=False).exists()


def test_who_does_not_assess_reviews_nothing(inquiry: Inquiry, ben: User, cleo: User, dora: User) -> None:
    answered(inquiry)
    for person in (ben, cleo, dora):
        with pytest.raises(NotAllowed):
            accept_all(inquiry, by=person)


def test_a_submitted_assessment_stays_as_it_was_submitted(
    inquiry: Inquiry, assessment: Assessment, ana: User
) -> None:
    answered(inquiry)
    submit(assessment, by=ana)
    assert accept_all(inquiry, by=ana).taken == ()
    assert not assessment.answers.exists()
    assessment.refresh_from_db()
    with pytest.raises(Conflict):
        take(assessment, ["DAT-TRN"], by=ana, today=timezone.localdate())


def test_the_source_is_the_units_own(
    inquiry: Inquiry, ana: User, as_ana: Client, as_cleo: Client, as_dora: Client
) -> None:
    accept_all(answered(inquiry), by=ana)
    source = Source.objects.get(unit__isnull=False)
    address = source.get_absolute_url()
    assert [client.get(address).status_code for client in (as_ana, as_cleo, as_dora)] == [200, 404, 200]
    assert source.title not in as_cleo.get("/sources/").content.decode()
    assert as_cleo.get(f"/api/v1/sources/{source.pk}/").status_code == 404


# -- once for many assessments --------------------------------------------------------------------------


def test_what_was_accepted_is_proposed_to_the_next_assessment_and_taken_by_hand(
    inquiry: Inquiry, assessment: Assessment, ana: User
) -> None:
    accept_all(answered(inquiry), by=ana)
    today = timezone.localdate()
    assert proposals(assessment, today) == (), "it has them already"
    later = make_assessment(ana, assessment.unit, offering=assessment.offering, use_case="Letters")
    assert {one.question.key for one in proposals(later, today)} == {
        "DAT-TRN", "training_on_data", "at_rest_countries",
    }  # fmt: skip
    assert not later.answers.exists()
    assert take(later, ["DAT-TRN"], by=ana, today=today) == ("DAT-TRN",)
    taken = later.answers.get()
    assert taken.source == assessment.answers.get(question="DAT-TRN").source
    assert {one.question.key for one in proposals(later, today)} == {"training_on_data", "at_rest_countries"}
    with pytest.raises(InvalidInput, match="not on offer"):
        take(later, ["DAT-TRN"], by=ana, today=today)


def test_it_is_proposed_while_it_holds_and_to_the_unit_alone(
    inquiry: Inquiry, assessment: Assessment, ana: User, cleo: User, research: BusinessUnit
) -> None:
    accept_all(answered(inquiry), by=ana)
    later = make_assessment(ana, assessment.unit, offering=assessment.offering)
    until = answer_to(inquiry, "DAT-TRN").valid_until
    assert until == timezone.localdate() + timedelta(days=365), "a vendor's word keeps its tier for a year"
    assert len(proposals(later, until)) == 3
    assert proposals(later, until + timedelta(days=1)) == ()
    theirs = make_assessment(cleo, research, offering=assessment.offering)
    assert proposals(theirs, timezone.localdate()) == ()


def test_what_is_about_the_company_holds_for_all_it_sells(
    assessment: Assessment, ana: User, procurement: BusinessUnit
) -> None:
    assert "SEC-VUL" in VENDOR_WIDE
    made = make_inquiry(assessment, ana, "SEC-VUL", "DAT-TRN")
    says(made, "SEC-VUL", "1")
    says(made, "DAT-TRN", "0")
    accept_all(hand_in(made, at=timezone.now()), by=ana)
    other = make_offering(seller=assessment.offering.seller)
    offered = proposals(make_assessment(ana, procurement, offering=other), timezone.localdate())
    assert [one.question.key for one in offered] == ["SEC-VUL"]


def test_the_later_inquiry_counts(inquiry: Inquiry, assessment: Assessment, ana: User) -> None:
    accept_all(answered(inquiry), by=ana)
    again = make_inquiry(assessment, ana, "DAT-TRN", assessment=None)
    says(again, "DAT-TRN", "3")
    accept_all(hand_in(again, at=timezone.now()), by=ana)
    (proposal,) = proposals(assessment, timezone.localdate())
    assert (proposal.given.value, proposal.present is not None) == (3, True)


def test_of_two_inquiries_the_one_sent_last_counts_also_while_the_other_is_with_the_vendor_again(
    inquiry: Inquiry, assessment: Assessment, ana: User
) -> None:
    again = make_inquiry(assessment, ana, "DAT-TRN", assessment=None)
    says(again, "DAT-TRN", "3")
    accept_all(hand_in(again, at=timezone.now()), by=ana)
    answered(inquiry)
    more = {answer_to(inquiry, "training_on_data").pk: Verdict("more", "Since when?")}
    review(inquiry, more, by=ana)
    accept_all(inquiry, by=ana)
    services.give_back(inquiry, by=ana)
    later = make_assessment(ana, assessment.unit, offering=assessment.offering)
    found = {one.question.key: one.given.value for one in proposals(later, timezone.localdate())}
    assert found["DAT-TRN"] == 3


# -- what answers mean ----------------------------------------------------------------------------------


def test_what_answers_no_question_of_ours_changes_nothing(
    inquiry: Inquiry, assessment: Assessment, ana: User
) -> None:
    says(inquiry, "", "Ines, at any hour.")
    accept_all(hand_in(inquiry, at=timezone.now()), by=ana)
    assert not assessment.answers.exists()
    assert means(list(VendorAnswer.objects.select_related("question")), {}) is None


def test_an_open_question_of_the_unit_is_answered_by_it(assessment: Assessment, ana: User) -> None:
    seller = assessment.offering.seller
    assert seller is not None
    own = make_question(seller, unit=assessment.unit, offering=assessment.offering)
    questions = [NewQuestion(text=own.text, open_question=own)]
    made = send(draft(seller, assessment.unit, questions, by=ana, contact=GITA), by=ana)
    says(made, "", "By 2027.")
    accept_all(hand_in(made, at=timezone.now()), by=ana)
    found = OpenQuestion.objects.get(pk=own.pk)
    assert (found.state, found.answer) == ("answered", "By 2027.")


def test_the_score_quotes_the_vendor(inquiry: Inquiry, assessment: Assessment, ana: User) -> None:
    accept_all(answered(inquiry), by=ana)
    assessment.refresh_from_db()
    assert f"Answers of GitHub to inquiry {inquiry.pk}" in score(assessment).record
