"""How records get into the catalog: made once, filled where unknown, each value with its source.

Every verb can be repeated: the second time it finds what the first one made. Known values are never
overwritten; a better source makes another value current.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from datetime import date
from decimal import Decimal
from typing import Any, TypeVar

from django.core.exceptions import ValidationError
from django.db import models, transaction

from riskassess.catalog.identity import model_identity, offering_identity, slug_of
from riskassess.catalog.models import (
    AIModel,
    Offering,
    OfferingPlace,
    Partnership,
    Price,
    Region,
    Source,
    SourcedValue,
    Vendor,
    VendorAlias,
)
from riskassess.catalog.models.offering import PARTIES
from riskassess.catalog.models.value import subject_field
from riskassess.kernel.errors import InvalidInput

M = TypeVar("M", bound=models.Model)
Subject = Vendor | AIModel | Offering
State = SourcedValue.State

# The columns that show a current value. Anything else a source states lives in SourcedValue alone.
COLUMNS: dict[type[models.Model], frozenset[str]] = {
    Vendor: frozenset({"hq_country"}),
    AIModel: frozenset({
        "modality", "purpose", "context_tokens", "max_output_tokens", "knowledge_cutoff", "released",
        "licence", "open_weights", "general_purpose", "systemic_risk", "placed_on_eu_market",
    }),
    Offering: frozenset({"deployment", "zone", "stage", "stage_since", "retires_on", "subprocessors_listed"}),
}  # fmt: skip


# --- records ----------------------------------------------------------------------------------------


def get_or_make_source(title: str, publisher: str, **details: Any) -> tuple[Source, bool]:
    """The source of this title, publisher and day."""
    key = {"title": title, "publisher": publisher, "published_on": details.pop("published_on", None)}
    return get_or_make(Source, {**key, "file_sha256": ""}, details)


@transaction.atomic
def get_or_make_vendor(name: str, *, aliases: Iterable[str] = (), **details: Any) -> tuple[Vendor, bool]:
    """The vendor of this name or alias. Its unknown columns are filled, its known ones stay."""
    vendor = Vendor.objects.named(name)
    made = vendor is None
    if vendor is None:
        vendor = _make(Vendor, {"name": name.strip(), "slug": _free_slug(Vendor, name), **details})
    else:
        _fill(vendor, details)
    for alias in aliases:
        VendorAlias.objects.get_or_create(name=alias, defaults={"vendor": vendor})
    return vendor, made


def get_or_make_model(
    developer: Vendor | None, name: str | None, version: str | None = None, *, label: str = "", **details: Any
) -> tuple[AIModel, bool]:
    """The model by developer, name and version; one without a name goes by its label."""
    maker = developer.name if developer else None
    called = name or label
    details |= {"developer": developer, "name": name, "label": label, "version": version}
    return _by_identity(AIModel, model_identity(maker, called, version), (maker, called, version), details)


def get_or_make_offering(
    model: AIModel, seller: Vendor | None, name: str, channel: str = "", **details: Any
) -> tuple[Offering, bool]:
    """The offering by seller, name, the model's version and channel."""
    sold_by = seller.name if seller else None
    identity = offering_identity(sold_by, name, model.version, channel)
    details |= {"model": model, "seller": seller, "name": name, "channel": channel}
    return _by_identity(Offering, identity, (name, model.version, channel), details)


def get_or_make_region(provider: Vendor, code: str, **details: Any) -> tuple[Region, bool]:
    """The region by its provider and the code that provider uses."""
    return get_or_make(Region, {"provider": provider, "code": code}, details)


def get_or_make_partnership(host: Vendor, developer: Vendor, **details: Any) -> tuple[Partnership, bool]:
    """The tie between a host and a developer."""
    return get_or_make(Partnership, {"host": host, "developer": developer}, details)


def add_place(
    offering: Offering, role: str, *, source: Source, country: str | None = None, region: Region | None = None
) -> tuple[OfferingPlace, bool]:
    """A place by its role. Without a country: one more place, which nobody has named."""
    if region is not None:
        country = region.country
    key = {"offering": offering, "role": role, "country": country, "region": region}
    return get_or_make(OfferingPlace, key, {"source": source})


def add_price(
    offering: Offering, kind: str, amount: Decimal | None, *, source: Source, as_of: date, condition: str = "",
    **details: Any,
) -> tuple[Price, bool]:  # fmt: skip
    """One price as one source states it on one day; an amount of None says that it does not apply."""
    key = {"offering": offering, "kind": kind, "condition": condition, "source": source, "as_of": as_of}
    return get_or_make(Price, key, {"amount": amount, "not_applicable": amount is None, **details})


# --- values -----------------------------------------------------------------------------------------


@transaction.atomic
def record_value(
    subject: Subject,
    attribute: str,
    *,
    source: Source,
    value: Any = None,
    state: str = State.KNOWN,
    as_of: date | None = None,
    **details: Any,
) -> tuple[SourcedValue, bool]:
    """Keeps what `source` says of `attribute`, then shows in the record's column what is current now."""
    _keep_imported(subject, attribute)
    key: dict[str, Any] = {subject_field(subject): subject, "attribute": attribute, "source": source}
    key |= {"as_of": as_of or source.published_on or source.checked_on, "state": state, "value": value}
    found = get_or_make(SourcedValue, key, {"first_party": is_first_party(subject, source), **details})
    refresh(subject, attribute)
    return found


def refresh(subject: Subject, attribute: str) -> None:
    """Sets the column of `attribute` to the current value: newest first-party; others if there is none."""
    if attribute not in COLUMNS[type(subject)]:
        return
    current = SourcedValue.objects.of(subject).filter(attribute=attribute).first()
    if current is not None:
        _change(subject, as_columns(subject, {attribute: current}))


