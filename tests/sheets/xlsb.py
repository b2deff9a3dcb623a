"""A small .xlsb made record by record: no program at hand writes the format."""

from __future__ import annotations

import io
import struct
import zipfile
from collections.abc import Sequence


def record(kind: int, body: bytes = b"") -> bytes:
    number = bytes([kind]) if kind < 0x80 else bytes([(kind & 0x7F) | 0x80, kind >> 7])
    length, size = b"", len(body)
    while True:
        size, low = size >> 7, size & 0x7F
        length += bytes([low | (0x80 if size else 0)])
        if not size:
            return number + length + body


def wide(text: str) -> bytes:
    return struct.pack("<I", len(text)) + text.encode("utf-16-le")


def cell(column: int, value: str | float | None, error: int = 0) -> bytes:
    """Text, a number, or a cell in error where there is neither."""
    place = struct.pack("<II", column, 0)
    if value is None:
        return record(3, place + bytes([error]))
    return (
        record(6, place + wide(value))
        if isinstance(value, str)
        else record(5, place + struct.pack("<d", value))
    )


def xlsb(
    rows: Sequence[Sequence[str | float | None]],
    *,
    hidden_row: int,
    hidden_column: int,
    merged: tuple[int, ...],
) -> bytes:
    """One sheet, `Models`; None is `#REF!`. `merged` is top, bottom, left, right."""
    body = b""
    for at, row in enumerate(rows):
        flags = bytes([0, 0x10 if at == hidden_row else 0, 0]) + struct.pack("<I", 0)
        body += record(0, struct.pack("<IIH", at, 0, 300) + flags)
        body += b"".join(cell(column, value, 23) for column, value in enumerate(row))
    columns = struct.pack("<IIIIH", hidden_column, hidden_column, 2560, 0, 1)
    size = struct.pack("<IIII", 0, len(rows) - 1, 0, max(map(len, rows)) - 1)
    sheet = record(129) + record(148, size) + record(390) + record(60, columns) + record(391)
    sheet += record(145) + body + record(146)
    sheet += record(177, struct.pack("<I", 1)) + record(176, struct.pack("<IIII", *merged)) + record(178)
    sheet += record(130)
    book = record(131) + record(143)
    book += record(156, struct.pack("<II", 0, 1) + wide("rId1") + wide("Models")) + record(144) + record(132)
    relations = (
        '<?xml version="1.0"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
        '<Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet"'
        ' Target="worksheets/sheet1.bin"/></Relationships>'
    )
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr("xl/workbook.bin", book)
        archive.writestr("xl/_rels/workbook.bin.rels", relations)
        archive.writestr("xl/worksheets/sheet1.bin", sheet)
    return buffer.getvalue()
