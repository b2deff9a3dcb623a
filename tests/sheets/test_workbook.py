"""Workbooks to grids, and every refusal a file that cannot be used gets."""

from __future__ import annotations

import io
import zipfile
from datetime import date
from pathlib import Path

import openpyxl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from riskassess.kernel.errors import InvalidInput
from riskassess.sheets.limits import Limits
from riskassess.sheets.safety import is_harmless
from riskassess.sheets.workbook import Workbook, column_letters, open_workbook

FILES = Path(__file__).parent / "files"


def xlsx(cells: dict[str, object], **sheets: dict[str, object]) -> bytes:
    book = openpyxl.Workbook()
    assert book.active is not None
    for address, value in cells.items():
        book.active[address] = value
    for title, more in sheets.items():
        sheet = book.create_sheet(title)
        for address, value in more.items():
            sheet[address] = value
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def with_part(data: bytes, part: str, content: bytes) -> bytes:
    """The archive with one of its parts replaced."""
    old, buffer = zipfile.ZipFile(io.BytesIO(data)), io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as new:
        for entry in old.infolist():
            new.writestr(entry.filename, content if entry.filename == part else old.read(entry))
    return buffer.getvalue()


def refusal(data: bytes, name: str, limits: Limits = Limits()) -> InvalidInput:  # noqa: B008
    with pytest.raises(InvalidInput) as caught:
        open_workbook(data, name, limits)
    assert caught.value.hint
    assert caught.value.where
    return caught.value


def test_addresses_are_the_sheets_own_when_the_table_starts_elsewhere():
    grid = open_workbook(xlsx({"C5": "model", "D5": "price", "D7": 2.5}), "a.xlsx").grid("Sheet")
    assert grid.address(0, 0) == "C5"
    assert grid.address(2, 1) == "D7"
    assert grid.row_number(2) == 7
    assert grid.rows[2] == [None, 2.5]


def test_values_stay_what_they_are():
    data = xlsx({"A1": "007", "B1": 32000, "C1": True, "D1": date(2024, 4, 1), "E1": 2e-06})
    (row,) = open_workbook(data, "a.xlsx").grid("Sheet").rows
    assert row == ["007", 32000, True, date(2024, 4, 1), 2e-06]


def test_hidden_sheets_are_told():
    book = openpyxl.load_workbook(io.BytesIO(xlsx({"A1": "x"}, Notes={"A1": "y", "B2": "z"})))
    book["Notes"].sheet_state = "hidden"
    buffer = io.BytesIO()
    book.save(buffer)
    sheets = open_workbook(buffer.getvalue(), "a.xlsx").sheets
    assert [(s.name, s.hidden, s.rows, s.columns) for s in sheets] == [
        ("Sheet", False, 1, 1),
        ("Notes", True, 2, 2),
    ]


def test_an_unknown_sheet_is_answered_with_those_there_are():
    with pytest.raises(InvalidInput, match=r"no sheet “Prices”.*“Sheet”"):
        open_workbook(xlsx({"A1": "x"}), "a.xlsx").grid("Prices")


@pytest.mark.parametrize(("column", "letters"), [(0, "A"), (25, "Z"), (26, "AA"), (701, "ZZ"), (702, "AAA")])
def test_column_letters(column: int, letters: str):
    assert column_letters(column) == letters


@pytest.mark.parametrize(
    "data",
    [
        b"model,version\nA,001\n",
        "\ufeffmodel,version\r\nA,001\r\n".encode(),
        b"model;version\nA;001\n",
        b"model\tversion\nA\t001\n",
        b"model|version\nA|001\n",
        "model,version\nA,001\n".encode("utf-16"),
        "model,version\nA,001\n".encode("utf-16-le"),
        "model,version\nA,001\n".encode("utf-16-be"),
        b'"model","version"\n"A","001"',
    ],
)
def test_text_tables_of_any_delimiter_and_encoding(data: bytes):
    assert open_workbook(data, "list.csv").grid("list").rows == [["model", "version"], ["A", "001"]]


