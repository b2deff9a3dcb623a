"""What the parser does not tell of a sheet: cells in error, formulas never calculated, what is hidden."""

from __future__ import annotations

from dataclasses import dataclass, field

from riskassess.sheets.results import Cell, CellError

Span = tuple[int, int, int, int]
"""Top, left, bottom and right index of a rectangle of cells, the last ones included."""

UNSAVED = CellError("", "The formula was saved without its value.")


@dataclass(slots=True)
class Extras:
    """Of one sheet, by row and column from 0. Rows and columns are those of the whole sheet."""

    errors: dict[tuple[int, int], CellError] = field(default_factory=dict)
    hidden_rows: set[int] = field(default_factory=set)
    hidden_columns: set[int] = field(default_factory=set)
    merged: list[Span] = field(default_factory=list)


@dataclass(slots=True)
class SparseSheet:
    """A sheet of a workbook that is one text: its filled cells by row and column from 0, and what else is said."""

    name: str
    hidden: bool = False
    rows: dict[int, dict[int, Cell]] = field(default_factory=dict)
    extras: Extras = field(default_factory=Extras)

    def used(self) -> Span:
        """The rectangle that all filled cells are in; one that ends before it begins where there are none."""
        rows = [at for at, row in self.rows.items() if row]
        columns = [at for row in self.rows.values() for at in (row and (min(row), max(row)))]
        if not rows:
            return 0, 0, -1, -1
        return min(rows), min(columns), max(rows), max(columns)


def error(code: str) -> CellError:
    """A cell that shows `code` (`#REF!`) as its formula failed."""
    return CellError(code, f"The cell is in error: {code}.")


def far(first: int, count: int, most: int) -> range:
    """The indexes of a repeated row or column, no more of them than are read."""
    return range(first, min(first + count, most))
