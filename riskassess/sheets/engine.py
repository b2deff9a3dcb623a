"""The one place that calls the parser of Excel and OpenDocument files, and turns its failures into ours."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date, datetime
from itertools import islice

import python_calamine as calamine

from riskassess.kernel.errors import InvalidInput
from riskassess.sheets import binary, ooxml, opendocument
from riskassess.sheets.extras import Extras, Span
from riskassess.sheets.kinds import Kind, damaged, protected, too_costly
from riskassess.sheets.limits import Limits
from riskassess.sheets.results import Cell, CellError
from riskassess.sheets.webpage import page_tables
from riskassess.sheets.xml2003 import xml_sheets

_PLAIN = frozenset({str, float, int, bool, date, datetime})
_AT_ONCE = 2_000  # rows

Errors = dict[int, CellError]
"""A row's cells in error by their columns."""

_NO_ERRORS: Errors = {}


@dataclass(frozen=True, slots=True)
class RawSheet:
    """A sheet as parsed: `start` is the first used cell (row and column from 0), `rows` go on from there.

    What is merged or hidden counts from `start` too; None where the format cannot tell.
    """

    name: str
    hidden: bool
    start: tuple[int, int]
    rows: list[list[Cell]]
    merged: tuple[Span, ...] | None = None
    hidden_rows: frozenset[int] | None = None
    hidden_columns: frozenset[int] | None = None


Piece = RawSheet | list[list[Cell]]
"""A sheet without its rows, or some rows of the one before."""


def read_sheets(data: bytes, kind: Kind, name: str, limits: Limits) -> list[RawSheet]:
    """Every worksheet's used range, in order. As `sheets_in_pieces`."""
    return put_together(sheets_in_pieces(data, kind, name, limits))


def put_together(pieces: Iterable[Piece]) -> list[RawSheet]:
    """The sheets of these pieces."""
    sheets: list[RawSheet] = []
    for piece in pieces:
        if isinstance(piece, RawSheet):
            sheets.append(piece)
        else:
            sheets[-1].rows.extend(piece)
    return sheets


def sheets_in_pieces(data: bytes, kind: Kind, name: str, limits: Limits) -> Iterator[Piece]:
    """Every worksheet's used range, in order: each sheet, then its rows, some at a time, so that only the parser
    holds them all. Chart and macro sheets are left out.

    Formulas give the value they had when saved; one that failed, or that an .xlsx has no value of, is a
    `CellError`. InvalidInput when the file is damaged, protected or too large. May take as much memory as its
    cells claim: see `safety`.
    """
    if kind in (Kind.HTML, Kind.XML):
        yield from _marked_up(data, kind, name, limits)
        return
    if kind is Kind.XLS and binary.is_protected_xls(data):
        raise protected(name)
    with _failures_explained(name), calamine.CalamineWorkbook.from_filelike(io.BytesIO(data)) as book:
        wanted = [m for m in book.sheets_metadata if m.typ == calamine.SheetTypeEnum.WorkSheet]
        if len(wanted) > limits.sheets:
            raise too_large(name, f"{len(wanted):,} sheets", f"{limits.sheets:,}")
        told = _extras(data, kind, limits)
        cells = 0
        for meta in wanted:
            sheet = book.get_sheet_by_name(meta.name)
            where = f"{name} › {meta.name}"
            cells += check_size(sheet.height, sheet.width, where, limits, before=cells)
            hidden = meta.visible != calamine.SheetVisibleEnum.Visible
            start = sheet.start or (0, 0)
            found = RawSheet(meta.name, hidden, start, [], _merged(sheet, kind, start))
            rows = islice(sheet.iter_rows(), start[0], None)
            yield from _in_pieces(found, rows, sheet.height, told.get(meta.name))


def _in_pieces(
    found: RawSheet, rows: Iterable[Sequence[object]], height: int, told: Extras | None
) -> Iterator[Piece]:
    """A sheet so many rows high, with what the parser does not tell, and its rows."""
    yield _with_extras(found, told, height) if told else found
    errors = _by_row(told.errors, found.start) if told else {}
    numbered = enumerate(rows)
    while some := list(islice(numbered, _AT_ONCE)):
        yield _plain(some, errors)


def _marked_up(data: bytes, kind: Kind, name: str, limits: Limits) -> Iterator[Piece]:
    """The sheets of a workbook that is one text: a web page's tables, or XML."""
    if kind is Kind.XML:
        texts = xml_sheets(data, name, limits)
    elif not (texts := page_tables(data, name, limits)):
        raise InvalidInput(
            "The file is a web page, and no table on it has anything in its cells.",
            hint="Save the list as an Excel workbook (.xlsx) or as .csv and send that.",
            where=name,
        )
    if len(texts) > limits.sheets:
        raise too_large(name, f"{len(texts):,} sheets", f"{limits.sheets:,}")
    names: list[str] = []
    cells = 0
    for text in texts:
        top, left, bottom, right = text.used()
        high, wide = bottom + 1 - top, right + 1 - left
        cells += check_size(high, wide, f"{name} › {text.name}", limits, before=cells)
        empty: dict[int, Cell] = {}
        rows = (text.rows.get(at, empty) for at in range(top, bottom + 1))
        plain = ([row.get(across, "") for across in range(left, right + 1)] for row in rows)
        names.append(f"{text.name} ({len(names) + 1})" if text.name in names else text.name)
        yield from _in_pieces(RawSheet(names[-1], text.hidden, (top, left), []), plain, high, text.extras)


