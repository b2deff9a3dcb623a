"""What a file really is, told from its bytes, and whether its name agrees."""

from __future__ import annotations

import codecs
import io
import re
import zipfile
import zlib
from enum import StrEnum

from riskassess.kernel.errors import InvalidInput
from riskassess.sheets.limits import Limits

_ZIP = (b"PK\x03\x04", b"PK\x05\x06")
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_NOT_TEXT = {b"%PDF": "a PDF", b"\x89PNG": "a picture", b"\xff\xd8\xff": "a picture", b"GIF8": "a picture",
             b"Rar!": "a compressed archive", b"7z\xbc\xaf": "a compressed archive",
             b"\x1f\x8b": "a compressed file", b"{\\rtf": "a text document",
             b"SQLite": "a database"}  # fmt: skip
UNREADABLE = (
    zipfile.BadZipFile,
    zlib.error,
    EOFError,
    OSError,
    ValueError,
    NotImplementedError,
    RuntimeError,
)
"""What reading a part of a damaged archive raises."""
_PAGE = re.compile(rb"<(?:!doctype|html|head|meta|body|table|style|div|title|h\d|p|center|font)\b", re.I)
_XML = re.compile(rb"<\?xml\b|<!--|<(?:\w+:)?workbook\b", re.I)
_XML_WORKBOOK = b"urn:schemas-microsoft-com:office:spreadsheet"
_ARCHIVE = re.compile(rb"(?:mime-version:|from:|content-type:|subject:)[^\0]{0,4000}?multipart/related", re.I)
_JSON = re.compile(rb'\s*(?:\[\s*)?\{\s*"|\s*\[\s*\[\s*["\d]')
_BEGINNING = 4_000  # bytes that say what a text is


class Kind(StrEnum):
    """The formats we read."""

    XLSX = "xlsx"
    XLSB = "xlsb"
    XLS = "xls"
    ODS = "ods"
    HTML = "html"
    XML = "xml"
    TEXT = "csv"


_ENDINGS = {"xlsx": Kind.XLSX, "xlsm": Kind.XLSX, "xltx": Kind.XLSX, "xltm": Kind.XLSX, "xlsb": Kind.XLSB,
            "xls": Kind.XLS, "ods": Kind.ODS, "fods": Kind.ODS, "csv": Kind.TEXT, "tsv": Kind.TEXT, "txt": Kind.TEXT,
            "tab": Kind.TEXT, "html": Kind.HTML, "htm": Kind.HTML, "mht": Kind.HTML, "mhtml": Kind.HTML,
            "xml": Kind.XML}  # fmt: skip
# Programs that export “to Excel” write these under the old ending, for Excel opens them all the same.
_CALLED_XLS = frozenset({Kind.HTML, Kind.XML, Kind.TEXT})
_SAVE = "Save it as an Excel workbook (.xlsx) or as .csv and send that."


def kind_of(data: bytes, name: str) -> Kind:
    """The format of `data`. InvalidInput when it is none we read, is protected, or contradicts its name."""
    kind = _sniffed(data, name)
    ending = name.rpartition(".")[2].lower() if "." in name else ""
    if ending and ending not in _ENDINGS:
        raise InvalidInput(f"A .{ending} file is not a spreadsheet we can read.", hint=_SAVE, where=name)
    if ending and _ENDINGS[ending] is not kind and not (ending == "xls" and kind in _CALLED_XLS):
        raise InvalidInput(
            f"The name ends in .{ending}, but the content is {_described(kind)}.",
            hint=f"If that is the file you meant, rename it to end in .{kind}.",
            where=name,
        )
    return kind


def _described(kind: Kind) -> str:
    named = {Kind.TEXT: "plain text", Kind.HTML: "a web page", Kind.XML: "a workbook in XML"}
    return named.get(kind) or f"an .{kind} workbook"


def _sniffed(data: bytes, name: str) -> Kind:
    if not data.strip(b"\0 \t\r\n\xef\xbb\xbf"):
        raise InvalidInput("The file is empty.", hint="Check that it was saved and sent whole.", where=name)
    if data.startswith(_ZIP):
        return _kind_of_zip(open_zip(data, name), name)
    if data.startswith(_OLE):
        return _kind_of_ole(data, name)
    for magic, what in _NOT_TEXT.items():
        if data.startswith(magic):
            hint = "Unpack it, and send the spreadsheet in it." if "compressed" in what else _SAVE
            raise InvalidInput(f"The file is {what}, not a spreadsheet.", hint=hint, where=name)
    return _kind_of_text(data, name)


