"""A program asks, and reviews what came back; it never sees a link that it may not use."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client

from riskassess.accounts.models import User
from riskassess.assessments.models import Assessment
from riskassess.assessments.scoring import score
from riskassess.jobs.services import drain
from riskassess.questionnaires import set_services, workbook_services
from riskassess.questionnaires.composing import choices
from riskassess.questionnaires.models import Inquiry
from tests.api.calls import read, send, told
from tests.questionnaires.conftest import answered, page_of, question_of
from tests.questionnaires.test_sets import ROWS, sheet_of


@pytest.fixture
def scored(assessment: Assessment) -> Assessment:
    score(assessment)
    assessment.refresh_from_db()
    return assessment


def asked(client: Client, assessment: Assessment, /, **changes: Any) -> Any:
    body = {"assessment": assessment.pk, "contact_name": "Gita Rao", "contact_email": "gita@github.example"}
    return send(client, "post", "inquiries/", body | changes)


def test_the_shortest_route_is_asked_unless_something_else_is_said(
    as_ana: Client, scored: Assessment
) -> None:
    made = asked(as_ana, scored)
    assert made.status_code == 201
    told_of = made.json()
    assert told_of["state"] == "sent"
    inquiry = Inquiry.objects.get(pk=told_of["id"])
    assert told_of["link"].endswith(page_of(inquiry))
    (route, *_) = choices(scored, scored.current_run)
    assert [one["text"] for one in read(as_ana, f"inquiries/{inquiry.pk}/questions/")] == [
        one.new.text for one in route.offered
    ]


def test_keys_and_own_words_are_asked_instead(as_ana: Client, scored: Assessment) -> None:
    made = asked(as_ana, scored, keys=["DAT-TRN", "DAT-TRN"], own=["Who is on call?"], send=False).json()
    assert (made["state"], made["link"]) == ("draft", "")
    questions = read(as_ana, f"inquiries/{made['id']}/questions/")
    assert [(one["key"], one["kind"]) for one in questions] == [("DAT-TRN", "one"), ("", "text")]
    sent = send(as_ana, "post", f"inquiries/{made['id']}/send/").json()
    assert sent["state"] == "sent"
    assert sent["link"]
    told(send(as_ana, "post", f"inquiries/{made['id']}/send/"), 409)


@pytest.mark.parametrize(
    ("wrong", "where"),
    [
        ({"keys": ["personal_data"]}, "key"),
        ({"contact_name": ""}, "contact_name"),
        ({"days": 0}, "days"),
        ({"vendor": 0}, "vendor"),
        ({"assessment": 0}, "assessment"),
    ],
)
def test_what_cannot_be_asked_is_said_where(
    as_ana: Client, scored: Assessment, wrong: dict[str, Any], where: str
) -> None:
    assert told(asked(as_ana, scored, **wrong), 400)["where"] == where
    assert not Inquiry.objects.exists()


def test_no_list_and_no_detail_shows_a_link(as_ana: Client, as_dora: Client, inquiry: Inquiry) -> None:
    for client in (as_ana, as_dora):
        for path in ("inquiries/", f"inquiries/{inquiry.pk}/", f"inquiries/{inquiry.pk}/questions/"):
            text = send(client, "get", path).content.decode()
            assert "/ask/" not in text
            assert "salt" not in text
            assert "hash" not in text


def test_an_answer_that_is_kept_for_a_second_try_holds_no_link_to_read(
    as_ana: Client, scored: Assessment
) -> None:
    body = {"assessment": scored.pk, "contact_name": "Gita Rao"}
    first, again = (
        as_ana.post("/api/v1/inquiries/", body, "application/json", headers={"Idempotency-Key": "ask-gita"})
        for _ in range(2)
    )
    assert again.headers["Idempotent-Replayed"] == "true"
    assert again.json() == first.json()
    token = first.json()["link"].rstrip("/").rsplit("/", 1)[1]
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f'SELECT * FROM "{table}"')
            assert not any(token in str(value) for row in cursor.fetchall() for value in row), table


def test_it_is_extended_reminded_and_revoked(as_ana: Client, inquiry: Inquiry) -> None:
    before = read(as_ana, f"inquiries/{inquiry.pk}/")["expires_at"]
    after = send(as_ana, "post", f"inquiries/{inquiry.pk}/extend/", {"days": 60}).json()["expires_at"]
    assert after > before
    assert send(as_ana, "post", f"inquiries/{inquiry.pk}/remind/").status_code == 200
    assert send(as_ana, "post", f"inquiries/{inquiry.pk}/revoke/").json()["state"] == "revoked"
    told(send(as_ana, "post", f"inquiries/{inquiry.pk}/revoke/"), 409)


def test_answers_are_reviewed_and_set(
    as_ana: Client, inquiry: Inquiry, assessment: Assessment, ana: User
) -> None:
    answered(inquiry)
    drain()
    said = {one["key"]: one for one in read(as_ana, f"inquiries/{inquiry.pk}/questions/") if one["answer"]}
    assert said["DAT-TRN"]["says"] == "Never, contract clause"
    assert said["DAT-TRN"]["answer"]["note"] == "Clause 7 of our terms."
    verdicts = [
        {"answer": said["DAT-TRN"]["answer"]["id"], "review": "accepted"},
        {"answer": said["training_on_data"]["answer"]["id"], "review": "more", "remark": "Since when?"},
    ]
    done = send(as_ana, "post", f"inquiries/{inquiry.pk}/review/", {"verdicts": verdicts})
    assert done.json() == {"judged": 2, "taken": ["DAT-TRN"], "taken_back": []}
    assert assessment.answers.get().question == "DAT-TRN"
    back = send(as_ana, "post", f"inquiries/{inquiry.pk}/give-back/")
    assert back.json()["state"] == "opened"
    wrong = {"verdicts": [{"answer": question_of(inquiry, "stage").pk + 999, "review": "accepted"}]}
    told(send(as_ana, "post", f"inquiries/{inquiry.pk}/review/", wrong), 409)


def test_a_verdict_on_what_has_moved_is_refused(as_ana: Client, inquiry: Inquiry) -> None:
    answered(inquiry)
    seen = next(
        one["answer"] for one in read(as_ana, f"inquiries/{inquiry.pk}/questions/") if one["key"] == "DAT-TRN"
    )
    first = {"answer": seen["id"], "review": "rejected", "seen": seen["version"]}
    done = send(as_ana, "post", f"inquiries/{inquiry.pk}/review/", {"verdicts": [first]})
    assert done.json()["judged"] == 1
    late = first | {"review": "accepted"}
    told(send(as_ana, "post", f"inquiries/{inquiry.pk}/review/", {"verdicts": [late]}), 409)


def test_a_strangers_file_is_opened_before_the_transaction_of_a_key(
    as_ana: Client, inquiry: Inquiry, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A questionnaire and a filled workbook alike: on SQLite nobody else writes while a transaction is open."""
    deep: list[int] = []
    for module, name in ((set_services, "open_upload"), (workbook_services, "opened")):
        opens = getattr(module, name)

        def noted(data: bytes, name: str, opens: Any = opens) -> Any:
            deep.append(len(connection.savepoint_ids))
            return opens(data, name)

        monkeypatch.setattr(module, name, noted)
    outside = len(connection.savepoint_ids)

    def sent(address: str, data: bytes, **fields: str) -> Any:
        file = SimpleUploadedFile("a.xlsx", data)
        return as_ana.post(
            f"/api/v1/{address}", {"file": file, **fields}, headers={"Idempotency-Key": address}
        )

    made = sent("question-sets/", sheet_of(*ROWS), name="House questions")
    taken = sent(f"inquiries/{inquiry.pk}/workbook/", workbook_services.workbook_of(inquiry))
    assert (made.status_code, taken.status_code) == (201, 200), (made.content, taken.content)
    assert deep == [outside, outside]
