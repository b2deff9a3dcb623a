"""Choosing what a vendor is asked for beside the questions. Load, ask, render."""

from __future__ import annotations

from dataclasses import replace

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from riskassess.accounts.people import person
from riskassess.accounts.roles import Can
from riskassess.assessments.negotiating import negotiation_pack
from riskassess.assessments.what_if import record_to_try
from riskassess.kernel.errors import Conflict
from riskassess.questionnaires.models import Inquiry
from riskassess.questionnaires.requesting import CHANGEABLE, put_requests, record_behind
from riskassess.reports.negotiation import page_of


@never_cache
@require_http_methods(["GET", "POST"])
def requests(request: HttpRequest, pk: int) -> HttpResponse:
    """The negotiation pack's items for the vendor; those ticked go into the workbook and onto the vendor's page."""
    user = person(request)
    found = Inquiry.objects.visible_to(user).select_related(
        "vendor", "offering__model", "unit", "assessment__current_run"
    )
    inquiry = get_object_or_404(found, pk=pk)
    user.require(Can.ASSESS, inquiry.unit)
    if inquiry.state not in CHANGEABLE:
        raise Conflict(f"It is over: {inquiry.state.label.lower()}.", hint="Ask anew.")
    if request.method == "POST":
        figures = request.POST.get("figures") == "on"
        number = put_requests(inquiry, request.POST.getlist("item"), figures=figures, by=user)
        messages.success(request, f"{number} point{'' if number == 1 else 's'} to ask for.")
        return redirect("questionnaires:inquiry", pk)
    record = record_to_try(record_behind(inquiry))
    pack = page_of(record, negotiation_pack(record), ())
    theirs = [
        replace(one, levers=tuple(lever for lever in one.levers if not lever.ours)) for one in pack.residuals
    ]
    shown = {"inquiry": inquiry, "p": pack, "residuals": [one for one in theirs if one.levers]}
    return render(request, "questionnaires/requests.html", shown)
