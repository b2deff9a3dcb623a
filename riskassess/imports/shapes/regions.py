"""A cloud's regions: code, name, country, and whether governments or China have them for themselves."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from riskassess.catalog.fields import country_name
from riskassess.catalog.identity import normalised
from riskassess.catalog.models import Availability, Region, Source
from riskassess.imports.journal import Journal
from riskassess.imports.known import Party, pk_of
from riskassess.imports.layout import Columns, Layout
from riskassess.imports.shapes.lines import Line, RowResult, repeated, result_of
from riskassess.imports.shapes.names import ShapeName
from riskassess.imports.shapes.placenames import is_code
from riskassess.imports.shapes.records import Writer, known_parties
from riskassess.imports.shapes.shape import Need, Shape, ShapePlan, Sheet
from riskassess.imports.shapes.vocabulary import REGION_FIELDS
from riskassess.sheets.countries import country_of

_KINDS = {kind.value: str(kind.label) for kind in Region.Kind}
_KIND_WORDS = (
    ("government", re.compile(r"\b(us[-_ ]?gov\w*|gov|government|govcloud|dod|secret|iso[bef]?)\b", re.I)),
    ("china", re.compile(r"\b(china\w*|cn|21vianet)\b", re.I)),
    ("sovereign", re.compile(r"\b(sovereign|eusc)\b", re.I)),
)
_ATTRIBUTES = ("display_name", "kind", "country", "city")


@dataclass(slots=True)
class KnownRegion:
    """A region on record, or one the sheet makes; `changed` is what the sheet makes of it."""

    provider: Party
    code: str
    values: dict[str, Any] = field(default_factory=dict)
    pk: int | None = None
    source: int | None = None
    on: date | None = None
    changed: dict[str, Any] = field(default_factory=dict)
    claimed_by: str = ""


@dataclass(slots=True)
class Known:
    """What the plan meets: vendors by name, regions by provider and code, this sheet as a source."""

    parties: dict[str, Party]
    regions: dict[tuple[str, str], KnownRegion]
    source: int | None = None


class RegionList(Shape):
    name = ShapeName.REGIONS
    lands = "Each row becomes a region of its provider: the country decides which law applies to a place."
    fields = REGION_FIELDS
    stored = frozenset({
        "provider_name", "provider", "region_code", "display_name", "region_type", "country", "country_code",
        "city",
    })  # fmt: skip
    needs = (
        Need(("region_code",), "No column has the regions' codes.", "Choose Region code for one column."),
        Need(
            ("provider_name", "provider"),
            "Nothing says whose regions these are.",
            "Choose Provider for one column, or name the one provider of the whole sheet.",
            vendor_will_do=True,
        ),
    )
    called_by = ("region_code",)
    owned_by = ("provider_name", "provider")
    labels = {
        "region_code": "region", "display_name": "name", "kind": "type", "country": "country", "city": "city",
    }  # fmt: skip
    vendor_term = "Provider where the row names none"

    def adjusted(self, layout: Layout) -> Columns:
        """Of two columns of names, the one whose cells look like codes has the codes."""
        at = {column["field"]: letters for letters, column in layout.columns.items() if column["field"]}
        code, name = at.get("region_code", ""), at.get("display_name", "")
        columns = dict(layout.columns)
        if code and name and not _are_codes(columns[code]) and _are_codes(columns[name]):
            why = "its cells are codes as programs use them"
            columns[code] = columns[code] | {"field": "display_name"}
            columns[name] = columns[name] | {"field": "region_code", "why": why}
        return columns

    def plan(self, sheet: Sheet) -> ShapePlan:
        known = _load(sheet)
        return plan_regions(self.lines(sheet), known, sheet.default_vendor, sheet.stated_on)

    def write(self, planned: ShapePlan, source: Source, on: date, journal: Journal) -> None:
        known: Known = planned.work
        writer = Writer(source, on, journal)
        writer.make_parties(region.provider for region in known.regions.values())
        new = [region for region in known.regions.values() if region.pk is None]
        writer.make([
            Region(provider_id=pk_of(r.provider), code=r.code, source=source, **r.changed) for r in new
        ])  # fmt: skip
        updates = [
            (r.pk, {**r.changed, "source_id": source.pk})
            for r in known.regions.values()
            if r.pk is not None and r.changed
        ]
        writer.change(Region, updates)
        _name_places(writer)

    def source_columns(self, columns: Any) -> dict[str, dict[str, str]]:
        found = super().source_columns(columns)
        return found | {"kind": found["region_type"]} if "region_type" in found else found


def _are_codes(column: dict[str, Any]) -> bool:
    return bool(column["samples"]) and all(map(is_code, column["samples"]))


def _name_places(writer: Writer) -> None:
    """Regions that a matrix had only by their code are named now: of the seller, or the only one of that code."""
    waiting = Availability.objects.filter(region__isnull=True).values_list("pk", "code", "offering__seller")
    unnamed = list(waiting)
    if not unnamed:
        return
    by_code: dict[str, list[tuple[int, int]]] = {}
    for pk, provider, code in Region.objects.values_list("pk", "provider_id", "code"):
        by_code.setdefault(normalised(code), []).append((pk, provider))
    updates = []
    for mark, code, seller in unnamed:
        found = by_code.get(normalised(code), [])
        own = [pk for pk, provider in found if provider == seller]
        if own or len(found) == 1:
            updates.append((mark, {"region_id": own[0] if own else found[0][0]}))
    writer.change(Availability, updates)


def _load(sheet: Sheet) -> Known:
    """Vendors, aliases, regions with their sources, this sheet: four queries."""
    parties = known_parties()
    by_pk = {party.pk: party for party in parties.values()}
    wanted = ("pk", "provider_id", "code", "source_id", "source__published_on", *_ATTRIBUTES)
    regions = {}
    for pk, provider, code, source, on, *values in Region.objects.values_list(*wanted):
        kept = dict(zip(_ATTRIBUTES, values, strict=True))
        known = KnownRegion(by_pk[provider], code, kept, pk, source, on)
        regions[normalised(by_pk[provider].name), normalised(code)] = known
    found = Source.objects.filter(file_sha256=sheet.sha256, sheet=sheet.name)
    return Known(parties, regions, found.values_list("pk", flat=True).first())


def plan_regions(lines: list[Line], known: Known, default_vendor: str, on: date) -> ShapePlan:
    """What each row makes or changes. Pure. `known` is changed as if it were applied."""
    return ShapePlan([_row(line, known, default_vendor.strip(), on) for line in lines], known)


def _row(line: Line, known: Known, default_vendor: str, on: date) -> RowResult:
    provider = line.text("provider_name") or line.text("provider") or default_vendor
    if not line.skip:
        line.needs("region_code", "Region code")
        if not provider:
            line.needs("provider_name" if "provider_name" in line.letters else "provider", "Provider")
        for name, longest in (("region_code", 60), ("display_name", 120), ("city", 100)):
            if len(line.text(name)) > longest:
                line.refuse(name, "The text is too long.", f"Use {longest} characters at most.")
    code = line.text("region_code")
    result = result_of(line)
    if result.outcome != "unchanged":
        return result
    party = _party(known, provider, line.text("provider"))
    key = (normalised(party.name), normalised(code))
    result.identity = f"{party.name} {code}"
    region = known.regions.get(key)
    if region is None:
        region = known.regions[key] = KnownRegion(party, code)
        result.outcome = "new"
    elif region.claimed_by:
        return repeated(line, result.identity, f"“{code}” of {party.name}", region.claimed_by, "region_code")
    region.claimed_by = line.cell("region_code")
    newer = region.source == known.source or (region.on is not None and region.on < on)
    for attribute, value in _said(line, code).items():
        _set(result, region, attribute, value, line, newer=newer)
    if region.pk is None:
        region.changed.setdefault("display_name", code)
    result.settle()
    return result


def _party(known: Known, name: str, short: str) -> Party:
    """The provider by its name, else by its short name where a record goes by that, else a new one."""
    found = known.parties.get(normalised(name)) or (known.parties.get(normalised(short)) if short else None)
    return found or known.parties.setdefault(normalised(name), Party(name))


def _said(line: Line, code: str) -> dict[str, Any]:
    """What the row states of the region; what is unknown is not in it."""
    said: dict[str, Any] = {}
    if name := line.text("display_name"):
        said["display_name"] = name
    if kind := _kind(line, code):
        said["kind"] = kind
    if country := _country(line):
        said["country"] = country
    if city := line.text("city"):
        said["city"] = city
    return said


def _kind(line: Line, code: str) -> str:
    """The type as stated; else what the code and the name say of it, with a note."""
    stated = line.text("region_type")
    if stated:
        words = stated.replace("_", " ").replace("-", " ")
        found = next((kind for kind, word in _KIND_WORDS if word.search(words)), "")
        if not found and normalised(stated) not in {"commercial", "public", "standard", "global", "regular"}:
            line.note("region_type", f"“{stated}” read as a commercial region")
        return found or "commercial"
    text = f"{code} {line.text('display_name')}".replace("_", " ")
    found = next((kind for kind, word in _KIND_WORDS if word.search(_apart(text))), "")
    if found:
        line.note("region_code", f"taken as {_KINDS[found].lower()} from its name")
    return found


def _apart(code: str) -> str:
    """`usgovvirginia` and `chinaeast2` with their first words apart."""
    return re.sub(r"\b(us)?(gov|dod|china)(?=\w)", r"\2 ", code, flags=re.I)


def _country(line: Line) -> str | None:
    for name in ("country_code", "country", "city"):
        text = line.text(name)
        found = country_of(text) if text else None
        if found:
            return found
        if text and name != "city":
            line.note(name, f"“{text}” is no country we know; the country stays as it is")
    place, comma, _ = line.text("display_name").rpartition(",")
    found = country_of(line.text("display_name")) if comma and place else None
    if found:
        line.note("display_name", f"{country_name(found)} taken as the country from the name")
    return found


def _set(
    result: RowResult, region: KnownRegion, attribute: str, value: Any, line: Line, *, newer: bool
) -> None:
    old = region.values.get(attribute)
    if old == value or (attribute == "kind" and region.pk is None and value == "commercial"):
        return
    if old in (None, "") or newer or (attribute == "kind" and old == "commercial" and region.source is None):
        region.values[attribute] = region.changed[attribute] = value
        result.changes[attribute] = (_shown(attribute, old), _shown(attribute, value) or "")
        return
    at = {"kind": "region_type"}.get(attribute, attribute)
    line.note(
        at, f"“{_shown(attribute, value)}” differs from “{_shown(attribute, old)}” on record, which stays"
    )


def _shown(attribute: str, value: Any) -> str | None:
    if value in (None, ""):
        return None
    if attribute == "kind":
        return _KINDS.get(value, str(value))
    return country_name(value) if attribute == "country" else str(value)
