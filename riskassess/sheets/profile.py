"""How full and how varied the columns of a sheet are: what tells a person that a column is what it seems."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from itertools import islice, zip_longest

from riskassess.sheets.header import Header
from riskassess.sheets.workbook import Grid


@dataclass(frozen=True, slots=True)
class ColumnProfile:
    """Of `rows` rows under the header, how many cells are filled, and how many different values they hold."""

    rows: int
    filled: int
    different: int

    @property
    def words(self) -> str:
        """`4,779 of 4,878 filled, 147 different`."""
        return f"{self.filled:,} of {self.rows:,} filled, {self.different:,} different"


def profiles(grid: Grid, header: Header) -> tuple[ColumnProfile, ...]:
    """One profile a column, left to right. Blank rows do not count; `1` and `"1"` are the same value."""
    width = len(header.names)
    rows = grid.rows[header.row_index + 1 :]
    columns = [Counter(column) for column in islice(zip_longest(*rows), width)]
    columns += [Counter()] * (width - len(columns))
    texts = [{cell: str(cell).strip() for cell in column if cell is not None} for column in columns]
    blanks = {None} | {cell for column in texts for cell, text in column.items() if not text}
    rows_in_use = sum(not blanks.issuperset(row) for row in rows)
    return tuple(
        ColumnProfile(
            rows=rows_in_use,
            filled=sum(count for cell, count in column.items() if cell not in blanks),
            different=len({*texts[at].values()} - {""}),
        )
        for at, column in enumerate(columns)
    )
