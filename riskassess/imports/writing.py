"""What a plan writes, as pages of plain rows, and the pages into the database: kept in between, or written at once.

A page may refer to records that are new: by their places, below zero, in the order in which they are made.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import chain
from typing import Any, NamedTuple

from django.db import models
from django.utils import timezone

from riskassess.catalog.identity import normalised, slug_of
from riskassess.catalog.models import Source, SourcedValue
from riskassess.imports.bulk import among, by_column, insert_columns, update_each
from riskassess.imports.fields import MODEL_ATTRIBUTES, OFFERING_ATTRIBUTES
from riskassess.imports.journal import KINDS, Journal, as_json, reserve_ids
from riskassess.imports.known import (
    MARK_COLUMNS,
    PRICE_COLUMNS,
    Catalog,
    KnownModel,
    KnownOffering,
    NewStatement,
    Record,
    reference,
)
from riskassess.imports.said import as_stored
from riskassess.imports.spool import portions
from riskassess.kernel.stated import NotApplicable

CHANGES: tuple[str, ...] = ()
"""The columns of a page of changes, whose rows are [id, {column: value}]."""

_REFERENCES = {
    "developer_id": "vendor", "seller_id": "vendor", "host_id": "vendor", "vendor_id": "vendor",
    "model_id": "model", "offering_id": "offering",
}  # fmt: skip
_SLUG = "slug"  # as a page has it: the parts that the address is made of
_MODEL = ("identity", _SLUG, "name", "version", "developer_id", "origin_row", "not_applicable")
_OFFERING = (
    "identity",
    _SLUG,
    "name",
    "channel",
    "seller_id",
    "model_id",
    "host_id",
    "origin_row",
    "not_applicable",
)
_MODEL_VALUES = MODEL_ATTRIBUTES
_OFFERING_VALUES = tuple(name for name in OFFERING_ATTRIBUTES if name != "host")
_STATEMENT = ("attribute", "state", "value", "raw", "cell", "note", "preferred", "source_id", "as_of")
_NO_TEXT = {"docs_url": ""}  # of columns that hold an empty text where nothing is known


class Page(NamedTuple):
    """Some rows of one kind, by the journal's name for it: to be made, or (`CHANGES`) changed."""

    kind: str
    columns: Sequence[str]
    rows: Sequence[Any]


# --- a plan as pages ----------------------------------------------------------------------------------


def pages_of(catalog: Catalog) -> Iterator[Page]:
    """Everything the plan made or changed, in the order in which it can be written."""
    # Each once, though several names may lead to it.
    known_models = dict.fromkeys(m for m in catalog.models.values() if m.pk is not None)
    known_offerings = dict.fromkeys(o for o in catalog.offerings.values() if o.pk is not None)
    new_models, new_offerings = catalog.new_models, catalog.new_offerings
    yield from _pages("vendor", ("name", _SLUG), ([name, [name]] for name in _new_parties(catalog)))
    yield from _pages("alias", ("name", "vendor_id"), map(list, catalog.aliases))
    yield from _pages("model", (*_MODEL, *_MODEL_VALUES), map(_model_row, new_models))
    host = catalog.parties
    rows = (_offering_row(offering, _host(host, offering)) for offering in new_offerings)
    yield from _pages("offering", (*_OFFERING, *_OFFERING_VALUES), rows)
    yield from _pages("model", CHANGES, (_model_changes(m) for m in known_models if m.changed))
    moved = (o for o in known_offerings if o.changed or o.moved)
    yield from _pages("offering", CHANGES, (_offering_changes(o, _host(host, o)) for o in moved))
    for page in catalog.new_prices.pages():
        yield Page("price", PRICE_COLUMNS, page)
    yield from _pages("price", CHANGES, map(list, catalog.corrected))
    for page in catalog.new_marks.pages():
        yield Page("availability", MARK_COLUMNS, page)
    spelt = ([key, said[:255], reference(offering)] for key, said, offering in catalog.spellings)
    yield from _pages("spelling", ("key", "said", "offering_id"), spelt)
    for subject, records in (
        ("model_id", chain(known_models, new_models)),
        ("offering_id", chain(known_offerings, new_offerings)),
    ):
        stated = (_statement_row(record, said) for record in records for said in record.statements)
        yield from _pages("value", (subject, *_STATEMENT), stated)


def _pages(kind: str, columns: Sequence[str], rows: Iterable[Any]) -> Iterator[Page]:
    for page in portions(rows):
        yield Page(kind, columns, page)


def _new_parties(catalog: Catalog) -> list[str]:
    new = list({id(party): party for party in catalog.parties.values() if party.pk is None}.values())
    for at, party in enumerate(new, 1):
        party.place = at
    return [party.name for party in new]


def _model_row(model: KnownModel) -> list[Any]:
    developer = model.developer
    parts = [developer.name if developer else None, model.name, model.version]
    return [
        model.renamed or model.identity,
        parts,
        model.name,
        model.version or None,
        reference(developer) if developer else None,
        model.row,
        _absent(model),
        *_plain(model, _MODEL_VALUES),
    ]


def _offering_row(offering: KnownOffering, host: int | None) -> list[Any]:
    parts = [offering.seller.name, offering.name, offering.model.version, offering.channel]
    return [
        offering.identity,
        parts,
        offering.name,
        offering.channel,
        reference(offering.seller),
        reference(offering.model),
        host,
        offering.row,
        _absent(offering),
        *_plain(offering, _OFFERING_VALUES),
    ]


def _host(parties: dict[str, Any], offering: KnownOffering) -> int | None:
    name = offering.values.get("host")
    party = parties.get(normalised(name)) if isinstance(name, str) else None
    return reference(party) if party else None


