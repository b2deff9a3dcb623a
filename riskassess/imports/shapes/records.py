"""How the shapes write: records made or changed in bulk, vendors and offerings met by name on the way."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, TypeVar

from django.db import models

from riskassess.catalog.identity import normalised
from riskassess.catalog.models import Source, Vendor, VendorAlias
from riskassess.imports.bulk import update_each
from riskassess.imports.journal import Journal
from riskassess.imports.known import Party
from riskassess.imports.writing import free_slugs

M = TypeVar("M", bound=models.Model)
BATCH = 500  # rows in one INSERT


@dataclass(frozen=True, slots=True)
class Writer:
    """What all records of one import share: the sheet they come from, the day it speaks of, the notes for undoing."""

    source: Source
    on: date
    journal: Journal

    def make(self, rows: Sequence[M]) -> Sequence[M]:
        """The rows, now with their ids."""
        if not rows:
            return []
        made = type(rows[0])._default_manager.bulk_create(rows, batch_size=BATCH)
        self.journal.made(type(rows[0]), [row.pk for row in made])
        return made

    def change(self, kind: type[models.Model], updates: Sequence[tuple[Any, dict[str, Any]]]) -> None:
        """Writes each row's own columns, by attribute name; what was there before is noted first."""
        self.journal.changing(kind, updates)
        update_each(kind, updates)

    def make_parties(self, parties: Iterable[Party]) -> None:
        """The vendors that are new; each party then has its id."""
        new = list({id(party): party for party in parties if party.pk is None}.values())
        slugs = free_slugs(Vendor, [(party.name,) for party in new], [party.name for party in new])
        rows = self.make([Vendor(name=p.name, slug=s) for p, s in zip(new, slugs, strict=True)])
        for party, row in zip(new, rows, strict=True):
            party.pk = row.pk


def known_parties() -> dict[str, Party]:
    """All vendors by their normalised names and aliases. Two queries."""
    by_pk = {pk: Party(name, pk) for pk, name in Vendor.objects.values_list("pk", "name")}
    parties = {normalised(party.name): party for party in by_pk.values()}
    for name, vendor in VendorAlias.objects.values_list("name", "vendor_id"):
        parties.setdefault(normalised(name), by_pk[vendor])
    return parties
