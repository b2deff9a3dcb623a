"""What belongs to a record and is corrected one by one: places, prices and sub-processors of an offering, ties of a
vendor."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db import models
from django.db.models import Q
from django.http import Http404

from riskassess import marks
from riskassess.catalog.lists import country_cell, price_cell
from riskassess.catalog.models import (
    Offering,
    OfferingPlace,
    Partnership,
    Price,
    Source,
    Subprocessor,
    Vendor,
)

MOST = 200  # parts of a kind on one page


@dataclass(frozen=True, slots=True)
class PartKind:
    """One kind of part: its words, and how one of them is shown as what it is and what is said of it."""

    name: str
    model: type[models.Model]
    title: str
    one: str
    lede: str
    what: Callable[[Any], str]
    said: Callable[[Any], str]
    loads: tuple[str, ...] = ("source",)

    def of(self, record: Any) -> Any:
        """The parts of the record. One query."""
        manager: Any = self.model._default_manager
        whose = Q(host=record) | Q(developer=record) if self.model is Partnership else Q(offering=record)
        return manager.filter(whose).select_related(*self.loads)

    def new(self, record: Any) -> tuple[models.Model, dict[str, models.Model]]:
        """One that is not kept yet, as a form shows it, and the record that it will belong to."""
        if self.model is Partnership:
            return Partnership(host=record), {}
        return self.model(offering=record), {"offering": record}


def _place(place: OfferingPlace) -> str:
    where = (
        country_cell(place.country) if place.country else marks.unknown("A further place nobody has named")
    )
    return marks.noted(where, f"region {place.region.code}") if place.region else where


def _price(price: Price) -> str:
    return marks.noted(price_cell(price), f"of {marks.day(price.as_of)}")


def _company(sub: Subprocessor) -> str:
    return str(sub.vendor) if sub.vendor else "Unnamed"


def _tie(tie: Partnership) -> str:
    share = "unknown" if tie.equity_pct is None else f"{tie.equity_pct.normalize():f} %"
    review = tie.get_cma_status_display() or "unknown"
    return f"share: {share}; review by the CMA: {review.lower()}"


PARTS: dict[type[models.Model], tuple[PartKind, ...]] = {
    Offering: (
        PartKind(
            "places", OfferingPlace, "Places", "place", "where it stores, infers and is looked at from",
            lambda place: str(place.get_role_display()), _place, ("source", "region__provider"),
        ),
        PartKind(
            "prices", Price, "Prices", "price", "the newest of a kind is current",
            lambda price: str(price.called), _price,
        ),
        PartKind(
            "subprocessors", Subprocessor, "Sub-processors", "sub-processor", "whether the list is complete is a fact",
            _company, lambda sub: marks.noted(country_cell(sub.country), sub.role), ("source", "vendor"),
        ),
    ),
    Vendor: (
        PartKind(
            "ties", Partnership, "Ties", "tie", "between a host and a developer, as the merger rules ask for them",
            str, _tie, ("source", "host", "developer"),
        ),
    ),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Line:
    """One part in the list of its record."""

    what: str
    said: str
    source: Source | None
    url: str


@dataclass(frozen=True, slots=True)
class Section:
    """The parts of one kind, and where one is added."""

    kind: PartKind
    lines: list[Line]
    more: bool
    add: str


def sections_of(record: Any) -> list[Section]:
    """The parts of the record. One query a kind: three for an offering, one for a vendor."""
    return [_section(kind, record) for kind in PARTS.get(type(record), ())]


def _section(kind: PartKind, record: Any) -> Section:
    found = list(kind.of(record)[: MOST + 1])
    start = f"{record.get_absolute_url()}correct/{kind.name}/"
    lines = [Line(kind.what(one), kind.said(one), one.source, f"{start}{one.pk}/") for one in found[:MOST]]
    return Section(kind, lines, len(found) > MOST, f"{start}add/")


def part_kind(record: Any, name: str) -> PartKind:
    """The kind of part by its name in an address. Http404 where records of this kind have none."""
    for kind in PARTS.get(type(record), ()):
        if kind.name == name:
            return kind
    raise Http404
