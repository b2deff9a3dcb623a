"""Ben returns what ana submitted and says why; she puts it right, question by question, and submits again."""

from __future__ import annotations

import pytest
from django.test import Client

from riskassess.accounts.models import BusinessUnit, User
from riskassess.assessments import services
from riskassess.assessments.models import Assessment, Remark
from riskassess.assessments.remarks import NewRemark, resolve
from riskassess.jobs.services import drain
from riskassess.kernel.errors import Conflict, InvalidInput, NotAllowed
from tests.api.calls import read, send, told
from tests.builders import make_assessment
from tests.queries import FRAME, assert_queries

REMARKS = (NewRemark("Who is the owner?"), NewRemark("Names of customers are personal.", "profile.D"))


@pytest.fixture
def submitted(ana: User, procurement: BusinessUnit) -> Assessment:
    draft = make_assessment(ana, procurement)
    services.submit(draft, by=ana)
    drain()
    draft.refresh_from_db()
    return draft


@pytest.fixture
def returned(submitted: Assessment, ben: User) -> Assessment:
    services.return_for_changes(submitted, REMARKS, by=ben)
    return submitted


def test_nothing_is_returned_without_a_word(submitted: Assessment, ben: User) -> None:
    for remarks, says in (
        ([], "what is to be put right"),
        ([NewRemark("  ")], "no words"),
        ([NewRemark("More.", "favourite_colour")], "no question"),
    ):
        with pytest.raises(InvalidInput, match=says):
            services.return_for_changes(submitted, remarks, by=ben)
    submitted.refresh_from_db()
    assert submitted.state == "submitted"
    assert not Remark.objects.exists()


def test_it_goes_back_to_the_approver_once_every_remark_is_resolved(
    returned: Assessment, ana: User, ben: User, cleo: User
) -> None:
    with pytest.raises(Conflict, match="2 remarks are still open"):
        services.submit(returned, by=ana)
    overall, one = returned.remarks.all()
    for stranger in (ben, cleo):
        with pytest.raises(NotAllowed):
            resolve(overall, by=stranger)
    resolve(overall, by=ana)
    with pytest.raises(Conflict, match="1 remark is still open"):
        services.submit(returned, by=ana)
    resolve(one, by=ana)
    services.submit(returned, by=ana)
    assert (returned.state, overall.resolved_by) == ("submitted", ana)


def test_ben_returns_it_on_the_page_and_what_he_typed_survives_a_refusal(
    as_ben: Client, submitted: Assessment
) -> None:
    address = f"/assessments/{submitted.pk}/return/"
    sent = {"overall": "", "remark-0-question": "profile.D", "remark-0-text": ""}
    page = as_ben.post(address, sent).content.decode()
    assert "A remark has no words" in page
    page = as_ben.post(address, {"overall": "Say more.", "remark-1-text": "On all again"}, follow=True)
    assert "Returned to Ana Ferreira, with your remarks." in page.content.decode()
    assert [str(one) for one in Remark.objects.all()] == ["Overall: Say more.", "Overall: On all again"]


def test_ana_finds_each_remark_at_its_question_and_resolves_it(
    as_ana: Client, as_dora: Client, returned: Assessment
) -> None:
    address = f"/assessments/{returned.pk}/answers/"
    page = as_ana.get(address, {"section": "data"}).content.decode()
    assert "Returned: 2 remarks to resolve" in page
    assert 'href="?section=data#q-profile-D"' in page
    question = page[page.index('id="q-profile-D"') :]
    assert "Names of customers are personal." in question
    first = returned.remarks.get(question="")
    assert "Resolved" not in as_dora.get(address).content.decode(), "an auditor reads"
    refused = as_ana.post(f"/assessments/{returned.pk}/submit/", follow=True).content.decode()
    assert "2 remarks are still open" in refused
    as_ana.post(f"/assessments/{returned.pk}/remarks/{first.pk}/resolve/")
    assert "Returned: 1 remark to resolve" in as_ana.get(address).content.decode()


def test_ben_sees_at_the_next_submission_what_was_done_about_his_remarks(
    as_ben: Client, returned: Assessment, ana: User
) -> None:
    for one in returned.remarks.all():
        resolve(one, by=ana)
    services.submit(returned, by=ana)
    drain()
    page = as_ben.get(f"/assessments/{returned.pk}/decision/").content.decode()
    assert "Remarks when it was returned" in page
    assert "resolved by Ana Ferreira" in page


def test_an_outsider_finds_no_remark(as_cleo: Client, returned: Assessment) -> None:
    remark = returned.remarks.first()
    assert remark is not None
    assert as_cleo.post(f"/assessments/{returned.pk}/remarks/{remark.pk}/resolve/").status_code == 404
    assert as_cleo.post(f"/assessments/{returned.pk}/return/").status_code == 404
    told(send(as_cleo, "get", f"assessments/{returned.pk}/remarks/"), 404)


def test_over_the_api(as_ana: Client, as_ben: Client, submitted: Assessment) -> None:
    at = f"assessments/{submitted.pk}"
    told(send(as_ben, "post", f"{at}/return/", {"remarks": []}), 400)
    sent = {"remarks": [{"text": "Personal?", "question": "profile.D"}]}
    assert send(as_ben, "post", f"{at}/return/", sent).json()["state"] == "draft"
    remark = read(as_ana, f"{at}/remarks/")[0]
    told(send(as_ana, "post", f"{at}/submit/"), 409)
    told(send(as_ben, "post", f"{at}/remarks/{remark['id']}/resolve/"), 403)
    assert send(as_ana, "post", f"{at}/remarks/{remark['id']}/resolve/").json()["resolved_at"]
    assert send(as_ana, "post", f"{at}/submit/").status_code == 202


def test_what_stands_beside_the_form_costs_a_query_each(as_ana: Client, returned: Assessment) -> None:
    reasons = (
        "the assessment", "the appetite", "the offering", "answers", "values",
        "claims", "documents behind answers", "places", "prices", "open questions", "controls",
        "the answers by question", "the remarks", "the comments", "the documents by question",
        "documents to choose from",
    )  # fmt: skip
    assert_queries(as_ana, f"/assessments/{returned.pk}/answers/", (*FRAME, *reasons))
