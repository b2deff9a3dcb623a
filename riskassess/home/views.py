"""The pages that bring all areas together: what waits for a person, the search, a vendor's briefing."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from riskassess.accounts.people import person
from riskassess.catalog.models import Vendor
from riskassess.evidence.briefing import briefing_of
from riskassess.home.changed import changed_for
from riskassess.home.looking import has_seen
from riskassess.home.moved import movement
from riskassess.home.searching import found_for
from riskassess.home.verdicts import latest_verdicts
from riskassess.home.waiting import first_page
from riskassess.imports.models import Batch
from riskassess.kernel.errors import InvalidInput


@require_GET
def dashboard(request: HttpRequest) -> HttpResponse:
    """What waits for me, by when, what changed?"""
    user, today = person(request), timezone.localdate()
    return render(
        request,
        "home/dashboard.html",
        {"first": first_page(user, today), "changed": changed_for(user), "today": today},
    )


@require_POST
def seen(request: HttpRequest) -> HttpResponse:
    """What changed up to the moment at which the page was made is read."""
    try:
        until = parse_datetime(request.POST.get("until", ""))
    except ValueError:
        until = None
    if until is None or timezone.is_naive(until):
        raise InvalidInput("The page does not say up to when.", hint="Open the first page again.")
    has_seen(person(request), until)
    messages.success(request, "What changed later will show here.")
    return redirect("home:dashboard")


@require_GET
def search(request: HttpRequest) -> HttpResponse:
    """Every kind of record in which all the words occur."""
    words = request.GET.get("q", "").strip()[:200]
    found = found_for(person(request), words, timezone.localdate()) if words else []
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
