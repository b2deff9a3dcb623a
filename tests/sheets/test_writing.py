"""What we write stays text, whatever it looks like."""

from __future__ import annotations

import csv
import io
from datetime import date
from decimal import Decimal

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from riskassess.reports.styling import table
from riskassess.sheets.workbook import open_workbook
from riskassess.sheets.writing import (
    ListColumn,
    ListSheet,
    clean_text,
    looks_like_formula,
    plain_text,
    put_text,
    safe_text,
    write_list_xlsx,
    write_lists_xlsx,
)

NASTY = ["=1+1", "+1", "-2", "@SUM(A1)", "\t=1", "\r=1", "=HYPERLINK(\"http://x\")", "'=1"]  # fmt: skip


@given(st.text())
def test_safe_text_can_be_taken_back(text: str):
    assert plain_text(safe_text(text)) == text
    assert not looks_like_formula(safe_text(text))


@given(st.text(st.sampled_from("'=+-@\t\r\na"), max_size=6))
def test_safe_text_can_be_taken_back_among_quotes_and_signs(text: str):
    test_safe_text_can_be_taken_back.hypothesis.inner_test(text)  # type: ignore[attr-defined]


def test_safe_text_survives_a_csv_file():
    buffer = io.StringIO(newline="")
    csv.writer(buffer).writerows([[safe_text(text)] for text in NASTY])
    back = [plain_text(row[0]) for row in csv.reader(io.StringIO(buffer.getvalue(), newline=""))]
    assert back == NASTY


@pytest.mark.parametrize("text", NASTY)
def test_text_in_an_openpyxl_cell_is_no_formula(text: str):
    book = openpyxl.Workbook()
    put_text(book.active["A1"], text)
    buffer = io.BytesIO()
    book.save(buffer)
    cell = openpyxl.load_workbook(io.BytesIO(buffer.getvalue())).active["A1"]
    assert cell.data_type == "s"
    assert cell.quotePrefix is looks_like_formula(text)


def test_a_list_keeps_every_value_and_runs_nothing():
    rows = [
        ["=1+1", Decimal("2.50"), date(2026, 11, 24), True, None],
        ["http://a.example", 0, None, False, "bell\x07"],
    ]
    columns = [ListColumn(title) for title in ("Text", "Price", "Date", "Flag", "Note")]
    data = write_list_xlsx("Models: [all]", columns, rows, note="from a test")
    grid = open_workbook(data, "out.xlsx").grids[0]
    assert grid.name == "Models   all"
    assert grid.rows == [
        ["Text", "Price", "Date", "Flag", "Note"],
        ["=1+1", 2.5, date(2026, 11, 24), True, None],
        ["http://a.example", 0, None, False, "bell"],
    ]
    sheet = openpyxl.load_workbook(io.BytesIO(data)).active
    assert sheet.freeze_panes == "A2"
    assert sheet.auto_filter.ref == "A1:E3"
    assert sheet["A2"].data_type == "s"
    assert sheet["A2"].quotePrefix
    assert sheet["A3"].hyperlink is None


def test_no_row_is_higher_than_a_spreadsheet_lets_it_be():
    """Excel calls a workbook with a row above 409 points damaged."""
    columns = [ListColumn("Text " * 200, 10)]
    sheet = ListSheet("list", columns, [("a\n" * 100,), ("b",)], wrapped=True)
    ours = openpyxl.load_workbook(io.BytesIO(write_lists_xlsx("list", [sheet]))).worksheets[0]
    theirs = openpyxl.Workbook().worksheets[0]
    table(theirs, ["Text"], [("a\n" * 100,), ("b",)], [10])
    # Written in whole pixels, of three quarters of a point.
    assert [ours.row_dimensions[row].height for row in (1, 2)] == [408.75, 408.75]
    assert [theirs.row_dimensions[row].height for row in (2, 3)] == [409, 15]


def test_text_longer_than_a_cell_is_cut_and_shows_it():
    assert clean_text("x" * 40_000) == "x" * 32_766 + "…"


@given(st.text(max_size=50), st.text(max_size=40))
def test_any_text_and_title_can_be_written_and_read(text: str, title: str):
    data = write_list_xlsx(title, [ListColumn("Text")], [[text]])
    assert open_workbook(data, "out.xlsx").grids[0].rows[0] == ["Text"]
