"""Workbooks that are one text: web pages under a spreadsheet's name, alone or in an archive, and XML of Excel 2003."""

from __future__ import annotations

import time
from datetime import date

import pytest

from riskassess.kernel.errors import InvalidInput
from riskassess.sheets.results import CellError
from riskassess.sheets.workbook import Workbook, open_workbook

EXPORT = """<html xmlns:x="urn:schemas-microsoft-com:office:excel"><head>
<meta http-equiv="Content-Type" content="text/html; charset=windows-1252">
<style>td {mso-number-format:"\\@"}</style></head><body>
<table border=1><caption>Vendors</caption>
<tr><th colspan=2>Company</th><th rowspan=2>Since</th></tr>
<tr><th>Name<th>Seat</tr>
<tr><td><b>Müller</b> &amp; Söhne</td><td>Köln<br>Bonn</td><td>2019</td></tr>
</table></body></html>"""

XML = """<?xml version="1.0"?><?mso-application progid="Excel.Sheet"?>
<Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet" xmlns:x="urn:schemas-microsoft-com:office:excel"
 xmlns:ss="urn:schemas-microsoft-com:office:spreadsheet">
<Worksheet ss:Name="Vendors"><Table><Column ss:Index="3" ss:Hidden="1"/>
<Row ss:Index="2"><Cell ss:MergeAcross="1"><Data ss:Type="String">Name</Data></Cell>
  <Cell><Data ss:Type="String">Since</Data></Cell></Row>
<Row><Cell><Data ss:Type="String">Acme</Data><Comment><ss:Data>ask Ben</ss:Data></Comment></Cell>
  <Cell ss:Index="3"><Data ss:Type="DateTime">2019-02-01T00:00:00.000</Data></Cell>
  <Cell><Data ss:Type="Number">2.5</Data></Cell><Cell><Data ss:Type="Error">#REF!</Data></Cell>
  <Cell><Data ss:Type="Boolean">1</Data></Cell></Row>
</Table></Worksheet>
<Worksheet ss:Name="Old"><Table><Row><Cell><Data ss:Type="String">x</Data></Cell></Row></Table>
<x:WorksheetOptions><x:Visible>SheetHidden</x:Visible></x:WorksheetOptions></Worksheet></Workbook>"""


def archive(page: str) -> bytes:
    lines = [
        "MIME-Version: 1.0",
        'Content-Type: multipart/related; boundary="next"',
        "",
        "--next",
        "Content-Location: file:///C:/list.htm",
        "Content-Transfer-Encoding: quoted-printable",
        'Content-Type: text/html; charset="us-ascii"',
        "",
        page.replace("=", "=3D").encode("ascii", "xmlcharrefreplace").decode(),
        "--next--",
        "",
    ]
    return "\r\n".join(lines).encode()


def says(book: Workbook) -> None:
    grid = book.grid("Vendors")
    assert grid.rows == [
        ["Company", None, "Since"],
        ["Name", "Seat", None],
        ["Müller & Söhne", "Köln\nBonn", "2019"],
    ]
    assert grid.merged == ((0, 0, 0, 1), (0, 2, 1, 2))


@pytest.mark.parametrize("name", ["export.xls", "list.html", "list.htm"])
def test_a_web_pages_tables_are_sheets_also_where_a_program_calls_them_excel(name: str):
    says(open_workbook(EXPORT.encode("cp1252"), name))


def test_so_are_those_of_a_page_that_was_saved_with_its_parts():
    says(open_workbook(archive(EXPORT), "export.xls"))


def test_a_table_in_another_tables_cell_is_one_of_its_own_and_layout_is_none():
    page = "<table><tr><td> <table><tr><td>a<td>b<tr><td>c<td>d</table></td><td>\n</td></tr></table>"
    book = open_workbook(page.encode(), "a.html")
    assert [(grid.name, grid.rows) for grid in book.grids] == [("Table 1", [["a", "b"], ["c", "d"]])]


