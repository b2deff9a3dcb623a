"""What a vendor said once, for other assessments: proposed with its source, and taken only when somebody says so."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db import transaction
from django.db.models import Q

from riskassess.accounts.models import User
from riskassess.assessments.answers import Given
from riskassess.assessments.models import Answer, Assessment
from riskassess.assessments.presenting import said as said_here
from riskassess.assessments.questions import Question
from riskassess.kernel.errors import InvalidInput
from riskassess.questionnaires.accepted import set_answers
from riskassess.questionnaires.asked import askable
from riskassess.questionnaires.meaning import VENDOR_WIDE, asked_beside, means
from riskassess.questionnaires.models import VendorAnswer
from riskassess.questionnaires.services import may_ask
from riskassess.reports.asking import who_knows


@dataclass(frozen=True, slots=True)
class Proposal:
    """One question of an assessment that the vendor has answered elsewhere, and what stands there now."""

    question: Question
    answers: tuple[VendorAnswer, ...]
    given: Given
    present: Answer | None

    @property
    def says(self) -> str:
        return said_here(self.question, self.given.state, self.given.value)

    @property
    def stands(self) -> str:
        return said_here(self.question, self.present.state, self.present.value) if self.present else ""

    @property
    def valid_until(self) -> date | None:
        return min((one.valid_until for one in self.answers if one.valid_until), default=None)


def proposals(assessment: Assessment, today: date) -> tuple[Proposal, ...]:
    """Accepted answers that still hold and that the assessment does not have, in the order of the form. Three queries.

    They are of the assessment's own unit: what another unit was told is not there at all. Of two inquiries that
    answer one question, the one that was sent later counts.
    """
    latest: dict[str, list[VendorAnswer]] = {}
    for one in _holding(assessment, today):
        held = latest.setdefault(one.question.key, [])
        if not held or held[0].question.inquiry_id == one.question.inquiry_id:
            held.append(one)
    beside = asked_beside(one for held in latest.values() for one in held)
    present = {answer.question: answer for answer in assessment.answers.all()}
    found = []
    for key, question in askable().items():
        given = means(latest[key], beside) if key in latest else None
        if given is not None and not _has(present.get(key), given):
            found.append(Proposal(question, tuple(latest[key]), given, present.get(key)))
    return tuple(found)


@transaction.atomic
def take(assessment: Assessment, keys: Iterable[str], *, by: User, today: date) -> tuple[str, ...]:
    """Takes what is proposed for these keys into the assessment, and asks for a score. Raises InvalidInput."""
    may_ask(assessment.unit, by=by)
    offered = {one.question.key: one for one in proposals(assessment, today)}
    wanted = list(dict.fromkeys(keys))
    if not wanted or any(key not in offered for key in wanted):
        raise InvalidInput("That is not on offer any more.", hint="Reload the page.", where="key")
    answers = [answer for key in wanted for answer in offered[key].answers]
    return set_answers(assessment, answers, wanted, by=by)


def _holding(assessment: Assessment, today: date) -> Iterable[VendorAnswer]:
    """Of the same offering, or about the company that is asked for it; the inquiry sent last first."""
    about = Q(question__inquiry__offering=assessment.offering_id)
    vendor = who_knows(assessment.offering)
    if vendor is not None:
        about |= Q(question__inquiry__vendor=vendor, question__key__in=VENDOR_WIDE)
    return (
        VendorAnswer.objects.filter(
            about,
            review=VendorAnswer.Review.ACCEPTED,
            valid_until__gte=today,
            question__inquiry__unit=assessment.unit_id,
        )
        .exclude(question__key="")
        .select_related("source", "question__inquiry__vendor")
        .order_by("-question__inquiry__sent_at", "-question__inquiry", "question__position")
    )


def _has(present: Answer | None, given: Given) -> bool:
    """Whether the assessment says so already, on the same source."""
    if present is None:
        return False
    source = given.source.pk if given.source else None
    return (present.state, present.value, present.source_id) == (given.state, given.value, source)
