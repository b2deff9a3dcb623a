"""Reviewing what came back, and taking it into other assessments. Load, ask, render."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from riskassess.accounts.people import person
from riskassess.accounts.roles import Can
from riskassess.assessments.asking import Asking, asking
from riskassess.assessments.judgement import Judgement
from riskassess.assessments.models import Answer, Assessment
from riskassess.assessments.presenting import said as said_here
from riskassess.assessments.presenting import standing
from riskassess.assessments.scoring import judge_now
from riskassess.kernel.errors import Conflict, InvalidInput
from riskassess.questionnaires import services
from riskassess.questionnaires.asked import askable
from riskassess.questionnaires.entries import said
from riskassess.questionnaires.meaning import means
from riskassess.questionnaires.models import Inquiry, InquiryQuestion, VendorAnswer
from riskassess.questionnaires.reusing import proposals, take
from riskassess.questionnaires.reviewing import Verdict, accept_all, review

Review = VendorAnswer.Review


@dataclass(frozen=True, slots=True)
class Line:
    """One question under review: what the vendor says, and what is on record here."""

    question: InquiryQuestion
    answer: VendorAnswer | None
    says: str
    known: str
    known_from: str


@dataclass(frozen=True, slots=True)
class Stand:
    """How the decision stands, now or after: the computed decision and the interval of the risk."""

    decision: str
    low: str
    high: str

    @classmethod
    def of(cls, judgement: Judgement) -> Stand:
        result = judgement.result
        return cls(result.decision, result.shown[0], result.shown[1])


@never_cache
@require_http_methods(["GET", "POST"])
def review_page(request: HttpRequest, pk: int) -> HttpResponse:
    """The answers beside what is known; each is accepted, rejected, or needs more."""
    user = person(request)
    inquiry = get_object_or_404(
        Inquiry.objects.visible_to(user).select_related(
            "vendor", "offering__model", "unit", "created_by", "assessment__offering__model"
        ),
        pk=pk,
    )
    problem = None
    if request.method == "POST":
        try:
            return _reviewed(request, inquiry)
        except (InvalidInput, Conflict) as error:
            problem = error
    shown = {**_page(inquiry), "may": user.may(Can.ASSESS, inquiry.unit), "problem": problem}
    return render(
        request, "questionnaires/review.html", shown | {"sent": request.POST}, status=422 if problem else 200
    )


def _reviewed(request: HttpRequest, inquiry: Inquiry) -> HttpResponse:
    user = person(request)
    if request.POST.get("then") == "accept_all":
        done = accept_all(inquiry, by=user)
    else:
        ids = inquiry.questions.filter(answer__isnull=False).values_list("answer__pk", flat=True)
        said_of = {pk: request.POST.get(f"a{pk}-review", "") for pk in ids}
        verdicts = {
            pk: Verdict(word, request.POST.get(f"a{pk}-remark", "")) for pk, word in said_of.items() if word
        }
        if not verdicts:
            raise InvalidInput("Nothing is judged.", hint="Choose a verdict for one answer at least.")
        done = review(inquiry, verdicts, by=user)
    told = f"{len(done.taken)} set in the assessment" if done.taken else "the assessment is unchanged"
    messages.success(request, f"{done.judged} reviewed, {told}.")
    return redirect("questionnaires:review", inquiry.pk)


def _page(inquiry: Inquiry) -> dict[str, Any]:
    """All that the page shows; with an assessment behind it, the queries of its form and of one more judgement."""
    found = inquiry.questions.select_related("answer__source", "answer__reviewed_by", "answer__entered_by")
    questions = list(found.prefetch_related("papers__document").order_by("position"))
    answers = {one.pk: one.answer for one in questions if hasattr(one, "answer")}
    now = asking(inquiry.assessment) if inquiry.assessment else None
    waiting = [one for one in answers.values() if not one.review]
    return {
        "inquiry": inquiry,
        "lines": [_line(one, answers.get(one.pk), now) for one in questions],
        "waiting": len(waiting),
        "needs_more": any(one.review == Review.MORE for one in answers.values()),
        "handed_in": inquiry.handed_in_at is not None,
        "editable": inquiry.assessment is not None and inquiry.assessment.is_editable,
        "before": Stand.of(now.judgement) if now else None,
        "after": _after(inquiry.assessment, waiting) if inquiry.assessment and waiting else None,
    }


def _after(assessment: Assessment, waiting: Iterable[VendorAnswer]) -> Stand:
    """How the decision would stand if all that waits were accepted."""
    by_key: dict[str, list[VendorAnswer]] = {}
    for one in waiting:
        by_key.setdefault(one.question.key, []).append(one)
    return Stand.of(judge_now(assessment, instead=_as_answers(assessment, by_key)))


def _as_answers(assessment: Assessment, by_key: Mapping[str, list[VendorAnswer]]) -> dict[str, Answer]:
    """Answers as they would be, never stored."""
    found = {}
    for key, answers in by_key.items():
        given = means(answers) if key else None
        if given is not None:
            found[key] = Answer(
                assessment=assessment, question=key, state=given.state, value=given.value, note=given.note,
                reliability=given.reliability, verification=given.verification, interest=given.interest,
            )  # fmt: skip
    return found


def _line(question: InquiryQuestion, answer: VendorAnswer | None, now: Asking | None) -> Line:
    known, known_from = _on_record(question.key, now) if now else ("", "")
    return Line(question, answer, said(question, answer), known, known_from)


def _on_record(key: str, now: Asking) -> tuple[str, str]:
    """What the assessment holds of a question now, and where from."""
    question = askable().get(key)
    if question is None:
        return "", ""
    fact = now.judgement.gathered.facts.get(key)
    answer = now.given.get(key)
    state, value = standing(fact, answer)
    words = said_here(question, state, value)
    if answer is not None:
        return words, str(answer.source or answer.answered_by or "")
    if words and fact is not None and fact.stated.source is not None:
        return words, fact.stated.source.title
    evidence = now.judgement.evidence.get(key, ())
    return (evidence[0].title, evidence[0].rule) if evidence else (words, "")


@require_POST
def give_back(request: HttpRequest, pk: int) -> HttpResponse:
    """Open the link again for what needs more."""
    inquiry = get_object_or_404(Inquiry.objects.visible_to(person(request)), pk=pk)
    try:
        services.give_back(inquiry, by=person(request))
    except Conflict as error:
        messages.error(request, str(error))
    else:
        messages.success(request, "Given back: the same link is open again for what needs more.")
    return redirect("questionnaires:inquiry", pk)


@never_cache
@require_http_methods(["GET", "POST"])
def told(request: HttpRequest, pk: int) -> HttpResponse:
    """What the vendor has told the unit already and this assessment does not have: taken by one button.

    The form asks by htmx how much there is.
    """
    user = person(request)
    assessment = get_object_or_404(
        Assessment.objects.visible_to(user).select_related(
            "unit",
            "offering__model__developer",
            "offering__seller",
            "offering__host",
            "offering__model_operator",
        ),
        pk=pk,
    )
    today = timezone.localdate()
    if request.method == "POST":
        try:
            taken = take(assessment, request.POST.getlist("key"), by=user, today=today)
        except (InvalidInput, Conflict) as error:
            messages.error(request, str(error))
        else:
            messages.success(request, f"{len(taken)} taken over, each with its source.")
        return redirect("questionnaires:told", pk)
    can_take = assessment.is_editable and user.may(Can.ASSESS, assessment.unit)
    shown = {"assessment": assessment, "proposals": proposals(assessment, today), "can_take": can_take}
    part = bool(request.htmx)  # type: ignore[attr-defined]
    return render(request, "questionnaires/_told.html" if part else "questionnaires/told.html", shown)
