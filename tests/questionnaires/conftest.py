"""An inquiry of Procurement to GitHub about an offering that ana assesses; gita is their contact."""

from __future__ import annotations

from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone

from riskassess.accounts.models import BusinessUnit, User
from riskassess.assessments.models import Assessment
from riskassess.questionnaires.asked import NewQuestion, question_for_key
from riskassess.questionnaires.entries import read
from riskassess.questionnaires.links import link_of
from riskassess.questionnaires.models import Inquiry, InquiryQuestion, VendorAnswer
from riskassess.questionnaires.services import Contact, draft, hand_in, keep, send
from tests.builders import make_assessment, make_model, make_offering, make_vendor

GITA = Contact("Gita Rao", "gita@github.example")
KEYS = ("DAT-TRN", "training_on_data", "at_rest_countries", "gpai_placed_eu", "stage")


@pytest.fixture
def assessment(ana: User, procurement: BusinessUnit) -> Assessment:
    seller = make_vendor("GitHub")
    offering = make_offering(make_model(developer=make_vendor("Microsoft")), seller=seller)
    return make_assessment(ana, procurement, offering=offering)


def make_inquiry(assessment: Assessment, by: User, /, *keys: str, **changes: Any) -> Inquiry:
    """A sent one; its last question is in words."""
    questions = [question_for_key(key) for key in keys or KEYS]
    vendor = changes.pop("vendor", assessment.offering.seller)
    assert vendor is not None
    terms: dict[str, Any] = {
        "by": by,
        "contact": GITA,
        "offering": assessment.offering,
        "assessment": assessment,
        "message": "We decide next week.",
    }
    made = draft(
        vendor, assessment.unit, [*questions, NewQuestion(text="Who is on call?")], **terms | changes
    )
    return send(made, by=by)


@pytest.fixture
def inquiry(assessment: Assessment, ana: User) -> Inquiry:
    return make_inquiry(assessment, ana)


def question_of(inquiry: Inquiry, key: str) -> InquiryQuestion:
    return inquiry.questions.get(key=key)


def says(inquiry: Inquiry, key: str, *raw: str, state: str = "known", note: str = "") -> VendorAnswer | None:
    """What gita says to the question of that key; the one in words has none."""
    question = question_of(inquiry, key)
    return keep(question, read(question, state, raw, note), at=timezone.now())


def answered(inquiry: Inquiry) -> Inquiry:
    """Gita answers three of the questions and hands in."""
    says(inquiry, "DAT-TRN", "0", note="Clause 7 of our terms.")
    says(inquiry, "training_on_data", "false")
    says(inquiry, "at_rest_countries", state="declined")
    return hand_in(inquiry, at=timezone.now())


def page_of(inquiry: Inquiry, part: str = "") -> str:
    """The path behind the link."""
    path = "/ask/" + link_of(inquiry).split("/ask/")[1]
    assert path == reverse("ask:page", args=[path.split("/")[2]])
    return path + part
