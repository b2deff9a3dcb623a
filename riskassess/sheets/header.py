"""Where a sheet's column names are: below titles and notes, above the data, in one row or up to three."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from itertools import pairwise

from riskassess.kernel.errors import InvalidInput
from riskassess.sheets.aligned import is_aligned
from riskassess.sheets.delimited import division_of_lines
from riskassess.sheets.numbers import number_in
from riskassess.sheets.results import Cell, text_of, tidy
from riskassess.sheets.units import read_price_words
from riskassess.sheets.workbook import Grid

JOINT = " › "
"""Stands between the names of a merged header, the upper one first."""

_SEARCHED = 60  # rows: titles and notes take fewer
_LONGEST_NAME = 80  # characters: longer is a note, not a column's name
_LONGEST_ASKED = 400  # characters: forms ask for a column in a sentence
_AS_GOOD = 0.75  # a name in a sentence counts less than a short one
_MOST_ROWS = 3
_NUMBERS = "No."
_ANSWERS = frozenset(
    {"yes", "no", "n/a", "na", "not applicable", "partial", "partially", "partly", "planned"}
)
_LEAST_SERIES = 2  # columns that count on
_NUMBERED = re.compile(r"[A-Za-z]{0,5}[\s.-]?\d{1,4}(?:[.-]\d{1,3}){0,3}[a-z]?[.)]?")
_UNITS = frozenset({"token", "tokens", "k tokens", "ktokens", "usd", "eur", "date", "yyyy-mm-dd", "%", "percent", "b",
                    "text", "yes/no", "y/n", "number", "billions", "b params"})  # fmt: skip
# An amount of money; `$1M tokens` is what prices are per.
_AMOUNT = re.compile(r"[$€£¥￥]\s?\d+(?:[.,]\d+)?(?![\d.,]*\s*(?:[km]\b|mill|tok))", re.IGNORECASE)
_VALUE = re.compile(
    r"[$€£]?\s*[\d.,]+\s*[%kKmM]?|\d{4}-\d{2}(-\d{2})?|\d{1,4}[/.-]\d{1,2}[/.-]\d{1,4}(?:[ T]\d{1,2}:\d\d.*)?"
    r"|[cr]\d{4}|true|false|yes|no|https?://.*", re.I)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Header:
    """The column names of a grid, an entry for each column, empty where there is none.

    `row_index` is the lowest row of the header, `rows` are all of them, and `levels` has the names of each,
    group names carried over the columns they stand for. In `names` the levels are joined: `Price › Input`.
    """

    row_index: int
    names: tuple[str, ...]
    confidence: float
    rows: tuple[int, ...] = ()
    levels: tuple[tuple[str, ...], ...] = ()
    made: bool = False
    """Whether no row names the columns: the names are ours, `row_index` is above the first entry, `rows` are none."""


class Name(str):
    """A number, a month or a word for an answer that is a column's name, for what stands beside and over it."""

    __slots__ = ()


def find_header(grid: Grid) -> Header:
    """The row most like column names: as wide as the table, short distinct words, no values.

    The first of equally good rows wins, as names stand above data. InvalidInput when no row will do.
    """
    if divided := division_of_lines(
        [text_of(row[0]) for row in grid.rows[:_SEARCHED]] if grid.width == 1 else []
    ):
        raise InvalidInput(
            f"The whole table stands in one column, with {_called(divided)} where its columns end.",
            hint="Split it (in Excel: Data, Text to Columns), or send the text file it was pasted from.",
            where=grid.name,
        )
    if grid.width == 1 and 2 * sum(is_aligned(text_of(row[0])) for row in grid.rows[:_SEARCHED]) > len(
        grid.rows[:_SEARCHED]
    ):
        raise InvalidInput(
            "The columns of the table are set apart by blanks, and not in the same places of each line.",
            hint="Split it (in Excel: Data, Text to Columns, Fixed width), or send it as .csv or .xlsx.",
            where=grid.name,
        )
    rows = grid.rows[:_SEARCHED]
    width = max((_filled(row) for row in rows), default=0)
    scores = [_likeness(names_of_row(grid, index), width) for index, row in enumerate(rows)]
    if (
        len(grid.rows) <= _SEARCHED and width > 1
    ):  # nothing stands below the last row: it names no column of it
        last = max((index for index, row in enumerate(rows) if _filled(row)), default=0)
        scores[last:] = [0.0 if any(scores[:last]) else score for score in scores[last:]]
    best = max(scores, default=0.0)
    if best <= 0.25 or width == 0:
        raise InvalidInput(
            f"No row of the first {_SEARCHED} looks like column names.",
            hint="Put a name over every column, in one row.",
            where=grid.name,
        )
    good = [index for index, score in enumerate(scores) if score >= best * 0.95]
    at = next((index for index in good if not _stands_alone(rows, index)), good[0])
    return header_at(grid, at, confidence=round(scores[at], 2))


