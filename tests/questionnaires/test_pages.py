"""Ana's pages: from the decision to the sent link, what came back, and what others of the company see of it."""

from __future__ import annotations

import re

import pytest
from django.test import Client
from django.urls import reverse

from riskassess.accounts.models import BusinessUnit, User
from riskassess.assessments import services as assessing
from riskassess.assessments.answers import Given
from riskassess.assessments.models import Assessment
from riskassess.assessments.scoring import score
from riskassess.catalog.models import Offering
from riskassess.jobs.models import Job
from riskassess.questionnaires.composing import choices
from riskassess.questionnaires.links import link_of
from riskassess.questionnaires.models import Inquiry, InquiryQuestion
from riskassess.questionnaires.reviewing import accept_all
from riskassess.questionnaires.states import State
from tests.builders import make_assessment, make_offering, make_question
from tests.queries import FRAME, assert_queries
from tests.questionnaires.conftest import answered, make_inquiry, question_of


@pytest.fixture
def scored(assessment: Assessment) -> Assessment:
    score(assessment)
    assessment.refresh_from_db()
    return assessment


def form_of(html: str) -> list[str]:
    """The ids of the questions that are ticked."""
    return re.findall(r'name="question" value="([^"]+)" checked', html)


def test_from_the_decision_to_the_sent_link_in_two_clicks(as_ana: Client, scored: Assessment) -> None:
    decision = as_ana.get(reverse("reports:decision", args=[scored.pk])).content.decode()
    address = reverse("questionnaires:ask", args=[scored.pk])
    assert f'href="{address}"' in decision
    html = as_ana.get(address).content.decode()
    ticked = form_of(html)
    assert ticked, "the shortest route is chosen already"
    assert scored.offering.seller is not None
    sent = {
        "question": ticked,
        "vendor": scored.offering.seller.pk,
        "contact_name": "Gita Rao",
        "contact_email": "gita@github.example",
        "days": "14",
        "own": "Who is on call?\n\n  Where?  ",
        "then": "send",
    }
    answer = as_ana.post(address, sent, follow=True)
    inquiry = Inquiry.objects.get()
    html = answer.content.decode()
    assert answer.redirect_chain == [(inquiry.get_absolute_url(), 302)]
    assert link_of(inquiry) in html
    assert "a mail with it goes to gita@github.example" in html
    texts = list(inquiry.questions.values_list("text", flat=True))
    assert texts[-2:] == ["Who is on call?", "Where?"]
    assert len(texts) == len(ticked) + 2
    assert Job.objects.filter(kind="inquiry_mail").count() == 1


def test_the_route_comes_first_and_nothing_is_offered_twice(scored: Assessment) -> None:
    sections = choices(scored, scored.current_run)
    assert [section.chosen for section in sections] == [True, *[False] * (len(sections) - 1)]
    ids = [one.id for section in sections for one in section.offered]
    assert len(ids) == len(set(ids))
    keys = {one.new.key for section in sections for one in section.offered}
    assert not keys & {"personal_data", "use", "profile.D", "flag.P"}


def test_the_contact_is_the_one_of_last_time(as_ana: Client, scored: Assessment, ana: User) -> None:
    make_inquiry(scored, ana)
    html = as_ana.get(reverse("questionnaires:ask", args=[scored.pk])).content.decode()
    assert 'value="Gita Rao"' in html
    assert 'value="gita@github.example"' in html


def test_what_is_refused_keeps_what_was_typed(as_ana: Client, scored: Assessment) -> None:
    address = reverse("questionnaires:ask", args=[scored.pk])
    assert scored.offering.seller is not None
    sent = {"vendor": scored.offering.seller.pk, "contact_name": "Gita Rao", "days": "14", "message": "Soon?"}
    html = as_ana.post(address, sent).content.decode()
    assert "Nothing is asked." in html
    assert "Soon?" in html
    assert form_of(html) == []
    assert not Inquiry.objects.exists()


