"""Another table above the one that is read: its rows say which column names they stand under. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from riskassess.sheets.header import all_names
from riskassess.sheets.results import text_of
from riskassess.sheets.workbook import Grid

_FEWEST = 3  # judgement: filled cells of a row of a table; two are a word and what it stands for, as in a letter's head
_DIGITS = re.compile(r"\d+")
_ROWS = 2  # judgement: of the other table, below its names


def tables_above(grid: Grid, above: Sequence[int]) -> Iterator[tuple[int, int]]:
    """Rows of other tables among those above the column names, each with the row of its own table's names.

    A table is a row of names with rows as wide right below it.
    """
    names, taken = -1, -1
    for index in above:
        if names >= 0 and index == taken + 1 and _filled(grid, index) >= _FEWEST - 1:
            taken = index
            yield index, names
        elif _begins(grid, index):
            names = taken = index
            yield index, index
        else:
            names = -1


def _begins(grid: Grid, index: int) -> bool:
    below = range(index + 1, index + 1 + _ROWS)
    return (
        _filled(grid, index) >= _FEWEST
        and all_names(grid.rows[index])
        and not _counts_on(grid, index)
        and all(at < len(grid.rows) and _filled(grid, at) >= _FEWEST - 1 for at in below)
    )


def _counts_on(grid: Grid, index: int) -> bool:
    """Whether the row and the one below begin with numbers of one kind, `GNRL-01` and `GNRL-02`: both are entries."""
    first, second = (
        next((text_of(c) for c in grid.rows[at] if c is not None), "") for at in (index, index + 1)
    )
    return bool(_DIGITS.search(first)) and _DIGITS.sub("#", first) == _DIGITS.sub("#", second)


def _filled(grid: Grid, index: int) -> int:
    row = grid.rows[index]
    return len(row) - row.count(None)
