"""Mail about dates: to whom, of what, once a day, whatever happens to the worker that sends it."""

from __future__ import annotations

import smtplib
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.conf import LazySettings
from django.core import mail
from django.core.mail import EmailMessage
from django.utils import timezone

from riskassess.accounts.models import BusinessUnit, User
from riskassess.accounts.roles import Role
from riskassess.assessments.decisions import RiskAcceptance
from riskassess.assessments.models import Assessment, Mitigation, Reminder
from riskassess.assessments.reminding import MAIL, MORNING, due_for, look, whom_to_remind
from riskassess.jobs.models import Job
from riskassess.jobs.services import drain
from tests.builders import (
    leases_run_out,
    let_it_stand,
    make_assessment,
    make_decision,
    make_mitigation,
    make_person,
    make_run,
)

MORNING_AT = datetime(2026, 11, 24, 7, 30, tzinfo=UTC)
DAY = MORNING_AT.date()


@pytest.fixture(autouse=True)
def _morning(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("riskassess.assessments.reminding.timezone.localtime", lambda: MORNING_AT)


@pytest.fixture
def approved(ana: User, ben: User, procurement: BusinessUnit) -> Assessment:
    """By ben, for ana; reviewed in three days, one condition late, one far off."""
    decision = make_decision(make_run(make_assessment(ana, procurement)), ben)
    decision.conditions.create(text="Name the owner", owner="Ana Ferreira", due_on=DAY - timedelta(days=2))
    decision.conditions.create(text="Far off", due_on=DAY + timedelta(days=40))
    return let_it_stand(decision, review_on=DAY + timedelta(days=3))


def morning() -> list[EmailMessage]:
    look()
    drain()
    return list(mail.outbox)


def test_who_assessed_and_who_decided_get_one_mail_with_all_that_is_due(
    approved: Assessment, ana: User, ben: User, cleo: User
) -> None:
    sent = morning()
    assert sorted(one.to[0] for one in sent) == [ana.email, ben.email]
    body = str(sent[0].body)
    assert "2 days late: condition to be met: Name the owner (Ana Ferreira)" in body
    assert "2026-11-27: due for review: reassess" in body
    assert f"/assessments/{approved.pk}/" in body
    assert "Far off" not in body
    assert sent[0].subject == "Riskassess: 2 dates to see to, 1 late"
    assert Reminder.objects.filter(state="sent", dates=2).count() == 2


def test_looking_again_sends_nothing_again_that_day_but_the_next(
    approved: Assessment, monkeypatch: pytest.MonkeyPatch
) -> None:
    morning()
    assert len(morning()) == 2
    Job.objects.filter(kind=MAIL).update(state="queued", finished_at=None)  # delivered twice
    assert len(morning()) == 2
    next_day = MORNING_AT + timedelta(days=1)
    monkeypatch.setattr("riskassess.assessments.reminding.timezone.localtime", lambda: next_day)
    assert len(morning()) == 4


def test_nobody_is_written_to_before_six_or_where_it_is_turned_off(
    approved: Assessment, monkeypatch: pytest.MonkeyPatch, settings: LazySettings
) -> None:
    night = MORNING_AT.replace(hour=5)
    monkeypatch.setattr("riskassess.assessments.reminding.timezone.localtime", lambda: night)
    assert morning() == []
    monkeypatch.setattr("riskassess.assessments.reminding.timezone.localtime", lambda: MORNING_AT)
    settings.REMINDERS = False
    assert morning() == []


def test_where_nothing_is_due_there_is_no_job(ana: User, procurement: BusinessUnit) -> None:
    make_assessment(ana, procurement)
    assert morning() == []
    assert not Job.objects.filter(kind=MORNING).exists()


def test_an_owner_is_known_by_name_or_address_and_reads_only_their_unit(
    approved: Assessment, cleo: User, procurement: BusinessUnit
) -> None:
    gerd = make_person("Gerd Voss", (procurement, Role.REQUESTER))
    assert approved.decision is not None
    for owner in ("GERD VOSS", cleo.email):
        approved.decision.conditions.create(text=f"By {owner}", owner=owner, due_on=DAY)
    assert {gerd.pk, cleo.pk} <= set(whom_to_remind(DAY))
    assert [one.what for one in due_for(gerd, DAY)] == ["condition to be met: By GERD VOSS (GERD VOSS)"]
    assert due_for(cleo, DAY) == [], "it is of a unit that she does not read"
    assert cleo.email not in {one.to[0] for one in morning()}


def test_an_accepted_risk_that_runs_out_is_called_so(approved: Assessment, ana: User, ben: User) -> None:
    assert approved.decision is not None
    assert approved.review_on is not None
    RiskAcceptance.objects.create(
        decision=approved.decision, accepted_by=ben, reason="Small.", expires_on=approved.review_on
    )
    assert "the accepted risk runs out: reassess" in [one.what for one in due_for(ana, DAY)]


def test_a_control_is_due_to_who_owns_it_and_who_assessed_until_it_is_verified(
    ana: User, procurement: BusinessUnit
) -> None:
    gerd = make_person("Gerd Voss", (procurement, Role.REQUESTER))
    control = make_mitigation(
        make_assessment(ana, procurement), "Filter names", owner="Gerd Voss", due_on=DAY + timedelta(days=2)
    )
    assert set(whom_to_remind(DAY)) == {ana.pk, gerd.pk}
    (due,) = due_for(gerd, DAY)
    assert due.what == "control proposed, not verified yet: Filter names (Gerd Voss)"
    assert due.address == control.get_absolute_url()
    Mitigation.objects.update(status="verified", evidence="Seen at work.")
    assert due_for(gerd, DAY) == []
    assert morning() == []


def test_who_has_left_is_not_written_to(approved: Assessment, ana: User, ben: User) -> None:
    User.objects.filter(pk=ana.pk).update(is_active=False)
    assert [one.to[0] for one in morning()] == [ben.email]


class Killed(BaseException):
    """The worker is gone: nothing more of it runs."""


def dies(when: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """The next mail kills its worker, before the server has it or right after."""
    send = EmailMessage.send

    def killed(self: EmailMessage, *args: Any, **options: Any) -> int:
        monkeypatch.setattr(EmailMessage, "send", send)
        if when == "after":
            send(self, *args, **options)
        raise Killed

    monkeypatch.setattr(EmailMessage, "send", killed)


@pytest.mark.parametrize(("when", "copies"), [("before", 1), ("after", 2)])
def test_a_killed_worker_loses_no_mail_and_a_second_copy_is_told_by_its_id(
    approved: Assessment, ana: User, monkeypatch: pytest.MonkeyPatch, when: str, copies: int
) -> None:
    dies(when, monkeypatch)
    look()
    with pytest.raises(Killed):
        drain()
    assert Reminder.objects.get().state == "sending"
    assert leases_run_out() == 1  # its lease runs out, another takes the job up
    Job.objects.filter(state="queued").update(run_after=timezone.now())
    drain()
    ids = [one.extra_headers["Message-ID"] for one in mail.outbox]
    assert len(set(ids)) == 2, "both people have theirs"
    assert ids.count(ids[0]) == copies
    assert not Reminder.objects.exclude(state="sent").exists()


def test_a_mail_server_that_is_down_is_tried_again(
    approved: Assessment, monkeypatch: pytest.MonkeyPatch
) -> None:
    send = EmailMessage.send

    def refuses(self: EmailMessage, *args: Any, **options: Any) -> int:
        raise smtplib.SMTPServerDisconnected("gone")

    monkeypatch.setattr(EmailMessage, "send", refuses)
    assert morning() == []
    waiting = Job.objects.filter(kind=MAIL, state="queued")
    assert {job.error_message for job in waiting} == {"The mail could not be sent."}
    monkeypatch.setattr(EmailMessage, "send", send)
    waiting.update(run_after=timezone.now())
    drain()
    assert len(mail.outbox) == 2
