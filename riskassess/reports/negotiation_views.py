"""The negotiation pack of a run: the buyer's page, and the vendor's copy to print. Both only read."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_GET

from riskassess.accounts.people import person
from riskassess.assessments.models import ScoreRun
from riskassess.assessments.negotiating import negotiation_pack
from riskassess.assessments.what_if import record_to_try
from riskassess.reports.negotiation import INTERNAL, page_of, requests_of

SHOWN = 10  # residual risks shown at once; the others are a click away


def _run(request: HttpRequest, pk: int) -> ScoreRun:
    runs = ScoreRun.objects.visible_to(person(request)).select_related(
        "assessment__unit", "assessment__offering__model", "assessment__offering__seller"
    )
    return get_object_or_404(runs, pk=pk)


@require_GET
def page(request: HttpRequest, pk: int) -> HttpResponse:
    """What would lower each residual risk, and what those ticked do together. One query for the run."""
    run = _run(request, pk)
    record = record_to_try(run.record)
    chosen = request.GET.getlist("item")
    pack = page_of(record, negotiation_pack(record), chosen)
    again = urlencode([("item", key) for key in chosen])
    context: dict[str, Any] = {
        "run": run,
        "assessment": run.assessment,
        "p": pack,
        "first": pack.residuals[:SHOWN],
        "more": pack.residuals[SHOWN:],
        "internal": INTERNAL,
        "again": again,
        "api": f"{reverse('negotiation-list', args=[run.pk])}?{again}".rstrip("?"),
    }
    return render(request, "reports/negotiation.html", context)


@require_GET
def for_vendor(request: HttpRequest, pk: int) -> HttpResponse:
    """The vendor's copy: what is asked for and what proves it, without a figure unless `figures` is ticked."""
    run = _run(request, pk)
    record = record_to_try(run.record)
    chosen, figures = request.GET.getlist("item"), request.GET.get("figures") == "on"
    found = requests_of(record, negotiation_pack(record), chosen, figures=figures)
    context = {"run": run, "assessment": run.assessment, "requests": found, "chosen": chosen, "figures": figures,
               "again": urlencode([("item", key) for key in chosen])}  # fmt: skip
    return render(request, "reports/negotiation_vendor.html", context)
