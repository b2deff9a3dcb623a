"""Rows as they came, as JSON holds them: a file is parsed once. Pure."""

from __future__ import annotations

import math
import re
from datetime import date
from typing import Any

from riskassess.sheets.results import Cell, text_of
from riskassess.sheets.workbook import Grid

_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")  # databases refuse them in text

StoredRow = tuple[int, list[Any]]
"""A row's number in the sheet and its cells from column A on."""


def stored_rows(grid: Grid, header_row: int) -> list[StoredRow]:
    """Every row below the header that is not blank; a row of spaces is blank."""
    before: list[Any] = [None] * grid.first_column
    first = header_row - grid.first_row
    rows: list[StoredRow] = []
    for at in range(first, len(grid.rows)):
        cells = [_as_json(cell) for cell in grid.rows[at]]
        if any(cell is not None for cell in cells):
            while cells and cells[-1] is None:
                cells.pop()
            rows.append((grid.row_number(at), before + cells))
    return rows


def _as_json(cell: Cell) -> Any:
    """The cell as JSON holds it, read the same when it comes back; spaces alone are a blank cell."""
    if isinstance(cell, str):
        clean = _UNSTORABLE.sub("", cell)
        return clean if clean.strip() else None
    if isinstance(cell, date) or (isinstance(cell, float) and not math.isfinite(cell)):
        return text_of(cell)
    return cell
