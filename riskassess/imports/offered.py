"""Where a catalog's row says that its offering can be had: a mark for each region that its cell lists. Pure."""

from __future__ import annotations

from typing import Protocol

from riskassess.catalog.identity import normalised
from riskassess.imports.known import Catalog, KnownOffering, Party, reference
from riskassess.imports.said import Entry, SaidRegions, Shown
from riskassess.imports.shapes.deployments import scope_of


class Told(Protocol):
    """What a row does, as its plan tells it."""

    changes: dict[str, Shown]
    notes: list[dict[str, str]]


def state_regions(
    offering: KnownOffering, said: SaidRegions, entry: Entry, catalog: Catalog, result: Told
) -> None:
    """Adds a mark for each region that is news of the offering under the row's deployment type.

    Nothing is said of the regions that the cell does not list. Another list's word on one stays beside it.
    """
    scope = scope_of(entry.channel)
    deployment = entry.channel[:80] if scope else ""
    own, cell, raw = reference(offering), entry.at(said.column), " ".join(said.raw.split())[:80]
    news: list[str] = []
    for code in said.codes:
        noted = catalog.marked.setdefault((own, normalised(deployment), normalised(code)), {})
        if catalog.source in noted:  # this sheet has said it: before, or in a row above
            continue
        rivals = [mark for mark in noted.values() if mark != "yes"]
        if rivals:
            note = f"{code}: yes here, {rivals[-1]} in another list; both are kept"
            result.notes.append({"cell": cell, "field": "regions", "note": note})
        noted[catalog.source] = "yes"
        region = _region(code, offering.seller, catalog)
        catalog.new_marks.append(
            (own, deployment, scope or None, code, region, "yes", raw, entry.number, cell)
        )
        news.append(code)
    if news:
        result.changes["offered"] = (None, ", ".join(news))


def _region(code: str, seller: Party, catalog: Catalog) -> int | None:
    """The region on record: the seller's own, or the only one of that code. Else the code stays text."""
    found = catalog.regions.get(normalised(code), [])
    own = [pk for pk, provider in found if provider == seller.pk]
    return own[0] if own else found[0][0] if len({pk for pk, _ in found}) == 1 else None
