"""What rests on a source: if it falls, this falls.

Claims, coverage and imports are reached through the source's own relations, so that its page can name them
without the catalog knowing the areas above it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.db import models
from django.db.models import Count, OuterRef, Subquery
from django.urls import reverse

from riskassess.accounts.models import User
from riskassess.catalog.models import (
    Availability,
    Offering,
    ProductUse,
    Region,
    RegisterEntry,
    Source,
    SourcedValue,
)
from riskassess.catalog.showing import label_of, shown


@dataclass(frozen=True, slots=True)
class StatedHere:
    """One value of one record that the source states."""

    record: Any
    attribute: str
    shown: str
    cell: str


@dataclass(frozen=True, slots=True)
class Resting:
    """All of it, each kind cut to what one page can show."""

    values: list[StatedHere]
    prices: list[Any]
    claims: list[Any]
    coverage: list[Any]
    offerings: list[Offering]
    batches: list[Any]
    counted: list[Counted]

    @property
    def nothing(self) -> bool:
        stated = (self.values, self.prices, self.claims, self.coverage, self.offerings, self.counted)
        return not any(stated)


@dataclass(frozen=True, slots=True)
class Counted:
    """How many records of one kind the source states, and the list that shows them; '' where none does."""

    label: str
    count: int
    url: str


_COUNTED: tuple[tuple[str, str, type[models.Model], str], ...] = (
    ("regions", "source", Region, "catalog:regions"),
    ("marks of where models are offered", "source", Availability, ""),
    ("entries of a public register", "source", RegisterEntry, "catalog:register"),
    ("products in use", "source", ProductUse, "catalog:uses"),
    ("values quoted from other sources", "via", SourcedValue, ""),
)
_NARROWED = frozenset({"catalog:register", "catalog:uses"})  # lists that can be narrowed to a source


def _counted(source: Source) -> list[Counted]:
    """Kinds of which one sheet states too many for a page. One query for all of them."""
    counts: dict[str, Any] = {}
    for at, (_, column, kind, _) in enumerate(_COUNTED):
        own = kind._default_manager.filter(**{column: OuterRef("pk")}).order_by().values(column)
        counts[f"n{at}"] = Subquery(own.annotate(n=Count("pk")).values("n"))
    found = Source.objects.filter(pk=source.pk).annotate(**counts).values_list(*counts).get()
    return [
        Counted(label, count, _list_of(name, source))
        for (label, _, _, name), count in zip(_COUNTED, found, strict=True)
        if count
    ]


def _list_of(name: str, source: Source) -> str:
    narrowed = f"?{urlencode({'source': source.title})}" if name in _NARROWED else ""
    return f"{reverse(name)}{narrowed}" if name else ""


def resting_on(source: Source, user: User, *, most: int) -> Resting:
    """Eight queries: one a kind, one for what is counted, one for the units. Imports are those `user` may see."""
    values = source.values.select_related("vendor", "model", "offering")[:most]
    imported = Offering.objects.filter(origin=source).order_by("origin_row", "pk")
    related: Any = source  # the areas above add these relations
    return Resting(
        values=[
            StatedHere(
                value.vendor or value.model or value.offering,
                label_of(value.attribute),
                shown(value.value, value.unit) if value.state == "known" else value.get_state_display(),
                value.cell,
            )
            for value in values
        ],
        prices=list(source.prices.select_related("offering", "source").order_by("row", "pk")[:most]),
        claims=list(related.claim_links.select_related("claim__vendor")[:most]),
        coverage=list(related.coverage.select_related("vendor")[:most]),
        offerings=list(imported[:most]),
        batches=list(related.batches.visible_to(user)[:most]),
        counted=_counted(source),
    )
