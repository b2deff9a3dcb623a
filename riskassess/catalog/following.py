"""What follows from a corrected column elsewhere in the catalog."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from datetime import date
from typing import Any

from django.db import IntegrityError, models, transaction

from riskassess.catalog.correcting import speaks_for_itself
from riskassess.catalog.identity import moved_identity
from riskassess.catalog.models import (
    AIModel,
    Availability,
    Offering,
    OfferingPlace,
    Price,
    Region,
    Source,
    SourcedValue,
    Vendor,
    VendorAlias,
)
from riskassess.catalog.services import Subject, refresh, weigh_anew
from riskassess.catalog.twins import ExistsAlready
from riskassess.kernel.errors import Conflict, InvalidInput

Was = Mapping[str, Any]
"""The corrected columns as they were."""


def prepare(record: models.Model, was: Was) -> None:
    """Sets what tells the record apart, and whose word a source is, by the columns as they are now. No query but for a
    source's vendor."""
    if isinstance(record, AIModel):
        record.identity = moved_identity(
            record.identity, _names_of_model(record, was), _names_of_model(record, {})
        )
    elif isinstance(record, Offering):
        version = record.model.version
        before = _names_of_offering(record, was, version)
        record.identity = moved_identity(record.identity, before, _names_of_offering(record, {}, version))
    elif isinstance(record, Source) and not _same(record, was, "publisher", "kind"):
        record.publisher_vendor = speaks_for_itself(record.publisher, record.kind)


def follow(record: models.Model, was: Was, aliases: Collection[str] | None) -> None:
    """Writes what follows, once the record is saved. Raises ExistsAlready, InvalidInput."""
    if isinstance(record, Vendor):
        _of_vendor(record, was, aliases)
    elif type(record) in _FOLLOWS:
        _FOLLOWS[type(record)](record, was)


def _names_of_model(model: AIModel, was: Was) -> tuple[str | None, str | None, str | None]:
    now: Any = {name: getattr(model, name) for name in ("developer", "name", "label", "version")} | dict(was)
    return _name(now["developer"]), now["name"] or now["label"], now["version"]


def _names_of_offering(offering: Offering, was: Was, version: str | None) -> tuple[str | None, ...]:
    now: Any = {name: getattr(offering, name) for name in ("seller", "name", "channel")} | dict(was)
    return _name(now["seller"]), now["name"], version, now["channel"]


def _name(vendor: Vendor | None) -> str | None:
    return vendor.name if vendor else None


def _same(record: models.Model, was: Was, *names: str) -> bool:
    return all(getattr(record, name) == was.get(name, getattr(record, name)) for name in names)


# --- vendors ----------------------------------------------------------------------------------------


def _of_vendor(vendor: Vendor, was: Was, aliases: Collection[str] | None) -> None:
    """A vendor that is renamed keeps its address, and its old name as an alias: lists that write it still find it."""
    vendor.ultimate_parent()  # refuses a circle
    old = was.get("name", vendor.name)
    kept = vendor.aliases.values_list("name", flat=True) if aliases is None else aliases
    wanted = dict.fromkeys(name for one in kept if (name := " ".join(one.split())))
    if vendor.name != old:
        wanted.setdefault(old)
        _name_anew(vendor, old)
    _set_aliases(vendor, wanted)
    if not _same(vendor, was, "parent"):
        for subject in _spoken_of_by(vendor):
            weigh_anew(subject)


def _set_aliases(vendor: Vendor, wanted: Collection[str]) -> None:
    lowered = {name.lower(): name for name in wanted if name.lower() != vendor.name.lower()}
    for alias in vendor.aliases.all():
        if lowered.pop(alias.name.lower(), None) is None:
            alias.delete()
    for name in lowered.values():
        other = Vendor.objects.named(name)
        if other is not None and other.pk != vendor.pk:
            raise InvalidInput(f"“{name}” is what {other} is called.", where="aliases")
        VendorAlias.objects.create(vendor=vendor, name=name)


