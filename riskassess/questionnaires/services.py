"""What people do with an inquiry: draft, send, answer, hand in, give back, revoke, extend, remind.

Every verb checks the right it needs and moves by a guarded UPDATE, so that of two who try one moves it. The
contact has no account: for them, holding the link is the right, and `keep` and `hand_in` ask no more.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.utils import timezone

from riskassess.accounts.models import BusinessUnit, User
from riskassess.accounts.roles import Can
from riskassess.assessments.models import Assessment
from riskassess.catalog.models import Offering, Vendor
from riskassess.evidence.models import OpenQuestion
from riskassess.kernel.errors import Conflict, InvalidInput, NotAllowed
from riskassess.questionnaires.asked import MOST_QUESTIONS, NewQuestion, as_row
from riskassess.questionnaires.entries import Entry, said, version_of
from riskassess.questionnaires.links import hash_of, new_salt, token_of
from riskassess.questionnaires.mailing import post
from riskassess.questionnaires.models import (
    Inquiry,
    InquiryMail,
    InquiryQuestion,
    QuestionSet,
    SetUse,
    VendorAnswer,
)

DAYS = 14  # how long a link lives unless somebody says otherwise
MOST_DAYS = 90
MESSAGE_LENGTH = 2_000


@dataclass(frozen=True, slots=True)
class Contact:
    """Whom to write to; without an address the link is passed on by hand."""

    name: str
    email: str = ""


class AnsweredMeanwhile(Conflict):
    """The question was answered otherwise since it was shown. `theirs` is what is kept; None: it was taken back."""

    def __init__(self, question: InquiryQuestion, theirs: VendorAnswer | None) -> None:
        now = f"answered “{said(question, theirs)[:120]}”" if theirs else "taken back"
        super().__init__(
            f"This was {now} meanwhile, in another window or by a colleague; yours is not kept.",
            hint="Reload the page to leave it so, or save once more to put yours in its place.",
            where=f"Question {question.position}",
        )
        self.theirs = theirs


@transaction.atomic
def draft(
    vendor: Vendor,
    unit: BusinessUnit,
    questions: Sequence[NewQuestion],
    *,
    by: User,
    contact: Contact,
    offering: Offering | None = None,
    assessment: Assessment | None = None,
    message: str = "",
    days: int = DAYS,
    sets: Iterable[QuestionSet] = (),
) -> Inquiry:
    """An inquiry with its questions, not sent yet: nobody outside sees it. Raises NotAllowed, InvalidInput.

    `sets` are those that some of the questions come from: from now on they stay as they are.
    """
    may_ask(unit, by=by)
    contact = _checked_contact(contact)
    if assessment is not None and (assessment.unit_id, assessment.offering) != (unit.pk, offering):
        raise InvalidInput("That assessment is of another offering or unit.", where="assessment")
    if not questions:
        raise InvalidInput("Nothing is asked.", hint="Choose a question, or write one.", where="questions")
    if len(questions) > MOST_QUESTIONS:
        raise InvalidInput(
            f"{len(questions)} questions are too many for one inquiry.",
            hint=f"{MOST_QUESTIONS} at most; nobody answers more.",
            where="questions",
        )
    if len(message) > MESSAGE_LENGTH:
        raise InvalidInput(
            "The message is too long.", hint=f"{MESSAGE_LENGTH:,} characters at most.", where="message"
        )
    inquiry = Inquiry.objects.create(
        vendor=vendor,
        offering=offering,
        assessment=assessment,
        unit=unit,
        contact_name=contact.name,
        contact_email=contact.email,
        message=message.strip(),
        created_by=by,
        link_salt=new_salt(),
        expires_at=_in_days(days),
    )
    InquiryQuestion.objects.bulk_create(
        as_row(inquiry.pk, position, new) for position, new in enumerate(questions, 1)
    )
    SetUse.objects.bulk_create(SetUse(inquiry=inquiry, question_set=one) for one in sets)
    return inquiry


@transaction.atomic
def send(inquiry: Inquiry, *, by: User) -> Inquiry:
    """Makes the link and asks for the mail; from now on the questions stay as they are, and the days count."""
    may_ask(inquiry.unit, by=by)
    made = hash_of(token_of(inquiry.pk, inquiry.link_salt))
    unsent = Inquiry.objects.filter(pk=inquiry.pk, sent_at__isnull=True, revoked_at__isnull=True)
    lives = timezone.localdate(inquiry.expires_at) - timezone.localdate(inquiry.created_at)
    if not unsent.update(sent_at=timezone.now(), token_hash=made, expires_at=_in_days(lives.days)):
        raise Conflict("It is sent already.", hint="Reload the page.")
    inquiry.refresh_from_db()
    OpenQuestion.objects.filter(
        unit=inquiry.unit_id, state=OpenQuestion.State.OPEN, inquiry_questions__inquiry=inquiry
    ).update(state=OpenQuestion.State.ASKED)
    post(inquiry, InquiryMail.Kind.INVITATION, by=by)
    return inquiry


@transaction.atomic
def keep(
    question: InquiryQuestion,
    entry: Entry,
    *,
    at: datetime,
    came_by: str = VendorAnswer.CameBy.LINK,
    entered_by: User | None = None,
    seen: str | None = None,
) -> VendorAnswer | None:
    """Keeps one answer, or takes it back where `entry.state` is empty: the one way an answer comes in.

    `seen` is the `version_of` what was shown when it was typed: AnsweredMeanwhile where something else is kept now.
    Raises Conflict once the inquiry is no longer with the vendor, and for an answer that was reviewed.
    """
    inquiry = with_the_vendor(question.inquiry_id)
    open_question(question)
    if seen is not None:
        now = VendorAnswer.objects.filter(question=question).first()
        if version_of(now) not in {seen, version_of(entry)}:
            raise AnsweredMeanwhile(question, now)
    Inquiry.objects.filter(pk=inquiry.pk).update(last_saved_at=at)
    if not entry.state:
        VendorAnswer.objects.filter(question=question).delete()
        return None
    values: dict[str, Any] = {
        "state": entry.state,
        "value": entry.value,
        "note": entry.note,
        "answered_at": at,
        "came_by": came_by,
        "entered_by": entered_by,
    }
    kept, _ = VendorAnswer.objects.update_or_create(question=question, defaults=values)
    return kept


def opened(inquiry: Inquiry, *, at: datetime) -> None:
    """Notes when the link was first opened."""
    Inquiry.objects.filter(pk=inquiry.pk, first_opened_at__isnull=True).update(first_opened_at=at)


@transaction.atomic
def hand_in(inquiry: Inquiry, *, at: datetime) -> Inquiry:
    """The vendor is done: the link is closed, and who asked is told. Raises Conflict where it was closed before."""
    found = with_the_vendor(inquiry.pk)
    if not VendorAnswer.objects.filter(question__inquiry=inquiry).exists():
        raise InvalidInput("Nothing is answered yet.", hint="Answer one question at least, then hand in.")
    Inquiry.objects.filter(pk=found.pk).update(handed_in_at=at, first_opened_at=found.first_opened_at or at)
    inquiry.refresh_from_db()
    post(inquiry, InquiryMail.Kind.HANDED_IN, by=None)
    return inquiry


@transaction.atomic
def give_back(inquiry: Inquiry, *, by: User, days: int = DAYS) -> Inquiry:
    """Opens the link again for what needs more and what was left open; the other answers stay as they are."""
    may_ask(inquiry.unit, by=by)
    handed_in = Inquiry.objects.filter(pk=inquiry.pk, handed_in_at__isnull=False, revoked_at__isnull=True)
    if not handed_in.update(handed_in_at=None, closed_at=None, expires_at=_in_days(days)):
        raise Conflict("There is nothing to give back.", hint="Reload the page.")
    VendorAnswer.objects.filter(question__inquiry=inquiry, review=VendorAnswer.Review.MORE).update(
        review="", reviewed_by=None, reviewed_at=None
    )
    inquiry.refresh_from_db()
    post(inquiry, InquiryMail.Kind.RETURNED, by=by)
    return inquiry


@transaction.atomic
def revoke(inquiry: Inquiry, *, by: User) -> Inquiry:
    """Closes the link for good. What was handed in before is still reviewed."""
    may_ask(inquiry.unit, by=by)
    left = Inquiry.objects.filter(pk=inquiry.pk, revoked_at__isnull=True, handed_in_at__isnull=True)
    if not left.update(revoked_at=timezone.now(), revoked_by=by):
        raise Conflict("There is no link to revoke any more.", hint="Reload the page.")
    inquiry.refresh_from_db()
    return inquiry


@transaction.atomic
def extend(inquiry: Inquiry, days: int, *, by: User) -> Inquiry:
    """Lets the link live until so many days from now, an expired one among them."""
    may_ask(inquiry.unit, by=by)
    left = Inquiry.objects.filter(
        pk=inquiry.pk, sent_at__isnull=False, revoked_at__isnull=True, handed_in_at__isnull=True
    )
    if not left.update(expires_at=_in_days(days)):
        raise Conflict("There is no link to extend any more.", hint="Reload the page.")
    inquiry.refresh_from_db()
    return inquiry


@transaction.atomic
def remind(inquiry: Inquiry, *, by: User) -> InquiryMail:
    """Asks for a mail that names the link again. Raises Conflict where nobody is to be reminded."""
    may_ask(inquiry.unit, by=by)
    found = with_the_vendor(inquiry.pk)
    sent = post(found, InquiryMail.Kind.REMINDER, by=by)
    if sent is None:
        raise Conflict("No mail address is on record.", hint="Pass the link on by hand.")
    return sent


def may_ask(unit: BusinessUnit, *, by: User) -> None:
    """Raises NotAllowed unless `by` assesses in the unit."""
    if not by.may(Can.ASSESS, unit):
        raise NotAllowed(f"Your roles in {unit} do not let you ask vendors in its name.")


def open_question(question: InquiryQuestion) -> None:
    """Raises Conflict where its answer was handed in before and needs nothing more."""
    if VendorAnswer.objects.filter(question=question).exclude(review="").exists():
        raise Conflict("This answer is handed in already.", hint="Reload the page.")


def with_the_vendor(pk: int) -> Inquiry:
    """The inquiry, its row locked where the database can. Raises Conflict unless its link is alive."""
    found = Inquiry.objects.select_for_update().get(pk=pk)
    if not found.is_with_the_vendor:
        raise Conflict(
            f"These questions can no longer be answered: {found.state.label.lower()}.",
            hint="Reload the page.",
        )
    return found


def _checked_contact(contact: Contact) -> Contact:
    name, email = " ".join(contact.name.split())[:200], contact.email.strip()
    if not name:
        raise InvalidInput("Nobody is named.", hint="Say whom you ask.", where="contact_name")
    if email:
        try:
            validate_email(email)
        except ValidationError as error:
            raise InvalidInput("That is no mail address.", where="contact_email") from error
    return Contact(name, email)


def _in_days(days: int) -> datetime:
    """The end of the day so many days from now."""
    if not 1 <= days <= MOST_DAYS:
        raise InvalidInput(
            f"A link lives 1 to {MOST_DAYS} days.", hint="Choose fewer; it can be extended.", where="days"
        )
    last = timezone.localtime() + timedelta(days=days)
    return last.replace(hour=23, minute=59, second=59, microsecond=0)