def test_an_open_question_can_be_sent_as_it_stands(as_ana: Client, scored: Assessment) -> None:
    listed = make_question(scored.offering.seller, "Since when?", unit=scored.unit, offering=scored.offering)
    html = as_ana.get(reverse("questionnaires:ask", args=[scored.pk])).content.decode()
    (chosen,) = re.findall(r'name="question" value="([^"]+)"><span>Since when\?', html)
    sent = {
        "question": chosen, "vendor": listed.vendor_id, "contact_name": "Gita", "days": "7", "then": "draft",
    }  # fmt: skip
    as_ana.post(reverse("questionnaires:ask", args=[scored.pk]), sent)
    question = InquiryQuestion.objects.get()
    assert question.open_question == listed
    assert question.inquiry.state is State.DRAFT
    html = as_ana.post(
        reverse("questionnaires:send", args=[question.inquiry_id]), follow=True
    ).content.decode()
    assert "The link" in html


def test_an_offering_of_nobody_cannot_be_asked_about(
    as_ana: Client, ana: User, procurement: BusinessUnit
) -> None:
    lonely = make_assessment(ana, procurement, offering=make_offering())
    answer = as_ana.get(reverse("questionnaires:ask", args=[lonely.pk]))
    assert answer.status_code == 400
    assert "Record its seller" in answer.content.decode()


def test_remind_extend_and_revoke_on_the_page(as_ana: Client, inquiry: Inquiry) -> None:
    for verb, words in (
        ("remind", "A reminder is on its way."),
        ("extend", "The link lives on."),
        ("revoke", "The link is closed."),
        ("remind", "can no longer be answered"),
    ):
        html = as_ana.post(
            reverse(f"questionnaires:{verb}", args=[inquiry.pk]), {"days": "30"}, follow=True
        ).content.decode()
        assert words in html
    assert "Revoked" in html
    assert "by Ana Ferreira" in html
    assert link_of(inquiry) not in html


def test_answers_stand_beside_what_is_known_and_are_judged_one_by_one(
    as_ana: Client, inquiry: Inquiry, scored: Assessment
) -> None:
    address = reverse("questionnaires:review", args=[inquiry.pk])
    assert "Keep these verdicts" not in as_ana.get(address).content.decode(), "nothing is handed in yet"
    answered(inquiry)
    html = as_ana.get(address).content.decode()
    for words in ("Never, contract clause", "Clause 7 of our terms.", "Declined to say", "Not answered",
                  "If you accept all that waits", "Accept all 3 that wait"):  # fmt: skip
        assert words in html
    pk = question_of(inquiry, "DAT-TRN").answer.pk
    more = question_of(inquiry, "training_on_data").answer.pk
    refused = as_ana.post(address, {f"a{more}-review": "more"})
    assert refused.status_code == 422
    assert "Say what is missing." in refused.content.decode()
    sent = {f"a{pk}-review": "accepted", f"a{more}-review": "more", f"a{more}-remark": "Since when?"}
    html = as_ana.post(address, sent, follow=True).content.decode()
    assert "2 reviewed, 1 set in the assessment." in html
    assert "Give it back to the vendor" in html
    html = as_ana.post(reverse("questionnaires:give_back", args=[inquiry.pk]), follow=True).content.decode()
    assert "Given back" in html
    assert link_of(inquiry) in html


def test_a_remark_without_a_verdict_is_told_and_not_lost(as_ana: Client, inquiry: Inquiry) -> None:
    answered(inquiry)
    pk = question_of(inquiry, "DAT-TRN").answer.pk
    address = reverse("questionnaires:review", args=[inquiry.pk])
    refused = as_ana.post(address, {f"a{pk}-remark": "Which clause of which terms?"})
    assert refused.status_code == 422
    assert "There is no verdict." in refused.content.decode()
    assert "Which clause of which terms?" in refused.content.decode()


def test_everything_is_accepted_by_one_button(as_ana: Client, inquiry: Inquiry) -> None:
    answered(inquiry)
    address = reverse("questionnaires:review", args=[inquiry.pk])
    html = as_ana.post(address, {"then": "accept_all"}, follow=True).content.decode()
    assert "3 reviewed, 3 set in the assessment." in html
    assert "GitHub to inquiry" in html, "what stands here now names its source"