def test_a_picture_is_read_as_its_words_and_no_script_is_read():
    page = '<table><tr><td>gpt<td><img alt="Yes"><script>var a = "<td>"</script></table>'
    assert open_workbook(page.encode(), "a.html").grids[0].rows == [["gpt", "Yes"]]


def test_a_workbook_in_xml_keeps_its_places_types_and_what_is_hidden():
    book = open_workbook(XML.encode(), "export.xls")
    grid = book.grid("Vendors")
    assert grid.address(0, 0) == "A2"
    assert grid.rows[0] == ["Name", None, "Since", None, None, None]
    acme, _, since, amount, failed, ticked = grid.rows[1]
    assert (acme, since, amount, ticked) == ("Acme", date(2019, 2, 1), 2.5, True)
    assert isinstance(failed, CellError)
    assert failed.code == "#REF!"
    assert (grid.merged, grid.hidden_columns) == (((0, 0, 0, 1),), frozenset({2}))
    assert [sheet.hidden for sheet in book.sheets] == [False, True]


@pytest.mark.parametrize(
    ("text", "name", "said"),
    [
        ("<html><body><p>Please sign in</p></body></html>", "list.xls", "no table"),
        ("<table><tr><td>a</td><td>b</td></tr><tr><td>c", "list.xls", "damaged"),
        (XML[:-60], "list.xls", "damaged"),
        (XML.replace("<Workbook", '<!DOCTYPE a [<!ENTITY b "c">]><Workbook', 1), "list.xls", "entities"),
        ('<?xml version="1.0"?><feed><entry/></feed>', "list.xml", "XML of a kind"),
        (EXPORT, "list.xlsx", "content is a web page"),
        ('[{"vendor": "Acme"}]', "list.csv", "JSON"),
    ],
)
def test_what_holds_no_table_or_breaks_off_is_refused_with_a_reason(text: str, name: str, said: str):
    with pytest.raises(InvalidInput, match=said) as caught:
        open_workbook(text.encode("cp1252"), name)
    assert caught.value.hint


def test_a_text_table_under_the_name_of_an_old_workbook_is_read():
    assert open_workbook(b"name\tseat\nAcme\tIE\n", "export.xls").grid("export").width == 2


@pytest.mark.parametrize("number", ["NaN", "1e999", "-INF", "a lot"])
def test_a_number_that_is_none_stays_what_is_written(number: str):
    data = XML.replace(">2.5<", f">{number}<").encode()
    assert open_workbook(data, "export.xml").grid("Vendors").rows[1][3] == number


# --- pages made to keep a reader busy --------------------------------------------------------------------

_MANY = 3_000_000


@pytest.mark.parametrize(
    ("page", "said"),
    [
        ("<" * _MANY, "3,000,000 signs “<” that begin no tag"),
        ("< " * _MANY, "3,000,000 signs “<” that begin no tag"),
        ("<a" * _MANY, "damaged"),
        ("<!--" * _MANY, "damaged"),
        ("<td a='" * 1_000_000, "damaged"),
        ("<![" * 1_000, "damaged"),
        ("<b>" * 4_000_001, "4,000,0.. tags; we read up to 4,000,000"),
    ],
    ids=["stray", "stray-spaced", "tags", "comments", "quotes", "declarations", "too-many"],
)
def test_a_page_of_nothing_but_signs_is_refused_within_seconds(page: str, said: str) -> None:
    begun = time.perf_counter()
    with pytest.raises(InvalidInput, match=said):
        open_workbook(f"<html><table><tr><td>{page}".encode(), "prices.xls")
    assert time.perf_counter() - begun < 10


def test_signs_in_a_script_and_a_page_that_ends_in_one_are_nothing_strange() -> None:
    script = "<script>" + "if (a < b) { c = '</td'; }" * 20_000
    page = f"<html><table><tr><td>Model</td></tr><tr><td>Swift</td></tr></table>{script}"
    assert open_workbook(page.encode(), "prices.html").grids[0].rows == [["Model"], ["Swift"]]
