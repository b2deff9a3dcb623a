"""Which offerings a correction of a record moves: those whose facts rest on it, in whatever way."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from django.db import models
from django.db.models import Q

from riskassess.catalog.models import (
    AIModel,
    Availability,
    Offering,
    OfferingPlace,
    Partnership,
    Price,
    Region,
    Source,
    SourcedValue,
    Subprocessor,
    Vendor,
)


def resting_on_record(record: models.Model) -> set[int]:
    """The offerings whose facts a correction of the record may move: by themselves, their models, their companies
    (those of the group included), places, prices and ties, or by what a source states of any of these."""
    return _RESTING[type(record)](record)


def _on_offering(offering: Offering) -> set[int]:
    return {offering.pk}


def _on_part(part: OfferingPlace | Price | Subprocessor) -> set[int]:
    return {part.offering_id}


def _on_value(value: SourcedValue) -> set[int]:
    about = value.offering or value.model or value.vendor
    return resting_on_record(about) if about is not None else set()


def _on_model(model: AIModel) -> set[int]:
    return _ids(Q(model=model))


def _on_vendor(vendor: Vendor) -> set[int]:
    return _of_vendors(vendor.group_below())


def _on_tie(tie: Partnership) -> set[int]:
    """Of whatever the developer made: which company is at the top of the host's group may change as well."""
    return _ids(Q(model__developer=tie.developer_id))


def _on_region(region: Region) -> set[int]:
    return _ids(Q(pk__in=_of(OfferingPlace, region=region)) | Q(pk__in=_of(Availability, region=region)))


def _on_source(source: Source) -> set[int]:
    said = SourcedValue.objects.filter(Q(source=source) | Q(via=source)).order_by()
    ties = Partnership.objects.filter(source=source).values("developer")
    regions = Region.objects.filter(source=source).values("pk")
    found = Q(origin=source) | Q(model__origin=source) | Q(model__developer__in=ties)
    found |= Q(pk__in=said.values("offering")) | Q(model__in=said.values("model"))
    for kind in (Price, OfferingPlace, Availability, Subprocessor):
        found |= Q(pk__in=_of(kind, source=source))
    for kind in (OfferingPlace, Availability):
        found |= Q(pk__in=_of(kind, region__in=regions))
    vendors = said.filter(vendor__isnull=False).values_list("vendor", flat=True).distinct()
    return _ids(found) | _of_vendors(vendors)


_RESTING: dict[type[models.Model], Callable[[Any], set[int]]] = {
    Vendor: _on_vendor,
    AIModel: _on_model,
    Offering: _on_offering,
    OfferingPlace: _on_part,
    Price: _on_part,
    SourcedValue: _on_value,
    Subprocessor: _on_part,
    Region: _on_region,
    Source: _on_source,
    Partnership: _on_tie,
}


def _ids(which: Q) -> set[int]:
    return set(Offering.objects.filter(which).order_by().values_list("pk", flat=True))


def _of(kind: type[models.Model], **which: Any) -> Any:
    return kind._default_manager.filter(**which).order_by().values("offering")


def _of_vendors(vendors: Iterable[int]) -> set[int]:
    found = Offering.objects.standing_behind(list(vendors))
    return set(found.order_by().values_list("pk", flat=True))
