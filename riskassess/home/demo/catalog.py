"""Vendors, models, offerings, regions and what sources state of them."""

from __future__ import annotations

import csv
from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from django.db import transaction

from riskassess.catalog import services
from riskassess.catalog.models import AIModel, Offering, Region, SourcedValue, Vendor
from riskassess.home.demo.entries import OfferingEntry, PartnershipEntry, ValueEntry
from riskassess.home.demo.library import Library, Shelf, telling
from riskassess.home.demo.reading import REGIONS, entries

PROVIDERS = {"azure": "microsoft", "aws": "amazon", "gcp": "google"}


@transaction.atomic
def load_catalog() -> dict[str, int]:
    """Everything the briefing says of vendors, models and offerings; how much of each."""
    library = Library()
    counts = {
        "sources": len(list(library.sources.values())),
        "vendors": len(list(library.vendors.values())),
        "models": len(list(library.models.values())),
        "offerings": len(list(library.offerings.values())),
        "regions": sum(1 for _ in _regions(library)),
        "partnerships": sum(1 for _ in _partnerships(library)),
    }
    counts["places and prices"] = sum(_details(library, key) for key in library.offerings)
    shelves: tuple[Shelf[Any], ...] = (library.vendors, library.models, library.offerings)
    counts["sourced values"] = sum(_values(library, shelf) for shelf in shelves)
    return counts


def _values(library: Library, shelf: Shelf[Vendor] | Shelf[AIModel] | Shelf[Offering]) -> int:
    """What sources state of each record of a shelf."""
    count = 0
    for key in shelf:
        for said in shelf.entries[key].values:
            with telling(f"{shelf.name}.yaml, {key}, {said.attribute}"):
                _record(library, shelf[key], said)
            count += 1
    return count


def _record(library: Library, subject: Vendor | AIModel | Offering, said: ValueEntry) -> SourcedValue:
    return services.record_value(
        subject,
        said.attribute,
        source=library.sources[said.source],
        value=said.value,
        state=said.state,
        as_of=said.as_of,
        raw=said.raw or ("" if said.value is None else str(said.value)),
        unit=said.unit,
        note=said.note,
    )[0]


def _details(library: Library, key: str) -> int:
    """Where an offering runs and what it costs."""
    offering, entry = library.offerings[key], library.offerings.entries[key]
    assert isinstance(entry, OfferingEntry)  # noqa: S101  for the type checker
    with telling(f"offerings.yaml, {key}"):
        for place in entry.places:
            source = library.sources[place.source]
            services.add_place(offering, place.role, country=place.country, source=source)
        for price in entry.prices:
            services.add_price(
                offering,
                price.kind,
                None if price.amount is None else Decimal(price.amount),
                source=library.sources[price.source],
                as_of=price.as_of,
                unit=price.unit,
                currency=price.currency,
                raw=price.raw,
            )
    return len(entry.places) + len(entry.prices)


def _partnerships(library: Library) -> Iterable[object]:
    for key, entry in entries("partnerships", PartnershipEntry).items():
        with telling(f"partnerships.yaml, {key}"):
            yield services.get_or_make_partnership(
                library.vendors[entry.host],
                library.vendors[entry.developer],
                equity_pct=None if entry.equity_pct is None else Decimal(entry.equity_pct),
                exclusivity=entry.exclusivity,
                board_right=entry.board_right,
                compute_dependency=entry.compute_dependency,
                cma_status=entry.cma_status,
                changed_since_decision=entry.changed_since_decision,
                note=entry.note,
                source=library.sources[entry.source],
            )


def _regions(library: Library) -> Iterable[Region]:
    """The regions of the clouds that the briefing's offerings run on."""
    source = library.sources["cloud-regions"]
    with REGIONS.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            with telling(f"{REGIONS.name}, {row['region_code']}"):
                yield services.get_or_make_region(
                    library.vendors[PROVIDERS[row["provider"]]],
                    row["region_code"],
                    display_name=row["display_name"],
                    kind=row["region_type"],
                    country=row["country_iso2"],
                    city=row["city"],
                    source=source,
                )[0]
