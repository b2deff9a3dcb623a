"""The pages that bring all areas together: what waits for a person, the search, a vendor's briefing."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from riskassess.accounts.people import person


@require_GET
def dashboard(request: HttpRequest) -> HttpResponse:
    return render(request, "home/dashboard.html", {"who": person(request)})


@require_GET
def search(request: HttpRequest) -> HttpResponse:
    return render(request, "home/search.html", {})


@require_GET
def vendor(request: HttpRequest, slug: str) -> HttpResponse:
    return render(request, "home/vendor.html", {"slug": slug})
