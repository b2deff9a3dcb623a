"""Ana has accepted what GitHub says and thinks better of it: nothing of it counts any more, here or elsewhere."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from riskassess.accounts.models import User
from riskassess.assessments import services as assessments
from riskassess.assessments.answers import Given
from riskassess.assessments.models import Assessment
from riskassess.evidence.models import Claim, OpenQuestion
from riskassess.jobs.models import Job
from riskassess.questionnaires import services
from riskassess.questionnaires.asked import NewQuestion
from riskassess.questionnaires.models import Inquiry, VendorAnswer
from riskassess.questionnaires.reusing import take
from riskassess.questionnaires.reviewing import Verdict, accept_all, review
from riskassess.questionnaires.services import draft, hand_in, send
from riskassess.questionnaires.states import State
from tests.builders import make_assessment, make_question
from tests.questionnaires.conftest import GITA, answered, question_of, says

REJECTED = Verdict("rejected", "Their terms say otherwise.")


def answer_to(inquiry: Inquiry, key: str) -> VendorAnswer:
    return VendorAnswer.objects.get(question=question_of(inquiry, key))


@pytest.mark.parametrize("verdict", [REJECTED, Verdict("more", "Since when?")])
def test_the_assessment_no_longer_says_it_and_is_scored_anew(
    inquiry: Inquiry, assessment: Assessment, ana: User, verdict: Verdict
) -> None:
    accept_all(answered(inquiry), by=ana)
    before = Job.objects.filter(kind="score").count()
    done = review(inquiry, {answer_to(inquiry, "DAT-TRN").pk: verdict}, by=ana)
    assert (done.judged, done.taken, done.taken_back) == (1, (), ("DAT-TRN",))
    assert {one.question for one in assessment.answers.all()} == {"training_on_data", "at_rest_countries"}
    assert Job.objects.filter(kind="score").count() == before + 1


def test_other_drafts_that_took_it_no_longer_say_it_and_submitted_ones_stay(
    inquiry: Inquiry, assessment: Assessment, ana: User
) -> None:
    accept_all(answered(inquiry), by=ana)
    open_one, submitted = (
        make_assessment(ana, assessment.unit, offering=assessment.offering) for _ in range(2)
    )
    for one in (open_one, submitted):
        take(one, ["DAT-TRN"], by=ana, today=timezone.localdate())
    assessments.submit(submitted, by=ana)
    review(inquiry, {answer_to(inquiry, "DAT-TRN").pk: REJECTED}, by=ana)
    assert not open_one.answers.exists()
    assert submitted.answers.exists()


def test_what_ana_has_said_on_another_ground_since_stays(
    inquiry: Inquiry, assessment: Assessment, ana: User
) -> None:
    accept_all(answered(inquiry), by=ana)
    assessments.answer(assessment, "DAT-TRN", Given("known", 2, note="Read it myself."), by=ana)
    done = review(inquiry, {answer_to(inquiry, "DAT-TRN").pk: REJECTED}, by=ana)
    assert done.taken_back == ()
    assert assessment.answers.get(question="DAT-TRN").value == 2


def test_what_is_left_of_several_answers_counts_alone(assessment: Assessment, ana: User) -> None:
    seller = assessment.offering.seller
    assert seller is not None
    levels = {"0": 0, "2": 2}
    choices = (("0", "Yes"), ("2", "In part"))
    asked = [
        NewQuestion(text=text, kind="one", key="SEC-IAM", choices=choices, levels=levels)
        for text in ("Single sign-on?", "Roles?")
    ]
    terms = {"by": ana, "contact": GITA, "offering": assessment.offering, "assessment": assessment}
    made = send(draft(seller, assessment.unit, asked, **terms), by=ana)  # type: ignore[arg-type]
    for question, value in zip(made.questions.order_by("position"), ("0", "2"), strict=True):
        VendorAnswer.objects.create(question=question, state="known", value=value, answered_at=timezone.now())
    accept_all(hand_in(made, at=timezone.now()), by=ana)
    assert assessment.answers.get().value == [0, 2]
    done = review(made, {VendorAnswer.objects.get(value="0").pk: REJECTED}, by=ana)
    assert done.taken_back == ("SEC-IAM",)
    assert assessment.answers.get().value == [2, 4]


def test_the_units_claim_goes_and_says_the_new_words_when_they_are_accepted(
    inquiry: Inquiry, ana: User
) -> None:
    says(inquiry, "", "Ines, at any hour.")
    accept_all(hand_in(inquiry, at=timezone.now()), by=ana)
    assert Claim.objects.get().statement == "Ines, at any hour."
    review(inquiry, {answer_to(inquiry, "").pk: Verdict("more", "At weekends too?")}, by=ana)
    assert not Claim.objects.exists()
    services.give_back(inquiry, by=ana)
    says(inquiry, "", "Ines, on weekdays.", note="Since May.")
    accept_all(hand_in(inquiry, at=timezone.now()), by=ana)
    claim = Claim.objects.get()
    assert claim.statement == "Ines, on weekdays.\n\nSince May."
    assert claim.links.get().quote == "Ines, on weekdays."


def test_the_open_question_is_open_again(assessment: Assessment, ana: User) -> None:
    seller = assessment.offering.seller
    assert seller is not None
    own = make_question(seller, unit=assessment.unit, offering=assessment.offering)
    asked = [NewQuestion(text=own.text, open_question=own)]
    made = send(draft(seller, assessment.unit, asked, by=ana, contact=GITA), by=ana)
    says(made, "", "By 2027.")
    accept_all(hand_in(made, at=timezone.now()), by=ana)
    pk = answer_to(made, "").pk
    for verdict, state in ((Verdict("more", "Which month?"), "asked"), (REJECTED, "open")):
        review(made, {pk: verdict}, by=ana)
        found = OpenQuestion.objects.get(pk=own.pk)
        assert (found.state, found.answer) == (state, "")
        review(made, {pk: Verdict("accepted")}, by=ana)
        assert OpenQuestion.objects.get(pk=own.pk).answer == "By 2027."
    OpenQuestion.objects.filter(pk=own.pk).update(answer="By June 2027, says their filing.")
    review(made, {pk: REJECTED}, by=ana)
    assert OpenQuestion.objects.get(pk=own.pk).state == "answered", "somebody has put other words there"


# -- one verdict of many, and two who judge ------------------------------------------------------------------


def form_of(client: Client, inquiry: Inquiry) -> dict[str, str]:
    """What the browser would send of the review page as it stands."""
    page = client.get(reverse("questionnaires:review", args=[inquiry.pk])).context
    found = {}
    for line in page["lines"]:
        if line.answer:
            name = f"a{line.answer.pk}"
            found |= {f"{name}-seen": line.answer.version, f"{name}-was": line.was}
            found |= {f"{name}-remark": line.remark}
            found |= {f"{name}-review": line.verdict} if line.verdict else {}
    return found


def test_saving_one_verdict_leaves_the_others_as_they_were_judged(
    inquiry: Inquiry, assessment: Assessment, ana: User, as_ana: Client
) -> None:
    accept_all(answered(inquiry), by=ana)
    assessments.answer(assessment, "training_on_data", Given("known", True, note="Seen it."), by=ana)
    before = {one.pk: one.reviewed_at for one in VendorAnswer.objects.all()}
    pk = answer_to(inquiry, "DAT-TRN").pk
    address = reverse("questionnaires:review", args=[inquiry.pk])
    html = as_ana.post(address, form_of(as_ana, inquiry) | {f"a{pk}-review": "rejected"}, follow=True)
    assert "1 reviewed, 0 set, 1 taken back." in html.content.decode()
    moved = {one.pk for one in VendorAnswer.objects.all() if one.reviewed_at != before[one.pk]}
    assert moved == {pk}
    assert assessment.answers.get(question="training_on_data").value is True, (
        "her own answer is not overwritten"
    )


def test_two_who_judge_one_answer_are_told_and_nothing_is_lost(
    inquiry: Inquiry, ana: User, as_ana: Client
) -> None:
    answered(inquiry)
    first, second = (answer_to(inquiry, key).pk for key in ("DAT-TRN", "training_on_data"))
    shown = form_of(as_ana, inquiry)
    review(inquiry, {first: Verdict("rejected", "Clause 9.")}, by=ana)
    address = reverse("questionnaires:review", args=[inquiry.pk])
    late = as_ana.post(address, shown | {f"a{first}-review": "accepted", f"a{second}-review": "accepted"})
    assert late.status_code == 409
    assert "Ana Ferreira has judged this since you looked." in late.content.decode()
    assert not VendorAnswer.objects.filter(review="accepted").exists(), "all or none"
    lines = {line.answer.pk: line for line in late.context["lines"] if line.answer}
    assert (lines[first].verdict, lines[second].verdict) == ("accepted", "accepted"), (
        "what was chosen is still there"
    )
    other = as_ana.post(address, shown | {f"a{second}-review": "accepted"})
    assert other.status_code == 302, "what nobody touched does not clash"
    assert VendorAnswer.objects.get(pk=first).review == "rejected"


def test_accepting_all_accepts_what_was_looked_at(inquiry: Inquiry, ana: User, as_ana: Client) -> None:
    answered(inquiry)
    shown = form_of(as_ana, inquiry)
    pk = answer_to(inquiry, "DAT-TRN").pk
    review(inquiry, {pk: Verdict("more", "Since when?")}, by=ana)
    services.give_back(inquiry, by=ana)
    says(inquiry, "DAT-TRN", "4")
    hand_in(inquiry, at=timezone.now())
    address = reverse("questionnaires:review", args=[inquiry.pk])
    late = as_ana.post(address, shown | {"then": "accept_all"})
    assert late.status_code == 409
    assert "Question 1: The answer has changed since you looked." in late.content.decode()
    assert as_ana.post(address, form_of(as_ana, inquiry) | {"then": "accept_all"}).status_code == 302
    inquiry.refresh_from_db()
    assert inquiry.state is State.CLOSED
