"""Workbook bytes to grids of plain values in which every cell still knows its address."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from riskassess.kernel.errors import InvalidInput
from riskassess.kernel.places import cell_at, column_letters, place_at
from riskassess.sheets.delimited import read_text_table
from riskassess.sheets.extras import Span
from riskassess.sheets.kinds import Kind, kind_of
from riskassess.sheets.limits import DEFAULT, Limits
from riskassess.sheets.packing import unpacked
from riskassess.sheets.results import Cell
from riskassess.sheets.safety import read_workbook

__all__ = ["DEFAULT", "Cell", "Grid", "Limits", "SheetInfo", "Workbook", "column_letters", "open_workbook"]


@dataclass(frozen=True, slots=True)
class SheetInfo:
    """A sheet's name and the size of its used range."""

    name: str
    hidden: bool
    rows: int
    columns: int


@dataclass(frozen=True, slots=True)
class Grid:
    """The used range of one sheet: rows of equal length. Indexes count from 0 within it.

    `merged` holds (top, left, bottom, right) of merged cells, the last ones included; None where the format
    cannot tell, as are the indexes of hidden rows and columns. `numbers` are those of the rows where some are
    left out. `turned`: its rows are the sheet's columns, see `turning`.
    """

    name: str
    rows: list[list[Cell]] = field(repr=False)
    first_row: int = 0
    first_column: int = 0
    merged: tuple[Span, ...] | None = field(default=None, repr=False)
    hidden_rows: frozenset[int] | None = field(default=None, repr=False)
    hidden_columns: frozenset[int] | None = field(default=None, repr=False)
    numbers: Sequence[int] | None = field(default=None, repr=False)
    turned: bool = False

    @property
    def width(self) -> int:
        return len(self.rows[0]) if self.rows else 0

    def row_number(self, row_index: int) -> int:
        """The number beside the row in the sheet, from 1; of a turned grid the column's."""
        return self.first_row + row_index + 1 if self.numbers is None else self.numbers[row_index]

    def place(self, column_index: int) -> str:
        """What names a column: its letters; of a turned grid the number of the sheet's row."""
        return place_at(self.first_column + column_index, turned=self.turned)

    def address(self, row_index: int, column_index: int) -> str:
        """The cell's name in the sheet, such as `C12`."""
        return cell_at(self.place(column_index), self.row_number(row_index))


@dataclass(frozen=True, slots=True)
class Workbook:
    """An opened workbook, all its sheets read. A text table is a workbook of one sheet."""

    name: str
    grids: tuple[Grid, ...] = field(repr=False)
    sheets: tuple[SheetInfo, ...]

    def grid(self, sheet_name: str) -> Grid:
        """The named sheet; InvalidInput, naming those there are, when there is none."""
        for grid in self.grids:
            if grid.name == sheet_name:
                return grid
        names = ", ".join(f"“{sheet.name}”" for sheet in self.sheets)
        raise InvalidInput(f"There is no sheet “{sheet_name}”.", hint=f"It has {names}.", where=self.name)


def open_workbook(data: bytes, name: str, limits: Limits = DEFAULT) -> Workbook:
    """The workbook in `data`, sent under `name` (a file name, kept for messages and checked for its ending).

    InvalidInput, and nothing else, when it is no spreadsheet, empty, damaged, protected or too large.
    """
    if len(data) > limits.file_bytes:
        raise InvalidInput(
            f"The file has {len(data) / 1e6:,.1f} MB; we read up to {limits.file_bytes / 1e6:,.0f} MB.",
            hint="Send only the sheet and columns that matter.",
            where=name,
        )
    data = unpacked(data)
    kind = kind_of(data, name)
    grids: tuple[Grid, ...]
    if kind is Kind.TEXT:
        skipped, rows = read_text_table(data, name, limits)
        grids = (Grid(name.rpartition(".")[0] or name, rows, first_row=skipped),)
        hidden = [False]
    else:
        sheets = read_workbook(data, kind, name, limits)
        grids = tuple(
            Grid(s.name, s.rows, *s.start, s.merged, s.hidden_rows, s.hidden_columns) for s in sheets
        )
        hidden = [sheet.hidden for sheet in sheets]
    if not any(grid.rows for grid in grids):
        raise InvalidInput(
            "There is nothing in any sheet.", hint="Check that it is the right file.", where=name
        )
    infos = (SheetInfo(g.name, h, len(g.rows), g.width) for g, h in zip(grids, hidden, strict=True))
    return Workbook(name, grids, tuple(infos))
