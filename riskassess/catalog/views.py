"""The pages of the catalog, except a vendor's, which is a briefing and lives above. Load, ask, render.

What a page costs in queries is asserted in tests/catalog/test_pages.py, each with its reason.
"""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_GET

from riskassess.accounts.people import person
from riskassess.catalog import lists, public_lists
from riskassess.catalog.models import (
    AIModel,
    Availability,
    Offering,
    Price,
    ProductUse,
    Region,
    RegisterEntry,
    Source,
    SourcedValue,
    Vendor,
)
from riskassess.catalog.offered import offered_in
from riskassess.catalog.resting import resting_on
from riskassess.catalog.showing import chain_of, conflicts_in, facts_of, places_of, prices_of
from riskassess.catalog.zones import standing_of
from riskassess.listing import respond

MOST_PLACES = 1000  # marks of regions on an offering's page
MOST = 100  # rows of a kind that the page of one record shows; its lists have the rest


# --- lists ------------------------------------------------------------------------------------------


@require_GET
def vendors(request: HttpRequest) -> HttpResponse:
    return respond(request, lists.VENDORS, Vendor.objects.visible_to(person(request)))


@require_GET
def models(request: HttpRequest) -> HttpResponse:
    return respond(request, lists.MODELS, AIModel.objects.visible_to(person(request)))


@require_GET
def offerings(request: HttpRequest) -> HttpResponse:
    rows = lists.with_prices(Offering.objects.visible_to(person(request)))
    return respond(request, lists.OFFERINGS, rows)


@require_GET
def regions(request: HttpRequest) -> HttpResponse:
    rows = Region.objects.visible_to(person(request)).select_related("provider")
    return respond(request, lists.REGIONS, rows)


@require_GET
def sources(request: HttpRequest) -> HttpResponse:
    return respond(request, lists.SOURCES, Source.objects.visible_to(person(request)))


@require_GET
def register(request: HttpRequest) -> HttpResponse:
    rows = RegisterEntry.objects.visible_to(person(request)).select_related("source")
    return respond(request, public_lists.REGISTER, rows)


@require_GET
def uses(request: HttpRequest) -> HttpResponse:
    rows = ProductUse.objects.visible_to(person(request)).select_related("source")
    return respond(request, public_lists.USES, rows)


# --- one record -------------------------------------------------------------------------------------


@require_GET
def model(request: HttpRequest, slug: str) -> HttpResponse:
    """What is known of a model, from whom, and how it can be bought."""
    visible = AIModel.objects.visible_to(person(request)).select_related("developer", "origin")
    record = get_object_or_404(visible.prefetch_related("co_developers"), slug=slug)
    facts = facts_of(record, SourcedValue.objects.of(record))
    ways = list(record.offerings.with_parties().prefetch_related("prices")[: MOST + 1])
    return render(
        request,
        "catalog/model.html",
        {
            "model": record,
            "facts": facts,
            "conflicts": conflicts_in(facts),
            "offerings": [lists.way_to_buy(way) for way in ways[:MOST]],
            "more": len(ways) > MOST,
        },
    )


@require_GET
def offering(request: HttpRequest, slug: str) -> HttpResponse:
    """Who stands between the buyer and the machine, where the data goes, what it costs, who says so."""
    visible = Offering.objects.visible_to(person(request)).with_parties()
    record = get_object_or_404(
        visible.prefetch_related(
            "places__region", "places__source", "subprocessors__vendor", "subprocessors__source"
        ),
        slug=slug,
    )
    facts = facts_of(record, SourcedValue.objects.of(record))
    prices = Price.objects.filter(offering=record).select_related("source")[:MOST]
    return render(
        request,
        "catalog/offering.html",
        {
            "offering": record,
            "chain": chain_of(record),
            "places": places_of(record),
            "facts": facts,
            "conflicts": conflicts_in(facts),
            "prices": prices_of(prices),
            "offered": offered_in(Availability.objects.of(record)[:MOST_PLACES]),
        },
    )


@require_GET
def region(request: HttpRequest, pk: int) -> HttpResponse:
    """Where a region lies, and what that means in law today."""
    visible = Region.objects.visible_to(person(request)).select_related("provider", "source")
    record = get_object_or_404(visible, pk=pk)
    on = timezone.localdate()
    used = record.places.select_related("offering__model").order_by("offering__name", "role")[:MOST]
    return render(
        request,
        "catalog/region.html",
        {"region": record, "on": on, "zones": standing_of(record.country, on), "places": used},
    )


@require_GET
def source(request: HttpRequest, pk: int) -> HttpResponse:
    """What rests on a source: if it falls, this falls."""
    visible = Source.objects.visible_to(person(request)).select_related("publisher_vendor", "unit")
    record = get_object_or_404(visible, pk=pk)
    resting = resting_on(record, person(request), most=MOST)
    return render(request, "catalog/source.html", {"source": record, "resting": resting, "most": MOST})
