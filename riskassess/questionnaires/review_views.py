"""Reviewing what came back, and taking it into other assessments. Load, ask, render."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
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
from riskassess.questionnaires.meaning import Beside, means
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
    verdict: str
    remark: str
    was: str
    """Stands for verdict and remark as the page shows them, so that what nobody touched is not judged again."""


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
    problem: InvalidInput | Conflict | None = None
    status = 200
    if request.method == "POST":
        try:
            return _reviewed(request, inquiry)
        except InvalidInput as error:
            problem, status = error, 422
        except Conflict as error:
            problem, status = error, 409
    touched = _touched(request.POST, _judgeable(inquiry)) if problem else {}
    shown = {**_page(inquiry, touched), "may": user.may(Can.ASSESS, inquiry.unit), "problem": problem}
    return render(request, "questionnaires/review.html", shown, status=status)


def _reviewed(request: HttpRequest, inquiry: Inquiry) -> HttpResponse:
    user = person(request)
    ids = _judgeable(inquiry)
    if request.POST.get("then") == "accept_all":
        shown = {pk: request.POST[f"a{pk}-seen"] for pk in ids if f"a{pk}-seen" in request.POST}
        done = accept_all(inquiry, by=user, seen=shown or None)
    else:
        verdicts = _touched(request.POST, ids)
        if not verdicts:
            raise InvalidInput("Nothing is judged.", hint="Choose a verdict for one answer at least.")
        done = review(inquiry, verdicts, by=user)
    told = f"{len(done.taken)} set in the assessment" if done.taken else "the assessment is unchanged"
    if done.taken_back:
        told = f"{told if done.taken else '0 set'}, {len(done.taken_back)} taken back"
    messages.success(request, f"{done.judged} reviewed, {told}.")
    return redirect("questionnaires:review", inquiry.pk)


def _judgeable(inquiry: Inquiry) -> list[int]:
    return list(inquiry.questions.filter(answer__isnull=False).values_list("answer__pk", flat=True))


def _touched(sent: QueryDict, ids: Iterable[int]) -> dict[int, Verdict]:
    """The verdicts that are others than the page had shown, each with the version of the answer that was seen."""
    found = {}
    for pk in ids:
        word, remark = sent.get(f"a{pk}-review", ""), sent.get(f"a{pk}-remark", "")
        if (word or remark.strip()) and sent.get(f"a{pk}-was") != _stands_for(word, remark):
            found[pk] = Verdict(word, remark, sent.get(f"a{pk}-seen"))
    return found


def _stands_for(review: str, remark: str) -> str:
    words = f"{review} {' '.join(remark.split())}"  # a field of one line drops line breaks
    return hashlib.sha256(words.encode()).hexdigest()[:16]


def _page(inquiry: Inquiry, touched: Mapping[int, Verdict]) -> dict[str, Any]:
    """All that the page shows; with an assessment behind it, the queries of its form and of one more judgement.

    Verdicts that were `touched` and refused stand there as they were sent.
    """
    found = inquiry.questions.select_related("answer__source", "answer__reviewed_by", "answer__entered_by")
    questions = list(found.prefetch_related("papers__document").order_by("position"))
    answers = {one.pk: one.answer for one in questions if hasattr(one, "answer")}
    now = asking(inquiry.assessment) if inquiry.assessment else None
    waiting = [one for one in answers.values() if not one.review]
    return {
        "inquiry": inquiry,
        "lines": [_line(one, answers.get(one.pk), now, touched) for one in questions],
        "waiting": len(waiting),
        "needs_more": any(one.review == Review.MORE for one in answers.values()),
        "handed_in": inquiry.handed_in_at is not None,
        "editable": inquiry.assessment is not None and inquiry.assessment.is_editable,
        "before": Stand.of(now.judgement) if now else None,
        "after": _after(inquiry.assessment, questions) if inquiry.assessment and waiting else None,
    }


def _after(assessment: Assessment, questions: Iterable[InquiryQuestion]) -> Stand:
    """How the decision would stand if all that waits were accepted, beside what is accepted already."""
    by_key: dict[str, list[VendorAnswer]] = {}
    beside: dict[tuple[int, str], list[int]] = {}
    waiting = set()
    for question in questions:
        beside.setdefault((question.inquiry_id, question.key), []).append(question.pk)
        answer = getattr(question, "answer", None)
        if answer is not None and answer.review in {"", Review.ACCEPTED}:
            by_key.setdefault(question.key, []).append(answer)
            waiting.update([question.key] if not answer.review else [])
    changed = {key: answers for key, answers in by_key.items() if key in waiting}
    return Stand.of(judge_now(assessment, instead=_as_answers(assessment, changed, beside)))


def _as_answers(
    assessment: Assessment, by_key: Mapping[str, list[VendorAnswer]], beside: Beside
) -> dict[str, Answer]:
    """Answers as they would be, never stored."""
    found = {}
    for key, answers in by_key.items():
        given = means(answers, beside) if key else None
        if given is not None:
            found[key] = Answer(
                assessment=assessment, question=key, state=given.state, value=given.value, note=given.note,
                reliability=given.reliability, verification=given.verification, interest=given.interest,
            )  # fmt: skip
    return found


def _line(
    question: InquiryQuestion,
    answer: VendorAnswer | None,
    now: Asking | None,
    touched: Mapping[int, Verdict],
) -> Line:
    known, known_from = _on_record(question.key, now) if now else ("", "")
    shown = Verdict(str(answer.review), answer.remark) if answer else Verdict("")
    sent = touched.get(answer.pk, shown) if answer else shown
    was = _stands_for(shown.review, shown.remark)
    return Line(question, answer, said(question, answer), known, known_from, sent.review, sent.remark, was)


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
