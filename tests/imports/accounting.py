"""Nothing of a file is lost: read by other means, each of its cells must be in a stored row or the column names."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from typing import Any

import openpyxl

from riskassess.imports.stored import stored_rows, text_in
from riskassess.kernel.errors import InvalidInput
from riskassess.sheets.table import Table, understand
from riskassess.sheets.workbook import open_workbook

Cells = dict[tuple[int, int], Any]
"""Row and column from 1 -> what a cell holds."""


def by_other_means(data: bytes, name: str) -> dict[str, Cells]:
    """Every cell that is not empty, by sheet."""
    if name.endswith(".csv"):
        rows = csv.reader(io.StringIO(data.decode("utf-8-sig"), newline=""))
        return {name[:-4]: dict(_filled(rows))}
    book = openpyxl.load_workbook(io.BytesIO(data), data_only=True)
    return {sheet.title: dict(_filled(sheet.iter_rows(values_only=True))) for sheet in book.worksheets}


def _filled(rows: Any) -> Iterator[tuple[tuple[int, int], Any]]:
    for row, cells in enumerate(rows, 1):
        for column, cell in enumerate(cells, 1):
            if cell is not None and str(cell).strip():
                yield (row, column), cell


def unaccounted(data: bytes, name: str) -> list[str]:
    """What is lost or told twice, in words; empty when all is accounted for."""
    book = open_workbook(data, name)
    found = []
    for title, cells in by_other_means(data, name).items():
        try:
            table = understand(book.grid(title))
        except InvalidInput as error:
            found.append(f"{title}: {error}")
            continue
        found += [f"{title}: {lost}" for lost in _lost(table, cells)]
    return found


def _lost(table: Table, cells: Cells) -> Iterator[str]:
    rows = list(stored_rows(table))
    numbers = [row.number for row in rows]
    if len(numbers) != len(set(numbers)):
        yield "a row is stored twice"
    header = {table.grid.row_number(index) for index in table.header.rows}
    wanted = {row for row, _ in cells} - header
    if wanted != set(numbers):
        yield f"rows {sorted(wanted ^ set(numbers))[:9]} are lost or invented"
    kept = {row.number: row.raw for row in rows}
    for (row, column), value in cells.items():
        if row in header:
            name = table.header.names[column - 1 - table.grid.first_column]
            lost = not set(str(value).split()) <= set(name.split())
        else:
            raw = kept.get(row, [])
            lost = column > len(raw) or not text_in(raw[column - 1]).strip()
        if lost:
            yield f"row {row}, column {column}: {str(value)[:40]!r} is lost"
