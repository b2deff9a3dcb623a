"""Mails about inquiries, each asked for in the change that needs it and sent by a job, as near to once as mail allows.

The row is there before the mail goes out, with the id that it will have; the row that says sent is never sent
again. A worker killed in between loses none: another takes the job up. One killed after the server took the mail
and before the row says so leaves a second copy under the same Message-ID, by which mailboxes drop it.
"""

from __future__ import annotations

import uuid
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils import timezone

from riskassess import marks
from riskassess.accounts.models import User
from riskassess.jobs import letters
from riskassess.jobs.handlers import RunningJob, handles
from riskassess.jobs.services import enqueue
from riskassess.questionnaires.links import link_of
from riskassess.questionnaires.models import Inquiry, InquiryMail

MAIL = "inquiry_mail"


def post(inquiry: Inquiry, kind: str, *, by: User | None) -> InquiryMail | None:
    """Asks for one mail; None where nobody has an address. Call it in the transaction of the change."""
    to = inquiry.created_by.email if kind == InquiryMail.Kind.HANDED_IN else inquiry.contact_email
    if not to:
        return None
    kept_id = letters.message_id(f"inquiry-{uuid.uuid4()}")
    mail = InquiryMail.objects.create(inquiry=inquiry, kind=kind, to=to, message_id=kept_id, asked_by=by)
    enqueue(MAIL, {"mail": mail.pk}, key=f"{MAIL}:{mail.pk}", unit=inquiry.unit, by=by)
    return mail


@handles(MAIL)
def send_mail(job: RunningJob) -> dict[str, Any]:
    """Sends one mail, unless it is sent, or what it says is no longer so."""
    mail = (
        InquiryMail.objects.select_related(
            "inquiry__vendor", "inquiry__offering", "inquiry__unit", "inquiry__created_by"
        )
        .filter(pk=job.arguments["mail"])
        .first()
    )
    if mail is None or mail.state != InquiryMail.State.SENDING:
        return {"sent": mail is not None and mail.state == InquiryMail.State.SENT}
    mine = InquiryMail.objects.filter(pk=mail.pk, state=InquiryMail.State.SENDING)
    if not _still_so(mail):
        mine.update(state=InquiryMail.State.DROPPED)
        return {"sent": False}
    inquiry = mail.inquiry
    to_us = mail.kind == InquiryMail.Kind.HANDED_IN
    subject, lines = _to_who_asked(inquiry) if to_us else _to_the_contact(mail)
    reply_to = [] if to_us else [inquiry.created_by.email]
    letters.send(job, mail.to, subject, lines, kept_id=mail.message_id, reply_to=reply_to)
    mine.update(state=InquiryMail.State.SENT, sent_at=timezone.now())
    return {"sent": True}


def _still_so(mail: InquiryMail) -> bool:
    """A mail with a link is of use while the link can be answered; news of answers always is."""
    if mail.kind == InquiryMail.Kind.HANDED_IN:
        return mail.inquiry.created_by.is_active
    return mail.inquiry.is_with_the_vendor


def _to_who_asked(inquiry: Inquiry) -> tuple[str, list[str]]:
    return (
        f"Riskassess: {inquiry.vendor} has answered",
        [
            f"{inquiry.contact_name} of {inquiry.vendor} has handed in answers about {inquiry.about}.",
            "Nothing of it counts before you have reviewed it:",
            "",
            settings.SITE_URL + reverse("questionnaires:review", args=[inquiry.pk]),
        ],
    )


OPENINGS = {
    InquiryMail.Kind.INVITATION: "{who} asks you {count} about {about}.",
    InquiryMail.Kind.REMINDER: "{who} still waits for answers about {about}: {count}.",
    InquiryMail.Kind.RETURNED: "{who} has read your answers about {about} and asks for more on some of them.",
}


def _to_the_contact(mail: InquiryMail) -> tuple[str, list[str]]:
    """Who asks, about what, until when, and the link; nothing of what the answers are for."""
    inquiry = mail.inquiry
    number = inquiry.questions.count()
    count = f"{number} question{'' if number == 1 else 's'}"
    who = f"{inquiry.created_by} ({inquiry.unit})"
    opening = OPENINGS[InquiryMail.Kind(mail.kind)].format(who=who, count=count, about=inquiry.about)
    lines = [f"{inquiry.contact_name},", "", opening]
    if inquiry.message and mail.kind == InquiryMail.Kind.INVITATION:
        lines += ["", *inquiry.message.splitlines()]
    lines += [
        "",
        "No account is needed. Whoever has this link can answer, so pass it on with care:",
        link_of(inquiry),
        "",
        f"It can be answered until {marks.day(timezone.localdate(inquiry.expires_at))}.",
    ]
    subject = f"Questions about {inquiry.about}"
    return (f"Reminder: {subject}" if mail.kind == InquiryMail.Kind.REMINDER else subject), lines
