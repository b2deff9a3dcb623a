"""Files that strangers could send to do harm, each small in itself. Builders only; `test_hostile` sends them."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable

import openpyxl

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
ODF = "urn:oasis:names:tc:opendocument:xmlns"
SHEET = "xl/worksheets/sheet1.xml"


def xlsx(*rows: list[object]) -> bytes:
    book = openpyxl.Workbook()
    assert book.active is not None
    for row in rows or (["Model", "Price"], ["a", 1]):
        book.active.append(row)
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def with_parts(parts: dict[str, bytes], data: bytes = b"") -> bytes:
    """A workbook with some of its parts replaced or added."""
    old, buffer = zipfile.ZipFile(io.BytesIO(data or xlsx())), io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            if name not in parts:
                new.writestr(name, old.read(name))
        for name, content in parts.items():
            new.writestr(name, content)
    return buffer.getvalue()


def sheet(rows: bytes, before: bytes = b"", declared: bytes = b"") -> bytes:
    """A workbook whose sheet has these rows as they are."""
    part = b'<worksheet xmlns="%s">%s<sheetData>%s</sheetData></worksheet>' % (MAIN.encode(), before, rows)
    return with_parts({SHEET: b'<?xml version="1.0"?>' + declared + part})


def ods(rows: str, declared: str = "", manifest: str = "<manifest/>") -> bytes:
    """An OpenDocument workbook of one sheet with these rows as they are."""
    spaces = f'xmlns:office="{ODF}:office:1.0" xmlns:table="{ODF}:table:1.0" xmlns:text="{ODF}:text:1.0"'
    content = (
        f'<?xml version="1.0"?>{declared}<office:document-content {spaces}><office:body><office:spreadsheet>'
        f'<table:table table:name="One">{rows}</table:table>'
        "</office:spreadsheet></office:body></office:document-content>"
    )
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr("META-INF/manifest.xml", manifest)
        archive.writestr("content.xml", content)
    return buffer.getvalue()


def ods_cell(text: str, more: str = "") -> str:
    return f'<table:table-cell office:value-type="string" {more}><text:p>{text}</text:p></table:table-cell>'


LAUGHS = (
    b'<!DOCTYPE x [<!ENTITY a "%s">' % (b"lol" * 1000)
    + b"".join(b'<!ENTITY %c "%s">' % (98 + n, b"&%c;" % (97 + n) * 30) for n in range(9))
    + b"]>"
)
ELSEWHERE = b'<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/hostname">]>'
TEXT_CELL = b'<row r="1"><c r="A1" t="inlineStr"><is><t>%s</t></is></c></row>'
ENCRYPTED = '<manifest><file-entry><encryption-data checksum="x"/></file-entry></manifest>'


def bomb() -> bytes:
    """600 MB of spaces in a part of half a megabyte."""
    buffer = io.BytesIO(xlsx())
    with zipfile.ZipFile(buffer, "a", zipfile.ZIP_DEFLATED) as archive, archive.open("xl/a.xml", "w") as part:
        for _ in range(600):
            part.write(b" " * 1_000_000)
    return buffer.getvalue()


def lying_bomb() -> bytes:
    """The same, while the directory says that the part is small."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", b"<workbook/>")
        with archive.open(SHEET, "w") as part:
            for _ in range(300):
                part.write(b" " * 1_000_000)
        archive.getinfo(SHEET).file_size = 1000
    return buffer.getvalue()


def deep(open_tag: bytes, close_tag: bytes, times: int = 200_000) -> bytes:
    return open_tag * times + close_tag * times


def formatted_rows() -> bytes:
    """A heading, one entry, and every further row of the sheet formatted and empty."""
    names = (
        b'<c r="A1" t="inlineStr"><is><t>Model</t></is></c><c r="B1" t="inlineStr"><is><t>Type</t></is></c>'
    )
    rows = [b'<row r="1">%s</row>' % names]
    rows += [
        b'<row r="%d" s="1" customFormat="1"><c r="A%d" s="1"/></row>' % (n, n) for n in range(2, 1_048_577)
    ]
    return sheet(b"".join(rows))