def _name_anew(vendor: Vendor, old: str) -> None:
    """What the vendor makes or sells is told apart by its name: lists that bring the new one find the same records."""
    for model in AIModel.objects.filter(developer=vendor).select_related("developer"):
        _, *names = _names_of_model(model, {})
        _identify(model, moved_identity(model.identity, (old, *names), (vendor.name, *names)))
    for offering in Offering.objects.filter(seller=vendor).select_related("model", "seller"):
        _, *rest = _names_of_offering(offering, {}, offering.model.version)
        _identify(offering, moved_identity(offering.identity, (old, *rest), (vendor.name, *rest)))


def _identify(record: AIModel | Offering, identity: str) -> None:
    kind: Any = type(record)
    other = kind.objects.filter(identity=identity).exclude(pk=record.pk).first()
    if other is not None:
        raise ExistsAlready(other, where="name")
    kind.objects.filter(pk=record.pk).exclude(identity=identity).update(identity=identity)


def _spoken_of_by(vendor: Vendor) -> list[Subject]:
    """Records of which a source's word may be another's now that the vendor belongs to another group."""
    group = vendor.group_below()
    sources = Source.objects.filter(publisher_vendor__in=group)
    by_them = SourcedValue.objects.filter(source__in=sources)
    of_them = SourcedValue.objects.filter(source__publisher_vendor__isnull=False)
    vendors = of_them.filter(vendor__in=group) | by_them
    models_ = of_them.filter(model__developer__in=group) | by_them
    sold = of_them.filter(offering__in=Offering.objects.standing_behind(group)) | by_them
    return [
        *Vendor.objects.filter(pk__in=vendors.order_by().values("vendor")),
        *AIModel.objects.filter(pk__in=models_.order_by().values("model")),
        *Offering.objects.with_parties().filter(pk__in=sold.order_by().values("offering")),
    ]


# --- models, offerings, regions, sources ------------------------------------------------------------


def _of_model(model: AIModel, was: Was) -> None:
    if not _same(model, was, "version"):
        for offering in model.offerings.select_related("seller"):
            before = _names_of_offering(offering, {}, was["version"])
            now = _names_of_offering(offering, {}, model.version)
            _identify(offering, moved_identity(offering.identity, before, now))
    if not _same(model, was, "developer"):
        for subject in (model, *Offering.objects.with_parties().filter(model=model)):
            weigh_anew(subject)


def _of_offering(offering: Offering, was: Was) -> None:
    if not _same(offering, was, *was):
        weigh_anew(offering)


def _of_region(region: Region, was: Was) -> None:
    """A place in a region lies where the region lies."""
    if not _same(region, was, "country"):
        OfferingPlace.objects.filter(region=region, country=was["country"]).update(country=region.country)


def _of_source(source: Source, was: Was) -> None:
    """What it states is stated on its day, and is first-party where its publisher stands behind the record."""
    values = SourcedValue.objects.filter(source=source)
    days: Any = {name: getattr(source, name) for name in ("published_on", "checked_on")} | dict(was)
    old, new = days["published_on"] or days["checked_on"], source.published_on or source.checked_on
    if old != new:
        _move_days(source, old, new)
    if old != new or not _same(source, was, "publisher", "kind"):
        stated = values.select_related("vendor", "model", "offering").order_by("pk")
        found: dict[Subject, set[str]] = {}
        for one in stated:
            if (about := one.vendor or one.model or one.offering) is not None:
                found.setdefault(about, set()).add(one.attribute)
        for subject, attributes in found.items():
            weigh_anew(subject)
            for attribute in sorted(attributes):
                refresh(subject, attribute)


def _move_days(source: Source, old: date | None, new: date | None) -> None:
    """Values, prices and marks that were stated on the source's day; those with a day of their own keep it."""
    SourcedValue.objects.filter(source=source, as_of=old).update(as_of=new)
    if old is None:
        return
    if new is None:
        raise InvalidInput("What it states needs a day: say when it was published.", where="published_on")
    try:
        with transaction.atomic():
            Price.objects.filter(source=source, as_of=old).update(as_of=new)
            Availability.objects.filter(source=source, stated_on=old).update(stated_on=new)
    except IntegrityError as error:
        raise Conflict("It states prices of both days.", hint="Correct those prices first.") from error


_FOLLOWS: dict[type[models.Model], Callable[[Any, Was], None]] = {
    AIModel: _of_model,
    Offering: _of_offering,
    Region: _of_region,
    Source: _of_source,
}
