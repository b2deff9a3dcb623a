"""Another table that stands to the right of the first, behind a blank column. Pure.

People put a legend, a list of regions or a second price list beside a table. Read as more columns of it, its cells
would be said of rows they have nothing to do with.
"""

from __future__ import annotations

from typing import Any

from riskassess.sheets.workbook import Grid

_SPEAKS_OF = frozenset({"model_name", "model_id", "meter"})  # what a catalog's rows cannot do without

_DIFFERS_BY = 2  # rows; judgement: one more or less may be a sum or a cell that was forgotten


def leave_tables_beside(grid: Grid, columns: dict[str, dict[str, Any]]) -> None:
    """Proposes to leave unread what stands behind a blank column and is filled for other rows than what is before it;
    what is before it, where only what stands behind speaks of models.

    Only where it plainly has a length of its own: its first column is filled without a gap from the first row on, so is
    the table's, and they end at different rows. A blank column within one table parts columns of the same length, or
    columns with gaps.
    """
    blank = [at for at in range(grid.width) if all(row[at] is None for row in grid.rows)]
    gaps = [at for at in blank if grid.place(at) not in columns and 0 < at < grid.width - 1]
    for gap in gaps:
        before = [at for at in range(gap) if at not in blank]
        beyond = next((at for at in blank if at > gap + 1), grid.width)
        behind = [at for at in range(gap + 1, beyond) if at not in blank]
        if not before or not behind:
            continue
        own, others = _length(grid, before), _length(grid, behind)
        if not own or not others or abs(own - others) < _DIFFERS_BY:
            continue
        apart, side = (
            (behind, "behind")
            if not _speaks(grid, columns, behind) or _speaks(grid, columns, before)
            else (before, "before")
        )
        length = others if apart is behind else own
        rows = "1 row" if length == 1 else f"the first {length:,} rows"
        why = (
            f"stands apart {side} the blank column {grid.place(gap)} and is filled for {rows}: another table"
        )
        for at in apart:
            if column := columns.get(grid.place(at)):
                column |= {"field": "", "unit": "", "currency": "", "confidence": 0.0, "why": why}


def _speaks(grid: Grid, columns: dict[str, dict[str, Any]], places: list[int]) -> bool:
    return any(columns.get(grid.place(at), {}).get("field") in _SPEAKS_OF for at in places)


def _length(grid: Grid, columns: list[int]) -> int:
    """How many rows are filled from the first on; 0 where the columns have gaps."""
    filled = [any(row[at] is not None for at in columns) for row in grid.rows]
    length = sum(filled)
    first = [row[columns[0]] is not None for row in grid.rows]
    return length if all(filled[:length]) and all(first[:length]) else 0
