"""The list of assessments."""

from __future__ import annotations

from typing import Any

import django_filters
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import SafeString
from django.views.decorators.http import require_GET

from riskassess import marks
from riskassess.accounts.people import person
from riskassess.accounts.unit_filter import UnitFilter
from riskassess.assessments.models import OUTCOMES, Assessment
from riskassess.assessments.states import Standing
from riskassess.listing import Column, ListPage, WordsFilter, respond
from riskassess.scoring.decision import shown
from riskassess.scoring.ranges import Range


class AssessmentFilter(django_filters.FilterSet):  # type: ignore[misc]
    """Words, state, computed decision, unit."""

    q = WordsFilter("use_case", "offering__name", "offering__channel", label="Words")
    state = django_filters.ChoiceFilter(
        choices=[(one.value, one.label) for one in Standing],
        method="standing",
        label="State",
        empty_label="Any",
    )
    decision = django_filters.ChoiceFilter(
        field_name="current_run__decision", choices=OUTCOMES, label="Computed", empty_label="Any"
    )
    unit = UnitFilter()

    class Meta:
        model = Assessment
        fields = ["q", "state", "decision", "unit"]

    def standing(self, rows: Any, name: str, value: str) -> Any:
        return rows.standing(Standing(value), timezone.localdate())


def _interval(assessment: Assessment) -> str:
    run = assessment.current_run
    if run is None:
        return ""
    low, high = shown(Range(run.risk_low, run.risk_high), run.denominator)
    return f"{low}–{high}"


def _interval_cell(assessment: Assessment) -> str:
    run = assessment.current_run
    if run is None:
        return marks.unknown("Not scored yet")
    low, high = shown(Range(run.risk_low, run.risk_high), run.denominator)
    return SafeString(f"{marks.interval_bar(float(low), float(high), run.lines)}{low}–{high}")


ASSESSMENTS: ListPage[Assessment] = ListPage(
    title="Assessments",
    lede="May we buy this model, from them, for that? The computed decision first, the worst case beside it.",
    filters=AssessmentFilter,
    order="-updated",
    empty="No assessment yet. Open an offering and choose “Assess this offering”.",
    reads=(
        "use_case",
        "state",
        "as_of",
        "review_on",
        "updated_at",
        "offering__name",
        "offering__channel",
        "unit__name",
        "assessor__name",
        "current_run__decision",
        "current_run__risk_low",
        "current_run__risk_high",
        "current_run__denominator",
        "current_run__figures",
        "decision__outcome",
        "decision__stale_since",
    ),
    columns=(
        Column(
            "title",
            "Offering and use",
            str,
            show=lambda row: marks.link(row.get_absolute_url(), row.offering, row.use_case),
            order_by=("offering__name", "use_case"),
        ),
        Column(
            "decision",
            "Computed",
            lambda row: row.current_run.decision if row.current_run else None,
            show=lambda row: (
                marks.mark(row.current_run.decision) if row.current_run else marks.unknown("Not scored")
            ),
            order_by=("current_run__decision_rank", "current_run__risk_high"),
        ),
        Column(
            "risk", "Risk", _interval, show=_interval_cell, order_by=("current_run__risk_high",), wide=True
        ),
        Column(
            "state",
            "State",
            lambda row: f"{row.standing.label}, stale" if row.is_stale else row.standing.label,
            show=lambda row: marks.noted(
                row.standing.label, marks.mark("conflict", "Stale") if row.is_stale else ""
            ),
            order_by=("state",),
        ),
        Column("unit", "Unit", lambda row: row.unit.name, order_by=("unit__name",)),
        Column("assessor", "Assessor", lambda row: row.assessor.name, order_by=("assessor__name",)),
        Column(
            "as_of",
            "As of",
            lambda row: row.as_of,
            order_by=("as_of",),
            day=True,
        ),
        Column(
            "updated",
            "Changed",
            lambda row: row.updated_at.date(),
            order_by=("updated_at",),
            day=True,
        ),
    ),
)


@require_GET
def assessments(request: HttpRequest) -> HttpResponse:
    """Every assessment the person may read."""
    rows = Assessment.objects.visible_to(person(request))
    actions = [{"url": reverse("reports:compare"), "label": "Compare"}]
    return respond(request, ASSESSMENTS, rows, {"actions": actions})


@require_GET
def detail(request: HttpRequest, pk: int) -> HttpResponse:
    """An assessment's address: its answers while its assessor works on it, its decision otherwise."""
    user = person(request)
    assessment = get_object_or_404(Assessment.objects.visible_to(user), pk=pk)
    if assessment.is_editable and assessment.assessor_id == user.pk:
        return redirect("assessments:answers", pk)
    return redirect("reports:decision", pk)
