"""The pages of an assessment's controls: all of them with a form for one more; one of them to change."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from riskassess.accounts.models import User
from riskassess.accounts.people import person
from riskassess.accounts.roles import Can
from riskassess.assessments import mitigating
from riskassess.assessments.control_forms import ControlForm
from riskassess.assessments.control_page import control_rows, factor_groups, suggestions, views
from riskassess.assessments.models import Assessment, Mitigation
from riskassess.assessments.scoring import current_method, judge_now
from riskassess.assessments.states import State
from riskassess.kernel.errors import InvalidInput

SCORED_ANEW = "Its score is being computed anew."


def _visible(request: HttpRequest, pk: int) -> Assessment:
    found = Assessment.objects.visible_to(person(request)).for_lists()
    return get_object_or_404(found, pk=pk)


@require_http_methods(["GET", "POST"])
def controls(request: HttpRequest, pk: int) -> HttpResponse:
    """Every control of an assessment, what they do to its risk, and a form for one more."""
    user, assessment = person(request), _visible(request, pk)
    form = _form(request, assessment, user, initial={"factors": request.GET.getlist("factor")})
    if request.method == "POST" and form.is_valid():
        try:
            made = mitigating.plan(assessment, form.stated(), by=user)
        except InvalidInput as refused:
            form.refuse(refused)
        else:
            messages.success(request, f"“{made.title}” is planned. {SCORED_ANEW}")
            return redirect("assessments:controls", pk)
    return render(request, "assessments/controls.html", _page(assessment, user, form))


def _page(assessment: Assessment, user: User, form: ControlForm) -> dict[str, Any]:
    """All that the page shows, judged now: the queries of `gather`, and one for the controls."""
    judgement = judge_now(assessment)
    stored = list(assessment.mitigations.select_related("changed_by"))
    may_plan = mitigating.may_plan(assessment, user)
    return {
        "assessment": assessment,
        "views": views(judgement),
        "lines": judgement.method.thresholds,
        "rows": control_rows(judgement, stored),
        "suggestions": suggestions(judgement, stored),
        "form": form,
        "groups": factor_groups(judgement.method.risk_factors, form.ticked),
        "can_plan": assessment.is_editable and may_plan,
        "can_change": may_plan and State(assessment.state) in {State.DRAFT, State.DECIDED},
    }


@require_http_methods(["GET", "POST"])
def control(request: HttpRequest, pk: int, key: str) -> HttpResponse:
    """One control, to change: all of it in a draft, how far it is once the assessment is decided."""
    user, assessment = person(request), _visible(request, pk)
    stored = _stored(assessment, key)
    form = _form(request, assessment, user, initial=asdict(mitigating.stated_of(stored)))
    if request.method == "POST" and form.is_valid():
        try:
            mitigating.change(stored, by=user, **form.changes())
        except InvalidInput as refused:
            form.refuse(refused)
        else:
            messages.success(request, f"“{stored.title}” is kept. {SCORED_ANEW}")
            return redirect("assessments:controls", pk)
    context = {
        "assessment": assessment,
        "mitigation": stored,
        "form": form,
        "groups": factor_groups(current_method().risk_factors, form.ticked),
        "can_change": mitigating.may_plan(assessment, user)
        and State(assessment.state) in {State.DRAFT, State.DECIDED},
        "can_drop": assessment.is_editable,
    }
    return render(request, "assessments/control.html", context)


@require_POST
def drop(request: HttpRequest, pk: int, key: str) -> HttpResponse:
    """Take a control out of the assessment."""
    assessment = _visible(request, pk)
    stored = _stored(assessment, key)
    mitigating.drop(stored, by=person(request))
    messages.success(request, f"“{stored.title}” is dropped. {SCORED_ANEW}")
    return redirect("assessments:controls", pk)


def _stored(assessment: Assessment, key: str) -> Mitigation:
    return get_object_or_404(assessment.mitigations.select_related("assessment__unit", "changed_by"), key=key)


def _form(
    request: HttpRequest, assessment: Assessment, user: User, *, initial: dict[str, Any]
) -> ControlForm:
    return ControlForm(
        request.POST or None,
        method=current_method(),
        only_follow_up=not assessment.is_editable,
        may_say_how_far=user.may(Can.ASSESS, assessment.unit),
        initial=initial,
    )
