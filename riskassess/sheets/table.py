"""A sheet understood: its column names, and what every row is that is not blank.

Nothing is dropped. A row that is no data says what it is and why, and a heading over rows becomes a value of
theirs: a virtual column, named by `§` and its level, whose cells are the headings' own.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace

from riskassess.kernel.errors import InvalidInput
from riskassess.sheets.blocks import named_once, said_above
from riskassess.sheets.header import Header, find_header, header_at
from riskassess.sheets.makers import company_of_list
from riskassess.sheets.nameless import header_of, made_header
from riskassess.sheets.results import text_of, tidy
from riskassess.sheets.roles import RowRole, TableRow, rows_of
from riskassess.sheets.sections import Heading, look_like_vendors
from riskassess.sheets.turning import is_remark, names_down, turned, with_groups
from riskassess.sheets.workbook import Grid

__all__ = [
    "NO_ROW", "SHEET_LETTERS", "TITLE_LETTERS", "Heading", "RowRole", "Table", "TableRow", "VirtualColumn",
    "is_virtual", "understand",
]  # fmt: skip

MARK = "§"
"""What the letters of virtual columns begin with: no column of a sheet is called so."""
NO_ROW = 0
"""The number of the row with the column names where no row has any."""
TITLE_LETTERS, SHEET_LETTERS = f"{MARK}title", f"{MARK}sheet"
_SAMPLES = 3


@dataclass(frozen=True, slots=True)
class VirtualColumn:
    """Values that stand over the rows: the headings of one level, the title, or the sheet's name."""

    letters: str
    name: str
    samples: tuple[str, ...]
    vendors: bool = False
    """Whether its values look like the names of vendors: a few words each, different from section to section; or the
    one company that a title or the sheet's name says the list is of."""


@dataclass(frozen=True, slots=True)
class Table:
    """A grid with its column names and all rows that are not blank, from top to bottom."""

    grid: Grid = field(repr=False)
    header: Header
    rows: tuple[TableRow, ...] = field(repr=False)
    headings: tuple[Heading, ...] = field(default=(), repr=False)
    title: Heading | None = None

    @property
    def data(self) -> Iterator[TableRow]:
        """The rows that state entries."""
        return (row for row in self.rows if row.role is RowRole.DATA)

    @property
    def header_row(self) -> int:
        """The number of the row with the column names, from 1; 0 where no row has any."""
        return NO_ROW if self.header.made else self.grid.row_number(self.header.row_index)

    @property
    def counts(self) -> Counter[RowRole]:
        """How many rows are what; they sum to all rows that are not blank."""
        return Counter(row.role for row in self.rows)

    @property
    def body(self) -> Grid:
        """The rows of data alone, without what is written around them."""
        data = list(self.data)
        rows = [self.grid.rows[row.row_index] for row in data]
        return replace(self.grid, rows=rows, merged=None, numbers=[row.number for row in data])

    @property
    def body_header(self) -> Header:
        """The column names over the body: of a grid whose first row is data."""
        return replace(self.header, row_index=-1, rows=())

    @property
    def letters(self) -> list[str]:
        """What names each column: the sheet's own letters, then those of the virtual columns."""
        own = [self.grid.place(at) for at in range(self.grid.width)]
        return own + [column.letters for column in self.virtual]

    @property
    def virtual(self) -> tuple[VirtualColumn, ...]:
        """One column a level of headings, outermost first, then the title's, where there is one, and the sheet's."""
        levels = sorted({heading.level for heading in self.headings})
        columns = []
        for level in levels:
            values = [heading.value for heading in self.headings if heading.level == level]
            name = "Section heading" if len(levels) == 1 else f"Section heading, level {level}"
            columns.append(_column(f"{MARK}{level}", name, values, vendors=look_like_vendors(values)))
        if self.title is not None:
            of_one = bool(company_of_list(self.title.text))
            columns.append(_column(TITLE_LETTERS, "Title of the table", [self.title.value], vendors=of_one))
        sheet = self.sheet_name
        columns.append(
            _column(SHEET_LETTERS, "Name of the sheet", [sheet.value], vendors=sheet.value != sheet.text)
        )
        return tuple(columns)

    @property
    def sheet_name(self) -> Heading:
        """The sheet's name over its rows. A text table's is that of its file, which says nothing."""
        name = self.grid.name
        company = company_of_list(name) if self.grid.merged is not None else ""
        return Heading(name, company or name, "", -1, 0)

    @property
    def covered(self) -> dict[int, dict[int, int]]:
        """Row index -> column index -> the row of the cell that holds for it too, among rows of data.

        One is merged down over the rows below it. Or the first column names each block of rows once, at its
        beginning, as a merged cell comes out in formats without merges. Or a ditto mark stands for it.
        """
        found: dict[int, dict[int, int]] = {}
        for top, left, bottom, _ in self.grid.merged or ():
            if top > self.header.row_index and bottom > top and left >= 0:
                for row in range(top + 1, min(bottom + 1, len(self.grid.rows))):
                    if self.grid.rows[row][left] is None:
                        found.setdefault(row, {})[left] = top
        for row, tops in said_above(self.grid, self.rows).items():
            found.setdefault(row, {}).update(tops)
        for row, tops in named_once(self.grid, self.header, self.rows).items():
            for at, top in tops.items():
                found.setdefault(row, {}).setdefault(at, top)
        return found

    def over(self, row: TableRow) -> dict[str, Heading]:
        """The values of the virtual columns in a row: letters -> heading, which knows its text and its cell."""
        found = {f"{MARK}{heading.level}": heading for heading in row.above}
        if self.title is not None:
            found[TITLE_LETTERS] = self.title
        found[SHEET_LETTERS] = self.sheet_name
        return found


