"""Several questions of a questionnaire bear on one factor: what is said joins, what is not said is no good news."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from riskassess.accounts.models import User
from riskassess.assessments.models import Assessment
from riskassess.assessments.scoring import judge_now
from riskassess.questionnaires import services
from riskassess.questionnaires.asked import NewQuestion
from riskassess.questionnaires.entries import read
from riskassess.questionnaires.models import Inquiry, VendorAnswer
from riskassess.questionnaires.reusing import proposals, take
from riskassess.questionnaires.reviewing import Verdict, accept_all, review
from tests.builders import make_assessment
from tests.questionnaires.conftest import GITA

PARTS = (("Single sign-on?", "1.1"), ("Exportable logs?", "1.2"), ("Roles?", "1.3"))


@pytest.fixture
def inquiry(assessment: Assessment, ana: User) -> Inquiry:
    """Three questions on access, each with what yes and no mean for it."""
    seller = assessment.offering.seller
    assert seller is not None
    levels = {"true": [0, 1], "false": 3}
    questions = [
        NewQuestion(text=text, kind="bool", key="SEC-IAM", levels=levels, code=code) for text, code in PARTS
    ]
    made = services.draft(
        seller, assessment.unit, questions, by=ana, contact=GITA, offering=assessment.offering,
        assessment=assessment,
    )  # fmt: skip
    return services.send(made, by=ana)


def handed_in(inquiry: Inquiry, *said: str) -> Inquiry:
    """Gita says so to the three in their order: true, false, a state, or nothing."""
    for question, word in zip(inquiry.questions.order_by("position"), said, strict=True):
        if word in {"true", "false"}:
            services.keep(question, read(question, "known", word), at=timezone.now())
        elif word:
            services.keep(question, read(question, word, ()), at=timezone.now())
    return services.hand_in(inquiry, at=timezone.now())


def test_part_good_and_part_bad_is_somewhere_between(
    inquiry: Inquiry, assessment: Assessment, ana: User
) -> None:
    accept_all(handed_in(inquiry, "true", "false", "true"), by=ana)
    found = assessment.answers.get(question="SEC-IAM")
    assert (found.value, found.note) == ([0, 3], "")


@pytest.mark.parametrize("silence", ["", "unknown", "declined"])
def test_saying_nothing_of_one_part_leaves_the_worst_possible(
    inquiry: Inquiry, assessment: Assessment, ana: User, silence: str
) -> None:
    accept_all(handed_in(inquiry, "true", silence, "true"), by=ana)
    found = assessment.answers.get(question="SEC-IAM")
    assert found.value == [0, 4]
    assert found.note == (
        "Of the 3 questions asked about this, 1 has no answer that was accepted, so the worst is not ruled out."
    )


@pytest.mark.parametrize("verdict", ["", "rejected", "more"])
def test_a_part_that_is_not_accepted_leaves_the_worst_possible(
    inquiry: Inquiry, assessment: Assessment, ana: User, verdict: str
) -> None:
    handed_in(inquiry, "true", "true", "false")
    first, second, third = VendorAnswer.objects.order_by("question__position").values_list("pk", flat=True)
    verdicts = {first: Verdict("accepted"), second: Verdict("accepted")}
    review(inquiry, verdicts | ({third: Verdict(verdict, "Since when?")} if verdict else {}), by=ana)
    assert assessment.answers.get(question="SEC-IAM").value == [0, 4]


def test_it_is_the_same_for_the_next_assessment(inquiry: Inquiry, assessment: Assessment, ana: User) -> None:
    accept_all(handed_in(inquiry, "true", "", "true"), by=ana)
    later = make_assessment(ana, assessment.unit, offering=assessment.offering)
    today = timezone.localdate()
    (proposal,) = proposals(later, today)
    assert proposal.given.value == [0, 4]
    take(later, ["SEC-IAM"], by=ana, today=today)
    assert later.answers.get().value == [0, 4]
    assert proposals(later, today) == ()


def test_what_the_page_foretells_holds_with_what_was_accepted_before(
    inquiry: Inquiry, assessment: Assessment, ana: User, as_ana: Client
) -> None:
    handed_in(inquiry, "false", "true", "true")
    first, *_ = VendorAnswer.objects.order_by("question__position")
    review(inquiry, {first.pk: Verdict("accepted")}, by=ana)
    html = as_ana.get(reverse("questionnaires:review", args=[inquiry.pk])).content.decode()
    accept_all(inquiry, by=ana)
    assert assessment.answers.get(question="SEC-IAM").value == [0, 3]
    low, high = judge_now(assessment).result.shown
    assert f"<b>{low}–{high}</b>" in html.split("If you accept all that waits")[1]
