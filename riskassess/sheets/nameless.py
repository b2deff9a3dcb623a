"""Lists without column names: their first row is an entry. Told by its likeness to the rows below; pure.

A name is unlike what stands under it. Where the first row's cells are the same kinds of things as those below, or
come again among them, and none is a name of a column we know, the columns are named by what they hold.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from datetime import date
from itertools import islice
from typing import TypeVar

from riskassess.kernel.errors import InvalidInput
from riskassess.sheets.content import LOOKS
from riskassess.sheets.header import Header, Name, find_header, names_of_row
from riskassess.sheets.likeness import likeness
from riskassess.sheets.numbers import number_in
from riskassess.sheets.results import Cell, text_of, tidy
from riskassess.sheets.vocabulary import CATALOG_FIELDS
from riskassess.sheets.workbook import Grid

_LOOKED_AT = 60  # judgement: filled cells below the first row
_WIDE = 0.6  # judgement: of the table's width, for a row to be an entry
_FEWEST = 3  # filled cells below that show what a column holds
_SHARE = 0.8  # judgement: of the cells below must be alike
_ENOUGH = 2  # judgement: columns in which the first row is like the rows below
_SURELY = 0.9  # judgement: likeness to the name of a field
_DISTINCT = 0.6  # judgement: of the cells of a column of models differ
_LONGEST_MODEL = 60  # characters
_NUMBER, _DATE, _TEXT = "Numbers", "Date", "Text"
_MODEL = re.compile(r"(?=.*[^\W\d_])(?=.*\d)[\w.:/+() -]+")
_T = TypeVar("_T")


def header_of(grid: Grid) -> Header:
    """The column names as `find_header` finds them, or made ones over a list that has none.

    InvalidInput when no row will do and the first one is no entry.
    """
    try:
        found = find_header(grid)
    except InvalidInput:
        first = _first_wide(grid)
        if first is None or not _is_entry(grid, first):
            raise
        return made_header(grid)
    first = _first_wide(grid)
    if first is None and _is_one_of_them(grid, found):
        return made_header(grid)
    if first is None or found.rows[0] < first:
        return found
    at = next((at for at in dict.fromkeys((first, found.row_index)) if _is_entry(grid, at)), None)
    return found if at is None or len(found.rows) > 1 else made_header(grid)


def _is_one_of_them(grid: Grid, found: Header) -> bool:
    """Whether the first cell of a list of one column is what those below it are: `openai/gpt-oss-20b` over others."""
    if found.row_index != 0:
        return False
    at = next((at for at, cell in enumerate(grid.rows[0]) if cell is not None), 0)
    cell, below = grid.rows[0][at], _column(grid, at, 1)
    kinds = _kinds_of([cell]) & _kinds_of(below) if len(below) >= _FEWEST else set()
    return bool(kinds) and not _names_a_field(cell)


def made_header(grid: Grid) -> Header:
    """Names by what the columns hold, above the first row that is as wide as the table."""
    first = _first_wide(grid) or 0
    names: list[str] = []
    for at in range(grid.width):
        name = _name_of(_column(grid, at, first))
        often = sum(other.rstrip(" 0123456789") == name for other in names) if name else 0
        names.append(f"{name} {often + 1}" if often else name)
    if names.count("Question") == names.count(_TEXT) == 1 and "Text 2" not in names:
        names[names.index(_TEXT)] = "Answer"
    return Header(first - 1, tuple(names), 0.5, made=True)


def _first_wide(grid: Grid) -> int | None:
    width = max((len(row) - row.count(None) for row in islice(grid.rows, _LOOKED_AT)), default=0)
    wide = (at for at, row in enumerate(grid.rows) if len(row) - row.count(None) >= max(2, _WIDE * width))
    return next(wide, None)


def _column(grid: Grid, at: int, first: int) -> list[Cell]:
    cells = (row[at] for row in islice(grid.rows, first, None) if row[at] is not None)
    return list(islice(cells, _LOOKED_AT))


def _is_entry(grid: Grid, at: int) -> bool:
    """Whether a row is like those below it in enough columns, unlike them in none, and names no field."""
    row = names_of_row(grid, at)
    below = {
        column: cells
        for column, cell in enumerate(row)
        if cell is not None and len(cells := _column(grid, column, at + 1)) >= _FEWEST
    }
    if any(_kind(row[column]) == _TEXT and _mostly(cells, _is_no_text) for column, cells in below.items()):
        return False  # a name over numbers: so it is of nearly all lists
    if any(map(_names_a_field, row)) or _repeats(grid, at):
        return False
    alike = again = 0
    for column, cells in below.items():
        cell = row[column]
        kinds = _kinds_of(cells)
        if kinds:
            if not _kinds_of([cell]) & kinds:
                return False
            alike += _ENOUGH if _is_asked(cell) and "Question" in kinds else 1
        elif not isinstance(cell, Name) and _text(cell) in set(map(_text, cells)):
            again += 1
    return alike + again >= _ENOUGH and (alike > 0 or again >= len(below) - 1)


def _is_asked(cell: Cell) -> bool:
    """Whether the cell is a question with its mark: over other questions it asks for an answer, not for a column."""
    return isinstance(cell, str) and tidy(cell).endswith(("?", "？"))


def _repeats(grid: Grid, at: int) -> bool:
    """Whether the row comes again whole, as column names do over each section."""
    row = grid.rows[at]
    return any(other == row for other in islice(grid.rows, at + 1, at + 1 + _LOOKED_AT * 5))


def names_fields(row: Sequence[Cell]) -> bool:
    """Whether several cells of a row are names of columns that lists of models have."""
    return sum(map(_names_a_field, row)) >= _ENOUGH


def _names_a_field(cell: Cell) -> bool:
    return isinstance(cell, str) and any(likeness(tidy(cell), field) >= _SURELY for field in CATALOG_FIELDS)


# --- what a column holds ----------------------------------------------------------------------------------


def _text(cell: Cell) -> str:
    return tidy(text_of(cell)).casefold()


def _kind(cell: Cell) -> str:
    if isinstance(cell, date):
        return _DATE
    if isinstance(cell, bool | Name):
        return _TEXT
    if isinstance(cell, int | float):
        return _NUMBER
    return _NUMBER if number_in(tidy(text_of(cell))) is not None else _TEXT


def _is_no_text(cell: Cell) -> bool:
    return _kind(cell) != _TEXT


def _kinds_of(cells: Sequence[Cell]) -> set[str]:
    """What nearly all of the cells are, by the names such columns get; nothing where they are texts of any kind."""
    kinds = [_kind(cell) for cell in cells]
    for kind in (_NUMBER, _DATE):
        if _mostly(kinds, kind.__eq__):
            return {kind}
    texts = [tidy(text_of(cell)) for cell in cells]
    return {name for name, fits in LOOKS.items() if _mostly(texts, fits)}


def _mostly(cells: Sequence[_T], fits: Callable[[_T], bool]) -> bool:
    """Whether `_SHARE` of the cells fit; most have shown long before their end that they do not."""
    misses = (cell for cell in cells if not fits(cell))
    allowed = int(len(cells) * (1 - _SHARE))
    return bool(cells) and next(islice(misses, allowed, None), None) is None


def _name_of(cells: Sequence[Cell]) -> str:
    """What a column is called that holds such cells; '' for one that holds nothing."""
    if not cells:
        return ""
    kinds = _kinds_of(cells)
    if kinds:
        return next(name for name in (_NUMBER, _DATE, *LOOKS) if name in kinds)
    texts = [tidy(text_of(cell)) for cell in cells]
    names = sum(len(text) <= _LONGEST_MODEL and bool(_MODEL.fullmatch(text)) for text in texts)
    is_model = 2 * names > len(texts) and len(set(texts)) >= _DISTINCT * len(texts)
    return "Model" if is_model else _TEXT
