"""Mails about inquiries, whatever happens to the worker: none is lost, and a second copy has the same id."""

from __future__ import annotations

from typing import Any

import pytest
from django.core import mail
from django.core.mail import EmailMessage
from django.utils import timezone

from riskassess.accounts.models import User
from riskassess.jobs.models import Job
from riskassess.jobs.services import drain
from riskassess.questionnaires import services
from riskassess.questionnaires.mailing import MAIL
from riskassess.questionnaires.models import Inquiry, InquiryMail
from tests.builders import leases_run_out
from tests.questionnaires.conftest import answered


class Killed(BaseException):
    """The worker is gone: nothing more of it runs."""


@pytest.mark.parametrize(("when", "copies"), [("before", 1), ("after", 2)])
def test_a_killed_worker_loses_no_mail_and_a_second_copy_is_told_by_its_id(
    inquiry: Inquiry, monkeypatch: pytest.MonkeyPatch, when: str, copies: int
) -> None:
    send = EmailMessage.send

    def killed(self: EmailMessage, *args: Any, **options: Any) -> int:
        monkeypatch.setattr(EmailMessage, "send", send)
        if when == "after":
            send(self, *args, **options)
        raise Killed

    monkeypatch.setattr(EmailMessage, "send", killed)
    with pytest.raises(Killed):
        drain()
    assert InquiryMail.objects.get().state == "sending"
    assert leases_run_out() == 1
    Job.objects.filter(state="queued").update(run_after=timezone.now())
    drain()
    assert InquiryMail.objects.get().state == "sent"
    ids = [one.extra_headers["Message-ID"] for one in mail.outbox]
    assert len(ids) == copies
    assert len(set(ids)) == 1


def test_a_job_delivered_twice_sends_once(inquiry: Inquiry) -> None:
    drain()
    Job.objects.filter(kind=MAIL).update(state="queued", finished_at=None, run_after=timezone.now())
    drain()
    assert len(mail.outbox) == 1


def test_a_mail_server_that_is_away_is_tried_again(inquiry: Inquiry, monkeypatch: pytest.MonkeyPatch) -> None:
    def away(self: EmailMessage, *args: Any, **options: Any) -> int:
        raise ConnectionRefusedError

    with monkeypatch.context() as broken:
        broken.setattr(EmailMessage, "send", away)
        drain()
    job = Job.objects.get(kind=MAIL)
    assert (job.state, job.error_message) == ("queued", "The mail could not be sent.")
    Job.objects.update(run_after=timezone.now())
    drain()
    assert len(mail.outbox) == 1


def test_an_invitation_that_comes_too_late_is_not_sent(inquiry: Inquiry) -> None:
    Inquiry.objects.filter(pk=inquiry.pk).update(expires_at=timezone.now())
    drain()
    assert mail.outbox == []
    assert InquiryMail.objects.get().state == "dropped"


def test_who_has_left_hears_of_no_answers(inquiry: Inquiry, ana: User) -> None:
    drain()
    answered(inquiry)
    User.objects.filter(pk=ana.pk).update(is_active=False)
    drain()
    assert [one.to for one in mail.outbox] == [["gita@github.example"]]


def test_no_name_breaks_the_header_of_a_mail(inquiry: Inquiry, ana: User) -> None:
    drain()
    assert inquiry.offering is not None
    type(inquiry.offering).objects.filter(pk=inquiry.offering_id).update(name="MAI\nBcc: all@example.com")
    services.remind(inquiry, by=ana)
    drain()
    sent = mail.outbox[-1]
    assert "\n" not in sent.subject
    assert sent.recipients() == ["gita@github.example"]
