"""The pages that bring all areas together: what waits for a person, the search, a vendor's briefing."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from riskassess.accounts.people import person
from riskassess.catalog.models import Vendor
from riskassess.evidence.briefing import briefing_of
from riskassess.home.moved import movement
from riskassess.home.searching import found_for
from riskassess.home.verdicts import latest_verdicts
from riskassess.home.waiting import first_page
from riskassess.imports.models import Batch


@require_GET
def dashboard(request: HttpRequest) -> HttpResponse:
    """What waits for me, by when, what changed?"""
    today = timezone.localdate()
    return render(
        request, "home/dashboard.html", {"first": first_page(person(request), today), "today": today}
    )


@require_GET
def search(request: HttpRequest) -> HttpResponse:
    """Every kind of record in which all the words occur."""
    words = request.GET.get("q", "").strip()[:200]
    found = found_for(person(request), words) if words else []
    return render(request, "home/search.html", {"search_words": words, "found": found})


@require_GET
def vendor(request: HttpRequest, slug: str) -> HttpResponse:
    """A vendor's briefing, and what our own assessments found of its offerings."""
    user = person(request)
    visible = Vendor.objects.visible_to(user).select_related("parent").prefetch_related("aliases")
    record = get_object_or_404(visible, slug=slug)
    briefing = briefing_of(record, user)
    verdicts = latest_verdicts(user, [line.offering for line in briefing.buyables if line.offering])
    return render(request, "home/vendor.html", {"vendor": record, "briefing": briefing, "verdicts": verdicts})


@never_cache
@require_GET
def moved(request: HttpRequest, pk: int) -> HttpResponse:
    """What an import moves: the assessments on what it changes, before and after."""
    user = person(request)
    batch = get_object_or_404(Batch.objects.visible_to(user).select_related("unit"), pk=pk)
    return render(request, "home/moved.html", {"batch": batch, "movement": movement(batch, user)})
