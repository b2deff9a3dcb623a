"""Deciding on the page of a run, and following its conditions up. Load, ask, render."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST

from riskassess.accounts.people import person
from riskassess.assessments import services
from riskassess.assessments.conditions import meet
from riskassess.assessments.decision_forms import DecisionForm, ReturnForm
from riskassess.assessments.models import Assessment, Condition
from riskassess.kernel.errors import Conflict, InvalidInput
from riskassess.reports.views import claims_of, decision_page


@require_POST
def decide(request: HttpRequest, pk: int) -> HttpResponse:
    """Record a person's decision; what is refused is said beside what was typed."""
    user = person(request)
    assessment = get_object_or_404(Assessment.objects.visible_to(user).with_run(), pk=pk)
    services.may_move(assessment, "decide", by=user)
    form = DecisionForm(request.POST)
    if form.is_valid():
        try:
            services.decide(assessment, by=user, **form.given())
        except InvalidInput as refused:
            form.refuse(refused)
        except Conflict as error:
            messages.error(request, str(error))
            return redirect("reports:decision", pk)
        else:
            messages.success(request, "Your decision is recorded.")
            return redirect("reports:decision", pk)
    if assessment.current_run is None:
        return redirect("reports:decision", pk)
    return render(
        request, "reports/decision.html", decision_page(assessment.current_run, assessment, user, form)
    )


@require_POST
def give_back(request: HttpRequest, pk: int) -> HttpResponse:
    """Return it to its assessor, with remarks."""
    user = person(request)
    assessment = get_object_or_404(Assessment.objects.visible_to(user).with_run(), pk=pk)
    services.may_move(assessment, "return", by=user)
    run = assessment.current_run
    form = ReturnForm(request.POST, claims=claims_of(run) if run else ())
    if form.is_valid():
        try:
            services.return_for_changes(assessment, form.given(), by=user)
        except InvalidInput as refused:
            form.refuse(refused)
        else:
            messages.success(request, f"Returned to {assessment.assessor}, with your remarks.")
            return redirect("reports:decision", pk)
    if run is None:
        return redirect("reports:decision", pk)
    return render(request, "reports/decision.html", decision_page(run, assessment, user, returning=form))


@require_POST
def met(request: HttpRequest, pk: int, condition: int) -> HttpResponse:
    """Say that a condition is met, and what shows it."""
    user = person(request)
    found = Condition.objects.visible_to(user).select_related("decision__assessment__unit")
    one = get_object_or_404(found, pk=condition, decision__assessment=pk)
    try:
        meet(one, request.POST.get("note", ""), by=user, on=timezone.localdate())
    except (InvalidInput, Conflict) as error:
        messages.error(request, str(error))
    else:
        messages.success(request, "The condition is met: it is on the record.")
    return redirect("reports:run", one.decision.run_id)