def test_a_windows_encoding_is_read():
    grid = open_workbook("Anbieter;Preis\nMüller – AG;2,50 €\n".encode("cp1252"), "a.csv").grid("a")
    assert grid.rows[1] == ["Müller – AG", "2,50 €"]


def test_lines_that_end_as_on_an_old_mac_are_in_its_letters():
    grid = open_workbook("Anbieter;Preis\rMüller – AG;2,50 €\r".encode("mac-roman"), "a.csv").grid("a")
    assert grid.rows[1] == ["Müller – AG", "2,50 €"]


def test_lines_that_were_quoted_whole_are_divided_all_the_same():
    data = b'"model,vendor,price"\r\n"gpt,""Acme, Inc."",2"\r\n'
    assert open_workbook(data, "a.csv").grid("a").rows == [
        ["model", "vendor", "price"],
        ["gpt", "Acme, Inc.", "2"],
    ]
    names = open_workbook(b'"Vendor"\r\n"Acme, Inc."\r\n', "a.csv").grid("a")
    assert names.rows == [["Vendor"], ["Acme, Inc."]]


def test_decimal_commas_do_not_make_the_comma_the_delimiter():
    assert open_workbook(b"a;b;c\nx;1,5;2,5\ny;3,5;4,5\n", "a.csv").grid("a").width == 3


def test_excels_separator_line_is_no_row_but_counts():
    grid = open_workbook(b"sep=;\r\nmodel;price\r\nA;1\r\n", "a.csv").grid("a")
    assert grid.rows[0] == ["model", "price"]
    assert grid.address(0, 0) == "A2"


def test_short_rows_are_filled_up():
    assert open_workbook(b"a,b,c\n1\n\n2,3,4\n", "a.csv").grid("a").rows[1:3] == [
        ["1", None, None],
        [None] * 3,
    ]


def test_line_breaks_inside_quotes_stay_in_the_cell():
    assert open_workbook(b'a,b\n"x\ny",2\n', "a.csv").grid("a").rows[1] == ["x\ny", "2"]


def test_quotes_behind_backslashes_are_quotes_and_other_backslashes_stay():
    data = b'a,b\n"the \\"core\\" part",x\n"say \\"hi\\"",C:\\dir\n'
    assert open_workbook(data, "a.csv").grid("a").rows[1:] == [
        ['the "core" part', "x"],
        ['say "hi"', "C:\\dir"],
    ]
    assert open_workbook(b'a,b\n"C:\\dir\\",x\n', "a.csv").grid("a").rows[1] == ["C:\\dir\\", "x"]


def test_an_unclosed_quote_is_found():
    assert "never closed" in refusal(b'a,b\n"x \\"y,2\n3,4\n', "a.csv").message
    assert "never closed" in refusal(b'a,b\n"x,2\n3,4\n', "a.csv").message


