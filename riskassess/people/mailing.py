"""Mails about accounts, each asked for in the change that needs it and sent by a job, as near to once as mail allows.

As with inquiries: the row is there before the mail goes out, with the id that it will have. What a mail opens is
worked out as it is written, and stands neither in the row nor in the job.
"""

from __future__ import annotations

import uuid
from typing import Any

from allauth.account.forms import default_token_generator
from allauth.account.utils import user_pk_to_url_str
from django.conf import settings
from django.urls import reverse
from django.utils import timezone

from riskassess import marks
from riskassess.accounts.models import User
from riskassess.accounts.roles import Role
from riskassess.accounts.single_sign_on import may_have_password
from riskassess.jobs import letters
from riskassess.jobs.handlers import RunningJob, handles
from riskassess.jobs.services import enqueue
from riskassess.people.models import PersonMail

MAIL = "person_mail"
Written = tuple[str, list[str]]


def post(kind: PersonMail.Kind, to: str, *, by: User | None, **about: Any) -> PersonMail:
    """Asks for one mail. Call it in the transaction of the change."""
    kept_id = letters.message_id(f"person-{uuid.uuid4()}")
    mail = PersonMail.objects.create(kind=kind, to=to, asked_by=by, message_id=kept_id, **about)
    enqueue(MAIL, {"mail": mail.pk}, key=f"{MAIL}:{mail.pk}", by=by)
    return mail


@handles(MAIL)
def send_mail(job: RunningJob) -> dict[str, Any]:
    """Sends one mail, unless it is sent, or what it says is no longer so."""
    beside = (
        "person",
        "asked_by",
        "invitation__unit",
        "invitation__invited_by",
        "emergency__person",
        "emergency__unit",
        "emergency__ended_by",
    )
    mail = PersonMail.objects.select_related(*beside).filter(pk=job.arguments["mail"]).first()
    if mail is None or mail.state != PersonMail.State.SENDING:
        return {"sent": mail is not None and mail.state == PersonMail.State.SENT}
    mine = PersonMail.objects.filter(pk=mail.pk, state=PersonMail.State.SENDING)
    written = WRITERS[PersonMail.Kind(mail.kind)](mail)
    if written is None:
        mine.update(state=PersonMail.State.DROPPED)
        return {"sent": False}
    letters.send(job, mail.to, *written, kept_id=mail.message_id)
    mine.update(state=PersonMail.State.SENT, sent_at=timezone.now())
    return {"sent": True}


def site(address: str) -> str:
    """The whole address of a page."""
    return settings.SITE_URL + address


def _password(mail: PersonMail) -> Written | None:
    person = mail.person
    if person is None or not person.is_active or not may_have_password(person):
        return None
    key = default_token_generator.make_token(person)
    link = reverse("account_reset_password_from_key", args=[user_pk_to_url_str(person), key])
    return "Riskassess: choose a password", [
        f"{person.get_short_name()},",
        "",
        f"{mail.asked_by or 'An administrator'} sends you this link, behind which you choose a new password:",
        site(link),
        "",
        "It works once. The password that you have stays until then.",
    ]


def _second_factor(mail: PersonMail) -> Written | None:
    if mail.person is None:
        return None
    who = mail.asked_by or "An administrator"
    return "Riskassess: your second factor was taken off", [
        f"{mail.person.get_short_name()},",
        "",
        f"{who} has taken all second factors off your account, as for a lost device.",
        "You are signed out everywhere. Sign in with your password and set a new one up:",
        site(reverse("mfa_index")),
        "",
        "Did you not ask for this? Tell an administrator, and change your password.",
    ]


def _invitation(mail: PersonMail) -> Written | None:
    """Who invites, to what, and the link, while that is the one that works."""
    from riskassess.people.invitations import link_of  # which asks for this mail

    invitation = mail.invitation
    if invitation is None or not invitation.is_open or invitation.link_salt != mail.link_salt:
        return None
    role = Role(invitation.role).label.lower()
    until = timezone.localtime(invitation.expires_at)
    return f"{invitation.invited_by} invites you to Riskassess", [
        "Good day,",
        "",
        f"{invitation.invited_by} invites you to Riskassess, where AI models are assessed before they are bought:",
        f"as {role} in {invitation.unit}. Open your account behind this link, which works once:",
        link_of(invitation),
        "",
        f"It works until {marks.day(until.date())} {until:%H:%M}. Whoever has it could open the account.",
    ]


def _emergency(mail: PersonMail) -> Written | None:
    access = mail.emergency
    if access is None:
        return None
    until = timezone.localtime(access.until)
    return f"Riskassess: emergency access for {access.person}", [
        f"{access.person} ({access.person.email}) is {access.label.lower()} in {access.unit}",
        f"until {marks.day(until.date())} {until:%H:%M}. {access.operator} let them in on the console, because:",
        "",
        *access.reason.splitlines(),
        "",
        "It ends by itself. It can be ended before, and what is done meanwhile is read, here:",
        site(reverse("people:list")),
        site(reverse("trail:trail")),
    ]


def _emergency_over(mail: PersonMail) -> Written | None:
    access = mail.emergency
    if access is None:
        return None
    how = f"{access.ended_by} ended it." if access.ended_by else "It ran out."
    return f"Riskassess: emergency access of {access.person} is over", [
        f"{access.person} is no longer {access.label.lower()} in {access.unit}. {how}",
        "What was done meanwhile is in the audit trail:",
        site(reverse("trail:trail")),
    ]


WRITERS = {
    PersonMail.Kind.EMERGENCY: _emergency,
    PersonMail.Kind.EMERGENCY_OVER: _emergency_over,
    PersonMail.Kind.INVITATION: _invitation,
    PersonMail.Kind.PASSWORD: _password,
    PersonMail.Kind.SECOND_FACTOR: _second_factor,
}
