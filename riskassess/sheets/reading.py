"""A grid and its mapping to rows of stated values, each problem with its cell. Works column by column."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

from riskassess.kernel.stated import UNKNOWN, Stated, Unknown
from riskassess.sheets.cells import ReleaseStage, StatedDate
from riskassess.sheets.columns import ColumnKind, MappedColumn, parse_cell
from riskassess.sheets.dates import is_day_first
from riskassess.sheets.header import Header
from riskassess.sheets.marks import is_ticked
from riskassess.sheets.prices import Price
from riskassess.sheets.results import Cell, Parsed, Problem, Result, quoted, text_of
from riskassess.sheets.workbook import Grid

__all__ = [
    "CellNote",
    "CellProblem",
    "Price",
    "Reading",
    "ReleaseStage",
    "RowReading",
    "StatedDate",
    "read_rows",
]

T = TypeVar("T")
AMBIGUOUS = frozenset({ColumnKind.DATE, ColumnKind.BOOL})  # kinds whose columns have a `Manner`
_NAMED = {
    ColumnKind.TOKENS: "number of tokens", ColumnKind.TOKEN_PAIR: "number of tokens", ColumnKind.PRICE: "price",
    ColumnKind.PRICE_PAIR: "price", ColumnKind.DATE: "date",
}  # fmt: skip
_SENTENCE = 6  # judgement: words of a sentence that tells more of a day than when it is
_TEMPLATE_CELLS = 2  # sentences in typed cells that make a row a template: one may be a slip
TEMPLATE_HINT = "The row looks like a template or an explanation, not an entry; leave it out."


@dataclass(frozen=True, slots=True)
class CellProblem:
    """What is wrong with one cell, and what to write instead. `field` is the field's name."""

    cell: str
    field: str
    what: str
    hint: str


@dataclass(frozen=True, slots=True)
class CellNote:
    """How a cell was read where it could have been read otherwise."""

    cell: str
    field: str
    note: str


@dataclass(frozen=True, slots=True)
class RowReading:
    """One data row. `number` is the one beside it in the sheet; dictionaries have every mapped field's name.

    A field with a problem is in `problems` and in `raw`, and not in `values`.
    """

    number: int
    raw: Mapping[str, str]
    values: Mapping[str, Stated[object]]
    problems: tuple[CellProblem, ...] = ()
    notes: tuple[CellNote, ...] = ()
    is_template: bool = False

    @property
    def is_valid(self) -> bool:
        return not self.problems


@dataclass(frozen=True, slots=True)
class Reading:
    """All data rows below a header. `blank_rows` were skipped and are counted only."""

    rows: tuple[RowReading, ...]
    blank_rows: int


def read_rows(grid: Grid, header: Header, mapping: Sequence[MappedColumn]) -> Reading:
    """Every row below the header that is not wholly blank, its mapped columns parsed.

    A blank cell of a required field is a problem. Where a field is mapped twice, the later column wins.
    """
    first = header.row_index + 1
    indexes = [at for at in range(first, len(grid.rows)) if any(cell is not None for cell in grid.rows[at])]
    used = [mapped for mapped in mapping if mapped.field.kind is not ColumnKind.IGNORE]
    columns = [
        read_column([grid.rows[at][mapped.column_index] for at in indexes], mapped, _with_text)
        for mapped in used
    ]
    cells = zip(*columns, strict=True) if columns else ((),) * len(indexes)
    rows = tuple(_row(grid, at, used, row) for at, row in zip(indexes, cells, strict=True))
    return Reading(rows, blank_rows=len(grid.rows) - first - len(indexes))


@dataclass(frozen=True, slots=True)
class Manner:
    """How a column writes what could be read in two ways: only all its cells together show it."""

    day_first: bool = False
    dash_is_no: bool = False


def manner_of(cells: Iterable[Cell], mapped: MappedColumn) -> Manner:
    """The manner of a column with these cells."""
    kind = mapped.field.kind
    return Manner(
        day_first=kind is ColumnKind.DATE and is_day_first([*set(cells)]),
        dash_is_no=kind is ColumnKind.BOOL and is_ticked([*set(cells)]),
    )