ATTACKS: dict[str, tuple[str, Callable[[], bytes]]] = {
    "zip bomb": ("a.xlsx", bomb),
    "zip bomb with a lying directory": ("a.xlsx", lying_bomb),
    "billion laughs": ("a.xlsx", lambda: sheet(TEXT_CELL % b"&j;", declared=LAUGHS)),
    "billion laughs in shared strings": (
        "a.xlsx",
        lambda: with_parts({"xl/sharedStrings.xml": LAUGHS + b"<sst><si><t>&j;</t></si></sst>"}),
    ),
    "billion laughs in an OpenDocument": (
        "a.ods",
        lambda: ods(f"<table:table-row>{ods_cell('&j;')}</table:table-row>", LAUGHS.decode()),
    ),
    "an entity from elsewhere": ("a.xlsx", lambda: sheet(TEXT_CELL % b"&a;", declared=ELSEWHERE)),
    "a far cell": ("a.xlsx", lambda: xlsx_far()),
    "a million columns": ("a.csv", lambda: b"a," * 1_000_000 + b"\n"),
    "a million columns in each of many rows": ("a.csv", lambda: (b"," * 24_000 + b"\n") * 1000),
    "one endless line": ("a.csv", lambda: b"x" * 40_000_000),
    "an endless quoted text": ("a.csv", lambda: b'a,b\n"' + b"x,\n" * 10_000_000),
    "fifty million commas": ("a.csv", lambda: b"," * 49_000_000),
    "zero bytes": ("a.csv", lambda: b"a,b\n1,\0\0\n"),
    "rows repeated a billion times": (
        "a.ods",
        lambda: ods(
            f'<table:table-row table:number-rows-repeated="1000000000">{ods_cell("x")}</table:table-row>'
        ),
    ),
    "cells repeated a billion times": (
        "a.ods",
        lambda: ods(
            "<table:table-row>"
            + ods_cell("x", 'table:number-columns-repeated="1000000000"')
            + "</table:table-row>"
        ),
    ),
    "an encrypted OpenDocument": ("a.ods", lambda: ods("", manifest=ENCRYPTED)),
}


def xlsx_far() -> bytes:
    return sheet(
        b'<row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r="XFD1048576"><v>2</v></c></row>'
    )


# Strange, and read all the same.
HARMLESS: dict[str, tuple[str, Callable[[], bytes]]] = {
    "a million formatted rows": ("a.xlsx", formatted_rows),
    "a sheet that claims to be huge": (
        "a.xlsx",
        lambda: sheet(TEXT_CELL % b"Model", before=b'<dimension ref="A1:XFD1048576"/>'),
    ),
    "a link to another workbook": (
        "a.xlsx",
        lambda: with_parts(
            {
                SHEET: b'<worksheet xmlns="%s"><sheetData><row r="1"><c r="A1"><f>[1]Other!A1</f><v>7</v></c></row>'
                b"</sheetData></worksheet>" % MAIN.encode(),
                "xl/externalLinks/_rels/externalLink1.xml.rels": b'<Relationships><Relationship Id="rId1" '
                b'Target="http://127.0.0.1:9/x.xlsx" TargetMode="External"/></Relationships>',
            }
        ),
    ),
    "macros": ("a.xlsm", lambda: with_parts({"xl/vbaProject.bin": b"\xd0\xcf\x11\xe0 no code of ours"})),
    "deeply nested XML": (
        "a.xlsx", lambda: sheet(TEXT_CELL % b"Model", before=deep(b"<a>", b"</a>")),
    ),
    "a deeply nested OpenDocument": (
        "a.ods",
        lambda: ods(f"<table:table-row>{ods_cell(deep(b'<text:s>', b'</text:s>').decode() + 'x')}</table:table-row>"),
    ),
    "a sheet of empty rows at its end": (
        "a.ods",
        lambda: ods(
            f"<table:table-row>{ods_cell('x')}</table:table-row>"
            '<table:table-row table:number-rows-repeated="1048575"><table:table-cell/></table:table-row>'
        ),
    ),
}  # fmt: skip
