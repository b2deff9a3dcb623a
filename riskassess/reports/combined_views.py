"""Files about several assessments: ask for one, watch it being made, take it."""

from __future__ import annotations

from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from riskassess.accounts.people import person
from riskassess.assessments.models import ScoreRun
from riskassess.reports.beside import runs_in_order
from riskassess.reports.combining import request_batch, request_comparison, request_portfolio
from riskassess.reports.downloads import combined_download
from riskassess.reports.models import CombinedReport
from riskassess.reports.portfolio_views import Wanted, built, found_for
from riskassess.reports.side_by_side import wanted_runs
from riskassess.reports.views import asks_for_part


@require_POST
def make_comparison(request: HttpRequest) -> HttpResponse:
    """Ask for a comparison as a file."""
    user = person(request)
    runs = runs_in_order(user, wanted_runs(request.POST.getlist("run")))
    found, _ = request_comparison(runs, request.POST.get("format", ""), by=user)
    return redirect("reports:combined", found.pk)


@require_POST
def make_portfolio(request: HttpRequest) -> HttpResponse:
    """Ask for the portfolio, as it is filtered, as a file."""
    user = person(request)
    asked = Wanted.read(request.POST)
    made, units = built(user, asked)
    found, _ = request_portfolio(made, request.POST.get("format", ""), of=asked.units(units), by=user)
    return redirect("reports:combined", found.pk)


@require_POST
def make_archive(request: HttpRequest) -> HttpResponse:
    """Ask for the reports of the chosen runs, or of all that the filter finds, as one archive."""
    user = person(request)
    if request.POST.get("all"):
        chosen = found_for(user, Wanted.read(request.POST)).filter(current_run__isnull=False)
        runs = ScoreRun.objects.filter(pk__in=chosen.values("current_run"))
    else:
        runs = ScoreRun.objects.visible_to(user).filter(pk__in=wanted_runs(request.POST.getlist("run")))
    found, _ = request_batch(
        list(runs.defer("record").select_related("assessment")), request.POST.getlist("format"), by=user
    )
    return redirect("reports:combined", found.pk)


@never_cache
@require_GET
def combined(request: HttpRequest, pk: int) -> HttpResponse:
    """How far the file is, then where to take it; htmx asks for the part that changes."""
    found = _found(request, pk)
    template = "reports/_combined.html" if asks_for_part(request) else "reports/combined.html"
    context = {"report": found, "job": found.job, "runs": found.arguments.get("runs", ())}
    return render(request, template, context)


@require_GET
def download(request: HttpRequest, pk: int) -> HttpResponse | FileResponse:
    """The file itself; one that is not made yet sends back to its page."""
    found = _found(request, pk)
    return combined_download(found) if found.file else redirect("reports:combined", found.pk)


def _found(request: HttpRequest, pk: int) -> CombinedReport:
    return get_object_or_404(CombinedReport.objects.visible_to(person(request)).select_related("job"), pk=pk)