def read_column(
    cells: list[Cell],
    mapped: MappedColumn,
    made: Callable[[Result[object], str], T],
    manner: Manner | None = None,
) -> list[T]:
    """What `made` makes of each cell's answer and text, a blank cell of a required field being a problem.

    Each distinct value is parsed, and its answer turned into something else, once: columns of catalogs repeat
    themselves. `manner` is that of the whole column where these are some of its cells.
    """
    manner = manner or manner_of(cells, mapped)
    # 1, 1.0 and True are equal, not the same: where a column mixes them, the type is part of the key.
    mixed = len(set(map(type, cells)) & {int, float, bool}) > 1
    keys: Sequence[object] = [(type(cell), cell) for cell in cells] if mixed else cells
    distinct = dict(zip(keys, cells, strict=True))
    known: dict[object, T] = {}
    for key, cell in distinct.items():
        read = parse_cell(cell, mapped, day_first=manner.day_first, dash_is_no=manner.dash_is_no)
        known[key] = made(_required(_worded(read, cell, mapped), mapped), text_of(cell))
    return list(map(known.__getitem__, keys))


def looks_like_template(problems: Iterable[tuple[ColumnKind, Problem]]) -> bool:
    """Whether a row with these problems explains the columns rather than filling them."""
    return sum(problem.prose and kind in _NAMED for kind, problem in problems) >= _TEMPLATE_CELLS


def _with_text(answer: Result[object], text: str) -> tuple[Result[object], str]:
    return answer, text


def _worded(result: Result[object], cell: Cell, mapped: MappedColumn) -> Result[object]:
    """A word or two where an amount or a day belongs (`Self-hosted`, `not out yet`) say that there is none.

    Sentences stay problems, as they are in rows that explain the columns, and so does what holds a digit; but a
    sentence about a day that is not fixed is one that schedules hold.
    """
    kind = mapped.field.kind
    said = _NAMED.get(kind, "")
    if not said or not isinstance(result, Problem) or not isinstance(cell, str):
        return result
    if result.prose:
        told = (
            kind is ColumnKind.DATE
            and len(cell.split()) >= _SENTENCE
            and any(char.isdigit() for char in cell)
        )
        return Parsed(UNKNOWN, f"{quoted(cell)} names no one day; read as not stated") if told else result
    if any(char.isdigit() for char in cell):
        return result
    return Parsed(UNKNOWN, f"{quoted(cell)} names no {said}; read as not stated")


def _required(result: Result[object], mapped: MappedColumn) -> Result[object]:
    field = mapped.field
    if field.required and isinstance(result, Parsed) and isinstance(result.stated, Unknown):
        return Problem(f"{field.label} is missing.", f"Fill in the {field.label.lower()}: a row needs one.")
    return result


def _row(
    grid: Grid, at: int, columns: Sequence[MappedColumn], cells: Sequence[tuple[Result[object], str]]
) -> RowReading:
    raw: dict[str, str] = {}
    values: dict[str, Stated[object]] = {}
    problems: list[tuple[MappedColumn, Problem]] = []
    notes: list[CellNote] = []
    for mapped, (result, text) in zip(columns, cells, strict=True):
        raw[mapped.field.name] = text
        if isinstance(result, Problem):
            problems.append((mapped, result))
        else:
            values[mapped.field.name] = result.stated
            if result.note:
                notes.append(CellNote(grid.address(at, mapped.column_index), mapped.field.name, result.note))
    is_template = looks_like_template((m.field.kind, p) for m, p in problems)
    found = tuple(
        CellProblem(
            grid.address(at, mapped.column_index),
            mapped.field.name,
            problem.what,
            TEMPLATE_HINT if is_template and problem.prose else problem.hint,
        )
        for mapped, problem in problems
    )
    return RowReading(grid.row_number(at), raw, values, found, tuple(notes), is_template)