def is_virtual(letters: str) -> bool:
    """Whether a column's values stand over the rows instead of in them."""
    return letters.startswith(MARK)


def _column(letters: str, name: str, values: list[str], *, vendors: bool = False) -> VirtualColumn:
    return VirtualColumn(letters, name, tuple(dict.fromkeys(values))[:_SAMPLES], vendors)


def understand(
    grid: Grid, header_row: int | None = None, roles: Mapping[int, RowRole] | None = None
) -> Table:
    """The table in a sheet. InvalidInput when no row looks like column names.

    `header_row` is the number of the row with the column names, 0 where there is none and names are made, and `roles`
    are what single rows are, by their numbers: a person's word on them. Numbers are those beside the rows in the sheet.
    """
    said = {number - 1 - grid.first_row: role for number, role in (roles or {}).items()}
    if grid.turned:
        return _understand_turned(grid, header_row, said)
    if header_row == NO_ROW:
        header = made_header(grid)
    else:
        header = header_of(grid) if header_row is None else header_at(grid, _index(grid, header_row))
    rows, headings = rows_of(grid, header, said)
    return Table(grid, header, rows, tuple(headings), _title(grid, rows))


def _understand_turned(grid: Grid, header_row: int | None, said: Mapping[int, RowRole]) -> Table:
    """The table in a sheet that was turned: the names are down the column that holds those of fields.

    `header_row` is that column's number.
    """
    upright = turned(grid)
    at = names_down(upright) if header_row is None else _index(grid, header_row)
    plain = find_header(grid) if at is None else header_at(grid, at)
    header, title = with_groups(grid, plain)
    rows, headings = rows_of(grid, header, said)
    rows = tuple(
        row._replace(role=RowRole.NOTE, why="says something of the rows, it is nothing that is compared")
        if row.role is RowRole.DATA
        and row.row_index not in said
        and is_remark(grid.rows[row.row_index], header)
        else row
        for row in rows
    )
    over = None
    if title:
        index, place = plain.rows[-1], plain.names.index(title)
        over = Heading(title, company_of_list(title) or title, grid.address(index, place), index, 0)
    return Table(grid, header, rows, tuple(headings), over or _title(grid, rows))


def _index(grid: Grid, header_row: int) -> int:
    at = header_row - 1 - grid.first_row
    if not 0 <= at < len(grid.rows):
        raise InvalidInput(
            f"Row {header_row} is not in the sheet's used rows.",
            hint=f"Choose a row from {grid.row_number(0)} to {grid.row_number(len(grid.rows) - 1)}.",
            where="header_row",
        )
    return at


def _title(grid: Grid, rows: tuple[TableRow, ...]) -> Heading | None:
    for row in rows:
        if row.role is RowRole.TITLE:
            cells = grid.rows[row.row_index]
            at = next(at for at, cell in enumerate(cells) if cell is not None)
            text = text_of(cells[at])
            return Heading(
                text, company_of_list(text) or tidy(text), grid.address(row.row_index, at), row.row_index, 0
            )
    return None
