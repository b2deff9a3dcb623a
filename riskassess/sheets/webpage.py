"""Tables of a web page: what many programs write when they are asked for an Excel file, alone or in an .mht archive."""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from html.parser import HTMLParser

from riskassess.kernel.errors import InvalidInput
from riskassess.sheets.extras import SparseSheet
from riskassess.sheets.kinds import damaged, is_page_archive
from riskassess.sheets.limits import Limits

_CHARSET = re.compile(rb"""(?:charset|encoding)\s*=\s*["']?\s*([\w.:-]{2,40})""", re.I)
_READ_AS = {"utf-8": "utf-8-sig", "iso-8859-1": "cp1252"}  # as browsers do
_SEARCHED = 4_000  # bytes in which a page says what it is written in
_BEGINS_TAG = re.compile(r"<[a-zA-Z/!?]")
_SPACES = re.compile(r"[ \t\r\n\f]+")  # not the space that does not break: it is a sign of the text
_LINES = frozenset({"br", "p", "div", "li"})
_ROWS = frozenset({"tr", "thead", "tbody", "tfoot"})
_UNSEEN = frozenset({"script", "style", "template", "noscript"})


def page_tables(data: bytes, name: str, limits: Limits) -> list[SparseSheet]:
    """The tables that hold anything, in the order in which they begin; one in another's cell is one of its own.

    They are called by their captions. A cell is the text that it shows; what spans several is in the first.
    InvalidInput where the page breaks off within a table.
    """
    found: list[SparseSheet] = []
    for text in _pages(data):
        _check_signs(text, name, limits)
        reader = _Reader(limits)
        try:
            reader.feed(text)
        except AssertionError as error:  # how the parser says that a declaration is none
            raise damaged(name) from error
        if reader.rawdata.startswith("<") and not reader.cdata_elem and len(reader.rawdata) > limits.unended:
            raise damaged(name)
        reader.close()
        if any(table.table.rows or table.cell for table in reader.open):
            raise damaged(name)
        found += [table for table in reader.tables if any(table.rows.values())]
    for number, table in enumerate(found, 1):
        table.name = table.name or f"Table {number}"
    return found


def _check_signs(text: str, name: str, limits: Limits) -> None:
    """InvalidInput where a page has more tags, or signs that look like them, than can be read in time."""
    signs = text.count("<")
    if signs <= limits.stray_signs:
        return
    if signs > limits.tags:
        raise InvalidInput(
            f"The page has {signs:,} tags; we read up to {limits.tags:,}.",
            hint="Send only the table and columns that matter, or the same as .xlsx or .csv.",
            where=name,
        )
    stray = signs - sum(1 for _ in _BEGINS_TAG.finditer(text))
    if stray > limits.stray_signs:
        raise InvalidInput(
            f"The page has {stray:,} signs “<” that begin no tag; no program that exports tables writes so many.",
            hint="Save the table as .xlsx or .csv, and send that.",
            where=name,
        )


def _pages(data: bytes) -> Iterator[str]:
    if not is_page_archive(data):
        yield _decoded(data, "")
        return
    for part in message_from_bytes(data.lstrip(), policy=policy.default).walk():
        if part.get_content_type() == "text/html":
            payload = part.get_payload(decode=True)
            if isinstance(payload, bytes):
                yield _decoded(payload, part.get_content_charset() or "")


def _decoded(data: bytes, told: str) -> str:
    """By its byte order mark, what its archive or the page itself says, else UTF-8, else what Windows writes."""
    if data.startswith((codecs.BOM_UTF32_LE, codecs.BOM_UTF32_BE)):
        return data.decode("utf-32", "replace")
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return data.decode("utf-16", "replace")
    said = _CHARSET.search(data[:_SEARCHED])
    for name in (told, said[1].decode("ascii") if said else "", "utf-8"):
        try:
            return data.decode(_READ_AS.get(name.lower(), name or "utf-8-sig"))
        except (LookupError, UnicodeDecodeError):
            continue
    return data.decode("cp1252", "replace")


class _Reader(HTMLParser):
    """Follows a page from tag to tag. Most end tags may be missing: a row ends where the next begins."""

    def __init__(self, limits: Limits) -> None:
        super().__init__(convert_charrefs=True)
        self.limits = limits
        self.tables: list[SparseSheet] = []
        self.open: list[_Open] = []
        self.unseen = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        said = dict(attrs)
        if tag in _UNSEEN:
            self.unseen += 1
        elif tag == "table":
            self.tables.append(SparseSheet(""))
            self.open.append(_Open(self.tables[-1]))
        elif self.open:
            self._within(self.open[-1], tag, said)

    def _within(self, table: _Open, tag: str, said: dict[str, str | None]) -> None:
        if tag in _ROWS:
            table.end_cell(self.limits)
            if tag == "tr":
                table.row, table.next = table.row + 1, 0
        elif tag in ("td", "th"):
            table.end_cell(self.limits)
            table.row = max(table.row, 0)
            table.cell, table.spans = [], (_count(said.get("rowspan")), _count(said.get("colspan")))
        elif tag == "caption":
            table.cell, table.spans = [], (0, 0)
        elif table.cell is not None and tag in _LINES:
            table.cell.append("\n")
        elif table.cell is not None and tag == "img":
            table.cell.append(f" {said.get('alt') or ''} ")

    def handle_endtag(self, tag: str) -> None:
        if tag in _UNSEEN:
            self.unseen = max(0, self.unseen - 1)
        elif self.open:
            if tag in ("td", "th", "caption", "table", *_ROWS):
                self.open[-1].end_cell(self.limits)
            if tag == "table":
                self.open.pop()
            elif self.open[-1].cell is not None and tag in _LINES - {"br"}:
                self.open[-1].cell.append("\n")

    def handle_data(self, data: str) -> None:
        if not self.unseen and self.open and self.open[-1].cell is not None:
            self.open[-1].cell.append(_SPACES.sub(" ", data))


@dataclass(slots=True)
class _Open:
    """A table while it is read: the row, the pieces of the cell, over how many rows and columns it goes."""

    table: SparseSheet
    row: int = -1
    next: int = 0  # the first column of the row that no cell has taken yet
    cell: list[str] | None = None
    spans: tuple[int, int] = (1, 1)
    reaching: dict[int, int] = field(default_factory=dict)
    """Column -> the last row in it that a cell from above takes."""

    def end_cell(self, limits: Limits) -> None:
        """Puts the cell in the first place of its row that none from above takes."""
        if self.cell is None:
            return
        text = "\n".join(filter(None, (line.strip(" ") for line in "".join(self.cell).split("\n"))))
        self.cell, (high, wide) = None, self.spans
        if not high:
            self.table.name = text.replace("\n", " ")
            return
        at = self.next
        while self.reaching.get(at, -1) >= self.row:
            at += 1
        wide, high = min(wide, limits.columns), min(high, limits.rows)
        if text:
            self.table.rows.setdefault(self.row, {})[at] = text
        for column in range(at, at + wide):
            self.reaching[column] = self.row + high - 1
        self.next = at + wide
        if wide > 1 or high > 1:
            self.table.extras.merged.append((self.row, at, self.row + high - 1, at + wide - 1))


def _count(text: str | None) -> int:
    return max(1, int(text)) if text and text.isdecimal() and len(text) < 6 else 1