def test_what_was_told_before_is_taken_by_one_button(as_ana: Client, inquiry: Inquiry, ana: User) -> None:
    accept_all(answered(inquiry), by=ana)
    later = make_assessment(ana, inquiry.unit, offering=Offering.objects.get(pk=inquiry.offering_id))
    assessing.answer(later, "profile.D", Given("known", 3), by=ana)
    assessing.answer(later, "DAT-TRN", Given("known", 3), by=ana)
    address = reverse("questionnaires:told", args=[later.pk])
    html = as_ana.get(address).content.decode()
    assert "Take all 3" in html
    assert "Never, contract clause: “Clause 7 of our terms.”" in html, (
        "the answer apart from the vendor's words"
    )
    assert '<p class="text">Here it says now: Opt-out available, not exercised.</p>' in html
    assert ">Vendor declined to say" in html
    part = as_ana.get(address, headers={"HX-Request": "true"}).content.decode()
    assert part.startswith('<p class="notice')
    assert "answered 3 of these questions before" in part
    assert address in as_ana.get(reverse("assessments:answers", args=[later.pk])).content.decode()
    assert f"Answers of GitHub to inquiry {inquiry.pk}" in html
    html = as_ana.post(address, {"key": ["DAT-TRN"]}, follow=True).content.decode()
    assert "1 taken over" in html
    assert later.answers.get(question="DAT-TRN").value == 0


def test_other_units_find_nothing_and_who_only_reads_changes_nothing(
    as_cleo: Client, as_ben: Client, as_dora: Client, inquiry: Inquiry, scored: Assessment
) -> None:
    answered(inquiry)
    reads = [("inquiry", inquiry.pk), ("review", inquiry.pk), ("told", scored.pk)]
    writes = [(name, inquiry.pk) for name in ("send", "revoke", "remind", "extend", "give_back", "review")]
    writes += [("told", scored.pk), ("ask", scored.pk)]
    for name, pk in reads:
        address = reverse(f"questionnaires:{name}", args=[pk])
        assert as_cleo.get(address).status_code == 404, address
        for client in (as_ben, as_dora):
            html = client.get(address).content.decode()
            assert "/ask/" not in html, "the link is for those who may ask"
            assert '<form method="post"' not in html.split("<main", 1)[1], address
    for name, pk in writes:
        address = reverse(f"questionnaires:{name}", args=[pk])
        assert as_cleo.post(address, {"days": "7"}).status_code == 404, address
        for client in (as_ben, as_dora):
            assert client.post(address, {"days": "7", "then": "accept_all"}).status_code == 403, address
    assert "GitHub" not in as_cleo.get(reverse("questionnaires:list")).content.decode()


@pytest.mark.parametrize("count", [1, 12])
def test_the_list_asks_the_same_of_the_database_however_long_it_is(
    as_ana: Client, assessment: Assessment, ana: User, count: int
) -> None:
    for _ in range(count):
        make_inquiry(assessment, ana, "DAT-TRN")
    address = reverse("questionnaires:list")
    html = as_ana.get(address).content.decode()
    assert html.count("0 of 2") == count
    reasons = (
        *FRAME, "which rows", "the rows",
    )  # fmt: skip
    assert_queries(as_ana, address, reasons)


@pytest.mark.parametrize("keys", [("DAT-TRN",), ("DAT-TRN", "training_on_data", "stage", "SEC-VUL", "sms")])
def test_an_inquiry_asks_the_same_of_the_database_however_much_it_asks(
    as_ana: Client, assessment: Assessment, ana: User, keys: tuple[str, ...]
) -> None:
    made = make_inquiry(assessment, ana, *keys)
    reasons = (
        *FRAME, "the inquiry",
        "its questions with answers", "what is asked for", "its mails",
    )  # fmt: skip
    assert_queries(as_ana, made.get_absolute_url(), reasons)


def test_it_is_found_by_state(as_ana: Client, inquiry: Inquiry) -> None:
    address = reverse("questionnaires:list")
    assert "GitHub" in as_ana.get(f"{address}?state=sent").content.decode()
    assert "Nothing matches" in as_ana.get(f"{address}?state=answered").content.decode()


def test_what_came_back_waits_on_the_first_page_for_who_assesses(
    as_ana: Client, as_ben: Client, as_cleo: Client, inquiry: Inquiry, ana: User
) -> None:
    address = reverse("questionnaires:review", args=[inquiry.pk])
    assert address not in as_ana.get("/").content.decode()
    answered(inquiry)
    assert address in as_ana.get("/").content.decode()
    for client in (as_ben, as_cleo):
        assert address not in client.get("/").content.decode()
    accept_all(inquiry, by=ana)
    assert address not in as_ana.get("/").content.decode()
