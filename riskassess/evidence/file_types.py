"""What kind of file somebody sent, told by its content alone: one of a short list, or refused.

A signature library says what a file may be, by its first bytes. Here the question is the other one: is it really
one of the few kinds that we keep? So a workbook must declare itself one in its own table of contents and hold no
macros, and a text must be readable text that is no page of markup. No Django.
"""

from __future__ import annotations

import re
import zipfile
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from email.parser import BytesHeaderParser
from lzma import LZMAError
from typing import IO

from riskassess.kernel.errors import InvalidInput

HEAD = 4096  # bytes that tell a kind with a signature
CONTENTS = 1_000_000  # bytes of an Office file's table of contents that are read
PIECE = 1 << 16
UNREADABLE = (
    zipfile.BadZipFile, zipfile.LargeZipFile, zlib.error, LZMAError, UnicodeDecodeError, NotImplementedError,
    RuntimeError, EOFError, OSError,
)  # fmt: skip
"""What `zipfile` raises for an archive that is damaged, encrypted or packed as nobody packs documents."""


@dataclass(frozen=True, slots=True)
class FileType:
    """A kind of file that is kept: how people call it, the endings it may have, what a browser is told."""

    key: str
    label: str
    endings: tuple[str, ...]
    content_type: str


_OFFICE = "application/vnd.openxmlformats-officedocument."
_OPEN = "application/vnd.oasis.opendocument."
FILE_TYPES: dict[str, FileType] = {
    one.key: one
    for one in (
        FileType("pdf", "PDF", ("pdf",), "application/pdf"),
        FileType("docx", "Word", ("docx",), f"{_OFFICE}wordprocessingml.document"),
        FileType("xlsx", "Excel", ("xlsx",), f"{_OFFICE}spreadsheetml.sheet"),
        FileType("pptx", "PowerPoint", ("pptx",), f"{_OFFICE}presentationml.presentation"),
        FileType("odt", "OpenDocument text", ("odt",), f"{_OPEN}text"),
        FileType("ods", "OpenDocument table", ("ods",), f"{_OPEN}spreadsheet"),
        FileType("png", "PNG picture", ("png",), "image/png"),
        FileType("jpg", "JPEG picture", ("jpg", "jpeg"), "image/jpeg"),
        FileType("eml", "e-mail", ("eml",), "message/rfc822"),
        FileType("csv", "table as text", ("csv", "tsv"), "text/csv; charset=utf-8"),
        FileType("txt", "text", ("txt", "md", "log"), "text/plain; charset=utf-8"),
    )
}
ENDINGS = tuple(ending for one in FILE_TYPES.values() for ending in one.endings)
TAKEN = "PDF, Word, Excel, PowerPoint, OpenDocument, PNG, JPEG, e-mail (.eml), CSV and plain text"

_MAIN_PARTS = {
    f"{_OFFICE}wordprocessingml.document.main+xml": "docx",
    f"{_OFFICE}spreadsheetml.sheet.main+xml": "xlsx",
    f"{_OFFICE}presentationml.presentation.main+xml": "pptx",
}
_MARKUP = re.compile(rb"\s*<(?:!doctype|!--|\?xml|html|head|body|script|svg)", re.I)
_NO_TEXT = re.compile("[\x00-\x08\x0b\x0e-\x1f\x7f]")
_HEADER = re.compile(rb"(?:From |[A-Za-z][A-Za-z0-9-]{1,40}:)")


def type_of(file: IO[bytes], name: str) -> FileType:
    """The kind of file, by content; the name only tells a table from a text. InvalidInput for any other kind.

    Reads at most a part of a binary file and all of a text; leaves `file` at its start.
    """
    file.seek(0)
    head = file.read(HEAD)
    try:
        found = _by_signature(head, file) or _by_text(head, file, name)
    finally:
        file.seek(0)
    if found is None:
        raise InvalidInput(
            "This kind of file is not kept.", hint=f"Taken are {TAKEN}, without macros.", where=name
        )
    return FILE_TYPES[found]


def with_true_ending(name: str, kind: FileType) -> str:
    """The name with an ending that says what the file is: a PDF called `report.exe` becomes `report.exe.pdf`."""
    ending = name.rpartition(".")[2].lower() if "." in name else ""
    return name if ending in kind.endings else f"{name[:240]}.{kind.endings[0]}"


def _by_signature(head: bytes, file: IO[bytes]) -> str | None:
    if head.startswith(b"%PDF-"):
        return "pdf"
    if head.startswith(b"\x89PNG\r\n\x1a\n"):
        return "png"
    if head.startswith(b"\xff\xd8\xff"):
        return "jpg"
    if head.startswith(b"PK\x03\x04"):
        return _by_contents(file)
    return None


def _is_macro(entry: str) -> bool:
    """Whether an entry holds a program: Office's macros, OpenDocument's in Basic or any other language."""
    return entry.endswith("vbaproject.bin") or entry.startswith(("basic/", "scripts/"))


def _by_contents(file: IO[bytes]) -> str | None:
    """An Office file says what it is in its table of contents, an OpenDocument in its first entry."""
    try:
        with zipfile.ZipFile(file) as archive:
            names = archive.namelist()
            if any(_is_macro(name.lower()) for name in names):
                return None
            if "[Content_Types].xml" in names:
                with archive.open("[Content_Types].xml") as part:
                    contents = part.read(CONTENTS).decode("utf-8", "replace")
                return next((key for main, key in _MAIN_PARTS.items() if f'"{main}"' in contents), None)
            if names[:1] == ["mimetype"]:
                with archive.open("mimetype") as part:
                    said = part.read(100).decode("ascii", "replace").strip()
                return {f"{_OPEN}text": "odt", f"{_OPEN}spreadsheet": "ods"}.get(said)
    except UNREADABLE:
        return None  # damaged, encrypted or packed in a way that nobody packs documents
    return None


def _by_text(head: bytes, file: IO[bytes], name: str) -> str | None:
    if not head.strip() or _MARKUP.match(head.removeprefix(b"\xef\xbb\xbf")):
        return None
    file.seek(0)
    if not _is_text(lambda: file.read(PIECE)):
        return None
    if _HEADER.match(head):
        headers = BytesHeaderParser().parsebytes(head)
        if headers["From"] and (headers["Date"] or headers["Received"]):
            return "eml"
    return "csv" if name.lower().endswith((".csv", ".tsv")) else "txt"


def _is_text(read: Callable[[], bytes]) -> bool:
    """Whether all of it is readable: UTF-8, UTF-16 with its mark, or the western code page."""
    data = b"".join(iter(read, b""))
    for encoding in ("utf-16",) if data[:2] in {b"\xff\xfe", b"\xfe\xff"} else ("utf-8", "cp1252"):
        try:
            return not _NO_TEXT.search(data.decode(encoding))
        except UnicodeDecodeError:
            continue
    return False