def _extras(data: bytes, kind: Kind, limits: Limits) -> dict[str, Extras]:
    if kind is Kind.XLSX:
        return ooxml.extras(zipfile.ZipFile(io.BytesIO(data)), limits)
    if kind is Kind.ODS:
        return opendocument.extras(zipfile.ZipFile(io.BytesIO(data)), limits)
    if kind is Kind.XLSB:
        return binary.xlsb_extras(zipfile.ZipFile(io.BytesIO(data)), limits)
    return binary.xls_extras(data, limits)


def _with_extras(sheet: RawSheet, told: Extras, height: int) -> RawSheet:
    """The sheet, so many rows high, with what is hidden or merged."""
    top, left = sheet.start
    merged = sheet.merged if sheet.merged is not None else _shifted(told.merged, sheet.start)
    return replace(
        sheet,
        merged=merged,
        hidden_rows=frozenset(row - top for row in told.hidden_rows if 0 <= row - top < height),
        hidden_columns=frozenset(at - left for at in told.hidden_columns if at >= left),
    )


def _by_row(errors: Mapping[tuple[int, int], CellError], start: tuple[int, int]) -> dict[int, Errors]:
    """Cells in error by their rows, counted from the first used cell."""
    found: dict[int, Errors] = {}
    for (row, column), error in errors.items():
        found.setdefault(row - start[0], {})[column - start[1]] = error
    return found


def _shifted(spans: Iterable[Span], start: tuple[int, int]) -> tuple[Span, ...]:
    top, left = start
    return tuple((a - top, b - left, c - top, d - left) for a, b, c, d in spans if c >= top and d >= left)


def _merged(sheet: calamine.CalamineSheet, kind: Kind, start: tuple[int, int]) -> tuple[Span, ...] | None:
    """Merged ranges; None where the parser tells of none as it does not look."""
    ranges = sheet.merged_cell_ranges
    if not ranges and kind in (Kind.XLSB, Kind.ODS):
        return None
    return _shifted(((*first, *last) for first, last in ranges or ()), start)


def check_size(rows: int, columns: int, where: str, limits: Limits, before: int = 0) -> int:
    """The number of cells, after `before` others; InvalidInput when rows, columns or cells are too many."""
    if rows > limits.rows:
        raise too_large(where, f"{rows:,} rows", f"{limits.rows:,}")
    if columns > limits.columns:
        raise too_large(where, f"{columns:,} columns", f"{limits.columns:,}")
    if before + rows * columns > limits.cells:
        raise too_large(where, f"{before + rows * columns:,} cells", f"{limits.cells:,}")
    return rows * columns


def too_large(where: str, found: str, allowed: str) -> InvalidInput:
    """The refusal of a sheet past one of the limits."""
    return InvalidInput(
        f"There are {found}; we read up to {allowed}.",
        hint="Delete what is not needed (formatting far from the table, too), or send it in parts.",
        where=where,
    )


class _Shared(dict[str, "str | None"]):
    """Text -> the same text once for all its cells; None for nothing but spaces, which looks blank."""

    def __missing__(self, text: str) -> str | None:
        found = self[text] = None if not text or text.isspace() else text
        return found


def _plain(rows: Iterable[tuple[int, Sequence[object]]], errors: Mapping[int, Errors]) -> list[list[Cell]]:
    """The rows with blanks as None and times of day and durations, which no field of ours holds, as text.

    Cells that hold the same text share it: catalogs repeat themselves. Those in error, which the parser has as
    blanks, say so.
    """
    shared = _Shared()
    plain: list[list[Cell]] = []
    for at, row in rows:
        cells: list[Cell] = [
            shared[v] if type(v) is str else v if type(v) in _PLAIN else str(v)  # type: ignore[misc]
            for v in row
        ]
        for across, error in errors.get(at, _NO_ERRORS).items():
            if 0 <= across < len(cells) and cells[across] is None:
                cells[across] = error
        plain.append(cells)
    return plain


@contextmanager
def _failures_explained(name: str) -> Iterator[None]:
    try:
        yield
    except InvalidInput:
        raise
    except calamine.PasswordError as error:
        raise protected(name) from error
    except MemoryError as error:
        raise too_costly(name) from error
    except Exception as error:  # whatever a parser of damaged files may raise, the file is what is wrong
        raise damaged(name) from error
    except BaseException as error:
        # A panic of the parser's Rust code, which is no Exception and whose class cannot be imported.
        if type(error).__name__ != "PanicException":
            raise
        raise damaged(name) from error
