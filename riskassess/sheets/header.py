"""Where a sheet's header row is: below titles and notes, above the data."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

from riskassess.kernel.errors import InvalidInput
from riskassess.sheets.numbers import number_in
from riskassess.sheets.results import Cell, text_of, tidy
from riskassess.sheets.workbook import Grid

_SEARCHED = 60  # rows: titles and notes take fewer
_LONGEST_NAME = 80  # characters: longer is a note, not a column's name
_VALUE = re.compile(r"[$€£]?\s*[\d.,]+\s*[%kKmM]?|\d{4}-\d{2}(-\d{2})?|true|false|yes|no|https?://.*", re.I)


@dataclass(frozen=True, slots=True)
class Header:
    """The header row of a grid. `names` has one entry for each column, empty where the cell is blank."""

    row_index: int
    names: tuple[str, ...]
    confidence: float


def find_header(grid: Grid) -> Header:
    """The row most like column names: as wide as the table, short distinct words, no values.

    The first of equally good rows wins, as names stand above data. InvalidInput when no row will do.
    """
    rows = grid.rows[:_SEARCHED]
    width = max((_filled(row) for row in rows), default=0)
    scores = [_likeness(row, width) for row in rows]
    best = max(scores, default=0.0)
    if best <= 0.25 or width == 0:
        raise InvalidInput(
            f"No row of the first {_SEARCHED} looks like column names.",
            hint="Put a name over every column, in one row.",
            where=grid.name,
        )
    at = next(index for index, score in enumerate(scores) if score >= best * 0.95)
    return header_at(grid, at, confidence=round(scores[at], 2))


def header_at(grid: Grid, row_index: int, confidence: float = 1.0) -> Header:
    """The header when a person has said which row it is."""
    return Header(
        row_index, tuple(tidy(text_of(cell)) for cell in _one_line(grid.rows[row_index])), confidence
    )


def _one_line(row: list[Cell]) -> list[Cell]:
    return [cell.replace("\n", " ") if isinstance(cell, str) else cell for cell in row]


def _filled(row: list[Cell]) -> int:
    return sum(1 for cell in row if cell is not None)


def _likeness(row: list[Cell], width: int) -> float:
    """0 to 1: the share of the table's width that holds distinct names, less with values among them."""
    filled = [cell for cell in row if cell is not None]
    names = {tidy(cell).casefold() for cell in filled if isinstance(cell, str) and _is_name(cell)}
    if not filled or not width:
        return 0.0
    return (len(names) / len(filled)) ** 2 * (len(filled) / width)


def _is_name(cell: Cell) -> bool:
    if not isinstance(cell, str) or isinstance(cell, date):
        return False
    text = tidy(cell)
    return 0 < len(text) <= _LONGEST_NAME and not _VALUE.fullmatch(text) and number_in(text) is None
