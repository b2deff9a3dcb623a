"""Workbooks and text tables that we hand out: whatever text is in them stays text."""

from __future__ import annotations

import io
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:  # what writes a workbook is loaded with the first one; a process is there sooner
    import xlsxwriter
    from openpyxl.cell import Cell as StyledCell

Value = str | int | float | Decimal | bool | date | datetime | None

_FORMULA_STARTS = frozenset("=+-@\t\r\n＝＋－＠")
_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
PAPERS = {"A4": 9, "Letter": 1}  # as spreadsheets number papers
_LINE = 15  # points; what a row of one line takes
_HIGHEST = 409  # points: Excel calls a workbook damaged that has a higher row
_BAR = {"type": "data_bar", "bar_color": "#8fa9b0", "min_type": "num", "min_value": 0, "bar_solid": True}
_LONGEST = 32_767  # characters in a cell, by Excel's limit


@dataclass(frozen=True, slots=True)
class ListColumn:
    """A column of a list to write. `number_format` is Excel's, such as `#,##0.00`."""

    title: str
    width: int = 18
    number_format: str = ""
    bar: Literal["", "greatest", "hundred"] = ""
    """Whether its numbers are drawn as bars too, from zero to the greatest of them, or to a hundred."""


@dataclass(frozen=True, slots=True)
class ListSheet:
    """One sheet of a workbook of lists; `wrapped` lets long text take several lines.

    Of a list too wide for paper only the first `printed` columns print.
    """

    title: str
    columns: Sequence[ListColumn]
    rows: Iterable[Sequence[Value]]
    wrapped: bool = False
    printed: int = 0


def clean_text(text: str) -> str:
    """`text` without the characters XML forbids, and no longer than a cell may be."""
    clean = _FORBIDDEN.sub("", text)
    return clean if len(clean) <= _LONGEST else clean[: _LONGEST - 1] + "…"


def looks_like_formula(text: str) -> bool:
    """Whether a spreadsheet program might run `text` instead of showing it."""
    return text[:1] in _FORMULA_STARTS if text else False


def safe_text(text: str) -> str:
    """`text` as it may stand in a .csv: behind a single quote where it looks like a formula.

    Text that already has such quotes gets one more, so that `plain_text` always gives the original back.
    """
    return f"'{text}" if looks_like_formula(text.lstrip("'")) else text


def plain_text(text: str) -> str:
    """The text that `safe_text` was given."""
    return text[1:] if text.startswith("'") and looks_like_formula(text.lstrip("'")) else text


def put_text(cell: StyledCell, text: str) -> None:
    """Write `text` into an openpyxl cell as text, also when somebody edits the cell later."""
    cell.value = clean_text(text)
    cell.data_type = "s"
    if looks_like_formula(text):
        cell.quotePrefix = True


def write_list_xlsx(
    title: str,
    columns: Sequence[ListColumn],
    rows: Iterable[Sequence[Value]],
    *,
    note: str = "",
    paper: str = "A4",
) -> bytes:
    """An .xlsx of one sheet: a frozen header with filters over `rows`, written with little memory."""
    return write_lists_xlsx(title, [ListSheet(title, columns, rows)], note=note, paper=paper)


def write_lists_xlsx(
    title: str,
    sheets: Iterable[ListSheet],
    *,
    note: str = "",
    created: datetime | None = None,
    paper: str = "A4",
) -> bytes:
    """An .xlsx of one sheet a list, each with a frozen header and filters, ready to print across on `paper`.

    Decimals are written as numbers, dates as dates, text always as text. `note` becomes the document's
    comment (provenance, date). With the moment of `created` given, the same lists are the same bytes.
    """
    import xlsxwriter

    buffer = io.BytesIO()
    options = {
        "constant_memory": True,
        "strings_to_urls": False,  # past 65,530 links a sheet, xlsxwriter drops the cell
        "strings_to_formulas": False,
        "strings_to_numbers": False,
        "nan_inf_to_errors": True,
    }
    with xlsxwriter.Workbook(buffer, options) as book:
        book.set_properties(
            {"title": clean_text(title), "comments": clean_text(note)}
            | ({"created": created} if created else {})
        )
        for one in sheets:
            _write_sheet(book, book.add_worksheet(_sheet_name(one.title)), one, PAPERS[paper])
    return buffer.getvalue()


