"""Finding rows of a batch: by outcome, by the field that something is said of, and by words in their cells."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlencode

from django.db import connection
from django.db.models import Q, QuerySet

from riskassess.imports.models import Batch, Row
from riskassess.imports.shapes.registry import shape_named

_LONGEST = 100


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the preview is asked to show."""

    outcome: str = ""
    field: str = ""
    words: str = ""
    page: int = 1

    @property
    def is_narrowed(self) -> bool:
        """Whether the counts by outcome do not say how many rows there are."""
        return bool(self.field or self.words)

    def query(self, **changes: object) -> str:
        """As the query of an address, with some parts changed; what is not asked is left out."""
        said = {"outcome": self.outcome, "field": self.field, "q": self.words, "page": self.page} | changes
        kept = {name: value for name, value in said.items() if value and (name != "page" or value != 1)}
        return f"?{urlencode(kept)}" if kept else ""


def wanted_of(data: Mapping[str, str]) -> Wanted:
    """What an address or a form asks for; what makes no sense is left out."""
    outcome = data.get("outcome", "")
    asked = data.get("page", "")
    return Wanted(
        outcome if outcome in Row.Outcome.values else "",
        data.get("field", "")[:_LONGEST],
        data.get("q", "").strip()[:_LONGEST],
        max(1, int(asked)) if asked.isdecimal() and len(asked) < 7 else 1,
    )


def found_rows(batch: Batch, wanted: Wanted) -> QuerySet[Row]:
    """The rows in the order of the sheet."""
    rows = batch.rows.order_by("number")
    if wanted.outcome:
        rows = rows.filter(outcome=wanted.outcome)
    if wanted.field:
        of_it = Q()
        for gap in ("", " "):  # SQLite keeps the text as whoever wrote the row has put it
            said = f'"field":{gap}{json.dumps(wanted.field)}'
            of_it |= Q(problems__icontains=said) | Q(notes__icontains=said)
        for attribute in attributes_of(batch, wanted.field):
            of_it |= Q(changes__has_key=attribute)
        rows = rows.filter(of_it)
    if wanted.words:
        of_it = Q(key__icontains=wanted.words)
        for words in _as_stored(wanted.words):
            of_it |= Q(raw__icontains=words)
        rows = rows.filter(of_it)
    return rows


def attributes_of(batch: Batch, field: str) -> list[str]:
    """The attributes that a field's values reach, as rows keep their changes."""
    shape = shape_named(batch.shape)
    at = [letters for letters, column in batch.mapping.items() if column.get("field") == field]
    named = shape.source_columns(batch.mapping).items()
    return [name for name, column in named if column["column"] in at]


def _as_stored(words: str) -> set[str]:
    """Words as JSON columns may hold them: SQLite keeps the text that was written, escapes and all."""
    if connection.vendor != "sqlite":
        return {words}
    return {json.dumps(words, ensure_ascii=ascii_only)[1:-1] for ascii_only in (False, True)}
