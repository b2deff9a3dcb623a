"""Workbooks as one XML text (SpreadsheetML of Excel 2003), which programs still write under the name .xls."""

from __future__ import annotations

import xml.parsers.expat as expat
from datetime import datetime, time
from math import isfinite

from riskassess.sheets.extras import SparseSheet, error, far
from riskassess.sheets.kinds import damaged, declares
from riskassess.sheets.limits import Limits
from riskassess.sheets.results import Cell

_SPACE = "urn:schemas-microsoft-com:office:spreadsheet "


def xml_sheets(data: bytes, name: str, limits: Limits) -> list[SparseSheet]:
    """The sheets in order. InvalidInput where the text is not well formed or declares entities of its own."""
    reader = _Reader(name, limits)
    parser = expat.ParserCreate(namespace_separator=" ")
    parser.buffer_text = True
    parser.StartElementHandler = reader.start
    parser.EndElementHandler = reader.end
    parser.CharacterDataHandler = reader.text
    parser.EntityDeclHandler = reader.refuse
    try:
        parser.Parse(data.lstrip(), True)
    except expat.ExpatError as broken:
        raise damaged(name) from broken
    return reader.sheets


class _Reader:
    """Follows the text from element to element. Rows and cells count on, except where they say their index."""

    def __init__(self, name: str, limits: Limits) -> None:
        self.name = name
        self.limits = limits
        self.sheets: list[SparseSheet] = []
        self.row = self.column = self.next_column = self.at = 0
        self.kind = ""  # of the value that is read
        self.pieces: list[str] | None = None
        self.in_comment = False

    def start(self, name: str, attributes: dict[str, str]) -> None:
        tag = name.removeprefix(_SPACE)
        said = {key.removeprefix(_SPACE): value for key, value in attributes.items()}
        if tag == "Worksheet":
            self.sheets.append(SparseSheet(said.get("Name") or f"Sheet{len(self.sheets) + 1}"))
            self.row, self.next_column = -1, 0
        elif not self.sheets:
            return
        elif tag == "Column":
            first = _index(said, self.next_column)
            count = _count(said.get("Span")) + 1
            if said.get("Hidden") == "1":
                self.sheets[-1].extras.hidden_columns.update(far(first, count, self.limits.columns))
            self.next_column = first + count
        elif tag == "Row":
            self.row, self.column = _index(said, self.row + 1), -1
            if said.get("Hidden") == "1":
                self.sheets[-1].extras.hidden_rows.update(
                    far(self.row, _count(said.get("Span")) + 1, self.limits.rows)
                )
        elif tag == "Cell":
            self._cell(said)
        elif tag == "Comment":
            self.in_comment = True
        elif (tag == "Data" and not self.in_comment) or tag.endswith(" Visible"):
            self.kind, self.pieces = said.get("Type", "String") if tag == "Data" else "", []

    def _cell(self, said: dict[str, str]) -> None:
        self.column = _index(said, self.column + 1)
        wide, high = _count(said.get("MergeAcross")), _count(said.get("MergeDown"))
        if wide or high:
            self.sheets[-1].extras.merged.append((self.row, self.column, self.row + high, self.column + wide))
        self.at, self.column = self.column, self.column + wide

    def text(self, text: str) -> None:
        if self.pieces is not None:
            self.pieces.append(text)

    def end(self, name: str) -> None:
        tag = name.removeprefix(_SPACE)
        if tag == "Comment":
            self.in_comment = False
        elif self.pieces is not None and tag == "Data":
            text, sheet, row = "".join(self.pieces), self.sheets[-1], max(self.row, 0)
            if text.strip():
                failed = self.kind == "Error"
                sheet.rows.setdefault(row, {})[self.at] = "" if failed else _value(self.kind, text)
                if failed:
                    sheet.extras.errors[row, self.at] = error(text.strip())
            self.pieces = None
        elif self.pieces is not None and tag.endswith(" Visible"):
            self.sheets[-1].hidden = "hidden" in "".join(self.pieces).casefold()
            self.pieces = None

    def refuse(self, *declared: object) -> None:
        """A declared entity can grow without bound: none is read."""
        raise declares(self.name)


def _value(kind: str, text: str) -> Cell:
    """What a cell holds, by the type that it says. What is not of its type stays text."""
    try:
        if kind == "Number":
            return number if isfinite(number := float(text)) else text
        if kind == "DateTime":
            moment = datetime.fromisoformat(text)
            return moment if moment.time() != time() else moment.date()
    except ValueError:
        return text
    return text.strip() == "1" if kind == "Boolean" else text


def _index(said: dict[str, str], else_at: int) -> int:
    """The place that an element names, counted from 0; else the next one."""
    return max(0, _count(said.get("Index")) - 1) if "Index" in said else else_at


def _count(text: str | None) -> int:
    return int(text) if text and text.isdecimal() and len(text) < 9 else 0
