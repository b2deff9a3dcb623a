"""Which offering the rows of a sheet speak of: found or made as a catalog's row would, however often it is named."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from riskassess.catalog.identity import normalised
from riskassess.imports.entries import has_prices, read_entries
from riskassess.imports.known import Catalog, KnownOffering
from riskassess.imports.layout import Columns
from riskassess.imports.loading import load_catalog
from riskassess.imports.naming import offering_key
from riskassess.imports.plan import plan
from riskassess.imports.said import Entry
from riskassess.imports.stating import RowPlan
from riskassess.imports.stored import StoredRow
from riskassess.sheets.reading import Manner

NAMING = frozenset({"vendor", "developer", "model_name", "model_id", "version", "channel"})


@dataclass(slots=True)
class Subjects:
    """The rows' plans by number (the offering of each in it), and the catalog as it would be."""

    plans: dict[int, RowPlan]
    catalog: Catalog


def subjects_of(
    rows: Collection[StoredRow],
    columns: Columns,
    *,
    default_vendor: str,
    sha256: str,
    sheet: str,
    stated_on: date,
    fields: frozenset[str] = NAMING,
    preferring: Mapping[int, str] | None = None,
    rank: Mapping[int, Any] | None = None,
    manners: Mapping[str, Manner] | None = None,
) -> Subjects:
    """Who each row is about, read from the columns of `fields`. The queries are those of `load_catalog`.

    `preferring` says by row which channel is meant where the row names none and the seller has several. Of
    rows about one offering the one of the lowest `rank` speaks for it, the first of equals.
    """
    naming = {at: column for at, column in columns.items() if column["field"] in fields}
    entries = read_entries(
        rows, naming, default_vendor=default_vendor, manners=manners, priced=has_prices(columns)
    )
    sound = [entry for entry in entries if not (entry.problems or entry.skip)]
    lists_regions = any(column["field"] in ("regions", "price_region") for column in naming.values())
    names = [entry.named for entry in sound]
    catalog = load_catalog(names, sha256=sha256, sheet=sheet, lists_regions=lists_regions)
    _through_their_channels(sound, catalog, preferring or {})
    firsts: dict[str, Entry] = {}
    for entry in sorted(sound, key=lambda entry: rank[entry.number]) if rank else sound:
        firsts.setdefault(offering_key(entry), entry)
    asked = list(firsts.values()) + [entry for entry in entries if entry.problems or entry.skip]
    planned = plan(asked, catalog, stated_on=stated_on)
    plans = {row.entry.number: row for row in planned.rows}
    for entry in sound:
        first = firsts[offering_key(entry)]
        if first is not entry:
            said = plans[first.number]
            plans[entry.number] = RowPlan(entry, "unchanged", said.identity, offering=said.offering)
    return Subjects(plans, planned.catalog)


def _through_their_channels(
    entries: Sequence[Entry], catalog: Catalog, preferring: Mapping[int, str]
) -> None:
    """A row without a channel means the offering of that name and version, if the seller has one or prefers one."""
    listed: dict[tuple[str, str, str], list[KnownOffering]] = defaultdict(list)
    for offering in {id(known): known for known in catalog.offerings.values()}.values():
        key = (
            normalised(offering.seller.name),
            normalised(offering.name),
            normalised(offering.model.version),
        )
        listed[key].append(offering)
    for entry in entries:
        party = catalog.parties.get(normalised(entry.seller))
        entry.seller = party.name if party else entry.seller
        found = listed.get((normalised(entry.seller), normalised(entry.name), normalised(entry.version)), [])
        if entry.channel or not found or any(not offering.channel for offering in found):
            continue
        wanted = normalised(preferring.get(entry.number, ""))
        preferred = [offering for offering in found if normalised(offering.channel) == wanted]
        if len(found) == 1 or preferred:
            entry.channel = (preferred or found)[0].channel
