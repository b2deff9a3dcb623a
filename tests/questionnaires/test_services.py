"""Ana asks, gita answers: what is sent, kept, closed, and to whom."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.conf import LazySettings
from django.core import mail
from django.db import connection
from django.test import Client
from django.utils import timezone

from riskassess.accounts.models import BusinessUnit, User
from riskassess.assessments.models import Assessment
from riskassess.jobs.services import drain
from riskassess.kernel.errors import Conflict, InvalidInput, NotAllowed
from riskassess.questionnaires import services
from riskassess.questionnaires.asked import NewQuestion, askable, question_for_key
from riskassess.questionnaires.links import hash_of, link_of
from riskassess.questionnaires.models import Inquiry, VendorAnswer
from riskassess.questionnaires.services import Contact, draft
from riskassess.questionnaires.states import State
from riskassess.trail.models import Entry
from tests.builders import make_assessment, make_question
from tests.questionnaires.conftest import GITA, answered, make_inquiry, page_of, question_of, says


def test_what_is_sent_goes_to_the_contact_with_its_link(inquiry: Inquiry, ana: User) -> None:
    assert inquiry.state is State.SENT
    drain()
    (sent,) = mail.outbox
    assert sent.to == ["gita@github.example"]
    assert sent.reply_to == [ana.email]
    body = str(sent.body)
    assert link_of(inquiry) in body
    assert "Ana Ferreira (Procurement) asks you 6 questions" in body
    assert "We decide next week." in body
    assert inquiry.assessment is not None
    assert inquiry.assessment.use_case not in body, "what it is for is the buyer's own"


def test_the_link_stands_nowhere_in_the_database(inquiry: Inquiry) -> None:
    drain()
    token = link_of(inquiry).rstrip("/").rsplit("/", 1)[1]
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f'SELECT * FROM "{table}"')
            assert not any(token in str(value) for row in cursor.fetchall() for value in row), table
    assert inquiry.token_hash == hash_of(token)


def test_another_secret_makes_no_wrong_link(inquiry: Inquiry, settings: LazySettings) -> None:
    settings.SECRET_KEY = "another secret of the site, as long as one has to be to be taken for one"
    with pytest.raises(Conflict, match="another secret"):
        link_of(inquiry)


def test_a_changed_secret_that_is_kept_as_an_earlier_one_leaves_the_link(
    inquiry: Inquiry, settings: LazySettings
) -> None:
    link = link_of(inquiry)
    settings.SECRET_KEY_FALLBACKS = ["one that was never used here, and is long enough", settings.SECRET_KEY]
    settings.SECRET_KEY = "another secret of the site, as long as one has to be to be taken for one"
    assert link_of(inquiry) == link


def test_the_days_of_a_link_count_from_when_it_is_sent(assessment: Assessment, ana: User) -> None:
    seller = assessment.offering.seller
    assert seller is not None
    made = draft(seller, assessment.unit, [NewQuestion(text="Since when?")], by=ana, contact=GITA, days=10)
    month = timedelta(days=30)
    Inquiry.objects.update(created_at=made.created_at - month, expires_at=made.expires_at - month)
    made.refresh_from_db()
    sent = services.send(made, by=ana)
    assert sent.state is State.SENT
    assert (timezone.localdate(sent.expires_at) - timezone.localdate()).days == 10


def test_a_draft_is_nobodys_to_answer_and_is_sent_once(assessment: Assessment, ana: User) -> None:
    seller = assessment.offering.seller
    assert seller is not None
    made = draft(seller, assessment.unit, [question_for_key("DAT-TRN")], by=ana, contact=GITA)
    assert made.state is State.DRAFT
    with pytest.raises(Conflict, match="not sent yet"):
        link_of(made)
    with pytest.raises(Conflict):
        says(made, "DAT-TRN", "0")
    services.send(made, by=ana)
    with pytest.raises(Conflict, match="sent already"):
        services.send(made, by=ana)
    drain()
    assert len(mail.outbox) == 1


def test_without_an_address_no_mail_goes_out_and_nobody_is_reminded(
    assessment: Assessment, ana: User
) -> None:
    made = make_inquiry(assessment, ana, contact=Contact("Gita Rao"))
    drain()
    assert mail.outbox == []
    assert link_of(made)
    with pytest.raises(Conflict, match="No mail address"):
        services.remind(made, by=ana)


@pytest.mark.parametrize(
    ("wrong", "where"),
    [
        ({"contact": Contact("  ")}, "contact_name"),
        ({"contact": Contact("Gita", "no address")}, "contact_email"),
        ({"days": 0}, "days"),
        ({"days": 91}, "days"),
        ({"message": "m" * 2001}, "message"),
    ],
)
def test_what_cannot_be_sent_is_refused_by_name(
    assessment: Assessment, ana: User, wrong: dict[str, object], where: str
) -> None:
    with pytest.raises(InvalidInput) as refused:
        make_inquiry(assessment, ana, **wrong)
    assert refused.value.where == where
    assert not Inquiry.objects.exists()


def test_nothing_and_far_too_much_are_no_inquiry(assessment: Assessment, ana: User) -> None:
    seller = assessment.offering.seller
    assert seller is not None
    for questions in ([], [NewQuestion(text="Why?")] * 301):
        with pytest.raises(InvalidInput):
            draft(seller, assessment.unit, questions, by=ana, contact=GITA)


def test_an_assessment_of_another_unit_is_not_asked_for(
    assessment: Assessment, ana: User, cleo: User, research: BusinessUnit
) -> None:
    theirs = make_assessment(cleo, research, offering=assessment.offering)
    with pytest.raises(InvalidInput, match="another offering or unit"):
        make_inquiry(assessment, ana, assessment=theirs)


def test_only_who_assesses_asks_sends_and_revokes(
    assessment: Assessment, inquiry: Inquiry, ben: User, dora: User, cleo: User
) -> None:
    for person in (ben, dora, cleo):
        with pytest.raises(NotAllowed):
            make_inquiry(assessment, person)
        for verb in (services.revoke, services.remind, services.give_back):
            with pytest.raises(NotAllowed):
                verb(inquiry, by=person)  # type: ignore[operator]
        with pytest.raises(NotAllowed):
            services.extend(inquiry, 7, by=person)


def test_what_only_the_buyer_knows_cannot_be_asked() -> None:
    assert not {"profile.D", "flag.P", "use", "personal_data", "claims"} & askable().keys()
    with pytest.raises(InvalidInput, match="no question that a vendor can answer"):
        question_for_key("personal_data")


def test_no_weight_and_no_reference_of_the_method_is_sent(inquiry: Inquiry) -> None:
    question = question_of(inquiry, "DAT-TRN")
    assert "weight" not in question.help
    assert question.choices[0] == ["0", "Never, contract clause"]


def test_an_answer_is_kept_changed_and_taken_back(inquiry: Inquiry) -> None:
    first = says(inquiry, "at_rest_countries", "Germany, fr; uk")
    assert first is not None
    assert first.value == ["DE", "FR", "GB"]
    second = says(inquiry, "at_rest_countries", state="unknown", note="We ask our host.")
    assert second is not None
    assert (second.pk, second.state, second.value, second.note) == (
        first.pk, "unknown", None, "We ask our host.",
    )  # fmt: skip
    assert says(inquiry, "at_rest_countries", state="") is None
    assert not VendorAnswer.objects.exists()
    inquiry.refresh_from_db()
    assert inquiry.last_saved_at is not None


def test_handing_in_closes_the_link_and_tells_who_asked(inquiry: Inquiry, ana: User) -> None:
    with pytest.raises(InvalidInput, match="Nothing is answered"):
        services.hand_in(inquiry, at=timezone.now())
    answered(inquiry)
    assert inquiry.state is State.ANSWERED
    with pytest.raises(Conflict):
        says(inquiry, "DAT-TRN", "1")
    with pytest.raises(Conflict):
        services.hand_in(inquiry, at=timezone.now())
    drain()
    told = mail.outbox[-1]
    assert told.to == [ana.email]
    assert f"/inquiries/{inquiry.pk}/review/" in str(told.body)


def test_an_expired_link_lives_on_once_it_is_extended(inquiry: Inquiry, ana: User) -> None:
    Inquiry.objects.filter(pk=inquiry.pk).update(expires_at=timezone.now() - timedelta(minutes=1))
    inquiry.refresh_from_db()
    assert inquiry.state is State.EXPIRED
    with pytest.raises(Conflict):
        says(inquiry, "DAT-TRN", "0")
    link = link_of(inquiry)
    services.extend(inquiry, 7, by=ana)
    assert says(inquiry, "DAT-TRN", "0") is not None
    assert link_of(inquiry) == link


def test_what_was_revoked_stays_so_and_its_mails_are_dropped(inquiry: Inquiry, ana: User) -> None:
    services.revoke(inquiry, by=ana)
    assert (inquiry.state, inquiry.revoked_by) == (State.REVOKED, ana)
    drain()
    assert mail.outbox == []
    assert inquiry.mails.get().state == "dropped"
    for verb in (services.revoke, services.remind, services.give_back):
        with pytest.raises(Conflict):
            verb(inquiry, by=ana)  # type: ignore[operator]
    with pytest.raises(Conflict):
        services.extend(inquiry, 7, by=ana)


def test_a_reminder_names_the_same_link(inquiry: Inquiry, ana: User) -> None:
    services.remind(inquiry, by=ana)
    drain()
    assert [one.subject.startswith("Reminder: ") for one in mail.outbox] == [False, True]
    assert link_of(inquiry) in str(mail.outbox[1].body)


def test_the_database_says_of_each_what_its_state_says(
    inquiry: Inquiry, ana: User, assessment: Assessment
) -> None:
    others = [make_inquiry(assessment, ana) for _ in range(4)]
    services.revoke(others[0], by=ana)
    answered(others[1])
    Inquiry.objects.filter(pk=others[2].pk).update(expires_at=timezone.now())
    services.opened(others[3], at=timezone.now())
    now = timezone.now()
    for state in State:
        found = set(Inquiry.objects.in_state(state, now))
        assert found == {one for one in Inquiry.objects.all() if one.state is state}, state


def test_an_open_question_of_the_unit_is_asked_then(assessment: Assessment, ana: User) -> None:
    own = make_question(assessment.offering.seller, unit=assessment.unit, offering=assessment.offering)
    everybodys = make_question(assessment.offering.seller, offering=assessment.offering)
    seller = assessment.offering.seller
    assert seller is not None
    questions = [NewQuestion(text=one.text, open_question=one) for one in (own, everybodys)]
    services.send(draft(seller, assessment.unit, questions, by=ana, contact=GITA), by=ana)
    own.refresh_from_db()
    everybodys.refresh_from_db()
    assert (own.state, everybodys.state) == ("asked", "open"), "another unit learns nothing of it"


def test_a_link_of_one_inquiry_opens_no_other(inquiry: Inquiry, assessment: Assessment, ana: User) -> None:
    other = make_inquiry(assessment, ana)
    assert page_of(inquiry) != page_of(other)


def test_the_trail_tells_who_sent_and_revoked_and_what_came_by_the_link(
    as_ana: Client, client: Client, inquiry: Inquiry, ana: User
) -> None:
    question = question_of(inquiry, "training_on_data")
    client.post(page_of(inquiry, f"{question.pk}/"), {f"q{question.pk}-value": "false"})
    as_ana.post(f"/inquiries/{inquiry.pk}/revoke/")
    about = Entry.objects.filter(about_kind="questionnaires.inquiry", about_id=inquiry.pk)
    told = {(one.kind, one.through, one.actor_id) for one in about.order_by("pk")}
    assert ("questionnaires.vendoranswer", "a vendor's link", None) in told
    assert ("questionnaires.inquiry", "page", ana.pk) in told
    assert inquiry.token_hash not in str([one.changes for one in about]), (
        "nor is the hash of the link kept there"
    )
