"""What an .xls or .xlsb says beyond its values: a walk over their records, which have a kind and a length."""

from __future__ import annotations

import html
import re
import struct
import zipfile
from collections.abc import Iterator
from posixpath import join, normpath

from riskassess.sheets.extras import Extras, error, far
from riskassess.sheets.limits import Limits
from riskassess.sheets.ole import Broken, stream

_CODES = {0: "#NULL!", 7: "#DIV/0!", 15: "#VALUE!", 23: "#REF!", 29: "#NAME?", 36: "#NUM!", 42: "#N/A",
          43: "#GETTING_DATA"}  # fmt: skip
_STREAMS = ("Workbook", "Book", "WORKBOOK", "BOOK")
# Kinds of records in an .xls …
_BOF, _EOF, _FILEPASS, _BOUNDSHEET, _FORMULA, _BOOLERR, _ROW, _COLINFO = (
    0x809,
    0x0A,
    0x2F,
    0x85,
    0x06,
    0x205,
    0x208,
    0x7D,
)
# … and in an .xlsb.
_B_ROW, _B_ERROR, _B_FORMULA_ERROR, _B_COLUMNS, _B_SHEET, _B_MERGED = 0, 3, 11, 60, 156, 176
_RELATION = re.compile(rb"<Relationship\s[^<>]{1,4000}>")


def is_protected_xls(data: bytes) -> bool:
    """Whether the workbook wants a password before it can be read."""
    try:
        records = _records(stream(data, _STREAMS), 0)
        return any(kind == _FILEPASS for _, (kind, _) in zip(range(50), records, strict=False))
    except (Broken, struct.error, IndexError):
        return False


def xls_extras(data: bytes, limits: Limits) -> dict[str, Extras]:
    """Sheet name -> what its records say; nothing for a container that cannot be followed."""
    try:
        book = stream(data, _STREAMS)
        sheets = [_bound(body) for kind, body in _records(book, 0) if kind == _BOUNDSHEET]
        return {name: _xls_sheet(book, start, limits) for start, name in sheets[: limits.sheets]}
    except (Broken, struct.error, IndexError, UnicodeDecodeError):
        return {}


def _records(book: bytes, at: int) -> Iterator[tuple[int, bytes]]:
    """The records from a place to the end of their part of the stream."""
    depth = 0
    while at + 4 <= len(book):
        kind, length = struct.unpack_from("<HH", book, at)
        yield kind, book[at + 4 : at + 4 + length]
        depth += (kind == _BOF) - (kind == _EOF)
        if depth <= 0:
            return
        at += 4 + length


def _bound(body: bytes) -> tuple[int, str]:
    start, length, wide = struct.unpack_from("<I", body)[0], body[6], body[7]
    if wide & 1:
        return start, body[8 : 8 + 2 * length].decode("utf-16-le")
    return start, body[8 : 8 + length].decode("latin-1")


def _xls_sheet(book: bytes, start: int, limits: Limits) -> Extras:
    found = Extras()
    for kind, body in _records(book, start):
        if kind == _BOOLERR and len(body) >= 8 and body[7]:
            found.errors[struct.unpack_from("<HH", body)] = error(_CODES.get(body[6], "#ERROR"))
        elif kind == _FORMULA and body[12:14] == b"\xff\xff" and body[6] == 2:
            found.errors[struct.unpack_from("<HH", body)] = error(_CODES.get(body[8], "#ERROR"))
        elif kind == _ROW and len(body) >= 14 and body[12] & 0x20:
            found.hidden_rows.add(struct.unpack_from("<H", body)[0])
        elif kind == _COLINFO and len(body) >= 10 and body[8] & 1:
            first, last = struct.unpack_from("<HH", body)
            found.hidden_columns.update(far(first, last - first + 1, limits.columns))
    return found


def xlsb_extras(archive: zipfile.ZipFile, limits: Limits) -> dict[str, Extras]:
    """Sheet name -> what its part says."""
    try:
        book = archive.read("xl/workbook.bin")
        targets = {
            _attribute(tag, b"Id"): _attribute(tag, b"Target")
            for tag in _RELATION.findall(archive.read("xl/_rels/workbook.bin.rels"))
        }
        found = {}
        for kind, body in _varied(book):
            if kind == _B_SHEET:
                relation, rest = _wide(body[8:])
                part = normpath(join("xl", targets[relation])).lstrip("/")
                found[_wide(rest)[0]] = _xlsb_sheet(archive.read(part), limits)
        return found
    except (KeyError, struct.error, IndexError, UnicodeDecodeError):
        return {}


def _varied(part: bytes) -> Iterator[tuple[int, bytes]]:
    """Records whose kind takes up to two bytes and whose length up to four, seven bits in each."""
    at = 0
    while at < len(part):
        kind = part[at]
        at += 1
        if kind & 0x80:
            kind = (kind & 0x7F) | (part[at] << 7)
            at += 1
        length = shift = 0
        for _ in range(4):
            byte = part[at]
            at += 1
            length |= (byte & 0x7F) << shift
            shift += 7
            if not byte & 0x80:
                break
        yield kind, part[at : at + length]
        at += length


def _xlsb_sheet(part: bytes, limits: Limits) -> Extras:
    found, row = Extras(), 0
    for kind, body in _varied(part):
        if kind == _B_ROW and len(body) >= 12:
            row = struct.unpack_from("<I", body)[0]
            if body[11] & 0x10:
                found.hidden_rows.add(row)
        elif kind in (_B_ERROR, _B_FORMULA_ERROR) and len(body) >= 9:
            column = struct.unpack_from("<I", body)[0]
            found.errors[row, column] = error(_CODES.get(body[8], "#ERROR"))
        elif kind == _B_COLUMNS and len(body) >= 18 and body[16] & 1:
            first, last = struct.unpack_from("<II", body)
            found.hidden_columns.update(far(first, last - first + 1, limits.columns))
        elif kind == _B_MERGED and len(body) >= 16:
            top, bottom, left, right = struct.unpack_from("<4I", body)
            found.merged.append((top, left, bottom, right))
    return found


def _wide(body: bytes) -> tuple[str, bytes]:
    """A text with its length before it, and what comes after it."""
    length = struct.unpack_from("<I", body)[0]
    return body[4 : 4 + 2 * length].decode("utf-16-le"), body[4 + 2 * length :]


def _attribute(tag: bytes, name: bytes) -> str:
    match = re.search(rb"\s" + name + rb"\s?=\s?\"([^\"<>]{0,1000})\"", tag)
    return html.unescape(match[1].decode("utf-8", "replace")) if match else ""