@pytest.mark.parametrize(
    ("data", "name", "said"),
    [
        (b"", "a.xlsx", "empty"),
        (b" \r\n", "a.csv", "empty"),
        (b"%PDF-1.7 ...", "a.xlsx", "PDF"),
        (b"<html><table>", "a.xls", "web page"),
        (b"a,b\n1,2\n", "a.xlsx", "plain text"),
        (b"a,b\n1,2\n", "a.docx", "not a spreadsheet"),
        (b"a\0b\0\0\0\x01", "a.csv", "plain text"),
        (b"PK\x03\x04rubbish", "a.xlsx", "damaged"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le"), "a.xlsx", "password"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "WordDocument".encode("utf-16-le"), "a.xls", "no spreadsheet"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "Workbook".encode("utf-16-le"), "a.xls", "damaged"),
        (xlsx({"A1": 1}), "a.csv", "content is an .xlsx"),
        (xlsx({"A1": 1})[:3000], "a.xlsx", "damaged"),
        (xlsx({}), "a.xlsx", "nothing in any sheet"),
    ],
)
def test_what_is_no_usable_workbook_is_refused_with_a_reason(data: bytes, name: str, said: str):
    assert said in refusal(data, name).message


def test_an_archive_that_is_no_workbook_is_refused():
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("word/document.xml", "<w/>")
    assert "Word" in refusal(buffer.getvalue(), "a.xlsx").message


@pytest.mark.parametrize(
    ("limits", "said"),
    [
        (Limits(rows=2), "3 rows"),
        (Limits(columns=1), "2 columns"),
        (Limits(cells=5), "6 cells"),
        (Limits(file_bytes=10), "MB"),
        (Limits(inflated_bytes=1000), "Unpacked"),
    ],
)
def test_each_limit_is_named_when_passed(limits: Limits, said: str):
    assert said in refusal(xlsx({"A1": 1, "B3": 2}), "a.xlsx", limits).message
    if limits.inflated_bytes > 1000:
        refusal(b"a,b\n1,2\n3,4\n", "a.csv", limits)


def test_a_zip_bomb_is_refused_before_it_is_unpacked():
    bomb = with_part(xlsx({"A1": 1}), "xl/styles.xml", b" " * 5_000_000)
    assert "Unpacked" in refusal(bomb, "a.xlsx", Limits(inflated_bytes=2_000_000)).message


def test_two_cells_that_claim_a_whole_sheet_do_no_harm():
    assert refusal(xlsx({"A1": 1, "XFD1048576": 2}), "a.xlsx")


def test_a_far_cell_that_claims_little_is_read():
    grid = open_workbook(xlsx({"A1": "x", "ABC20": "y"}), "a.xlsx").grid("Sheet")
    assert grid.address(19, grid.width - 1) == "ABC20"


@pytest.mark.parametrize(
    "sheet",
    [
        b'<worksheet><sheetData><row r="1048576"><c r="A1048576"/></row></sheetData></worksheet>',
        b'<worksheet><sheetData><row><c r="A1"/></row></sheetData></worksheet>',
        b'<worksheet><sheetData><row r="1"><c/></row></sheetData></worksheet>',
        b'<x:worksheet><x:sheetData><x:row r="1"><x:c t="s"/></x:row></x:sheetData></x:worksheet>',
        b'<worksheet><sheetData><row r="20000"><c r="AB2"/></row></sheetData></worksheet>',
    ],
)
def test_unusual_sheets_are_not_taken_for_harmless(sheet: bytes):
    data = with_part(xlsx({"A1": 1}), "xl/worksheets/sheet1.xml", sheet)
    assert not is_harmless(zipfile.ZipFile(io.BytesIO(data)), "a.xlsx")


def test_long_shared_text_used_often_is_not_taken_for_harmless():
    shared = b"<sst><si><t>%s</t></si></sst>" % (b"x" * 30_000)
    data = with_part(xlsx({"A1": 1}), "docProps/app.xml", shared)
    assert is_harmless(zipfile.ZipFile(io.BytesIO(data)), "a.xlsx")
    rows = b"".join(b'<row r="%d"><c r="A%d" t="s"><v>0</v></c></row>' % (n, n) for n in range(1, 9000))
    data = with_part(
        data, "xl/worksheets/sheet1.xml", b"<worksheet><sheetData>%s</sheetData></worksheet>" % rows
    )
    assert not is_harmless(zipfile.ZipFile(io.BytesIO(data)), "a.xlsx")


def opened_or_refused(data: bytes, name: str) -> None:
    try:
        assert isinstance(open_workbook(data, name, Limits(seconds=20)), Workbook)
    except InvalidInput:
        return


@given(st.binary(max_size=2000), st.sampled_from(["a.xlsx", "a.csv", "a.tsv", "noending"]))
@settings(max_examples=150, deadline=None)
def test_any_bytes_are_read_or_refused(data: bytes, name: str):
    opened_or_refused(data, name)


@given(st.text(max_size=300))
@settings(max_examples=100, deadline=None)
def test_any_text_is_read_or_refused(text: str):
    opened_or_refused(text.encode("utf-8", "surrogatepass"), "a.csv")


@given(st.data())
@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_a_damaged_workbook_is_read_or_refused(data: st.DataObject):
    original = (FILES / "regions_in_one_cell.xlsx").read_bytes()
    at = data.draw(st.integers(0, len(original) - 1))
    junk = data.draw(st.binary(min_size=1, max_size=20))
    opened_or_refused(original[:at] + junk + original[at + len(junk) :], "a.xlsx")
