"""A grid and its mapping to rows of stated values, each problem with its cell. Works column by column."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from riskassess.kernel.stated import Stated, Unknown
from riskassess.sheets.cells import ReleaseStage, StatedDate
from riskassess.sheets.columns import ColumnKind, MappedColumn, parse_cell
from riskassess.sheets.dates import is_day_first
from riskassess.sheets.header import Header
from riskassess.sheets.marks import is_ticked
from riskassess.sheets.prices import Price
from riskassess.sheets.results import Cell, Parsed, Problem, Result, text_of
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

_TYPED = frozenset({ColumnKind.TOKENS, ColumnKind.TOKEN_PAIR, ColumnKind.PRICE, ColumnKind.DATE})
_TEMPLATE_CELLS = 2  # sentences in typed cells that make a row a template: one may be a slip
_TEMPLATE_HINT = "The row looks like a template or an explanation, not an entry; leave it out."


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


@dataclass(frozen=True, slots=True)
class _Column:
    """A column read whole: answers and raw texts, one for each data row."""

    mapped: MappedColumn
    results: list[Result[object]]
    raw: list[str]


def read_rows(grid: Grid, header: Header, mapping: Sequence[MappedColumn]) -> Reading:
    """Every row below the header that is not wholly blank, its mapped columns parsed.

    A blank cell of a required field is a problem. Where a field is mapped twice, the later column wins.
    """
    first = header.row_index + 1
    indexes = [at for at in range(first, len(grid.rows)) if any(cell is not None for cell in grid.rows[at])]
    used = [mapped for mapped in mapping if mapped.field.kind is not ColumnKind.IGNORE]
    columns = [
        _read_column([grid.rows[at][mapped.column_index] for at in indexes], mapped) for mapped in used
    ]
    names = [column.mapped.field.name for column in columns]
    raws = zip(*(column.raw for column in columns), strict=True) if columns else ((),) * len(indexes)
    results = zip(*(column.results for column in columns), strict=True) if columns else ((),) * len(indexes)
    rows = tuple(
        _row(grid, at, columns, dict(zip(names, raw, strict=True)), row)
        for at, raw, row in zip(indexes, raws, results, strict=True)
    )
    return Reading(rows, blank_rows=len(grid.rows) - first - len(indexes))


def _read_column(cells: list[Cell], mapped: MappedColumn) -> _Column:
    """Each distinct value is parsed once: columns of catalogs repeat themselves."""
    day_first = mapped.field.kind is ColumnKind.DATE and is_day_first(cells)
    dash_is_no = mapped.field.kind is ColumnKind.BOOL and is_ticked(cells)
    known: dict[object, Result[object]] = {}
    results: list[Result[object]] = []
    for cell in cells:
        key = cell if type(cell) is str else (type(cell), cell)  # 1, 1.0 and True are equal, not the same
        result = known.get(key)
        if result is None:
            read = parse_cell(cell, mapped, day_first=day_first, dash_is_no=dash_is_no)
            result = known[key] = _required(read, mapped)
        results.append(result)
    return _Column(mapped, results, [cell if type(cell) is str else text_of(cell) for cell in cells])


def _required(result: Result[object], mapped: MappedColumn) -> Result[object]:
    field = mapped.field
    if field.required and isinstance(result, Parsed) and isinstance(result.stated, Unknown):
        return Problem(f"{field.label} is missing.", f"Fill in the {field.label.lower()}: a row needs one.")
    return result


def _row(
    grid: Grid, at: int, columns: list[_Column], raw: dict[str, str], results: Sequence[Result[object]]
) -> RowReading:
    values: dict[str, Stated[object]] = {}
    problems: list[tuple[MappedColumn, Problem]] = []
    notes: list[CellNote] = []
    for column, result in zip(columns, results, strict=True):
        mapped = column.mapped
        if isinstance(result, Problem):
            problems.append((mapped, result))
        else:
            values[mapped.field.name] = result.stated
            if result.note:
                notes.append(CellNote(grid.address(at, mapped.column_index), mapped.field.name, result.note))
    is_template = sum(p.prose and m.field.kind in _TYPED for m, p in problems) >= _TEMPLATE_CELLS
    found = tuple(
        CellProblem(
            grid.address(at, mapped.column_index),
            mapped.field.name,
            problem.what,
            _TEMPLATE_HINT if is_template and problem.prose else problem.hint,
        )
        for mapped, problem in problems
    )
    return RowReading(grid.row_number(at), raw, values, found, tuple(notes), is_template)
