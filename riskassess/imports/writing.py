"""A plan into the database: one function a kind of record, rows in bulk. Call it inside the transaction."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import models
from django.utils import timezone

from riskassess.catalog.identity import normalised, slug_of
from riskassess.catalog.models import AIModel, Offering, Price, Source, SourcedValue, Vendor, VendorAlias
from riskassess.imports.bulk import among, insert_each, update_each
from riskassess.imports.journal import Journal, reserve_ids
from riskassess.imports.known import (
    Catalog,
    KnownModel,
    KnownOffering,
    NewPrice,
    NewStatement,
    Party,
    Record,
    pk_of,
)
from riskassess.imports.models import Spelling
from riskassess.imports.said import Value, as_stored
from riskassess.kernel.stated import NotApplicable


@dataclass(slots=True)
class _Writer:
    """What all written rows share: the sheet they come from and the day it speaks of. Notes what it does."""

    catalog: Catalog
    source: Source
    on: date
    journal: Journal

    def make(self, kind: type[models.Model], rows: Iterable[dict[str, Any]], count: int) -> Sequence[int]:
        """Inserts the rows, made one by one while they are written, and returns their ids."""
        if not count:
            return ()
        ids = reserve_ids(kind, count)
        insert_each(kind, ({"id": pk, **row} for pk, row in zip(ids, rows, strict=True)))
        self.journal.made(kind, ids)
        return ids

    def update_each(self, kind: type[models.Model], updates: list[tuple[Any, dict[str, Any]]]) -> None:
        """`update_each`, with what was there before noted first."""
        self.journal.changing(kind, updates)
        update_each(kind, updates)


def write_catalog(catalog: Catalog, source: Source, *, on: date, journal: Journal) -> None:
    """Everything the plan made or changed. IntegrityError when a rival made the same records."""
    writer = _Writer(catalog, source, on, journal)
    known = {id(offering): offering for offering in catalog.offerings.values()}
    offerings = list(known.values())
    all_models = list({id(model): model for model in catalog.models.values()}.values())
    changed_models = [model for model in all_models if _is_changed(model)]
    changed_offerings = [offering for offering in offerings if _is_changed(offering)]
    _insert_parties(writer)
    _insert_models(writer, [model for model in all_models if model.pk is None])
    _insert_offerings(writer, [offering for offering in offerings if offering.pk is None])
    _update_models(writer, changed_models)
    _update_offerings(writer, changed_offerings)
    _write_prices(writer, offerings)
    _insert_spellings(writer)
    _insert_statements(writer, "model", all_models)
    _insert_statements(writer, "offering", offerings)


def _is_changed(record: Record) -> bool:
    """Whether a record of the catalog is; what is new is written once, as it has become."""
    moved = isinstance(record, KnownOffering) and record.moved
    return record.pk is not None and bool(record.changed or moved)


def _insert_parties(writer: _Writer) -> None:
    parties: Iterable[Party] = writer.catalog.parties.values()
    new = list({id(party): party for party in parties if party.pk is None}.values())
    slugs = free_slugs(Vendor, [(party.name,) for party in new], [party.name for party in new])
    rows = [{"name": party.name, "slug": slug} for party, slug in zip(new, slugs, strict=True)]
    for party, pk in zip(new, writer.make(Vendor, rows, len(new)), strict=True):
        party.pk = pk


def _insert_spellings(writer: _Writer) -> None:
    """What people have explained: other names of vendors and offerings, found by themselves next time."""
    aliases = [{"name": said, "vendor_id": pk} for said, pk in writer.catalog.aliases]
    writer.make(VendorAlias, aliases, len(aliases))
    spellings = [
        {"key": key, "said": said[:255], "offering_id": pk_of(offering)}
        for key, said, offering in writer.catalog.spellings
    ]
    writer.make(Spelling, spellings, len(spellings))


def _insert_models(writer: _Writer, new: list[KnownModel]) -> None:
    parts = [(m.developer.name if m.developer else None, m.name, m.version) for m in new]
    slugs = free_slugs(AIModel, parts, [model.identity for model in new])
    rows = (
        {
            "identity": model.renamed or model.identity,
            "slug": slug,
            "name": model.name,
            "version": model.version or None,
            "developer_id": model.developer.pk if model.developer else None,
            "origin_id": writer.source.pk,
            "origin_row": model.row,
        }
        | _columns(model.values, skip="developer")
        for model, slug in zip(new, slugs, strict=True)
    )
    for model, pk in zip(new, writer.make(AIModel, rows, len(new)), strict=True):
        model.pk = pk


def _insert_offerings(writer: _Writer, new: list[KnownOffering]) -> None:
    parts = [(o.seller.name, o.name, o.model.version, o.channel) for o in new]
    slugs = free_slugs(Offering, parts, [offering.identity for offering in new])
    rows = (
        {
            "identity": offering.identity,
            "slug": slug,
            "channel": offering.channel,
            "seller_id": offering.seller.pk,
            "model_id": pk_of(offering.model),
            "host_id": _host(writer, offering),
            "origin_id": writer.source.pk,
            "origin_row": offering.row,
        }
        | _columns(offering.values, skip="host")
        | {"name": offering.name}
        for offering, slug in zip(new, slugs, strict=True)
    )
    for offering, pk in zip(new, writer.make(Offering, rows, len(new)), strict=True):
        offering.pk = pk


def _host(writer: _Writer, offering: KnownOffering) -> int | None:
    name = offering.values.get("host")
    if not isinstance(name, str):
        return None
    party = writer.catalog.parties.get(normalised(name))
    return party.pk if party else None


def _columns(values: dict[str, Value], skip: str) -> dict[str, Any]:
    """Values as the columns of a new record; those that do not apply are named in `not_applicable`."""
    columns: dict[str, Any] = {name: value for name, value in values.items() if name != skip}
    absent = sorted(name for name, value in columns.items() if isinstance(value, NotApplicable))
    for name in absent:
        del columns[name]
    columns["not_applicable"] = absent
    return columns


def _update_models(writer: _Writer, changed: list[KnownModel]) -> None:
    updates = []
    for model in changed:
        columns = _changed_columns(writer, model, skip=("developer",))
        if model.renamed:
            columns["developer_id"] = model.developer.pk if model.developer else None
            columns["identity"] = model.renamed
        updates.append((model.pk, columns))
    writer.update_each(AIModel, updates)


def _update_offerings(writer: _Writer, changed: list[KnownOffering]) -> None:
    updates = []
    for offering in changed:
        columns = _changed_columns(writer, offering, skip=("host",))
        if "host" in offering.changed:
            columns["host_id"] = _host(writer, offering)
        if offering.moved:
            columns["model_id"] = offering.model.pk
        updates.append((offering.pk, columns))
    writer.update_each(Offering, updates)


def _changed_columns(writer: _Writer, record: Record, skip: Sequence[str]) -> dict[str, Any]:
    columns: dict[str, Any] = {"updated_at": timezone.now()}
    for name, value in record.changed.items():
        if name not in skip:
            absent = "" if name == "docs_url" else None
            columns[name] = absent if isinstance(value, NotApplicable) else value
    columns["not_applicable"] = sorted(
        name for name, value in record.values.items() if isinstance(value, NotApplicable)
    )
    if record.row:
        columns |= {"origin_id": writer.source.pk, "origin_row": record.row}
    return columns


def _write_prices(writer: _Writer, offerings: Iterable[KnownOffering]) -> None:
    shared = {"source_id": writer.source.pk, "as_of": writer.on}
    priced = [(offering, price) for offering in offerings for price in offering.new_prices]
    new = [(offering, price) for offering, price in priced if not price.replaces]
    rows = (
        {"offering_id": offering.pk, "kind": price.kind, "condition": price.condition}
        | shared
        | _price_columns(price)
        for offering, price in new
    )
    writer.make(Price, rows, len(new))
    corrected = [(price.replaces, _price_columns(price)) for _, price in priced if price.replaces]
    writer.update_each(Price, corrected)


def _price_columns(price: NewPrice) -> dict[str, Any]:
    return {
        "amount": price.amount,
        "not_applicable": price.amount is None,
        "unit": price.unit,
        "currency": price.currency,
        "row": price.row,
        "raw": price.raw,
    }


def _insert_statements(writer: _Writer, subject: str, records: Iterable[Record]) -> None:
    rows = [
        {f"{subject}_id": record.pk} | _statement(writer, said)
        for record in records
        for said in record.statements
    ]
    writer.make(SourcedValue, rows, len(rows))


def _statement(writer: _Writer, said: NewStatement) -> dict[str, Any]:
    known = not isinstance(said.value, NotApplicable)
    origin = said.origin
    return {
        "attribute": said.attribute,
        "state": SourcedValue.State.KNOWN if known else SourcedValue.State.NOT_APPLICABLE,
        "value": as_stored(said.value) if known else None,
        "raw": said.raw,
        "cell": said.cell,
        "unit": "",
        "note": said.note,
        "first_party": False,
        "preferred": said.preferred,
        "source_id": origin.source if origin else writer.source.pk,
        "as_of": origin.on if origin else writer.on,
    }


# --- bulk ---------------------------------------------------------------------------------------------


def free_slugs(
    kind: type[models.Model], parts: Sequence[tuple[str | None, ...]], identities: Sequence[str]
) -> list[str]:
    """An address for each record: readable where free, else with a mark made from its identity."""
    slugs = [slug_of(*said) for said in parts]
    met = kind._default_manager.filter(slug__in=among(set(slugs)))
    taken = set(met.values_list("slug", flat=True))
    for at, slug in enumerate(slugs):
        if slug in taken:
            slugs[at] = f"{slug}-{hashlib.sha256(identities[at].encode()).hexdigest()[:8]}"
        taken.add(slugs[at])
    return slugs