def _plain(record: Record, names: Sequence[str]) -> list[Any]:
    """A record's values as its columns take them; what does not apply is empty there."""
    known = record.values.get
    return [
        as_json(value)
        if (value := known(name)) is not None and type(value) is not NotApplicable
        else _NO_TEXT.get(name)
        for name in names
    ]


def _absent(record: Record) -> list[str]:
    values = record.values
    if NotApplicable not in set(map(type, values.values())):
        return []
    return sorted(name for name, value in values.items() if isinstance(value, NotApplicable))


def _model_changes(model: KnownModel) -> list[Any]:
    columns = _changed(model, skip="developer")
    if model.renamed:
        columns["developer_id"] = reference(model.developer) if model.developer else None
        columns["identity"] = model.renamed
    return [model.pk, columns]


def _offering_changes(offering: KnownOffering, host: int | None) -> list[Any]:
    columns = _changed(offering, skip="host")
    if "host" in offering.changed:
        columns["host_id"] = host
    if offering.moved:
        columns["model_id"] = reference(offering.model)
    return [offering.pk, columns]


def _changed(record: Record, skip: str) -> dict[str, Any]:
    names = [name for name in record.changed if name != skip]
    columns: dict[str, Any] = dict(zip(names, _plain(record, names), strict=True))
    columns["not_applicable"] = _absent(record)
    if record.row:
        columns["origin_row"] = record.row
    return columns


def _statement_row(record: Record, said: NewStatement) -> list[Any]:
    known = not isinstance(said.value, NotApplicable)
    state = SourcedValue.State.KNOWN if known else SourcedValue.State.NOT_APPLICABLE
    origin = said.origin
    return [
        reference(record),
        said.attribute,
        str(state),
        as_stored(said.value) if known else None,
        said.raw,
        said.cell,
        said.note,
        said.preferred,
        origin.source if origin else None,
        as_json(origin.on) if origin else None,
    ]


# --- pages into the database ------------------------------------------------------------------------------


def write_catalog(catalog: Catalog, source: Source, *, on: date, journal: Journal) -> None:
    """Everything the plan made or changed; new records then have their ids. As `write_pages`."""
    made = write_pages(pages_of(catalog), source, on=on, journal=journal)
    new: list[Any] = [party for party in catalog.parties.values() if party.pk is None]
    for kind, records in (
        ("vendor", new),
        ("model", catalog.new_models),
        ("offering", catalog.new_offerings),
    ):
        for record in records:
            record.pk = made[kind][record.place - 1]


def write_pages(pages: Iterable[Page], source: Source, *, on: date, journal: Journal) -> dict[str, list[int]]:
    """Writes the pages and returns the ids of what they made, by kind. Call it inside the transaction.

    IntegrityError when a rival made the same records.
    """
    writer = _Writer(source, on, journal)
    for page in pages:
        if page.rows and not page.columns:
            writer.change(page)
        else:
            writer.make(page)
    return writer.made


@dataclass(slots=True)
class _Writer:
    """What all written rows share: the sheet they come from and the day it speaks of. Notes what it does."""

    source: Source
    on: date
    journal: Journal
    made: dict[str, list[int]] = field(default_factory=lambda: defaultdict(list))

    def make(self, page: Page) -> None:
        """Inserts the page's rows."""
        kind, ids = KINDS[page.kind], reserve_ids(KINDS[page.kind], len(page.rows))
        columns = by_column(page.columns, page.rows)
        for name in columns.keys() & _REFERENCES.keys():
            made = self.made[_REFERENCES[name]]
            columns[name] = [_resolved(reference, made) for reference in columns[name]]
        if _SLUG in columns:
            identities = columns[page.columns[0]]
            columns[_SLUG] = free_slugs(kind, columns[_SLUG], identities)
        if page.kind == "value":
            self._complete_statements(columns)
        insert_columns(kind, {"id": ids} | columns, self._shared(page.kind))
        self.journal.made(kind, ids)
        self.made[page.kind].extend(ids)

    def _shared(self, kind: str) -> dict[str, Any]:
        if kind == "price":
            return {"source_id": self.source.pk, "as_of": self.on}
        if kind == "availability":
            return {"source_id": self.source.pk, "stated_on": self.on}
        return {"origin_id": self.source.pk} if kind in {"model", "offering"} else {}

    def _complete_statements(self, columns: dict[str, Sequence[Any]]) -> None:
        """The sheet's own statements, which name no other origin."""
        origins, days = columns["source_id"], columns["as_of"]
        columns["source_id"] = [self.source.pk if origin is None else origin for origin in origins]
        columns["as_of"] = [
            self.on if origin is None else day for origin, day in zip(origins, days, strict=True)
        ]

    def change(self, page: Page) -> None:
        """Changes records, with what was there before noted first."""
        kind = KINDS[page.kind]
        fields = {f.attname: f for f in kind._meta.concrete_fields}
        now = timezone.now()
        updates = []
        for pk, columns in page.rows:
            changes = {
                name: _resolved(value, self.made[_REFERENCES[name]])
                if name in _REFERENCES
                else fields[name].to_python(value)
                for name, value in columns.items()
            }
            if "origin_row" in columns:
                changes["origin_id"] = self.source.pk
            if "updated_at" in fields:
                changes["updated_at"] = now
            updates.append((pk, changes))
        self.journal.changing(kind, updates)
        update_each(kind, updates)


def _resolved(reference: int | None, made: Sequence[int]) -> int | None:
    return reference if reference is None or reference > 0 else made[-reference - 1]


def free_slugs(
    kind: type[models.Model], parts: Sequence[Sequence[str | None]], identities: Sequence[str]
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