def _stands_alone(rows: list[list[Cell]], at: int) -> bool:
    """Whether a single row stands under these names and a blank one below it: what forms begin with, over the table."""
    under = rows[at + 1 : at + 3]
    return [bool(_filled(row)) for row in under] == [True, False]


def _called(delimiter: str) -> str:
    return {"\t": "tabs", ",": "commas", ";": "semicolons"}.get(delimiter, f"“{delimiter}”")


def header_at(grid: Grid, row_index: int, confidence: float = 1.0) -> Header:
    """The header when a person has said which row it is, with the rows that it groups or is grouped by."""
    said_units = row_index > 0 and _are_units(grid, row_index - 1)
    rows = [row_index - 1, row_index] if said_units else [row_index]
    while len(rows) < _MOST_ROWS and rows[-1] + 1 < len(grid.rows) and _groups(grid, rows[-1], surely=True):
        rows.append(rows[-1] + 1)
    while len(rows) < _MOST_ROWS and rows[0] > 0 and _groups(grid, rows[0] - 1, surely=False):
        rows.insert(0, rows[0] - 1)
    if not said_units and len(rows) < _MOST_ROWS and _are_units(grid, rows[-1]):
        rows.append(rows[-1] + 1)
    levels = [tuple(tidy(text_of(cell)) for cell in _one_line(grid.rows[row])) for row in rows]
    for above, row in reversed(list(enumerate(rows[:-1]))):
        levels[above] = _carried(grid, row, levels[above], levels[above + 1])
    names = tuple(JOINT.join(dict.fromkeys(filter(None, path))) for path in zip(*levels, strict=True))
    return Header(rows[-1], names, confidence, tuple(rows), tuple(levels))


def _groups(grid: Grid, upper: int, *, surely: bool) -> bool:
    """Whether the cells of a row are names of groups of columns, which the row below names one by one.

    They are where they are merged over some of those columns, or where each row is blank just where the other
    is filled. Less surely, where names stand over gaps: `Price, –, Limits, –` over four names.
    """
    above, below = grid.rows[upper], names_of_row(grid, upper + 1)
    if not all_names(above) or not all_names(below):
        return False
    named = [at for at, cell in enumerate(above) if cell is not None]
    if _has_merged_group(grid, upper, below):
        return True
    if len(named) < 2 or not any(cell is not None for cell in below):
        return False
    alone = [at for at in named if below[at] is None]
    spans = _spans(named, len(above))
    if alone:
        every = all(a is not None or b is not None for a, b in zip(above, below, strict=True))
        grouping = [at for at in named if at not in alone]
        return every and bool(grouping) and all(spans[at] > 1 for at in grouping)
    wide = [spans[at] > 1 and all(c is not None for c in below[at : at + spans[at]]) for at in named]
    return not surely and all(wide[:-1]) and _filled(below) > len(named)


def _are_units(grid: Grid, names: int) -> bool:
    """Whether the row below the names says what some of them are counted in: `tokens`, `$/1M tokens`, and no more."""
    if names + 1 >= len(grid.rows):
        return False
    row, above = grid.rows[names + 1], grid.rows[names]
    said = [cell for cell in row if cell is not None]
    if len(said) < _LEAST_SERIES or row[0] is not None or len(said) == len(row):
        return False
    return all(cell is None or (above[at] is not None and _is_unit(cell)) for at, cell in enumerate(row))


def _is_unit(cell: Cell) -> bool:
    text = tidy(text_of(cell)).strip("()[]").casefold()
    if text in _UNITS:
        return True
    words = read_price_words(text)
    return bool(words.unit or words.currency) and not re.search(
        r"\d[.,]\d|[a-z]{3}", words.rest.replace("input", "")
    )


def _has_merged_group(grid: Grid, row: int, below: list[Cell]) -> bool:
    filled = _filled(below)
    for top, left, bottom, right in grid.merged or ():
        if top == bottom == row and left < right:
            under = sum(1 for cell in below[left : right + 1] if cell is not None)
            if under >= 2 and (under < filled or _filled(grid.rows[row]) > 1):
                return True
    return False


def _spans(named: list[int], width: int) -> dict[int, int]:
    """Column of a name -> how many columns from it to the next name."""
    ends = [*named[1:], width]
    return {at: end - at for at, end in zip(named, ends, strict=True)}


def _carried(grid: Grid, row: int, names: tuple[str, ...], below: tuple[str, ...]) -> tuple[str, ...]:
    """Group names written over all their columns: as far as they are merged, else up to the next name."""
    ends = {left: right for top, left, _, right in grid.merged or () if top == row and right > left}
    carried = list(names)
    for at, name in enumerate(names):
        if not name:
            continue
        last = ends.get(at, at if ends else len(names) - 1)
        for further in range(at + 1, last + 1):
            if names[further] or not below[further] or not below[at]:
                break
            carried[further] = name
    return tuple(carried)


def all_names(row: list[Cell]) -> bool:
    """Whether every filled cell could be a column's name: short text, no value."""
    return all(cell is None or _is_name(cell) for cell in row)


