"""Columns that name each block of rows once, in its first row, and leave the rows below blank. Ditto marks."""

from __future__ import annotations

from collections.abc import Sequence

from riskassess.sheets.ditto import DITTO
from riskassess.sheets.header import Header
from riskassess.sheets.likeness import likeness
from riskassess.sheets.mapped import Field
from riskassess.sheets.roles import RowRole, TableRow
from riskassess.sheets.vocabulary import CATALOG_FIELDS
from riskassess.sheets.workbook import Grid

_LEAST_BLANK = 0.5  # of the rows: fewer may be gaps in what is known
_LEAST_NAMES = 3
_LEAST_BLANK_OWNERS, _FEWEST_OWNERS = 0.35, 2  # judgement: of a column that is called after vendors
_SURELY = 0.9  # likeness of a column's name and a field's
_MODELS = tuple(field for field in CATALOG_FIELDS if field.name in ("model_name", "model_id"))
_OWNERS = tuple(field for field in CATALOG_FIELDS if field.name in ("vendor", "developer"))
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


def named_once(grid: Grid, header: Header, rows: Sequence[TableRow]) -> dict[int, dict[int, int]]:
    """Row index -> column index of a blank cell -> the row whose cell names its block.

    In the first column, and beside models in one that is called after vendors. Only where the column plainly names
    blocks: it begins with a name, no name comes twice, most stand over further rows, and what it leaves blank stands
    directly below a row of its block. A column of vendors may name two blocks and leave fewer rows blank.
    """
    data = [row.row_index for row in rows if row.role is RowRole.DATA]
    first = first_named(header)
    owners = {at for at, name in enumerate(header.names) if name and _is_any(name, _OWNERS)}
    if not any("model" in name.casefold() and _is_any(name, _MODELS) for name in header.names):
        owners = set()  # whose a use or a device is, the row above does not say
    found: dict[int, dict[int, int]] = {}
    for column in sorted({first, *owners}):
        for row, top in _blocks(grid, column, data, is_owner=column in owners).items():
            found.setdefault(row, {})[column] = top
    return found


def _is_any(name: str, fields: Sequence[Field]) -> bool:
    return any(likeness(name, field) >= _SURELY for field in fields)


def _blocks(grid: Grid, column: int, data: Sequence[int], *, is_owner: bool) -> dict[int, int]:
    cells = grid.rows
    names = [cells[index][column] for index in data if cells[index][column] is not None]
    blank = len(data) - len(names)
    fewest, share = (_FEWEST_OWNERS, _LEAST_BLANK_OWNERS) if is_owner else (_LEAST_NAMES, _LEAST_BLANK)
    if len(names) < fewest or blank < share * len(data) or len(set(names)) < len(names):
        return {}
    if cells[data[0]][column] is None or not all(isinstance(name, str) for name in names):
        return {}
    found: dict[int, int] = {}
    top, above = data[0], data[0] - 1
    for index in data:
        if cells[index][column] is not None:
            top = index
        elif index != above + 1:  # a heading or a blank row stands between
            return {}
        else:
            found[index] = top
        above = index
    blocks = len(set(found.values()))
    return found if blocks >= _LEAST_BLOCKS * len(names) else {}
