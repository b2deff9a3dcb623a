"""Files that few programs write: wide letters, filled-up ends, a workbook as one text, columns set apart by blanks."""

from __future__ import annotations

import codecs
import io

import openpyxl
import pytest

from riskassess.kernel.errors import InvalidInput
from riskassess.sheets.header import find_header
from riskassess.sheets.workbook import open_workbook

TABLE = "Vendor;Model;Price\nAcmé;Swift;1\nBolt;Owl;2\n"
ROWS = [["Vendor", "Model", "Price"], ["Acmé", "Swift", "1"], ["Bolt", "Owl", "2"]]
FLAT = """<?xml version="1.0" encoding="UTF-8"?>

<office:document xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0"
 xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0"
 xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0" office:version="1.3"
 office:mimetype="application/vnd.oasis.opendocument.spreadsheet">
 <office:body>
  <office:spreadsheet>
   <table:table table:name="Prices">
    <table:table-row>
     <table:table-cell office:value-type="string"><text:p>Model</text:p></table:table-cell>
     <table:table-cell office:value-type="string"><text:p>Price</text:p></table:table-cell>
    </table:table-row>
    <table:table-row>
     <table:table-cell office:value-type="string"><text:p>Swift</text:p></table:table-cell>
     <table:table-cell office:value-type="float" office:value="2.5"><text:p>2.50</text:p></table:table-cell>
    </table:table-row>
   </table:table>
  </office:spreadsheet>
 </office:body>
</office:document>
"""
BLANKS = """Vendor       Model        Context   Input
Acme Corp    swift-4      128000    2.50
Bolt         owl-1-mini   32000     0.15
Cumulus AI   heron        1000000   1.25
"""


def rows(data: bytes, name: str = "list.csv") -> list[list[object]]:
    return [list(row) for row in open_workbook(data, name).grids[0].rows]


@pytest.mark.parametrize(
    "data",
    [
        codecs.BOM_UTF32_LE + TABLE.encode("utf-32-le"),
        codecs.BOM_UTF32_BE + TABLE.encode("utf-32-be"),
        TABLE.encode() + bytes(3),
        TABLE.encode() + bytes(5000),
        TABLE.encode("cp1252") + bytes(5000),
        codecs.BOM_UTF16_LE + TABLE.encode("utf-16-le") + bytes(512),
    ],
    ids=["utf-32-le", "utf-32-be", "few-zeros", "zeros", "cp1252-zeros", "utf-16-zeros"],
)
def test_wide_letters_and_zeros_at_the_end_are_read(data: bytes) -> None:
    assert rows(data) == ROWS


def test_zeros_behind_a_workbook_are_no_part_of_it() -> None:
    book = openpyxl.Workbook()
    book.worksheets[0].append(["Model", "Price"])
    held = io.BytesIO()
    book.save(held)
    assert rows(held.getvalue() + bytes(100_000), "list.xlsx") == [["Model", "Price"]]
    page = b"<html><table><tr><td>Model</td></tr></table></html>"
    assert rows(page + bytes(512), "list.xls") == [["Model"]]


def test_zeros_amid_a_text_are_still_no_text() -> None:
    with pytest.raises(InvalidInput, match="not a table in plain text"):
        rows(b"Vendor;Model\nAc\0me;Swift\n" + bytes(100))


def test_a_workbook_as_one_text_is_read_as_the_archive_of_it_would_be() -> None:
    assert rows(FLAT.encode(), "list.fods") == [["Model", "Price"], ["Swift", 2.5]]
    with pytest.raises(InvalidInput, match="damaged"):
        rows(FLAT.encode()[:-200], "list.fods")
    with pytest.raises(InvalidInput, match="entities of its own"):
        rows(FLAT.replace("\n\n", '<!DOCTYPE x [<!ENTITY a "aaaa">]>').encode(), "list.fods")


@pytest.mark.parametrize("above", ["", "Price list of 2026, in US dollars\n\n"])
def test_columns_set_apart_by_blanks_are_columns(above: str) -> None:
    found = rows((above + BLANKS).encode(), "list.txt")
    assert found[-4:] == [
        ["Vendor", "Model", "Context", "Input"], ["Acme Corp", "swift-4", "128000", "2.50"],
        ["Bolt", "owl-1-mini", "32000", "0.15"], ["Cumulus AI", "heron", "1000000", "1.25"],
    ]  # fmt: skip


def test_a_text_that_runs_into_the_next_column_is_cut_nowhere() -> None:
    longer = BLANKS * 60 + "Very Long Name of a Vendor   swift   1000   2\n"
    book = open_workbook(longer.encode(), "list.txt")
    assert book.grids[0].width == 1
    with pytest.raises(InvalidInput, match="set apart by blanks") as refused:
        find_header(book.grids[0])
    assert "Fixed width" in refused.value.hint


@pytest.mark.parametrize(
    "text",
    [
        "Model,Note\nSwift,a  b  c\nOwl,d  e  f\nWren,g  h  i\n",
        "Dear all,\nplease find  the list  attached\nand tell us  what you  think\n",
    ],
)
def test_blanks_within_cells_divide_nothing(text: str) -> None:
    assert max(map(len, rows(text.encode(), "list.txt"))) == 2
