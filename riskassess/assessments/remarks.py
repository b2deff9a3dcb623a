"""Remarks on a returned assessment: what an approver has to say with it, and the assessor's word that it is done."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone

from riskassess.accounts.models import User
from riskassess.accounts.roles import Can
from riskassess.assessments.answers import question_for
from riskassess.assessments.models import Assessment, Remark
from riskassess.assessments.states import State
from riskassess.kernel.errors import Conflict, InvalidInput, NotAllowed


@dataclass(frozen=True, slots=True)
class NewRemark:
    """What is to be put right; of one question, or of all of it where `question` is empty."""

    text: str
    question: str = ""


def checked_remarks(given: Iterable[NewRemark], assessment: Assessment) -> tuple[NewRemark, ...]:
    """The remarks as they are kept. Raises InvalidInput where there is none, or one on a question nobody asks."""
    found = tuple(NewRemark(one.text.strip(), one.question.strip()) for one in given)
    if not found:
        raise InvalidInput(
            "Say what is to be put right.",
            hint="One remark at least, on all of it or on a question.",
            where="remarks",
        )
    for one in found:
        if not one.text:
            raise InvalidInput("A remark has no words.", hint="Say what is to be put right.", where="remarks")
        if one.question:
            question_for(one.question, assessment)
    return found


def none_open(assessment: Assessment) -> None:
    """Raises Conflict while a remark is open. One query."""
    if left := assessment.remarks.open().count():
        raise Conflict(
            f"{left} remark{'s are' if left > 1 else ' is'} still open.",
            hint="Put right what was remarked and mark each as resolved, then submit again.",
        )


@transaction.atomic
def resolve(remark: Remark, *, by: User) -> None:
    """Records that what was remarked is put right; said once, by somebody who assesses in the unit."""
    assessment = remark.assessment
    if not by.may(Can.ASSESS, assessment.unit):
        raise NotAllowed(f"Your roles in {assessment.unit} do not let you resolve remarks.")
    if assessment.state != State.DRAFT.value:
        raise Conflict("Only a draft can be put right.", hint="Reload the page.")
    Remark.objects.open().filter(pk=remark.pk).update(resolved_by=by, resolved_at=timezone.now())
    remark.refresh_from_db()
