"""What a sheet says beyond its values: cells in error, formulas never calculated, what is hidden or merged."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from riskassess.kernel.stated import Known
from riskassess.sheets.cells import Parsed, Problem
from riskassess.sheets.columns import ColumnKind, Field, MappedColumn, parse_cell
from riskassess.sheets.results import CellError, text_of
from riskassess.sheets.workbook import Grid, open_workbook
from tests.sheets.xlsb import xlsb

FILES = Path(__file__).parent / "files"

OFFICE = "urn:oasis:names:tc:opendocument:xmlns"


def saved(book: openpyxl.Workbook) -> Grid:
    buffer = io.BytesIO()
    book.save(buffer)
    return open_workbook(buffer.getvalue(), "a.xlsx").grids[0]


def workbook() -> tuple[openpyxl.Workbook, Any]:
    book = openpyxl.Workbook()
    return book, book.active


def test_a_cell_in_error_is_no_blank():
    book, sheet = workbook()
    sheet.append(["Model", "Price"])
    sheet["A2"], sheet["B2"] = "a", "#REF!"
    cell = saved(book).rows[1][1]
    assert cell == CellError("#REF!", "The cell is in error: #REF!.")
    assert text_of(cell) == "#REF!"


def test_the_same_word_typed_as_text_is_text():
    book, sheet = workbook()
    sheet.append(["Model", "Price"])
    sheet["A2"], sheet["B2"] = "a", "#N/A"
    sheet["B2"].data_type = "s"
    assert saved(book).rows[1][1] == "#N/A"


def test_a_formula_saved_without_its_value_is_told():
    book, sheet = workbook()
    sheet.append(["Model", "Price"])
    sheet.append(["a", "=1+1"])
    cell = saved(book).rows[1][1]
    assert isinstance(cell, CellError)
    assert "without its value" in cell.what


def test_a_formula_whose_result_is_an_empty_text_is_a_blank():
    book, sheet = workbook()
    sheet.append(["Model", "Price"])
    sheet.append(["a", '=IF(1,"","x")'])
    buffer = io.BytesIO()
    book.save(buffer)
    old, answer = zipfile.ZipFile(buffer), io.BytesIO()
    with zipfile.ZipFile(answer, "w") as new:
        for name in old.namelist():
            part = old.read(name)
            new.writestr(name, part.replace(b'<c r="B2">', b'<c r="B2" t="str">'))
    assert open_workbook(answer.getvalue(), "a.xlsx").grids[0].rows[1] == ["a", None]


@pytest.mark.parametrize("kind", list(ColumnKind))
def test_a_cell_in_error_states_nothing_whatever_its_column_holds(kind: ColumnKind):
    read = parse_cell(
        CellError("#N/A", "The cell is in error: #N/A."), MappedColumn(0, Field("f", "F", kind))
    )
    assert isinstance(read, Problem)
    assert "#N/A" in read.what
    typed = parse_cell("7", MappedColumn(0, Field("f", "F")))
    assert isinstance(typed, Parsed)
    assert typed.stated == Known("7")


def test_hidden_rows_and_columns_are_read_and_known():
    book, sheet = workbook()
    for row in (["x"] * 4, ["y"] * 4, ["z"] * 4):
        sheet.append(row)
    sheet.row_dimensions[2].hidden = True
    sheet.column_dimensions["C"].hidden = True
    grid = saved(book)
    assert (grid.hidden_rows, grid.hidden_columns) == ({1}, {2})
    assert grid.rows[1][2] == "y"


def test_places_count_from_where_the_table_begins():
    book, sheet = workbook()
    sheet["C5"], sheet["D5"], sheet["C6"] = "a", "b", "c"
    sheet["D6"] = "#DIV/0!"
    sheet.row_dimensions[6].hidden = True
    sheet.column_dimensions["D"].hidden = True
    sheet.merge_cells("C7:D7")
    sheet["C7"] = "m"
    grid = saved(book)
    assert (grid.hidden_rows, grid.hidden_columns) == ({1}, {1})
    assert grid.merged == ((2, 0, 2, 1),)
    assert isinstance(grid.rows[1][1], CellError)


def test_a_text_table_cannot_tell_what_is_hidden():
    grid = open_workbook(b"a,b\n1,2\n", "a.csv").grids[0]
    assert (grid.merged, grid.hidden_rows, grid.hidden_columns) == (None, None, None)


def ods(rows: str, columns: str = "") -> bytes:
    """A workbook of OpenDocument with one sheet."""
    content = (
        f'<office:document-content xmlns:office="{OFFICE}:office:1.0" xmlns:table="{OFFICE}:table:1.0" '
        f'xmlns:text="{OFFICE}:text:1.0" xmlns:calcext="urn:calcext:1.0">'
        f'<office:body><office:spreadsheet><table:table table:name="One">{columns}{rows}</table:table>'
        "</office:spreadsheet></office:body></office:document-content>"
    )
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr("META-INF/manifest.xml", "<manifest/>")
        archive.writestr("content.xml", content)
    return buffer.getvalue()


def cell(text: str, more: str = "") -> str:
    kind = 'office:value-type="string" calcext:value-type="string"'
    return f"<table:table-cell {kind} {more}><text:p>{text}</text:p></table:table-cell>"


def test_an_opendocument_sheet_tells_as_much():
    columns = '<table:table-column table:number-columns-repeated="2"/><table:table-column table:visibility="collapse"/>'
    failed = (
        '<table:table-cell office:value-type="string" office:string-value="" calcext:value-type="error">'
        "<text:p>#REF!</text:p></table:table-cell>"
    )
    wide = cell("wide", 'table:number-columns-spanned="3"')
    rows = (
        f"<table:table-row>{wide}"
        '<table:covered-table-cell table:number-columns-repeated="2"/></table:table-row>'
        f'<table:table-row table:visibility="collapse">{cell("a") + cell("b") + failed}</table:table-row>'
    )
    grid = open_workbook(ods(rows, columns), "a.ods").grids[0]
    assert grid.rows[0][0] == "wide"
    assert grid.rows[1][2] == CellError("#REF!", "The cell is in error: #REF!.")
    assert (grid.hidden_rows, grid.hidden_columns) == ({1}, {2})
    assert grid.merged == ((0, 0, 0, 2),)


def test_an_opendocument_formula_without_its_value_is_told():
    row = f'<table:table-row>{cell("a")}<table:table-cell table:formula="of:=1+1"/>{cell("b")}</table:table-row>'
    (unsaved,) = [c for c in open_workbook(ods(row), "a.ods").grids[0].rows[0] if isinstance(c, CellError)]
    assert "without its value" in unsaved.what


def test_an_old_xls_tells_as_much():
    hand, hidden = open_workbook((FILES / "made_by_hand.xls").read_bytes(), "a.xls").grids
    assert hand.rows[2] == ["swift", 2.5, "2027-01-01"]
    assert hand.rows[3][1] == CellError("#DIV/0!", "The cell is in error: #DIV/0!.")
    assert (hand.hidden_rows, hand.hidden_columns, hand.merged) == ({4}, {2}, ((0, 0, 0, 2),))
    assert hidden.rows == [["x"]]


def test_an_xlsb_tells_as_much():
    rows = [["Model", "Price", "Note"], ["a", 2.5, "x"], ["b", None, "y"]]
    data = xlsb(rows, hidden_row=2, hidden_column=2, merged=(0, 0, 1, 2))
    grid = open_workbook(data, "a.xlsb").grid("Models")
    assert grid.rows[1:] == [["a", 2.5, "x"], ["b", CellError("#REF!", "The cell is in error: #REF!."), "y"]]
    assert (grid.hidden_rows, grid.hidden_columns, grid.merged) == ({2}, {2}, ((0, 1, 0, 2),))
