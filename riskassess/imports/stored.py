"""Rows as they came, as JSON holds them: a file is parsed once. Pure."""

from __future__ import annotations

import math
import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import date
from itertools import zip_longest
from typing import Any, NamedTuple

from riskassess.imports.layout import Columns
from riskassess.kernel.places import cell_at, place_at
from riskassess.sheets.results import Cell, CellError, text_of
from riskassess.sheets.table import SHEET_LETTERS, TITLE_LETTERS, RowRole, Table, TableRow, is_virtual
from riskassess.sheets.workbook import Grid

_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")  # databases refuse them in text
_NOTHING: dict[str, list[str]] = {}
_DATA = RowRole.DATA.value

Over = dict[str, list[str]]
"""What stands over a row: letters of a virtual column, or of one whose cell is merged over the row from above ->
the cell, its text, and what of it is a name."""


class StoredRow(NamedTuple):
    """A row's number in the sheet, its cells from column A on, what it is and why, and what stands over it."""

    number: int
    raw: list[Any]
    role: str = _DATA
    why: str = ""
    over: Over = _NOTHING
    hidden: bool = False

    @property
    def is_data(self) -> bool:
        return self.role == _DATA


def stored_rows(table: Table, columns: Columns | None = None) -> Iterator[StoredRow]:
    """Every row that is not blank, but for the column names; a row of spaces is blank.

    Section headings go with their rows; the table's title and the sheet's name where `columns` read them.
    """
    before: list[Any] = [None] * table.grid.first_column
    asked = {letters for letters, column in (columns or {}).items() if column["field"]}
    shared = asked & {TITLE_LETTERS, SHEET_LETTERS}
    names = set(table.header.rows)
    hidden, covered = table.grid.hidden_rows or (), table.covered
    kept: dict[int, Over] = {}
    for row in table.rows:
        if row.row_index in names:
            continue
        cells = list(map(as_json, table.grid.rows[row.row_index]))
        while cells and cells[-1] is None:
            cells.pop()
        if cells:
            over = _over(table, row, shared, kept)
            if row.row_index in covered and row.role is RowRole.DATA:
                over = over | _merged_down(table.grid, covered[row.row_index])
            is_hidden = row.row_index in hidden
            yield StoredRow(row.number, before + cells, row.role.value, row.why, over, is_hidden)


def _over(table: Table, row: TableRow, shared: Collection[str], kept: dict[int, Over]) -> Over:
    """What stands over the row, as JSON; rows below the same headings share it."""
    if row.role is not RowRole.DATA or not (row.above or shared):
        return _NOTHING
    key = row.above[-1].row_index if row.above else -1
    if key not in kept:
        kept[key] = {
            letters: [heading.cell, _UNSTORABLE.sub("", heading.text), _UNSTORABLE.sub("", heading.value)]
            for letters, heading in table.over(row).items()
            if letters in shared or letters not in (TITLE_LETTERS, SHEET_LETTERS)
        }
    return kept[key]


def _merged_down(grid: Grid, columns: dict[int, int]) -> Over:
    """The cells that are merged over a row from above, by the letters of their columns."""
    return {
        grid.place(at): [
            grid.address(top, at),
            *[text_in(as_json(grid.rows[top][at]))] * 2,
        ]
        for at, top in columns.items()
        if grid.rows[top][at] is not None
    }


def as_json(cell: Cell) -> Any:
    """The cell as JSON holds it, read the same when it comes back; spaces alone are a blank cell."""
    if type(cell) is str:
        if cell.isascii() and cell.isprintable() and not cell.isspace():
            return cell or None
        clean = _UNSTORABLE.sub("", cell)
        return clean if clean.strip() else None
    if isinstance(cell, CellError):
        return {"error": cell.code, "what": cell.what}
    if isinstance(cell, date) or (isinstance(cell, float) and not math.isfinite(cell)):
        return text_of(cell)
    return cell


def address_in(letters: str, number: int, over: Mapping[str, Sequence[str]]) -> str:
    """A row's cell in a column; of a value that stands over the row, the heading's; '' where there is none."""
    if letters in over:
        return over[letters][0]
    return cell_at(letters, number) if letters and not is_virtual(letters) else ""


class CellsAcross:
    """Some rows' cells by column, turned over once for all columns."""

    def __init__(self, rows: Collection[StoredRow]) -> None:
        self._columns: list[tuple[Any, ...]] = list(zip_longest(*(row.raw for row in rows)))
        self._blank: list[Cell] = [None] * len(rows)
        self._over = [(at, row.over) for at, row in enumerate(rows) if row.over]
        self._turned = any(place.isdecimal() for _, over in self._over for place in over)

    def column(self, column: int | str) -> list[Cell]:
        """The cells of a column by its place in the rows, or of a virtual one by its letters."""
        letters = column if isinstance(column, str) else place_at(column, turned=self._turned)
        has_cells = isinstance(column, int) and column < len(self._columns)
        cells = list(self._columns[column]) if has_cells else [*self._blank]  # type: ignore[index]
        for at, over in self._over:
            if letters in over:
                cells[at] = over[letters][2] or None
        return [cell_of(cell) for cell in cells] if dict in set(map(type, cells)) else cells

    def headed(self, letters: str) -> list[tuple[int, Sequence[str]]]:
        """Of the rows over which the column has a heading, each one's place, and the heading."""
        return [(at, over[letters]) for at, over in self._over if letters in over]


def cell_of(stored: Any) -> Cell:
    """The cell that was stored as JSON."""
    if isinstance(stored, dict):
        return CellError(stored["error"], stored["what"])
    cell: Cell = stored
    return cell


def text_in(stored: Any) -> str:
    """A stored cell as text."""
    return text_of(cell_of(stored))


def with_cells(source: dict[str, dict[str, Any]], rows: Collection[StoredRow]) -> dict[str, dict[str, Any]]:
    """A source's columns, those that stand over their rows with `cells`: [first row, cell] down the sheet."""
    merged = {letters for row in rows if row.over for letters in row.over}
    for column in source.values():
        letters = column["column"]
        if not is_virtual(letters) and letters not in merged:
            continue
        cells: list[list[Any]] = []
        for row in rows:
            cell = address_in(letters, row.number, row.over)
            if not cells or cells[-1][1] != cell:
                cells.append([row.number, cell])
        column["cells"] = cells
    return source
