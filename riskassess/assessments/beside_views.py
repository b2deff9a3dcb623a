"""What people do beside the answers: attach documents, comment, and be told what others changed meanwhile."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from riskassess.accounts.people import person
from riskassess.assessments import commenting
from riskassess.assessments.answers import question_for
from riskassess.assessments.clashing import mark_of
from riskassess.assessments.clashing import news as news_of
from riskassess.assessments.models import AnswerDocument, Assessment, Comment
from riskassess.assessments.presenting import anchor_of
from riskassess.assessments.supporting import attach_behind, support, unsupport
from riskassess.assessments.talk import thread_of
from riskassess.assessments.views import visible
from riskassess.evidence.forms import AttachForm
from riskassess.evidence.models import Document
from riskassess.kernel.errors import Conflict, InvalidInput, RiskassessError


@require_POST
def attach_document(request: HttpRequest, pk: int, key: str) -> HttpResponse:
    """A file from the person's machine, or a document that the unit has already, put behind an answer."""
    assessment, user = visible(request, pk), person(request)
    place = {"page": request.POST.get("page", ""), "quote": request.POST.get("quote", "")}
    try:
        if chosen := request.POST.get("document", ""):
            found = Document.objects.visible_to(user).filter(unit=assessment.unit_id)
            document, made = get_object_or_404(found, pk=chosen if chosen.isdecimal() else 0), False
            support(assessment, key, document, by=user, **place)
        else:
            form = _valid_form(request)
            file = form.cleaned_data["file"]
            document, made = attach_behind(assessment, key, file, file.name, by=user, **place, **form.terms)
    except (InvalidInput, Conflict) as error:
        messages.error(request, str(error))
    else:
        word = "attached" if made else "on record already; the answer rests on it now"
        messages.success(request, f"{document} is {word}.")
    return redirect(_at_question(assessment, key))


def _valid_form(request: HttpRequest) -> AttachForm:
    form = AttachForm(request.POST, request.FILES)
    if not form.is_valid():
        where, (error, *_) = next(iter(form.errors.items()))
        raise InvalidInput(str(error), where=where)
    return form


@require_POST
def drop_document(request: HttpRequest, pk: int, link: int) -> HttpResponse:
    """Take back that an answer rests on a document."""
    assessment = visible(request, pk)
    one = get_object_or_404(
        AnswerDocument.objects.select_related("assessment__unit", "document"), pk=link, assessment=assessment
    )
    try:
        unsupport(one, by=person(request))
        messages.success(
            request, f"The answer rests on {one.document} no more; the document stays on record."
        )
    except (InvalidInput, Conflict) as error:
        messages.error(request, str(error))
    return redirect(_at_question(assessment, one.question))


@require_POST
def comment(request: HttpRequest, pk: int) -> HttpResponse:
    """Say something on a question, or on all of it."""
    assessment = visible(request, pk)
    question = request.POST.get("question", "")
    problem = None
    try:
        commenting.comment(assessment, request.POST.get("text", ""), by=person(request), question=question)
    except (InvalidInput, Conflict) as error:
        problem = error
    return _thread(request, assessment, question, problem)


@require_POST
def settle(request: HttpRequest, pk: int, one: int, verb: str) -> HttpResponse:
    """Say that a comment is dealt with, or is not after all."""
    assessment = visible(request, pk)
    found = get_object_or_404(
        Comment.objects.select_related("assessment__unit"), pk=one, assessment=assessment
    )
    act = commenting.resolve if verb == "resolve" else commenting.reopen
    act(found, by=person(request))
    return _thread(request, assessment, found.question, None)


def _thread(
    request: HttpRequest, assessment: Assessment, question: str, problem: RiskassessError | None
) -> HttpResponse:
    """The thread anew for htmx, the whole page at its place for a plain form."""
    if not request.htmx:  # type: ignore[attr-defined]
        if problem:
            messages.error(request, str(problem))
        return redirect(_at_question(assessment, question) if question else _whole(assessment))
    return render(
        request,
        "assessments/_talk.html",
        {
            "assessment": assessment,
            "thread": thread_of(assessment, question),
            "can_comment": True,
            "problem_here": problem,
            "counted": True,
        },
    )


@never_cache
@require_GET
def news(request: HttpRequest, pk: int) -> HttpResponse:
    """What others changed since the form was shown; 204 while nothing did. Asked again and again, so cheap.

    One query where nothing moved, beside who asks; two more where something did.
    """
    mine = Assessment.objects.visible_to(person(request))
    columns = mine.filter(pk=pk).values_list("state", "updated_at", "current_run_id").first()
    if columns is None:
        raise Http404
    since = request.GET.get("mark", "")
    if since == mark_of(*columns):
        return HttpResponse(status=204)
    assessment = get_object_or_404(mine, pk=pk)
    found = news_of(assessment, since, request.GET.getlist("seen"))
    context = {"assessment": assessment, "news": found, "mark": found.mark}
    return render(request, "assessments/_news.html", {**context, "section": request.GET.get("section", "")})


def _at_question(assessment: Assessment, key: str) -> str:
    section = question_for(key, assessment).section.value
    return f"{_form(assessment)}?section={section}#q-{anchor_of(key)}"


def _whole(assessment: Assessment) -> str:
    return f"{_form(assessment)}#talk-all"


def _form(assessment: Assessment) -> str:
    return reverse("assessments:answers", args=[assessment.pk])