def weigh_anew(subject: Subject) -> None:
    """Says anew of each value whether it is first-party, since who stands behind the record, or what its source is, has
    changed; then shows what is current now."""
    behind = _tops_behind(subject)
    values = SourcedValue.objects.of(subject).select_related("source__publisher_vendor")
    moved = [value for value in values if value.first_party != _speaks(value.source, behind)]
    for value in moved:
        SourcedValue.objects.filter(pk=value.pk).update(first_party=not value.first_party)
    for attribute in sorted({value.attribute for value in moved}):
        refresh(subject, attribute)


def as_columns(subject: Subject, current: Mapping[str, SourcedValue]) -> dict[str, Any]:
    """What the columns of these attributes show when these are the current values."""
    columns = {attribute: _column_value(subject, value) for attribute, value in current.items()}
    if isinstance(subject, AIModel | Offering):
        absent = {name for name in subject.not_applicable if name not in current}
        absent |= {name for name, value in current.items() if value.state == State.NOT_APPLICABLE}
        columns["not_applicable"] = sorted(absent)
    return columns


def is_first_party(subject: Subject, source: Source) -> bool:
    """Whether the publisher is, or belongs to the group of, a company that stands behind the record."""
    return source.publisher_vendor is not None and _speaks(source, _tops_behind(subject))


def _speaks(source: Source, tops: Collection[int]) -> bool:
    """Whether its publisher belongs to the group of one of these companies."""
    publisher = source.publisher_vendor
    return publisher is not None and publisher.ultimate_parent().pk in tops


def _tops_behind(subject: Subject) -> set[int]:
    return {vendor.ultimate_parent().pk for vendor in _behind(subject)}


def _behind(subject: Subject) -> list[Vendor]:
    """Who speaks for a record about itself."""
    if isinstance(subject, Vendor):
        return [subject]
    if isinstance(subject, AIModel):
        return [*([subject.developer] if subject.developer else []), *subject.co_developers.all()]
    parties = (getattr(subject, role) for role in PARTIES)
    return [party for party in parties if party] + _behind(subject.model)


def _keep_imported(subject: Subject, attribute: str) -> None:
    """An imported value that meets a second source is written down as a value of its own first.

    Until then its row and its batch are provenance enough; without this the newcomer would win unopposed.
    """
    if isinstance(subject, Vendor) or subject.origin is None or attribute not in COLUMNS[type(subject)]:
        return
    imported = getattr(subject, attribute)
    if imported is None or SourcedValue.objects.of(subject).filter(attribute=attribute).exists():
        return
    SourcedValue.objects.create(
        **{subject_field(subject): subject},
        attribute=attribute,
        value=imported.isoformat() if isinstance(imported, date) else imported,
        raw=str(imported),
        source=subject.origin,
        cell=subject.origin.cell(attribute, subject.origin_row),
        as_of=subject.origin.published_on or subject.origin.checked_on,
        first_party=is_first_party(subject, subject.origin),
    )


def _column_value(subject: Subject, current: SourcedValue) -> Any:
    if current.state != State.KNOWN:
        return None
    return _read(subject, current.attribute, current.value)


# --- the one way in ---------------------------------------------------------------------------------


def _by_identity(
    kind: type[M], identity: str, parts: tuple[str | None, ...], details: dict[str, Any]
) -> tuple[M, bool]:
    found = kind._default_manager.filter(identity=identity).first()
    if found is not None:
        _fill(found, details)
        return found, False
    return _make(kind, {"identity": identity, "slug": _free_slug(kind, *parts), **details}), True


def _free_slug(kind: type[models.Model], *parts: str | None) -> str:
    """The readable address, or the marked one when another record already has that."""
    slug = slug_of(*parts)
    taken = kind._default_manager.filter(slug=slug).exists()
    return slug_of(*parts, distinct=True) if taken else slug


def get_or_make(kind: type[M], key: dict[str, Any], details: dict[str, Any]) -> tuple[M, bool]:
    """The record that `key` picks out, its unknown columns filled from `details`; made when there is none."""
    exact = {name: value for name, value in key.items() if value is not None}
    exact |= {f"{name}__isnull": True for name, value in key.items() if value is None}
    found = kind._default_manager.filter(**exact).first()
    if found is not None:
        _fill(found, details)
        return found, False
    return _make(kind, {**key, **details}), True


def _make(kind: type[M], values: dict[str, Any]) -> M:
    """A new record, checked as a form would; what is wrong names the field."""
    record = kind(**values)
    try:
        record.full_clean()
    except ValidationError as error:
        field, messages = next(iter(error.message_dict.items()))
        called = next(filter(None, map(values.get, ("name", "title", "attribute"))), kind._meta.verbose_name)
        raise InvalidInput(f"{called}: {' '.join(messages)}", where=field) from error
    record.save()
    return record


def _fill(record: models.Model, details: dict[str, Any]) -> None:
    """Sets the columns that are unknown so far."""
    _change(record, {name: new for name, new in details.items() if getattr(record, name) in (None, "", [])})


def _change(record: models.Model, changes: dict[str, Any]) -> None:
    """Saves what differs, and nothing when nothing does."""
    differing = {name: new for name, new in changes.items() if getattr(record, name) != new}
    if not differing:
        return
    for name, new in differing.items():
        setattr(record, name, new)
    record.save()


def _read(record: models.Model, name: str, value: Any) -> Any:
    """A value as the column holds it. Raises InvalidInput when it cannot."""
    field = record._meta.get_field(name)
    try:
        return field.clean(value, record)  # type: ignore[union-attr]
    except ValidationError as error:
        problem = f"{record}: {value!r} is no {name}. {' '.join(error.messages)}"
        raise InvalidInput(problem, where=name) from error
