"""Columns that name each block of rows once, in its first row, and leave the rows below blank."""

from __future__ import annotations

from collections.abc import Sequence

from riskassess.sheets.ditto import DITTO
from riskassess.sheets.header import Header
from riskassess.sheets.roles import RowRole, TableRow
from riskassess.sheets.workbook import Grid

_LEAST_BLANK = 0.5  # of the rows: fewer may be gaps in what is known
_LEAST_NAMES = 3
_LEAST_BLOCKS = 0.6  # of the names stand over further rows


def said_above(grid: Grid, rows: Sequence[TableRow]) -> dict[int, dict[int, int]]:
    """Row index -> column index -> the row whose cell a ditto mark stands for, among rows of data."""
    found: dict[int, dict[int, int]] = {}
    before: int | None = None
    for index in (row.row_index for row in rows if row.role is RowRole.DATA):
        cells = grid.rows[index]
        if before is not None and not DITTO.isdisjoint(cells):
            for at, cell in enumerate(cells):
                top = found.get(before, {}).get(at, before)
                if cell in DITTO and grid.rows[top][at] not in DITTO and grid.rows[top][at] is not None:
                    found.setdefault(index, {})[at] = top
        before = index
    return found


def first_named(header: Header) -> int:
    """The leftmost column that has a name."""
    return next((at for at, name in enumerate(header.names) if name), 0)


def named_once(grid: Grid, header: Header, rows: Sequence[TableRow]) -> dict[int, int]:
    """Row index of a blank cell in the first column -> the row whose cell names its block.

    Only where the column plainly does so: it begins with a name, no name comes twice, most stand over further
    rows, and what it leaves blank stands directly below a row of its block.
    """
    column = first_named(header)
    data = [row.row_index for row in rows if row.role is RowRole.DATA]
    names = [grid.rows[index][column] for index in data if grid.rows[index][column] is not None]
    blank = len(data) - len(names)
    if len(names) < _LEAST_NAMES or blank < _LEAST_BLANK * len(data) or len(set(names)) < len(names):
        return {}
    if grid.rows[data[0]][column] is None or not all(isinstance(name, str) for name in names):
        return {}
    found: dict[int, int] = {}
    top, above = data[0], data[0] - 1
    for index in data:
        if grid.rows[index][column] is not None:
            top = index
        elif index != above + 1:  # a heading or a blank row stands between
            return {}
        else:
            found[index] = top
        above = index
    blocks = len(set(found.values()))
    return found if blocks >= _LEAST_BLOCKS * len(names) else {}
