"""The pages on which an assessment is started, answered, submitted and moved on. Load, ask, render."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST
from django_htmx.http import retarget

from riskassess.accounts.people import person
from riskassess.accounts.roles import Can
from riskassess.assessments import reassessing, remarks, services
from riskassess.assessments.answers import Changed, question_for
from riskassess.assessments.asking import asking
from riskassess.assessments.clashing import clash_of, news_mark
from riskassess.assessments.commenting import may_comment
from riskassess.assessments.forms import StartForm, given_answer, seen_version
from riskassess.assessments.models import Assessment, Remark
from riskassess.assessments.presenting import anchor_of, answer_page, live_panel, question_row, remarks_panel
from riskassess.assessments.supporting import at_hand
from riskassess.assessments.talk import beside
from riskassess.catalog.models import Offering
from riskassess.evidence.file_types import ENDINGS
from riskassess.evidence.grades import RESTS_ON
from riskassess.kernel.errors import Conflict, InvalidInput, RiskassessError

VERBS = {
    "take": services.take_up,
    "reopen": services.reopen,
    "withdraw": services.withdraw,
}


def visible(request: HttpRequest, pk: int) -> Assessment:
    found = Assessment.objects.visible_to(person(request)).for_lists()
    return get_object_or_404(found, pk=pk)


@require_http_methods(["GET", "POST"])
def start(request: HttpRequest) -> HttpResponse:
    """Start an assessment of one offering."""
    user = person(request)
    user.require(Can.REQUEST)
    slug = request.POST.get("offering") or request.GET.get("offering", "")
    offering = get_object_or_404(Offering.objects.visible_to(user).with_parties(), slug=slug)
    form = StartForm(request.POST or None, user=user, initial={"offering": slug})
    if request.method == "POST" and form.is_valid():
        made = services.start(
            offering,
            form.cleaned_data["unit"],
            form.cleaned_data["use_case"],
            by=user,
            on=timezone.localdate(),
            description=form.cleaned_data["description"],
        )
        return redirect("assessments:answers", made.pk)
    return render(request, "assessments/start.html", {"form": form, "offering": offering})


@require_GET
def answers(request: HttpRequest, pk: int) -> HttpResponse:
    """One section of the form: the questions that matter, with what is known already."""
    assessment = visible(request, pk)
    return render(request, "assessments/answers.html", _page(request, assessment))


@require_POST
def answer(request: HttpRequest, pk: int, key: str) -> HttpResponse:
    """Keep one answer; htmx gets what is around its fields back, a plain form the whole page."""
    assessment = visible(request, pk)
    question = question_for(key, assessment)
    problem: RiskassessError | None = None
    section = request.POST.get("at", question.section.value)
    try:
        given = given_answer(question, request.POST)
        services.answer(assessment, key, given, by=person(request), seen=seen_version(request.POST))
    except Changed as error:
        clash = clash_of(question, error.theirs, given, request.POST)
        page = _page(request, assessment, section) | {"problem": error, "changed": key, "clash": clash}
        page["row"] = question_row(page["form"], key)
        part = "#clash" if request.htmx and page["row"] else ""  # type: ignore[attr-defined]
        return render(request, f"assessments/answers.html{part}", page, status=409)
    except (InvalidInput, Conflict) as error:
        problem = error
    if not request.htmx:  # type: ignore[attr-defined]
        if problem:
            messages.error(request, str(problem))
        address = reverse("assessments:answers", args=[pk])
        return redirect(f"{address}?section={section}#q-{anchor_of(key)}")
    page = _page(request, assessment, section)
    row = question_row(page["form"], key)
    page |= {"row": row, "problem": problem, "changed": key}
    if row is None or page["form"].fingerprint != request.POST.get("asked"):
        # The answer changed which questions are asked: the whole section is drawn anew.
        whole = render(request, "assessments/answers.html#redrawn", {**page, "whole": True})
        return retarget(whole, "#form")
    return render(request, "assessments/answers.html#saved", page)


def _page(request: HttpRequest, assessment: Assessment, section: str = "") -> dict[str, Any]:
    """All that the form shows. Queries: the assessment's own, those of `gather`, and what stands beside it."""
    user = person(request)
    now = asking(assessment)
    around = beside(assessment)
    may_assess = user.may(Can.ASSESS, assessment.unit)
    can_edit = assessment.is_editable and (may_assess or user.may(Can.REQUEST, assessment.unit))
    return {
        "assessment": assessment,
        "form": answer_page(
            now.form, section or request.GET.get("section", ""), now.given, around, now.judgement.on
        ),
        "remarks": remarks_panel(around.open_remarks),
        "live": live_panel(now.judgement, now.form),
        "thread": around.thread(""),
        "can_edit": can_edit,
        "can_submit": can_edit and may_assess,
        "can_comment": can_edit or may_comment(assessment, user),
        "mark": news_mark(assessment),
        "at_hand": at_hand(assessment) if can_edit else (),
        "counts_as": RESTS_ON.items(),
        "file_endings": "".join(f".{ending}," for ending in ENDINGS).rstrip(","),
    }


@require_POST
def submit(request: HttpRequest, pk: int) -> HttpResponse:
    """Hand it to the approvers."""
    assessment = visible(request, pk)
    try:
        services.submit(assessment, by=person(request))
    except Conflict as error:
        messages.error(request, str(error))
        return redirect("assessments:detail", pk)
    messages.success(request, "Submitted. An approver of the unit decides on the score below.")
    return redirect("reports:decision", pk)


@require_POST
def resolve(request: HttpRequest, pk: int, remark: int) -> HttpResponse:
    """Say that what was remarked is put right."""
    found = Remark.objects.visible_to(person(request)).select_related("assessment__unit")
    one = get_object_or_404(found, pk=remark, assessment=pk)
    remarks.resolve(one, by=person(request))
    messages.success(request, "The remark is resolved.")
    return redirect("assessments:answers", pk)


@require_POST
def score(request: HttpRequest, pk: int) -> HttpResponse:
    """Score it as it stands."""
    assessment = visible(request, pk)
    services.may_assess(assessment, by=person(request))
    services.request_score(assessment, by=person(request))
    return redirect("reports:decision", pk)


@require_POST
def reassess(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a decided one over into a new draft."""
    try:
        made = reassessing.reassess(visible(request, pk), by=person(request), on=timezone.localdate())
    except Conflict as error:
        messages.error(request, str(error))
        return redirect("reports:decision", pk)
    messages.success(request, "Taken over with its answers and controls: go through what may have changed.")
    return redirect("assessments:answers", made.pk)


@require_POST
def move(request: HttpRequest, pk: int, name: str) -> HttpResponse:
    """Take up, reopen or withdraw."""
    assessment = visible(request, pk)
    if name not in VERBS:
        raise Http404
    VERBS[name](assessment, by=person(request))
    return redirect("assessments:detail", pk)