def _one_line(row: list[Cell]) -> list[Cell]:
    return [cell.replace("\n", " ") if isinstance(cell, str) else cell for cell in row]


def names_of_row(grid: Grid, at: int) -> list[Cell]:
    """The row's cells; a `No` over numbers is the name of their column, anywhere else it is an answer."""
    row = _with_answers(grid, at, _with_series(grid, at))
    numbered = [
        column
        for column, cell in enumerate(row)
        if isinstance(cell, str) and tidy(cell).casefold() == "no" and _counts(grid, at, column)
    ]
    return [_NUMBERS if column in numbered else cell for column, cell in enumerate(row)] if numbered else row


def _with_series(grid: Grid, at: int) -> list[Cell]:
    """The row with the years, months or numbers that head its columns as their names.

    They do where names stand beside them, or nothing does over the names of the rows, and they count on: 1, 2, 3; the
    first of each month; 2022, 2024, 2025, for years may be left out.
    """
    row = grid.rows[at]
    corner = row[0] is None and at + 1 < len(grid.rows) and isinstance(grid.rows[at + 1][0], str)
    if row.count(None) > len(row) - _LEAST_SERIES or not (
        corner or any(isinstance(cell, str) and _is_name(cell) for cell in row)
    ):
        return row
    counted = {column: number for column, cell in enumerate(row) if (number := _counted(cell)) is not None}
    steps = {after - before for before, after in pairwise(counted.values())}
    first = next(iter(counted.values()), 0)
    starts = first in (0, 1) or 1990 <= first <= 2100 or first > 12 * 1990
    goes_on = steps == {1} or (steps == {-1} and first > 1)
    years = all(1990 <= number <= 2100 for number in counted.values())
    goes_on = goes_on or (years and (min(steps, default=0) > 0 or max(steps, default=0) < 0))
    if len(counted) < _LEAST_SERIES or not starts or not goes_on:
        return row
    if any(cell is not None and column not in counted and not (isinstance(cell, str) and _is_name(cell))
           for column, cell in enumerate(row)):  # fmt: skip
        return row
    return [Name(text_of(cell)) if column in counted else cell for column, cell in enumerate(row)]


def _with_answers(grid: Grid, at: int, row: list[Cell]) -> list[Cell]:
    """The row with `Yes`, `No` and `N/A` as names, where they part a column of answers and nothing else is in it."""
    filled = [column for column, cell in enumerate(row) if cell is not None]
    words = {tidy(text_of(row[column])).casefold() for column in filled}
    if at == 0 or not {"yes", "no"} <= words or not words <= _ANSWERS:
        return row
    above = grid.rows[at - 1]
    first = next((column for column, cell in enumerate(above) if cell is not None), filled[0])
    if first >= filled[0] or above[filled[0]] is None or not any(above[column] is None for column in filled):
        return row
    return [cell if cell is None else Name(text_of(cell)) for cell in row]


def _counted(cell: Cell) -> int | None:
    """The whole number that a cell holds; of a date the first of a month, the months since year 0."""
    if isinstance(cell, date):
        return cell.year * 12 + cell.month if cell.day == 1 else None
    if isinstance(cell, bool) or cell is None:
        return None
    text = text_of(cell).strip()
    return int(text) if text.isdecimal() and len(text) <= 4 else None


def _counts(grid: Grid, at: int, column: int) -> bool:
    """Whether what is filled below in the column is numbers as people number rows: 1, 1.2, Q-7, A1."""
    below = (row[column] for row in grid.rows[at + 1 : at + 1 + _SEARCHED] if column < len(row))
    filled = [tidy(text_of(cell)) for cell in below if cell is not None and tidy(text_of(cell))]
    return bool(filled) and 2 * sum(bool(_NUMBERED.fullmatch(text)) for text in filled) > len(filled)


def _filled(row: list[Cell]) -> int:
    return sum(1 for cell in row if cell is not None)


def _likeness(row: list[Cell], width: int) -> float:
    """0 to 1: the share of the table's width that holds distinct names, less with values among them."""
    filled = [cell for cell in row if cell is not None]
    if not filled or not width:
        return 0.0
    names = {tidy(cell).casefold() for cell in filled if isinstance(cell, str) and _is_name(cell)}
    asked = {tidy(cell).casefold() for cell in filled if isinstance(cell, str) and _asks(cell)}
    named = len(names) + (_AS_GOOD * len(asked) if len(names) > 1 else 0)
    return (named / len(filled)) ** 2 * (len(filled) / width)


def _asks(cell: str) -> bool:
    """Whether a text is too long for a name and short enough for a form to ask for a column's values by it."""
    return _LONGEST_NAME < len(tidy(cell)) <= _LONGEST_ASKED


def _is_name(cell: Cell) -> bool:
    if not isinstance(cell, str) or isinstance(cell, date):
        return False
    text = tidy(cell)
    if isinstance(cell, Name):
        return True
    if not 0 < len(text) <= _LONGEST_NAME or _VALUE.fullmatch(text) or _AMOUNT.search(text):
        return False
    return number_in(text) is None
