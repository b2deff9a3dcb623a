"""What an import did to the catalog, written down while it does it: enough to take it back exactly.

Records that were made are kept as ranges of ids, changed columns with their values before and after. A page
holds a thousand records, so a large import costs a few rows, written in its own transaction.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db import connection, models

from riskassess.catalog.models import (
    AIModel,
    Availability,
    Offering,
    OfferingPlace,
    Partnership,
    Price,
    ProductUse,
    Region,
    RegisterEntry,
    Source,
    SourcedValue,
    Subprocessor,
    Vendor,
    VendorAlias,
)
from riskassess.evidence.models import Claim, ClaimSource
from riskassess.imports.loading import in_portions
from riskassess.imports.models import JournalPage, Spelling
from riskassess.trail.chain import plain
from riskassess.trail.verifying import checks

PAGE = 1000  # records on one page

Range = list[int]
"""[first id, last id], both in it."""

Change = tuple[int, dict[str, Any], dict[str, Any]]
"""A record's id, the columns that changed as they were, and as they became."""

# What an import may make, in the order in which it is taken away: nothing before what points to it.
KINDS: dict[str, type[models.Model]] = {
    "value": SourcedValue,
    "price": Price,
    "availability": Availability,
    "register": RegisterEntry,
    "use": ProductUse,
    "claim_source": ClaimSource,
    "claim": Claim,
    "place": OfferingPlace,
    "subprocessor": Subprocessor,
    "spelling": Spelling,
    "offering": Offering,
    "model": AIModel,
    "partnership": Partnership,
    "region": Region,
    "source": Source,
    "alias": VendorAlias,
    "vendor": Vendor,
}
_NAMES = {model: name for name, model in KINDS.items()}


@dataclass(slots=True)
class Journal:
    """The notes of one batch while it is applied. `write` keeps them."""

    batch: int
    _made: dict[str, list[int]] = field(default_factory=dict)
    _changed: dict[str, list[Change]] = field(default_factory=dict)

    def made(self, kind: type[models.Model], ids: Iterable[int]) -> None:
        """Notes new records."""
        self._made.setdefault(_NAMES[kind], []).extend(ids)

    def changing(self, kind: type[models.Model], updates: Sequence[tuple[Any, dict[str, Any]]]) -> None:
        """Notes what the columns hold before they are written. A query for 900 records."""
        if not updates:
            return
        names = sorted({name for _, columns in updates for name in columns})
        before: dict[int, dict[str, Any]] = {}
        for portion in in_portions(pk for pk, _ in updates):
            for pk, *values in kind._default_manager.filter(pk__in=portion).values_list("pk", *names):
                before[pk] = dict(zip(names, values, strict=True))
        notes = self._changed.setdefault(_NAMES[kind], [])
        for pk, columns in updates:
            old = before[pk]
            differing = [name for name, value in columns.items() if old[name] != value]
            if differing:
                was = {name: as_json(old[name]) for name in differing}
                notes.append((pk, was, {name: as_json(columns[name]) for name in differing}))

    def write(self) -> dict[str, Any]:
        """Keeps the notes: one row for a thousand records. What the audit trail says of them."""
        pages = [
            JournalPage(batch_id=self.batch, kind=kind, first=part[0], last=part[-1], made=ranges_of(part))
            for kind, ids in self._made.items()
            for part in _pages(sorted(ids))
        ]
        for kind, changes in self._changed.items():
            for part in _pages(changes):
                ids = [pk for pk, _, _ in part]
                pages.append(
                    JournalPage(
                        batch_id=self.batch, kind=kind, first=min(ids), last=max(ids), changed=list(part)
                    )
                )
        JournalPage.objects.bulk_create(pages, batch_size=20)
        return {
            "pages": ranges_of(page.pk for page in pages),
            "sha256": digest_of((page.kind, page.made, page.changed) for page in pages),
            "made": {kind: len(ids) for kind, ids in sorted(self._made.items())},
            "changed": {kind: len(changes) for kind, changes in sorted(self._changed.items())},
        }


