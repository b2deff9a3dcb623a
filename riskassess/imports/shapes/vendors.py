"""A list of companies: name, other names, country, parent, legal entity identifier."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from riskassess.catalog.fields import country_name, lei_problem
from riskassess.catalog.identity import normalised
from riskassess.catalog.models import Source, SourcedValue, Vendor, VendorAlias
from riskassess.imports.journal import Journal
from riskassess.imports.known import Party, pk_of
from riskassess.imports.layout import Columns, Layout
from riskassess.imports.shapes.lines import Line, RowResult, repeated, result_of
from riskassess.imports.shapes.names import ShapeName
from riskassess.imports.shapes.processors import vendor_fields
from riskassess.imports.shapes.records import Writer, known_parties
from riskassess.imports.shapes.shape import Need, Shape, ShapePlan, Sheet
from riskassess.imports.shapes.vocabulary import VENDOR_FIELDS
from riskassess.imports.writing import free_slugs
from riskassess.sheets.columns import Field
from riskassess.sheets.countries import country_of

_ATTRIBUTES = ("hq_country", "lei", "website", "summary")
_FIELDS = {"hq_country": "country"}
BESIDE = "differs from the one on record, which stays; this one is kept beside it"


@dataclass(slots=True)
class KnownVendor:
    """A vendor and what the sheet makes of it."""

    party: Party
    values: dict[str, Any] = field(default_factory=dict)
    parent: Party | None = None
    changed: dict[str, Any] = field(default_factory=dict)
    new_parent: Party | None = None
    aliases: list[str] = field(default_factory=list)
    beside: list[tuple[str, str, str]] = field(default_factory=list)  # another country: code, raw, cell
    claimed_by: str = ""
    is_parent: bool = False  # of a vendor in the sheet, so that it has to be there


@dataclass(slots=True)
class Known:
    """Vendors by every name they go by, their records, and which identifiers are taken."""

    parties: dict[str, Party]
    vendors: dict[int, KnownVendor]  # id(party) -> its record
    leis: dict[str, Party]
    said: set[tuple[int | None, str]]  # vendor, country: what this sheet has said before

    def of(self, party: Party) -> KnownVendor:
        return self.vendors.setdefault(id(party), KnownVendor(party))


class VendorList(Shape):
    name = ShapeName.VENDORS
    lands = "Each row becomes a vendor, or fills in what is not known of one."
    fields = VENDOR_FIELDS
    stored = frozenset({"name", "aliases", "country", "parent", "lei", "website", "summary"})
    needs = (Need(("name",), "No column names the vendors.", "Choose Vendor for one column."),)

    def fields_under(self, headings: Sequence[str]) -> Sequence[Field]:
        return vendor_fields(headings)

    def adjusted(self, layout: Layout) -> Columns:
        """Numbers of vendors that are all legal entity identifiers are those."""
        named = {column["field"]: at for at, column in layout.columns.items()}
        at = "" if "lei" in named else named.get("vendor_id", "")
        samples = layout.columns[at]["samples"] if at else ()
        if not samples or any(lei_problem(sample.strip().upper()) for sample in samples):
            return layout.columns
        return layout.columns | {
            at: layout.columns[at] | {"field": "lei", "why": "its cells have the check digits of LEIs"}
        }

    called_by = ("name",)
    labels = {
        "hq_country": "headquarters", "lei": "LEI", "parent": "parent company", "aliases": "other names",
        "website": "website", "summary": "summary",
    }  # fmt: skip
    vendor_term = "Not used for a list of vendors"

    def plan(self, sheet: Sheet) -> ShapePlan:
        return plan_vendors(self.lines(sheet), _load(sheet))

    def write(self, planned: ShapePlan, source: Source, on: date, journal: Journal) -> None:
        known: Known = planned.work
        writer = Writer(source, on, journal)
        touched = [vendor for vendor in known.vendors.values() if vendor.claimed_by or vendor.is_parent]
        old = [vendor for vendor in touched if vendor.party.pk is not None]
        waiting = [vendor for vendor in touched if vendor.party.pk is None]
        while waiting:  # parents before their subsidiaries; there are no circles
            ready = [v for v in waiting if v.new_parent is None or v.new_parent.pk is not None]
            _make(writer, ready)
            waiting = [vendor for vendor in waiting if vendor.party.pk is None]
        writer.change(Vendor, [(v.party.pk, columns) for v in old if (columns := _columns(v))])
        writer.make([VendorAlias(vendor_id=pk_of(v.party), name=name) for v in touched for name in v.aliases])
        writer.make([
            SourcedValue(
                vendor_id=v.party.pk, attribute="hq_country", value=code, raw=raw, cell=cell, source=source,
                as_of=on, note="kept beside the current value",
            )
            for v in touched
            for code, raw, cell in v.beside
        ])  # fmt: skip


def _columns(vendor: KnownVendor) -> dict[str, Any]:
    parent = {"parent_id": pk_of(vendor.new_parent)} if vendor.new_parent is not None else {}
    return vendor.changed | parent


def _make(writer: Writer, new: list[KnownVendor]) -> None:
    slugs = free_slugs(Vendor, [(v.party.name,) for v in new], [v.party.name for v in new])
    rows = [Vendor(name=v.party.name, slug=s, **_columns(v)) for v, s in zip(new, slugs, strict=True)]
    for vendor, row in zip(new, writer.make(rows), strict=True):
        vendor.party.pk = row.pk


def _load(sheet: Sheet) -> Known:
    """Vendors twice (names, columns), aliases, and what this sheet has said before: four queries."""
    parties = known_parties()
    by_pk = {party.pk: party for party in parties.values()}
    vendors, leis = {}, {}
    for pk, parent, *values in Vendor.objects.values_list("pk", "parent_id", *_ATTRIBUTES):
        kept = dict(zip(_ATTRIBUTES, values, strict=True))
        vendors[id(by_pk[pk])] = KnownVendor(by_pk[pk], kept, by_pk.get(parent))
        if kept["lei"]:
            leis[kept["lei"]] = by_pk[pk]
    said = SourcedValue.objects.filter(
        vendor__isnull=False,
        attribute="hq_country",
        source__file_sha256=sheet.sha256,
        source__sheet=sheet.name,
    ).values_list("vendor_id", "value")
    return Known(parties, vendors, leis, set(said))


def plan_vendors(lines: list[Line], known: Known) -> ShapePlan:
    """What each row makes or changes. Pure. `known` is changed as if it were applied."""
    return ShapePlan([_row(line, known) for line in lines], known)


def _row(line: Line, known: Known) -> RowResult:
    lei = line.text("lei").replace(" ", "").upper()
    if not line.skip:
        line.needs("name", "Vendor")
        for name, longest in (("name", 200), ("parent", 200), ("website", 200)):
            if len(line.text(name)) > longest:
                line.refuse(name, "The text is too long.", f"Use {longest} characters at most.")
        if problem := lei_problem(lei) if lei else "":
            line.refuse("lei", problem, "Look it up at gleif.org, or leave the cell empty.")
    result = result_of(line)
    if result.outcome != "unchanged":
        return result
    name = line.text("name")
    known_by_lei = known.leis.get(lei) if lei else None
    party = known.parties.get(normalised(name)) or known_by_lei
    if party is None:
        party = known.parties[normalised(name)] = Party(name)
        result.outcome = "new"
    vendor = known.of(party)
    result.identity = party.name
    if vendor.claimed_by:
        return repeated(line, party.name, f"“{name}”", vendor.claimed_by, "name")
    vendor.claimed_by = line.cell("name")
    _say_country(line, vendor, known, result)
    _say_lei(line, lei, vendor, known, result)
    for attribute in ("website", "summary"):
        if text := line.text(attribute):
            _fill(line, vendor, attribute, text, result)
    _say_parent(line, vendor, known, result)
    others = [name, *(line.known("aliases") or ())]
    _say_aliases(line, vendor, others, known, result)
    result.settle()
    return result


def _fill(line: Line, vendor: KnownVendor, attribute: str, value: str, result: RowResult) -> None:
    """Sets what is unknown so far. What is known stays."""
    old = vendor.values.get(attribute)
    if old == value:
        return
    if old:
        line.note(attribute, f"“{value[:80]}” differs from the one on record, which stays")
        return
    vendor.values[attribute] = vendor.changed[attribute] = value
    result.changes[attribute] = (None, value)


def _say_country(line: Line, vendor: KnownVendor, known: Known, result: RowResult) -> None:
    text = line.text("country")
    if not text:
        return
    code = country_of(text)
    if code is None:
        line.note("country", f"“{text}” is no country we know; the country stays as it is")
        return
    old = vendor.values.get("hq_country")
    if not old:
        vendor.values["hq_country"] = vendor.changed["hq_country"] = code
        result.changes["hq_country"] = (None, country_name(code))
    elif old != code and (vendor.party.pk, code) not in known.said:
        vendor.beside.append((code, text, line.cell("country")))
        line.note("country", BESIDE)
        result.changes["hq_country"] = (country_name(old), country_name(code))


def _say_lei(line: Line, lei: str, vendor: KnownVendor, known: Known, result: RowResult) -> None:
    holder = known.leis.get(lei) if lei else None
    if lei and holder is not None and holder is not vendor.party:
        line.note("lei", f"it is the LEI of {holder.name}; not taken over")
    elif lei:
        _fill(line, vendor, "lei", lei, result)
        if vendor.values.get("lei") == lei:
            known.leis[lei] = vendor.party


def _say_parent(line: Line, vendor: KnownVendor, known: Known, result: RowResult) -> None:
    name = line.text("parent")
    if not name or normalised(name) == normalised(vendor.party.name):
        return
    parent = known.parties.setdefault(normalised(name), Party(name))
    if vendor.parent is parent:
        return
    if vendor.parent is not None:
        line.note("parent", f"{vendor.parent.name} is the parent on record, which stays")
        return
    top: Party | None = parent
    while top is not None and top is not vendor.party:
        top = known.of(top).parent
    if top is vendor.party:
        line.note("parent", f"{name} belongs to {vendor.party.name} already: a circle, not taken over")
        return
    vendor.parent = vendor.new_parent = parent
    known.of(parent).is_parent = True
    result.changes["parent"] = (None, parent.name)


def _say_aliases(line: Line, vendor: KnownVendor, names: list[str], known: Known, result: RowResult) -> None:
    added = []
    for name in names:
        holder = known.parties.get(normalised(name))
        if holder is None:
            known.parties[normalised(name)] = vendor.party
            added.append(name[:200])
        elif holder is not vendor.party:
            line.note("aliases", f"“{name}” is {holder.name}; not taken over")
    if added:
        vendor.aliases += added
        result.changes["aliases"] = (None, ", ".join(added))
