"""The form of an assessment as it stands: judged now, with what people have answered. Page and API read it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from riskassess.assessments.asked import Form, form_of
from riskassess.assessments.judgement import Judgement
from riskassess.assessments.models import Answer, Assessment
from riskassess.assessments.questions import claim_question, questions
from riskassess.assessments.scoring import METHOD_VERSION, judge_now


@dataclass(frozen=True, slots=True)
class Asking:
    """What is asked, what was answered, and the judgement that both follow from."""

    judgement: Judgement
    form: Form
    given: Mapping[str, Answer]


def asking(assessment: Assessment) -> Asking:
    """The form of `assessment` now. Queries: those of `gather`, and one for the answers."""
    judgement = judge_now(assessment)
    claims = [claim_question(one.key, one.title, one.statement) for one in judgement.gathered.claims]
    given = {answer.question: answer for answer in assessment.answers.select_related("source", "answered_by")}
    form = form_of(judgement, frozenset(given), questions(METHOD_VERSION), claims)
    return Asking(judgement, form, given)
