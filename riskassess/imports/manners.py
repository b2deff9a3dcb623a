"""How the columns of a whole sheet write what could be read in two ways, where only some of its rows are at hand."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import Any

from django.db.models.fields.json import KeyTransform

from riskassess.imports.decisions import with_fixes
from riskassess.imports.layout import mapped_columns
from riskassess.imports.models import Batch
from riskassess.imports.shapes.registry import shape_named
from riskassess.kernel.places import index_of
from riskassess.sheets.reading import AMBIGUOUS, Manner, manner_of
from riskassess.sheets.table import is_virtual


def manners_in(batch: Batch, among: Collection[str] | None = None) -> dict[str, Manner]:
    """Field -> the manner of its column, with the cells as people have put them right; of these columns, or of all.

    Three queries for each such column, however long the sheet: the database tells only what is distinct.
    """
    fields = shape_named(batch.shape).by_name
    return {
        mapped.field.name: manner_of(_texts(batch, letters), mapped)
        for letters, column in batch.mapping.items()
        if among is None or letters in among
        for mapped in mapped_columns({letters: column}, fields)
        if mapped.field.kind in AMBIGUOUS
    }


def _texts(batch: Batch, letters: str) -> set[str]:
    """The texts in the column: manners show in nothing else."""
    return {cell for cell in _cells(batch, letters) if isinstance(cell, str)}


def _cells(batch: Batch, letters: str) -> Iterator[Any]:
    rows = batch.rows.data().order_by()
    as_they_came = rows.filter(fixes__isnull=True)
    heading = KeyTransform("2", KeyTransform(letters, "over"))
    yield from rows.annotate(cell=heading).values_list("cell", flat=True).distinct()
    if is_virtual(letters):
        return
    at = index_of(letters)
    # SQLite gives a text that is a number as a number. It is no date and no tick, so nothing is lost by it.
    own = KeyTransform(str(at), "raw")
    yield from as_they_came.annotate(cell=own).values_list("cell", flat=True).distinct()
    for raw, fixes in rows.filter(fixes__isnull=False).values_list("raw", "fixes"):
        yield from with_fixes(raw, fixes)[at : at + 1]
