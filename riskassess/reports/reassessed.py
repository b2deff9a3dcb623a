"""What a reassessment changed: the answers given otherwise, and the run beside the one that was decided on."""

from __future__ import annotations

from collections.abc import Iterable

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_GET

from riskassess.accounts.people import person
from riskassess.assessments.models import Answer, Assessment
from riskassess.assessments.presenting import said
from riskassess.assessments.questions import claim_question, questions
from riskassess.assessments.scoring import METHOD_VERSION
from riskassess.reports.beside import between
from riskassess.reports.differences import Difference


@require_GET
def reassessed(request: HttpRequest, pk: int) -> HttpResponse:
    """A reassessment beside what it reassesses. Those of the frame, and five queries."""
    found = Assessment.objects.visible_to(person(request)).with_run()
    assessment = get_object_or_404(found.select_related("predecessor__decision__run"), pk=pk)
    earlier, run = assessment.predecessor, assessment.current_run
    if earlier is None or earlier.decision is None or run is None:
        raise Http404
    old = earlier.decision.run
    context = {
        "assessment": assessment,
        "run": run,
        "old": old,
        "d": between(old, run),
        "answers": list(answers_changed(earlier.answers.all(), assessment.answers.all())),
    }
    return render(request, "reports/reassessed.html", context)


def answers_changed(before: Iterable[Answer], after: Iterable[Answer]) -> Iterable[Difference]:
    """Every question answered otherwise, in the order of the form; claims at the end."""
    old, new = ({one.question: one for one in side} for side in (before, after))
    asked = questions(METHOD_VERSION)
    for key in dict.fromkeys((*asked, *sorted({*old, *new}))):
        then, now = old.get(key), new.get(key)
        if _content(then) != _content(now):
            question = asked.get(key) or claim_question(key.removeprefix("claim."), key, "")
            texts = [said(question, one.state, one.value) if one else "" for one in (then, now)]
            note = now.note if now and now.note and (then is None or then.note != now.note) else ""
            yield Difference(key, question.text, texts[0], texts[1] or "taken back", note)


def _content(answer: Answer | None) -> tuple[object, ...]:
    if answer is None:
        return ()
    grade = (answer.reliability, answer.verification, answer.interest)
    return (answer.state, answer.value, *grade, answer.source_id, answer.note)
