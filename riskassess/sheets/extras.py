"""What the parser does not tell of a sheet: cells in error, formulas never calculated, what is hidden."""

from __future__ import annotations

from dataclasses import dataclass, field

from riskassess.sheets.results import CellError

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


def error(code: str) -> CellError:
    """A cell that shows `code` (`#REF!`) as its formula failed."""
    return CellError(code, f"The cell is in error: {code}.")


def far(first: int, count: int, most: int) -> range:
    """The indexes of a repeated row or column, no more of them than are read."""
    return range(first, min(first + count, most))
