"""Which rows need a person: their vendor or model is unknown, but close to one that is known. Pure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence

from riskassess.catalog.identity import normalised
from riskassess.imports.decisions import NEW, SAME, Decisions
from riskassess.imports.known import Catalog, KnownOffering
from riskassess.imports.naming import Named
from riskassess.imports.near import near_names, near_vendors
from riskassess.imports.said import Entry

Finder = Callable[[Named], KnownOffering | None]
Question = dict[str, object]
"""A `Near` as a row keeps it: what was said, the record it is close to, how close and why."""

_Scope = tuple[int, str, str]  # seller, version, channel: names are compared within


def questions(
    entries: Sequence[Named], catalog: Catalog, told: Decisions, find: Finder
) -> dict[int, Question]:
    """A question for each row that is close to a known record and not decided."""
    if not any(party.pk is not None for party in catalog.parties.values()):
        return {}
    vendors = _vendor_questions(entries, catalog, told)
    return vendors | _name_questions([e for e in entries if e.number not in vendors], catalog, told, find)


def _vendor_questions(entries: Sequence[Named], catalog: Catalog, told: Decisions) -> dict[int, Question]:
    unknown: dict[str, str] = {}
    for said in sorted({e.seller for e in entries} | {e.developer for e in entries}):
        key = normalised(said)
        if key and key not in catalog.parties and key not in told.vendors:
            unknown.setdefault(key, said)
    if not unknown:
        return {}
    known: dict[int, list[str]] = {}
    for key, party in catalog.parties.items():
        if party.pk is not None:
            known.setdefault(party.pk, [party.name]).append(key)
    near = near_vendors(unknown.values(), known)
    close = {key: near[said] for key, said in unknown.items() if said in near}
    found: dict[int, Question] = {}
    for entry in entries if close else ():
        for said in (entry.developer, entry.seller):
            match = close.get(normalised(said))
            if match is not None and not _is_over(entry, told):
                found[entry.number] = match.as_json(said)
    return found


def _name_questions(
    entries: Sequence[Named], catalog: Catalog, told: Decisions, find: Finder
) -> dict[int, Question]:
    """Asked of names alone: another id of the seller's is another listing.

    A listing that another row of the sheet means exactly is not meant by a second spelling.
    """
    met: set[int] = set()
    wanted: dict[_Scope, list[Named]] = defaultdict(list)
    sold_by = {said: catalog.parties.get(normalised(said)) for said in {entry.seller for entry in entries}}
    for entry in entries:
        party = sold_by[entry.seller]
        if party is None or party.pk is None:
            continue
        found = find(entry)
        if found is not None:
            met.add(id(found))
        elif not entry.listed_id and not _is_over(entry, told):
            wanted[party.pk, normalised(entry.version), normalised(entry.channel)].append(entry)
    if not wanted:
        return {}
    known: dict[_Scope, dict[str, int]] = defaultdict(dict)
    sellers: dict[int, str] = {}
    for offering in catalog.offerings.values():
        seller = offering.seller.pk
        if offering.pk is not None and seller is not None and id(offering) not in met:
            sellers[seller] = offering.seller.name
            scope = seller, normalised(offering.model.version), normalised(offering.channel)
            known[scope].setdefault(offering.name, offering.pk)
    return {
        entry.number: close[entry.name].as_json(entry.name)
        for scope, rows in wanted.items()
        if scope in known
        for close in [near_names({row.name for row in rows}, known[scope], sellers[scope[0]])]
        for entry in rows
        if entry.name in close
    }


def _is_over(entry: Named, told: Decisions) -> bool:
    """Whether a person has decided the row already, or it is applied."""
    return entry.number in told.done or told.of(entry.number).get("as") in {SAME, NEW}


def asked(entry: Entry, question: Question) -> dict[str, str]:
    """The question as a row says it."""
    what = f"“{question['said']}” is {question['why']}, which is known."
    hint = "Say whether it is the same; until then the row stays here."
    return {"cell": entry.first_cell, "field": str(question["kind"]), "what": what, "hint": hint}
