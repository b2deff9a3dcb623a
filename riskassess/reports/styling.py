"""How our sheets look, and the one way text enters a cell: as text, never as a formula."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from django.conf import settings
from django.utils.translation import gettext as _
from openpyxl.cell import Cell
from openpyxl.formatting.rule import DataBarRule
from openpyxl.styles import Alignment, Border, Font, PatternFill, Protection, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.properties import PageSetupProperties
from openpyxl.worksheet.worksheet import Worksheet

from riskassess.sheets.writing import PAPERS, put_text, row_height

BOLD = Font(name="Calibri", size=11, bold=True)
QUIET = Font(name="Calibri", size=11, color="FF4C545D")
INPUT = PatternFill("solid", start_color="FFFDF3D8")
FIXED = PatternFill("solid", start_color="FFE2E0DB")
_BAR = "FF8FA9B0"  # of conditional bars: dark enough for a grey printer, light enough for figures on it
OPEN = Protection(locked=False)
WRAP = Alignment(wrap_text=True, vertical="top")
LEFT, RIGHT, INDENTED = (
    Alignment(horizontal="left"),
    Alignment(horizontal="right"),
    Alignment(horizontal="left", indent=1),
)
_HEADER = Alignment(wrap_text=True, vertical="bottom")
_RULE = Border(bottom=Side(style="thin", color="FF171A1E"))


def put(sheet: Worksheet, cell: str, value: str | int | None, alignment: Alignment | None = None) -> None:
    """A value from the record into a cell. Text stays text, also where it starts like a formula."""
    target = sheet[cell]
    if isinstance(value, str):
        if value:
            put_text(target, value)
    else:
        target.value = value
    if alignment is not None:
        target.alignment = alignment


def header(sheet: Worksheet, titles: Sequence[str], row: int = 1) -> None:
    """The line of column titles, in the language in use."""
    for column, title in enumerate(titles, 1):
        cell = sheet.cell(row, column)
        assert isinstance(cell, Cell)  # noqa: S101 - titles stand in no merged cell
        put_text(cell, _(title) if title else "")
        cell.font, cell.alignment, cell.border = BOLD, _HEADER, _RULE


def open_to_change(sheet: Worksheet, cell: str) -> None:
    """A cell of the input area: yellow, and open on a protected sheet."""
    sheet[cell].fill = INPUT
    sheet[cell].protection = OPEN


def bars(sheet: Worksheet, cells: str) -> None:
    """Bars behind the numbers of a range, from zero to the greatest of them."""
    rule = DataBarRule("num", 0, "max", None, _BAR, minLength=0, maxLength=100)  # type: ignore[no-untyped-call]
    sheet.conditional_formatting.add(cells, rule)


def protected(sheet: Worksheet) -> None:
    """Formulas cannot be overwritten by a slip; widths, filters and sorting stay free. There is no password."""
    sheet.protection.sheet = True
    for free in ("formatColumns", "formatRows", "autoFilter", "sort"):
        setattr(sheet.protection, free, False)


def widths(sheet: Worksheet, by_column: Mapping[str, int]) -> None:
    for column, width in by_column.items():
        sheet.column_dimensions[column].width = width


def table(
    sheet: Worksheet,
    titles: Sequence[str],
    rows: Sequence[Sequence[str | int | None]],
    sizes: Sequence[int],
    *,
    printed: int = 0,
) -> None:
    """A whole sheet as one table: frozen titles, a filter, wrapped text, widths that fit.

    Of a table too wide for paper only the first `printed` columns print.
    """
    header(sheet, titles)
    for at, row in enumerate(rows, 2):
        for column, value in enumerate(row, 1):
            put(sheet, sheet.cell(at, column).coordinate, value, WRAP)
        sheet.row_dimensions[at].height = row_height(max(map(_lines, row, sizes)))
    letters = [get_column_letter(column) for column in range(1, len(titles) + 1)]
    widths(sheet, dict(zip(letters, sizes, strict=True)))
    sheet.freeze_panes = "B2"
    last = max(2, len(rows) + 1)
    sheet.auto_filter.ref = f"A1:{letters[-1]}{last}"
    printable(sheet, f"A1:{letters[(printed or len(titles)) - 1]}{last}")


def _lines(value: str | int | None, width: int) -> int:
    """How many lines a value takes in a column of that width: not measured on opening."""
    if not isinstance(value, str):
        return 1
    return sum(max(1, -(-len(line) // max(1, width - 1))) for line in value.split("\n"))


def printable(sheet: Worksheet, *areas: str) -> None:
    """Prints on our paper across, as wide as the page and as long as it takes, titles on every page.

    Each of `areas` starts a page of its own; without one all of the sheet prints.
    """
    sheet.page_setup.orientation = "landscape"
    sheet.page_setup.paperSize = PAPERS[settings.REPORT_PAPER]
    sheet.page_setup.fitToHeight = 0
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    sheet.print_title_rows = "1:1"
    sheet.print_area = list(areas) if areas else sheet.dimensions
    for part, text in ((sheet.oddFooter.left, "&A"), (sheet.oddFooter.right, f"&P {_('of')} &N")):  # type: ignore[union-attr]
        if part is not None:
            part.text = text
