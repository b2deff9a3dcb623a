"""Small files of every kind, as people send them, and as somebody who means harm would."""

from __future__ import annotations

import io
import zipfile

from django.core.files.base import ContentFile

PDF = b"%PDF-1.7\n1 0 obj\n<< /Type /Catalog >>\nendobj\ntrailer\n<< /Root 1 0 R >>\n%%EOF\n"
PNG = b"\x89PNG\r\n\x1a\n" + b"\0\0\0\rIHDR" + b"\0" * 20
JPEG = b"\xff\xd8\xff\xe0\0\x10JFIF\0" + b"\0" * 20
EMAIL = b"From: sales@example.com\r\nDate: Mon, 2 Nov 2026 10:00:00 +0000\r\nSubject: Your question\r\n\r\nYes.\r\n"
OFFICE = "application/vnd.openxmlformats-officedocument."


def packed(parts: dict[str, str]) -> bytes:
    """A zip with these entries."""
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w") as archive:
        for name, text in parts.items():
            archive.writestr(zipfile.ZipInfo(name), text)  # of no time: the same bytes at every call
    return held.getvalue()


def broken(entry: str, packing: int) -> bytes:
    """A zip whose one entry says that it is packed, and whose packed bytes are none that can be unpacked."""
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", packing) as archive:
        archive.writestr(entry, "so that there is something to unpack " * 20)
        start = archive.getinfo(entry).header_offset + 30 + len(entry)
    data = bytearray(held.getvalue())
    data[start : start + 12] = b"\xff" * 12
    return bytes(data)


def misnamed() -> bytes:
    """A zip of which an entry's name says that it is UTF-8, and is not."""
    return packed({"caf\u00e9.xml": "x"}).replace("caf\u00e9".encode(), b"caf\xff\xff")


def office(main: str, **more: str) -> bytes:
    """An Office file that declares `main`, such as `wordprocessingml.document.main+xml`, as its main part."""
    contents = f'<Types><Override PartName="/main.xml" ContentType="{OFFICE}{main}"/></Types>'
    return packed({"[Content_Types].xml": contents, "main.xml": "<main/>", **more})


def paper(words: str = "We do not train on customer data.") -> ContentFile[bytes]:
    """A PDF of its own hash."""
    return ContentFile(PDF + f"% {words}\n".encode())
