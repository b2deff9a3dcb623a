"""What people say to each other at a question or on the whole; it moves no score and holds nothing up."""

from __future__ import annotations

import pytest
from django.test import Client

from riskassess.accounts.models import BusinessUnit, User
from riskassess.assessments import commenting, services
from riskassess.assessments.models import Assessment, Comment
from riskassess.assessments.record import record_of
from riskassess.assessments.remarks import NewRemark
from riskassess.assessments.scoring import judge_now
from riskassess.kernel.errors import InvalidInput, NotAllowed
from tests.api.calls import read, send, told
from tests.builders import make_assessment

KEY = "profile.D"


@pytest.fixture
def draft(ana: User, procurement: BusinessUnit) -> Assessment:
    return make_assessment(ana, procurement)


def test_it_is_no_part_of_the_judgement_and_holds_nothing_up(draft: Assessment, ana: User, ben: User) -> None:
    before = record_of(judge_now(draft))["result_id"]
    commenting.comment(draft, "Is this the new contract?", by=ben, question=KEY)
    assert record_of(judge_now(draft))["result_id"] == before
    services.submit(draft, by=ana)
    commenting.comment(draft, "Seen.", by=ben)
    assert draft.state == "submitted"


def test_who_reads_only_and_who_is_elsewhere_do_not_speak(
    draft: Assessment, dora: User, cleo: User, ana: User
) -> None:
    for stranger in (dora, cleo):
        with pytest.raises(NotAllowed):
            commenting.comment(draft, "Hm.", by=stranger)
    with pytest.raises(InvalidInput, match="no words"):
        commenting.comment(draft, "  ", by=ana)
    with pytest.raises(InvalidInput, match="no question"):
        commenting.comment(draft, "Hm.", by=ana, question="favourite_colour")


def test_the_thread_at_a_question_has_remarks_and_comments_in_order(
    as_ana: Client, as_dora: Client, draft: Assessment, ana: User, ben: User
) -> None:
    commenting.comment(draft, "Names are in the letters.", by=ana, question=KEY)
    services.submit(draft, by=ana)
    services.return_for_changes(draft, [NewRemark("Then it is personal.", KEY)], by=ben)
    address = f"/assessments/{draft.pk}/answers/?section=data"
    page = as_ana.get(address).content.decode()
    thread = page[page.index('id="talk-profile-D"') :]
    assert thread.index("Names are in the letters.") < thread.index("Then it is personal.")
    assert "remark, when it was returned" in thread
    assert "2 comments, 2 open" in page
    assert "Add the comment" not in as_dora.get(address).content.decode()


def test_ben_comments_on_the_page_with_and_without_scripts(
    as_ben: Client, draft: Assessment, ben: User
) -> None:
    where = f"/assessments/{draft.pk}/comments/"
    page = as_ben.post(where, {"text": "On all of it <b>", "question": ""}, follow=True).content.decode()
    assert "On all of it &lt;b&gt;" in page
    part = as_ben.post(where, {"text": "At this one", "question": KEY}, headers={"hx-request": "true"})
    text = part.content.decode()
    assert "At this one" in text
    assert 'id="count-profile-D" hx-swap-oob="true">1 comment, 1 open' in text
    assert "<html" not in text
    assert "no words" in as_ben.post(where, {"text": " "}, headers={"hx-request": "true"}).content.decode()
    one = Comment.objects.get(question=KEY)
    settled = as_ben.post(f"{where}{one.pk}/resolve/", headers={"hx-request": "true"}).content.decode()
    assert "resolved by Ben Lindqvist" in settled
    as_ben.post(f"{where}{one.pk}/reopen/")
    one.refresh_from_db()
    assert one.resolved_by is None


def test_an_outsider_reaches_none_of_it(as_cleo: Client, draft: Assessment, ana: User) -> None:
    one = commenting.comment(draft, "Ours.", by=ana)
    assert as_cleo.post(f"/assessments/{draft.pk}/comments/", {"text": "Hm."}).status_code == 404
    assert as_cleo.post(f"/assessments/{draft.pk}/comments/{one.pk}/resolve/").status_code == 404
    told(send(as_cleo, "get", f"assessments/{draft.pk}/comments/"), 404)


def test_over_the_api(as_ana: Client, as_dora: Client, draft: Assessment) -> None:
    where = f"assessments/{draft.pk}/comments/"
    made = send(as_ana, "post", where, {"text": "Which clause?", "question": KEY})
    assert made.status_code == 201
    told(send(as_ana, "post", where, {"text": ""}), 400)
    told(send(as_dora, "post", where, {"text": "Hm."}), 403)
    number = made.json()["id"]
    assert send(as_ana, "post", f"{where}{number}/resolve/").json()["resolved_by"]
    assert send(as_ana, "post", f"{where}{number}/reopen/").json()["resolved_at"] is None
    assert [one["text"] for one in read(as_dora, where)] == ["Which clause?"]
