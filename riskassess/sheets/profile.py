"""How full and how varied the columns of a sheet are: what tells a person that a column is what it seems."""

from __future__ import annotations

from dataclasses import dataclass

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
    import pandas as pd  # half a second to import: only whoever uploads a sheet pays for it

    width = len(header.names)
    rows = [[*row, *[None] * (width - len(row))] for row in grid.rows[header.row_index + 1 :]]
    frame = pd.DataFrame(rows, columns=range(width), dtype=object)
    texts = [{value: str(value).strip() for value in frame[at].dropna().unique()} for at in range(width)]
    blanks = [value for column in texts for value, text in column.items() if not text]
    if blanks:
        frame = frame.mask(frame.isin(blanks))
    is_filled = frame.notna()
    rows_in_use, filled = int(is_filled.any(axis=1).sum()), is_filled.sum()
    return tuple(
        ColumnProfile(
            rows=rows_in_use,
            filled=int(filled[at]),
            different=len({text for text in texts[at].values() if text}),
        )
        for at in range(width)
    )
