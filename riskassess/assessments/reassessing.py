"""Reassessing: a decided assessment taken over into a new draft, which supersedes it once decided."""

from __future__ import annotations

from datetime import date

from django.db import transaction

from riskassess.accounts.models import User
from riskassess.assessments.models import Answer, AnswerDocument, Assessment, Mitigation
from riskassess.assessments.services import may_assess, request_score
from riskassess.assessments.states import State
from riskassess.kernel.errors import Conflict

UNDER_WAY = (State.DRAFT.value, State.SUBMITTED.value, State.IN_REVIEW.value)


@transaction.atomic
def reassess(assessment: Assessment, *, by: User, on: date) -> Assessment:
    """A new draft with all that was answered and planned in a decided one, judged as of `on`, and its scoring job.

    1. One reassessment at a time; the decision stands until the new one is decided.
    2. An answer taken over still speaks for the day it was given for, so that copying freshens no evidence.
    """
    may_assess(assessment, by=by)
    # The row is locked where the database can; the constraint on successors decides elsewhere.
    state = Assessment.objects.select_for_update().values_list("state", flat=True).get(pk=assessment.pk)
    if state != State.DECIDED.value:
        raise Conflict("Only a decided assessment is reassessed.", hint="Reload the page.")
    if assessment.successors.filter(state__in=UNDER_WAY).exists():
        raise Conflict("It is being reassessed already.", hint="Go on with that one, or withdraw it first.")
    made = Assessment.objects.create(
        offering=assessment.offering,
        unit=assessment.unit,
        use_case=assessment.use_case,
        description=assessment.description,
        assessor=by,
        as_of=on,
        due_on=assessment.review_on,
        predecessor=assessment,
    )
    answers = list(assessment.answers.all())
    for answer in answers:
        answer.pk, answer.assessment = None, made
        answer.answered_for = answer.answered_for or assessment.as_of
    Answer.objects.bulk_create(answers)
    links = list(assessment.document_links.all())
    for link in links:
        link.pk, link.assessment = None, made
    AnswerDocument.objects.bulk_create(links)
    controls = list(assessment.mitigations.all())
    for control in controls:
        control.pk, control.assessment = None, made
    Mitigation.objects.bulk_create(controls)
    request_score(made, by=by)
    return made
