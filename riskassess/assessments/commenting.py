"""Comments: what people of the unit say to each other on a question or on the whole. They judge nothing."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone

from riskassess.accounts.models import User
from riskassess.accounts.roles import Can
from riskassess.assessments.answers import question_for
from riskassess.assessments.models import Assessment, Comment
from riskassess.kernel.errors import InvalidInput, NotAllowed

TAKES_PART = (Can.REQUEST, Can.ASSESS, Can.DECIDE)
LONGEST = 4000


def may_comment(assessment: Assessment, by: User) -> bool:
    """Whether `by` requests, assesses or decides in the unit; who only reads it does not speak there."""
    return any(by.may(can, assessment.unit) for can in TAKES_PART)


@transaction.atomic
def comment(assessment: Assessment, text: str, *, by: User, question: str = "") -> Comment:
    """Adds to the thread of a question, or of the assessment; at any time, since it changes no answer."""
    _require(assessment, by)
    said = text.strip()
    if not said:
        raise InvalidInput("A comment has no words.", hint="Say what you mean.", where="text")
    if len(said) > LONGEST:
        raise InvalidInput(
            f"A comment has more than {LONGEST} characters.", hint="Attach a document instead.", where="text"
        )
    if question:
        question_for(question, assessment)
    return Comment.objects.create(assessment=assessment, question=question, text=said, made_by=by)


@transaction.atomic
def resolve(one: Comment, *, by: User) -> None:
    """Says that a comment is dealt with; said once."""
    _require(one.assessment, by)
    Comment.objects.open().filter(pk=one.pk).update(resolved_by=by, resolved_at=timezone.now())
    one.refresh_from_db()


@transaction.atomic
def reopen(one: Comment, *, by: User) -> None:
    """Says that it is not dealt with after all."""
    _require(one.assessment, by)
    Comment.objects.filter(pk=one.pk).update(resolved_by=None, resolved_at=None)
    one.refresh_from_db()


def _require(assessment: Assessment, by: User) -> None:
    if not may_comment(assessment, by):
        raise NotAllowed(f"Your roles in {assessment.unit} let you read, not comment.")