def _sheet_name(title: str) -> str:
    """`title` as Excel allows it for a sheet: 31 characters, none of `[]:*?/\\`, no quote at its ends."""
    name = re.sub(r"[\[\]:*?/\\\t\r\n]", " ", clean_text(title))
    # Excel counts as UTF-16 does: a rare character is two. Half of one, cut off, is dropped.
    name = name.encode("utf-16-le")[: 2 * 31].decode("utf-16-le", "ignore").strip("' ")
    return "Sheet1" if not name or name.casefold() == "history" else name


def _write_sheet(
    book: xlsxwriter.Workbook,
    sheet: xlsxwriter.worksheet.Worksheet,
    one: ListSheet,
    paper: int,
) -> None:
    columns = one.columns
    heading = book.add_format({"bold": True, "text_wrap": True, "valign": "top", "bottom": 1})
    look: dict[str, object] = {"text_wrap": True, "valign": "top"} if one.wrapped else {}
    plain = book.add_format(look) if look else None
    quoted = book.add_format(look | {"quote_prefix": True})
    dated = book.add_format(look | {"num_format": "yyyy-mm-dd"})
    formats = [
        book.add_format(look | {"num_format": c.number_format}) if c.number_format else plain for c in columns
    ]
    sheet.set_row(0, row_height(_lines([column.title for column in columns], columns)))
    for at, column in enumerate(columns):
        sheet.set_column(at, at, column.width)
        sheet.write_string(0, at, clean_text(column.title), heading)
    sheet.freeze_panes(1, 0)
    last = 0
    for last, row in enumerate(one.rows, 1):
        if one.wrapped:
            sheet.set_row(last, row_height(_lines(row, columns)))
        for at, value in enumerate(row):
            _write_cell(sheet, last, at, value, formats[at], quoted, dated, plain)
    for at, column in enumerate(columns):
        if column.bar and last:
            top = {"max_type": "num", "max_value": 100} if column.bar == "hundred" else {}
            sheet.conditional_format(1, at, last, at, _BAR | top)
    sheet.set_landscape()
    sheet.set_paper(paper)
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(0)
    if one.printed:
        sheet.print_area(0, 0, last, one.printed - 1)
    if columns:
        sheet.autofilter(0, 0, last, len(columns) - 1)


def row_height(lines: int) -> int:
    """The height in points of a row with so many lines of text, as high as a row may be."""
    return min(_HIGHEST, _LINE * max(1, lines))


def _lines(row: Sequence[Value], columns: Sequence[ListColumn]) -> int:
    """How many lines the longest text of a row takes: heights are not measured on opening."""
    texts = [
        (value, column.width) for value, column in zip(row, columns, strict=False) if isinstance(value, str)
    ]
    return max(
        (
            sum(max(1, -(-len(line) // max(1, width - 1))) for line in text.split("\n"))
            for text, width in texts
        ),
        default=1,
    )


def _write_cell(
    sheet: xlsxwriter.worksheet.Worksheet,
    row: int,
    column: int,
    value: Value,
    number: xlsxwriter.format.Format | None,
    quoted: xlsxwriter.format.Format,
    dated: xlsxwriter.format.Format,
    plain: xlsxwriter.format.Format | None,
) -> None:
    if value is None:
        return
    if isinstance(value, str):
        sheet.write_string(row, column, clean_text(value), quoted if looks_like_formula(value) else plain)
    elif isinstance(value, bool):
        sheet.write_boolean(row, column, value, plain)
    elif isinstance(value, date):
        sheet.write_datetime(row, column, value, dated if number is plain else number)
    else:
        sheet.write_number(row, column, value, number)