def digest_of(pages: Iterable[tuple[str, Any, Any]]) -> str:
    """SHA-256 over pages as (kind, made, changed), in the order of their ids."""
    whole = hashlib.sha256()
    for page in pages:
        whole.update(json.dumps(plain(page), sort_keys=True, separators=(",", ":")).encode())
    return whole.hexdigest()


@checks("journal")
def journal_as_sealed(told: Any) -> str:
    """What is wrong with the pages that an entry of the audit trail tells of; '' when they are as they were."""
    within = models.Q(pk__in=[])
    for first, last in told["pages"]:
        within |= models.Q(pk__gte=first, pk__lte=last)
    pages = JournalPage.objects.filter(within).order_by("pk").values_list("kind", "made", "changed")
    if digest_of(pages.iterator(chunk_size=50)) == told["sha256"]:
        return ""
    return "the journal of the import is not as it was written"


def _pages(notes: Sequence[Any]) -> Iterator[Sequence[Any]]:
    for start in range(0, len(notes), PAGE):
        yield notes[start : start + PAGE]


def reserve_ids(kind: type[models.Model], count: int) -> Sequence[int]:
    """Ids that no other row has or will have, for rows that are inserted without reading them back.

    Call it in the transaction that inserts, after its first write: on SQLite nobody else writes then.
    """
    table = kind._meta.db_table
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(
                "SELECT nextval(pg_get_serial_sequence(%s, 'id')) FROM generate_series(1, %s)", [table, count]
            )
            return [row[0] for row in cursor.fetchall()]
        cursor.execute("SELECT seq FROM sqlite_sequence WHERE name = %s", [table])
        found = cursor.fetchone()
    last = found[0] if found else 0
    return range(last + 1, last + 1 + count)


def ranges_of(ids: Iterable[int]) -> list[Range]:
    """Sorted ids as ranges."""
    ranges: list[Range] = []
    for pk in ids:
        if ranges and ranges[-1][1] >= pk - 1:
            ranges[-1][1] = pk
        else:
            ranges.append([pk, pk])
    return ranges


def as_json(value: Any) -> Any:
    """A column's value as the journal holds it; `Field.to_python` reads it back."""
    if isinstance(value, date | datetime):
        return value.isoformat()
    return str(value) if isinstance(value, Decimal) else value


# --- reading it back ------------------------------------------------------------------------------------


@dataclass(slots=True)
class Record:
    """All notes of one batch, a kind at a time: what it made, and of what it changed the first and last values."""

    made: dict[str, list[Range]] = field(default_factory=dict)
    changed: dict[str, dict[int, tuple[dict[str, Any], dict[str, Any]]]] = field(default_factory=dict)

    def count_made(self, kind: str) -> int:
        return sum(last - first + 1 for first, last in self.made.get(kind, ()))

    @property
    def is_empty(self) -> bool:
        return not self.made and not self.changed


def read_journal(batch: int) -> Record:
    """The batch's notes as one. A record it changed twice goes from its first to its last values. One query."""
    record = Record()
    pages = JournalPage.objects.filter(batch=batch, taken_back=False).order_by("pk")
    for kind, made, changed in pages.values_list("kind", "made", "changed"):
        if made:
            record.made.setdefault(kind, []).extend(made)
        for pk, before, after in changed:
            was, became = record.changed.setdefault(kind, {}).setdefault(pk, ({}, {}))
            for name, value in before.items():
                was.setdefault(name, value)
            became.update(after)
    for kind, ranges in record.made.items():
        record.made[kind] = _joined(ranges)
    return record


def _joined(ranges: list[Range]) -> list[Range]:
    """The ranges in order, those that touch as one."""
    joined: list[Range] = []
    for first, last in sorted(ranges):
        if joined and joined[-1][1] >= first - 1:
            joined[-1][1] = max(joined[-1][1], last)
        else:
            joined.append([first, last])
    return joined
