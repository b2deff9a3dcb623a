"""A file as its format means it: without what fills it up at its end, and a flat OpenDocument as an archive."""

from __future__ import annotations

import io
import re
import zipfile

_BEGINNING = 8_000  # bytes that say what a text is: the namespaces of a flat workbook take some thousands
_FLAT = re.compile(rb"<office:document\b[^>]*vnd\.oasis\.opendocument\.spreadsheet")
_ZIP, _ZIP_ENDS, _ZIP_END = b"PK\x03\x04", b"PK\x05\x06", 22  # bytes of the record that ends an archive
_WIDE = (b"\xff\xfe", b"\xfe\xff", b"\x00\x00\xfe\xff")  # texts of which letters end in zeros
_INDENTED = re.compile(rb">\r?\n\s*<")  # of which the reader of .ods knows nothing
MIMETYPE = "application/vnd.oasis.opendocument.spreadsheet"


def unpacked(data: bytes) -> bytes:
    """The file without the zeros that filled up its last block, and a flat OpenDocument workbook as an .ods."""
    data = _without_filling(data)
    return _as_archive(data) if is_flat(data) else data


def is_flat(data: bytes) -> bool:
    """Whether it is an OpenDocument workbook of one text (.fods)."""
    return _FLAT.search(data[:_BEGINNING]) is not None


def _without_filling(data: bytes) -> bytes:
    if data[-1:] != b"\0":
        return data
    if data.startswith(_ZIP):  # its last record may end in zeros of its own
        end = data.rfind(_ZIP_ENDS)
        length = _ZIP_END + int.from_bytes(data[end + 20 : end + 22], "little")
        return data[: end + length] if end >= 0 and not data[end + length :].strip(b"\0") else data
    bare = data.rstrip(b"\0")
    # Of a text in one byte a letter nothing is zero; the bytes of a wider one, and of old workbooks, stay.
    return data if data.startswith(_WIDE) or b"\0" in bare[:_BEGINNING] else bare


def _as_archive(data: bytes) -> bytes:
    """The same workbook as programs keep it in an archive, where its reader looks for it."""
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_STORED) as archive:
        archive.writestr("mimetype", MIMETYPE)
        archive.writestr(
            "META-INF/manifest.xml",
            '<?xml version="1.0"?><manifest:manifest'
            ' xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0">'
            f'<manifest:file-entry manifest:full-path="/" manifest:media-type="{MIMETYPE}"/>'
            '<manifest:file-entry manifest:full-path="content.xml" manifest:media-type="text/xml"/>'
            "</manifest:manifest>",
        )
        archive.writestr("content.xml", _INDENTED.sub(b"><", data))
    return held.getvalue()