def _kind_of_text(data: bytes, name: str) -> Kind:
    """A table in plain text, unless its first bytes are markup."""
    head = data[:_BEGINNING].lstrip(b"\xef\xbb\xbf \t\r\n")
    if head.startswith((codecs.BOM_UTF32_LE, codecs.BOM_UTF32_BE)):
        head = head.decode("utf-32", "replace").lstrip().encode()
    elif head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        head = head.decode("utf-16", "replace").lstrip().encode()
    if is_page_archive(head):
        return Kind.HTML
    if _JSON.match(head):
        raise InvalidInput(
            "The file is JSON, not a table.",
            hint="Make a table of it, a row for each entry, and send that.",
            where=name,
        )
    is_page, is_xml = _PAGE.match(head), _XML.match(head)
    if is_xml and _XML_WORKBOOK in head:
        return Kind.XML
    if is_page or (is_xml and b"<html" in head.lower()):
        return Kind.HTML
    if not is_xml:
        return Kind.TEXT
    raise InvalidInput(
        "The file is XML of a kind we do not know, not a spreadsheet.",
        hint=f"If a spreadsheet program opens it, do that. {_SAVE}",
        where=name,
    )


def is_page_archive(data: bytes) -> bool:
    """Whether the bytes begin as a web page saved with its parts (.mht) does."""
    return _ARCHIVE.match(data[:_BEGINNING].lstrip()) is not None


def open_zip(data: bytes, name: str) -> zipfile.ZipFile:
    """The archive of a modern workbook; InvalidInput when it is cut off or damaged."""
    try:
        return zipfile.ZipFile(io.BytesIO(data))
    except (zipfile.BadZipFile, ValueError, NotImplementedError, EOFError, OSError) as error:
        raise damaged(name) from error


def damaged(name: str) -> InvalidInput:
    """The refusal of a file that cannot be read to its end."""
    return InvalidInput(
        "The file is damaged or was not transferred whole.",
        hint="Open it in a spreadsheet program, save it again, and send that.",
        where=name,
    )


def protected(name: str) -> InvalidInput:
    """The refusal of a file that needs a password."""
    return InvalidInput(
        "The workbook is protected with a password.",
        hint="Remove the password (File, Info, Protect Workbook in Excel) and send it again.",
        where=name,
    )


def _kind_of_zip(archive: zipfile.ZipFile, name: str) -> Kind:
    names = {entry.filename.replace("\\", "/").lower() for entry in archive.infolist()}
    if any(entry.flag_bits & 1 for entry in archive.infolist()):
        raise protected(name)
    if "xl/workbook.bin" in names:
        return Kind.XLSB
    if any(part.startswith("xl/") for part in names):
        return Kind.XLSX
    if "content.xml" in names:
        if _is_encrypted_ods(archive, name):
            raise protected(name)
        return Kind.ODS
    what = (
        "a Word or PowerPoint file" if any(n.startswith(("word/", "ppt/")) for n in names) else "an archive"
    )
    raise InvalidInput(f"The file is {what}, not a spreadsheet.", hint=_SAVE, where=name)


def _is_encrypted_ods(archive: zipfile.ZipFile, name: str) -> bool:
    try:
        with archive.open("META-INF/manifest.xml") as manifest:
            return b"encryption-data" in manifest.read(1_000_000)
    except KeyError:
        return False
    except UNREADABLE as e:
        raise damaged(name) from e


def _kind_of_ole(data: bytes, name: str) -> Kind:
    if "EncryptedPackage".encode("utf-16-le") in data:
        raise protected(name)
    if any(stream.encode("utf-16-le") in data for stream in ("Workbook", "Book")):
        return Kind.XLS
    raise InvalidInput("The file is no spreadsheet, or is damaged.", hint=_SAVE, where=name)


def too_costly(name: str) -> InvalidInput:
    """The refusal of a file that cannot be read within the memory and time allowed."""
    return InvalidInput(
        "The file is damaged, or reading it would take too much memory or time.",
        hint="Send only the sheet and columns that matter, saved anew as .xlsx or .csv.",
        where=name,
    )


def declares(name: str) -> InvalidInput:
    """The refusal of markup with declarations of its own: no spreadsheet program writes any, attackers do."""
    return InvalidInput(
        "The file declares entities of its own, which no spreadsheet needs.",
        hint="Open it in a spreadsheet program, save it again, and send that.",
        where=name,
    )


def check_inflated_size(archive: zipfile.ZipFile, name: str, limits: Limits) -> int:
    """The unpacked size. Refuses, before anything is unpacked, an archive that says it would grow too large."""
    size = sum(entry.file_size for entry in archive.infolist())
    if size > limits.inflated_bytes:
        raise InvalidInput(
            f"Unpacked, the file would take {size / 1e6:,.0f} MB; "
            f"we read up to {limits.inflated_bytes / 1e6:,.0f} MB.",
            hint="Send only the sheet and columns that matter.",
            where=name,
        )
    return size
